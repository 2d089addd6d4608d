"""A wish to be called back: number and time, said with a wish for a person or after it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.reading import SlotReader
from donghaeng.understanding.steering import COUNSELLOR, person_topic
from donghaeng.understanding.thresholds import DAY_ALONE

CALL_BACK: Final = ("callback_phone", "callback_time")
"""Slots of a wish for a person that say where and when to call back."""
_CALLING = re.compile(r"전화|연락|걸어")


def called_back(act: Act, words: str, context: Context, reader: SlotReader) -> Act:
    """A wish for a person with the number and the time at which it is to be called; the rest is its
    topic."""
    if act.service != COUNSELLOR or act.kind is not ActKind.ASK or "callback_phone" in act.slots:
        return act
    said = reader.wish(words, COUNSELLOR, context)
    found = {name: fill for name, fill in said.items() if name in CALL_BACK and fill.score > DAY_ALONE}
    if "callback_phone" not in found or found["callback_phone"].value is None:
        return act
    for fill in found.values():
        words = words.replace(fill.words, " ")
    return replace(act, slots={**person_topic(" ".join(words.split())), **found})


def times_call(words: str, context: Context, reader: SlotReader) -> bool:
    """Whether the words tell when the booked call shall come ("내일 열 시에 전화 주세요")."""
    booked = "callback_phone" in context.last_slots and _CALLING.search(words) is not None
    return booked and "callback_time" in reader.again(words, context)
