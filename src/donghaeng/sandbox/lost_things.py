"""Things that were found in the sandbox city's buses, trains and taxis, day by day.

The words are as untidy as the real ones: brackets, telephone numbers and the names of drivers stand in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from donghaeng.sandbox.chance import draw, pick, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.routes import ROUTES
from donghaeng.sandbox.wire import Row

DAYS = 40
"""How far back the table reaches."""
_THINGS = (
    ("우산", "기타"), ("가방", "가방"), ("휴대폰", "휴대폰"), ("지갑", "지갑"), ("쇼핑백", "쇼핑백"),
    ("외투", "옷"), ("모자", "기타"), ("장갑", "기타"), ("목도리", "옷"), ("지팡이", "기타"),
    ("안경", "기타"), ("이어폰", "기타"), ("배낭", "가방"), ("보따리", "기타"), ("책", "기타"),
    ("교통카드", "기타"), ("열쇠", "기타"), ("장바구니", "쇼핑백"),
)  # fmt: skip
"""Each is found once a day in a bus, and every other day in a train and in a taxi."""
_COLOURS = ("검정색", "회색", "남색", "갈색", "빨간", "파란", "흰색", "")
_FETCHED = 0.2
_LINES = range(1, 10)
_DRIVERS = ("김○○", "이○○", "박○○")


def articles(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """lostArticleInfo, the latest first."""
    wanted = next((kind for kind in arguments if kind), "")
    rows: list[Row] = []
    for back in range(DAYS):
        day = city.now.date() - timedelta(days=back)
        rows += [row for row in _of_day(city.world.seed, day) if not wanted or row["LOST_KND"] == wanted]
    return rows


@lru_cache(maxsize=4 * DAYS)
def _of_day(seed: int, day: date) -> tuple[Row, ...]:
    return tuple(_made_of_day(seed, day))


def _made_of_day(seed: int, day: date) -> Iterator[Row]:
    for index, (thing, kind) in enumerate(_THINGS):
        for vehicle in ("bus", "subway", "taxi"):
            if vehicle != "bus" and (day.toordinal() + index) % 2:
                continue
            words = (seed, "lost", day, thing, vehicle)
            where, kept = _found(vehicle, *words)
            name = f"{pick(_COLOURS, *words, 'colour')} {thing}".strip()
            yield {
                "LOST_MNG_NO": f"{whole(1_000_000_000, 1_999_999_999, *words, 'number')}",
                "LOST_STTS": "수령" if draw(*words, "fetched") < _FETCHED else "보관",
                "REG_YMD": f"{day:%Y%m%d}",
                "RCPL": "",
                "CSTD_PLC": kept,
                "LOST_KND": kind,
                "LOST_NM": f"{name} 1개" if draw(*words, "one") < 0.3 else name,
                "GET_YMD": f"{day:%Y%m%d}" if draw(*words, "form") < 0.8 else f"{day:%Y-%m-%d}",
                "LGS_DTL_CN": where,
                "LOST_RGTR_ID": f"{vehicle}{whole(1, 99, *words, 'by'):02d}",
            }


def _found(vehicle: str, *words: object) -> tuple[str, str]:
    """What was typed about where it was found, and about where it is kept."""
    person = f"{pick(_DRIVERS, *words)} 010-0000-{whole(0, 9999, *words, 'phone'):04d}"
    if vehicle == "bus":
        route = pick(ROUTES, *words, "route").name
        return f"{route}번 버스 안에서 습득", f"{route}번 버스 영업소 (담당 {person})"
    if vehicle == "subway":
        line = pick(_LINES, *words, "line")
        return f"{line}호선 전동차 선반 위", f"{line}호선 유실물센터"
    if draw(*words, "own") < 0.5:
        return "택시 뒷좌석", f"개인택시 {person}"
    return "택시 뒷좌석", f"택시회사 사무실 기사 {person}"
