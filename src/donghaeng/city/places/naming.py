"""Other names by which people ask for stations and dong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from donghaeng.city.places.model import Place

_BRACKET = re.compile(r"\([^)]*\)")
_DONG_NUMBER = re.compile(r"^(.+?)제?(\d+(?:[.·,]\d+)*(?:가)?)동$")

_SPOKEN = {"응암순환(상선)": ("응암", "응암역")}
"""Official names that nobody says."""


def station_aliases(official: str) -> tuple[str, ...]:
    """Names of a station beside its official one.

    "아차산(어린이대공원후문)" → "아차산", "아차산역", "어린이대공원후문"; "서울" → "서울역". A second name in
    brackets that is a line ("신촌(경의중앙선)") is not a name of the station.
    """
    plain = _BRACKET.sub("", official).strip()
    inner = [text.strip() for text in re.findall(r"\(([^)]*)\)", official)]
    names: list[str] = [plain] if plain != official else []
    if not plain.endswith("역"):
        names.append(plain + "역")
    names += [text for text in inner if len(text) > 1 and not text.endswith("선")]
    names += _SPOKEN.get(official, ())
    return tuple(name for name in dict.fromkeys(names) if name != official)


def dong_aliases(official: str) -> tuple[str, ...]:
    """A dong's name without 제 and without its number: "망원제1동" → "망원1동", "망원동"; "합정동": none."""
    match = _DONG_NUMBER.match(official)
    if not match or len(match[1]) < 2:
        return ()
    short = f"{match[1]}{match[2]}동"
    return tuple(name for name in (short, match[1] + "동") if name != official)


def line_name(table_name: str) -> str:
    """A line as slots write it: "2호선" → "2", "경의중앙선" → "경의중앙", "공항철도" unchanged."""
    numbered = re.fullmatch(r"(\d)호선", table_name)
    if numbered:
        return numbered[1]
    return table_name.removesuffix("선")


def join_lines(rows: Iterable[Place]) -> tuple[Place, ...]:
    """One station for each name: lines and station ids of all its rows, the position of its first row
    in Seoul (else of its first row). Rows of a name keep the order of the name's first row."""
    joined: dict[str, Place] = {}
    for row in rows:
        known = joined.get(row.key)
        if known is None:
            joined[row.key] = row
            continue
        at = known if known.district or not row.district else row
        ids = " ".join(place.extra["ids"] for place in (known, row) if "ids" in place.extra)
        joined[row.key] = replace(
            at,
            lines=tuple(dict.fromkeys((*known.lines, *row.lines))),
            aliases=tuple(dict.fromkeys((*known.aliases, *row.aliases))),
            extra=MappingProxyType({"ids": ids}) if ids else {},
        )
    return tuple(joined.values())
