"""What follows the road or dong of a dictated address, as runs of numbers and the words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from donghaeng.korean.endings import AFTER_I, COPULA
from donghaeng.understanding.slots.address_numbers import NUMERAL, Run

_LETTERS: Final = {"에이": "A", "비": "B", "씨": "C", "디": "D", "이": "E"}
_COPULA = rf"{COPULA}|{AFTER_I}"
_FOREIGN = (
    r"월|시(?!장)|분|개|명|번(?!지|길)|원|년|살|세|대|통|짝|장|호선|킬로|키로|주|권|사람|식구"
    r"|가지|마리|미터|도|퍼센트"
)
_PIECE = re.compile(
    rf"(?P<letter>[A-Ea-e]|비|에이|씨|디)(?=\s?{NUMERAL}+\s?호)"
    rf"|(?P<number>{NUMERAL}+)"
    r"|(?P<below>반?지하)"
    r"|(?P<dash>다시|대시|-)"
    r"|(?P<lot>번지)"
    r"|(?P<unit>호실?(?!선))"
    r"|(?P<block>동)"
    r"|(?P<floor>층)"
    rf"|(?P<copula>(?:{_COPULA})$)"
    rf"|(?P<foreign>{_FOREIGN})"
    r"|(?P<weak>[에의])(?=$|[0-9일이삼사오육칠팔구십백천])"
    r"|(?P<particle>(?:에다가?|에서|으로|로|은|는|이|가|을|를|도|만|까지|부터|하고|랑|예|의|에)$)"
)
_DETAIL_BEGINS = re.compile(rf"{NUMERAL}+(?:호(?!선|실|차)|층)(?=[가-힣])|호(?!선|실|차)(?=[가-힣])")
"""A flat or a floor with words after it that nothing here knows ("오백일호맞아요")."""
_LETTER_BLOCK = re.compile(
    rf"(?P<name>[가나다라마바아자차카타파하]|[A-Ea-e]|에이|비|씨)\s?동(?=\s?(?:지하\s?)?{NUMERAL}+\s?[호층])"
)
_LETTER_ALONE = re.compile(rf"(?<!\S)(비|에이|씨|디|[A-Ea-e])\s(?={NUMERAL}+\s?호)")
_FILLERS: Final = frozenset(["저기", "그", "음", "어", "아", "뭐", "그게", "저", "거기", "에", "의"])
_BUILDING = re.compile(
    r"[가-힣A-Za-z0-9]{2,20}(?:아파트|빌라|빌딩|타워|맨션|오피스텔|주택|연립|하이츠|캐슬|자이|푸르지오|래미안|힐스테이트"
    r"|아이파크|상가|빌|파크|타운|팰리스|회관|센터|하우스)"
)
_BLOCK_NEXT = re.compile(rf"\s?(?:{NUMERAL}[0-9가-힣]*|[가-하A-Z])\s?동")
_AFTER_BUILDING = re.compile(r"(?:에|의|이고|인데)$")
SHORTEST_BUILDING: Final = 2


@dataclass(frozen=True, slots=True)
class Tail:
    """The words after a road or dong."""

    runs: tuple[Run, ...]
    building: str = ""
    block: str = ""
    """A block that is named by a letter ("가동")."""
    roof: bool = False
    below: bool = False
    """지하 without a floor or number."""
    end: int = 0
    """Where the address ends in the text."""


@dataclass(slots=True)
class _Reader:
    runs: list[Run]
    chunks: list[str]
    below: bool = False
    letter: str = ""
    building: str = ""
    block: str = ""
    roof: bool = False
    end: int = 0

    def close(self, after: str, said: str = "") -> None:
        if self.chunks:
            self.runs.append(Run(tuple(self.chunks), after, said, self.below, self.letter))
            self.below, self.letter = False, ""
        self.chunks = []


def read_tail(text: str) -> Tail:
    """Read the numbers and details that follow, up to the first word that is none of an address."""
    reader = _Reader([], [])
    text = _LETTER_ALONE.sub(r" \1", text)
    for word in re.finditer(r"\S+", text):
        lettered = _LETTER_BLOCK.match(text, word.start())
        if lettered is not None:
            reader.close("end")
            name = lettered["name"]
            reader.block = f"{_LETTERS.get(name, name.upper())}동"
        rest = word.group() if lettered is None else text[lettered.end() : word.end()].strip()
        pieces = _pieces(rest)
        if pieces is None and (detail := _DETAIL_BEGINS.match(rest)) is not None:
            _take(reader, _pieces(detail.group()) or [])
            reader.end = word.start() + word.group().find(detail.group()) + len(detail.group())
            break
        if pieces is None:
            if not _take_word(reader, word.group(), text[word.end() :]):
                break
        elif not _take(reader, pieces):
            break
        reader.end = word.end()
    reader.close("end")
    return Tail(tuple(reader.runs), reader.building, reader.block, reader.roof, reader.below, reader.end)


def _pieces(word: str) -> list[tuple[str, str]] | None:
    """The pieces of one written word; ``None`` if it is no part of an address."""
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(word):
        match = _PIECE.match(word, position)
        if match is None:
            return None
        found.append((str(match.lastgroup), match.group()))
        position = match.end()
    return found


def _take(reader: _Reader, pieces: list[tuple[str, str]]) -> bool:
    """Add the pieces of a word; whether the address may go on after it."""
    for kind, said in pieces:
        if kind == "number":
            reader.chunks.append(said)
        elif kind == "letter":
            reader.close("end")
            reader.letter = _LETTERS.get(said, said.upper())
        elif kind == "below":
            reader.close("end")
            reader.below = True
        elif kind == "foreign":
            reader.close("foreign", said)
            return False
        elif kind != "particle":
            reader.close(kind, said)
    return True


def _take_word(reader: _Reader, word: str, rest: str) -> bool:
    """A word that is no number: a filler, a building; else the address is over."""
    if word in _FILLERS:
        return True
    if word.startswith("옥탑"):
        reader.close("end")
        reader.roof = True
        return True
    name = _AFTER_BUILDING.sub("", word)
    if reader.building or (not reader.chunks and not reader.runs):
        return False
    named = _BUILDING.fullmatch(name) is not None
    if not named and not (_BLOCK_NEXT.match(rest) and len(name) >= SHORTEST_BUILDING):
        return False
    reader.close("end")
    reader.building = name
    return True


def details_alone(text: str) -> Iterator[Run]:
    """Runs that are a block, a floor or a unit, wherever they stand in ``text``."""
    for word in _DETAIL.finditer(text):
        yield from read_tail(word.group()).runs


_DETAIL = re.compile(
    rf"(?<![가-힣0-9])(?:지하\s?)?(?:[A-Ea-e]|비|에이)?\s?{NUMERAL}+(?:\s{NUMERAL}+)*\s?(?:동|호(?!선)|층)"
    rf"(?:\s?(?:지하\s?)?{NUMERAL}+(?:\s{NUMERAL}+)*\s?(?:호(?!선)|층))*"
)
