"""data.go.kr of the sandbox city: weather, pharmacies, holidays, defibrillators, kiosks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from donghaeng.city.places import distance_m
from donghaeng.city.providers.values import number, stamp
from donghaeng.sandbox import care_api
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.sites import Site
from donghaeng.sandbox.sky import NONE, Hour
from donghaeng.sandbox.wire import Page, Reply, Row, portal_code, portal_fault, portal_rows

Query = Mapping[str, str]
Operation = Callable[[SandboxCity, Query], "list[Row] | str"]
"""Every row that answers a query, or a result code."""

KMA = "/1360000/VilageFcstInfoService_2.0"
SERVED_AFTER = timedelta(minutes=10)
ISSUE_HOURS = frozenset({2, 5, 8, 11, 14, 17, 20, 23})
FORECAST_DAYS = 4
CODED_FROM_DAY = 3
"""From the third day on steps are three hours long and amounts are codes (KMA, since 2024-11-28)."""
KEPT_FOR = timedelta(days=1)
MAX_ROWS = 2_000

MESSAGES = {
    "03": "NODATA_ERROR",
    "04": "HTTP ROUTING ERROR",
    "10": "INVALID_REQUEST_PARAMETER_ERROR",
    "11": "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
    "12": "NO_OPENAPI_SERVICE_ERROR",
    "30": "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
}


def portal_api(city: SandboxCity, path: str, query: Query) -> Reply:
    """Any operation; the key is checked first and its fault is XML, as on the real gateway."""
    if not query.get("serviceKey"):
        return portal_fault("30", MESSAGES["30"])
    json_wanted = wants_json(query)
    operation = OPERATIONS.get(path)
    if operation is None:
        return portal_fault("12", MESSAGES["12"])
    size, page = _whole(query.get("numOfRows", "10")), _whole(query.get("pageNo", "1"))
    if size is None or page is None or not 1 <= size <= MAX_ROWS or page < 1:
        return portal_code("10", MESSAGES["10"], json_wanted=json_wanted)
    found = operation(city, query)
    if isinstance(found, str):
        return portal_code(found, MESSAGES[found], json_wanted=json_wanted)
    rows = found[(page - 1) * size : page * size]
    counted = Page(size, page, len(found))
    return portal_rows(rows, counted, json_wanted=json_wanted, standard=path.startswith("/openapi/"))


def wants_json(query: Query) -> bool:
    """Each agency has its own switch for JSON."""
    return "json" in {query.get(name, "").lower() for name in ("_type", "dataType", "type")}


def _whole(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


# --- weather ----------------------------------------------------------------------------------------


def _grid(query: Query) -> tuple[int, int] | None:
    nx, ny = _whole(query.get("nx", "")), _whole(query.get("ny", ""))
    return (nx, ny) if nx and ny else None


def _base(city: SandboxCity, query: Query) -> datetime | str:
    base = stamp(query.get("base_date", "") + query.get("base_time", ""), "%Y%m%d%H%M")
    if base is None or _grid(query) is None:
        return "10"
    age = city.now - base
    return base if SERVED_AFTER <= age < KEPT_FOR + timedelta(hours=3) else "03"


def _observation(city: SandboxCity, query: Query) -> list[Row] | str:
    base, grid = _base(city, query), _grid(query)
    if isinstance(base, str) or grid is None:
        return base if isinstance(base, str) else "10"
    if base.minute:
        return "03"
    hour = city.world.sky.hour(base, grid)
    values = {
        "T1H": f"{hour.temperature:.1f}",
        "RN1": f"{hour.amount_mm:g}",
        "UUU": "0",
        "VVV": "0",
        "REH": str(hour.humidity),
        "PTY": "1" if hour.rain == "4" else hour.rain,
        "VEC": "270",
        "WSD": f"{hour.wind:.1f}",
    }
    return [
        {**_issued(base), "category": name, "nx": grid[0], "ny": grid[1], "obsrValue": value}
        for name, value in values.items()
    ]


def _issued(base: datetime) -> Row:
    return {"baseDate": f"{base:%Y%m%d}", "baseTime": f"{base:%H%M}"}


def _forecast(city: SandboxCity, query: Query) -> list[Row] | str:
    base, grid = _base(city, query), _grid(query)
    if isinstance(base, str) or grid is None:
        return base if isinstance(base, str) else "10"
    if base.hour not in ISSUE_HOURS or base.minute:
        return "03"
    rows: list[Row] = []
    at = base + timedelta(hours=1)
    while (at.date() - base.date()).days <= FORECAST_DAYS:
        days = (at.date() - base.date()).days
        if days < CODED_FROM_DAY or at.hour % 3 == 0:
            values = _values(city, at, grid, coded=days >= CODED_FROM_DAY)
            rows += [
                {
                    **_issued(base),
                    "category": name,
                    "fcstDate": f"{at:%Y%m%d}",
                    "fcstTime": f"{at:%H%M}",
                    "fcstValue": value,
                    "nx": grid[0],
                    "ny": grid[1],
                }
                for name, value in values.items()
            ]
        at += timedelta(hours=1)
    return rows


def _values(city: SandboxCity, at: datetime, grid: tuple[int, int], *, coded: bool) -> dict[str, str]:
    hour = city.world.sky.hour(at, grid)
    values = {
        "TMP": f"{hour.temperature:.0f}",
        "SKY": hour.sky,
        "PTY": hour.rain,
        "POP": str(hour.percent),
        "PCP": _amount(hour, coded=coded),
        "REH": str(hour.humidity),
        "WSD": "1" if coded else f"{hour.wind:.1f}",
    }
    low, high = city.world.sky.extremes(at.date(), grid)
    if at.hour == 6:
        values["TMN"] = f"{low:.1f}"
    if at.hour == 15:
        values["TMX"] = f"{high:.1f}"
    return values


def _amount(hour: Hour, *, coded: bool) -> str:
    if hour.rain == NONE:
        return "강수없음"
    if coded:
        return "1" if hour.amount_mm < 3 else "2"
    return "1mm 미만" if hour.amount_mm < 1 else f"{hour.amount_mm:.1f}mm"


# --- health and kiosks --------------------------------------------------------------------------------


def _pharmacies(city: SandboxCity, query: Query) -> list[Row] | str:
    if query.get("Q0") not in {"서울특별시", "서울"}:
        return "11" if not query.get("Q0") else []
    district, words, day = query.get("Q1", ""), query.get("QN", ""), query.get("QT", "")
    found = [
        site
        for site in city.world.sites.pharmacies
        if (not district or site.district == district)
        and words in site.name
        and (not day or f"dutyTime{day}s" in site.extra)
    ]
    found.sort(key=lambda site: site.address if query.get("ORD") == "ADDR" else site.name)
    return [_pharmacy(site, rank) for rank, site in enumerate(found, start=1)]


def _pharmacy(site: Site, rank: int) -> Row:
    return {
        "dutyAddr": site.address,
        "dutyName": site.name,
        "dutyTel1": site.phone,
        **site.extra,
        "hpid": f"C1{site.number:06d}",
        "postCdn1": "031",
        "postCdn2": "55 ",
        "rnum": rank,
        "wgs84Lat": site.lat,
        "wgs84Lon": site.lon,
    }


def _defibrillators(city: SandboxCity, query: Query) -> list[Row] | str:
    lat, lon = number(query, "WGS84_LAT"), number(query, "WGS84_LON")
    if lat is None or lon is None:
        return "11"
    measured = sorted(
        (distance_m(lat, lon, site.lat, site.lon), site.number, site)
        for site in city.world.sites.defibrillators
        if abs(site.lat - lat) < 0.03 and abs(site.lon - lon) < 0.03
    )
    return [_defibrillator(site, away, rank) for rank, (away, _, site) in enumerate(measured[:100], start=1)]


def _defibrillator(site: Site, away_m: float, rank: int) -> Row:
    row: dict[str, Any] = {
        "buildAddress": site.address,
        "buildPlace": site.extra["where"],
        "clerkTel": site.phone,
        "distance": f"{away_m / 1000:.3f}",
        "manager": "김**",
        "managerTel": "02-******",
        "mfg": "제조사",
        "model": "모델",
        "org": site.name,
        "rnum": rank,
        "serialSeq": f"000-{site.number:06d}-000000",
        "wgs84Lat": site.lat,
        "wgs84Lon": site.lon,
        "zipcode1": "031",
        "zipcode2": "55",
    }
    opens, closes = ("0000", "2400") if site.extra["all_day"] else ("0900", "1800")
    days = ("mon", "tue", "wed", "thu", "fri") + (("sat", "sun", "hol") if site.extra["all_day"] else ())
    for day in days:
        row |= {f"{day}SttTme": opens, f"{day}EndTme": closes}
    return row


def _kiosks(city: SandboxCity, query: Query) -> list[Row]:
    del query
    return [
        {
            "mnlssCvplIssuInsttNm": site.name,
            "rdnmadr": site.address,
            "lnmadr": site.address,
            "latitude": str(site.lat),
            "longitude": str(site.lon),
            "weekdayOperOpenHhmm": f"{site.extra['opens'][:2]}:{site.extra['opens'][2:]}",
            "weekdayOperColseHhmm": f"{site.extra['closes'][:2]}:{site.extra['closes'][2:]}",
            "phoneNumber": site.phone,
        }
        for site in city.world.sites.kiosks
    ]


# --- public holidays ----------------------------------------------------------------------------------

_EVERY_YEAR = {
    (1, 1): "1월1일",
    (3, 1): "삼일절",
    (5, 5): "어린이날",
    (6, 6): "현충일",
    (8, 15): "광복절",
    (10, 3): "개천절",
    (10, 9): "한글날",
    (12, 25): "기독탄신일",
}
# By the lunar calendar, with substitute days (관공서의 공휴일에 관한 규정).
_BY_YEAR = {
    date(2025, 1, 28): "설날", date(2025, 1, 29): "설날", date(2025, 1, 30): "설날",
    date(2025, 3, 3): "대체공휴일", date(2025, 5, 6): "대체공휴일", date(2025, 10, 5): "추석",
    date(2025, 10, 6): "추석", date(2025, 10, 7): "추석", date(2025, 10, 8): "대체공휴일",
    date(2026, 2, 16): "설날", date(2026, 2, 17): "설날", date(2026, 2, 18): "설날",
    date(2026, 3, 2): "대체공휴일", date(2026, 5, 24): "부처님오신날", date(2026, 5, 25): "대체공휴일",
    date(2026, 8, 17): "대체공휴일", date(2026, 9, 24): "추석", date(2026, 9, 25): "추석",
    date(2026, 9, 26): "추석", date(2026, 10, 5): "대체공휴일",
    date(2027, 2, 6): "설날", date(2027, 2, 7): "설날", date(2027, 2, 8): "설날",
    date(2027, 2, 9): "대체공휴일", date(2027, 5, 13): "부처님오신날", date(2027, 8, 16): "대체공휴일",
    date(2027, 9, 14): "추석", date(2027, 9, 15): "추석", date(2027, 9, 16): "추석",
    date(2027, 10, 4): "대체공휴일", date(2027, 10, 11): "대체공휴일", date(2027, 12, 27): "대체공휴일",
}  # fmt: skip


def _holidays(city: SandboxCity, query: Query) -> list[Row] | str:
    del city
    year, month = _whole(query.get("solYear", "")), _whole(query.get("solMonth", ""))
    if not year or not month or not 1 <= month <= 12 or not 1900 < year < 2100:
        return "10"
    names = {date(year, m, d): name for (m, d), name in _EVERY_YEAR.items() if m == month}
    names |= {day: name for day, name in _BY_YEAR.items() if (day.year, day.month) == (year, month)}
    return [
        {"dateKind": "01", "dateName": name, "isHoliday": "Y", "locdate": f"{day:%Y%m%d}", "seq": 1}
        for day, name in sorted(names.items())
    ]


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        f"{KMA}/getUltraSrtNcst": _observation,
        f"{KMA}/getVilageFcst": _forecast,
        "/B552657/ErmctInsttInfoInqireService/getParmacyListInfoInqire": _pharmacies,
        "/B552657/AEDInfoInqireService/getAedLcinfoInqire": _defibrillators,
        care_api.HOSPITALS: care_api.hospitals,
        care_api.BEDS: care_api.beds,
        care_api.ROOMS: care_api.rooms,
        "/B090041/openapi/service/SpcdeInfoService/getRestDeInfo": _holidays,
        "/openapi/tn_pubr_public_mnlss_cvpl_issu_info_api": _kiosks,
    }
)

FAULT_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        f"{KMA}/getUltraSrtNcst": ("weather",),
        f"{KMA}/getVilageFcst": ("weather",),
        "/B552657/ErmctInsttInfoInqireService/getParmacyListInfoInqire": ("pharmacy",),
        "/B552657/AEDInfoInqireService/getAedLcinfoInqire": ("nearby_facility",),
        care_api.HOSPITALS: ("hospital",),
        care_api.BEDS: ("emergency_room",),
        care_api.ROOMS: ("emergency_room",),
        "/openapi/tn_pubr_public_mnlss_cvpl_issu_info_api": ("nearby_facility",),
    }
)
