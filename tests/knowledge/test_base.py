"""The catalogue's own passages: verified ones answer, the others never do; things that people throw away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from ruamel.yaml import YAML
from tests.knowledge.conftest import CHECKOUT, TODAY, words_only

from donghaeng.knowledge.base import ITEMS_TOPIC, KnowledgeBase
from donghaeng.knowledge.passages import Passage

LEXICON: Sequence[str] = list(
    YAML(typ="safe").load((CHECKOUT / "catalogue" / "lexicon" / "waste_items.yaml").read_text("utf-8"))
)


def _passage(**changes: object) -> Passage:
    fields = {
        "id": "one",
        "topic": "ask",
        "title": "콜택시",
        "spoken": "콜택시는 전화로 불러요.",
        "document": "안내",
    }
    return Passage.model_validate(fields | {"department": "과", "source": "곳", "verified": True} | changes)


def test_there_are_enough_passages_and_each_says_where_it_comes_from(passages: Sequence[Passage]) -> None:
    verified = [passage for passage in passages if passage.verified]
    assert len(passages) >= 60
    assert len([one for one in verified if one.topic != ITEMS_TOPIC]) >= 40
    assert len({name for one in verified if one.topic == ITEMS_TOPIC for name in one.names}) >= 60
    assert all(one.source and one.document and one.department for one in passages)


FIGURE = re.compile(r"\d[\d,.]*(?:만|천|억)?\s?[가-힣%]")


def test_no_figure_that_only_an_unverified_passage_has_is_ever_told(
    passages: Sequence[Passage], knowledge: KnowledgeBase
) -> None:
    doubtful = [one for one in passages if not one.verified]
    vouched = {
        found for one in passages if one.verified for found in FIGURE.findall(f"{one.spoken} {one.body}")
    }
    silent = {found for one in doubtful for found in FIGURE.findall(one.body)} - vouched
    assert silent
    told = [one.body for one in doubtful for one in knowledge.guide(one.topic, TODAY)]
    for one in doubtful:
        for words in (one.title, *one.names, one.body):
            told += [answer for _, answer in knowledge.search(words, TODAY)]
            item = knowledge.item(words, TODAY)
            told += [] if item is None else [item.body]
    assert [found for text in told for found in FIGURE.findall(text) if found in silent] == []


def test_what_was_not_verified_is_never_answered_with(passages: Sequence[Passage]) -> None:
    doubtful = [passage for passage in passages if not passage.verified]
    assert doubtful
    knowledge = KnowledgeBase([*doubtful, _passage(id="other", title="다른 것")], words_only)
    for passage in doubtful:
        for words in (passage.title, *passage.names):
            assert passage.id not in [found.id for found, _ in knowledge.search(words, TODAY)]
            assert knowledge.item(words, TODAY) is None
        assert passage.id not in [one.id for one in knowledge.guide(passage.topic, TODAY)]


def test_a_passage_answers_only_while_it_holds() -> None:
    knowledge = KnowledgeBase(
        [_passage(valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30))], words_only
    )
    assert knowledge.search("콜택시", date(2026, 6, 30))
    assert not knowledge.search("콜택시", date(2025, 12, 31))
    assert not knowledge.search("콜택시", date(2026, 7, 1))


def test_a_topic_narrows_the_search() -> None:
    knowledge = KnowledgeBase([_passage(topic="local_tax")], words_only)
    assert knowledge.search("콜택시", TODAY, topic="local_tax")
    assert not knowledge.search("콜택시", TODAY, topic="certificate")


@pytest.mark.parametrize("word", LEXICON)
def test_every_thing_that_is_heard_in_a_sentence_is_known_or_known_to_be_doubtful(
    knowledge: KnowledgeBase, word: str
) -> None:
    assert len(word.replace(" ", "")) > 1
    doubtful = {name for one in knowledge.passages.values() if not one.verified for name in one.names}
    assert (knowledge.item(word, TODAY) is None) == (word in doubtful)


@pytest.mark.parametrize(
    ("said", "passage"),
    [
        ("우유갑", "waste-carton"),
        ("달걀 껍질", "waste-eggshell"),
        ("닭뼈다귀", "waste-bone"),
        ("귤 껍질", "waste-soft-peel"),
        ("먹다 남은 약", "waste-medicine"),
        ("유리병", "waste-bottle"),
    ],
)
def test_things_are_found_as_they_are_said(knowledge: KnowledgeBase, said: str, passage: str) -> None:
    found = knowledge.item(said, TODAY)
    assert found is not None
    assert found.id == passage


@pytest.mark.parametrize(
    "said", ["우주선", "기름 묻은 우유갑", "금 간 유리병", "고추장", "", "껍데기", "쓰레기"]
)
def test_things_that_no_passage_names_are_not_guessed(knowledge: KnowledgeBase, said: str) -> None:
    assert knowledge.item(said, TODAY) is None


@pytest.mark.parametrize(
    "said",
    ["다 쓴 건전지", "깨진 유리병", "형광등", "페트병", "비닐봉지", "기저귀", "헌 옷", "수박 껍질", "샴푸통"],
)
def test_what_only_a_blog_or_the_press_tells_is_not_answered_nor_by_a_thing_like_it(
    knowledge: KnowledgeBase, said: str
) -> None:
    assert knowledge.item(said, TODAY) is None


def test_what_stands_on_no_official_page_is_not_verified(passages: Sequence[Passage]) -> None:
    unofficial = ("blog", "zum.com", "daum.net", "baram0712", "itssu", "honeysday", "bsbukgu")
    told = [
        one.id for one in passages if one.verified and any(name in (one.url or "") for name in unofficial)
    ]
    assert told == []


def test_a_guide_is_about_its_key_and_its_month(knowledge: KnowledgeBase) -> None:
    def ids(about: str, month: int | None = None) -> list[str]:
        return [one.id for one in knowledge.guide("local_tax", TODAY, about=about, month=month)]

    assert ids("property")[0] == "tax-property"
    assert ids("property", 9)[:2] == ["tax-property-september", "tax-property"]
    assert ids("property", 2)[0] == "tax-property"
    assert "tax-vehicle" not in ids("property")
    assert "tax-how" in ids("resident")


def test_a_passage_that_is_silenced_answers_nobody_and_may_again() -> None:
    telling = _passage(warns_of=["콜택시라면서돈"])
    thing = _passage(id="two", topic=ITEMS_TOPIC, title="소파", names=["소파"])
    base = KnowledgeBase([telling, thing], words_only)
    silent = base.silenced(frozenset({"one", "two"}))
    for one, there in ((base, True), (silent, False), (silent.silenced(frozenset()), True)):
        assert bool(one.search("콜택시 어떻게 불러요", TODAY)) == there
        assert (one.told("one", "콜택시", TODAY) is not None) == there
        assert (one.follow("그건 전화로 불러요?", "one", TODAY) is not None) <= there
        assert (one.warning("콜택시라면서 돈 보내래요", TODAY) is not None) == there
        assert (one.item("소파", TODAY) is not None) == there
        assert bool(one.guide("ask", TODAY)) == there
