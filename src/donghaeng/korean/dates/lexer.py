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
    touching = bool(before) and before[-1].end >= piece.start - 1
    if piece.kind == "week_number" and _PREGNANT.search(text, max(0, piece.start - 4), piece.start):
        return True
    if piece.kind == "week_number" and not text[piece.start : piece.end].endswith("차"):
        return (
            piece.fields["week_number"] <= LONGEST_WEEKS or _LASTING.match(text, piece.end) is not None
        ) and not (touching and {"year", "years"} & before[-1].fields.keys())
    if "or_length" in piece.fields:
        return not (touching and {"month", "months", "lunar"} & before[-1].fields.keys())
    if piece.kind == "season":
        return not (touching and {"year", "years", "offset"} & before[-1].fields.keys())
    if piece.kind == "loose_part":
        return not (touching and {"days", "weekday", "day"} & before[-1].fields.keys())
    if piece.kind == "containing":
        return not (bool(before) and before[-1].end == piece.start)
    if piece.kind == "day" and (text[piece.start : piece.end] == "이 일" or piece.fields["day"] > 31):
        return not (touching and {"month", "months", "year"} & before[-1].fields.keys())
    return _WISH.search(text, max(0, piece.start - 4), piece.start) is not None


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
