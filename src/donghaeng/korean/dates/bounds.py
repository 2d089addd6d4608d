"""Words that open a day or a span on one side (늦어도 내일, 이르면 다음 주), or cut it at today."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from donghaeng.korean.dates.model import Impossible, Span, TimeValue
from donghaeng.korean.dates.resolve import Phrase

_LATEST = re.compile(r"(?:늦어도|늦더라도) $")
_EARLIEST = re.compile(r"(?:이르면|빠르면|빨라야|빨라도|일러야) $")
_AT_LEAST = re.compile(r"(?:최소|최소한|적어도) ?(?:약 )?(?:$|[0-9가-힣])")
_AS_EARLY = re.compile(r"(?:에)? ?(?:되도록|최대한|가능한 한|가능한) (?:일찍|빨리)")
_EARLIER = re.compile(r"(?:에)? (?:좀 |조금 )?더 일찍")
_SHOULD_HAVE = re.compile(r"(?:에)? ?[가-힣]{0,5}[았었였했냈됐갔왔]어야")
LONGEST_BOUND: Final = 8
"""Characters before a phrase in which such a word stands."""


def bounded(text: str, phrase: Phrase, values: list[TimeValue], today: date) -> list[TimeValue]:
    """``values`` of ``phrase`` as the words around it limit them; empty where none does.

    늦어도 and 이르면 stand before, 되도록 일찍 and 더 일찍 after; 적어도 사흘 전 is that day or earlier.
    """
    said_before = text[max(0, phrase.start - LONGEST_BOUND) : phrase.start]
    if "offset" in phrase.fields:
        if _AT_LEAST.search(said_before + text[phrase.start : phrase.end]):
            return [opened(value, after=phrase.fields["sign"] > 0, exclusive=False) for value in values]
        return []
    if _LATEST.search(said_before) or _SHOULD_HAVE.match(text, phrase.end):
        return [opened(value, after=False, exclusive=False) for value in values]
    if _EARLIEST.search(said_before) or (_AS_EARLY.match(text, phrase.end) and isinstance(values[0], Span)):
        return [opened(value, after=True, exclusive=False) for value in values]
    if _EARLIER.match(text, phrase.end):
        cut = so_far(values[0], today)
        return [cut] if cut is not values[0] else []
    return []


def so_far(value: TimeValue, today: date) -> TimeValue:
    """What has passed of a span of days that is under way; any other value as it is."""
    if isinstance(value, Span) and type(value.start) is date and type(value.end) is date:
        return Span(value.start, today) if value.start < today < value.end else value
    return value


def opened(value: TimeValue, *, after: bool, exclusive: bool) -> TimeValue:
    """The open interval from or up to ``value``; 이후 of a month begins after it."""
    if isinstance(value, Impossible):
        return value
    if isinstance(value, Span):
        if after:
            end = value.end
            later = (
                end + timedelta(days=1) if exclusive and type(end) is date and end < date.max else value.start
            )
            return Span(later, None)
        return Span(None, value.start if exclusive else value.end)
    return Span(value, None) if after else Span(None, value)
