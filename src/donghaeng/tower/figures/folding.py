"""What the events of a conversation add to the figures: a pure fold over the log's public half.

The fold of a longer list less the fold of its beginning is what the new events add. So nothing is kept of a
conversation but how far it was read, and reading it twice adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple

ABANDONED_AFTER: Final = timedelta(minutes=30)
"""A citizen who says nothing for so long while a service is in hand has left."""
READ: Final = (
    "ConversationOpened", "UtteranceHeard", "FrameOpened", "FrameRaised", "FrameClosed", "Asked", "Missed",
    "CallRequested", "CallFinished", "AnswerSourced", "HandoverChanged", "EmergencyNoticed", "Replied",
    "ConversationEnded",
)  # fmt: skip
"""Kinds of events that figures come from."""
ASK: Final = "ask"
"""The service that answers questions from documents."""
NO_SERVICE: Final = "none"
ALL: Final = "all"
_WAITS: Final = frozenset({"queued", "callback"})
_HELD: Final = _WAITS | {"joined"}
_PRACTICE: Final = frozenset({"practise", "stop_practice", "for_real"})
"""Acts by which practice begins and ends: such a turn asks for nothing."""
_POLITE: Final = frozenset({"greeting", "goodbye", "thanks", "silence"})
_CLOSED: Final = {"completed": "completed", "cancelled": "cancelled", "failed": "failed"}


class Cell(NamedTuple):
    """Where a count belongs."""

    hour: datetime
    """Its beginning, UTC."""
    metric: str
    dimension: str
    """``all``, ``channel``, ``district``, ``service``, ``cohort``, ``provider`` or ``bucket``."""
    key: str
    """A value of the dimension; empty for ``all``."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a conversation's figures are cut by."""

    channel: str
    district: str | None = None
    cohort: str | None = None
    """How a citizen wishes to be spoken to who consented to that being kept; None without consent."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: its public half alone."""

    turn: int
    kind: str
    at: datetime
    public: Mapping[str, Any]


@dataclass(slots=True)
class Folded:
    """What a list of events comes to."""

    counts: Counter[Cell] = field(default_factory=Counter)
    services: list[str] = field(default_factory=list)
    """Services taken in hand, in order, each once."""
    left: str | None = None
    """The service still in hand: the citizen may come back, or may have left."""
    last_at: datetime | None = None


def hour_of(at: datetime) -> datetime:
    """The beginning of a moment's hour, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def cells(talk: Talk, at: datetime, metric: str, service: str | None = None) -> list[Cell]:
    """Where one count of a conversation belongs."""
    hour = hour_of(at)
    found = [Cell(hour, metric, ALL, ""), Cell(hour, metric, "channel", talk.channel)]
    if service is not None:
        found.append(Cell(hour, metric, "service", service))
    if talk.district is not None:
        found.append(Cell(hour, metric, "district", talk.district))
    if talk.cohort is not None:
        found.append(Cell(hour, metric, "cohort", talk.cohort))
    return found


def fold(talk: Talk, events: Iterable[Happened]) -> Folded:
    """Count what happened. The events are in order and begin with the conversation's first."""
    folding = _Folding(talk)
    for event in events:
        folding.take(event)
    return folding.done()


def added(now: Folded, before: Folded) -> Counter[Cell]:
    """What came on top; cells may be negative where something that counted no longer does."""
    found = Counter(now.counts)
    found.subtract(before.counts)
    return Counter({cell: count for cell, count in found.items() if count})


class _Folding:
    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._found = Folded()
        self._frames: list[str] = []
        self._handover = ""
        self._calls: dict[str, tuple[str, str]] = {}
        self._over = False
        self._practised = self._wanted = False
        self._opened_at: list[datetime] = []

    def take(self, event: Happened) -> None:
        last = self._found.last_at
        came_back = event.kind != "ConversationEnded" and self._frames and not self._in_charge()
        if last is not None and came_back and event.at - last > ABANDONED_AFTER:
            self._count(last, "abandoned", self._frames[-1])
        handler = self._HANDLERS.get(event.kind)
        if handler is not None:
            handler(self, event)
        self._found.last_at = event.at

    def done(self) -> Folded:
        if self._frames and not self._over and not self._in_charge():
            self._found.left = self._frames[-1]
        if self._practised and not self._wanted:
            # Somebody came to practise and went: nothing was asked of the city.
            for at in self._opened_at:
                self._found.counts.subtract(cells(self._talk, at, "conversations"))
            self._found.counts = +self._found.counts
        return self._found

    def _count(self, at: datetime, metric: str, service: str | None = None) -> None:
        self._found.counts.update(cells(self._talk, at, metric, service))

    def _service(self) -> str:
        return self._frames[-1] if self._frames else NO_SERVICE

    def _in_charge(self) -> bool:
        """Whether a person has the conversation, or is to: it is not the machine that is left then."""
        return self._handover in _HELD

    def _heard(self, event: Happened) -> None:
        kinds = {str(act.get("kind")) for act in event.public.get("acts") or ()}
        if kinds & _PRACTICE:
            self._practised = True
            return
        self._wanted |= not kinds <= _POLITE
        self._count(event.at, "turns", self._service())
        for kind, metric in (("repeat", "repeats"), ("slower", "slow_downs"), ("silence", "no_input")):
            if kind in kinds:
                self._count(event.at, metric, self._service())

    def _frame(self, event: Happened) -> None:
        if event.kind == "FrameClosed":
            if self._frames:
                metric = _CLOSED.get(str(event.public.get("outcome")))
                service = self._frames.pop()
                if metric is not None:
                    self._count(event.at, metric, service)
            return
        service = str(event.public.get("service"))
        if event.kind == "FrameRaised":
            if service in self._frames:
                self._frames.reverse()
                self._frames.remove(service)
                self._frames.reverse()
                self._frames.append(service)
            return
        self._frames.append(service)
        self._count(event.at, "taken", service)
        if service not in self._found.services:
            self._found.services.append(service)
            # Once for each service that it took in hand: of the services together there may be more than of
            # all, and a conversation that took none is in none.
            self._found.counts[Cell(hour_of(event.at), "conversations", "service", service)] += 1

    def _call(self, event: Happened) -> None:
        name = str(event.public.get("call"))
        if event.kind == "CallRequested":
            provider = str(event.public.get("operation")).partition(".")[0]
            self._calls[name] = (str(event.public.get("service")), provider)
            return
        service, provider = self._calls.pop(name, (NO_SERVICE, ""))
        outcome = str(event.public.get("outcome"))
        failed = outcome not in {"ok", "empty", "refused"}
        self._count(event.at, "calls", service)
        if failed:
            self._count(event.at, "calls_failed", service)
        if service == ASK and outcome == "ok":
            self._count(event.at, "answers", ASK)
        if provider:
            metrics = ("calls", "calls_failed") if failed else ("calls",)
            hour = hour_of(event.at)
            self._found.counts.update(Cell(hour, metric, "provider", provider) for metric in metrics)

    def _handed(self, event: Happened) -> None:
        state = str(event.public.get("state"))
        if state in _WAITS and self._handover not in _HELD:
            self._count(event.at, "handovers", self._service())
        self._handover = state

    def _ended(self, event: Happened) -> None:
        left = event.public.get("reason") != "goodbye"
        if self._frames and left and not self._in_charge() and not self._over:
            self._count(event.at, "abandoned", self._frames[-1])
        self._over = True

    def _opened(self, event: Happened) -> None:
        self._opened_at.append(event.at)
        self._count(event.at, "conversations")

    def _asked(self, event: Happened) -> None:
        if int(event.public.get("attempt") or 0) > 0:
            self._count(event.at, "reprompts", self._service())

    def _missed(self, event: Happened) -> None:
        self._count(event.at, "no_match", self._service())

    def _sourced(self, event: Happened) -> None:
        if event.public.get("service") == ASK:
            self._count(event.at, "answers_cited", ASK)

    def _emergency(self, event: Happened) -> None:
        self._count(event.at, "emergencies")

    _HANDLERS: ClassVar[Mapping[str, Callable[[_Folding, Happened], None]]] = {
        "ConversationOpened": _opened,
        "UtteranceHeard": _heard,
        "FrameOpened": _frame,
        "FrameRaised": _frame,
        "FrameClosed": _frame,
        "Asked": _asked,
        "Missed": _missed,
        "CallRequested": _call,
        "CallFinished": _call,
        "AnswerSourced": _sourced,
        "HandoverChanged": _handed,
        "EmergencyNoticed": _emergency,
        "ConversationEnded": _ended,
    }
