"""What random citizens say and random cities answer, as draws of hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from tests.dialogue.harness import HAPJEONG, ROWS, VALUES, catalogue, emergencies

from donghaeng.city.operations import Answer, Effect, Field
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.definition import SlotSpec
from donghaeng.dialogue.effects import CallOutcome, CityCall, OutcomeKind, Purpose
from donghaeng.dialogue.state import State
from donghaeng.understanding.acts import Act, ActKind, Alternative, SlotFill
from donghaeng.understanding.calibration import FoundBy

Draw = Callable[[Any], Any]

SERVICES = tuple(catalogue())
SERVED = tuple(name for name, service in catalogue().items() if service.is_served)
WRITES = tuple(name for name in SERVED if any(way.effect is Effect.WRITE for way in catalogue()[name].ways))
NOWHERE = "no_such_service"
KINDS = (
    *ActKind,
    *([ActKind.FILL] * 8),
    *([ActKind.CONFIRM] * 6),
    *([ActKind.ASK] * 6),
    *([ActKind.CORRECT] * 3),
    *([ActKind.CHOOSE] * 2),
)
"""Every kind of act, those that bring a service forward more often."""
PROBLEMS = ("incomplete", "impossible", "past", "repeats", "vague", "here_unknown", "unknown")
OTHER_VALUES = {
    "address": "서울특별시 종로구 사직로 100",
    "count": 3,
    "date": "2026-12-02",
    "phone": "010-9876-5432",
    "stop": HAPJEONG[1],
    "text": "침대",
    "time": "16:00",
}
"""Second values, for corrections."""

settled_receipt = st.sampled_from([None, "SEL-9", "SEL-10"])


def acts_after(state: State, kind: ActKind, draw: Draw) -> tuple[Act, ...]:
    """What a citizen may do in ``state``, an act of ``kind`` first; now and then with a second wish."""
    first = _act(state, kind, draw)
    if kind is ActKind.ASK and draw(st.integers(0, 3)) == 0:
        return first, *(_wish(draw) for _ in range(draw(st.integers(1, 3))))
    return (first,)


def outcome_of(call: CityCall, number: int, draw: Draw) -> CallOutcome:
    """What a city may answer; ``number`` goes into the receipt."""
    if call.effect is Effect.WRITE:
        kind = draw(st.sampled_from(_WRITE_KINDS))
    else:
        kind = draw(st.sampled_from(_READ_KINDS))
    if kind is OutcomeKind.OK:
        receipt = f"SEL-20261123-{number:04}" if call.effect is Effect.WRITE else None
        rows = tuple(_row(call, draw) for _ in range(draw(st.sampled_from([1, 1, 2, 4]))))
        return CallOutcome(call, kind, Answer(rows, receipt=receipt))
    reason = draw(st.sampled_from(["full", "closed", "unknown_receipt", None]))
    return CallOutcome(call, kind, Answer(()) if kind is OutcomeKind.EMPTY else None, reason)


_WRITE_KINDS = (
    *([OutcomeKind.OK] * 3),
    OutcomeKind.REFUSED,
    OutcomeKind.FAILED,
    OutcomeKind.UNANSWERED,
    OutcomeKind.UNCONNECTED,
)
_READ_KINDS = (*([OutcomeKind.OK] * 3), OutcomeKind.EMPTY, OutcomeKind.FAILED)


def _act(state: State, kind: ActKind, draw: Draw) -> Act:
    frame = state.frame if not state.paused else None
    match kind:
        case ActKind.ASK:
            return _wish(draw)
        case ActKind.FILL | ActKind.CORRECT:
            service = frame.service if frame is not None else draw(st.sampled_from(SERVED))
            asked = state.question.slot if state.question is not None else None
            if kind is ActKind.CORRECT and draw(st.integers(0, 4)) == 0:
                wrong = draw(st.sampled_from([*catalogue()[service].slots, "no_such_slot"]))
                return Act(kind, service=service, detail=wrong)
            return Act(kind, service=service, slots=_fills(service, asked, draw))
        case ActKind.CONFIRM:
            sure = draw(st.integers(0, 4)) != 0
            learnt = draw(st.booleans()) if not sure else False
            found_by = FoundBy.LEARNT if learnt else ""
            return Act(kind, score=1.0 if sure or learnt else 0.8, found_by=found_by)
        case ActKind.DENY:
            return Act(kind, score=draw(st.sampled_from([1.0, 1.0, 0.5])))
        case ActKind.CHOOSE:
            return Act(kind, detail=draw(st.sampled_from(["0", "1", "2", "9", "x", None])))
        case ActKind.UNSURE:
            services = draw(st.lists(st.sampled_from([*SERVICES, NOWHERE]), unique=True, max_size=3))
            return Act(kind, alternatives=tuple(_alternative(one, draw) for one in services))
        case ActKind.REMEMBER:
            home = draw(st.sampled_from([{}, {"home_district": SlotFill("강서구")}]))
            return Act(kind, slots=home, detail=draw(st.sampled_from([None, None, "slower", "louder"])))
        case ActKind.EMERGENCY:
            return Act(kind, detail=draw(st.sampled_from(sorted(emergencies()))))
        case _:
            return Act(kind)


def _wish(draw: Draw) -> Act:
    """Writes are wished for as often as all the rest: they have the most to lose."""
    service = draw(st.sampled_from(WRITES) | st.sampled_from([*SERVICES, NOWHERE]))
    slots = _fills(service, None, draw) if service in catalogue() else {}
    return Act(ActKind.ASK, service=service, slots=slots, detail=draw(st.sampled_from([None, "follow_up"])))


def _alternative(service: str, draw: Draw) -> Alternative:
    return Alternative(service, 0.3, _fills(service, None, draw) if service in catalogue() else {})


def _fills(service: str, asked: str | None, draw: Draw) -> dict[str, SlotFill]:
    """The slot asked for, all of them, or some, sometimes a foreign one."""
    slots = catalogue()[service].slots
    how = draw(st.sampled_from(["asked", "asked", "all", "some", "foreign"]))
    if how == "asked" and asked in slots:
        names = [asked]
    elif how == "all":
        names = list(slots)
    else:
        names = draw(st.lists(st.sampled_from([*slots, "no_such_slot"]), unique=True, max_size=3))
    plain = how == "all" or draw(st.booleans())
    return {name: _fill(slots.get(name), plain, draw) for name in names}


def _fill(spec: SlotSpec | None, plain: bool, draw: Draw) -> SlotFill:
    if spec is None:
        return SlotFill("x")
    values = _values(spec)
    if plain:
        return SlotFill(draw(st.sampled_from(values)))
    if draw(st.booleans()):
        return SlotFill(None, candidates=tuple(values))
    return SlotFill(None, problem=draw(st.sampled_from(PROBLEMS)), words="마포구요")


def _values(spec: SlotSpec) -> list[Any]:
    if spec.values is not None:
        return list(spec.values)
    second = OTHER_VALUES.get(spec.type)
    return [VALUES[spec.type]] if second is None else [VALUES[spec.type], second]


def _row(call: CityCall, draw: Draw) -> dict[str, Any]:
    known = ROWS.get(call.operation)
    if known is None:
        declared = OPERATIONS.get(call.operation)
        fields = declared.row if declared is not None else {}
        bare = draw(st.booleans())
        return {name: None if bare and field.optional else _field(field) for name, field in fields.items()}
    if call.purpose is Purpose.PROBE and "next_stop" in known:
        return {**known, "next_stop": draw(st.sampled_from(["가", "나"]))}
    return dict(known)


SOME_TEXT = "가나다"
_BY_TYPE: dict[str, Any] = {
    "flag": True,
    "count": 3,
    "number": 37.5,
    "money": 8000,
    "minutes": 4,
    "metres": 250,
    "date": "2026-12-01",
    "time": "15:00",
    "datetime": "2026-12-01T15:00",
    "phone": "02-120",
}


def _field(field: Field) -> Any:
    return _BY_TYPE.get(field.type, SOME_TEXT)
