"""Two documents that say different things of the same are both told, the newer first; others are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.dialogue.harness import catalogue
from tests.knowledge.conftest import TODAY

from donghaeng.city.operations import Answer, Effect
from donghaeng.conversation.citing import citations_of
from donghaeng.dialogue.effects import CallOutcome, CityCall, OutcomeKind, Purpose
from donghaeng.dialogue.wording import write
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.contradicting import contradicting
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.rows import passage_row
from donghaeng.korean.morphemes import analyser
from donghaeng.understanding.embed.fake import HashingEmbedder

OLD = "틀니 지원금은 한 사람에 30만 원까지 드려요."
NEW = "틀니 지원금은 한 사람에 50만 원까지 드려요."


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (OLD, NEW, True),
        (OLD, OLD, False),
        (OLD, "틀니 지원금은 사는 곳 주민센터에서 신청하세요.", False),
        (OLD, "보청기 값은 131만 원까지 도와요.", False),
        ("주민센터는 토요일에도 문을 열어요.", "주민센터는 토요일에도 문을 열지 않아요.", True),
        ("구청 주차장은 2시간까지 무료예요.", "구청 주차장은 1시간까지 무료예요.", True),
        ("신청은 65세부터예요.", "신청은 3월에 받아요.", False),
    ],
)
def test_only_what_can_be_read_off_the_words_contradicts(one: str, other: str, differ: bool) -> None:
    for a, b in ((one, other), (other, one)):
        assert contradicting(a, b, analyser()) == ((a, b) if differ else None)


def _passage(name: str, spoken: str, issued: date | None, document: str) -> Passage:
    return Passage(
        id=name,
        topic="ask",
        title="틀니 지원금",
        spoken=spoken,
        document=document,
        issued=issued,
        department="과",
        source="시청",
        verified=True,
    )


@pytest.mark.parametrize("newer", ["a", "b"])
def test_the_newer_one_comes_first_and_both_are_cited(newer: str) -> None:
    passages = [
        _passage(name, NEW if name == newer else OLD, date(2026 - (name != newer), 1, 1), f"안내 {name}")
        for name in "ab"
    ]
    found = KnowledgeBase(passages, analyser()).search("틀니 지원금은 얼마예요", TODAY)
    assert [(passage.id == newer, told) for passage, told in found] == [(True, NEW), (False, OLD)]
    rows = [passage_row(passage, spoken=told) | {"own_case": False} for passage, told in found]
    template = catalogue()["ask"].way({}).reply.ok
    said = write(template, {"rows": rows, "row": rows[0]})
    assert said.index(NEW) < said.index(OLD)
    call = CityCall("1", "ask", "knowledge.search", Effect.READ, {}, purpose=Purpose.CARRY_OUT)
    cited = citations_of([CallOutcome(call, OutcomeKind.OK, Answer(tuple(rows)))], said)
    assert [one.id for one in cited] == [row["id"] for row in rows]


def test_two_sections_of_one_document_and_two_that_agree_are_one_answer() -> None:
    for document, other in (("안내", NEW), ("다른 안내", OLD)):
        passages = [_passage("a", OLD, None, "안내"), _passage("b", other, None, document)]
        assert len(KnowledgeBase(passages, analyser()).search("틀니 지원금은 얼마예요", TODAY)) == 1


@pytest.mark.parametrize(
    ("documents", "texts", "choices"),
    [
        (("안내", "다른 안내"), (OLD, OLD), 2),
        (("안내", "안내"), (OLD, OLD), 0),
        (("안내", "다른 안내"), (OLD, NEW), 0),
    ],
)
def test_a_choice_is_between_documents_that_do_not_contradict_each_other(
    documents: tuple[str, str], texts: tuple[str, str], choices: int
) -> None:
    passages = [
        _passage(name, text, None, document).model_copy(update={"named": False})
        for name, text, document in zip("ab", texts, documents, strict=True)
    ]
    park = _passage("c", "공원에서 걸어요.", None, "공원").model_copy(update={"title": "공원"})
    others = [park.model_copy(update={"id": f"c{number}"}) for number in range(20)]
    base = KnowledgeBase([*passages, *others], analyser())
    assert len(base.rivals("틀니 지원금은 한 사람에 얼마까지 주나요", TODAY)) == choices


def test_what_may_be_a_neighbour_of_what_is_meant_is_asked_about_alone(tmp_path: Path) -> None:
    passage = _passage("a", "주거급여는 월세를 도와줘요. 신청은 주민센터에서 해요.", None, "안내")
    unnamed = passage.model_copy(update={"title": "주거급여", "named": False})
    other = unnamed.model_copy(
        update={"id": "b", "title": "연탄쿠폰", "spoken": "연탄쿠폰은 연탄값을 도와줘요."}
    )
    embedding = Embedding(HashingEmbedder(), cache=tmp_path)
    base = KnowledgeBase([unnamed, other], analyser(), embedding=embedding)
    assert [one.id for one in base.rivals("집을 옮길 때 신청은 주민센터에서 해요", TODAY)] == ["a"]
    assert base.rivals("주거급여는 월세를 도와주나요", TODAY) == ()
