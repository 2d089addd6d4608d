"""An HWP 5 file, byte by byte: a compound file (MS-CFB) with a header and one section of paragraphs.

The form is that of Hancom's public description of HWP 5.0: the FileHeader with its signature, version and
flags, and in BodyText/Section0 records with a tag, a level and a size, deflated where flag 1 says so.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
COMPRESSED, PASSWORD = 1, 2
_PARA_HEADER, _PARA_TEXT = 66, 67
_MINI = 4096
"""Shorter streams would stand in a file within the file."""


def made_hwp(lines: Sequence[str], *, flags: int = COMPRESSED, scripts: bytes = b"") -> bytes:
    """A file of these paragraphs."""
    header = b"HWP Document File".ljust(32, b"\x00") + struct.pack("<II", 0x05000300, flags)
    records = b"".join(
        _record(_PARA_HEADER, 0, bytes(22)) + _record(_PARA_TEXT, 1, f"{line}\r".encode("utf-16-le"))
        for line in lines
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(records) + deflate.flush() if flags & COMPRESSED else records
    return _compound(header, body, scripts)


def _record(tag: int, level: int, payload: bytes) -> bytes:
    return struct.pack("<I", tag | level << 10 | len(payload) << 20) + payload


def _compound(header: bytes, body: bytes, scripts: bytes) -> bytes:
    # Sector 0 is the table of sectors, 1 and 2 the directory, then the streams.
    streams = [
        one.ljust(max(_MINI, -(-len(one) // SECTOR) * SECTOR), b"\x00") for one in (header, body, scripts)
    ]
    table, starts, at = [FAT, 2, END], [], 3
    for one in streams:
        count = len(one) // SECTOR
        starts.append(at)
        table += [*range(at + 1, at + count), END]
        at += count
    assert len(table) <= SECTOR // 4
    table += [FREE] * (SECTOR // 4 - len(table))
    root, storage, stream = 5, 1, 2
    entries = [
        _entry("Root Entry", root, child=2),
        _entry("FileHeader", stream, start=starts[0], size=len(streams[0])),
        _entry("BodyText", storage, child=3, left=1, right=4),
        _entry("Section0", stream, start=starts[1], size=len(streams[1])),
        _entry("Scripts", storage, child=5),
        _entry("DefaultJScript", stream, start=starts[2], size=len(streams[2])),
    ]
    empty = _entry("", 0)
    directory = b"".join([*entries, *[empty] * (8 - len(entries))])
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _MINI, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return head.ljust(SECTOR, b"\xff") + struct.pack("<128I", *table) + directory + b"".join(streams)


def _padded(stream: bytes) -> bytes:
    return stream.ljust(max(_MINI, -(-len(stream) // SECTOR) * SECTOR), b"\x00")


def _entry(
    name: str,
    kind: int,
    *,
    child: int = FREE,
    left: int = FREE,
    right: int = FREE,
    start: int = 0,
    size: int = 0,
) -> bytes:
    written = name.encode("utf-16-le")
    made = written.ljust(64, b"\x00") + struct.pack("<HBB", len(written) + 2 if name else 0, kind, 1)
    made += struct.pack("<III", left, right, child) + bytes(16) + bytes(4) + bytes(16)
    return made + struct.pack("<IQ", start if kind == 2 else END if kind == 5 else 0, size)
