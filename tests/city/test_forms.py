"""Forms that are prepared here and handed in by the citizen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from donghaeng.city.apps import APPS_FILE, PublicApps, load_public_apps
from donghaeng.city.forms import OFFICES, complaint_text, form_operations
from donghaeng.city.operations import City
from donghaeng.city.providers.declared import OPERATIONS

TABLE = Path(__file__).resolve().parents[2] / "catalogue" / "lexicon" / APPS_FILE
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
NO_CITY = cast(City, None)
TOLD: dict[str, Any] = {
    "category": "도로와 인도",
    "content": "길이 파였어요",
    "where": "합정역 앞",
    "phone": "010-1234-5678",
}


async def test_a_formal_complaint_is_prepared_with_the_official_places_that_take_it() -> None:
    operation = form_operations(load_public_apps(TABLE))["forms.complaint"]
    answer = await operation.carry_out(NO_CITY, TOLD, NOW)
    assert tuple(row["name"] for row in answer.rows) == OFFICES
    assert answer.receipt is None
    for row in answer.rows:
        assert set(row) == set(OPERATIONS["forms.complaint"].row)
        assert row["url"].startswith("https://")
        assert row["text"] == (
            "분야: 도로와 인도 / 내용: 길이 파였어요 / 곳: 합정역 앞 / "
            "연락처: 010-1234-5678 / 날짜: 2026. 11. 23."
        )
    assert operation.services(TOLD) == ("complaint",)


async def test_without_an_official_place_nothing_is_prepared() -> None:
    operation = form_operations(PublicApps({}))["forms.complaint"]
    assert (await operation.carry_out(NO_CITY, TOLD, NOW)).rows == ()


def test_what_was_not_told_has_no_line() -> None:
    text = complaint_text({**TOLD, "phone": None}, NOW)
    assert "연락처" not in text
    assert text.endswith("날짜: 2026. 11. 23.")
