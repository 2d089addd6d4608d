"""What of a conversation somebody should look at: which events make which kind of review item. Pure.

An item is one conversation, turn and kind, so that looking at a conversation again finds the same items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from donghaeng.store.needs import need_of
from donghaeng.trust.masking import MASK, mask

LOW_SCORE: Final = 0.5
"""A wish that is understood with less than this probability (:mod:`donghaeng.understanding.calibration`) is
taken up without being certain."""
FEWEST_LETTERS: Final = 6
"""Of words that count as said again: "네, 그래요" is said often and means no failure."""
CAME_AGAIN: Final = "contact"
"""Detail of an item about somebody who came again some days later."""
ASKED_PERSON: Final = "counsellor"
LINE_SUGGESTION: Final = "suggestion"
_WAITS: Final = frozenset({"queued", "callback"})
_NOT_SERVED: Final = frozenset({"unclear", "out_of_scope"})
"""Acts of words that led to nothing; what no service covers may be one that citizens miss."""
_OPEN: Final = _WAITS | {"joined"}


class Kind(StrEnum):
    """Why an item is there."""

    NO_MATCH = "no_match"
    """An utterance led nowhere, was no answer to the question, or wanted what no service covers."""
    LOW_SCORE = "low_score"
    """It was understood with little certainty, or had to be asked which service is meant."""
    NO_ANSWER = "no_answer"
    """A free question of which nothing is known."""
    REJECTED = "rejected"
    """A counsellor found a suggested answer wrong."""
    REPEAT = "repeat"
    """The citizen came back with it: the same words, the same service after it failed, another hand-over, or
    the same need some days later in another conversation."""
    HANDOVER = "handover"
    """A person was needed."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a conversation, or one line of its hand-over (``kind`` is then ``suggestion``)."""

    turn: int
    at: datetime
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One review item."""

    turn: int
    kind: Kind
    at: datetime
    text: str = field(repr=False)
    """The citizen's words, masked (:func:`veiled`)."""
    service: str | None = None
    """What was in hand or asked for."""
    detail: str = ""
    """A code that says more; nothing personal."""


IsPersonal = Callable[[str | None, str | None], bool]
"""Whether a slot of a service holds something personal."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Events of one kind that make items."""

    event: str
    makes: Kind
    when: Callable[[Mapping[str, Any]], bool] = lambda fields: True
    detail: Callable[[Mapping[str, Any]], str] = lambda fields: ""


def _unsure(fields: Mapping[str, Any]) -> bool:
    return any(
        act.get("kind") == "unsure" or (act.get("kind") == "ask" and act.get("score", 1.0) < LOW_SCORE)
        for act in fields.get("acts", ())
    )


def _not_served(fields: Mapping[str, Any]) -> bool:
    return any(act.get("kind") in _NOT_SERVED for act in fields.get("acts", ()))


def _which(fields: Mapping[str, Any]) -> str:
    return next(str(act["kind"]) for act in fields["acts"] if act.get("kind") in _NOT_SERVED)


def _score(fields: Mapping[str, Any]) -> str:
    scores = [act.get("score", 1.0) for act in fields["acts"] if act.get("kind") in ("unsure", "ask")]
    return f"score:{min(scores):.2f}"


PATTERNS: Final = (
    _Pattern("UtteranceHeard", Kind.NO_MATCH, when=_not_served, detail=_which),
    _Pattern("Missed", Kind.NO_MATCH),
    _Pattern(
        "Asked",
        Kind.NO_MATCH,
        when=lambda fields: fields.get("attempt", 0) > 0,
        detail=lambda fields: f"slot:{fields.get('slot') or fields.get('kind')}",
    ),
    _Pattern("UtteranceHeard", Kind.LOW_SCORE, when=_unsure, detail=_score),
    _Pattern("ServicesGuessed", Kind.LOW_SCORE, detail=lambda fields: "guess:" + ",".join(fields["labels"])),
    _Pattern(
        LINE_SUGGESTION,
        Kind.REJECTED,
        when=lambda fields: str(fields.get("detail", "")).startswith("rejected:"),
        detail=lambda fields: str(fields["detail"]).partition(":")[2],
    ),
)
"""The table of events that make an item by themselves. Those that depend on what was before are in
:class:`_Reading`."""


def find_items(
    happened: Sequence[Happened],
    *,
    is_personal: IsPersonal = lambda service, slot: False,
    came_again: Collection[str] = (),
) -> list[Found]:
    """The review items of a whole conversation, in the order of their turns.

    Args:
        happened: every event in order, each line of a hand-over after the events before it.
        is_personal: slots whose answers are not shown.
        came_again: needs (:func:`donghaeng.store.needs.need_of`) that the same citizen came with in
            another conversation some days before.
    """
    reading = _Reading(is_personal, came_again)
    found: dict[tuple[int, Kind], Found] = {}
    for one in happened:
        for item in reading.take(one):
            found.setdefault((item.turn, item.kind), item)
    return list(found.values())


class _Reading:
    """Goes through a conversation and remembers what the patterns need."""

    def __init__(self, is_personal: IsPersonal, came_again: Collection[str]) -> None:
        self._is_personal = is_personal
        self._came_again = set(came_again)
        self._words: dict[int, str] = {}
        self._veiled: set[int] = set()
        self._said: set[str] = set()
        self._service: str | None = None
        self._failed: set[str] = set()
        self._asked: tuple[str | None, str | None] = (None, None)
        self._calls: dict[str, str] = {}
        self._handover: str | None = None
        self._handovers = 0
        self._wishes_person = False

    def take(self, one: Happened) -> Iterator[Found]:
        """The items that an event makes."""
        remember = getattr(self, f"_on_{one.kind}", None)
        if remember is not None:
            yield from remember(one)
        for pattern in PATTERNS:
            if pattern.event == one.kind and pattern.when(one.fields):
                yield self._item(one, pattern.makes, pattern.detail(one.fields))

    def _on_UtteranceHeard(self, one: Happened) -> Iterator[Found]:  # noqa: N802  named as the event
        personal = self._is_personal(*self._asked)
        text = str(one.fields.get("text", ""))
        self._words[one.turn] = f"[{self._asked[1]}] {MASK}" if personal else veiled(text)
        if personal:
            self._veiled.add(one.turn)
        acts = one.fields.get("acts", ())
        wanted = [act.get("service") for act in acts if act.get("kind") == "ask"]
        self._wishes_person = ASKED_PERSON in wanted
        self._asked = (None, None)
        packed = re.sub(r"\W", "", text)
        if personal or len(packed) < FEWEST_LETTERS or self._wishes_person:
            return
        if any(packed in said or said in packed for said in self._said):
            yield self._item(one, Kind.REPEAT, "words")
        self._said.add(packed)

    def _on_FrameOpened(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        self._service = str(one.fields["service"])
        if need_of(self._service) in self._came_again:
            self._came_again.discard(self._service)
            yield self._item(one, Kind.REPEAT, CAME_AGAIN)
        elif self._service in self._failed:
            yield self._item(one, Kind.REPEAT, "service")

    def _on_FrameRaised(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        self._service = str(one.fields["service"])
        yield from ()

    def _on_FrameClosed(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        if one.fields.get("outcome") == "failed" and self._service is not None:
            self._failed.add(self._service)
        yield from ()

    def _on_Asked(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        slot = one.fields.get("slot")
        self._asked = (self._service, str(slot) if slot is not None else None)
        yield from ()

    def _on_CallRequested(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        self._calls[str(one.fields["call"])] = str(one.fields["service"])
        yield from ()

    def _on_CallFinished(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        service = self._calls.get(str(one.fields["call"]))
        if service == "ask" and one.fields.get("outcome") == "empty":
            yield self._item(one, Kind.NO_ANSWER, "")

    def _on_AnswerSourced(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        service, rows = str(one.fields["service"]), one.fields.get("rows") or ()
        need = need_of(service, str(rows[0]["id"])) if rows and "id" in rows[0] else None
        if need in self._came_again:
            self._came_again.discard(need)
            yield self._item(one, Kind.REPEAT, CAME_AGAIN)

    def _on_HandoverChanged(self, one: Happened) -> Iterator[Found]:  # noqa: N802
        state = str(one.fields["state"])
        begins = state in _WAITS and self._handover not in _OPEN
        self._handover = state
        if not begins:
            return
        self._handovers += 1
        yield self._item(one, Kind.HANDOVER, state, before=self._wishes_person)
        if self._handovers > 1:
            yield self._item(one, Kind.REPEAT, "handover", before=self._wishes_person)

    def _item(self, one: Happened, kind: Kind, detail: str, *, before: bool = False) -> Found:
        """``before``: the words only wish for a person, so those before them tell what it was about."""
        turns = [turn for turn in self._words if turn < one.turn or (turn == one.turn and not before)]
        if before:
            turns = [turn for turn in turns if turn not in self._veiled] or turns
        turn = max(turns, default=one.turn)
        text = self._words.get(turn, self._words.get(one.turn, ""))
        return Found(one.turn, kind, one.at, text, self._service, detail[:96])


_DIGIT_WORDS: Final = "영공일이삼사오육칠팔구하둘"
_NUMBERS: Final = re.compile(
    rf"\d(?:[\s\-.,]*\d){{3,}}|[{_DIGIT_WORDS}](?:(?:\s|에|다시|국|-)*[{_DIGIT_WORDS}]){{5,}}"
)


def veiled(text: str) -> str:
    """Words as reviewers see them: beside what is never kept, long numbers (telephones) are gone."""
    return _NUMBERS.sub(MASK, mask(text).text).strip()
