"""Telephone numbers, names of persons, receipt numbers."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.numerals import parse_digits
from donghaeng.korean.phones import Phone, find_phones
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

LONGEST_NAME: Final = 20

_BEFORE_NAME = re.compile(r"^.*?(?:이름은|이름이|성함은|성명은|제가|저는|나는|내는|난)\s+")
_AFTER_NAME = re.compile(
    r"\s*(?:이라고|라고|이라|라)?\s*"
    r"(?:합니다|해요|허요|해유|하오|혀요|불러요|불러 주세요|적어 주세요|써 주세요|한다|하는데요|합니더)?$"
)
_COPULA = re.compile(
    r"(?:이에요|예요|에요|이예요|입니다|이여요|여요|이요|요|이고요|고요|이라예|라예|이유|유|이오|임니다|이올시다|님|씨)$"
)
_RECEIPT = re.compile(r"(?:SEL|연습)?-?\s?(\d[\d\s-]{5,20}\d)", re.IGNORECASE)
_RECEIPT_SPOKEN = re.compile(r"[공영일이삼사오육칠팔구\d\s]{6,40}")


def phone(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A telephone number with hyphens; an incomplete one is a problem, not a value."""
    del spec
    found = find_phones(utterance, expected=scene.asked)
    whole = [match for match in found if isinstance(match.value, Phone)]
    if whole:
        best = max(whole, key=lambda match: len(str(match.value)))
        return SlotFill(str(best.value), words=utterance[best.start : best.end])
    if found:
        return SlotFill(None, problem="incomplete", words=utterance[found[0].start : found[0].end])
    return None


def person_name(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A person's name without particle, copula or 님; taken only when it was asked for or introduced."""
    del spec
    introduced = _BEFORE_NAME.match(utterance)
    if not scene.asked and introduced is None:
        return None
    name = _BEFORE_NAME.sub("", utterance).strip(" .,!?")
    name = _AFTER_NAME.sub("", name).strip()
    name = _COPULA.sub("", name).strip()
    return SlotFill(name, words=utterance) if 0 < len(name) <= LONGEST_NAME else None


def receipt(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A receipt number: its digits, said or written in groups."""
    del spec
    match = _RECEIPT.search(utterance)
    if match is not None:
        return SlotFill(re.sub(r"\s", "", match.group()), words=match.group())
    spoken = _RECEIPT_SPOKEN.search(utterance)
    digits = parse_digits(spoken.group()) if spoken is not None else None
    if digits is None or not scene.asked:
        return None
    return SlotFill(digits, words=digits)
