"""Files that are empty, damaged, encrypted, giant or malicious get one clear error, and harm nobody."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.documents.conftest import MADE, SENTENCE

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.knowledge.documents.limits import MEGABYTE, Limits
from donghaeng.knowledge.documents.reading import read

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def encrypted() -> bytes:
    """An archive whose member says that it is encrypted."""
    data = bytearray(archive({"word/document.xml": b"<a/>"}))
    data[6] |= 1
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def broken() -> bytes:
    """An archive with a part that cannot be unpacked."""
    data = bytearray(archive({"word/document.xml": b"<a/>" * 999}))
    begin = data.index(b"word/document.xml") + len("word/document.xml")
    data[begin] = 0xFF  # no kind of block that deflate knows
    return bytes(data)


def of_later_version() -> bytes:
    """An archive that says that it needs a program of some later version."""
    data = bytearray(archive({"word/document.xml": b"<a/>"}))
    data[data.index(b"PK\x01\x02") + 6] = 255
    return bytes(data)


MANY = {str(number): b"" for number in range(5_001)}
BAD = {
    "nothing": ("a.md", b"", "empty"),
    "spaces": ("a.md", b" \n\t ", "empty"),
    "no document": ("a.bin", b"\x00\x01\x02\x03" * 50, "no kind of document"),
    "unknown text": ("a.xyz", b"some words", "no kind of document"),
    "archive of other things": ("a.docx", archive({"a.txt": b"x"}), "no document"),
    "half an archive": ("a.docx", archive({"word/document.xml": b"x" * 99})[:60], "damaged"),
    "archive of a later version": ("a.docx", of_later_version(), "damaged"),
    "broken part": ("a.docx", broken(), "damaged"),
    "bomb": ("a.docx", archive({"word/document.xml": bytes(40 * MEGABYTE)}), "unpacked"),
    "many parts": ("a.xlsx", archive({"xl/workbook.xml": b"", **MANY}), "parts"),
    "entities": (
        "a.docx",
        archive(
            {
                "word/document.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            }
        ),
        "entities",
    ),
    "encrypted archive": ("a.docx", encrypted(), "encrypted"),
    "encrypted office": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "old office": ("a.doc", OLE, "old Office"),
    "damaged hwp": ("a.hwp", OLE + "FileHeader".encode("utf-16-le"), "damaged"),
    "damaged pdf": ("a.pdf", b"%PDF-1.7\nnothing", "damaged"),
    "strange letters": ("a.md", b"\x81\x8d\xff\xa0\xa0\xfe\x20", "letters"),
    "nothing to see": ("a.html", b"<!doctype html><p hidden>x</p>", "nothing in it"),
}


@pytest.mark.parametrize("which", BAD)
def test_bad_files_get_one_clear_error(which: str) -> None:
    name, data, message = BAD[which]
    with pytest.raises(InputError, match=message) as raised:
        read(name, data)
    assert str(raised.value).startswith(name)
    assert raised.value.remedy


def test_a_giant_is_not_even_opened() -> None:
    with pytest.raises(InputError, match="too many"):
        read("a.md", b"x" * (MEGABYTE + 1), Limits(file_bytes=MEGABYTE))
    with pytest.raises(InputError, match="characters"):
        read("a.md", "글이에요. ".encode() * 100, Limits(text_chars=99))


@given(st.sampled_from(sorted(MADE)), st.binary(max_size=300), st.integers(0, 400), st.data())
def test_no_bytes_whatever_raise_anything_else(kind: str, noise: bytes, at: int, data: st.DataObject) -> None:
    start = {"pdf": b"%PDF-1.4\n", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "hwpx": b"PK\x03\x04"}.get(
        kind, b""
    )
    whole = start + noise[:at] + data.draw(st.binary(max_size=50))
    with contextlib.suppress(InputError):
        assert read(f"a.{kind}", whole).blocks


def test_files_are_read_in_a_process_of_their_own(made: Callable[[str], bytes]) -> None:
    with DocumentReader() as reader:
        assert SENTENCE in reader.read("a.hwpx", made("hwpx")).text
        with pytest.raises(InputError, match="empty"):
            reader.read("b.md", b"")
        assert SENTENCE in reader.read("c.docx", made("docx")).text


def test_a_process_that_ends_or_takes_too_long_is_begun_anew(made: Callable[[str], bytes]) -> None:
    with DocumentReader() as reader:
        reader.read("a.md", made("md"))
        assert reader._process is not None
        reader._process.kill()
        reader._process.join()
        assert reader.read("a.md", made("md")).blocks
    with DocumentReader(Limits(seconds=0.0)) as reader:
        for _ in range(2):
            with pytest.raises(InputError, match="not read within"):
                reader.read("a.md", made("md") * 1_000)


def test_a_file_that_takes_too_much_memory_ends_nothing_else() -> None:
    wide = "|" + "가|" * 400 + "\n"
    with DocumentReader(Limits(memory_bytes=300 * MEGABYTE, seconds=100)) as reader:
        with pytest.raises(InputError, match="too much memory|its reader ended") as raised:
            reader.read("a.md", (wide + "|" + "--|" * 400 + "\n" + wide * 12_000).encode())
        assert raised.value.remedy
