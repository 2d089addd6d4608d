"""A document as passages: cut by its own structure, cleaned for the ear, and as they answer. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from donghaeng.knowledge.documents.blocks import BlockKind, Document
from donghaeng.knowledge.documents.sections import sections
from donghaeng.knowledge.passages import (
    MAX_SPOKEN_CHARS,
    MAX_SPOKEN_SENTENCES,
    MAX_TEXT_CHARS,
    Passage,
    sentences,
)
from donghaeng.store.knowledge import PassageRow, VersionRow
from donghaeng.trust.masking import mask

ANSWERS: Final = "ask"
"""The service that answers from documents."""
TITLE_CHARS: Final = 300
HEADINGS_IN_TITLE: Final = 2
"""Of the headings above a passage, the nearest ones stand in its title."""

_MARKS: Final = re.compile(r"^(?:[□■○●◆◇▣▶❏•·※*ㅇ\-–—]+\s*)+")
"""Marks that Korean offices set before a line; nobody says them."""
_ENDED: Final = re.compile(r"[.!?][\"'”’)\]]*$")
_ADDRESS: Final = re.compile(r"^https?://", re.IGNORECASE)


def title_of(name: str, document: Document) -> str:
    """What a document is called: as its file is, or at an address by its first heading."""
    if not _ADDRESS.match(name):
        return _short(PurePath(name).stem.replace("_", " ").strip() or name)
    headings = (block.text for block in document.blocks if block.kind is BlockKind.HEADING)
    return _short(next(headings, name))


def passages_in(document: Document, title: str, *, verified: bool) -> list[PassageRow]:
    """The passages of a document. Numbers that are never kept are masked.

    Args:
        document: as it was read.
        title: of the document; it leads the title of every passage.
        verified: whether somebody vouches for all of it; what cannot be spoken is not verified even then.
    """
    found: list[PassageRow] = []
    for section in sections(document):
        path = tuple(heading for heading in map(_heading, section.path) if heading)
        named = _short(" · ".join(dict.fromkeys((title, *path[-HEADINGS_IN_TITLE:]))))
        for text in _bounded(_clean(section.text)):
            spoken = spoken_of(text)
            number = len(found) + 1
            counts = verified and spoken is not None
            found.append(PassageRow(number, path, section.page, named, text, spoken, counts))
    return found


def spoken_of(text: str) -> str | None:
    """The first one or two sentences of a text that are short enough to be told; None where none is."""
    short = [one for one in sentences(text) if len(one) <= MAX_SPOKEN_CHARS]
    if not short:
        return None
    both = " ".join(short[:MAX_SPOKEN_SENTENCES])
    return both if len(both) <= MAX_SPOKEN_CHARS else short[0]


def as_passage(version: VersionRow, row: PassageRow) -> Passage:
    """A passage of a version as citizens are answered with it; only for one that can be spoken."""
    page = f"{row.page}쪽" if row.page is not None else ""
    section = " > ".join(part for part in (*row.path, page) if part)
    return Passage(
        id=passage_id(version.document_id, version.version, row.number),
        topic=ANSWERS,
        title=row.title,
        spoken=row.spoken or "",
        text=row.text,
        named=False,
        document=version.title,
        section=_short(section) or None,
        department=version.department,
        source=version.department,
        url=version.source,
        issued=version.valid_from or version.added_at.date(),
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        verified=row.verified,
    )


def passage_id(document_id: str, version: int, number: int) -> str:
    """How a passage is cited: its document, version and number."""
    return f"{document_id}-{version}-{number}"


def _clean(text: str) -> str:
    lines = (_MARKS.sub("", line.strip()) for line in mask(text).text.splitlines())
    return "\n".join(line if _ENDED.search(line) else f"{line}." for line in lines if line)


def _heading(text: str) -> str:
    return _MARKS.sub("", mask(text).text.strip())


def _bounded(text: str) -> Iterator[str]:
    """The text, in parts where a passage could not hold it: a line without an end of thousands of letters."""
    if len(text) <= MAX_TEXT_CHARS:
        yield from [text] if text else []
    else:
        yield from textwrap.wrap(text, MAX_TEXT_CHARS)


def _short(text: str) -> str:
    return text if len(text) <= TITLE_CHARS else text[: TITLE_CHARS - 1].rstrip() + "…"
