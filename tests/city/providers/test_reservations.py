"""The lists of what can be booked: which facility the words mean, and what may be said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML
from tests.city.conftest import CHECKOUT

from donghaeng.city.connect import ConnectedCity, connect
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers import envelopes, reservations
from donghaeng.errors import ProviderDenied, ProviderError
from donghaeng.sandbox.inside import InsideCity
from donghaeng.settings import load_settings

SPORT, SPORTS = "ListPublicReservationSport", "ListPublicReservationSports"


def listed(samples: Any) -> list[Any]:
    files = ("reservations_sport.json", "reservations_institution.json")
    return [
        row
        for file in files
        for row in reservations.facility_rows(envelopes.seoul_rows("seoul", samples.text(file)))
    ]


def live(places: PlaceTable, samples: Any, asked: list[str], codes: dict[str, str]) -> ConnectedCity:
    """The live city over recorded lists; ``codes`` of services that answer with an error."""

    def answer(request: httpx.Request) -> httpx.Response:
        service = request.url.path.split("/")[3]
        asked.append(service)
        if service in codes:
            return httpx.Response(200, json={"RESULT": {"CODE": codes[service], "MESSAGE": ""}})
        name = {SPORT: "sport", SPORTS: "sport", "ListPublicReservationInstitution": "institution"}.get(
            service
        )
        empty = '{"RESULT": {"CODE": "INFO-200", "MESSAGE": ""}}'
        return httpx.Response(200, text=samples.text(f"reservations_{name}.json") if name else empty)

    settings = load_settings(city="live", seoul_openapi_key="KEY")
    return connect(settings, places, transport=httpx.MockTransport(answer))


def test_only_what_can_be_booked_with_names_that_can_be_spoken(samples: Any) -> None:
    rows = listed(samples)
    assert [row["name"] for row in rows] == [
        "예시공원 테니스장",
        "예시공원 테니스장",
        "보기공원 테니스장",
        "난지캠핑장",
        "예시회관 강당",
        "예시회관 회의실",
    ]
    assert [row["free"] for row in rows] == [False, False, True, False, False, None]
    assert (rows[0]["opens"], rows[0]["closes"], rows[0]["phone"]) == ("06:00", "22:00", "02-000-0000")
    assert (rows[2]["lat"], rows[2]["lon"], rows[2]["phone"]) == (37.55, 126.9, None)


@pytest.mark.parametrize(
    ("official", "spoken"),
    [
        ("[유료] ○○공원 테니스장 1코트(예시)", "○○공원 테니스장"),
        ("배드민턴장 3번 코트", "배드민턴장"),
        ("난지캠핑장 A형", "난지캠핑장"),
        ("(예시)", "(예시)"),
        ("", ""),
    ],
)
def test_official_names_without_brackets_and_courts(official: str, spoken: str) -> None:
    assert reservations.plain_name(official) == spoken


@pytest.mark.parametrize(
    ("said", "name", "free"),
    [
        ("예시공원 테니스장", "예시공원 테니스장", False),
        ("보기공원 테니스 코트", "보기공원 테니스장", True),
        ("테니스장", None, None),
        ("난지 캠핑장", "난지캠핑장", False),
        ("야영장", "난지캠핑장", False),
        ("대강당", "예시회관 강당", False),
    ],
)
async def test_which_facility_the_words_mean(
    places: PlaceTable, samples: Any, now: datetime, said: str, name: str | None, free: bool | None
) -> None:
    city = live(places, samples, [], {})
    answer = await city.call("reservation.facility", {"facility": said}, now=now)
    assert [(row["name"], row["free"]) for row in answer.rows] == [(name, free)]
    await city.aclose()


@pytest.mark.parametrize("said", ["풋살장", "우주 정거장", "공원"])
async def test_nothing_that_fits_and_can_be_booked(
    places: PlaceTable, samples: Any, now: datetime, said: str
) -> None:
    city = live(places, samples, [], {})
    rows = (await city.call("reservation.facility", {"facility": said}, now=now)).rows
    assert [row["name"] for row in rows] in ([], [None])
    await city.aclose()


@pytest.mark.parametrize("code", ["ERROR-310", "ERROR-500"])
async def test_a_list_that_goes_by_another_name_is_asked_for_by_that(
    places: PlaceTable, samples: Any, now: datetime, code: str
) -> None:
    asked: list[str] = []
    city = live(places, samples, asked, {SPORT: code})
    answer = await city.call("reservation.facility", {"facility": "보기공원 테니스장"}, now=now)
    assert answer.rows[0]["name"] == "보기공원 테니스장"
    assert asked[-1] == SPORTS
    await city.aclose()


@pytest.mark.parametrize(("code", "error"), [("INFO-100", ProviderDenied), ("ERROR-310", ProviderError)])
async def test_what_no_name_mends(
    places: PlaceTable, samples: Any, now: datetime, code: str, error: type[ProviderError]
) -> None:
    city = live(places, samples, [], dict.fromkeys((SPORT, SPORTS), code))
    with pytest.raises(error):
        await city.call("reservation.facility", {"facility": "테니스장"}, now=now)
    await city.aclose()


async def test_the_sandbox_city_has_what_people_book(city: InsideCity, now: datetime) -> None:
    for said in YAML(typ="safe").load(CHECKOUT / "catalogue/lexicon/public_facilities.yaml"):
        answer = await city.call("reservation.facility", {"facility": said}, now=now)
        assert len(answer.rows) == 1, said
    named = await city.call("reservation.facility", {"facility": "난지 캠핑장"}, now=now)
    assert (named.rows[0]["name"], named.rows[0]["district"]) == ("난지캠핑장", "마포구")
