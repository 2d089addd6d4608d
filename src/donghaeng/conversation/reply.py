"""The reply object of CONTRACT 3: what every channel gets for a turn."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Expects = Literal["open", "slot", "confirm", "choice", "none"]
Outcome = Literal["ok", "empty", "failed"]
TurnOutcome = Literal["ok", "empty", "failed", "handover", "asked", "ended", "said"]
WORST_FIRST: Final[tuple[Outcome, ...]] = ("failed", "empty", "ok")
ASKING: Final = frozenset({"slot", "confirm", "choice"})
"""What a reply expects that puts a question."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Card(_Part):
    """What a screen shows with a reply. ``rows`` are drawn by ``kind``; every value is display-ready text
    except ``lat``/``lon``."""

    kind: Literal["list", "receipt", "map", "question", "answer"]
    title: str | None = None
    rows: list[dict[str, Any]] = Field(default_factory=list)
    """``{"title", "detail"?, "value"?, "phone"?, "url"?, "lat"?, "lon"?, "say"?}``; a tap says
    ``say``, or opens ``url``, an https address."""
    source: str | None = None
    as_of: str | None = None


class Show(_Part):
    """The written side of a reply."""

    text: str
    card: Card | None = None


class Call(_Part):
    """One request made to the city in this turn."""

    service: str
    effect: Literal["read", "write", "guide", "handover"]
    arguments: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome
    receipt: str | None = None


class Handover(_Part):
    """Where a hand-over to a person stands."""

    state: Literal["queued", "joined", "callback", "closed"]
    position: int | None = None
    callback_at: str | None = None


class Citation(_Part):
    """Where a statement comes from."""

    id: str
    title: str
    """The document that says so."""
    source: str | None = None
    """Who publishes it."""
    section: str | None = None
    url: str | None = None


class HelperPrompt(_Part):
    """For a helper beside the citizen, who agreed to it: what to let her say, and sayings that fit."""

    prompt: str
    says: list[str]


class Pace(_Part):
    """How the citizen wants to be spoken to; not part of CONTRACT 3's named fields."""

    speed: float = 0.9
    """Factor on the voice's own rate (voice-ux section 2: 0.9 by default, 0.6 … 1.5)."""
    volume_db: float = 0.0


class Reply(_Part):
    """One turn's answer. ``say`` is exactly what is spoken; ``show.text`` is the written form."""

    conversation: str
    token: str
    turn: int
    say: str
    show: Show
    service: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    calls: list[Call] = Field(default_factory=list)
    asks: str | None = None
    expects: Expects = "open"
    handover: Handover | None = None
    citations: list[Citation] = Field(default_factory=list)
    ended: bool = False
    heard: str | None = None
    """The citizen's words as understood and masked; null for the greeting."""
    pace: Pace = Pace()
    helper: HelperPrompt | None = None
    """None where nobody helps."""
    practice: bool = False
    """Whether this was said in practice: nothing that it tells of has happened."""
    remembered: bool = False
    """Whether the person consented to be remembered; a channel keeps their key only while this is true."""

    @property
    def outcome(self) -> TurnOutcome:
        """What became of the turn: a person, the worst of its calls, a question, the end, or only words."""
        if self.handover is not None:
            return "handover"
        outcomes: set[Outcome] = {call.outcome for call in self.calls}
        for worst in WORST_FIRST:
            if worst in outcomes:
                return worst
        if self.ended:
            return "ended"
        return "asked" if self.asks is not None or self.expects in ASKING else "said"
