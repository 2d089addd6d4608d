"""Welfare services: the portal's list, and which of its rows fit a need."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.connect import connect
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.welfare import (
    matching,
    service_rows,
    stage_of,
    telling_words,
    welfare_list,
)
from donghaeng.errors import InputError, MalformedAnswer, ProviderDenied, ProviderError, ProviderUnavailable
from donghaeng.settings import load_settings

SAMPLE = (Path(__file__).parents[1] / "samples" / "welfare.xml").read_text(encoding="utf-8")
ROWS = service_rows(welfare_list(SAMPLE)[0])


def _coded(code: str) -> str:
    return f"<wantedList><resultCode>{code}</resultCode><resultMessage>x</resultMessage></wantedList>"


def test_rows_say_what_it_is_and_hide_a_telephone_that_nobody_could_dial() -> None:
    (dentures, _), (energy, themes), (parents, _) = ROWS
    assert (dentures["name"], dentures["phone"], dentures["online"]) == ("노인 의치 지원(예시)", "129", False)
    assert (energy["phone"], energy["online"], themes) == (None, True, "에너지,생활지원")
    assert parents["phone"] == "02-000-0000"
    assert "&wlfareInfoReldBztpCd=01" in str(dentures["url"])


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("틀니", "노인 의치 지원(예시)"),
        ("틀니 하는 데 돈을 대 준다고 하던데", "노인 의치 지원(예시)"),
        ("난방비", "에너지 이용권(예시)"),
        ("전기세가 밀렸어요", "에너지 이용권(예시)"),
        ("복지", "노인 의치 지원(예시)"),
    ],
)
def test_a_need_finds_by_its_words_and_by_its_theme(need: str, first: str) -> None:
    assert matching(ROWS, need, None)[0]["name"] == first


def test_a_need_that_nothing_fits_finds_nothing() -> None:
    assert matching(ROWS, "우주여행", None) == []


def test_who_lives_alone_is_not_told_of_help_for_families_alone() -> None:
    assert "한부모 아동 양육 지원(예시)" in [row["name"] for row in matching(ROWS, "복지", "family")]
    assert "한부모 아동 양육 지원(예시)" not in [row["name"] for row in matching(ROWS, "복지", "alone")]


def test_words_keep_rows_of_their_theme_out_and_call_for_families() -> None:
    assert [row["name"] for row in matching(ROWS, "틀니", None)] == ["노인 의치 지원(예시)"]
    assert [row["name"] for row in matching(ROWS, "한부모 양육", "alone")] == ["한부모 아동 양육 지원(예시)"]


@pytest.mark.parametrize(("age", "stage"), [(0, "001"), (12, "002"), (39, "004"), (64, "005"), (65, "006")])
def test_ages_have_their_stage_of_life(age: int, stage: str) -> None:
    assert stage_of(age) == stage


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (_coded("30"), ProviderDenied),
        (_coded("04"), ProviderUnavailable),
        ("<wantedList></wantedList>", MalformedAnswer),
        (SAMPLE[: len(SAMPLE) // 2], MalformedAnswer),
        ("<other><resultCode>0</resultCode></other>", MalformedAnswer),
    ],
)
def test_errors_of_the_list(body: str, error: type[ProviderError]) -> None:
    with pytest.raises(error):
        welfare_list(body)


def test_no_rows_are_no_error() -> None:
    assert welfare_list(_coded("03")) == ([], 0)


@given(st.text(max_size=100))
def test_whatever_is_said_gives_rows_of_the_list(said: str) -> None:
    assert all(row in [one for one, _ in ROWS] for row in matching(ROWS, said, None))
    assert all(word in said for word in telling_words(said))


async def test_the_stage_of_life_is_asked_of_the_portal(places: PlaceTable, now: datetime) -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("lifeArray"))
        assert request.url.params["callTp"] == "L"
        return httpx.Response(200, text=SAMPLE)

    live = connect(
        load_settings(city="live", data_go_kr_key="KEY"), places, transport=httpx.MockTransport(answer)
    )
    for given_age in (72, None, 80):
        arguments = {"need": "난방비"} | ({"age": given_age} if given_age else {})
        assert (await live.call("welfare.services", arguments, now=now)).rows
    assert asked == ["006", None], "the third is served from the cache"
    with pytest.raises(InputError):
        await live.call("welfare.services", {"need": "난방비", "age": 200}, now=now)
    await live.aclose()
