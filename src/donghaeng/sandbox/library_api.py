"""data4library.kr of the sandbox city.

Its libraries hold the books of ``SHELF`` and most of whatever else is asked for, as those of a large city do.
ISBN are made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from donghaeng.city.providers.library import REGIONS
from donghaeng.sandbox.chance import draw, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.family_sites import LibrarySite
from donghaeng.sandbox.wire import Reply, Row, as_json, as_xml, element

Query = Mapping[str, str]

SHELF: Mapping[str, str] = MappingProxyType(
    {
        "토지": "박경리", "소년이 온다": "한강", "채식주의자": "한강", "작별하지 않는다": "한강",
        "태백산맥": "조정래", "아리랑": "조정래", "혼불": "최명희", "엄마를 부탁해": "신경숙",
        "칼의 노래": "김훈", "남한산성": "김훈", "장길산": "황석영", "삼국지": "나관중", "홍길동전": "허균",
        "객주": "김주영", "임꺽정": "홍명희", "상록수": "심훈", "삼대": "염상섭", "무진기행": "김승옥",
        "관촌수필": "이문구", "당신들의 천국": "이청준", "순이 삼촌": "현기영", "메밀꽃 필 무렵": "이효석",
        "그 많던 싱아는 누가 다 먹었을까": "박완서", "나의 문화유산 답사기": "유홍준",
        "어린 왕자": "생텍쥐페리", "노인과 바다": "헤밍웨이", "데미안": "헤세", "코스모스": "칼 세이건",
        "사피엔스": "유발 하라리", "총 균 쇠": "다이아몬드", "난중일기": "이순신", "목민심서": "정약용",
        "열하일기": "박지원", "동의보감": "허준", "강아지똥": "권정생", "구름빵": "백희나",
        "하늘과 바람과 별과 시": "윤동주", "아몬드": "손원평", "불편한 편의점": "김호연",
        "달러구트 꿈 백화점": "이미예", "파친코": "이민진", "노르웨이의 숲": "무라카미 하루키",
    }
)  # fmt: skip
"""Titles that are surely there, with their authors."""

LONGEST_TITLE = 40
MOST = 1_000
_HELD, _LENT, _OTHER_TITLE = 0.4, 0.45, 0.85
"""Shares: of libraries that hold a title, of held copies that are lent out, of titles beside the shelf's."""
_PUBLISHER = "가람책방"


@dataclass(frozen=True, slots=True)
class _Book:
    title: str
    author: str
    isbn: str
    loans: int
    year: int


def library_api(city: SandboxCity, path: str, query: Query) -> Reply:
    """``/api/{operation}``; without ``format=json`` the answer is XML."""
    json_wanted = query.get("format") == "json"
    if not query.get("authKey"):
        return fault("인증키가 필요합니다.", json_wanted=json_wanted)
    operation = OPERATIONS.get(path)
    if operation is None:
        return fault("요청한 서비스가 없습니다.", json_wanted=json_wanted)
    request = {name: value for name, value in query.items() if name not in {"authKey", "format"}}
    return _reply({"request": request, **operation(city, query)}, json_wanted=json_wanted)


def fault(words: str, *, json_wanted: bool) -> Reply:
    """An error, with HTTP 200."""
    return _reply({"error": words}, json_wanted=json_wanted)


def nothing(*, json_wanted: bool) -> Reply:
    """No books and no libraries."""
    content = {"request": {}, "numFound": 0, "resultNum": 0, "docs": [], "libs": []}
    return _reply(content, json_wanted=json_wanted)


def _reply(content: Mapping[str, Any], *, json_wanted: bool) -> Reply:
    if json_wanted:
        return as_json({"response": content})
    lists = {name: value for name, value in content.items() if name in {"docs", "libs"}}
    plain = {name: value for name, value in content.items() if name not in lists}
    inner = "".join(element(name, value) for name, value in plain.items())
    for name, rows in lists.items():
        inner += f"<{name}>{''.join(element(key, row) for one in rows for key, row in one.items())}</{name}>"
    return as_xml(f"<response>{inner}</response>")


# --- books --------------------------------------------------------------------------------------------


def _books(city: SandboxCity, query: Query) -> dict[str, Any]:
    title, author = query.get("title", "").strip(), query.get("author", "").strip()
    found = [
        book
        for name, writer in SHELF.items()
        if (not title or _plain(title) in _plain(name)) and (not author or _plain(author) in _plain(writer))
        for book in _editions(city, name, writer)
    ]
    if not title and not author:
        found = []
    if title and not author and not found and _is_title(city, title):
        found = [_edition(city, title, "", 0)]
    found.sort(key=lambda book: -book.loans)
    return _page("docs", "doc", [_doc(book) for book in found], query)


def _is_title(city: SandboxCity, words: str) -> bool:
    """Whether the city has a book of this title beside those of the shelf."""
    bare = _plain(words)
    writers = "".join(_plain(writer) for writer in SHELF.values())
    return (
        2 <= len(bare) <= LONGEST_TITLE
        and bare not in writers
        and draw(city.world.seed, "title", bare) < _OTHER_TITLE
    )


def _editions(city: SandboxCity, title: str, author: str) -> list[_Book]:
    return [_edition(city, title, author, index) for index in range(2)]


def _edition(city: SandboxCity, title: str, author: str, index: int) -> _Book:
    words = (city.world.seed, "book", _plain(title), index)
    isbn = f"97911{whole(0, 99_999_999, *words):08d}"
    loans = whole(10, 900, *words, "loans")
    return _Book(title, author, isbn, loans, whole(1990, 2025, *words, "year"))


def _doc(book: _Book) -> Row:
    return {
        "bookname": book.title,
        "authors": f"지은이: {book.author}" if book.author else "",
        "publisher": _PUBLISHER,
        "publication_year": str(book.year),
        "isbn13": book.isbn,
        "loan_count": str(book.loans),
    }


# --- libraries ----------------------------------------------------------------------------------------


def _libraries(city: SandboxCity, query: Query) -> dict[str, Any]:
    return _page("libs", "lib", [_lib(site) for site in _within(city, query)], query)


def _holders(city: SandboxCity, query: Query) -> dict[str, Any]:
    isbn = query.get("isbn", "")
    held = [_lib(site) for site in _within(city, query) if _holds(city, site, isbn)]
    return _page("libs", "lib", held, query)


def _within(city: SandboxCity, query: Query) -> list[LibrarySite]:
    """Libraries of a region of the network: only Seoul's are here."""
    if query.get("region", "11") != "11":
        return []
    wanted = query.get("dtl_region", "")
    return [
        site for site in city.world.family.libraries if not wanted or REGIONS.get(site.district) == wanted
    ]


def _holds(city: SandboxCity, site: LibrarySite, isbn: str) -> bool:
    return draw(city.world.seed, "held", site.name, isbn) < _HELD


def _lib(site: LibrarySite) -> Row:
    return {
        "libCode": site.code,
        "libName": site.name,
        "address": site.address,
        "tel": site.phone,
        "fax": "",
        "latitude": str(site.lat),
        "longitude": str(site.lon),
        "homepage": "https://example.seoul.kr",
        "closed": "매주 월요일 / 법정공휴일",
        "operatingTime": "평일 09:00 ~ 22:00, 주말 09:00 ~ 18:00",
    }


def _exists(city: SandboxCity, query: Query) -> dict[str, Any]:
    code, isbn = query.get("libCode", ""), query.get("isbn13", "")
    site = next((one for one in city.world.family.libraries if one.code == code), None)
    held = site is not None and _holds(city, site, isbn)
    today: date = city.now.date()
    lent = draw(city.world.seed, "lent", code, isbn, today) < _LENT
    return {"result": {"hasBook": "Y" if held else "N", "loanAvailable": "Y" if held and not lent else "N"}}


def _page(holder: str, item: str, rows: list[Row], query: Query) -> dict[str, Any]:
    number, size = _whole(query.get("pageNo", "1"), 1), _whole(query.get("pageSize", "10"), 10)
    page = rows[(number - 1) * size : number * size]
    return {
        "pageNo": number,
        "pageSize": size,
        "numFound": len(rows),
        "resultNum": len(page),
        holder: [{item: row} for row in page],
    }


def _whole(value: str, otherwise: int) -> int:
    return min(int(value), MOST) if value.isascii() and value.isdigit() and int(value[:6]) > 0 else otherwise


def _plain(words: str) -> str:
    return re.sub(r"[^0-9A-Za-z가-힣]", "", words).lower()


Operation = Callable[[SandboxCity, Query], dict[str, Any]]

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "/api/srchBooks": _books,
        "/api/libSrch": _libraries,
        "/api/libSrchByBook": _holders,
        "/api/bookExist": _exists,
    }
)

FAULT_SERVICES = ("library_book",)
"""Whose faults its requests meet."""
