"""The conversation test that is written from a change."""

from __future__ import annotations

from typing import Any

import pytest
from tests.dialogue.harness import CATALOGUE, catalogue
from tests.review.test_changes import EXAMPLE, PASSAGE, RULE, WORD

from donghaeng.city.person_topics import load_person_topics
from donghaeng.errors import InputError
from donghaeng.review.changes import read_change
from donghaeng.review.regression import read_test, write_test

TOPICS = load_person_topics(CATALOGUE / "lexicon" / "person_topics.yaml")


def written(values: dict[str, Any], words: str) -> dict[str, Any]:
    return write_test(read_change(values), words, proposal="pr_1", catalogue=catalogue(), topics=TOPICS)


@pytest.mark.parametrize(
    ("values", "words", "expect", "end"),
    [
        (EXAMPLE, "돌확 좀 들어내 줘요", {"service": "bulky_waste"}, {}),
        ({**EXAMPLE, "service": "none"}, "노래 하나 해 봐요", {"service": None}, {}),
        (WORD, "긴 걸상을 버려야 해요", {"service": "bulky_waste", "slots": {"item": "소파"}}, {}),
        (RULE, "유산 때문에 잠이 안 와요", {"say": [RULE["reply"]]}, {}),
        ({**RULE, "way": "hand_over"}, "유산 때문에요", {"say": [RULE["reply"]]}, {"handover": True}),
    ],
)
def test_it_expects_what_the_change_is_for(
    values: dict[str, Any], words: str, expect: dict[str, Any], end: dict[str, Any]
) -> None:
    test = written(values, words)
    assert test["turns"] == [{"citizen": words, "expect": expect}]
    assert test.get("end", {}) == end
    assert read_test(test).scenario == f"검토 pr_1: {words}"


def test_a_passage_must_be_cited_at_once_or_after_it_was_asked_about() -> None:
    test = written(PASSAGE, "돌확은 어떻게 버려요")
    assert test["turns"] == [{"citizen": "돌확은 어떻게 버려요", "expect": {"service": "ask"}}]
    assert test["end"] == {"citations": [{"title": PASSAGE["title"]}]}
    assert test["answers"] == {"passage": PASSAGE["title"]}


def test_words_of_an_existing_rule_are_held_to_its_way() -> None:
    more = {"kind": "rule", "topic": "mistreated", "words": ["꼬집어서"], "examples": ["꼬집어서 아파요"]}
    assert written(more, "자꾸 꼬집어서 힘들어요")["end"] == {"handover": True}


@pytest.mark.parametrize(
    ("values", "words", "said"),
    [
        (EXAMPLE, "  ", "시민이 한 말을 적어"),
        (WORD, "의자를 버려야 해요", "“긴 걸상”이"),
        (RULE, "싸움이 났어요", "규칙의 말이 들어"),
    ],
)
def test_words_of_which_nothing_can_be_expected_are_refused(
    values: dict[str, Any], words: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        written(values, words)
