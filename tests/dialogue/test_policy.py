"""Every act in every kind of state: what is said, asked and done."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import (
    BULKY,
    HAPJEONG,
    HERE,
    STATES,
    VALUES,
    Talk,
    acts_of,
    ask,
    at_choice,
    at_confirm,
    at_offer,
    at_offer_over_slot,
    at_paused,
    at_repair,
    at_slot,
    comes_to,
    fills,
    value_of,
)

from donghaeng.dialogue.effects import OutcomeKind
from donghaeng.understanding.acts import Act, ActKind, SlotFill


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ActKind)
def test_every_act_is_answered_in_every_state(state: str, kind: ActKind) -> None:
    for act in acts_of(kind):
        talk = STATES[state]()
        confirming = talk.draft.expects == "confirm"
        draft = talk.does(act)
        assert draft.say.strip(), act
        assert draft.show.strip(), act
        assert not talk.writes or (kind is ActKind.CONFIRM and confirming)
        assert talk.refolded() == talk.state
        if draft.expects in ("open", "confirm", "none"):
            assert draft.asks is None


@pytest.mark.parametrize("state", STATES)
def test_a_person_is_one_word_away_in_every_state(state: str) -> None:
    talk = STATES[state]()
    draft = talk.asks("counsellor")
    assert len(talk.handovers) == 1
    assert draft.service == "counsellor"
    assert talk.state.handover is not None


# state, act, what is asked afterwards, what is expected, the service that the reply is about
NEXT = [
    ("no frame", ActKind.GREETING, None, "open", None),
    ("no frame", ActKind.HELP, None, "open", None),
    ("no frame", ActKind.DONT_KNOW, None, "open", None),
    ("no frame", ActKind.CANCEL, None, "open", None),
    ("no frame", ActKind.CHOOSE, None, "open", None),
    ("no frame", ActKind.OUT_OF_SCOPE, None, "choice", None),
    ("no frame", ActKind.ABUSE, None, "choice", None),
    ("no frame", ActKind.GOODBYE, None, "none", None),
    ("slot", ActKind.CONFIRM, "address", "slot", "bulky_waste"),
    ("slot", ActKind.DENY, "address", "slot", "bulky_waste"),
    ("slot", ActKind.DONT_KNOW, "address", "slot", "bulky_waste"),
    ("slot", ActKind.HELP, "address", "slot", "bulky_waste"),
    ("slot", ActKind.THANKS, "address", "slot", "bulky_waste"),
    ("slot", ActKind.REPEAT, "address", "slot", "bulky_waste"),
    ("slot", ActKind.SLOWER, "address", "slot", "bulky_waste"),
    ("slot", ActKind.SILENCE, "address", "slot", "bulky_waste"),
    ("slot", ActKind.UNCLEAR, "address", "slot", "bulky_waste"),
    ("slot", ActKind.BACK, "item", "slot", "bulky_waste"),
    ("slot", ActKind.OUT_OF_SCOPE, "address", "slot", None),
    ("slot", ActKind.START_OVER, None, "open", None),
    ("slot", ActKind.CANCEL, None, "open", "bulky_waste"),
    ("slot", ActKind.ABUSE, None, "choice", "bulky_waste"),
    ("confirm", ActKind.CONFIRM, None, "open", "bulky_waste"),
    ("confirm", ActKind.DENY, None, "open", "bulky_waste"),
    ("confirm", ActKind.DONT_KNOW, None, "confirm", "bulky_waste"),
    ("confirm", ActKind.BACK, "phone", "slot", "bulky_waste"),
    ("confirm", ActKind.REPEAT, None, "confirm", "bulky_waste"),
    ("repair", ActKind.CONFIRM, None, "confirm", "bulky_waste"),
    ("repair", ActKind.DENY, None, "open", "bulky_waste"),
    ("repair", ActKind.THANKS, None, "confirm", "bulky_waste"),
    ("choice", ActKind.CONFIRM, "stop", "choice", "bus_arrival"),
    ("choice", ActKind.DENY, "stop", "slot", "bus_arrival"),
    ("choice", ActKind.UNCLEAR, "stop", "choice", "bus_arrival"),
    ("offer", ActKind.DENY, None, "open", None),
    ("offer", ActKind.CONFIRM, None, "open", "counsellor"),
    ("offer", ActKind.UNCLEAR, None, "open", None),
    ("offer", ActKind.THANKS, None, "open", None),
    ("offer", ActKind.HELP, None, "open", None),
    ("offer", ActKind.DONT_KNOW, None, "open", None),
    ("offer", ActKind.SILENCE, None, "choice", None),
    ("offer", ActKind.REPEAT, None, "choice", None),
    ("offer over slot", ActKind.DENY, "address", "slot", "bulky_waste"),
    ("offer over slot", ActKind.CONFIRM, None, "open", "counsellor"),
    ("offer over slot", ActKind.HELP, "address", "slot", "bulky_waste"),
    ("offer over slot", ActKind.CANCEL, None, "open", "bulky_waste"),
    ("no frame", ActKind.CHITCHAT, None, "open", None),
    ("no frame", ActKind.UNSURE, None, "open", None),
    ("slot", ActKind.CHITCHAT, "address", "slot", "bulky_waste"),
    ("confirm", ActKind.UNCLEAR, None, "confirm", "bulky_waste"),
    ("guess", ActKind.CONFIRM, "address", "slot", "bulky_waste"),
    ("guess", ActKind.DENY, None, "open", None),
    ("guess", ActKind.UNCLEAR, None, "choice", "bulky_waste"),
    ("guess", ActKind.SILENCE, None, "choice", "bulky_waste"),
    ("guess", ActKind.REPEAT, None, "choice", None),
    ("guess", ActKind.LOUDER, None, "choice", None),
    ("guess", ActKind.THANKS, None, "open", None),
    ("guess", ActKind.CANCEL, None, "open", None),
    ("two guesses", ActKind.CONFIRM, None, "choice", "pharmacy"),
    ("two guesses", ActKind.DENY, None, "open", None),
    ("guess over slot", ActKind.CONFIRM, "address", "slot", "weather"),
    ("guess over slot", ActKind.DENY, "address", "slot", "bulky_waste"),
    ("guess over slot", ActKind.THANKS, "address", "slot", "bulky_waste"),
    ("paused", ActKind.CONTINUE, "address", "slot", "bulky_waste"),
    ("paused", ActKind.CONFIRM, "address", "slot", "bulky_waste"),
    ("paused", ActKind.THANKS, None, "open", None),
    ("paused", ActKind.HELP, None, "open", None),
    ("paused", ActKind.REPEAT, None, "open", None),
    ("paused", ActKind.OUT_OF_SCOPE, None, "open", None),
    ("paused", ActKind.CANCEL, None, "open", "bulky_waste"),
    ("two frames", ActKind.CANCEL, "address", "slot", "nearby_facility"),
    ("two frames", ActKind.START_OVER, None, "open", None),
]


@pytest.mark.parametrize(("state", "kind", "asks", "expects", "service"), NEXT)
def test_what_stands_open_afterwards(
    state: str, kind: ActKind, asks: str | None, expects: str, service: str | None
) -> None:
    draft = STATES[state]().says(kind)
    assert (draft.asks, draft.expects, draft.service) == (asks, expects, service)


@pytest.mark.parametrize(
    ("kind", "speed", "volume"),
    [
        (ActKind.SLOWER, 0.75, 0.0),
        (ActKind.FASTER, 1.05, 0.0),
        (ActKind.LOUDER, 0.9, 6.0),
        (ActKind.QUIETER, 0.9, -6.0),
    ],
)
def test_pace_changes_and_stays_within_bounds(kind: ActKind, speed: float, volume: float) -> None:
    talk = Talk()
    talk.says(kind)
    assert (talk.state.pace.speed, talk.state.pace.volume_db) == (speed, volume)
    for _ in range(20):
        talk.says(kind)
    assert 0.6 <= talk.state.pace.speed <= 1.5
    assert -12 <= talk.state.pace.volume_db <= 12


def test_asked_twice_for_louder_the_words_do_not_pile_up() -> None:
    talk = Talk()
    greeting = talk.draft.show
    first = talk.says(ActKind.LOUDER).show
    assert talk.says(ActKind.LOUDER).show == first
    assert first.endswith(greeting)
    assert talk.says(ActKind.REPEAT).show == greeting


def test_the_third_failure_of_a_question_offers_a_person() -> None:
    talk = at_slot()
    first, second, third, fourth = (talk.says(ActKind.UNCLEAR) for _ in range(4))
    assert (first.expects, second.expects, third.expects) == ("slot", "slot", "choice")
    assert first.show != second.show
    assert "취소" in second.show
    assert "상담사" in third.show
    assert fourth.asks == "address"


def test_three_utterances_that_lead_nowhere_offer_a_person() -> None:
    talk = Talk()
    drafts = [talk.says(ActKind.UNCLEAR) for _ in range(3)]
    assert [draft.expects for draft in drafts] == ["open", "open", "choice"]
    assert len({draft.say for draft in drafts}) == 3


def test_an_utterance_that_leads_somewhere_starts_the_ladder_anew() -> None:
    talk = Talk()
    talk.says(ActKind.UNCLEAR)
    talk.says(ActKind.UNCLEAR)
    talk.asks("weather")
    assert talk.says(ActKind.UNCLEAR).expects == "open"


def test_silence_listens_then_asks_again_then_offers_a_person() -> None:
    talk = at_slot()
    drafts = [talk.says(ActKind.SILENCE) for _ in range(3)]
    assert "듣고 있어요" in drafts[0].show
    assert "어느 주소" in drafts[1].show
    assert drafts[2].expects == "choice"


def test_what_was_asked_stays_on_the_screen_while_somebody_thinks_and_is_what_is_repeated() -> None:
    talk = at_slot()
    question = talk.says(ActKind.REPEAT)
    draft = talk.says(ActKind.SILENCE)
    assert question.say not in draft.say
    assert draft.show.endswith(question.show)
    assert talk.says(ActKind.REPEAT).say == question.say


def test_silence_after_an_offer_offers_again() -> None:
    talk = at_offer()
    talk.says(ActKind.SILENCE)
    draft = talk.says(ActKind.SILENCE)
    assert draft.expects == "choice"
    assert "상담사" in draft.show


def test_a_yes_to_the_offer_is_never_a_confirmation_of_the_task_behind_it() -> None:
    talk = at_confirm()
    talk.says(ActKind.ABUSE)
    draft = talk.says(ActKind.CONFIRM)
    assert not talk.writes
    assert draft.service == "counsellor"


def test_an_offer_that_was_passed_over_is_gone() -> None:
    talk = at_offer()
    talk.says(ActKind.THANKS)
    talk.says(ActKind.CONFIRM)
    assert not talk.handovers


def test_dont_know_says_where_the_value_is_found() -> None:
    draft = at_slot().says(ActKind.DONT_KNOW)
    assert "파란 표지" in draft.show
    assert draft.asks == "address"


def test_back_leaves_out_what_was_never_asked_for() -> None:
    talk = at_slot()
    draft = talk.says(ActKind.BACK)
    assert draft.asks == "item"
    assert "count" in draft.slots
    assert "item" not in draft.slots


def test_a_choice_is_taken_by_its_number() -> None:
    talk = at_choice()
    draft = talk.says(ActKind.CHOOSE, "1")
    assert draft.slots["stop"] == HAPJEONG[1]
    assert draft.expects == "open"


def test_a_yes_to_the_only_option_takes_it() -> None:
    talk = Talk()
    talk.asks("meter_freeze", symptom=SlotFill(None, candidates=("burst",)))
    assert talk.draft.expects == "choice"
    draft = talk.says(ActKind.CONFIRM)
    assert draft.slots["symptom"] == "burst"


def test_several_values_of_a_slot_of_a_write_are_offered_without_probing() -> None:
    talk = Talk()
    draft = talk.asks("meter_freeze", symptom=SlotFill(None, candidates=("burst", "leak")))
    assert (draft.asks, draft.expects) == ("symptom", "choice")
    assert "터졌어요" in draft.show
    assert draft.card is not None
    assert [row["title"] for row in draft.card["rows"]] == ["터졌어요", "물이 새요"]
    assert not talk.effects


def test_stops_whose_answers_do_not_differ_are_not_asked_about() -> None:
    talk = Talk()
    draft = talk.asks("bus_arrival", stop=SlotFill(None, candidates=tuple(HAPJEONG)))
    assert draft.expects == "open"
    assert draft.slots["stop"] in HAPJEONG


def test_stops_that_no_bus_serves_are_answered_as_empty() -> None:
    talk = Talk(comes_to(OutcomeKind.EMPTY))
    draft = talk.asks("bus_arrival", stop=SlotFill(None, candidates=tuple(HAPJEONG)), route="9999")
    assert "찾지 못했어요" in draft.show


@pytest.mark.parametrize(
    "problem", ["incomplete", "impossible", "past", "repeats", "vague", "here_unknown", "unknown"]
)
def test_a_value_that_is_none_is_named_and_asked_for_again(problem: str) -> None:
    talk = at_slot()
    before = talk.draft.show
    draft = talk.does(Act(ActKind.FILL, slots={"address": SlotFill(None, problem=problem)}))
    assert draft.asks == "address"
    assert before not in draft.show


@pytest.mark.parametrize(
    ("slot", "problem", "sentence"),
    [
        ("address", "incomplete", "주소가 다 들리지 않았어요."),
        ("phone", "incomplete", "번호가 다 들리지 않았어요."),
        ("item", "incomplete", "말씀이 다 들리지 않았어요."),
        ("address", "impossible", "그런 주소는 없는 것 같아요."),
        ("date", "impossible", "그런 날짜는 없어요."),
        ("date", "repeats", "한 번만 하실 날을 말씀해 주세요."),
    ],
)
def test_a_problem_is_named_in_the_words_of_its_slots_type(slot: str, problem: str, sentence: str) -> None:
    draft = at_slot().does(Act(ActKind.FILL, slots={slot: SlotFill(None, problem=problem)}))
    assert draft.show.startswith(sentence)


def test_other_words_are_used_where_the_answer_was_about_something_else() -> None:
    talk = Talk()
    talk.asks("nearby_facility")
    first = talk.draft.show
    second = talk.fills(place=VALUES["place"]).show
    assert talk.draft.asks == "kind"
    assert first != second


def test_a_correction_does_not_climb_the_ladder() -> None:
    talk = at_slot()
    for number in (1, 2, 3):
        draft = talk.does(Act(ActKind.CORRECT, slots=fills({"item": f"의자 {number}"})))
        assert (draft.asks, draft.expects) == ("address", "slot")


def test_here_and_the_home_district_stand_for_what_was_not_said() -> None:
    near = Talk(here=HERE)
    assert near.asks("pharmacy").slots["place"] == HERE
    assert Talk().asks("weather").slots["district"] == "마포구"
    assert Talk(home_district=None).asks("pharmacy").asks == "place"


def test_a_wish_for_a_service_that_waits_takes_it_up_instead_of_a_second_one() -> None:
    talk = at_slot()
    talk.asks("meter_freeze")
    draft = talk.asks("bulky_waste")
    assert (draft.service, draft.asks) == ("bulky_waste", "address")
    assert [frame.service for frame in talk.state.frames] == ["meter_freeze", "bulky_waste"]
    assert talk.state.frames[1].slots["item"] == "소파"


def test_asking_for_a_person_drops_nothing_even_under_many_services() -> None:
    talk = Talk(home_district=None)
    for service in ("bulky_waste", "meter_freeze", "nearby_facility", "subway_arrival"):
        talk.asks(service)
    before = [frame.service for frame in talk.state.frames]
    talk.asks("counsellor")
    assert [frame.service for frame in talk.state.frames] == before


def test_at_most_so_many_services_wait_on_one_another() -> None:
    talk = Talk(home_district=None)
    for service in ("bulky_waste", "meter_freeze", "nearby_facility", "subway_arrival", "bus_arrival"):
        talk.asks(service)
    assert len(talk.state.frames) == 4
    assert talk.draft.asks == "stop"


def test_every_service_runs_through_with_every_slot_filled() -> None:
    from tests.dialogue.harness import catalogue

    served = {name: one for name, one in catalogue().items() if one.is_served}
    for service, definition in served.items():
        talk = Talk()
        talk.does(ask(service, **{slot: value_of(service, slot) for slot in definition.slots}))
        if definition.effect.value == "write" and service != "my_requests":
            assert talk.draft.expects == "confirm", service
            talk.says(ActKind.CONFIRM)
            assert "SEL-1" in talk.draft.show
        assert talk.draft.service == service
        assert not talk.state.frames


def test_goodbye_ends_even_in_the_middle_of_a_task() -> None:
    for talk in (at_slot(), at_confirm(), at_repair(), at_paused(), at_offer_over_slot()):
        draft = talk.says(ActKind.GOODBYE)
        assert talk.state.ended
        assert draft.expects == "none"
        assert BULKY["phone"] not in draft.show


def test_what_was_known_already_said_again_is_no_answer() -> None:
    talk = Talk()
    talk.asks("bulky_waste", address=VALUES["address"])
    first = talk.draft
    second = talk.fills(address=VALUES["address"])
    assert (first.asks, second.asks) == ("item", "item")
    assert first.say != second.say


def test_a_value_beside_one_that_is_none_does_not_repeat_the_question_word_for_word() -> None:
    talk = Talk()
    talk.asks("bulky_waste")
    act = Act(ActKind.FILL, slots={"count": SlotFill(2), "item": SlotFill(None, problem="vague")})
    first, second, third = talk.does(act), talk.does(act), talk.does(act)
    assert len({first.say, second.say, third.say}) == 3
    assert third.expects == "choice"


def test_a_choice_passed_over_climbs_the_ladder_too() -> None:
    talk = at_choice()
    drafts = [talk.fills(route="6411") for _ in range(3)]
    assert [draft.expects for draft in drafts] == ["choice"] * 3
    assert "상담사" not in drafts[1].show
    assert "상담사" in drafts[2].show
