"""The way to a person and back, in the dialogue alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dialogue.harness import BULKY, CATALOGUE, NOW, ask, catalogue, emergencies

from donghaeng.city.person_topics import load_person_topics, topic_in
from donghaeng.dialogue.effects import HandoverOutcome, HandoverRequest
from donghaeng.dialogue.events import ConversationOpened, FrameOpened, HandoverChanged
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.state import QuestionKind
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import Act, ActKind, SlotFill

TOPICS = load_person_topics(CATALOGUE / "lexicon" / "person_topics.yaml")
POLICY = Policy(catalogue(), load_phrases(CATALOGUE / "lexicon" / "phrases.yaml"), emergencies(), TOPICS)


def heard(words: str, act: Act, *events):
    turn = POLICY.begin(fold([ConversationOpened("chat"), *events]), NOW)
    POLICY.hear(turn, words, [act])
    return turn


@pytest.mark.parametrize(
    "act", [Act(ActKind.UNCLEAR), Act(ActKind.OUT_OF_SCOPE), Act(ActKind.CHITCHAT), ask("ask")]
)
def test_a_topic_for_a_person_leads_to_an_offer(act: Act) -> None:
    turn = heard("과태료에 이의 신청을 하겠어요", act)
    assert turn.state.offer
    assert not turn.effects
    assert turn.finish().show.startswith(TOPICS["objection"].reply)
    POLICY.hear(turn, "네", [Act(ActKind.CONFIRM)])
    (wish,) = turn.take_effects()
    assert isinstance(wish, HandoverRequest)
    assert (wish.reason, wish.urgent) == ("rule:objection", False)


def test_an_urgent_one_calls_a_person_at_once() -> None:
    (wish,) = heard("자식들이 통장을 뺏어 갔어요", Act(ActKind.UNCLEAR)).take_effects()
    assert isinstance(wish, HandoverRequest)
    assert (wish.reason, wish.urgent) == ("rule:mistreated", True)


@pytest.mark.parametrize(
    "act", [ask("weather"), ask("complaint"), Act(ActKind.CONFIRM), Act(ActKind.EMERGENCY, detail="fire")]
)
def test_what_is_served_is_not_disturbed(act: Act) -> None:
    turn = heard("담당자한테 따져야겠어요", act)
    assert turn.state.person_topic is None


def test_every_topic_is_found_by_its_own_words_and_by_no_service() -> None:
    for name, topic in TOPICS.items():
        assert all(topic_in(TOPICS, words) == name for words in topic.examples)
    served = [
        (service.id, words)
        for service in catalogue().values()
        if service.id not in ("emergency", "complaint")
        for words in service.examples
        if topic_in(TOPICS, words) is not None
    ]
    assert served == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("patterns: ['(']", "regular expression"),
        ("patterns: [없는말]", "no pattern finds"),
        ("way: shout", "topics.yaml:3: .*'hand_over'"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, change: str, says: str) -> None:
    file = tmp_path / "topics.yaml"
    rows = {
        "name": "이름",
        "way": "offer",
        "reply": "네.",
        "patterns": "[고소]",
        "examples": "[고소, 고소해, 고소요]",
    }
    key, _, value = change.partition(": ")
    text = "".join(f"  {name}: {one}\n" for name, one in {**rows, key: value}.items())
    file.write_text(f"legal:\n{text}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        load_person_topics(file)


def test_no_table_is_no_topics(tmp_path: Path) -> None:
    assert load_person_topics(tmp_path / "none.yaml") == {}


def test_taken_back_the_machine_tells_what_is_in_hand_and_asks_again() -> None:
    opened = FrameOpened(
        "bulky_waste", {name: fill.value for name, fill in ask("bulky_waste", **BULKY).slots.items()}
    )
    turn = POLICY.begin(fold([ConversationOpened("chat"), opened, HandoverChanged("queued")]), NOW)
    assert turn.state.paused
    POLICY.take_back(turn)
    draft = turn.finish()
    assert not turn.state.paused
    assert draft.service == "bulky_waste"
    assert "다시 인공지능 상담원이에요." in draft.show
    assert turn.state.question is None or turn.state.question.kind is QuestionKind.CONFIRM


def test_taken_back_with_nothing_in_hand_it_asks_what_is_wanted() -> None:
    turn = POLICY.begin(fold([ConversationOpened("chat"), HandoverChanged("joined")]), NOW)
    POLICY.take_back(turn)
    assert turn.finish().show == "다시 인공지능 상담원이에요. 다른 도움이 필요하시면 말씀하세요."


# The time of a call-back

PHONE = "010-1234-5678"
AT, OTHER = "2026-11-24T10:00", "2026-11-24T15:00"
MORNING = "2026-11-24T09:00:00+09:00"


def offered(*events, wish: str = AT, offers: tuple[str, ...] = (AT,), unfit: str | None = None):
    """A turn that wished for a call at a time, and got an offer."""
    turn = heard("전화 주세요", ask("counsellor", callback_phone=PHONE, callback_time=wish), *events)
    (request,) = turn.take_effects()
    assert isinstance(request, HandoverRequest)
    assert (request.callback_phone, request.times, request.agreed) == (PHONE, (wish,), False)
    POLICY.proceed(turn, [HandoverOutcome("callback", None, MORNING, offered=offers, unfit=unfit)])
    return turn


def after(turn, words: str, act: Act):
    following = POLICY.begin(turn.state, NOW)
    POLICY.hear(following, words, [act])
    return following


def test_a_time_is_read_back_and_agreed_to_once() -> None:
    turn = offered()
    draft = turn.finish()
    assert (draft.expects, draft.asks) == ("choice", "callback_time")
    assert "11월 24일 화요일 오전 10시에 전화드릴까요?" in draft.show
    yes = after(turn, "네", Act(ActKind.CONFIRM))
    (request,) = yes.take_effects()
    assert (request.times, request.agreed, request.callback_phone) == ((AT,), True, PHONE)
    POLICY.proceed(yes, [HandoverOutcome("callback", None, f"{AT}:00+09:00")])
    done = yes.finish()
    assert done.expects == "open"
    assert "오전 10시에" in done.show
    assert not yes.state.frames


def test_another_time_is_read_back_too_and_the_offered_one_said_again_is_a_yes() -> None:
    turn = offered()
    turn.finish()
    for said, agreed in ((OTHER, False), (AT, True)):
        fill = Act(ActKind.FILL, service="counsellor", slots={"callback_time": SlotFill(said)})
        (request,) = after(turn, "그때요", fill).take_effects()
        assert (request.times, request.agreed) == ((said,), agreed)


def test_why_a_time_does_not_fit_is_told() -> None:
    for unfit, words in (("hours", "쉬는 시간"), ("설날", "설날, 쉬는 날이에요"), ("far", "한 달 안에")):
        assert words in offered(unfit=unfit).finish().show


def test_what_was_in_hand_waits_behind_the_question_and_after_it() -> None:
    turn = offered(FrameOpened("bulky_waste", {"item": "소파"}))
    assert [(frame.service, frame.waits) for frame in turn.state.frames] == [
        ("bulky_waste", True),
        ("counsellor", False),
    ]
    turn.finish()
    yes = after(turn, "네", Act(ActKind.CONFIRM))
    POLICY.proceed(yes, [HandoverOutcome("callback", None, MORNING) for _ in yes.take_effects()])
    assert [(frame.service, frame.waits) for frame in yes.state.frames] == [("bulky_waste", True)]


@pytest.mark.parametrize(
    "act", [Act(ActKind.SKIP, service="counsellor"), Act(ActKind.CANCEL)], ids=["any time", "never mind"]
)
def test_without_a_time_the_call_comes_first_thing(act: Act) -> None:
    turn = offered()
    turn.finish()
    left = after(turn, "아무 때나요", act)
    assert not left.effects
    assert "11월 24일 화요일 오전 9시부터" in left.finish().show
    assert not left.state.frames


def test_any_time_may_be_said_when_nothing_is_asked() -> None:
    turn = heard("전화 주세요", ask("counsellor", callback_phone=PHONE))
    POLICY.proceed(turn, [HandoverOutcome("callback", None, MORNING) for _ in turn.take_effects()])
    assert turn.finish().expects == "open"
    left = after(turn, "아무 때나요", Act(ActKind.SKIP, service="counsellor"))
    assert "오전 9시부터" in left.finish().show


def test_the_counsellor_has_no_question_open_when_the_machine_goes_on() -> None:
    turn = offered(FrameOpened("bulky_waste", {"item": "소파"}))
    turn.finish()
    back = POLICY.begin(turn.state, NOW)
    POLICY.take_back(back)
    assert [frame.service for frame in back.state.frames] == ["bulky_waste"]
