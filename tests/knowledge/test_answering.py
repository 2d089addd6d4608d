"""Answers come word for word from passages, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.knowledge.conftest import TODAY, words_only

from donghaeng.knowledge.answering import Answerer, Thresholds
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.index import Entry
from donghaeng.knowledge.passages import MAX_SPOKEN_SENTENCES, sentences

QUESTIONS: Sequence[Mapping[str, Any]] = YAML(typ="safe").load(
    Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8")
)
LONG = "첫째 문장이에요. 둘째 문장이에요. 셋째 사과 문장이에요. 넷째 문장이에요. 다섯째 배 문장이에요."
EASY = Thresholds(score=0.0, coverage=0.0, subject=0.7)


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["question"] for case in QUESTIONS])
def test_the_questions_that_the_thresholds_were_found_on(
    knowledge: KnowledgeBase, knowledge_by_meaning: KnowledgeBase, case: Mapping[str, Any]
) -> None:
    for base in (knowledge, knowledge_by_meaning):
        found = base.search(case["question"], TODAY)
        assert [passage.id for passage, _ in found] == ([case["id"]] if "id" in case else [])


def test_the_sentences_with_the_questions_words_are_chosen_in_their_order() -> None:
    answerer = Answerer([Entry("one", "글", LONG)], words_only, thresholds=EASY)
    assert answerer.ask("배 사과").answer == "셋째 사과 문장이에요. 다섯째 배 문장이에요."


def test_without_any_of_them_the_first_ones_are() -> None:
    answerer = Answerer([Entry("one", "글", LONG)], words_only, thresholds=EASY)
    assert answerer.ask("글").answer == "첫째 문장이에요. 둘째 문장이에요."


def test_a_subject_that_is_not_named_is_not_answered() -> None:
    entry = Entry("taxi", "콜택시", "콜택시는 등록하고 타요.", subjects=("장애인 콜택시",))
    answerer = Answerer([entry], words_only, thresholds=EASY)
    assert answerer.ask("장애인 등록").abstained
    assert answerer.ask("장애인 등록").hits[0].id == "taxi"
    assert not answerer.ask("장애인 콜택시 등록").abstained


def test_an_amount_that_is_not_there_is_not_answered() -> None:
    entry = Entry("bill", "수도 요금", "수도 요금은 고지서에서 알 수 있어요.", subjects=("수도 요금",))
    answerer = Answerer([entry], words_only, thresholds=EASY)
    assert answerer.ask("수도 요금 얼마예요").abstained
    assert not answerer.ask("수도 요금 고지서").abstained


@given(st.text(max_size=80), st.lists(st.text(alphabet="가나다라. ", max_size=60), min_size=1, max_size=4))
def test_an_answer_is_at_most_two_sentences_of_one_passage(question: str, texts: list[str]) -> None:
    entries = [Entry(str(number), "", text) for number, text in enumerate(texts)]
    found = Answerer(entries, words_only, thresholds=EASY).ask(question)
    if not found.abstained:
        held = sentences(texts[int(found.hits[0].id)])
        said = sentences(found.answer)
        assert len(said) <= MAX_SPOKEN_SENTENCES
        assert [part for part in held if part in said][: len(said)] or said == []
