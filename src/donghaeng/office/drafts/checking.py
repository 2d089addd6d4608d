"""The linter over a draft's text: the body of a letter is judged whole, with its end. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from donghaeng.errors import InputError
from donghaeng.office.drafts.editing import Rows, body_span, text_of
from donghaeng.office.lint.finding import Finding
from donghaeng.office.lint.linter import Linter

MOST_TOLD: Final = 100
"""Findings that are told at once."""


def findings(linter: Linter, rows: Rows) -> list[Finding]:
    """What breaks a rule, in the order of the text; places are characters of the whole text."""
    return list(_findings(linter, rows))[:MOST_TOLD]


def _findings(linter: Linter, rows: Rows) -> Iterator[Finding]:
    text = text_of(rows)
    span = body_span(rows)
    start, end = span or (0, 0)
    for low, high, whole in ((0, start, False), (start, end, True), (end, len(text), False)):
        if not text[low:high].strip():
            continue
        above = text.count("\n", 0, low)
        for one in linter.check(text[low:high], whole=whole):
            yield replace(one, start=one.start + low, end=one.end + low, line=one.line + above)


def changed(text: str, start: int, end: int, was: str, to: str) -> str:
    """A text with one place changed.

    Raises:
        InputError: something else stands there by now.
    """
    if not 0 <= start <= end <= len(text) or text[start:end] != was:
        raise InputError("the place has changed", remedy="look at the findings again")
    return text[:start] + to + text[end:]
