"""The knowledge base as operations: declared rows, ages that are only counted, kiosks that may not answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from donghaeng.city.operations import Answer
from donghaeng.city.providers.declared.knowledge import OPERATIONS
from donghaeng.errors import InputError, ProviderError, ProviderUnavailable
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.operations import local_operations, month_in

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
        assert row["verified"] is True


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
