"""A recogniser that hears what it is told to: for tests of everything around it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from threading import Lock

from donghaeng.errors import EngineError
from donghaeng.speech.engines import NO_HINTS, Audio, EngineInfo, Hints, Recognition


class FakeRecogniser:
    """Gives scripted texts in order, then nothing. A text of ``None`` is an engine failure."""

    info = EngineInfo(name="fake", version="1", model="script")

    def __init__(self, texts: Iterable[str | None] = (), *, confidence: float = 0.9) -> None:
        self._texts = deque(texts)
        self._confidence = confidence
        self._lock = Lock()
        self.heard: list[tuple[float, Hints]] = []
        """Length in seconds and hints of everything it was given."""

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """The next scripted text.

        Raises:
            EngineError: the script says ``None``.
        """
        with self._lock:
            self.heard.append((audio.seconds, hints))
            text = self._texts.popleft() if self._texts else ""
        if text is None:
            raise EngineError("the script wants a failure")
        return Recognition(text=text, confidence=self._confidence if text else 0.0)
