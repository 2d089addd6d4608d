"""What somebody types into a form of facts ↔ the facts of a template. Pure.

Points are typed one a line; the points below one begin with a hyphen, those below these with two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from donghaeng.office.drafts.template import FactField, Kind, Template

HELP: Final[Mapping[Kind, str]] = {
    "lines": "한 줄에 하나씩 적어요.",
    "points": "한 줄에 하나씩 적어요. 아래 항목은 앞에 - 를, 그 아래는 -- 를 붙여요.",
    "money": "원 단위의 숫자로 적어요. 한글 금액은 저절로 붙어요.",
}
DEEPEST: Final = 6
_POINT: Final = re.compile(r"\s*(?P<below>-{0,6})\s*(?P<text>.*?)\s*")
_DAY: Final = re.compile(r"\s*(\d{4})\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]\s*(\d{1,2})\s*[.일]?\s*")
_MONEY: Final = re.compile(r"\s*금?\s*(\d[\d,]*)\s*원?\s*")


def facts_of(template: Template, typed: Mapping[str, str]) -> dict[str, Any]:
    """The facts in the kinds that :func:`~donghaeng.office.drafts.composing.compose` wants; what is of no
    such kind stays as it was typed, and is told there.

    Args:
        template: names the fields.
        typed: by field; a field that is absent or blank is left out.
    """
    found = {}
    for one in template.fields:
        words = typed.get(one.name, "").replace("\r\n", "\n").strip("\n")
        if words.strip():
            found[one.name] = _fact(one, words)
    return found


def _fact(one: FactField, words: str) -> Any:
    if one.kind == "date" and (day := _DAY.fullmatch(words)):
        year, month, number = (int(part) for part in day.groups())
        return f"{year:04}-{month:02}-{number:02}"
    if one.kind == "money" and (money := _MONEY.fullmatch(words)):
        return int(money[1].replace(",", ""))
    if one.kind == "lines":
        return [line.strip() for line in words.split("\n") if line.strip()]
    if one.kind == "points":
        return _points(words)
    return words.strip()


def _points(words: str) -> list[Any]:
    """Lines as an outline; a line that is deeper than the one above it allows stands right below that."""
    made: list[Any] = []
    open_lists: list[list[Any]] = [made]
    for line in words.split("\n"):
        found = _POINT.fullmatch(line)
        if found is None or not found["text"]:
            continue
        depth = min(len(found["below"]), len(open_lists) - 1)
        del open_lists[depth + 1 :]
        open_lists[depth].append({found["text"]: []})
        open_lists.append(open_lists[depth][-1][found["text"]])
    return [_plain(one) for one in made]


def _plain(point: dict[str, list[Any]]) -> Any:
    ((text, below),) = point.items()
    return {text: [_plain(one) for one in below]} if below else text
