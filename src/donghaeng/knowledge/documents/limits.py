"""What a file may cost before it is read: bombs, entities and encrypted members are refused unread."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

from donghaeng.errors import DocumentRefused

MEGABYTE: Final = 1024 * 1024
_ENTITIES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LOOKED_AT: Final = 4_096
"""Bytes at the beginning of an XML part where a document type must stand (XML 1.0, section 2.8)."""
_XML: Final = (".xml", ".rels", ".hpf", ".opf", ".vml")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 300 * MEGABYTE
    """Of all members of an archive together."""
    unpacked_times: int = 150
    """What an archive of more than :attr:`small_bytes` may grow to, as a multiple of its size."""
    small_bytes: int = 10 * MEGABYTE
    members: int = 5_000
    seconds: float = 60.0
    """Of reading, then the process that reads is ended."""
    memory_bytes: int = 2_048 * MEGABYTE
    """Address space of that process."""
    text_chars: int = 5_000_000
    """Of what was read."""


LIMITS: Final = Limits()


def check_size(name: str, size: int, limits: Limits) -> None:
    """Refuse a file that is too large.

    Raises:
        DocumentRefused: it is.
    """
    if size > limits.file_bytes:
        raise DocumentRefused(
            "too_large",
            f"{name}: {size / MEGABYTE:.0f} MB are too many",
            remedy=f"at most {limits.file_bytes // MEGABYTE} MB are read; split the file",
        )


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuse an archive that would grow too large, that is encrypted, or whose XML declares entities.

    Sizes are counted while unpacking, for the ones that a member declares may lie.

    Raises:
        DocumentRefused: it is one of these. Of one that is damaged, whatever the unpacking raises.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_members(archive, len(data), limits)


def _check_members(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        remedy = f"at most {limits.members} are read"
        raise DocumentRefused("too_many_parts", f"{len(members)} parts are too many", remedy=remedy)
    most = min(limits.unpacked_bytes, max(limits.small_bytes, size * limits.unpacked_times))
    unpacked = 0
    for member in members:
        if member.flag_bits & 0x1:
            raise DocumentRefused("encrypted", "the file is encrypted", remedy="save it without a password")
        with archive.open(member) as stream:
            first = True
            while chunk := stream.read(MEGABYTE):
                unpacked += len(chunk)
                if unpacked > most:
                    raise DocumentRefused(
                        "unpacks_too_large",
                        f"the file grows beyond {most // MEGABYTE} MB when it is unpacked",
                        remedy="nobody writes such a document: check where it comes from",
                    )
                if first and member.filename.endswith(_XML) and _ENTITIES.search(chunk[:_LOOKED_AT]):
                    raise DocumentRefused(
                        "entities",
                        f"{member.filename} declares entities",
                        remedy="no office program writes these: check where it comes from",
                    )
                first = False
