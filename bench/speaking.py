"""How well our voice is understood: it speaks, Whisper base writes down what it hears.

``python bench/speaking.py [--held-out] [--voices jf_gongitsune,jm_kumo] [--bare]``: the sentences of
``spoken_sentences.txt`` (the first 60; with ``--held-out`` the other 140) are read as for a citizen, clause
by clause, and recognised by our engine without hints and, with ``--bare``, by greedy Whisper base in its own
window of 30 s. Counted are wrong Hangul syllables, numbers as they are said. Told are also the mean
log-probability that our recogniser's model gives to what was said (a finer measure to compare voices with),
the CPU seconds of a second of sound, and the sounds that are lost most. The last line is JSON.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ctranslate2
import numpy as np
from rapidfuzz.distance import Levenshtein

from donghaeng.cli.bench_machine import machine
from donghaeng.korean.jamo import split
from donghaeng.korean.pronunciation import pronounce
from donghaeng.korean.reading import read_aloud
from donghaeng.settings import load_settings
from donghaeng.speech.audio import levelled, resample
from donghaeng.speech.engines import LISTEN_RATE, Audio, Synthesiser
from donghaeng.speech.recognise.whisper import HOP_SAMPLES, LONGEST_WINDOW_SECONDS, WhisperRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.clauses import USUAL_SPEED
from donghaeng.speech.synthesise.kokoro import KokoroSynthesiser

SENTENCES = Path(__file__).with_name("spoken_sentences.txt")
MOST_CONFUSIONS = 25
_NOT_HANGUL = re.compile(r"[^가-힣]")


def sentences(*, held_out: bool) -> list[str]:
    """The development part or the part that is held out."""
    parts = SENTENCES.read_text(encoding="utf-8").split("\n\n")
    return [line for line in parts[held_out].splitlines() if line and not line.startswith("#")]


def plain(text: str) -> str:
    """Hangul alone, numbers as they are said."""
    return _NOT_HANGUL.sub("", read_aloud(text))


def errors(heard: str, said: str) -> int:
    """Wrong syllables."""
    return Levenshtein.distance(plain(heard), plain(said))


def speak(synthesiser: Synthesiser, sentence: str, speed: float = USUAL_SPEED) -> Audio:
    """A sentence as a citizen hears it, at the rate of the ears."""
    sounds = list(PhraseCache(None, synthesiser, memory_bytes=0).speak(sentence, speed))
    whole = np.concatenate([sound.samples for sound in sounds])
    return resample(Audio(whole, sounds[0].rate), LISTEN_RATE)


class Ears:
    """Whisper base in three ways: as our engine, bare, and asked how likely a given text is."""

    def __init__(self) -> None:
        settings = load_settings()
        self._engine = WhisperRecogniser(cache=settings.cache, threads=1, catalogue=settings.catalogue)

    def hear(self, audio: Audio) -> str:
        """What our engine understands without hints."""
        return self._engine.recognise(audio).text

    def hear_bare(self, audio: Audio) -> str:
        """Greedy decoding in the model's own window, nothing suppressed but what the model suppresses."""
        engine = self._engine
        length = int(LONGEST_WINDOW_SECONDS * LISTEN_RATE)
        padded = np.pad(audio.samples[:length], (0, max(0, length - len(audio.samples))))
        spectrum = engine._extractor(padded, padding=0)[:, : length // HOP_SAMPLES]
        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(spectrum[None], dtype=np.float32))
        found = engine._model.generate(features, [engine._start], beam_size=1)[0]
        return engine._tokenizer.decode(found.sequences_ids[0])

    def likelihood(self, audio: Audio, said: str) -> float:
        """Mean natural log-probability of the tokens of ``said``."""
        engine = self._engine
        features = engine._features(levelled(audio.samples))
        tokens = engine._tokenizer.encode(f" {said}", add_special_tokens=False).ids
        frames = min(features.shape[2], len(audio.samples) // HOP_SAMPLES)
        encoded = ctranslate2.StorageView.from_array(features)
        found = engine._model.align(encoded, engine._start, [tokens], frames)[0]
        return float(np.log(np.maximum(found.text_token_probs, 1e-6)).mean())


@dataclass
class Tally:
    """What was counted for one voice."""

    said: int = 0
    wrong: int = 0
    wrong_bare: int = 0
    likelihoods: list[float] = field(default_factory=list)
    audio_s: float = 0.0
    cpu_s: float = 0.0
    confusions: collections.Counter[str] = field(default_factory=collections.Counter)
    sounds: collections.Counter[str] = field(default_factory=collections.Counter)


def sounds_of(text: str) -> list[str]:
    """Letters as pronounced: final consonants with a hyphen before them, silent ㅇ left out."""
    letters: list[str] = []
    for char in _NOT_HANGUL.sub("", pronounce(read_aloud(text))):
        onset, vowel, final = split(char) or ("", "", "")
        letters += [*([onset] if onset != "ㅇ" else []), vowel, *([f"-{final}"] if final else [])]
    return letters


def confusions(heard: str, said: str) -> Iterator[str]:
    """``"ㅓ→ㅏ"``, ``"-ㅇ→"`` (lost), ``"→ㄱ"`` (added) for each sound that was not heard as said."""
    left, right = sounds_of(said), sounds_of(heard)
    for step in Levenshtein.editops(left, right):
        before = left[step.src_pos] if step.tag != "insert" else ""
        after = right[step.dest_pos] if step.tag != "delete" else ""
        yield f"{before}→{after}"


def measure(
    synthesiser: Synthesiser, ears: Ears, texts: Sequence[str], *, bare: bool, speed: float = USUAL_SPEED
) -> Tally:
    """Speak and hear every text."""
    tally = Tally()
    began = time.perf_counter()
    for number, text in enumerate(texts, start=1):
        cpu = time.process_time()
        audio = speak(synthesiser, text, speed)
        tally.cpu_s += time.process_time() - cpu
        tally.audio_s += audio.seconds
        heard = ears.hear(audio)
        tally.said += len(plain(text))
        tally.wrong += errors(heard, text)
        tally.likelihoods.append(ears.likelihood(audio, text))
        tally.sounds.update(sounds_of(text))
        tally.confusions.update(confusions(heard, text))
        if bare:
            tally.wrong_bare += errors(ears.hear_bare(audio), text)
        if errors(heard, text):
            print(f"  {text}\n    {heard}")
        print(
            f"{number}/{len(texts)}, {time.perf_counter() - began:.0f} s, CER so far "
            f"{tally.wrong / tally.said:.3f}, load {os.getloadavg()[0]:.1f}",
            file=sys.stderr,
        )
    return tally


def figures(tally: Tally, *, bare: bool) -> dict[str, object]:
    """A tally as the JSON line has it."""
    return {
        "cer": round(tally.wrong / tally.said, 4),
        "cer_bare": round(tally.wrong_bare / tally.said, 4) if bare else None,
        "log_probability": round(float(np.mean(tally.likelihoods)), 4),
        "cpu_s_per_audio_s": round(tally.cpu_s / tally.audio_s, 3),
        "syllables_per_s": round(tally.said / tally.audio_s, 2),
        "confusions": dict(tally.confusions.most_common(MOST_CONFUSIONS)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--voices", default="")
    parser.add_argument("--speed", type=float, default=USUAL_SPEED)
    parser.add_argument("--most", type=int, default=None)
    options = parser.parse_args()
    texts = sentences(held_out=options.held_out)[: options.most]
    ears = Ears()
    found = {}
    for voice in options.voices.split(","):
        synthesiser = KokoroSynthesiser(cache=load_settings().cache, voice=voice or None)
        tally = measure(synthesiser, ears, texts, bare=options.bare, speed=options.speed)
        name = synthesiser.info.extra["voice"]
        found[name] = figures(tally, bare=options.bare)
        print(name, json.dumps(found[name], ensure_ascii=False))
        for sound, count in tally.sounds.most_common():
            lost = sum(n for pair, n in tally.confusions.items() if pair.startswith(f"{sound}→"))
            if lost:
                print(f"  {sound}: {lost} of {count} not heard as said")
    print(
        json.dumps(
            {"kind": "speaking", "sentences": len(texts), "voices": found, "machine": machine()},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
