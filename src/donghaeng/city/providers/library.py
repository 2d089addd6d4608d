"""Books in Seoul's public libraries (data4library.kr, 도서관 정보나루).

A title is looked up first (srchBooks), then the libraries that hold one of its editions (libSrchByBook), then
for a few of them whether it can be borrowed (bookExist). What can be borrowed is as of the day before.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from donghaeng.city.operations import Answer
from donghaeng.city.providers.base import Outside, Row
from donghaeng.city.providers.declared.fields import DAY_S, HOUR_S
from donghaeng.city.providers.envelopes import Rows, need
from donghaeng.city.providers.library_wire import listed, result
from donghaeng.city.providers.transport import Request
from donghaeng.city.providers.values import count, text
from donghaeng.errors import InputError

T = TypeVar("T")

PROVIDER = "library"
SEOUL = "11"
TITLES = 20
"""Titles looked at for the one that was meant."""
LIBRARIES = 400
"""Seoul has some 340 libraries in this network (October 2025)."""
HOLDERS = 100
EDITIONS = 2
"""Editions of one title that are looked for: each costs a request of a key that has 500 a day."""
CHECKED = 3
"""Libraries for which it is asked whether the book can be borrowed."""

REGIONS: Mapping[str, str] = MappingProxyType(
    {
        gu: f"{SEOUL}{number:02d}0"
        for number, gu in enumerate(
            [
                "종로구",
                "중구",
                "용산구",
                "성동구",
                "광진구",
                "동대문구",
                "중랑구",
                "성북구",
                "강북구",
                "도봉구",
                "노원구",
                "은평구",
                "서대문구",
                "마포구",
                "양천구",
                "강서구",
                "구로구",
                "금천구",
                "영등포구",
                "동작구",
                "관악구",
                "서초구",
                "강남구",
                "송파구",
                "강동구",
            ],
            start=1,
        )
    }
)
"""Codes of the gu in this network (dtl_region), which are not those of the administration."""

_PUNCTUATION = re.compile(r"[^0-9A-Za-z가-힣]")
_OWNER = re.compile(r"^서울(?:특별)?시\s?교육청\s?")
_ROLE = re.compile(r"^(?:지은이|저자|글|원작|지음)\s*:?\s*|\s*(?:지음|저|글|원작|지은이)$")


@dataclass(frozen=True, slots=True)
class Book:
    """An edition of a title."""

    isbn: str
    title: str
    author: str | None
    loans: int


@dataclass(frozen=True, slots=True)
class Library:
    """A library of the network."""

    code: str
    name: str
    address: str | None
    phone: str | None
    hours: str | None
    closed: str | None


async def book(outside: Outside, arguments: Mapping[str, Any], now: datetime) -> Answer:
    """Libraries that hold a title, the one asked for first.

    That one is named even where it does not hold the book. Other libraries are named where it cannot be
    borrowed there; libraries of the citizen's gu come first.
    """
    asked = str(arguments.get("title", "")).strip()
    if not plain(asked):
        raise InputError("title is empty", remedy="give the title of a book")
    editions = await _editions(outside, asked, now)
    if not editions:
        return Answer(rows=())
    named = await _named(outside, str(arguments.get("library") or ""), now)
    rows = [await _row(outside, editions, named, now, asked=True)] if named else []
    if not rows or not rows[0]["can_borrow"]:
        rows += await _others(outside, editions, named, str(arguments.get("district") or ""), now)
    return Answer(rows=tuple(rows), as_of=now)


async def _editions(outside: Outside, asked: str, now: datetime) -> list[Book]:
    """The editions of the title that was meant; else of the best known book of an author of that name."""
    books = await _books(outside, "title", asked, now)
    if not books:
        books = [
            one
            for one in await _books(outside, "author", asked, now)
            if plain(asked) in plain(one.author or "")
        ]
    if not books:
        return []
    meant = min(books, key=lambda one: _unlike(one, asked))
    same = [one for one in books if plain(one.title) == plain(meant.title)]
    return sorted(same, key=lambda one: -one.loans)[:EDITIONS]


def _unlike(one: Book, asked: str) -> tuple[int, int, int]:
    """How little a book is the one asked for: the very title, then one that begins with it, then any; of
    equals the one that is borrowed most."""
    title, words = plain(one.title), plain(asked)
    rank = 0 if title == words else 1 if title.startswith(words) else 2
    return rank, -one.loans, len(title)


async def _books(outside: Outside, by: str, words: str, now: datetime) -> list[Book]:
    params = {by: words, "pageNo": "1", "pageSize": str(TITLES)}
    return await _kept(outside, _Ask("srchBooks", ("books", by, words), params), now, book_rows)


async def _named(outside: Outside, words: str, now: datetime) -> Library | None:
    """The library that was named: the one whose name has least beside the words."""
    if not plain(words):
        return None
    params = {"region": SEOUL, "pageNo": "1", "pageSize": str(LIBRARIES)}
    every = await _kept(outside, _Ask("libSrch", ("libraries",), params, DAY_S), now, library_rows)
    fitting = [one for one in every if plain(words) in plain(one.name) or plain(one.name) in plain(words)]
    return min(fitting, key=lambda one: abs(len(plain(one.name)) - len(plain(words))), default=None)


async def _others(
    outside: Outside, editions: list[Book], named: Library | None, district: str, now: datetime
) -> list[Row]:
    """A few libraries that hold the title, those where it can be borrowed first."""
    holders: list[Library] = []
    if district in REGIONS:
        holders = await _holders(outside, editions[0], {"dtl_region": REGIONS[district]}, now)
    if not holders:
        holders = await _holders(outside, editions[0], {}, now)
    others = [one for one in holders if named is None or one.code != named.code][:CHECKED]
    rows = await asyncio.gather(*(_row(outside, editions[:1], one, now, asked=False) for one in others))
    return sorted((row for row in rows if row["held"]), key=lambda row: not row["can_borrow"])


async def _holders(outside: Outside, one: Book, where: Mapping[str, str], now: datetime) -> list[Library]:
    params = {"isbn": one.isbn, "region": SEOUL, **where, "pageNo": "1", "pageSize": str(HOLDERS)}
    key = ("holders", one.isbn, where.get("dtl_region", ""))
    return await _kept(outside, _Ask("libSrchByBook", key, params), now, library_rows)


async def _row(
    outside: Outside, editions: list[Book], library: Library, now: datetime, *, asked: bool
) -> Row:
    """Whether a library holds a title and can lend it, in any of the editions."""
    found = await asyncio.gather(*(_state(outside, one, library, now) for one in editions))
    return {
        "title": editions[0].title,
        "author": editions[0].author,
        "library": library.name,
        "asked": asked,
        "held": any(held for held, _ in found),
        "can_borrow": any(held and can_borrow for held, can_borrow in found),
        "address": library.address,
        "phone": library.phone,
        "hours": library.hours,
        "closed": library.closed,
    }


async def _state(outside: Outside, one: Book, library: Library, now: datetime) -> tuple[bool, bool]:
    params = {"libCode": library.code, "isbn13": one.isbn}
    key = ("loan", library.code, one.isbn)
    return await _kept(outside, _Ask("bookExist", key, params), now, loan_state)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request: the operation, what its answer is kept under and for how long, its parameters."""

    name: str
    key: tuple[str, ...]
    params: Mapping[str, str]
    refresh_s: float = HOUR_S


async def _kept(outside: Outside, ask: _Ask, now: datetime, parse: Callable[[str], T]) -> T:
    base, auth = outside.address(PROVIDER)
    request = Request(
        PROVIDER,
        "GET",
        f"{base}/api/{ask.name}",
        quota=PROVIDER,
        params={"authKey": auth, "format": "json", **ask.params},
    )
    return await outside.cache.get(
        (PROVIDER, *ask.key), ask.refresh_s, now, lambda: outside.transport.read(request, now, parse)
    )


def book_rows(body: str) -> list[Book]:
    """Books of srchBooks; those without a thirteen-digit ISBN cannot be looked for and are left out.

    Raises:
        ProviderError: the answer is a fault or broken.
    """
    found: Rows = listed(PROVIDER, body, "docs", "doc")
    need(PROVIDER, found, "bookname")
    return [
        Book(
            text(raw, "isbn13"),
            text(raw, "bookname").partition(" : ")[0],
            author_of(text(raw, "authors")),
            max(0, count(raw, "loan_count") or 0),
        )
        for raw in found
        if re.fullmatch(r"[0-9]{13}", text(raw, "isbn13"))
    ]


def library_rows(body: str) -> list[Library]:
    """Libraries of libSrch and libSrchByBook, without the office that owns them in their names.

    Raises:
        ProviderError: the answer is a fault or broken.
    """
    found: Rows = listed(PROVIDER, body, "libs", "lib")
    need(PROVIDER, found, "libCode", "libName")
    return [
        Library(
            text(raw, "libCode"),
            _OWNER.sub("", text(raw, "libName")) or text(raw, "libName"),
            text(raw, "address") or None,
            text(raw, "tel") or None,
            text(raw, "operatingTime") or None,
            text(raw, "closed") or None,
        )
        for raw in found
    ]


def loan_state(body: str) -> tuple[bool, bool]:
    """Whether the library has the book, and whether it was there at the end of the day before (bookExist).

    Raises:
        ProviderError: the answer is a fault or broken.
    """
    found = result(PROVIDER, body)
    if not found:
        return False, False
    need(PROVIDER, [found], "hasBook", "loanAvailable")
    return text(found, "hasBook") == "Y", text(found, "loanAvailable") == "Y"


def author_of(authors: str) -> str | None:
    """The first author of "지은이: 박경리 ;옮긴이: …" or "박경리 지음"."""
    first = re.split(r"[;,]", authors)[0].strip()
    return _ROLE.sub("", _ROLE.sub("", first)).strip() or None


def plain(words: str) -> str:
    """Letters and digits alone."""
    return _PUNCTUATION.sub("", words).lower()
