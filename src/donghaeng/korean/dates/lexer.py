"""From text to pieces: each date or time word with what it contributes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from donghaeng.korean.dates.rules import RULES


@dataclass(frozen=True, slots=True)
class Piece:
    """One date or time word: ``fields`` are what it sets in a :class:`.resolve.Phrase`."""

    kind: str
    start: int
    end: int
    fields: dict[str, Any]


_ANY = re.compile(
    "|".join(f"(?:{re.sub(r'[(][?]P<[a-z_0-9]+>', '(?:', pattern)})" for _, pattern, _ in RULES)
)
_EACH: Final = tuple((kind, re.compile(pattern), build) for kind, pattern, build in RULES)
_FIRST_CHAR = re.compile(r"[0-9가-힣apAP]")
_GLUED = re.compile(
    "[월화수목금토일]요일|(?:다음|이번|다다음) ?주 ?[월화수목금토일]"
    "|(?<=[은는가면럼고])(?:내일|모레|글피|어제|오늘)"
)
"""Words that are believed without a space before them, as recognisers write them (저는내일, 그럼모레)."""
LONGEST_WEEKS: Final = 9
"""Up to this number a bare N주 is rather a length of time than a week of the year."""
_LASTING = re.compile(r" ?(?:동안|간|내내|후|뒤|전|안|이내|째|정도|쯤|짜리)")
LAST_DAY: Final = 31
_YEAR: Final = frozenset({"year", "years"})
_MONTH: Final = frozenset({"month", "months", "lunar", "year"})
_NEEDED: Final = {
    "season": frozenset({"year", "years", "offset"}),
    "loose_part": frozenset({"days", "weekday", "day"}),
}
_PREGNANT = re.compile(r"임신 ?$")
_WISH = re.compile(r"(?:좋은|즐거운|행복한) $")


def lex(text: str) -> list[Piece]:
    """The date and time words of ``text`` (NFC) in order, none overlapping.

    A word may begin at the start, after anything but Hangul, right after another piece, or with a
    digit; words that cannot be part of another may follow without a space.
    """
    pieces: list[Piece] = []
    position, after_piece = 0, True
    while position < len(text):
        open_here = after_piece or not "가" <= text[position - 1] <= "힣" or text[position].isdigit()
        open_here = open_here or _GLUED.match(text, position) is not None
        piece = _at(text, position) if open_here and _FIRST_CHAR.match(text, position) else None
        if piece is not None and _is_ordinary(text, piece, pieces):
            piece = None
        after_piece = piece is not None
        if piece is None:
            position += 1
            continue
        pieces.append(piece)
        position = piece.end
    return pieces


def _is_ordinary(text: str, piece: Piece, before: list[Piece]) -> bool:
    """Date words that are none here: 이 일 (this matter), wishes (즐거운 주말), 의 주 after no date, 3주."""
    if piece.kind == "containing":
        return not (bool(before) and before[-1].end == piece.start)
    needed = _needed_before(text, piece)
    if needed:
        return not (bool(before) and before[-1].end >= piece.start - 1 and needed & before[-1].fields.keys())
    if piece.kind == "week_number":
        return _PREGNANT.search(text, max(0, piece.start - 4), piece.start) is not None
    return _WISH.search(text, max(0, piece.start - 4), piece.start) is not None


def _needed_before(text: str, piece: Piece) -> frozenset[str]:
    """Fields of which the piece right before must set one for ``piece`` to be a date word; empty = none."""
    if piece.kind == "week_number":
        length = piece.fields["week_number"] <= LONGEST_WEEKS or _LASTING.match(text, piece.end)
        return _YEAR if length and text[piece.end - 1] != "차" else frozenset()
    if piece.kind == "day":
        doubtful = text[piece.start : piece.end] == "이 일" or piece.fields["day"] > LAST_DAY
        return _MONTH if doubtful else frozenset()
    return _MONTH if "or_length" in piece.fields else _NEEDED.get(piece.kind, frozenset())


def _at(text: str, position: int) -> Piece | None:
    if position and text[position].isdigit() and text[position - 1].isdigit():
        return None
    if not _ANY.match(text, position):
        return None
    for kind, pattern, build in _EACH:
        match = pattern.match(text, position)
        fields = build(match) if match and match.end() > position else None
        if match and fields is not None:
            return Piece(kind, position, match.end(), fields)
    return None
