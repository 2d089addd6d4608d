"""What the sandbox city's gateway knows beside its ledger: jobs, water bills, complaints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from donghaeng.city.places import Kind
from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.ledger import CANCELLED, Entry
from donghaeng.sandbox.wire import Reply, as_json, problem

JOBS_A_DISTRICT = 13
MONTHS_KEPT = 24
"""Months back for which there is a water bill."""
UNKNOWN_CUSTOMER = "000000000"
COMPLAINTS_A_DAY = 60
COMPLAINT_DAYS = 90
"""Days back on which complaints were made before this city began."""
ANSWER_DAYS = 7

_KINDS = (
    ("경비", "아파트 경비", "격일 24시간"),
    ("청소", "건물 청소", "평일 하루 4시간"),
    ("환경미화", "동네 환경미화", "주 3회, 하루 3시간"),
    ("교통 봉사", "학교 앞 교통 봉사", "평일 아침 1시간"),
    ("주차 관리", "공영 주차장 관리", "주 5일, 하루 6시간"),
    ("택배", "실버 택배", "주 5일, 하루 4시간"),
    ("급식 도우미", "학교 급식 도우미", "평일 하루 3시간"),
    ("도서관 도우미", "도서관 책 정리", "주 3회, 하루 3시간"),
    ("돌봄 도우미", "어르신 말벗", "주 3회, 하루 3시간"),
    ("카페", "실버 카페", "주 5일, 하루 4시간"),
    ("지하철 안내", "지하철역 안내", "주 5일, 하루 3시간"),
    ("공원 관리", "공원 풀 뽑기", "주 3회, 하루 3시간"),
    ("운전", "셔틀버스 운전", "주 5일, 하루 5시간"),
    ("반찬 만들기", "반찬 가게 조리", "주 5일, 하루 4시간"),
)
"""Kind of work, title, hours; invented."""
_EMPLOYERS = ("시니어클럽", "노인복지관", "어르신취업센터")
_DEPARTMENTS = {
    "road": "도로과",
    "streetlight": "도로과",
    "waste": "청소행정과",
    "noise": "환경과",
    "parking": "주차관리과",
    "park": "공원녹지과",
    "other": "민원과",
}
_STEPS = (("received", 0), ("assigned", 1), ("in_progress", 3), ("done", 6))
"""States with the days after which they are reached."""
_RECEIPT = re.compile(r"(?:(?P<letters>[A-Z가-힣]{2,8})-?)?(?P<day>\d{6})-?(?P<number>\d{4})")


def jobs(city: SandboxCity, query: Mapping[str, str]) -> Reply:
    """``GET /v1/senior_jobs``"""
    district, kind = query.get("district", ""), query.get("kind", "").replace(" ", "")
    if city.world.places.by_key(Kind.DISTRICT, district) is None:
        return problem(422, "invalid", "district is required")
    found = [
        job
        for job in _jobs(city, district)
        if not kind or kind in job["kind"].replace(" ", "") or kind in job["title"].replace(" ", "")
    ]
    return as_json({"items": sorted(found, key=lambda job: job["apply_until"])})


def _jobs(city: SandboxCity, district: str) -> list[dict[str, Any]]:
    """The open jobs of a gu, of the commonest kinds and of most others; each is open for two weeks."""
    today = city.now.date()
    turn = today.toordinal() // 14
    chosen = (
        *_KINDS[:2],
        *sorted(_KINDS[2:], key=lambda kind: draw(city.world.seed, "job", district, kind[0], turn)),
    )
    return [
        {
            "title": title,
            "kind": kind,
            "district": district,
            "organisation": f"{district} {pick(_EMPLOYERS, city.world.seed, district, kind)}",
            "hours": hours,
            "pay_won_month": 10_000 * whole(29, 120, city.world.seed, "pay", district, kind),
            "apply_until": date.fromordinal((turn + 1) * 14 + 3).isoformat(),
            "phone": f"02-000-{whole(0, 9999, city.world.seed, 'job phone', district, kind):04d}",
        }
        for kind, title, hours in chosen[:JOBS_A_DISTRICT]
    ]


def bills(city: SandboxCity, asked: Mapping[str, Any]) -> Reply:
    """``POST /v1/water_bills/lookup``: one bill, or none for a number or month that has none."""
    number, month = asked.get("customer_number"), asked.get("month")
    if not isinstance(number, str) or not re.fullmatch(r"[0-9]{9}", number):
        return problem(422, "invalid", "customer_number has nine digits")
    if month is not None and not (
        isinstance(month, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month)
    ):
        return problem(422, "invalid", "month is YYYY-MM")
    newest = city.now.year * 12 + city.now.month - 1
    index = int(month[:4]) * 12 + int(month[5:]) - 1 if month else newest
    if number == UNKNOWN_CUSTOMER or not newest - MONTHS_KEPT < index <= newest:
        return as_json({"items": []})
    return as_json({"items": [_bill(city, number, index, newest)]})


def _bill(city: SandboxCity, number: str, index: int, newest: int) -> dict[str, Any]:
    words = (city.world.seed, "water", number)
    usage = whole(4, 32, *words, index)
    due = date(index // 12, index % 12 + 1, 28)
    behind = draw(*words, "behind") < 0.2
    return {
        "month": f"{due:%Y-%m}",
        "amount_won": 10 * whole(60, 90, *words, "rate") * usage + 1_080,
        "usage_m3": usage,
        "due": due.isoformat(),
        "paid": index < newest and not (behind and index == newest - 1),
        "unpaid_won": 10 * whole(500, 3_000, *words, "unpaid") if behind and index == newest else 0,
    }


def complaint(city: SandboxCity, asked: Mapping[str, Any]) -> Reply:
    """``POST /v1/complaints/lookup``: one complaint, or none. The letters of a receipt may be left out."""
    receipt = asked.get("receipt")
    if not isinstance(receipt, str) or not 4 <= len(receipt) <= 40:
        return problem(422, "invalid", "receipt is required")
    entry = city.ledger.find(receipt) or _by_digits(city, receipt)
    if entry is not None:
        return as_json({"items": [_filed(city, entry)] if entry.service == "complaint" else []})
    made = _before(city, receipt)
    return as_json({"items": [made] if made else []})


def _by_digits(city: SandboxCity, receipt: str) -> Entry | None:
    """The request whose receipt has these digits, where no letters were given."""
    found = _RECEIPT.fullmatch(receipt)
    if found is None or found["letters"]:
        return None
    tail = f"-{found['day']}-{found['number']}"
    return next((entry for entry in city.ledger.entries() if entry.receipt.endswith(tail)), None)


def _filed(city: SandboxCity, entry: Entry) -> dict[str, Any]:
    made = datetime.fromisoformat(entry.made_at).date()
    found = _state(city, entry.receipt, made, str(entry.arguments.get("category", "other")))
    if entry.state == CANCELLED:
        found |= {"state": "withdrawn", "department": None, "due": None, "done_on": None}
    return found


def _before(city: SandboxCity, receipt: str) -> dict[str, Any] | None:
    """A complaint made before this city's ledger began."""
    found = _RECEIPT.fullmatch(receipt)
    if found is None or not 1 <= int(found["number"]) <= COMPLAINTS_A_DAY:
        return None
    try:
        made = datetime.strptime(found["day"], "%y%m%d").date()  # noqa: DTZ007 - a date
    except ValueError:
        return None
    if not timedelta(0) < city.now.date() - made <= timedelta(days=COMPLAINT_DAYS):
        return None
    full = f"{found['letters'] or 'SEL'}-{found['day']}-{found['number']}"
    return _state(city, full, made, pick(tuple(_DEPARTMENTS), city.world.seed, "complaint", full))


def _state(city: SandboxCity, receipt: str, made: date, category: str) -> dict[str, Any]:
    """How far a complaint has come by now; some take longer."""
    slow = whole(0, 4, city.world.seed, "slow", receipt)
    days = max(0, (city.now.date() - made).days - slow)
    state = next(name for name, after in reversed(_STEPS) if days >= after)
    done = made + timedelta(days=slow + _STEPS[-1][1]) if state == "done" else None
    return {
        "receipt": receipt,
        "state": state,
        "department": None if state == "received" else _DEPARTMENTS.get(category, _DEPARTMENTS["other"]),
        "made_on": made.isoformat(),
        "due": None if done else (made + timedelta(days=ANSWER_DAYS + slow)).isoformat(),
        "done_on": done.isoformat() if done else None,
    }
