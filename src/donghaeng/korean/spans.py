"""What every recogniser of this package returns, and where a Korean word may end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from donghaeng.korean.jamo import normalise

T = TypeVar("T")

LONGEST_TEXT: Final = 10_000
"""Characters of a text that recognisers look at; what comes after is not a citizen's utterance."""


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A value found in a text: ``text[start:end]`` (of the NFC form) says it."""

    value: T
    start: int
    end: int
    alternatives: tuple[T, ...] = ()
    """Other readings of the same words, likelier first."""
    vague: bool = False
    """The words have no fixed bounds (점심때, 두세 개): ask before acting on ``value``."""


_HANJA: Final = (
    "一일二이三삼四사五오六육七칠八팔九구十십百백千천萬만万만億억兆조零영〇영年년月월日일時시分분秒초半반前전後후午오"
    "個개名명番번號호層층"
)
_FULL_WIDTH: Final = 0xFEE0
"""How far a full-width form is from its ASCII character (Unicode, Halfwidth and Fullwidth Forms)."""
_PLAIN: Final[dict[int, int | str]] = {
    **{code: code - _FULL_WIDTH for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    **{ord(hanja): hangul for hanja, hangul in zip(_HANJA[::2], _HANJA[1::2], strict=True)},
}


def plain(text: str) -> str:
    """What recognisers look at: NFC, at most :data:`LONGEST_TEXT` characters, full-width forms as ASCII.

    The Chinese characters of numbers and dates become Hangul (二十日 = 이십일). Positions are those of the
    NFC form.
    """
    return normalise(text[:LONGEST_TEXT]).translate(_PLAIN)


_PARTICLES: Final = """
    생 에서 에게 에다 에는 에도 에 부터 까지 으로 로 은 는 이 가 을 를 의 도
    만 쯤 경 정도 와 과 하고 랑 이랑 이나 나 면 이면 요 이요 예요 이에요 에요
    여요 입니다 이다 이야 야 인데 이고 고 라 이라 이거 씩 마다 보다 께 때 안 내
    간 동안 말고 아니 밖에 뿐 어치 짜리 넘 이상 이하 미만 조금 다 거 건 할 해
    하 좀 주 였 이었 이며 며 입니 째 일까 인가 이지 지 네 유 이유 이여 여
    이래 처럼 보단 내내 내로 전 후 뒤 지나 있다가 되 된 및 일뿐 만큼 상당
"""
PARTICLES: Final = tuple(sorted(set(_PARTICLES.split()), key=len, reverse=True))
"""Beginnings of what may follow a number or date word without a space."""
WORD_END: Final = rf"(?=$|[^가-힣]|{'|'.join(PARTICLES)})"
"""Regular expression for a place where a word or its particle-less stem may end."""
WORD_START: Final = r"(?<![가-힣])"
"""Regular expression for a place where a word may begin."""


class Taken:
    """Which characters of a text already belong to a match."""

    def __init__(self, length: int) -> None:
        self._mask = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Claim ``start`` to ``end`` and say whether all of it was free (else nothing is claimed)."""
        if any(self._mask[start:end]):
            return False
        self._mask[start:end] = b"\x01" * (end - start)
        return True
