"""Events, libraries, senior and childcare centres, and what the gateway is asked: columns into ours."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.connect import connect
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers import childcare, culture, envelopes, gateway, gateway_reads, library, seniors
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderUnavailable,
    QuotaUsedUp,
)
from donghaeng.settings import load_settings


def events(samples: Any) -> list[dict[str, Any]]:
    return culture.event_rows(envelopes.seoul_rows("seoul", samples.text("events.json")))


def test_events_have_days_fees_and_a_place_that_is_put_right(samples: Any) -> None:
    concert, show, festival, _ = events(samples)  # what has no day is left out
    assert (concert["title"], concert["category"], concert["district"]) == (
        "한강 마티네 콘서트 & 이야기",
        "클래식",
        "마포구",
    )
    assert (concert["starts"], concert["ends"], concert["free"], concert["fee"]) == (
        "2026-11-28",
        "2026-11-28",
        False,
        "전석 10,000원",
    )
    assert (show["free"], show["fee"], show["lat"], show["lon"]) == (True, None, 37.5707, 126.8943)
    assert (festival["starts"], festival["ends"], festival["lat"]) == ("2026-11-28", "2026-11-29", None)


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("공연", ["한강 마티네 콘서트 & 이야기", "지난 국악 공연"]),
        ("음악회", ["한강 마티네 콘서트 & 이야기", "지난 국악 공연"]),
        ("전시회", ["동네 사진전"]),
        ("사진전", ["동네 사진전"]),
        ("빛 축제", ["종로 노래자랑"]),
        ("노래자랑", ["종로 노래자랑"]),
        ("판소리", []),
        ("인형극", []),
    ],
)
def test_what_people_call_an_event_finds_the_categories_that_hold_it(
    samples: Any, kind: str, titles: list[str]
) -> None:
    assert [row["title"] for row in events(samples) if culture.fits(kind, row)] == titles


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"date": "2026-11-28"}, ["한강 마티네 콘서트 & 이야기", "종로 노래자랑", "동네 사진전"]),
        ({"date": "2026-11-28", "district": "마포구", "free": "yes"}, ["동네 사진전"]),
        ({"free": "no"}, ["한강 마티네 콘서트 & 이야기"]),
        ({"district": "강동구"}, []),
        (
            {"date": "2026-11-28", "home": "마포구"},
            ["한강 마티네 콘서트 & 이야기", "동네 사진전", "종로 노래자랑"],
        ),
        ({}, ["동네 사진전", "한강 마티네 콘서트 & 이야기", "종로 노래자랑"]),
    ],
)
async def test_events_are_kept_by_day_gu_kind_and_fee(
    places: PlaceTable, samples: Any, now: datetime, asked: dict[str, str], titles: list[str]
) -> None:
    paths: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path.decode())
        return httpx.Response(200, text=samples.text("events.json"))

    live = connect(
        load_settings(city="live", seoul_openapi_key="KEY"), places, transport=httpx.MockTransport(answer)
    )
    found = await live.call("culture.events", asked, now=now)
    assert [row["title"] for row in found.rows] == titles
    assert paths[0] == f"/KEY/json/culturalEventInfo/1/1000/%20/%20/{asked.get('date', '2026-11')}"
    assert len(paths) == (1 if titles or "date" in asked else 2)  # the next month where this one has none


@pytest.mark.parametrize(
    ("ends", "hours", "over"),
    [
        ("2026-11-22", "09:00~10:00", True),
        ("2026-11-23", "08:00~10:00", True),
        ("2026-11-23", "09:00 ~ 10:01", False),
        ("2026-11-23", "저녁 내내", False),
        ("2026-11-23", None, False),
        ("2026-11-24", "08:00~09:00", False),
    ],
)
def test_what_is_over_is_not_offered(now: datetime, ends: str, hours: str | None, over: bool) -> None:
    assert culture.is_over({"ends": ends, "hours": hours}, now) == over


def test_senior_centers_are_known_by_dong_and_never_by_who_leads_them(samples: Any) -> None:
    rows = seniors.center_rows(envelopes.seoul_rows("seoul", samples.text("senior_centers.json")))
    assert [(row["kind"], row["dong"], row["district"]) for row in rows] == [
        ("노인복지관", "합정동", "마포구"),
        ("경로당", "망원1동", "마포구"),
        ("경로당", None, "강동구"),
    ]
    assert (rows[0]["phone"], rows[1]["phone"]) == ("02-000-0001", None)
    assert "홍길동" not in str(rows)


def test_childcare_centers_that_are_closed_or_nowhere_are_left_out(samples: Any) -> None:
    (row,) = childcare.center_rows(envelopes.seoul_rows("seoul", samples.text("childcare.json")))
    assert (row["name"], row["kind"], row["capacity"], row["children"]) == (
        "새싹어린이집(예시)",
        "국공립",
        70,
        61,
    )
    assert (row["bus"], row["services"], row["lat"]) == (True, "시간연장형", 37.5499)


def test_books_have_an_isbn_a_plain_title_and_an_author(samples: Any) -> None:
    books = library.book_rows(samples.text("books.json"))
    assert [(one.title, one.author, one.loans) for one in books] == [
        ("토지문학의 숲", "아무개", 999),
        ("토지", "박경리", 40),
        ("토지", "박경리", 80),
    ]
    assert library.book_rows(samples.text("books.xml")) == [books[2]]


def test_libraries_lose_the_office_in_their_names(samples: Any) -> None:
    first, second = library.library_rows(samples.text("book_libraries.json"))
    assert (first.name, first.code, first.hours) == ("남산도서관", "111010", "07:00 ~ 22:00")
    assert (second.name, second.closed) == ("마포중앙도서관", None)


def test_what_can_be_borrowed(samples: Any) -> None:
    assert library.loan_state(samples.text("book_lent.json")) == (True, False)
    assert library.loan_state(samples.text("book_there.xml")) == (True, True)
    assert library.loan_state('{"response": {"request": {}, "result": ""}}') == (False, False)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("library_key.json", ProviderDenied),
        ("library_quota.json", QuotaUsedUp),
        ('{"response": {"error": "점검 중입니다"}}', ProviderUnavailable),
        ("<response><error>점검 중입니다</error></response>", ProviderUnavailable),
        ("<html><body>nginx</body></html>", MalformedAnswer),
        ('{"response": {}}', MalformedAnswer),
        ('{"response": {"request": {}, "docs": [{"doc": {"authors": "x"}}]}}', MalformedAnswer),
    ],
)
def test_faults_of_the_library_network(samples: Any, body: str, error: type[ProviderError]) -> None:
    text = samples.text(body) if body.endswith(".json") else body
    with pytest.raises(error) as raised:
        library.book_rows(text)
    assert type(raised.value) is error
    assert "인증키" not in str(raised.value)


@pytest.mark.parametrize(
    ("author", "plain"),
    [
        ("지은이: 박경리 ;그림: 아무개", "박경리"),
        ("박경리 지음", "박경리"),
        ("한강 글, 누구 그림", "한강"),
        ("", None),
    ],
)
def test_authors(author: str, plain: str | None) -> None:
    assert library.author_of(author) == plain


async def test_a_book_is_looked_for_by_title_then_in_the_library_that_was_named(
    places: PlaceTable, samples: Any, now: datetime
) -> None:
    asked: list[tuple[str, dict[str, str]]] = []
    answers = {
        "srchBooks": "books.json",
        "libSrch": "book_libraries.json",
        "libSrchByBook": "book_libraries.json",
        "bookExist": "book_lent.json",
    }

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        asked.append((name, dict(request.url.params)))
        return httpx.Response(200, text=samples.text(answers[name]))

    live = connect(
        load_settings(city="live", data4library_key="KEY"), places, transport=httpx.MockTransport(answer)
    )
    arguments = {"title": "토지", "library": "남산 도서관", "district": "은평구"}
    found = await live.call("library.book", arguments, now=now)
    first, second = found.rows
    assert (first["library"], first["asked"], first["held"], first["can_borrow"]) == (
        "남산도서관",
        True,
        True,
        False,
    )
    assert (second["library"], second["asked"], second["title"]) == ("마포중앙도서관", False, "토지")
    assert asked[0][1] == {
        "authKey": "KEY",
        "format": "json",
        "title": "토지",
        "pageNo": "1",
        "pageSize": "20",
    }
    by_book = next(params for name, params in asked if name == "libSrchByBook")
    assert (by_book["isbn"], by_book["region"], by_book["dtl_region"]) == ("9791100000003", "11", "11120")
    assert {params["isbn13"] for name, params in asked if name == "bookExist"} == {
        "9791100000003",
        "9791100000002",
    }


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("", None),
        ("이번 달", None),
        ("지난달", "2026-10"),
        ("지지난달", "2026-09"),
        ("구월", "2026-09"),
        ("구월분", "2026-09"),
        ("유월", "2026-06"),
        ("시월", "2026-10"),
        ("십일월", "2026-11"),
        ("12월", "2025-12"),
        ("작년 십월", "2025-10"),
        ("2026-08", "2026-08"),
        ("13월", None),
        ("아리수", None),
    ],
)
def test_months_of_a_bill(words: str, month: str | None) -> None:
    assert gateway_reads.bill_month(words, date(2026, 11, 23)) == month


@given(st.text(max_size=20), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_month_is_one_or_none(words: str, today: date) -> None:
    month = gateway_reads.bill_month(words, today)
    assert month is None or 1 <= int(month[5:]) <= 12


def test_a_bill_says_amounts_and_no_name(samples: Any) -> None:
    (row,) = gateway.rows_from(samples.text("gateway_bill.json"), gateway_reads.bill_row)
    assert (row["month_number"], row["amount_won"], row["usage_m3"], row["paid"]) == (10, 23450, 17, False)
    assert "홍길동" not in str(row)
    assert "마포구" not in str(row)


def test_jobs_and_complaints(samples: Any) -> None:
    guard, sweeper = gateway.rows_from(samples.text("gateway_jobs.json"), gateway_reads.job_row)
    assert (guard["pay_won_month"], guard["apply_until"]) == (900000, "2026-12-09")
    assert (sweeper["pay_won_month"], sweeper["hours"], sweeper["phone"]) == (None, None, None)
    (row,) = gateway.rows_from(samples.text("gateway_complaint.json"), gateway_reads.complaint_row)
    assert (row["state"], row["department"], row["due"]) == ("in_progress", "도로과", "2026-11-27")
    with pytest.raises(MalformedAnswer):
        gateway_reads.complaint_row({"receipt": "SEL-1", "state": "lost"})
