"""Files that the linter reads, and plain text that it writes back as it was, corrected."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.errors import DocumentRefused, InputError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.knowledge.documents.limits import LIMITS, check_size
from donghaeng.office.lint.finding import Finding, fixed
from donghaeng.office.lint.linter import Linter

PLAIN: Final = frozenset((".txt", ".md", ".markdown", ".text"))
STANDARD_INPUT: Final = "-"
MOST_ROUNDS: Final = 4
"""A fix may bring another thing to light; nothing is corrected more often than this."""
_ENCODINGS: Final = ("utf-8-sig", "cp949")


@dataclass(frozen=True, slots=True)
class Page:
    """What a file says."""

    name: str
    text: str
    encoding: str | None
    """Of plain text, which alone can be written back; None for documents, whose lines are paragraphs."""


def read_page(name: str, reader: DocumentReader) -> Page:
    """Read a file, or standard input for ``-``.

    Raises:
        InputError: it does not exist or cannot be read as text.
        DocumentRefused: a document that is broken, encrypted, too large, or of an unknown kind.
    """
    if name == STANDARD_INPUT:
        return _plain(name, sys.stdin.buffer.read(LIMITS.file_bytes + 1))
    path = Path(name)
    try:
        size = path.stat().st_size
        check_size(name, size, LIMITS)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{name}: cannot be read: {error.strerror}", remedy="give a file that exists"
        ) from None
    if path.suffix.lower() in PLAIN:
        return _plain(name, data)
    document = reader.read(path.name, data)
    return Page(name, document.text, None)


def _plain(name: str, data: bytes) -> Page:
    check_size(name, len(data), LIMITS)
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A byte order mark that was there is written back.
        marked = encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf")
        return Page(name, text, "utf-8" if marked else encoding)
    raise DocumentRefused("letters", f"{name}: neither UTF-8 nor CP949", remedy="save it as UTF-8")


def corrected(linter: Linter, text: str, *, whole: bool, rules: frozenset[str]) -> tuple[str, int]:
    """The text with every first fix of some rules, and how many were made.

    A fix that would bring another finding of the same kind at the same place is made a few times at most.
    """
    made = 0
    for _ in range(MOST_ROUNDS):
        findings = [
            one for one in linter.check(text, whole=whole) if one.fixes and (not rules or one.rule in rules)
        ]
        if not findings:
            break
        made += len(findings)
        text = fixed(text, findings)
    return text, made


def write_page(page: Page, text: str) -> None:
    """Write plain text back in its own encoding; all of it or nothing.

    Raises:
        InputError: the file cannot be written, or the page is no file of plain text.
    """
    if page.encoding is None or page.name == STANDARD_INPUT:
        raise InputError(
            f"{page.name}: only text and Markdown are corrected in place",
            remedy="leave --fix out and correct it in the program that wrote it",
        )
    path = Path(page.name)
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(text.encode(page.encoding))
        draft.chmod(path.stat().st_mode)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{page.name}: cannot be written: {error.strerror}") from None


def chosen(findings: list[Finding], rules: frozenset[str]) -> list[Finding]:
    """Findings of some rules; all where none are named."""
    return [one for one in findings if not rules or one.rule in rules]
