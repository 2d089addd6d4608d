"""An HWPX file without the words that nobody would see: white ones, ones of a point, and comments.

How characters look stands in the header (``charPr``: ``textColor``, ``height`` in hundredths of a point), and
runs name one by its number; a cell names its filling in the same way (KS X 6101, OWPML). What is left out is
taken away before the file is read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring

SMALLEST_HEIGHT: Final = 100
PALE: Final = 0xF2
"""Of 255 in each colour; the paper is white."""
_SECTION: Final = re.compile(r"(?:^|/)section\d+\.xml$", re.IGNORECASE)
_HEADER: Final = re.compile(r"(?:^|/)header\.xml$", re.IGNORECASE)
_COLOUR: Final = re.compile(r"^#(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})$")
"""With or without two digits of opacity before it."""
_COMMENTS: Final = ("hiddenComment", "MEMO")


@dataclass(frozen=True, slots=True)
class _Looks:
    never: frozenset[str]
    """Numbers of characters that nobody sees anywhere."""
    white: frozenset[str]
    """Those that nobody sees on paper."""
    filled: frozenset[str]
    """Numbers of fillings on which white is seen."""


def without_hidden(data: bytes) -> bytes:
    """The same file, with the words of these runs and comments taken out of its sections.

    Raises:
        zipfile.BadZipFile: it is damaged; so are other errors of the library.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        headers = [_xml(archive, name) for name in names if _HEADER.search(name)]
        looks = _looks(one for one in headers if one is not None)
        changed: dict[str, bytes] = {}
        for name in names:
            root = _xml(archive, name) if _SECTION.search(name) else None
            if root is not None and _take_out(root, looks, on_filled=False):
                changed[name] = tostring(root, encoding="utf-8")
        if not changed:
            return data
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as other:
            for name in names:
                other.writestr(name, changed.get(name) or archive.read(name))
        return made.getvalue()


def _xml(archive: zipfile.ZipFile, name: str) -> Element | None:
    try:
        root: Element = fromstring(archive.read(name))
    except ParseError:
        # The reader passes such a part over.
        return None
    return root


def _looks(headers: Iterable[Element]) -> _Looks:
    never, white, filled = set[str](), set[str](), set[str]()
    for header in headers:
        for one in header.iter():
            number, kind = one.get("id"), _local(one)
            if number is None:
                continue
            if kind == "charPr":
                if int(one.get("height", "1000")) <= SMALLEST_HEIGHT:
                    never.add(number)
                elif _is_pale(one.get("textColor", "")) and not _is_dark(one.get("shadeColor", "")):
                    white.add(number)
            elif kind == "borderFill" and any(_is_dark(inner.get("faceColor", "")) for inner in one.iter()):
                filled.add(number)
    return _Looks(frozenset(never), frozenset(white), frozenset(filled))


def _take_out(node: Element, looks: _Looks, *, on_filled: bool) -> bool:
    """Whether anything was taken out below a node."""
    kind, taken = _local(node), False
    if kind == "tc":
        on_filled = on_filled or node.get("borderFillIDRef") in looks.filled
    look = node.get("charPrIDRef") if kind == "run" else None
    hidden = look in looks.never or (look in looks.white and not on_filled)
    for child in list(node):
        if (hidden and _local(child) == "t") or {_local(child), child.get("type")} & {*_COMMENTS}:
            node.remove(child)
            taken = True
        else:
            taken = _take_out(child, looks, on_filled=on_filled) or taken
    return taken


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _is_pale(colour: str) -> bool:
    found = _COLOUR.match(colour)
    return found is not None and min(bytes.fromhex(found[1])) >= PALE


def _is_dark(colour: str) -> bool:
    return _COLOUR.match(colour) is not None and not _is_pale(colour)
