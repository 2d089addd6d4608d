"""Whom to call before the cold: households that agreed to it, the highest risk first.

Nobody is called who did not consent (개인정보 보호법 제15조 제1항 제1호), who took it back, or for whose
number a call waits already. Each booked call has a conversation of its own, so that one citizen's export or
erasure touches no other's; from there on it is an outgoing call like any other (docs/decisions/0019).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from donghaeng.people.calling import allowed_at
from donghaeng.store import Transaction, case_runs, conversations, outgoing_calls
from donghaeng.store.case_runs import CampaignRow
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.tower.cases.freeze_tables import CELL
from donghaeng.tower.cases.freeze_winters import Floats, Stock
from donghaeng.tower.sheets import Column, RowFault, day, text
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.tokens import make_id, make_token, number_hash

SERVICE: Final = "meter_freeze"
PURPOSE: Final = "freeze_warning"
SCRIPT: Final = "freeze_warning/1"
"""Version of what households are asked; a list that names another one is refused."""
CONSENT_LASTS: Final = timedelta(days=365)
SPACED: Final = timedelta(seconds=90)
"""Between the moments from which two calls are due: about what one takes."""
_NUMBER: Final = re.compile(r"0(?:1[016-9]|2|[3-6][1-5]|70)-?\d{3,4}-?\d{4}")
_SEOUL_LENGTH: Final = 2
_KEPT_BESIDE: Final = 1_000


def _telephone(cell: str) -> str:
    digits = re.sub(r"[\s-]", "", cell)
    # A spreadsheet that took it for a number dropped the leading 0.
    digits = f"0{digits}" if digits[:2] in ("10", "11", "16", "17", "18", "19") else digits
    if not _NUMBER.fullmatch(digits):
        raise RowFault("우리나라 전화번호가 아니에요")
    head = _SEOUL_LENGTH if digits.startswith("02") else 3
    return f"{digits[:head]}-{digits[head:-4]}-{digits[-4:]}"


HOUSEHOLD_COLUMNS: Final = (
    Column("전화번호", _telephone, also=("연락처", "휴대전화")),
    *CELL,
    Column("동의일", day, required=False, also=("동의 일자",)),
    Column("동의문안", text(32), required=False, also=("동의 문안",)),
    Column("동의한 말", text(200), required=False),
    Column("철회일", day, required=False, also=("철회 일자",)),
)
"""Of the list of households."""
ASKED: Final = (
    "추워지기 전에 인공지능 상담원이 전화로 알려 드려도 될까요? "
    "전화번호를 한 해 동안 이 일에만 쓰고, 싫다고 하시면 그만둬요. "
    "동의하지 않으셔도 다른 불이익은 없어요."
)
"""What a household was asked under :data:`SCRIPT`."""


@dataclass(frozen=True, slots=True)
class Household:
    """One that may be called."""

    number: str = field(repr=False)
    district: str
    risk: float
    """Chance of a freeze in a winter."""
    consented_on: date
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom to call, in order, and how many were left out for which reason."""

    households: tuple[Household, ...] = field(repr=False)
    left_out: Mapping[str, int]


Cells = Mapping[tuple[str, int, bool, bool, int], float]
"""Chance of a freeze in a winter: by district, building type, poor insulation, long absence, meter type."""


def cells_of(stock: Stock, yearly: Floats) -> Cells:
    """The chances that a run found."""
    columns = (stock.district, stock.building, stock.poor, stock.absent, stock.meter, yearly)
    return {
        (stock.districts[place], int(building), bool(poor), bool(absent), int(meter)): float(chance)
        for place, building, poor, absent, meter, chance in zip(*columns, strict=True)
    }


def as_kept(cells: Cells) -> list[list[Any]]:
    """Chances as JSON."""
    return [[*cell, chance] for cell, chance in cells.items()]


def from_kept(rows: Iterable[Any]) -> Cells:
    """Chances from JSON.

    Raises:
        ValueError: it is none.
    """
    return {
        (str(district), int(building), bool(poor), bool(absent), int(meter)): float(chance)
        for district, building, poor, absent, meter, chance in rows
    }


def call_list(rows: Iterable[Mapping[str, Any]], cells: Cells, today: date, *, most: int) -> CallList:
    """The households of a list that may be called, the highest risk first. Pure.

    Args:
        rows: of a table with :data:`HOUSEHOLD_COLUMNS`, read once; only the best ``most`` are kept.
        cells: the chances of a run.
        today: the day on which the consent must hold.
        most: how many at most.
    """
    out: Counter[str] = Counter()
    seen: set[int] = set()
    best: list[Household] = []
    fitting = 0
    for row in rows:
        reason = _no_consent(row, today)
        key = (row["자치구"], row["건물유형"], row["보온상태"], row["장기부재"], row["계량기종류"])
        if reason is None and key not in cells:
            reason = "unknown_kind_of_meter"
        digits = int(row["전화번호"].replace("-", ""))
        if reason is None and digits in seen:
            reason = "same_number_twice"
        if reason is not None:
            out[reason] += 1
            continue
        number = row["전화번호"]
        said = row["동의한 말"] or "네"
        seen.add(digits)
        fitting += 1
        best.append(Household(number, row["자치구"], cells[key], row["동의일"], said))
        if len(best) > 2 * most + _KEPT_BESIDE:
            best = sorted(best, key=_first)[:most]
    if fitting > most:
        out["beyond_the_most"] = fitting - most
    return CallList(tuple(sorted(best, key=_first)[:most]), dict(out))


def _first(one: Household) -> tuple[float, str]:
    return (-one.risk, one.number)


def _no_consent(row: Mapping[str, Any], today: date) -> str | None:
    given = row["동의일"]
    if given is None or given > today:
        return "no_consent"
    if row["동의문안"] != SCRIPT:
        return "other_words_of_consent"
    if row["철회일"] is not None:
        return "consent_taken_back"
    return "consent_over" if today - given > CONSENT_LASTS else None


def book(
    tx: Transaction, run: str, case: str, found: CallList, *, author: str, now: datetime, edition: str
) -> CampaignRow:
    """Book the calls of a list, once: a number for which one waits, or that said no since, is left out.

    Args:
        tx: one transaction for the whole campaign.
        run: id of the case's run that gave the risks.
        case: its case.
        found: whom to call.
        author: who hands them to the agent.
        now: with an offset.
        edition: version of the catalogue, for the conversations.
    """
    campaign = make_id("cp")
    out = Counter(found.left_out)
    booked = 0
    for one in found.households:
        hashed = number_hash(one.number)
        consented = datetime.combine(one.consented_on, datetime.min.time(), now.tzinfo)
        if outgoing_calls.said_no(tx, hashed):
            out["said_no"] += 1
            continue
        before = outgoing_calls.to_number(tx, hashed)
        if any(call.state == "waiting" and call.purpose == PURPOSE for call in before):
            out["waits_already"] += 1
            continue
        talk = conversations.Conversation(make_id("c"), "phone", now, edition, ended_at=now)
        conversations.add(tx, talk, make_token())
        consent = SpokenConsent(SCRIPT, ASKED, one.said, consented, (PURPOSE,))
        due = allowed_at(now + booked * SPACED)
        outgoing_calls.add(
            tx,
            BookedCall(
                key=f"{campaign}.{booked}",
                conversation_id=talk.id,
                number=one.number,
                number_hash=hashed,
                service=SERVICE,
                consent=consent,
                due=due,
                purpose=PURPOSE,
            ),
        )
        booked += 1
    row = CampaignRow(campaign, case, run, PURPOSE, author, now, booked, dict(out))
    case_runs.add_campaign(tx, row)
    return row
