"""Supertonic (Supertone Inc.), a small diffusion voice on ONNX Runtime that knows Korean.

Its weights (OpenRAIL-M, some 400 MB) are no package: they lie in a folder, or are fetched from a hub where
that is allowed.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
from supertonic import AVAILABLE_MODELS, DEFAULT_MODEL, TTS

from donghaeng.errors import EngineError, EngineMissing, SettingsError
from donghaeng.speech.engines import Audio, EngineInfo, Samples

LANGUAGE: Final = "ko"
DEFAULT_VOICE: Final = "F1"
BY_GENDER: Final = {"female": DEFAULT_VOICE, "male": "M1"}
STEPS: Final = 8
"""Of denoising: the package's default; work grows with it."""
NATURAL: Final = 1.05
"""What the package calls the natural speed."""
SLOWEST, FASTEST = 0.7, 2.0
"""Speeds that the package takes."""
REMEDY: Final = (
    "set DONGHAENG_SYNTHESISER_MODEL to the folder that holds onnx/ and voice_styles/,"
    " or DONGHAENG_ALLOW_HUB=true"
)


class SupertonicSynthesiser:
    """Speaks Korean with Supertonic. Thread-safe: each clause has noise of its own, the sessions are shared.

    Args:
        cache: folder of ``Settings.cache``, where weights from a hub are kept.
        synthesiser_model: the folder of the weights, or the name of one of the package's models.
        voice: a voice style of the folder, ``"female"`` or ``"male"``.
        threads: threads that one clause may use.
        allow_hub: whether weights may be fetched.

    Raises:
        EngineMissing: the weights are absent, broken, or know no Korean.
        SettingsError: no such voice.
    """

    def __init__(
        self,
        *,
        cache: Path,
        synthesiser_model: str | None = None,
        voice: str | None = None,
        threads: int = 2,
        allow_hub: bool = False,
    ) -> None:
        name, folder = _place(synthesiser_model, cache)
        try:
            self._engine = TTS(
                model=name,
                model_dir=folder,
                auto_download=allow_hub,
                intra_op_num_threads=threads,
                inter_op_num_threads=1,
            )
        except Exception as error:  # the package, the hub's client and onnxruntime each raise their own
            raise EngineMissing(f"supertonic: no weights in {folder}: {error}", remedy=REMEDY) from error
        if not self._engine.is_multilingual:
            raise EngineMissing(f"supertonic: {name} knows no Korean", remedy="use supertonic-2 or later")
        self.rate = int(self._engine.sample_rate)
        self._step = self._engine.model.base_chunk_size * self._engine.model.chunk_compress_factor
        """Samples of one frame of the model; the last one is only begun."""
        chosen = BY_GENDER.get(voice or DEFAULT_VOICE, voice or DEFAULT_VOICE)
        if chosen not in self._engine.voice_style_names:
            raise SettingsError(
                f"DONGHAENG_VOICE: no voice {chosen!r}",
                remedy=f"use female, male or one of {', '.join(self._engine.voice_style_names)}",
            )
        try:
            self._style = self._engine.get_voice_style(chosen)
        except (ValueError, OSError) as error:
            raise EngineMissing(
                f"supertonic: voice {chosen!r} is broken: {error}", remedy="fetch it anew"
            ) from error
        self.info = EngineInfo(
            name="supertonic",
            version=version("supertonic"),
            model=folder.name,
            licence="OpenRAIL-M",
            extra={"voice": chosen, "steps": str(STEPS)},
        )

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause; a clause without a letter or digit is no sound (length 0).

        Raises:
            EngineError: the model failed, or cannot write a character of the clause.
        """
        if not any(char.isalnum() for char in clause):
            return Audio(np.zeros(0, np.float32), self.rate)
        factor = min(max(speed * NATURAL, SLOWEST), FASTEST)
        try:
            made, seconds = self._engine.synthesize(
                clause, voice_style=self._style, total_steps=STEPS, speed=factor, lang=LANGUAGE
            )
        except Exception as error:  # as above; its messages may hold the clause
            raise EngineError(f"supertonic failed: {type(error).__name__}") from None
        samples: Samples = np.asarray(made, dtype=np.float32).ravel()
        length = int(float(np.sum(seconds)) * self.rate)
        if len(samples) - length < self._step:  # of a text in several pieces the ends are inside
            samples = samples[:length]
        return Audio(np.clip(samples, -1.0, 1.0), self.rate)


def _place(model: str | None, cache: Path) -> tuple[str, Path]:
    """Name of the model and the folder of its weights; a folder is taken for the newest model."""
    name = model or DEFAULT_MODEL
    if name in AVAILABLE_MODELS:
        return name, cache / "hub" / name
    return DEFAULT_MODEL, Path(name)
