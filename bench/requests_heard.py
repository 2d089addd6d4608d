"""Which service spoken requests reach: ``python bench/requests_heard.py bench/unseen/*.jsonl --data DATA``.

Requests are spoken by our own voice or, with ``--front-end plain``, by other voices with a cruder mapping of
Korean to phonemes, then heard clean, in the babble of six recorded voices 10 dB below the speech, and in the
telephone's band (300 to 3,400 Hz, µ-law). Told of each: character error rate, the share whose first hearing
reaches the right service, and the same with the other hearings tried as in a conversation. ``--each N`` takes
N requests a service. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import soxr
from rich.progress import track
from scipy.signal import butter, sosfilt

from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.places.builtin import load_builtin
from donghaeng.city.services import load_catalogue
from donghaeng.conversation.hearing import leads
from donghaeng.korean import kokoro_symbols
from donghaeng.korean.reading import read_aloud
from donghaeng.phone.g711 import MU_LAW, RATE
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio, resample, rms
from donghaeng.speech.engines import LISTEN_RATE, Audio, Samples
from donghaeng.speech.hearing_eval import character_errors
from donghaeng.speech.load import load_recogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.kokoro import KokoroSynthesiser
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.load import load_embedder, load_understanding

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TALKERS = 6
BABBLE_DB = -10.0
PLAIN_VOICES = ("jf_alpha", "jm_kumo", "jf_nezumi", "jf_tebukuro")
PLAIN_VOWELS = {"ㅓ": "ʌ", "ㅕ": "jʌ", "ㅝ": "wʌ"}
SETTINGS = load_settings()
Speak = Callable[[int, str], Samples]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="folder with `speech`, for the babble")
    parser.add_argument("--each", type=int, default=2, help="requests a service")
    parser.add_argument("--front-end", choices=("own", "plain"), default="own")
    options = parser.parse_args()
    rows = list(chosen(options.files, options.each))
    speak = own_voice() if options.front_end == "own" else plain_voices()
    babble = Babble(options.data / "speech")
    understanding = load_understanding(
        load_catalogue(SETTINGS.catalogue),
        load_emergencies(SETTINGS.catalogue / "lexicon" / "emergencies.yaml"),
        load_builtin(SETTINGS.catalogue / "places"),
        load_embedder(SETTINGS.embedder),
        cache=SETTINGS.cache,
    )
    recogniser = load_recogniser(SETTINGS)
    context = Context(now=NOW)
    figures: dict[str, Counter[str]] = {name: Counter() for name in ("clean", "babble", "phone")}
    typed = 0
    for number, row in enumerate(track(rows, description="requests")):
        said = np.pad(speak(number, row["text"]), (LISTEN_RATE // 4, LISTEN_RATE // 2))
        typed += service_of(understanding.understand(row["text"], context)) == row["service"]
        for name, sound in (("clean", said), ("babble", babble.behind(said)), ("phone", telephoned(said))):
            heard = recogniser.recognise(Audio(sound, LISTEN_RATE))
            texts = (heard.text, *heard.alternatives)
            read = [understanding.understand(text, context) for text in texts]
            wrong, length = character_errors(heard.text, row["text"])
            figures[name] += Counter(
                wrong=wrong,
                length=length,
                first=int(service_of(read[0]) == row["service"]),
                tried=int(service_of(max(read, key=leads)) == row["service"]),
            )
    table = {
        name: {
            "cer": round(count["wrong"] / count["length"], 3),
            "first_hearing": round(count["first"] / len(rows), 3),
            "right_service": round(count["tried"] / len(rows), 3),
        }
        for name, count in figures.items()
    }
    print(json.dumps({"requests": len(rows), "typed": round(typed / len(rows), 3), **table}))


def chosen(files: list[Path], each: int) -> Iterator[dict[str, str]]:
    """The first requests of each service, those of none left out."""
    taken: Counter[str] = Counter()
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            taken[row["service"]] += 1
            if row["service"] != "none" and taken[row["service"]] <= each:
                yield row


def service_of(acts: tuple[Act, ...]) -> str | None:
    """The service that acts lead to; a narrower question counts as its first."""
    first = acts[0]
    if first.kind is ActKind.EMERGENCY:
        return "emergency"
    return first.alternatives[0].service if first.kind is ActKind.UNSURE else first.service


def own_voice() -> Speak:
    """Our voice, each request in one breath."""
    voice = PhraseCache(None, KokoroSynthesiser(cache=SETTINGS.cache, threads=1))
    return lambda _, text: resample(voice.in_one_piece(read_aloud(text))).samples


def plain_voices() -> Speak:
    """Four other voices in turn, in one piece, with a vowel mapping that is not ours."""
    kokoro_symbols._VOWEL.update(PLAIN_VOWELS)
    voices = [KokoroSynthesiser(cache=SETTINGS.cache, threads=1, voice=name) for name in PLAIN_VOICES]

    def speak(number: int, text: str) -> Samples:
        return resample(voices[number % len(voices)].synthesise(read_aloud(text))).samples

    return speak


class Babble:
    """Recorded voices, several at once."""

    def __init__(self, folder: Path) -> None:
        self._voices = [resample(read_audio(file)).samples for file in sorted(folder.glob("*.[wf]*"))[::4]]
        self._chance = np.random.default_rng(5)

    def behind(self, speech: Samples) -> Samples:
        """``speech`` with the babble behind it."""
        sum_of = np.zeros(len(speech), np.float32)
        for index in self._chance.choice(len(self._voices), TALKERS, replace=False):
            voice = self._voices[index]
            rolled = np.roll(voice, int(self._chance.integers(len(voice))))
            sum_of += np.resize(rolled, len(speech)) / rms(voice)
        level = rms(speech[speech != 0]) * 10 ** (BABBLE_DB / 20) / rms(sum_of)
        mixed = speech + sum_of * np.float32(level)
        return np.asarray(mixed / max(1.0, np.abs(mixed).max() / 0.95), dtype=np.float32)


def telephoned(speech: Samples) -> Samples:
    """``speech`` as it comes out of a telephone line."""
    band = sosfilt(
        butter(4, (300, 3_400), "bandpass", fs=RATE, output="sos"), soxr.resample(speech, LISTEN_RATE, RATE)
    )
    coded = MU_LAW.decode(MU_LAW.encode(np.clip(band, -1, 1).astype(np.float32)))
    return resample(Audio(coded, RATE)).samples


if __name__ == "__main__":
    main()
