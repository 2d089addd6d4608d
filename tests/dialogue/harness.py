"""The dialogue alone: acts go in, a scripted city answers its effects, drafts come out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from donghaeng.app.voice_courses import courses_by_voice
from donghaeng.city.emergencies import Emergencies, load_emergencies
from donghaeng.city.guardians import load_guardian_rules
from donghaeng.city.operations import Answer, Effect
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import (
    CallOutcome,
    CityCall,
    DialogueEffect,
    GuardianOutcome,
    GuardianRequest,
    Guarding,
    HandoverOutcome,
    HandoverRequest,
    MemoryOutcome,
    MemoryRequest,
    Outcome,
    OutcomeKind,
    OutgoingCallOutcome,
    OutgoingCallRequest,
    PageCodeOutcome,
    PageCodeRequest,
    Seeing,
)
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import ConversationOpened, from_record, to_record
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.state import State
from donghaeng.understanding.acts import Act, ActKind, Alternative, SlotFill

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
HERE = {"name": "지금 계신 곳", "lat": 37.55, "lon": 126.91}

HAPJEONG = [{"ars_id": "14011", "name": "합정역"}, {"ars_id": "14012", "name": "합정역"}]
VALUES: Mapping[str, Any] = {
    "address": "서울특별시 마포구 양화로 45, 303호",
    "count": 2,
    "date": "2026-12-01",
    "datetime": "2026-11-23T20:00",
    "district": "노원구",
    "dong": "연남동",
    "line": "2",
    "person_name": "김영희",
    "phone": "010-1234-5678",
    "place": {"name": "합정역", "lat": 37.549, "lon": 126.914},
    "receipt": "SEL-20261123-0001",
    "route": "6411",
    "station": "강남",
    "stop": HAPJEONG[0],
    "text": "소파",
    "time": "15:00",
}
"""A valid value of each slot type of the catalogue."""

ROWS: Mapping[str, Mapping[str, Any]] = {
    "bus.arrivals_at_stop": {
        "route": "6411", "running": "running", "first_minutes": 3, "first_seconds": 180,
        "second_minutes": 12, "last_bus": False, "next_stop": "홍대입구역",
    },
    "subway.arrivals": {
        "line": "2", "destination": "신도림", "minutes": 2, "seconds": 120, "message": "전역 출발",
        "last_train": False, "towards": "신도림", "heading": "신도림행 - 교대방면",
    },
    "weather.day": {
        "rain_now": False, "rain_kind": "없음", "rain_from": None, "sky": "맑음", "temperature_now": 8.2,
        "low": 2.0, "high": 11.0, "rain_percent": 10,
    },
    "air.by_district": {
        "district": "노원구", "grade": "좋음", "pm10": 20, "pm25": 9,
        "pm10_grade": "좋음", "pm25_grade": "좋음",
    },
    "bike.stations_near": {
        "name": "합정역 1번 출구", "bikes": 4, "distance_m": 120, "lat": 37.5, "lon": 126.9,
    },
    "facility.near": {
        "name": "합정동 주민센터", "distance_m": 300, "detail": None, "address": "마포구 월드컵로5길 11",
        "hours": None, "phone": None, "lat": 37.5, "lon": 126.9,
    },
    "pharmacy.near": {
        "name": "합정약국", "distance_m": 210, "closes": "밤 9시", "open": True,
        "address": "마포구 양화로 50", "phone": None, "lat": 37.5, "lon": 126.9,
    },
    "account.requests": {
        "receipt": "SEL-1", "service": "bulky_waste", "name": "대형 폐기물", "what": "소파 2개",
        "detail": "12월 1일 화요일", "state": "accepted", "made_at": None,
    },
    "knowledge.choices": {"id": "none", "title": "none"},
    "knowledge.search": {
        "id": "pension-who", "title": "기초연금은 누가 받나", "spoken": "만 65세 이상인 분께 드려요.",
        "text": "만 65세 이상인 분께 드려요.", "document": "기초연금 안내", "section": "지급 대상",
        "department": "보건복지부", "source": "국민연금공단", "url": None, "verified": True,
        "own_case": False,
    },
    "gateway.bulky_waste_fee": {"item": "소파", "count": 1, "fee_won": 8000},
}  # fmt: skip


@cache
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


@cache
def emergencies() -> Emergencies:
    return load_emergencies(CATALOGUE / "lexicon" / "emergencies.yaml")


@cache
def policy() -> Policy:
    lexicon = CATALOGUE / "lexicon"
    guardians = load_guardian_rules(lexicon / "guardians.yaml")
    phrases = load_phrases(lexicon / "phrases.yaml")
    courses = courses_by_voice(CATALOGUE)
    return Policy(catalogue(), phrases, emergencies(), guardians=guardians, courses=courses)


Answering = Callable[[DialogueEffect], Outcome]


def answers(effect: DialogueEffect) -> Outcome:
    """A city in which everything goes well."""
    if isinstance(effect, HandoverRequest):
        return HandoverOutcome("callback" if effect.callback_phone else "queued", 1)
    if isinstance(effect, MemoryRequest):
        return MemoryOutcome(remembers=effect.agreement is not None, erased=effect.agreement is None)
    if isinstance(effect, PageCodeRequest):
        return PageCodeOutcome("012345")
    if isinstance(effect, GuardianRequest):
        return guarded(effect)
    if isinstance(effect, OutgoingCallRequest):
        return OutgoingCallOutcome("soon" if effect.service else None, stopped=effect.service is None)
    receipt = "SEL-1" if effect.effect is Effect.WRITE else None
    row = ROWS.get(effect.operation)
    return CallOutcome(effect, OutcomeKind.OK, Answer((row,) if row else (), receipt=receipt))


def guarded(effect: GuardianRequest) -> GuardianOutcome:
    """A daughter sees, until she sees no longer."""
    if effect.wish is Guarding.ALLOW:
        return GuardianOutcome(effect.wish, effect.who, code="012345")
    if effect.wish is Guarding.STOP:
        return GuardianOutcome(effect.wish, stopped=(effect.who or "따님",))
    return GuardianOutcome(effect.wish, seeing=(Seeing("따님", "2027-11-23"),))


def comes_to(kind: OutcomeKind, reason: str | None = None) -> Answering:
    """A city in which every call that carries a service out comes to ``kind``."""

    def answer(effect: DialogueEffect) -> Outcome:
        if isinstance(effect, CityCall) and effect.purpose.value == "carry_out":
            return CallOutcome(effect, kind, Answer(()) if kind is OutcomeKind.EMPTY else None, reason)
        return answers(effect)

    return answer


@dataclass
class Talk:
    """One conversation; remembers everything that happened."""

    answering: Answering = answers
    home_district: str | None = "마포구"
    here: Mapping[str, Any] | None = None
    known_again: bool = False
    recalled: Mapping[str, Any] | None = None
    practice: bool = False
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)
    effects: list[DialogueEffect] = field(default_factory=list)
    """Of the last turn."""
    draft: Draft = Draft("", "")

    def __post_init__(self) -> None:
        turn = policy().begin(self.state, NOW)
        turn.emit(
            ConversationOpened(
                "chat",
                self.home_district,
                self.here,
                self.practice,
                known_again=self.known_again,
                recalled=self.recalled,
            )
        )
        policy().greet(turn)
        self._finish(turn)

    def does(self, *acts: Act, heard: str = "말") -> Draft:
        """Take one turn."""
        turn = policy().begin(self.state, NOW)
        policy().hear(turn, heard, acts)
        self.effects = []
        for _ in range(8):
            wanted = turn.take_effects()
            if not wanted:
                break
            self.effects += wanted
            policy().proceed(turn, [self.answering(effect) for effect in wanted])
        assert not turn.take_effects(), "a turn wants effects for ever"
        return self._finish(turn)

    def _finish(self, turn: Any) -> Draft:
        self.draft = turn.finish()
        self.events += turn.events
        self.state = turn.state
        return self.draft

    def asks(self, service: str, **values: Any) -> Draft:
        return self.does(ask(service, **values))

    def fills(self, **values: Any) -> Draft:
        return self.does(Act(ActKind.FILL, slots=fills(values)))

    def says(self, kind: ActKind | str, detail: str | None = None) -> Draft:
        return self.does(Act(ActKind(kind), detail=detail))

    @property
    def writes(self) -> list[CityCall]:
        """Writes wanted in the last turn."""
        return [one for one in self.effects if isinstance(one, CityCall) and one.effect is Effect.WRITE]

    @property
    def handovers(self) -> list[HandoverRequest]:
        return [one for one in self.effects if isinstance(one, HandoverRequest)]

    def refolded(self) -> State:
        """The state after every event went through its stored form."""
        records = json.loads(json.dumps([to_record(event) for event in self.events]))
        return fold(from_record(*record) for record in records)


def ask(service: str, **values: Any) -> Act:
    return Act(ActKind.ASK, service=service, slots=fills(values))


def unsure(*services: str, **values: Any) -> Act:
    """Words that may ask for one of ``services``; the values belong to the first."""
    first = [Alternative(services[0], 0.4, fills(values))]
    return Act(ActKind.UNSURE, alternatives=(*first, *(Alternative(one, 0.3) for one in services[1:])))


def fills(values: Mapping[str, Any]) -> dict[str, SlotFill]:
    return {name: value if isinstance(value, SlotFill) else SlotFill(value) for name, value in values.items()}


def value_of(service: str, slot: str) -> Any:
    """A valid value of a service's slot."""
    spec = catalogue()[service].slots[slot]
    return next(iter(spec.values)) if spec.values is not None else VALUES[spec.type]


BULKY: Mapping[str, Any] = {
    "item": "소파",
    "address": VALUES["address"],
    "date": VALUES["date"],
    "phone": VALUES["phone"],
}


def at_no_frame() -> Talk:
    return Talk()


def at_slot() -> Talk:
    talk = Talk()
    talk.asks("bulky_waste", item="소파")
    assert (talk.draft.asks, talk.draft.expects) == ("address", "slot")
    return talk


def at_confirm(answering: Answering = answers) -> Talk:
    talk = Talk(answering)
    talk.asks("bulky_waste", **BULKY)
    assert talk.draft.expects == "confirm"
    return talk


def at_repair() -> Talk:
    talk = at_confirm()
    talk.says(ActKind.DENY)
    assert talk.draft.expects == "open"
    return talk


def at_choice() -> Talk:
    def both_sides(effect: DialogueEffect) -> Outcome:
        if not isinstance(effect, CityCall) or "ars_id" not in effect.arguments:
            return answers(effect)
        row = {**ROWS["bus.arrivals_at_stop"], "next_stop": f"{effect.arguments['ars_id']}쪽"}
        return CallOutcome(effect, OutcomeKind.OK, Answer((row,)))

    talk = Talk(both_sides)
    talk.asks("bus_arrival", stop=SlotFill(None, candidates=tuple(HAPJEONG)))
    assert (talk.draft.asks, talk.draft.expects) == ("stop", "choice")
    return talk


def at_offer() -> Talk:
    talk = Talk()
    talk.says(ActKind.OUT_OF_SCOPE)
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_offer_over_slot() -> Talk:
    talk = at_slot()
    talk.says(ActKind.ABUSE)
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_guess() -> Talk:
    talk = Talk()
    talk.does(unsure("bulky_waste", item="소파"))
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_two_guesses() -> Talk:
    talk = Talk()
    talk.does(unsure("pharmacy", "weather"))
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_guess_over_slot() -> Talk:
    talk = at_slot()
    talk.does(unsure("weather"))
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_paused() -> Talk:
    talk = at_slot()
    talk.says(ActKind.EMERGENCY, "fire")
    assert talk.state.paused
    return talk


def at_digression_below() -> Talk:
    talk = at_slot()
    talk.asks("nearby_facility")
    assert len(talk.state.frames) == 2
    return talk


def at_consent() -> Talk:
    talk = Talk(known_again=True)
    talk.says(ActKind.REMEMBER)
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_consent_over_slot() -> Talk:
    talk = Talk(known_again=True)
    talk.asks("bulky_waste", item="소파")
    talk.says(ActKind.REMEMBER)
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_guardian() -> Talk:
    talk = Talk()
    talk.does(Act(ActKind.LET_SEE), heard="우리 딸도 볼 수 있게 해 줘")
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


def at_guardian_over_slot() -> Talk:
    talk = at_slot()
    talk.does(Act(ActKind.LET_SEE), heard="복지사 선생님도 볼 수 있게 해 주세요")
    assert (talk.draft.asks, talk.draft.expects) == (None, "choice")
    return talk


STATES: Mapping[str, Callable[[], Talk]] = {
    "no frame": at_no_frame,
    "slot": at_slot,
    "confirm": at_confirm,
    "repair": at_repair,
    "choice": at_choice,
    "offer": at_offer,
    "offer over slot": at_offer_over_slot,
    "guess": at_guess,
    "two guesses": at_two_guesses,
    "guess over slot": at_guess_over_slot,
    "paused": at_paused,
    "two frames": at_digression_below,
    "consent": at_consent,
    "consent over slot": at_consent_over_slot,
    "guardian": at_guardian,
    "guardian over slot": at_guardian_over_slot,
}


def acts_of(kind: ActKind) -> Sequence[Act]:
    """Acts of a kind, with and without what they may carry."""
    match kind:
        case ActKind.ASK:
            return [ask("weather"), ask("bulky_waste"), ask("counsellor"), ask("no_such_service")]
        case ActKind.FILL | ActKind.CORRECT:
            return [
                Act(kind, slots=fills({"address": VALUES["address"]})),
                Act(kind, slots={"phone": SlotFill(None, problem="incomplete")}),
                Act(kind, slots=fills({"stop": HAPJEONG[1]})),
                Act(kind),
            ]
        case ActKind.UNSURE:
            return [
                unsure("weather"),
                unsure("pharmacy", "bulky_waste"),
                unsure("no_such_service"),
                Act(kind),
            ]
        case ActKind.REMEMBER:
            home = fills({"home_district": "노원구"})
            return [Act(kind), Act(kind, slots=home), Act(kind, detail="slower")]
        case ActKind.CHOOSE:
            return [Act(kind, detail="0"), Act(kind, detail="7"), Act(kind)]
        case ActKind.EMERGENCY:
            return [Act(kind, detail=name) for name in emergencies()]
        case _:
            return [Act(kind)]
