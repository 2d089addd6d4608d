"""The knowledge base as operations of the city: rows that service files speak and cite from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from donghaeng.city.glossary import Glossary
from donghaeng.city.local import CarryOut, LocalOperation, LocalOperations
from donghaeng.city.operations import Answer, City
from donghaeng.errors import InputError, ProviderError
from donghaeng.knowledge.asking import Apart, Arguments, Asking
from donghaeng.knowledge.base import ITEMS_TOPIC
from donghaeng.knowledge.protocol import Knowledge
from donghaeng.knowledge.rewording import Rewording
from donghaeng.knowledge.rows import Row, passage_row

ASK: Final = "ask"
"""The service that answers from passages of every topic."""
PENSION, CERTIFICATE = "basic_pension", "certificate"
PENSION_AGE: Final = 65
"""Full years from which on a basic pension can be had (passage ``pension-who``)."""

_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])\s*월")
_MONTH_WORDS: Final = MappingProxyType(
    {
        **{"십이월": 12, "십일월": 11, "시월": 10, "구월": 9, "팔월": 8, "칠월": 7, "유월": 6, "육월": 6},
        **{"오월": 5, "사월": 4, "삼월": 3, "이월": 2, "일월": 1},
    }
)

_NO_AGE: Final[Row] = dict.fromkeys(("age", "from_year", "from_month"))
_NO_KIOSK: Final[Row] = dict.fromkeys(
    f"kiosk_{name}" for name in ("name", "address", "hours", "distance_m", "lat", "lon", "unknown")
)


async def _here(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return work(*arguments, **named)


def local_operations(
    knowledge: Knowledge,
    *,
    apart: Apart = _here,
    glossary: Glossary | None = None,
    rewording: Rewording | None = None,
) -> LocalOperations:
    """What the knowledge base carries out, by name of the operation.

    Args:
        knowledge: the passages.
        apart: does work that takes 20 ms and more where nobody else waits for it (a question's vector).
        glossary: hard words that are explained and eased.
        rewording: words answers to free questions anew.
    """
    asking = Asking(knowledge, apart, glossary=glossary, rewording=rewording)

    async def search(city: City, arguments: Arguments, now: datetime) -> Answer:
        del city
        return _answer(await asking.answer(arguments, now.date()))

    async def choices(city: City, arguments: Arguments, now: datetime) -> Answer:
        del city
        return _answer(await asking.choices(arguments, now.date()))

    async def item(city: City, arguments: Arguments, now: datetime) -> Answer:
        del city
        passage = knowledge.item(str(arguments["item"]), now.date())
        return _answer([passage_row(passage)] if passage is not None else [])

    async def guide(city: City, arguments: Arguments, now: datetime) -> Answer:
        del city
        month = month_in(str(arguments.get("month") or ""))
        found = knowledge.guide(
            str(arguments["topic"]), now.date(), about=arguments.get("about"), month=month
        )
        return _answer([passage_row(passage) for passage in found])

    async def pension(city: City, arguments: Arguments, now: datetime) -> Answer:
        del city
        rows = [passage_row(passage) | _NO_AGE for passage in knowledge.guide(PENSION, now.date())]
        born = arguments.get("birth_date")
        if rows and born:
            rows[0] |= _years(_day(str(born)), now.date())
        return _answer(rows)

    async def certificate(city: City, arguments: Arguments, now: datetime) -> Answer:
        kind = str(arguments["kind"])
        found = knowledge.guide(CERTIFICATE, now.date(), about=kind)
        rows = [passage_row(passage) | _NO_KIOSK for passage in found]
        if rows and arguments.get("lat") is not None and arguments.get("lon") is not None:
            rows[0] |= await _kiosk(city, arguments, now)
        return _answer(rows)

    return MappingProxyType(
        {
            "knowledge.search": _local(search, lambda given: (str(given.get("topic") or ASK),)),
            # Behind a question, as a look-up: faults of the service strike its answer.
            "knowledge.choices": _local(choices, lambda given: ()),
            "knowledge.item": _local(item, lambda given: (ITEMS_TOPIC,)),
            "knowledge.guide": _local(guide, lambda given: (str(given.get("topic")),)),
            "knowledge.pension": _local(pension, lambda given: (PENSION,)),
            "knowledge.certificate": _local(certificate, lambda given: (CERTIFICATE,)),
        }
    )


def _local(carry_out: CarryOut, services: Any) -> LocalOperation:
    return LocalOperation(carry_out, services)


def _answer(rows: list[Row]) -> Answer:
    return Answer(rows=tuple(rows))


async def _kiosk(city: City, arguments: Arguments, now: datetime) -> Row:
    """The nearest certificate kiosk; that its list did not answer is no reason to say nothing at all."""
    near = {"kind": "kiosk", "lat": arguments["lat"], "lon": arguments["lon"]}
    try:
        answer = await city.call("facility.near", near, now=now)
    except ProviderError:
        return {"kiosk_unknown": True}
    if not answer.rows:
        return {}
    kiosk = answer.rows[0]
    return {
        "kiosk_name": kiosk["name"],
        "kiosk_address": kiosk["address"],
        "kiosk_hours": kiosk.get("hours"),
        "kiosk_distance_m": kiosk["distance_m"],
        "kiosk_lat": kiosk["lat"],
        "kiosk_lon": kiosk["lon"],
    }


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InputError(f"{written!r} is no day", remedy="give YYYY-MM-DD") from None


def _years(born: date, today: date) -> Row:
    """Full years on a day (민법 제158조: the day of birth counts), and when the pension's age is reached."""
    if born > today:
        return {}
    had = (today.month, today.day) >= (born.month, born.day)
    return {
        "age": today.year - born.year - (not had),
        "from_year": born.year + PENSION_AGE,
        "from_month": born.month,
    }


def month_in(words: str) -> int | None:
    """The month that words name: "9월", "구월분"."""
    found = _MONTH.search(words)
    if found is not None:
        return int(found[1])
    packed = words.replace(" ", "")
    return next((month for name, month in _MONTH_WORDS.items() if name in packed), None)
