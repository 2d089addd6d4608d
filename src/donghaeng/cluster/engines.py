"""Engine plug-ins `cluster`: what the agents of a cluster hear, speak and embed with.

Each stands for the deployment of the engine that the settings name. Named like that engine towards caches:
what was learnt or spoken with it is found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from donghaeng.cluster.calling import START_SECONDS, EngineCalls
from donghaeng.cluster.shape import EMBEDDER, RECOGNISER, SYNTHESISER
from donghaeng.speech.engines import NO_HINTS, Audio, EngineInfo, Hints, Recognition
from donghaeng.understanding.embed.protocol import Vectors

HEARING_SECONDS: Final = 20.0
SPEAKING_SECONDS: Final = 30.0
EMBEDDING_SECONDS: Final = 5.0


class ClusterRecogniser:
    """The recogniser deployment. Implements :class:`~donghaeng.speech.engines.Recogniser`."""

    def __init__(self) -> None:
        self._calls = EngineCalls(RECOGNISER, seconds=HEARING_SECONDS)
        self._info: EngineInfo = self._calls.call("info", seconds=START_SECONDS)

    @property
    def info(self) -> EngineInfo:
        """What the engine behind is; its replicas work at the same time."""
        return replace(self._info, parallel=True)

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance. Raises as :meth:`EngineCalls.call`."""
        found: Recognition = self._calls.call("recognise", audio, hints)
        return found


class ClusterSynthesiser:
    """The synthesiser deployment. Implements :class:`~donghaeng.speech.engines.Synthesiser`."""

    def __init__(self) -> None:
        self._calls = EngineCalls(SYNTHESISER, seconds=SPEAKING_SECONDS)
        self._info: EngineInfo
        self.rate: int
        self._info, self.rate = self._calls.call("info", seconds=START_SECONDS)

    @property
    def info(self) -> EngineInfo:
        """What the engine behind is; its replicas work at the same time."""
        return replace(self._info, parallel=True)

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause. Raises as :meth:`EngineCalls.call`."""
        sound: Audio = self._calls.call("synthesise", clause, speed)
        return sound


class ClusterEmbedder:
    """The embedder deployment. Implements :class:`~donghaeng.understanding.embed.protocol.Embedder`."""

    def __init__(self) -> None:
        self._calls = EngineCalls(EMBEDDER, seconds=EMBEDDING_SECONDS)
        self.name: str
        self.dimension: int
        self.name, self.dimension = self._calls.call("info", seconds=START_SECONDS)

    def embed(self, sentences: Sequence[str]) -> Vectors:
        """Embed sentences, shape ``(n, dimension)``. Raises as :meth:`EngineCalls.call`."""
        vectors: Vectors = self._calls.call("embed", list(sentences))
        return vectors
