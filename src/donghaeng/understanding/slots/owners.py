"""Whose telephone number was said, where a service asks for several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.understanding.acts import SlotFill

_GUARDIAN: Final = "보호자"
_FAMILY = re.compile(
    r"(?:딸|아들|며느리|사위|손녀|손자|손주|남편|아내|동생|자식|자녀)(?:네|의)?\s?(?:전화|번호|연락처|핸드폰|휴대폰)"
)
"""Numbers of the family are those of the guardian."""


def by_owner(text: str, specs: Mapping[str, SlotSpec], found: Mapping[str, SlotFill]) -> dict[str, SlotFill]:
    """``found`` with each telephone number in the slot that the words before it name ("보호자 번호는 …");
    those without such words stay in the order of the slots."""
    names = [name for name, spec in specs.items() if spec.type == "phone"]
    said = {name: fill for name, fill in found.items() if name in names and fill.words in text}
    if len(names) < 2 or not said:
        return dict(found)
    owned: dict[str, SlotFill] = {}
    others: list[SlotFill] = []
    start = 0
    for fill in sorted(said.values(), key=lambda fill: text.find(fill.words)):
        at = text.find(fill.words)
        owner = next((name for name in names if _is_named(text[start:at], name, specs, names)), None)
        if owner is None or owner in owned:
            others.append(fill)
        else:
            owned[owner] = fill
        start = at + len(fill.words)
    if not owned:
        return dict(found)
    free = [name for name in names if name not in owned]
    owned |= dict(zip(free, others, strict=False))
    return {**{name: fill for name, fill in found.items() if name not in said}, **owned}


def _is_named(words: str, name: str, specs: Mapping[str, SlotSpec], names: list[str]) -> bool:
    """Whether words name a slot by what its name has and those of its kind have not."""
    shared = {word for other in names if other != name for word in specs[other].name.split()}
    own = [word for word in specs[name].name.split() if word not in shared]
    if any(word in words for word in own):
        return True
    return _GUARDIAN in own and _FAMILY.search(words) is not None
