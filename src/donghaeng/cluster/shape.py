"""How many of what a cluster runs. Pure values; `documents` makes Serve's configuration of them."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

AGENT: Final = "agent"
RECOGNISER: Final = "recogniser"
SYNTHESISER: Final = "synthesiser"
EMBEDDER: Final = "embedder"
ANSWERS: Final = "answers"
APPLICATION: Final = "donghaeng"

Speech = Literal["on", "off"]


class AgentOptions(BaseModel):
    """What the code of the deployments is told (``args`` of the application in Serve's configuration)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speech: bool = Field(default=True, description="hear and speak; text alone without")
    places: int = Field(default=16, ge=1, le=256, description="calls that one agent takes at a time")
    waiting: int = Field(default=20, ge=0, le=100, description="callers that may wait in one agent")


class ClusterShape(AgentOptions):
    """How many of what. Counts are replicas; ``most`` lets Serve add more while they are busy."""

    agents: int = Field(default=2, ge=1, description="agents: two at least, or an update stops the service")
    recognisers: int = Field(default=2, ge=1)
    synthesisers: int = Field(default=2, ge=1)
    embedders: int = Field(default=2, ge=1)
    answers: int = Field(default=2, ge=1)
    most: float = Field(default=1.0, ge=1.0, le=20.0, description="times as many replicas when busy")
    requests: int = Field(default=64, ge=1, description="typed turns and pages of one agent at a time")
    queue: int = Field(default=8, ge=1, description="sentences of one agent that may wait for an engine")
    drain_s: float = Field(
        default=1800.0, gt=0, description="seconds that calls are given to end before a replica is replaced"
    )
    recogniser_cores: float = Field(default=1.0, gt=0, description="cores of one recogniser")
    synthesiser_cores: float = Field(
        default=2.0, gt=0, description="cores of one synthesiser: on one a first clause takes too long"
    )
    agent_cores: float = Field(default=1.0, gt=0, description="cores of one agent")

    @property
    def options(self) -> AgentOptions:
        """What the code is told."""
        return AgentOptions(speech=self.speech, places=self.places, waiting=self.waiting)

    @property
    def calls(self) -> int:
        """Calls that the agents take at a time."""
        return self.agents * self.places
