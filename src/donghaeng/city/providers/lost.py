"""Things found in buses, taxis and trains (openapi.seoul.go.kr lostArticleInfo).

Rows are words that the finder or the company has typed, names and telephones of persons among them. What
may be told of a thing – what it is, when it was found, where it is kept, on which vehicle – is read out of
those words here, and the words themselves go no further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import HOUR_S
from donghaeng.city.providers.envelopes import Rows
from donghaeng.city.providers.seoul import PROVIDER, table
from donghaeng.city.providers.values import asked_date, text
from donghaeng.errors import InputError, MalformedAnswer

VEHICLES = ("bus", "subway", "taxi")
LOOKED_BACK = timedelta(days=30)
"""How far back things are looked for when no day was said."""
LATEST = timedelta(days=14)
"""How long after the day it was lost a thing may come in."""
MOST = 10
KEPT = "보관"
"""Status of what has not been fetched."""

_THING = "물건"
_ROUTE = re.compile(
    r"(?<![0-9A-Za-z가-힣])([가-힣]{0,2}[A-Z]?[0-9]{1,4}(?:-[0-9])?)\s*번?\s*(?:버스|시내|마을)"
)
_LINE = re.compile(r"([1-9])\s*호선")
_TAXI = re.compile(r"택시|콜밴")
_SUBWAY = re.compile(r"호선|지하철|전동차|전철|도시철도|교통공사|메트로|역무|역\s|역$")
_BUS = re.compile(r"버스|운수|여객|교통\(주\)|[0-9]{2,4}\s*번")
_OWN_TAXI = re.compile(r"개인\s*(?:택시)?")
_ASIDE = re.compile(r"\s*(?:[(\[].*|01[0-9][0-9)\- ]{5,}.*|[0-9]{2,4}[)\-][0-9)\- ]{5,}.*)$")
"""Brackets and telephone numbers, with all that follows."""
_PERSON = re.compile(r"\s*(?:기사|담당|습득자|연락처|전화|핸드폰|휴대폰|성명|이름|☎|tel).*$", re.IGNORECASE)
"""Where the name of a place ends and a person begins."""

_WORD = re.compile(r"[가-힣A-Za-z]+")
_SAME: tuple[tuple[str, ...], ...] = (
    ("휴대폰", "휴대전화", "핸드폰", "손전화", "스마트폰", "전화기", "아이폰", "갤럭시"),
    ("가방", "핸드백", "배낭", "백팩", "에코백", "캐리어"),
    ("쇼핑백", "종이가방", "장바구니", "시장가방", "쇼핑가방"),
    ("봉투", "봉지"),
    ("보따리", "보퉁이", "보자기"),
    ("지갑",),
    ("안경", "돋보기", "선글라스"),
    ("우산", "양산"),
    ("목도리", "머플러", "스카프"),
    ("외투", "잠바", "점퍼", "코트", "재킷", "겉옷", "옷"),
    ("이어폰", "에어팟", "버즈"),
    ("카드",),
    ("열쇠", "차키", "열쇠꾸러미"),
    ("책", "도서"),
    ("지팡이", "스틱"),
    ("시계",),
    ("반지",),
    ("신발", "운동화", "구두"),
    ("신분증", "주민증", "주민등록증", "민증"),
    ("약봉투", "약봉지", "약상자", "한약", "약"),
)
"""Words for things that look for one another: somebody who has lost a 핸드백 looks among bags."""
_COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "검은색": ("검정", "검은", "까만", "까망", "블랙", "흑색"),
        "흰색": ("하양", "하얀", "흰", "화이트", "백색"),
        "빨간색": ("빨강", "빨간", "붉은", "레드", "적색"),
        "파란색": ("파랑", "파란", "블루", "청색", "남색", "곤색", "네이비"),
        "노란색": ("노랑", "노란", "옐로", "황색"),
        "초록색": ("초록", "녹색", "그린", "연두"),
        "갈색": ("갈색", "밤색", "브라운", "베이지"),
        "회색": ("회색", "쥐색", "그레이", "은색"),
        "분홍색": ("분홍", "핑크"),
        "보라색": ("보라", "퍼플"),
    }
)
"""Colours as they are told, with the words they are typed in."""


async def articles(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Things found that may be the one that was lost, the likeliest first: those of the colour said, then
    those of the vehicle said, then the latest found. A thing is named by its colour and kind alone."""
    item = str(arguments.get("item") or "").strip()
    where = arguments.get("where")
    if not item:
        raise InputError("item is empty", remedy="give what was lost")
    if where is not None and where not in VEHICLES:
        raise InputError("where is unknown", remedy=f"give one of {', '.join(VEHICLES)}")
    lost_on = asked_date(arguments, "date") if arguments.get("date") else None
    fetch = partial(table, outside, "lostArticleInfo", now=now, into=article_rows)
    found = await outside.cache.get(("lost",), HOUR_S, now, fetch)
    return Answer(rows=tuple(fitting(found, item, where, lost_on, now.date())), as_of=now)


def article_rows(found: Rows) -> list[Row]:
    """Rows of lostArticleInfo into ours, by the old column names too; what was fetched is left out.

    Raises:
        MalformedAnswer: a row does not say what was found.
    """
    rows = []
    for raw in found:
        name, kind = text(raw, "LOST_NM", "GET_NAME", "GET_THING"), text(raw, "LOST_KND", "CATE")
        if not name and not kind:
            raise MalformedAnswer(PROVIDER, "a row does not say what was found")
        if text(raw, "LOST_STTS", "STATUS") not in {KEPT, ""}:
            continue
        words = " ".join(
            (text(raw, "LGS_DTL_CN", "GET_POSITION"), text(raw, "RCPL", "TAKE_PLACE"), text(raw, "CSTD_PLC"))
        )
        rows.append(
            {
                "item": _ASIDE.sub("", name).strip() or kind or _THING,
                "colour": _colour(name),
                "kind": kind or None,
                "found_on": _day(text(raw, "GET_YMD", "GET_DATE") or text(raw, "REG_YMD", "REG_DATE")),
                "kept_at": _place(text(raw, "CSTD_PLC", "TAKE_PLACE", "RCPL")),
                "vehicle": _vehicle(words),
                "line": _line(words),
            }
        )
    return rows


def _day(value: str) -> str | None:
    digits = re.sub(r"\D", "", value)[:8]
    try:
        return datetime.strptime(digits, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a date
    except ValueError:
        return None


def _place(words: str) -> str | None:
    """A place without the persons in it; of somebody's own taxi nothing but that."""
    if _OWN_TAXI.match(words):
        return "개인택시"
    return _PERSON.sub("", _ASIDE.sub("", words)).strip(" ,./") or None


def _vehicle(words: str) -> str | None:
    if _TAXI.search(words):
        return "taxi"
    if _LINE.search(words) or _SUBWAY.search(words):
        return "subway"
    return "bus" if _BUS.search(words) else None


def _line(words: str) -> str | None:
    line = _LINE.search(words)
    if line:
        return f"{line[1]}호선"
    route = _ROUTE.search(words)
    return f"{route[1]}번 버스" if route else None


def fitting(found: list[Row], item: str, where: str | None, lost_on: date | None, today: date) -> list[Row]:
    """The rows that may be the thing, likeliest first, at most :data:`MOST`.

    Args:
        found: of :func:`article_rows`.
        item: what was lost, in the citizen's words.
        where: ``bus``, ``subway`` or ``taxi``; things of another vehicle are left out, those of none that
            is told are kept.
        lost_on: the day it was lost; nothing found before it fits.
        today: for what is looked back without a day.
    """
    first = lost_on or today - LOOKED_BACK
    last = min(today, lost_on + LATEST) if lost_on else today
    colour = _colour(item)
    ranked = []
    for row in found:
        day = date.fromisoformat(row["found_on"]) if row["found_on"] else None
        name, theirs = _name(item, row), row["colour"]
        if day is None or not first <= day <= last or name is None:
            continue
        if (where and row["vehicle"] not in {where, None}) or (colour and theirs not in {colour, None}):
            continue
        unlike = (colour is not None and theirs != colour, where is not None and row["vehicle"] != where)
        told = {key: value for key, value in row.items() if key != "colour"}
        told["item"] = f"{theirs} {name}" if theirs else name
        ranked.append((unlike, -day.toordinal(), told["item"], told))
    ranked.sort(key=lambda one: one[:3])
    return [row for *_, row in ranked[:MOST]]


def _colour(words: str) -> str | None:
    packed = words.replace(" ", "")
    return next((name for name, said in _COLOURS.items() if any(word in packed for word in said)), None)


def _name(item: str, row: Row) -> str | None:
    """What was found, where it is the head of the words or a thing of its group."""
    packed = item.replace(" ", "")
    theirs = _WORD.findall(f"{row['item']} {row['kind'] or ''}")
    heads = [word for group in _SAME if packed.endswith(group) for word in group]
    heads = heads or [(item.split() or [item])[-1]]
    return next((head for word in theirs for head in heads if word.endswith(head)), None)
