"""How people say a thing: dialect, hesitation, polite detours, changing one's mind within a sentence.

The words come from a table that a city owns (``catalogue/lexicon/dialect.yaml``); here is only how they are
used. Pure: chance comes in as a seeded generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Final

from donghaeng.korean.jamo import compose, decompose, is_syllable
from donghaeng.korean.noise.pieces import Piece, heard_pieces
from donghaeng.korean.particles import attach

Forms = Mapping[str, Sequence[str]]
"""Standard form → the forms that are said instead."""

STEM: Final = "-"
"""At the end of a word in :attr:`Region.words`: anything may follow."""
# fmt: off
_PARTICLES: Final = frozenset((
    "", "은", "는", "이", "가", "을", "를", "도", "만", "에", "의", "로", "으로", "와", "과", "랑", "이랑",
    "하고", "한테", "께", "께서", "에서", "까지", "부터", "요", "이요", "들",
))
# fmt: on
_AGREEING: Final = frozenset(["은", "는", "이", "가", "을", "를", "와", "과", "로", "으로", "랑", "이랑"])
"""Those that follow the sound before them: 할머니가, 할망이."""
_SENTENCE_ENDS: Final = frozenset(".?!…~")


@dataclass(frozen=True, slots=True)
class Region:
    """Dialect forms of one region."""

    name: str
    endings: Forms = field(default_factory=dict)
    """Of a sentence's last word. A form may begin with a lone letter: ``ㅂ니다`` ends 합니다."""
    connectives: Forms = field(default_factory=dict)
    """Of words inside a sentence, written in the same way."""
    words: Forms = field(default_factory=dict)
    """Whole words, particles aside; with :data:`STEM` at the end beginnings of words."""
    tags: Sequence[str] = ()
    """Said after a sentence (잉)."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What the table holds."""

    fillers: Sequence[str] = ()
    """Hesitation, before any word."""
    before: Sequence[str] = ()
    """Polite detours before the request."""
    after: Sequence[str] = ()
    """Polite detours after it."""
    instead: Sequence[str] = ()
    """Words by which a speaker takes back what was just said (아니)."""
    alternatives: Sequence[Sequence[str]] = ()
    """Words of one kind, any of which may be said first by mistake (days of the week)."""
    regions: Mapping[str, Region] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habit:
    """How one speaker talks; chances 0 … 1 a sentence."""

    region: str | None = None
    fillers: float = 0.0
    detours: float = 0.0
    repairs: float = 0.0


def say(pieces: Sequence[Piece], chance: Random, manners: Manners, habit: Habit) -> list[Piece]:
    """``pieces`` in the words of a speaker of this habit. Pieces that are kept stay.

    Raises:
        KeyError: the table has no such region.
    """
    said = list(pieces)
    if not any(is_syllable(piece.char) for piece in said):
        return said
    if habit.region is not None:
        said = in_dialect(said, chance, manners.regions[habit.region])
    if manners.instead and chance.random() < habit.repairs:
        said = _repair(said, chance, manners)
    if chance.random() < habit.detours:
        said = _detour(said, chance, manners)
    if manners.fillers and chance.random() < habit.fillers:
        said = _hesitate(said, chance, manners.fillers)
    return said


def in_dialect(pieces: Sequence[Piece], chance: Random, region: Region) -> list[Piece]:
    """Every word that the region says in another way."""
    said: list[Piece] = []
    place = 0
    while place < len(pieces):
        end = place
        while end < len(pieces) and is_syllable(pieces[end].char):
            end += 1
        if end == place:
            said.append(pieces[place])
            place += 1
            continue
        said += _word(pieces[place:end], chance, region, last=_ends_sentence(pieces, end))
        place = end
    if region.tags and chance.random() < TAGGED and _closed(said):
        said += heard_pieces(chance.choice(region.tags))
    return said


TAGGED: Final = 0.3
"""Chance that a sentence gets the region's tag after it."""


def _closed(pieces: Sequence[Piece]) -> bool:
    return bool(pieces) and is_syllable(pieces[-1].char) and not pieces[-1].kept


def _ends_sentence(pieces: Sequence[Piece], end: int) -> bool:
    """Whether the word before ``end`` is its sentence's last: spaces and signs follow, then nothing."""
    for piece in pieces[end:]:
        if piece.char in _SENTENCE_ENDS:
            return True
        if not piece.char.isspace():
            return False
    return True


def _word(word: Sequence[Piece], chance: Random, region: Region, *, last: bool) -> list[Piece]:
    said = _other_word(list(word), chance, region.words)
    return _other_ending(said, chance, region.endings if last else region.connectives)


def _other_word(word: list[Piece], chance: Random, words: Forms) -> list[Piece]:
    plain = "".join(piece.char for piece in word)
    for length in range(len(plain), 0, -1):
        head, rest = plain[:length], plain[length:]
        forms = words.get(head, ()) if rest in _PARTICLES else ()
        forms = forms or [form.removesuffix(STEM) for form in words.get(head + STEM, ())]
        if forms and not any(piece.kept for piece in word[:length]):
            form = chance.choice(forms)
            if rest in _AGREEING and not any(piece.kept for piece in word):
                return heard_pieces(attach(form, rest))
            return [*heard_pieces(form), *word[length:]]
    return word


def _other_ending(word: list[Piece], chance: Random, endings: Forms) -> list[Piece]:
    plain = "".join(piece.char for piece in word)
    letters = decompose(plain)
    for standard in sorted(endings, key=lambda one: -len(_letters(one))):
        tail = _letters(standard)
        if not letters.endswith(tail) or not endings[standard]:
            continue
        touched = _syllables_of_tail(plain, len(tail))
        if any(piece.kept for piece in word[-touched:]):
            continue
        stem = decompose(plain[-touched:])[: -len(tail)]
        return [*word[:-touched], *heard_pieces(compose(stem + _letters(chance.choice(endings[standard]))))]
    return word


@lru_cache(maxsize=4_096)
def _letters(form: str) -> str:
    return decompose(form)


def _syllables_of_tail(word: str, letters: int) -> int:
    """Over how many syllables of ``word`` its last ``letters`` letters reach."""
    count = 0
    while letters > 0:
        count += 1
        letters -= len(decompose(word[-count]))
    return count


def _detour(pieces: list[Piece], chance: Random, manners: Manners) -> list[Piece]:
    if manners.after and (not manners.before or chance.random() < AFTER):
        return [*pieces, Piece(" "), *heard_pieces(chance.choice(manners.after))]
    if manners.before:
        return [*heard_pieces(chance.choice(manners.before)), Piece(" "), *pieces]
    return pieces


AFTER: Final = 0.3
"""Share of the detours that follow the request."""


def _hesitate(pieces: list[Piece], chance: Random, fillers: Sequence[str]) -> list[Piece]:
    """A filler at the beginning or before any word, never inside what must stay."""
    places = [
        0,
        *(
            place + 1
            for place, piece in enumerate(pieces[:-1])
            if piece.char == " " and not (place and pieces[place - 1].kept and pieces[place + 1].kept)
        ),
    ]
    place = 0 if chance.random() < AT_BEGINNING else chance.choice(places)
    return [*pieces[:place], *heard_pieces(chance.choice(fillers)), Piece(" "), *pieces[place:]]


AT_BEGINNING: Final = 0.5
"""Share of the fillers that come first."""


def _repair(pieces: list[Piece], chance: Random, manners: Manners) -> list[Piece]:
    """Another word of the same kind said first and taken back: 화요일 아니 수요일."""
    plain = "".join(piece.char for piece in pieces)
    found = [
        (place, word, group)
        for group in manners.alternatives
        for word in group
        if (place := _word_begins(plain, word)) is not None
    ]
    if not found:
        return pieces
    place, word, group = chance.choice(found)
    wrong = chance.choice([one for one in group if one != word])
    said = heard_pieces(f"{wrong} {chance.choice(manners.instead)} ")
    return [*pieces[:place], *said, *pieces[place:]]


def _word_begins(text: str, word: str) -> int | None:
    place = text.find(word)
    if place < 0 or (place and text[place - 1] != " "):
        return None
    return place
