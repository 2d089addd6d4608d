"""The wish to be remembered and the wish to be forgotten, in the dialogue alone."""

from __future__ import annotations

import pytest
from tests.dialogue.harness import (
    CATALOGUE,
    HAPJEONG,
    STATES,
    VALUES,
    Talk,
    answers,
    at_consent,
    at_consent_over_slot,
    fills,
)

from donghaeng.dialogue.consent import SCRIPT
from donghaeng.dialogue.effects import DialogueEffect, MemoryOutcome, MemoryRequest, Outcome
from donghaeng.dialogue.events import ConversationOpened, from_record, to_record
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.state import Pace
from donghaeng.understanding.acts import Act, ActKind
from donghaeng.understanding.calibration import FoundBy

STOP = HAPJEONG[0]
KNOWN = {"home_district": "노원구", "last_stop": STOP, "speed": 0.75, "volume_db": 6.0}
SCRIPTS = {
    "1": "'지워 줘' 하실 때까지만 두고, 싫으시면 안 하셔도 돼요. "
    "다음에 더 편하시게 동네 마포구, 정류장 합정역, 말 빠르기와 크기를 기억할까요?"
}
"""What each version of the consent says. Other words need another version, which the records then tell."""


def known() -> Talk:
    """A talk with somebody who is remembered."""
    return Talk(home_district=None, known_again=True, recalled=KNOWN)


def wishes(talk: Talk) -> list[MemoryRequest]:
    return [one for one in talk.effects if isinstance(one, MemoryRequest)]


def test_the_question_names_what_is_kept_and_its_version_stands_for_its_words() -> None:
    talk = Talk(known_again=True)
    talk.asks("bus_arrival", stop=STOP)
    draft = talk.says(ActKind.REMEMBER)
    assert draft.show == SCRIPTS[SCRIPT]
    assert draft.card is not None
    assert [row["say"] for row in draft.card["rows"]] == ["네, 기억해 줘요", "아니요"]


def test_what_is_not_known_is_named_without_a_value() -> None:
    draft = Talk(home_district=None, known_again=True).says(ActKind.REMEMBER)
    assert "사시는 동네, 타시는 정류장, 말 빠르기" in draft.show


def test_before_its_question_the_consent_takes_at_most_forty_syllables() -> None:
    lead, _, _ = (
        load_phrases(CATALOGUE / "lexicon" / "phrases.yaml").templates["remember_ask"].rpartition(". ")
    )
    assert sum("가" <= char <= "힣" for char in lead) <= 40


@pytest.mark.parametrize("again", [Act(ActKind.CONFIRM), Act(ActKind.REMEMBER)])
def test_a_yes_keeps_what_is_known_with_the_words_of_the_consent(again: Act) -> None:
    talk = Talk(known_again=True)
    talk.asks("bus_arrival", stop=STOP)
    talk.says(ActKind.SLOWER)
    asked = talk.says(ActKind.REMEMBER)
    assert not wishes(talk)
    draft = talk.does(again, heard="응 그려")
    (wish,) = wishes(talk)
    assert wish.agreement is not None
    assert wish.agreement.values == {
        "home_district": "마포구",
        "last_stop": STOP,
        "speed": 0.75,
        "volume_db": None,
    }
    assert (wish.agreement.script, wish.agreement.said) == (SCRIPT, "응 그려")
    assert wish.agreement.asked == asked.show
    assert talk.state.remembers
    assert "기억했어요" in draft.show


@pytest.mark.parametrize(
    "unsure", [Act(ActKind.CONFIRM, score=0.8), Act(ActKind.CONFIRM, found_by=FoundBy.LEARNT)]
)
def test_a_doubtful_yes_keeps_nothing_and_is_asked_about(unsure: Act) -> None:
    talk = at_consent()
    draft = talk.does(unsure)
    assert not wishes(talk)
    assert (draft.expects, draft.asks) == ("choice", None)
    assert "'네' 또는 '아니요'" in draft.show


def test_the_third_time_that_words_are_neither_nothing_is_kept_and_a_person_offered() -> None:
    talk = at_consent_over_slot()
    said = [talk.says(ActKind.UNCLEAR) for _ in range(3)]
    assert [draft.expects for draft in said] == ["choice"] * 3
    assert len({draft.show for draft in said}) == 3
    assert "기억하지 않을게요" in said[2].show
    assert talk.state.offer
    assert not talk.state.consent_asked
    assert (talk.says(ActKind.DENY).asks, talk.state.remembers) == ("address", False)


@pytest.mark.parametrize(
    "other", [ActKind.DENY, ActKind.FORGET, ActKind.HELP, ActKind.THANKS, ActKind.DONT_KNOW, ActKind.CANCEL]
)
def test_anything_but_a_yes_keeps_nothing(other: ActKind) -> None:
    talk = at_consent_over_slot()
    talk.says(other)
    assert all(wish.agreement is None for wish in wishes(talk))
    assert not talk.state.remembers
    talk.says(ActKind.CONFIRM)
    assert not wishes(talk)


@pytest.mark.parametrize("answer", [ActKind.CONFIRM, ActKind.DENY])
def test_the_open_question_comes_back_after_the_answer(answer: ActKind) -> None:
    talk = Talk(known_again=True)
    question = talk.asks("bulky_waste", item="소파").show
    talk.says(ActKind.REMEMBER)
    draft = talk.says(answer)
    assert (draft.asks, draft.expects) == ("address", "slot")
    assert draft.show.endswith(question)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", [ActKind.REMEMBER, ActKind.FORGET])
def test_whatever_was_open_stays_open(state: str, kind: ActKind) -> None:
    talk = STATES[state]()
    frames, offer, guesses = talk.state.frames, talk.state.offer, talk.state.guesses
    consenting = talk.state.consent_asked
    draft = talk.says(kind)
    assert [one.service for one in talk.state.frames] == [one.service for one in frames]
    assert [one.slots for one in talk.state.frames] == [one.slots for one in frames]
    assert (talk.state.offer, talk.state.guesses) == (offer, guesses)
    assert talk.state.remembers == (consenting and kind is ActKind.REMEMBER)
    assert draft.say.strip()


def test_a_home_that_is_named_with_the_wish_is_kept() -> None:
    talk = Talk(home_district=None, known_again=True)
    draft = talk.does(Act(ActKind.REMEMBER, slots=fills({"home_district": "강서구"})))
    assert "동네 강서구" in draft.show
    talk.says(ActKind.CONFIRM)
    (wish,) = wishes(talk)
    assert wish.agreement is not None
    assert wish.agreement.values["home_district"] == "강서구"


def test_what_is_remembered_is_said_to_whoever_wishes_it_again() -> None:
    draft = known().does(Act(ActKind.REMEMBER, slots=fills({"home_district": "강서구"})))
    assert "동네 강서구, 정류장 합정역, 말 빠르기와 크기를 기억하고 있어요" in draft.show
    nothing_known = Talk(home_district=None, known_again=True, recalled={})
    assert "네, 말 빠르기와 크기를 기억하고" in nothing_known.says(ActKind.REMEMBER).show


def test_the_pace_of_the_wish_holds_at_once_and_is_kept_without_asking_where_it_may_be() -> None:
    talk = Talk(known_again=True)
    draft = talk.says(ActKind.REMEMBER, "slower")
    assert talk.state.pace.speed == 0.75
    assert draft.show.startswith("네, 천천히")
    somebody = known()
    somebody.says(ActKind.REMEMBER, "slower")
    assert somebody.state.pace.speed == 0.6
    assert not wishes(somebody)
    assert somebody.draft.expects == "open"


def test_a_changed_pace_repeats_the_question_of_the_consent() -> None:
    talk = at_consent_over_slot()
    asked = talk.draft.show
    draft = talk.says(ActKind.LOUDER)
    assert draft.show.endswith(asked)
    assert draft.expects == "choice"


def test_forgetting_says_what_was_true() -> None:
    assert "모두 지웠어요" in known().says(ActKind.FORGET).show
    assert "하나도 없어요" in Talk().says(ActKind.FORGET).show

    def nothing_kept(effect: DialogueEffect) -> Outcome:
        return MemoryOutcome(remembers=False) if isinstance(effect, MemoryRequest) else answers(effect)

    assert "하나도 없어요" in Talk(nothing_kept, known_again=True).says(ActKind.FORGET).show


def test_forgetting_takes_back_what_was_only_recalled_and_no_more() -> None:
    talk = known()
    assert (talk.state.home_district, talk.state.pace) == ("노원구", Pace(0.75, 6.0))
    talk.says(ActKind.FORGET)
    assert (talk.state.home_district, talk.state.last_stop, talk.state.remembers) == (None, None, False)
    assert talk.state.pace == Pace(0.75, 6.0)
    given = Talk(home_district="마포구", known_again=True, recalled=KNOWN)
    given.says(ActKind.FORGET)
    assert given.state.home_district == "마포구"


def test_the_greeting_of_somebody_remembered_keeps_its_notices() -> None:
    greeting = known().draft.show
    assert "기억해요" in greeting
    assert "인공지능" in greeting
    assert "상담사" in greeting
    assert "기억" not in Talk(known_again=True).draft.show


def test_the_last_stop_is_offered_and_never_taken_without_a_word() -> None:
    talk = known()
    draft = talk.asks("bus_arrival", route="6411")
    assert (draft.asks, draft.expects) == ("stop", "choice")
    assert draft.show == "지난번처럼 합정역 정류장이에요?"
    assert not talk.effects
    talk.says(ActKind.CONFIRM)
    (call,) = talk.effects
    assert call.slots["stop"] == STOP  # type: ignore[union-attr]


def test_a_stop_that_is_said_is_the_one() -> None:
    talk = known()
    draft = talk.asks("bus_arrival", stop=HAPJEONG[1])
    assert draft.slots["stop"] == HAPJEONG[1]
    assert talk.state.last_stop == HAPJEONG[1]


@pytest.mark.parametrize("said", [ActKind.DENY, ActKind.CONFIRM])
def test_after_a_no_the_stop_is_asked_for(said: ActKind) -> None:
    talk = known()
    talk.asks("bus_arrival")
    talk.says(ActKind.DENY)
    draft = talk.says(said)
    assert (draft.asks, draft.expects) == ("stop", "slot")
    draft = talk.fills(stop=HAPJEONG[1])
    assert draft.slots["stop"] == HAPJEONG[1]


def test_other_words_at_the_offered_stop_are_asked_about_in_other_words() -> None:
    talk = known()
    first = talk.asks("bus_arrival")
    second = talk.says(ActKind.UNCLEAR)
    third = talk.says(ActKind.UNCLEAR)
    assert len({first.show, second.show, third.show}) == 3
    assert all("지난번처럼 합정역" in draft.show for draft in (first, second, third))
    assert talk.says(ActKind.UNCLEAR).expects == "choice"
    assert talk.state.offer


@pytest.mark.parametrize("recalled", [None, {**KNOWN, "last_stop": None}])
def test_without_a_last_stop_it_is_asked_for(recalled: dict[str, object] | None) -> None:
    draft = Talk(known_again=True, recalled=recalled).asks("bus_arrival")
    assert (draft.asks, draft.expects) == ("stop", "slot")


def test_no_stop_is_noted_where_nobody_is_known_again() -> None:
    talk = Talk()
    talk.asks("bus_arrival", stop=STOP)
    assert talk.state.last_stop is None


def test_an_opening_stored_before_anybody_was_remembered_still_folds() -> None:
    kind, public, private = to_record(ConversationOpened("chat", "마포구"))
    older = {name: public[name] for name in ("channel", "home_district", "practice")}
    state = fold([from_record(kind, older, {"here": private["here"]})])
    assert (state.home_district, state.remembers, state.known_again) == ("마포구", False, False)


def test_what_is_remembered_is_sealed_in_events() -> None:
    talk = known()
    talk.asks("bus_arrival", stop=HAPJEONG[1])
    talk.does(Act(ActKind.REMEMBER, slots=fills({"home_district": "강서구"})))
    public = str([to_record(event)[1] for event in talk.events])
    for secret in ("노원구", "강서구", "합정역", "14012"):
        assert secret not in public
    assert talk.refolded() == talk.state


def test_a_consent_lapses_when_the_citizen_asks_for_something_else() -> None:
    talk = at_consent()
    draft = talk.asks("weather", district=VALUES["district"])
    assert (draft.service, draft.expects) == ("weather", "open")
    talk.says(ActKind.CONFIRM)
    assert not wishes(talk)
    assert not talk.state.remembers


def test_forgetting_holds_for_number_and_name_of_this_conversation_too() -> None:
    talk = Talk(known_again=True)
    talk.asks("bulky_waste", item="소파", phone=VALUES["phone"])
    assert talk.state.said
    draft = talk.says(ActKind.FORGET)
    assert not talk.state.said
    assert (draft.asks, talk.state.frame.slots["phone"]) == ("address", VALUES["phone"])  # type: ignore[union-attr]
