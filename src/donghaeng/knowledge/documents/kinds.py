"""Which kind of file something is, by what it holds: names lie."""

from __future__ import annotations

import io
import zipfile
from enum import Enum
from pathlib import PurePath
from typing import Final

from donghaeng.errors import DocumentRefused


class FileKind(Enum):
    """Kinds that are read."""

    HWPX = "hwpx"
    HWP = "hwp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    MARKDOWN = "md"
    CSV = "csv"


READABLE: Final = "HWPX, HWP, PDF, DOCX, XLSX, HTML, Markdown or CSV"
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_OF_NAME: Final = {
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".txt": FileKind.MARKDOWN,
    ".csv": FileKind.CSV,
    ".tsv": FileKind.CSV,
}
_MACROS: Final = "vbaproject.bin"
_OF_MEMBER: Final = {
    "Contents/content.hpf": FileKind.HWPX,
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
}


def kind_of(name: str, data: bytes) -> FileKind:
    """The kind of a file.

    Args:
        name: of the file; it decides between kinds of plain text alone.
        data: all of it.

    Raises:
        DocumentRefused: it is empty, or none of the kinds that are read.
    """
    if not data.strip():
        raise DocumentRefused(
            "empty", f"{name}: the file is empty", remedy="give a file that holds something"
        )
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    if data.startswith(_OLE):
        return _in_ole(name, data)
    if data.startswith(b"PK\x03\x04"):
        return _in_archive(name, data)
    if b"\x00" in data[:1024] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentRefused(
            "unknown_kind", f"{name}: no kind of document that is known", remedy=f"save it as {READABLE}"
        )
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return FileKind.HTML
    known = _OF_NAME.get(PurePath(name).suffix.lower())
    if known is None:
        raise DocumentRefused(
            "unknown_kind", f"{name}: no kind of document that is known", remedy=f"save it as {READABLE}"
        )
    return known


def _in_archive(name: str, data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise DocumentRefused(
            "damaged", f"{name}: the file is damaged: {error}", remedy="save it again"
        ) from error
    if any(PurePath(member).name.lower() == _MACROS for member in members):
        # Nothing here would run them; but whoever opens the source that an answer cites would.
        raise DocumentRefused(
            "macros", f"{name}: the file holds macros", remedy="save it as DOCX or XLSX, without macros"
        )
    for member, kind in _OF_MEMBER.items():
        if member in members:
            return kind
    raise DocumentRefused(
        "archive", f"{name}: an archive that is no document", remedy=f"give {READABLE} files one by one"
    )


def _in_ole(name: str, data: bytes) -> FileKind:
    # Names of streams stand in UTF-16; an encrypted Word or Excel file is an OLE file too.
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise DocumentRefused(
            "encrypted", f"{name}: the file is encrypted", remedy="save it without a password"
        )
    if "FileHeader".encode("utf-16-le") in data:
        return FileKind.HWP
    raise DocumentRefused("old_office", f"{name}: an old Office file", remedy="save it as DOCX or XLSX")
