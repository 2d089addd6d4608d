"""What changed in the public register, newest first, as pages and the Atom feed tell it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from xml.etree import ElementTree

ATOM: Final = "http://www.w3.org/2005/Atom"
ADDRESS: Final = "/registry.atom"
TITLE: Final = "인공지능 시스템 등록부에서 바뀐 것"
What = Literal["published", "changed", "retracted"]
WORDS: Final[dict[What, str]] = {
    "published": "새로 공개했어요",
    "changed": "고쳐서 공개했어요",
    "retracted": "공개를 거두었어요",
}


@dataclass(frozen=True, slots=True)
class PublicChange:
    """One thing that happened to what the public sees."""

    record: str
    name: str
    what: What
    version: int
    at: datetime
    sentences: tuple[str, ...] = ()
    """What is other than in the public version before."""

    @property
    def title(self) -> str:
        """On one line."""
        return f"{self.name}: {WORDS[self.what]}"

    @property
    def id(self) -> str:
        """Never another change's, on any server of this register."""
        key = f"{self.record}/{self.version}/{self.what}/{self.at.isoformat()}"
        return _urn(key)


def as_atom(changes: Sequence[PublicChange], *, began: datetime) -> bytes:
    """The feed (RFC 4287). Addresses in it are relative to the feed's own.

    Args:
        changes: newest first.
        began: of a register in which nothing happened yet.
    """
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "ko"})
    _text(feed, "title", TITLE)
    _text(feed, "id", _urn(ADDRESS))
    _text(feed, "updated", max((one.at for one in changes), default=began).isoformat())
    _link(feed, "self", ADDRESS, "application/atom+xml")
    _link(feed, "alternate", "/registry", "text/html")
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", TITLE)
    for one in changes:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "title", one.title)
        _text(entry, "id", one.id)
        _text(entry, "updated", one.at.isoformat())
        _link(entry, "alternate", f"/registry/{one.record}", "text/html")
        _text(entry, "content", "\n".join(one.sentences) or WORDS[one.what], type="text")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _urn(key: str) -> str:
    """An id that the same thing always has (a UUID of version 8, RFC 9562: its bits are ours to fill)."""
    bits = hashlib.sha256(f"donghaeng registry {key}".encode()).hexdigest()
    return f"urn:uuid:{bits[:8]}-{bits[8:12]}-8{bits[13:16]}-a{bits[17:20]}-{bits[20:32]}"


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    # XML 1.0 has no place for control characters, not even escaped.
    element.text = "".join(letter for letter in text if letter in "\t\n" or ord(letter) >= ord(" "))


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})
