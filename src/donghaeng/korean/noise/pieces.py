"""A text as characters of which some must stay: the working form of everything that distorts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from donghaeng.korean.jamo import is_syllable

_SINO = "공영일이삼사오육륙칠팔구십백천만억조"
_NATIVE = "하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
_COUNTERS = (
    "번|호|시|분|초|월|일|층|동|개|명|원|년|주|가|로|길|살|세|대|장|달|차|권|병|채|리|박|마리|상자|단지|출구|자리|정거장|"
    "키로|사람|군데|그릇|통|톤|포대"
)
_NUMBER_WORDS = re.compile(
    rf"[0-9A-Za-z]+|(?:{_NATIVE})|[{_SINO}]{{2,}}"
    rf"|(?<![가-힣])(?:[{_SINO}]|한|두|세|네|석|넉|스무)(?= ?(?:{_COUNTERS})|[^가-힣]|$)"
)
"""Digits, letters, and words that may be numbers; one number syllable only where a counter or nothing
follows, for 이 and 일 stand in many words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One character."""

    char: str
    kept: bool = False
    """Whether it must stay as it is, and with its neighbours of the same kind together."""

    @property
    def free(self) -> bool:
        """Whether it is a syllable that may be changed."""
        return not self.kept and is_syllable(self.char)


def pieces_of(text: str, *, keep_numbers: bool = False, keep: Sequence[str] = ()) -> list[Piece]:
    """``text`` (brought to NFC) as pieces.

    Args:
        text: any text.
        keep_numbers: digits, Latin letters and number words stay.
        keep: words that stay wherever they stand, names for example.
    """
    plain = unicodedata.normalize("NFC", text)
    kept = [False] * len(plain)
    spans = [match.span() for match in _NUMBER_WORDS.finditer(plain)] if keep_numbers else []
    for word in keep:
        wanted = unicodedata.normalize("NFC", word)
        if wanted:
            spans += [match.span() for match in re.finditer(re.escape(wanted), plain)]
    for start, end in spans:
        kept[start:end] = [True] * (end - start)
    return [Piece(char, stays) for char, stays in zip(plain, kept, strict=True)]


def text_of(pieces: Sequence[Piece]) -> str:
    """The text of pieces, NFC."""
    return unicodedata.normalize("NFC", "".join(piece.char for piece in pieces))


def heard_pieces(text: str) -> list[Piece]:
    """Pieces for words that are put in; they may be misheard like any other."""
    return [Piece(char) for char in text]
