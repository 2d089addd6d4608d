"""The way to a person and back, in the dialogue alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dialogue.harness import BULKY, CATALOGUE, NOW, ask, catalogue, emergencies

from donghaeng.city.person_topics import load_person_topics, topic_in
from donghaeng.dialogue.effects import HandoverRequest
from donghaeng.dialogue.events import ConversationOpened, FrameOpened, HandoverChanged
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.state import QuestionKind
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import Act, ActKind

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
