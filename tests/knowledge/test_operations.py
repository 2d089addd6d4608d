"""The knowledge base as operations: declared rows, ages that are only counted, kiosks that may not answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.knowledge.conftest import CHECKOUT

from donghaeng.city.glossary import load_glossary
from donghaeng.city.operations import Answer
from donghaeng.city.providers.declared.knowledge import OPERATIONS
from donghaeng.errors import InputError, ProviderError, ProviderUnavailable
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.operations import local_operations, month_in
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.rewording import Rewording
from donghaeng.korean.morphemes import analyser
from donghaeng.language_models.fake import FixedModel

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
NEAR = {"lat": 37.55, "lon": 126.91}
KIOSK = {
    "name": "마포구청",
    "address": "서울특별시 마포구 월드컵로 212",
    "hours": "평일 09:00~18:00",
    "distance_m": 700,
    "lat": 37.56,
    "lon": 126.9,
}
CALLS: Mapping[str, Mapping[str, Any]] = {
    "knowledge.search": {"question": "다산콜은 밤에도 전화를 받아요"},
    "knowledge.choices": {"question": "다산콜은 밤에도 전화를 받아요"},
    "knowledge.item": {"item": "우유갑"},
    "knowledge.guide": {"topic": "local_tax", "about": "property", "month": "구월분"},
    "knowledge.pension": {"birth_date": "1961-11-23"},
    "knowledge.certificate": {"kind": "land", **NEAR},
}


class FakeCity:
    """Knows one kiosk, or raises."""

    operations: Mapping[str, Any] = {}

    def __init__(
        self, kiosks: tuple[Mapping[str, Any], ...] = (KIOSK,), error: ProviderError | None = None
    ) -> None:
        self.kiosks = kiosks
        self.error = error
        self.asked: list[str] = []

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        self.asked.append(operation)
        if self.error is not None:
            raise self.error
        return Answer(self.kiosks)


async def _rows(knowledge: KnowledgeBase, operation: str, city: FakeCity | None = None, **given: Any) -> Any:
    local = local_operations(knowledge)[operation]
    answer = await local.carry_out(city or FakeCity(), given or CALLS[operation], NOW)
    return answer.rows


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_rows_are_those_declared(knowledge: KnowledgeBase, operation: Any) -> None:
    rows = await _rows(knowledge, operation.name)
    assert rows
    for row in rows:
        assert set(row) == set(operation.row)
        assert all(row[name] is not None or field.optional for name, field in operation.row.items())
        assert row.get("verified", True) is True


def test_every_declared_operation_is_carried_out(knowledge: KnowledgeBase) -> None:
    assert set(local_operations(knowledge)) == {operation.name for operation in OPERATIONS} == set(CALLS)


async def test_what_no_passage_answers_has_no_rows(knowledge: KnowledgeBase) -> None:
    assert await _rows(knowledge, "knowledge.search", question="여권은 어디서 만들어요") == ()
    assert await _rows(knowledge, "knowledge.item", item="우주선") == ()
    assert await _rows(knowledge, "knowledge.guide", topic="no_such_topic") == ()


@pytest.mark.parametrize(
    ("born", "age", "year", "month"),
    [
        ("1961-11-23", 65, 2026, 11),
        ("1961-11-24", 64, 2026, 11),
        ("1962-02-28", 64, 2027, 2),
        ("1940-01-01", 86, 2005, 1),
    ],
)
async def test_years_are_counted_and_nothing_is_decided(
    knowledge: KnowledgeBase, born: str, age: int, year: int, month: int
) -> None:
    first, *others = await _rows(knowledge, "knowledge.pension", birth_date=born)
    assert (first["age"], first["from_year"], first["from_month"]) == (age, year, month)
    assert "만 65세" in first["spoken"]
    assert all(other["age"] is None for other in others)


async def test_a_day_to_come_is_no_age_and_no_day_is_refused(knowledge: KnowledgeBase) -> None:
    assert (await _rows(knowledge, "knowledge.pension", birth_date="2027-01-01"))[0]["age"] is None
    assert (await _rows(knowledge, "knowledge.pension", household="alone"))[0]["age"] is None
    with pytest.raises(InputError):
        await _rows(knowledge, "knowledge.pension", birth_date="오월")


async def test_the_nearest_kiosk_is_told_where_a_place_is_given(knowledge: KnowledgeBase) -> None:
    first = (await _rows(knowledge, "knowledge.certificate"))[0]
    assert (first["kiosk_name"], first["kiosk_distance_m"]) == ("마포구청", 700)
    city = FakeCity()
    assert (await _rows(knowledge, "knowledge.certificate", city, kind="land"))[0]["kiosk_name"] is None
    assert city.asked == []


async def test_kiosks_that_do_not_answer_leave_the_rest_said(knowledge: KnowledgeBase) -> None:
    broken = FakeCity(error=ProviderUnavailable("data_go_kr", "it is down"))
    first = (await _rows(knowledge, "knowledge.certificate", broken, kind="tax", **NEAR))[0]
    assert first["kiosk_unknown"] is True
    assert "납세증명서" in first["spoken"]
    none = (await _rows(knowledge, "knowledge.certificate", FakeCity(()), kind="tax", **NEAR))[0]
    assert none["kiosk_name"] is None
    assert none["kiosk_unknown"] is None


def test_faults_strike_the_service_that_is_asked_for(knowledge: KnowledgeBase) -> None:
    local = local_operations(knowledge)
    assert local["knowledge.search"].services({"question": "?"}) == ("ask",)
    assert local["knowledge.search"].services({"question": "?", "topic": "local_tax"}) == ("local_tax",)
    assert local["knowledge.item"].services({"item": "?"}) == ("waste_guide",)
    assert local["knowledge.guide"].services({"topic": "local_tax"}) == ("local_tax",)


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("9월", 9),
        ("12월분", 12),
        ("구월분", 9),
        ("십이월", 12),
        ("시월", 10),
        ("유월 거", 6),
        ("집에", None),
        ("", None),
        ("13월", None),
    ],
)
def test_months(words: str, month: int | None) -> None:
    assert month_in(words) == month


GLOSSARY = load_glossary(CHECKOUT / "catalogue" / "lexicon" / "glossary.yaml")
PENSION_ROW = {"id": "pension-who", "spoken": "기초연금은 만 65세 이상이에요.", "source": "보건복지부"}
SERVICE_ROW = {
    "id": "WLF1",
    "name": "에너지바우처",
    "what": "전기와 가스 이용권을 드려요.",
    "targets": "저소득",
    "online": True,
    "phone": "129",
    "department": "산업통상자원부",
    "url": None,
    "source": "복지로",
}


async def _search(knowledge: KnowledgeBase, **given: Any) -> Any:
    local = local_operations(knowledge, glossary=GLOSSARY)["knowledge.search"]
    return (await local.carry_out(FakeCity(), given, NOW)).rows


async def test_a_question_about_the_answer_before_is_put_to_that_passage(knowledge: KnowledgeBase) -> None:
    (row,) = await _search(knowledge, question="어디로 가요", answered=PENSION_ROW)
    assert row["id"] == "pension-where"
    assert await _search(knowledge, question="그럼 얼마나 받아요", answered=PENSION_ROW) == ()
    assert await _search(knowledge, question="어디로 가요", answered={"id": "word-수급자"}) == ()


async def test_whether_somebody_gets_it_is_left_to_officials(knowledge: KnowledgeBase) -> None:
    (row,) = await _search(knowledge, question="저도 받을 수 있어요", answered=PENSION_ROW)
    assert (row["id"], row["own_case"]) == ("pension-who", True)
    (row,) = await _search(knowledge, question="누가 받아요", answered=PENSION_ROW)
    assert row["own_case"] is False


async def test_a_welfare_service_is_asked_about_by_what_its_row_holds(knowledge: KnowledgeBase) -> None:
    (row,) = await _search(knowledge, question="전화번호가 뭐예요", answered=SERVICE_ROW)
    assert (row["id"], row["spoken"], row["source"]) == ("WLF1", "물어보실 전화는 129번이에요.", "복지로")
    assert await _search(knowledge, question="얼마나 줘요", answered=SERVICE_ROW) == ()


async def test_a_hard_word_is_explained_and_cited(knowledge: KnowledgeBase) -> None:
    (row,) = await _search(knowledge, question="수급자가 뭐예요", word="수급자")
    assert row["spoken"] == GLOSSARY.terms["수급자"].spoken
    assert (row["document"], row["section"], row["own_case"]) == (GLOSSARY.document, "수급자", False)
    assert await _search(knowledge, question="외계인이 뭐예요", word="외계인") == ()


def _passage(identity: str, title: str, spoken: str, *names: str) -> Passage:
    return Passage(
        id=identity,
        topic="ask",
        title=title,
        names=[title, *names],
        spoken=spoken,
        document="안내",
        department="과",
        source="시",
        verified=True,
    )


PENSIONS = KnowledgeBase(
    [
        _passage("basic", "기초연금", "기초연금은 나이가 든 분께 드리는 연금이에요.", "연금"),
        _passage("disabled", "장애인연금", "장애인연금은 장애가 심한 분께 드리는 연금이에요.", "연금"),
        _passage("bus", "저상버스", "저상버스는 바닥이 낮은 버스예요."),
    ],
    analyser(),
)


async def _choices(**given: Any) -> list[str]:
    local = local_operations(PENSIONS)["knowledge.choices"]
    return [row["id"] for row in (await local.carry_out(FakeCity(), given, NOW)).rows]


async def test_several_that_fit_alike_are_offered_and_one_that_is_named_is_not() -> None:
    assert set(await _choices(question="연금은 어떤 분께 드려요")) == {"basic", "disabled"}
    assert await _choices(question="기초연금은 어떤 분께 드려요") == ["none"]
    assert await _choices(question="여권은 어디서 만들어요") == ["none"]
    assert await _choices(question="어디로 가요", answered=PENSION_ROW) == ["none"]
    assert await _choices(question="연금이 뭐예요", word="연금") == ["none"]


async def test_what_is_offered_alone_is_marked_and_what_is_decided_is_not() -> None:
    local = local_operations(PENSIONS)["knowledge.choices"]
    for question, unsure in (("연금은 어떤 분께 드려요", True), ("기초연금은 어떤 분께 드려요", False)):
        answer = await local.carry_out(FakeCity(), {"question": question}, NOW)
        assert {row["unsure"] for row in answer.rows} == {unsure}


async def test_what_was_chosen_is_told_and_other_words_are_asked_anew() -> None:
    (row,) = await _search(PENSIONS, question="연금은 어떤 분께 드려요", passage="disabled")
    assert row["id"] == "disabled"
    (row,) = await _search(PENSIONS, question="연금은 어떤 분께 드려요", passage="저상버스가 뭐예요")
    assert row["id"] == "bus"
    assert await _search(PENSIONS, question="연금은 어떤 분께 드려요", passage="여권 만드는 데") == ()
    (row,) = await _search(PENSIONS, question="기초연금은 어떤 분께 드려요", passage="none")
    assert row["id"] == "basic"


async def test_a_model_words_only_what_was_found_and_only_when_it_is_grounded() -> None:
    told: list[str] = []
    model = FixedModel('{"sentences": ["저상버스는 바닥이 높아요."]}')
    rewording = Rewording(model, lambda *given: frozenset(), observe=told.append)
    local = local_operations(PENSIONS, rewording=rewording)["knowledge.search"]
    (row,) = (await local.carry_out(FakeCity(), {"question": "저상버스가 뭐예요"}, NOW)).rows
    assert (row["spoken"], told) == ("저상버스는 바닥이 높아요.", ["reworded"])
    assert (await local.carry_out(FakeCity(), {"question": "여권은 어디서 만들어요"}, NOW)).rows == ()
    assert len(model.asked) == 1
