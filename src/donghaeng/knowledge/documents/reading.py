"""A file → a :class:`~donghaeng.knowledge.documents.blocks.Document`, or one clear error.

Readers are other people's code over files of anybody: run this in a process of its own
(:mod:`donghaeng.knowledge.documents.apart`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from donghaeng.errors import DocumentFault, DocumentRefused
from donghaeng.knowledge.documents.blocks import Block, Document
from donghaeng.knowledge.documents.kinds import FileKind, kind_of
from donghaeng.knowledge.documents.limits import LIMITS, Limits, check_archive, check_size
from donghaeng.knowledge.documents.readers.hangul import read_hangul
from donghaeng.knowledge.documents.readers.pdf import read_pdf
from donghaeng.knowledge.documents.readers.tables import read_csv, read_sheets
from donghaeng.knowledge.documents.readers.web import read_html, read_markdown
from donghaeng.knowledge.documents.readers.word import read_word

READERS: Final[Mapping[FileKind, Callable[[bytes], list[Block]]]] = MappingProxyType(
    {
        FileKind.HWPX: lambda data: read_hangul(data, ".hwpx"),
        FileKind.HWP: lambda data: read_hangul(data, ".hwp"),
        FileKind.PDF: read_pdf,
        FileKind.DOCX: read_word,
        FileKind.XLSX: read_sheets,
        FileKind.HTML: read_html,
        FileKind.MARKDOWN: read_markdown,
        FileKind.CSV: read_csv,
    }
)
_ARCHIVES: Final = frozenset((FileKind.HWPX, FileKind.DOCX, FileKind.XLSX))


def read(name: str, data: bytes, limits: Limits = LIMITS) -> Document:
    """Read a file.

    Args:
        name: of the file, for messages, and to tell kinds of plain text apart.
        data: all of it.
        limits: what it may cost.

    Raises:
        DocumentRefused: it is empty, too large, encrypted, damaged, a bomb, or says nothing.
    """
    check_size(name, len(data), limits)
    kind = kind_of(name, data)
    try:
        if kind in _ARCHIVES:
            check_archive(data, limits)
        blocks = READERS[kind](data)
    except DocumentRefused as error:
        raise DocumentRefused(error.fault, f"{name}: {error.message}", remedy=error.remedy) from error
    except MemoryError as error:
        message = f"{name}: the file takes too much memory"
        raise DocumentRefused("memory", message, remedy="split the file") from error
    except Exception as error:  # libraries over files of anybody raise whatever they like
        encrypted = "ncrypt" in type(error).__name__
        message = "the file is encrypted" if encrypted else f"the file is damaged ({type(error).__name__})"
        remedy = "save it without a password" if encrypted else "open it, save it again, and try once more"
        fault: DocumentFault = "encrypted" if encrypted else "damaged"
        raise DocumentRefused(fault, f"{name}: {message}", remedy=remedy) from error
    blocks = [block for block in blocks if block.text]
    if not blocks:
        message = f"{name}: nothing in it can be read"
        raise DocumentRefused("nothing_told", message, remedy="give a file with text")
    if sum(len(block.text) for block in blocks) > limits.text_chars:
        raise DocumentRefused(
            "too_long",
            f"{name}: more than {limits.text_chars:,} characters of text",
            remedy="split the file",
        )
    return Document(kind.value, tuple(blocks))
