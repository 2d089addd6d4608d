"""From data.go.kr: pharmacies, public holidays, defibrillators, certificate kiosks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row, districts_around, nearest
from donghaeng.city.providers.declared.fields import DAY_S, HOUR_S
from donghaeng.city.providers.envelopes import Rows, need, portal_rows
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import asked_datetime, asked_point, clock, minutes_of, position, text
from donghaeng.errors import MalformedAnswer, ProviderError

PROVIDER = "data_go_kr"
STANDARD = "data_go_kr_standard"

AED_NEAR = "/B552657/AEDInfoInqireService/getAedLcinfoInqire"

PAGE_ROWS = 500
MAX_PAGES = 20
HOLIDAY = 8
"""Day number of public holidays in the pharmacies' opening hours; Monday is 1, Sunday 7."""
NEAR_ROWS = OPEN_ROWS = 5
_MIDNIGHT = 24 * 60
_PERSONAL = frozenset({"clerkTel", "manager", "managerTel"})
"""Names and telephones of persons, which the source sends unmasked at times: dropped on arrival."""


@dataclass(frozen=True, slots=True)
class Table:
    """An operation whose rows come in pages, and the columns that every row must have."""

    path: str
    columns: tuple[str, ...] = ()
    address: str = PROVIDER


PHARMACIES = Table("/B552657/ErmctInsttInfoInqireService/getParmacyListInfoInqire", ("dutyName", "dutyAddr"))
HOLIDAYS = Table("/B090041/openapi/service/SpcdeInfoService/getRestDeInfo", ("locdate",))
KIOSKS = Table("/openapi/tn_pubr_public_mnlss_cvpl_issu_info_api", address=STANDARD)


async def rows_of_table(outside: Outside, table: Table, params: Mapping[str, str], now: datetime) -> Rows:
    """Every row of an operation, page by page."""
    base, key = outside.address(table.address)

    def parse(body: str) -> tuple[Rows, int]:
        found, total = portal_rows(PROVIDER, body)
        need(PROVIDER, found, *table.columns)
        return found, total

    rows: Rows = []
    for page in range(1, MAX_PAGES + 1):
        request = Request(
            PROVIDER,
            "GET",
            base + table.path,
            quota=f"data.go.kr {table.path}",
            params={"serviceKey": key, **params, "pageNo": str(page), "numOfRows": str(PAGE_ROWS)},
        )
        found, total = await outside.transport.read(request, now, parse)
        rows += found
        if not found or len(rows) >= total:
            break
    return rows


# --- pharmacies --------------------------------------------------------------------------------------


async def pharmacy_near(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Pharmacies near a point with their hours of a day, nearest first: the five nearest, and the five
    nearest that are open, however far.

    On public holidays the hours of holidays hold. Where the calendar of holidays cannot be had, those of
    the weekday are given and ``extra["holidays_known"]`` is false.
    """
    lat, lon = asked_point(arguments)
    at = asked_datetime(arguments, "at", now)
    days, known = await day_numbers(outside, at.date(), now)
    rows: list[Row] = []
    for district in districts_around(outside.places, lat, lon):
        where = {"Q0": "서울특별시", "Q1": district}
        fetch = partial(rows_of_table, outside, PHARMACIES, where, now)
        found = await outside.cache.get(("pharmacy", district), HOUR_S, now, fetch)
        rows += pharmacy_rows(found, at, days)
    ranked = nearest(rows, lat, lon, len(rows))
    is_open = [row for row in ranked if row["open"]][:OPEN_ROWS]
    kept = [row for row in ranked if row in ranked[:NEAR_ROWS] or row in is_open]
    return Answer(rows=tuple(kept), as_of=now, extra={"holidays_known": known})


async def day_numbers(outside: Outside, day: date, now: datetime) -> tuple[tuple[int, int], bool]:
    """Day numbers of the day before and of the day, and whether the calendar of holidays was there."""
    before = day - timedelta(days=1)
    try:
        off = await holidays(outside, day.year, day.month, now)
        if before.month != day.month:
            off = off | await holidays(outside, before.year, before.month, now)
    except ProviderError:
        return (before.isoweekday(), day.isoweekday()), False
    numbers = tuple(HOLIDAY if each in off else each.isoweekday() for each in (before, day))
    return (numbers[0], numbers[1]), True


def pharmacy_rows(found: Rows, at: datetime, days: tuple[int, int]) -> list[Row]:
    """Rows of getParmacyListInfoInqire into ours.

    Args:
        found: raw rows.
        at: when it should be open, on Korean clocks.
        days: day numbers (1 Monday … 7 Sunday, 8 holiday) of the day before ``at`` and of its day.
    """
    rows = []
    for raw in found:
        where = position(raw, "wgs84Lat", "wgs84Lon")
        if where is None:
            continue
        rows.append(
            {
                "name": text(raw, "dutyName"),
                "address": text(raw, "dutyAddr"),
                "phone": text(raw, "dutyTel1") or None,
                **hours_at(raw, at, days),
                "lat": where[0],
                "lon": where[1],
            }
        )
    return rows


def hours_at(raw: Mapping[str, Any], at: datetime, days: tuple[int, int]) -> Row:
    """``opens``, ``closes`` and ``open`` from the columns ``dutyTime1s`` … ``dutyTime8c``.

    Args:
        raw: a row.
        at: when it should be open, on Korean clocks.
        days: day numbers of the day before ``at`` and of its day, see :func:`pharmacy_rows`.
    """
    minute = at.hour * 60 + at.minute
    today, late = _hours(raw, days[1]), _hours(raw, days[0])
    is_open = today is not None and minutes_of(today[0]) <= minute < minutes_of(today[1])
    if not is_open and late is not None and minute < minutes_of(late[1]) - _MIDNIGHT:
        today, is_open = late, True
    return {
        "opens": today[0] if today else None,
        "closes": today[1] if today else None,
        "open": is_open,
    }


def _hours(raw: Mapping[str, Any], day: int) -> tuple[str, str] | None:
    """Opening and closing of a day; a closing at or before the opening is after midnight."""
    opens = clock(text(raw, f"dutyTime{day}s").zfill(4))
    closes = clock(text(raw, f"dutyTime{day}c").zfill(4))
    if not text(raw, f"dutyTime{day}s") or not opens or not closes:
        return None
    if minutes_of(closes) <= minutes_of(opens):
        closes = f"{int(closes[:2]) + 24:02d}{closes[2:]}"
    return opens, closes


# --- public holidays ---------------------------------------------------------------------------------


async def holidays(outside: Outside, year: int, month: int, now: datetime) -> frozenset[date]:
    """Public holidays of a month, substitute holidays included."""
    found = await outside.cache.get(
        ("holidays", year, month),
        DAY_S,
        now,
        lambda: rows_of_table(outside, HOLIDAYS, {"solYear": str(year), "solMonth": f"{month:02d}"}, now),
    )
    return holiday_dates(found)


def holiday_dates(found: Rows) -> frozenset[date]:
    """Dates of getRestDeInfo on which offices are closed.

    Raises:
        MalformedAnswer: a row lacks its date.
    """
    dates = set()
    for raw in found:
        try:
            day = datetime.strptime(text(raw, "locdate"), "%Y%m%d").date()  # noqa: DTZ007 - a date
        except ValueError:
            raise MalformedAnswer(PROVIDER, "a holiday has no date") from None
        if text(raw, "isHoliday") != "N":
            dates.add(day)
    return frozenset(dates)


# --- defibrillators ----------------------------------------------------------------------------------


async def defibrillators(outside: Outside, lat: float, lon: float, now: datetime) -> list[Row]:
    """Defibrillators around a point, as the source finds them."""
    base, key = outside.address(PROVIDER)
    request = Request(
        PROVIDER,
        "GET",
        base + AED_NEAR,
        quota=f"data.go.kr {AED_NEAR}",
        params={
            "serviceKey": key,
            "WGS84_LON": f"{lon:.6f}",
            "WGS84_LAT": f"{lat:.6f}",
            "pageNo": "1",
            "numOfRows": "20",
        },
    )
    found = await outside.cache.get(
        ("aed", round(lat, 4), round(lon, 4)),
        DAY_S,
        now,
        lambda: outside.transport.read(request, now, _defibrillators),
    )
    return defibrillator_rows(found, now)


def _defibrillators(body: str) -> Rows:
    found, _ = portal_rows(PROVIDER, body)
    need(PROVIDER, found, "org")
    return [{name: value for name, value in raw.items() if name not in _PERSONAL} for raw in found]


def defibrillator_rows(found: Rows, now: datetime) -> list[Row]:
    """Rows of getAedLcinfoInqire into ours, with the hours of this weekday."""
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[now.weekday()]
    rows = []
    for raw in found:
        at = position(raw, "wgs84Lat", "wgs84Lon")
        if at is None:
            continue
        opens = clock(text(raw, f"{day}SttTme").zfill(4)) if text(raw, f"{day}SttTme") else None
        closes = clock(text(raw, f"{day}EndTme").zfill(4)) if text(raw, f"{day}EndTme") else None
        all_day = opens == "00:00" and closes in {"24:00", "23:59"}
        hours = f"{opens}~{closes}" if opens and closes else None
        rows.append(
            {
                "name": text(raw, "org"),
                "address": text(raw, "buildAddress"),
                "hours": "24시간" if all_day else hours,
                "detail": text(raw, "buildPlace") or None,
                "phone": None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows


# --- certificate kiosks ------------------------------------------------------------------------------


async def kiosks(outside: Outside, lat: float, lon: float, now: datetime) -> list[Row]:
    """Certificate kiosks; the national table, of which Seoul's rows are kept."""
    del lat, lon
    found = await outside.cache.get(
        ("kiosks",), DAY_S, now, lambda: rows_of_table(outside, KIOSKS, {"type": "json"}, now)
    )
    return kiosk_rows(found)


def kiosk_rows(found: Rows) -> list[Row]:
    """Rows of tn_pubr_public_mnlss_cvpl_issu_info_api into ours; both spellings of the closing time."""
    rows = []
    for raw in found:
        at = position(raw, "latitude", "longitude")
        address = text(raw, "rdnmadr", "lnmadr")
        name = text(raw, "mnlssCvplIssuInsttNm")
        if at is None or not name or not address.startswith("서울"):
            continue
        opens = clock(text(raw, "weekdayOperOpenHhmm"))
        closes = clock(text(raw, "weekdayOperColseHhmm", "weekdayOperCloseHhmm"))
        rows.append(
            {
                "name": name,
                "address": address,
                "hours": f"평일 {opens}~{closes}" if opens and closes else None,
                "detail": "무인민원발급기",
                "phone": text(raw, "phoneNumber") or None,
                "lat": at[0],
                "lon": at[1],
            }
        )
    return rows
