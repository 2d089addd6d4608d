"""sherpa-onnx: Korean Zipformers (transducer or CTC) and SenseVoice from a folder of weights.

The library ends the whole process when a model lacks what it wants, so :mod:`sherpa_folder` looks first.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import sherpa_onnx

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.speech.activity.silero import SileroActivity
from donghaeng.speech.activity.spans import speech_span
from donghaeng.speech.audio import levelled, resample
from donghaeng.speech.engines import (
    LISTEN_RATE,
    NO_HINTS,
    Audio,
    EngineInfo,
    Hints,
    Recognition,
    Samples,
    VoiceActivity,
)
from donghaeng.speech.recognise.guards import Evidence, judge
from donghaeng.speech.recognise.sherpa_folder import SherpaFolder, look_into
from donghaeng.speech.remote.words import LANGUAGE, UNKNOWN_CONFIDENCE, UNKNOWN_LOGPROB, stock_phrases

SILENCE_SECONDS: Final = 0.5
"""Put behind the sound: the models look ahead, and SenseVoice's features need 0.1 s at least."""
MOST_PHRASES: Final = 50
HOTWORDS_SCORE: Final = 1.5
"""Bonus a token (natural log) of a likely phrase; the library's own default."""
ACTIVE_PATHS: Final = 4
_NO_WORD: Final = re.compile(r"[^0-9A-Za-z가-힣 ]")
"""Slash, colon, hash and at sign mean something in a list of hotwords."""

_BYTE: Final = re.compile(r"<0x[0-9A-Fa-f]{2}>")


class SherpaRecogniser:
    """Korean speech recognition with sherpa-onnx. Thread-safe.

    Args:
        model: folder with ``tokens.txt`` and either ``encoder*.onnx``, ``decoder*.onnx`` and ``joiner*.onnx``
            or ``model*.onnx``; smaller ``.int8.onnx`` files are taken before others.
        threads: CPU threads of one recognition.
        catalogue: folder whose ``lexicon/recogniser_phrases.yaml`` lists stock phrases.
        activity: finds speech; nothing is recognised where there is none.

    Raises:
        EngineMissing: no folder is given, or it holds no model of a kind that is known.
        CatalogueError: the phrase list is wrong.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        threads: int = 2,
        catalogue: Path | None = None,
        activity: VoiceActivity | None = None,
    ) -> None:
        if not model:
            raise EngineMissing(
                "the engine `sherpa` needs weights", remedy="set DONGHAENG_RECOGNISER_MODEL to their folder"
            )
        self._folder = look_into(Path(model))
        self._stock = stock_phrases(catalogue)
        self._activity = activity or SileroActivity()
        try:
            self._engine = MAKERS[self._folder.kind](self._folder, threads)
        except (RuntimeError, ValueError, AssertionError) as error:
            raise EngineMissing(
                f"sherpa: {model} does not load: {error}", remedy="fetch the model anew"
            ) from error
        self.info = EngineInfo(
            name="sherpa",
            version=version("sherpa-onnx"),
            model=f"{Path(model).name} ({self._folder.kind})",
            extra={"threads": str(threads)},
        )

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance. The likely phrases of ``hints`` weigh more where the model is a transducer
        whose folder says how words are cut (Hangul syllables as tokens, or ``bpe.vocab``).

        Raises:
            EngineError: the model failed.
        """
        began = time.process_time()
        samples = resample(audio, LISTEN_RATE).samples
        span = speech_span(self._activity, samples) if samples.any() else None
        if span is None:
            return Recognition("", 0.0, cpu_seconds=time.process_time() - began, rejected="no speech")
        try:
            text, logprobs = self._decoded(levelled(samples), hints.phrases)
        except (RuntimeError, ValueError, UnicodeDecodeError) as error:
            raise EngineError(f"sherpa failed: {type(error).__name__}") from error
        evidence = Evidence(logprob=UNKNOWN_LOGPROB, no_speech=0.0, speech_seconds=span.speech_seconds)
        judged = judge(text, evidence, self._stock)
        certain = math.exp(min(0.0, sum(logprobs) / len(logprobs))) if logprobs else UNKNOWN_CONFIDENCE
        return Recognition(
            text=judged.text,
            confidence=certain if judged.text else 0.0,
            cpu_seconds=time.process_time() - began,
            rejected=judged.rejected,
        )

    def warm_up(self) -> None:
        """Decode a second of faint noise."""
        self._decoded(np.random.default_rng(0).normal(0.0, 0.01, LISTEN_RATE).astype(np.float32), ())

    def _decoded(self, samples: Samples, phrases: Sequence[str]) -> tuple[str, list[float]]:
        """Words, and the natural-log probability of each token where the model tells it."""
        hotwords = self._hotwords(phrases)
        stream = self._engine.create_stream(hotwords) if hotwords else self._engine.create_stream()
        silence = np.zeros(int(SILENCE_SECONDS * LISTEN_RATE), np.float32)
        stream.accept_waveform(LISTEN_RATE, np.concatenate([samples, silence]))
        self._engine.decode_stream(stream)
        return _text(stream.result), [float(one) for one in stream.result.ys_log_probs]

    def _hotwords(self, phrases: Sequence[str]) -> str:
        """The phrases that the model can spell, as the library wants them; others would be in its log."""
        if self._folder.unit is None:
            return ""
        words = (" ".join(_NO_WORD.sub(" ", phrase).split()) for phrase in phrases[:MOST_PHRASES])
        return "/".join(word for word in words if word and self._folder.can_spell(word))


def _text(result: Any) -> str:
    """What was written. Of a transducer's text the library takes the spaces between Hangul, as if it were
    Chinese; its tokens keep them. Tokens that are single bytes are put together in the text alone."""
    joined = "".join(result.tokens)
    return str(result.text) if _BYTE.search(joined) else joined.strip()


def _transducer(folder: SherpaFolder, threads: int) -> Any:
    with_hotwords = folder.unit is not None
    return sherpa_onnx.OfflineRecognizer.from_transducer(
        encoder=str(folder.files["encoder"]),
        decoder=str(folder.files["decoder"]),
        joiner=str(folder.files["joiner"]),
        tokens=str(folder.tokens),
        num_threads=threads,
        decoding_method="modified_beam_search" if with_hotwords else "greedy_search",
        max_active_paths=ACTIVE_PATHS,
        hotwords_score=HOTWORDS_SCORE,
        modeling_unit=folder.unit or "cjkchar",
        bpe_vocab=str(folder.bpe_vocab) if folder.bpe_vocab else "",
    )


def _zipformer_ctc(folder: SherpaFolder, threads: int) -> Any:
    return sherpa_onnx.OfflineRecognizer.from_zipformer_ctc(
        model=str(folder.files["model"]), tokens=str(folder.tokens), num_threads=threads
    )


def _sense_voice(folder: SherpaFolder, threads: int) -> Any:
    return sherpa_onnx.OfflineRecognizer.from_sense_voice(
        model=str(folder.files["model"]),
        tokens=str(folder.tokens),
        num_threads=threads,
        language=LANGUAGE,
        use_itn=False,  # numbers are to arrive as they were said
    )


MAKERS: Final[dict[str, Callable[[SherpaFolder, int], Any]]] = {
    "transducer": _transducer,
    "zipformer_ctc": _zipformer_ctc,
    "sense_voice": _sense_voice,
}
