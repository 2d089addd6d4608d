"""What a conversation's events tell a counsellor: what was said, filled, tried and missed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from donghaeng.city.services import Catalogue
from donghaeng.conversation.records import state_of
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.state import Frame, QuestionKind, State
from donghaeng.dialogue.wording import slot_values
from donghaeng.people.cases import Attempt, Spoken
from donghaeng.store.events import Event

PENDING = "pending"
"""Outcome of a request of which no answer is recorded."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The machine's part of a :class:`~donghaeng.people.cases.Case`."""

    transcript: tuple[Spoken, ...]
    service: str | None
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    misses: tuple[str, ...] = field(default=(), repr=False)
    open_question: str | None = None
    emergency: str | None = None


def case_file(rows: Sequence[Event], catalogue: Catalogue) -> CaseFile:
    """Read a conversation's events.

    Args:
        rows: all of them, in order.
        catalogue: the edition on which the conversation runs.
    """
    state = state_of(rows)
    frame = _in_hand(state, catalogue)
    definition = catalogue[frame.service] if frame is not None else None
    slots: dict[str, str] = {}
    missing: tuple[str, ...] = ()
    if frame is not None and definition is not None:
        written = slot_values(definition, frame.slots)["written"]
        specs = definition.slots
        slots = {specs[name].name: text for name, text in written.items() if not specs[name].internal}
        required = definition.required_slots(frame.slots)
        missing = tuple(specs[name].name for name in required if name not in frame.slots)
    return CaseFile(
        transcript=_transcript(rows),
        service=definition.name if definition is not None else None,
        slots=slots,
        missing=missing,
        attempts=_attempts(rows, catalogue),
        misses=_misses(rows),
        open_question=_open_question(frame, catalogue),
        emergency=state.alarm,
    )


def last_words(file: CaseFile, more: Sequence[str], most: int) -> list[str]:
    """What the citizen said last, the newest first: before the hand-over and, in ``more``, after it."""
    heard = [turn.heard for turn in file.transcript if turn.heard] + list(more)
    return list(dict.fromkeys(reversed(heard)))[:most]


def _in_hand(state: State, catalogue: Catalogue) -> Frame | None:
    known = (*reversed(state.frames), state.left)
    fitting = (
        one for one in known if one is not None and one.service != COUNSELLOR and one.service in catalogue
    )
    return next(fitting, None)


def _transcript(rows: Sequence[Event]) -> tuple[Spoken, ...]:
    heard: dict[int, str] = {}
    show: dict[int, str] = {}
    at: dict[int, datetime] = {}
    for row in rows:
        if row.kind == "UtteranceHeard":
            heard[row.turn] = str(row.private.get("text", ""))
        elif row.kind == "Replied":
            # A turn that settled an earlier write has two.
            words = str(row.private.get("show", ""))
            show[row.turn] = f"{show.get(row.turn, '')} {words}".strip()
        else:
            continue
        at.setdefault(row.turn, row.at)
    return tuple(Spoken(turn, at[turn], heard.get(turn), show.get(turn, "")) for turn in sorted(at))


def _attempts(rows: Sequence[Event], catalogue: Catalogue) -> tuple[Attempt, ...]:
    made: dict[str, Attempt] = {}
    for row in rows:
        if row.kind == "CallRequested":
            service = catalogue.get(row.public["service"])
            name = service.name if service is not None else str(row.public["service"])
            made[row.public["call"]] = Attempt(name, str(row.public["effect"]), PENDING)
        elif row.kind == "CallFinished" and row.public["call"] in made:
            before = made[row.public["call"]]
            made[row.public["call"]] = Attempt(
                before.service,
                before.effect,
                str(row.public["outcome"]),
                row.public.get("receipt"),
                row.public.get("reason"),
            )
    return tuple(made.values())


def _misses(rows: Sequence[Event]) -> tuple[str, ...]:
    """The words of turns that led nowhere: not understood, or no answer to the question."""
    missed = {row.turn for row in rows if row.kind == "Missed"}
    missed |= {row.turn for row in rows if row.kind == "Asked" and row.public.get("attempt", 0) > 0}
    heard = (row for row in rows if row.kind == "UtteranceHeard" and row.turn in missed)
    return tuple(str(row.private.get("text", "")) for row in heard if row.private.get("text"))


def _open_question(frame: Frame | None, catalogue: Catalogue) -> str | None:
    if frame is None or frame.question is None:
        return None
    question = frame.question
    specs = catalogue[frame.service].slots
    match question.kind:
        case QuestionKind.SLOT | QuestionKind.CHOICE if question.slot in specs:
            return f"{specs[question.slot].name} 묻기"
        case QuestionKind.CONFIRM:
            return "맞는지 확인"
        case QuestionKind.REPAIR:
            return "고칠 것 묻기"
        case _:
            return None
