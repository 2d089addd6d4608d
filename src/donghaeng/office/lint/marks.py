"""Colons, 붙임, and ``끝.`` at the end of a letter (행정업무규정 시행규칙 제4조). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from donghaeng.office.lint.finding import Found

_ATTACHED: Final = re.compile(r"^[ \t]*(?P<all>붙임[ \t]*:[ \t]*)(?=\S)", re.MULTILINE)
_APART: Final = re.compile(r"(?<=[가-힣)\]])[ \t]+:[ \t]*(?=\S)")
_CLOSE: Final = re.compile(r"(?<=[가-힣)\]]):(?=[가-힣])|(?<=[가-힣]):(?=\d)")
_END: Final = "끝"


def attachments(text: str) -> Iterator[Found]:
    """붙임 with a colon; two spaces stand there."""
    for found in _ATTACHED.finditer(text):
        start, end = found.span("all")
        yield Found("attachment.form", start, end, ("붙임  ",))


def colons(text: str) -> Iterator[Found]:
    """A space before a colon, or none after it."""
    for pattern in (_APART, _CLOSE):
        for found in pattern.finditer(text):
            yield Found("colon.space", found.start(), found.end(), (": ",))


def end_of(letter: str) -> Iterator[Found]:
    """The mark that a letter ends with: one letter's width after its last words, with a dot."""
    body = letter.rstrip()
    if not body:
        return
    stop = len(body)
    if body.endswith(f"{_END}."):
        start = stop - 2
        if not body[:start].endswith((" ", "\n", "\u3000")):
            yield Found("end.form", start, stop, (f"  {_END}.",))
    elif body.endswith(_END) and body[: stop - 1].endswith((" ", "\n", "\u3000", ".")):
        yield Found("end.form", stop - 1, stop, (f"{_END}.",))
    else:
        start = body.rfind("\n") + 1
        yield Found("end.missing", start, stop, (f"{body[start:]}  {_END}.",))
