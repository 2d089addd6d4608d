"""From data.go.kr: the national welfare services of 복지로 (NationalWelfareInformationsV001).

The list is asked for a stage of life and read whole, a few hundred rows that change daily at most; which rows
fit a need is found here, because the portal's own search knows only words that stand in the text. What comes
out is what there is, where to ask and where to apply: whether somebody gets it is never decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.data_go_kr import PROVIDER
from donghaeng.city.providers.declared.fields import DAY_S
from donghaeng.city.providers.envelopes import Rows, flat, need, parse_xml, raise_portal_code
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import count, text
from donghaeng.errors import InputError, MalformedAnswer

LIST: Final = "/B554287/NationalWelfareInformationsV001/NationalWelfarelistV001"
PAGE_ROWS: Final = 500
"""The most that the operation gives at once (guide of 2025-04)."""
MAX_PAGES: Final = 4
MOST: Final = 10
SOURCE: Final = "복지로"

_STAGES: Final = ((5, "001"), (12, "002"), (18, "003"), (39, "004"), (64, "005"))
"""Last year of age of each stage of life, and its code (lifeArray of the guide); 006 from 65."""
_OLD: Final = "006"
_PHONE = re.compile(r"[0-9]{2,4}(?:-[0-9]{3,4}){0,2}")

THEMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "신체건강": (
            "병원",
            "병 ",
            "약값",
            "약 값",
            "치료",
            "수술",
            "의료",
            "건강",
            "틀니",
            "임플란트",
            "치과",
            "보청기",
            "백내장",
            "무릎",
            "인공관절",
            "암에",
            "암 ",
            "안경",
            "검진",
            "아파",
            "아픈",
            "난청",
            "귀가",
        ),
        "정신건강": (
            "우울",
            "마음",
            "정신",
            "중독",
        ),
        "생활지원": (
            "생활비",
            "생계",
            "수급",
            "쌀",
            "먹고살",
            "벌이",
            "수입",
            "돈",
            "형편",
            "가난",
            "장례",
            "통신",
            "요금",
            "실직",
        ),
        "주거": (
            "월세",
            "집세",
            "전세",
            "주거",
            "임대",
            "쪽방",
            "단칸",
            "이사",
            "집 수리",
            "집수리",
        ),
        "일자리": (
            "일자리",
            "취업",
            "일할",
        ),
        "에너지": (
            "난방",
            "연탄",
            "기름값",
            "전기",
            "가스",
            "보일러",
            "에너지",
            "바우처",
            "냉방",
        ),
        "보호·돌봄": (
            "돌봄",
            "돌봐",
            "치매",
            "요양",
            "기저귀",
            "혼자",
            "독거",
            "간병",
            "반찬",
            "도시락",
        ),
        "보육": (
            "어린이집",
            "보육",
            "손주",
            "손자",
            "손녀",
            "아이",
        ),
        "교육": (
            "학비",
            "학원",
            "교육",
            "급식",
        ),
        "문화·여가": (
            "문화",
            "여가",
            "여행",
            "영화",
        ),
        "안전·위기": (
            "긴급",
            "위기",
            "쫓겨",
            "갑자기",
        ),
        "서민금융": (
            "대출",
            "빚",
            "이자",
        ),
        "법률": (
            "법률",
            "소송",
        ),
    }
)
"""Words of a need by the portal's theme (intrsThemaArray). Every theme whose words are said counts."""

_FAMILIES_ONLY: Final = frozenset({"다자녀", "한부모·조손"})
"""Kinds of household that nobody belongs to who lives alone or with a spouse only."""
_WORD = re.compile(r"[가-힣A-Za-z]{2,}")
_ENDING = re.compile(r"(?:비용|비|값|금|이|가|을|를|은|는|도|만|에|에서|으로|로|요|지원|보조|혜택|도움)$")
_LISTED_SAYS_NOTHING: Final = """
복지 서비스 지원 혜택 도움 나라 제도 제가 저희 우리 받을 있는 있나 있나요 해서 주는
해주는 뭐가 무슨 어떤 필요 노인 어르신 찾아 알려 싶어 싶은 많이 너무
"""
_SAYS_NOTHING: Final = frozenset(_LISTED_SAYS_NOTHING.split())


async def services(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Welfare services that fit a need, a stage of life and a household, best first.

    Raises:
        ProviderError: the portal failed.
        InputError: the age is no age.
    """
    age = arguments.get("age")
    if age is not None and not 0 <= int(age) <= 150:
        raise InputError(f"{age} is no age", remedy="give full years")
    stage = stage_of(int(age)) if age is not None else None
    fetch = partial(_whole_list, outside, stage, now)
    found = await outside.cache.get(("welfare", stage), DAY_S, now, fetch)
    need_said, household = str(arguments["need"]), arguments.get("household")
    return Answer(rows=tuple(matching(service_rows(found), need_said, household)[:MOST]), as_of=now)


def stage_of(age: int) -> str:
    """The portal's code of the stage of life at an age."""
    return next((code for last, code in _STAGES if age <= last), _OLD)


async def _whole_list(outside: Outside, stage: str | None, now: datetime) -> Rows:
    base, key = outside.address(PROVIDER)
    rows: Rows = []
    for page in range(1, MAX_PAGES + 1):
        params = {"serviceKey": key, "callTp": "L", "pageNo": str(page), "numOfRows": str(PAGE_ROWS)}
        params |= {"srchKeyCode": "003", "orderBy": "popular"} | ({"lifeArray": stage} if stage else {})
        request = Request(PROVIDER, "GET", base + LIST, quota=f"data.go.kr {LIST}", params=params)
        found, total = await outside.transport.read(request, now, welfare_list)
        rows += found
        if not found or len(rows) >= total:
            break
    return rows


def welfare_list(body: str) -> tuple[Rows, int]:
    """Rows and ``totalCount`` of a ``wantedList``.

    Raises:
        MalformedAnswer: it is none.
        ProviderError: it carries an error code.
    """
    root = parse_xml(PROVIDER, body)
    code = (root.findtext("resultCode") or "").strip()
    if root.tag != "wantedList" or not code:
        raise MalformedAnswer(PROVIDER, "the list of welfare services is missing")
    if code.strip("0"):
        if code.zfill(2) == "03":
            return [], 0
        raise_portal_code(PROVIDER, code)
    rows: Rows = [flat(item) for item in root.iterfind("servList")]
    need(PROVIDER, rows, "servId", "servNm")
    return rows, count({"total": root.findtext("totalCount") or ""}, "total") or len(rows)


def service_rows(found: Rows) -> list[tuple[Row, str]]:
    """Rows of ``servList`` into ours, each with the themes that it is filed under."""
    rows = []
    for raw in found:
        phone = text(raw, "rprsCtadr")
        row: Row = {
            "id": text(raw, "servId"),
            "name": text(raw, "servNm"),
            "what": text(raw, "servDgst") or text(raw, "servNm"),
            "department": text(raw, "jurMnofNm") or SOURCE,
            "kind": text(raw, "srvPvsnNm") or None,
            "targets": text(raw, "trgterIndvdlArray") or None,
            "online": text(raw, "onapPsbltYn").upper() == "Y",
            # The guide's own sample has a ciphered string here, which nobody could dial.
            "phone": phone if _PHONE.fullmatch(phone) else None,
            "url": text(raw, "servDtlLink") or None,
            "source": SOURCE,
        }
        rows.append((row, text(raw, "intrsThemaArray")))
    return rows


def matching(rows: Sequence[tuple[Row, str]], said: str, household: object) -> list[Row]:
    """The rows that fit what was said, in the portal's order: those with its words, most of them first; where
    none has any, those of its themes. A need without any telling word ("받을 수 있는 복지") fits every row.

    Who lives alone or as a couple is told of help for families alone only where the words ask for it.
    """
    words = telling_words(said)
    themes = {theme for theme, signs in THEMES.items() if any(sign in f"{said} " for sign in signs)}
    named = [sum(word in f"{row['name']} {row['what']}" for word in words) for row, _ in rows]
    if any(named):
        order = sorted(range(len(rows)), key=lambda place: -named[place])
        return [rows[place][0] for place in order if named[place]]
    small = household in {"alone", "couple"}
    return [
        row
        for row, filed in rows
        if (themes & set(filed.split(",")) or not (words or themes)) and not (small and _families_only(row))
    ]


def telling_words(said: str) -> list[str]:
    """The words of a need that may stand in a service's text, without what every need says; a need of
    one syllable (쌀) is its own."""
    if re.fullmatch(r"[가-힣]", said.strip()):
        return [said.strip()]
    found = [word for word in _WORD.findall(said) if word not in _SAYS_NOTHING]
    bare = [short if len(short := _ENDING.sub("", word)) > 1 else word for word in found]
    return [word for word in dict.fromkeys(bare) if word not in _SAYS_NOTHING]


def _families_only(row: Row) -> bool:
    targets = {target.strip() for target in (row["targets"] or "").split(",") if target.strip()}
    return bool(targets) and targets <= _FAMILIES_ONLY
