"""Whisper on CTranslate2, without the 30-second window.

The encoder's work grows with the window, and a sentence is three seconds long. The sound is padded with
silence before the log-mel spectrum and the window cut to ``max(10 s, length + 2 s)``: a third of the work at
the same error rate (ARCHITECTURE, measured choices). Tokens are bounded by the length of the sound, so a loop
cannot run away. Tokens with digits, small Latin letters and foreign scripts are suppressed: numbers are to
arrive as they were said ("육사일일 번", "공일공"), because :mod:`donghaeng.korean` reads them better.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.speech.activity.silero import SileroActivity
from donghaeng.speech.activity.spans import SpeechSpan, speech_span
from donghaeng.speech.audio import resample
from donghaeng.speech.engines import LISTEN_RATE, NO_HINTS, Audio, EngineInfo, Hints, Recognition, Samples
from donghaeng.speech.recognise.confidence import WHISPER_BASE
from donghaeng.speech.recognise.front_end import cleaned
from donghaeng.speech.recognise.guards import Evidence, Judged, judge
from donghaeng.speech.recognise.packaged import BASE_SHA256, find_model
from donghaeng.speech.recognise.phrases import PHRASES_FILE, StockPhrases, load_phrases

HOP_SAMPLES: Final = 160
"""Samples of one frame of the spectrum (10 ms)."""
LEAST_WINDOW_SECONDS: Final = 10.0
"""A shorter window makes more errors: the model was trained on 30 s."""
SILENCE_AFTER_SECONDS: Final = 2.0
"""Silence behind the sound; with one second the error rate doubles."""
LONGEST_WINDOW_SECONDS: Final = 30.0
"""What the model's positions reach."""
PIECE_SECONDS: Final = 26.0
"""A longer recording is cut at its quietest place before this."""
CUT_SEARCH_SECONDS: Final = 8.0
"""How far before :data:`PIECE_SECONDS` a quiet place is looked for."""
TOKENS_PER_SECOND: Final = 14.0
"""Bound on tokens; of 80 recordings the fastest has 6."""
TOKENS_AT_LEAST: Final = 8
BEAM: Final = 3
"""Hypotheses followed at once. On 80 recordings, digits suppressed and level equalised: 1 → CER 0.126,
2 → 0.117, 3 → 0.110 (0.094 CPU-s per second of sound), 5 → 0.126 with an invented sentence."""
MOST_PHRASES: Final = 8
MOST_PROMPT_TOKENS: Final = 64
"""Of the likely phrases; every token of a prompt costs time and attention."""
QUIETEST_PEAK: Final = 1e-3
"""A recording that never reaches this (−60 dB) is silence."""
_UNWANTED: Final = re.compile(r"\d|[^\W\d_가-힣ㄱ-ㅎㅏ-ㅣA-Z]")
"""Digits, and letters that are neither Hangul nor Latin capitals: "TV" is written, "번pus" is not."""
_NOT_HANGUL: Final = re.compile(r"\d|[^\W\d_가-힣ㄱ-ㅎㅏ-ㅣ]")
WORTH_A_SECOND_LOOK: Final = frozenset(("loop", "foreign script"))
"""What the model may write of good speech, for reasons as small as its loudness ("PX-PXX-PX-…")."""
LONGEST_REPEATED_TOKENS: Final = 4
"""So many tokens in a row are written once, in a second look."""


@dataclass(frozen=True, slots=True)
class _Decoded:
    texts: tuple[str, ...]
    """Best first."""
    tokens: int
    logprob: float
    no_speech: float


class WhisperRecogniser:
    """Korean speech recognition with any CTranslate2 Whisper model. Thread-safe."""

    def __init__(
        self,
        *,
        cache: Path,
        model: str | None = None,
        threads: int = 2,
        allow_hub: bool = False,
        catalogue: Path | None = None,
    ) -> None:
        """Load the model.

        Args:
            cache: folder where packaged weights are joined.
            model: a folder or hub name; the packaged Whisper base when ``None``.
            threads: CPU threads of one recognition.
            allow_hub: whether ``model`` may be fetched from a hub.
            catalogue: folder whose ``lexicon/recogniser_phrases.yaml`` lists stock phrases; none when
                ``None``.

        Raises:
            EngineMissing: the model is absent or does not load.
            WeightsCorrupt: the packaged weights have a wrong checksum.
            CatalogueError: the phrase list is wrong.
        """
        found = find_model(model, cache=cache, allow_hub=allow_hub)
        try:
            self._model = ctranslate2.models.Whisper(
                str(found.path), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(found.path / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare RuntimeError and Exception
            raise EngineMissing(f"recogniser model {found.path} does not load: {error}") from error
        is_packaged = found.sha256 == BASE_SHA256
        self._share_right = WHISPER_BASE.share_right if is_packaged else math.exp
        self._extractor = FeatureExtractor(feature_size=self._model.n_mels)
        self._start = self._start_tokens()
        self._suppressed = self._tokens_with(_UNWANTED)
        self._not_hangul = self._tokens_with(_NOT_HANGUL)
        self._activity = SileroActivity()
        self._phrases = load_phrases(catalogue / PHRASES_FILE) if catalogue else StockPhrases()
        self.info = EngineInfo(
            name="whisper",
            version=f"ctranslate2 {version('ctranslate2')}",
            model=found.name,
            sha256=found.sha256,
            licence=found.licence,
            extra={"threads": str(threads)},
        )

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance of any rate; sound beyond 30 s is taken in pieces.

        The first phrases of ``hints`` go before the sound as a prompt. On 40 recordings, eight words of which
        two are said: CER 0.087 instead of 0.097; eight words of which none is said: 0.103. So the dialogue
        should name few and likely ones.
        ``cpu_seconds`` counts all threads of the process and is exact where nothing else runs.

        Raises:
            EngineError: the model failed.
        """
        began = time.process_time()
        samples = resample(audio, LISTEN_RATE).samples
        span = None
        if np.abs(samples).max(initial=0.0) >= QUIETEST_PEAK:
            span = speech_span(self._activity, samples)
        if span is None:
            return Recognition("", 0.0, cpu_seconds=time.process_time() - began, rejected="no speech")
        pieces = _pieces(cleaned(_worth_hearing(samples, span)))
        heard, evidence, judged = self._hear(pieces, self._prompt(hints) + self._start, span)
        if judged.rejected in WORTH_A_SECOND_LOOK:
            heard, evidence, judged = self._hear(pieces, self._start, span, strict=True)
        others = (judge(text, evidence, self._phrases).text for text in heard.texts[1:])
        return Recognition(
            text=judged.text,
            confidence=self._share_right(heard.logprob) if judged.text else 0.0,
            alternatives=tuple(dict.fromkeys(text for text in others if text and text != judged.text)),
            cpu_seconds=time.process_time() - began,
            rejected=judged.rejected,
        )

    def _hear(
        self, pieces: list[Samples], start: list[int], span: SpeechSpan, *, strict: bool = False
    ) -> tuple[_Decoded, Evidence, Judged]:
        try:
            heard = _joined([self._decode(piece, start, strict=strict) for piece in pieces])
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"recogniser failed: {error}") from error
        evidence = Evidence(heard.logprob, heard.no_speech, span.speech_seconds)
        return heard, evidence, judge(heard.texts[0], evidence, self._phrases)

    def warm_up(self) -> None:
        """Decode a second of faint noise, so that the first citizen does not wait for memory."""
        noise = np.random.default_rng(0).normal(0.0, 0.01, LISTEN_RATE).astype(np.float32)
        self._decode(noise, self._start)

    def _prompt(self, hints: Hints) -> list[int]:
        """Tokens of the likely phrases, in front of what is to be recognised."""
        words = ", ".join(phrase for phrase in hints.phrases[:MOST_PHRASES] if phrase.strip())
        before = self._tokenizer.token_to_id("<|startofprev|>")
        if not words or before is None:
            return []
        tokens = self._tokenizer.encode(f" {words}", add_special_tokens=False).ids
        return [before, *tokens[:MOST_PROMPT_TOKENS]]

    def _decode(self, samples: Samples, start: list[int], *, strict: bool = False) -> _Decoded:
        """Decode one piece; ``strict`` writes Hangul alone, and no four tokens in a row a second time."""
        seconds = len(samples) / LISTEN_RATE
        most = TOKENS_AT_LEAST + int(TOKENS_PER_SECOND * seconds)
        features = ctranslate2.StorageView.from_array(self._features(samples))
        result = self._model.generate(
            self._model.encode(features, to_cpu=False),
            [start],
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=len(start) + most,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._not_hangul if strict else self._suppressed,
            no_repeat_ngram_size=LONGEST_REPEATED_TOKENS if strict else 0,
        )[0]
        texts = (self._tokenizer.decode(tokens) for tokens in result.sequences_ids)
        return _Decoded(
            texts=tuple(text.replace("\ufffd", " ").strip() for text in texts),
            tokens=len(result.sequences_ids[0]),
            logprob=float(result.scores[0]),
            no_speech=float(result.no_speech_prob),
        )

    def _features(self, samples: Samples) -> NDArray[np.float32]:
        """Log-mel spectrum of shape ``(1, mels, frames)`` with silence behind the sound."""
        window = window_seconds(len(samples) / LISTEN_RATE)
        length = int(window * LISTEN_RATE)
        padded = np.pad(samples[:length], (0, max(0, length - len(samples))))
        spectrum = self._extractor(padded, padding=0)[:, : length // HOP_SAMPLES]
        return np.ascontiguousarray(spectrum[None], dtype=np.float32)

    def _start_tokens(self) -> list[int]:
        names = ("<|startoftranscript|>", "<|ko|>", "<|transcribe|>", "<|notimestamps|>")
        ids = [self._tokenizer.token_to_id(name) for name in names]
        known = [number for number in ids if number is not None]
        if len(known) < len(names):
            raise EngineMissing(
                "recogniser model has no Korean", remedy="use a multilingual Whisper (not `base.en`)"
            )
        return known

    def _tokens_with(self, unwanted: re.Pattern[str]) -> list[int]:
        """−1 (the model's own list) and every token that writes something unwanted."""
        first_special = self._tokenizer.token_to_id("<|endoftext|>") or self._tokenizer.get_vocab_size()
        written = self._tokenizer.decode_batch([[number] for number in range(first_special)])
        return [-1, *(number for number, text in enumerate(written) if unwanted.search(text))]


def window_seconds(seconds: float) -> float:
    """Length of the window that a sound of ``seconds`` is recognised in."""
    return min(LONGEST_WINDOW_SECONDS, max(LEAST_WINDOW_SECONDS, seconds + SILENCE_AFTER_SECONDS))


def _worth_hearing(samples: Samples, span: SpeechSpan) -> Samples:
    """The span of the speech where that spares at least a second, else everything."""
    spared = len(samples) - (span.end - span.start)
    return samples[span.start : span.end] if spared >= LISTEN_RATE else samples


def _pieces(samples: Samples) -> list[Samples]:
    """Cut a long recording at its quietest places."""
    most, search = int(PIECE_SECONDS * LISTEN_RATE), int(CUT_SEARCH_SECONDS * LISTEN_RATE)
    pieces = []
    while len(samples) > most + search:
        cut = most - search + _quietest(samples[most - search : most])
        pieces.append(samples[:cut])
        samples = samples[cut:]
    if len(samples) > most:
        cut = len(samples) // 2 - search // 2 + _quietest(samples[len(samples) // 2 - search // 2 :][:search])
        return [*pieces, samples[:cut], samples[cut:]]
    return [*pieces, samples]


def _quietest(samples: Samples) -> int:
    """Middle of the quietest fifth of a second."""
    size = LISTEN_RATE // 5
    power = np.convolve(np.square(samples, dtype=np.float64), np.ones(size), mode="valid")
    return int(power.argmin()) + size // 2


def _joined(decoded: list[_Decoded]) -> _Decoded:
    """Several pieces as one; alternatives only where there is one piece."""
    if len(decoded) == 1:
        return decoded[0]
    weights = [part.tokens or 1 for part in decoded]
    return _Decoded(
        texts=(" ".join(part.texts[0] for part in decoded if part.texts[0]),),
        tokens=sum(part.tokens for part in decoded),
        logprob=float(np.average([part.logprob for part in decoded], weights=weights)),
        no_speech=float(np.average([part.no_speech for part in decoded], weights=weights)),
    )
