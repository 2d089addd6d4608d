"""What a recogniser makes of a sentence: other sounds, lost and added syllables, lost particles and spaces.

Pure: chance comes in as a seeded generator. The same generator state gives the same text on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from donghaeng.korean.jamo import final_of, is_syllable, join, split
from donghaeng.korean.noise.pieces import Piece
from donghaeng.korean.noise.sound_likes import misheard_syllable

SOUND: Final = 0.68
LOST_PARTICLE: Final = 0.1
LOST_SYLLABLE: Final = 0.1
ADDED_SYLLABLE: Final = 0.06
CARRIED: Final = 0.06
"""Shares of the edits. Substitutions outnumber deletions and these insertions, as in what recognisers
write of Korean read aloud."""
TWICE: Final = 0.25
"""Chance that a syllable is heard wrong in a second letter too."""
OTHER_SPACES: Final = 1.0
"""Wrong spaces for a gap between words, relative to wrong characters for a syllable."""
JOINED: Final = 0.6
"""Share of the wrong spaces that are left out; the rest split a word."""
FEWEST: Final = 2
"""Syllables that are left at least, where there were as many."""
_PARTICLES_AFTER_FINAL = ("으로", "이랑", "은", "을", "이", "과")
_PARTICLES_AFTER_VOWEL = ("에서", "한테", "는", "를", "가", "와", "로", "랑")
_PARTICLES_AFTER_ANY = ("에서", "한테", "까지", "에", "도", "의")
SHORTEST_WITH_PARTICLE: Final = 3
"""Syllables of a word from which a particle is looked for at its end: 아이, 휴가 have none."""
_ADDED = ("어", "아", "으", "이", "그", "음")

Pieces = list[Piece]


def mishear(pieces: Sequence[Piece], chance: Random, level: float) -> Pieces:
    """``pieces`` as a recogniser writes them when it gets the share ``level`` (0 … 1) of the syllables wrong.

    The number of edits is ``level`` times the number of syllables that may change, rounded up or down by
    chance so that the mean is right for short sentences too. Level 0 changes nothing.
    """
    found = list(pieces)
    free = sum(piece.free for piece in found)
    for _ in range(_times(level * free, chance)):
        found = _edit(found, chance)
    gaps = sum(piece.char == " " for piece in found) + 1
    for _ in range(_times(OTHER_SPACES * level * gaps, chance) if free else 0):
        found = _other_space(found, chance)
    return found


def _times(mean: float, chance: Random) -> int:
    """A whole number whose mean is ``mean``."""
    return int(mean + chance.random())


def _edit(pieces: Pieces, chance: Random) -> Pieces:
    kind = chance.choices(
        (_other_sound, _lose_particle, _lose_syllable, _add_syllable, _carry_over),
        (SOUND, LOST_PARTICLE, LOST_SYLLABLE, ADDED_SYLLABLE, CARRIED),
    )[0]
    changed = kind(pieces, chance)
    return _other_sound(pieces, chance) or pieces if changed is None else changed


def _other_sound(pieces: Pieces, chance: Random) -> Pieces | None:
    places = [place for place, piece in enumerate(pieces) if piece.free]
    if not places:
        return None
    place = chance.choice(places)
    heard = misheard_syllable(pieces[place].char, chance)
    if heard is not None and chance.random() < TWICE:
        heard = misheard_syllable(heard, chance)
    return None if heard is None else [*pieces[:place], Piece(heard), *pieces[place + 1 :]]


def _lose_syllable(pieces: Pieces, chance: Random) -> Pieces | None:
    places = [place for place, piece in enumerate(pieces) if piece.free]
    if not places or _syllables(pieces) <= FEWEST:
        return None
    place = chance.choice(places)
    return [*pieces[:place], *pieces[place + 1 :]]


def _add_syllable(pieces: Pieces, chance: Random) -> Pieces | None:
    """A syllable said twice, or a breath taken for one, at the edge of a word or inside it."""
    places = [place for place, piece in enumerate(pieces) if piece.free]
    if not places:
        return None
    place = chance.choice(places)
    added = pieces[place].char if chance.random() < 0.5 else chance.choice(_ADDED)
    return [*pieces[:place], Piece(added), *pieces[place:]]


def _carry_over(pieces: Pieces, chance: Random) -> Pieces | None:
    """A final consonant written where it is heard: 역에 → 여게."""
    places = []
    for place in range(len(pieces) - 1):
        one, other = split(pieces[place].char), split(pieces[place + 1].char)
        both = pieces[place].free and pieces[place + 1].free
        if both and one and other and one[2] in _CARRIED_OVER and one[2] and other[0] == "ㅇ":
            places.append(place)
    if not places:
        return None
    place = chance.choice(places)
    one, other = split(pieces[place].char), split(pieces[place + 1].char)
    assert one is not None
    assert other is not None
    moved = [Piece(join(one[0], one[1])), Piece(join(one[2], other[1], other[2]))]
    return [*pieces[:place], *moved, *pieces[place + 2 :]]


_CARRIED_OVER: Final = frozenset("ㄱㄲㄴㄷㄹㅁㅂㅅㅆㅈㅊㅋㅌㅍ")


def _lose_particle(pieces: Pieces, chance: Random) -> Pieces | None:
    found = [span for span in _words(pieces) if _particle(pieces, span)]
    if not found:
        return None
    start, end = chance.choice(found)
    length = _particle(pieces, (start, end))
    return [*pieces[: end - length], *pieces[end:]]


def _words(pieces: Pieces) -> list[tuple[int, int]]:
    """Where each word begins and ends: runs of syllables."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for place, piece in enumerate([*pieces, Piece(" ")]):
        if is_syllable(piece.char):
            start = place if start is None else start
        elif start is not None:
            spans.append((start, place))
            start = None
    return spans


def _particle(pieces: Pieces, span: tuple[int, int]) -> int:
    """Length of the particle at the end of a word, 0 if there is none or it must stay."""
    start, end = span
    word = "".join(piece.char for piece in pieces[start:end])
    if len(word) < SHORTEST_WITH_PARTICLE or end == len(pieces):
        return 0
    for length in (2, 1):
        ending, stem = word[-length:], word[:-length]
        if len(stem) < 2 or not all(piece.free for piece in pieces[end - length : end]):
            continue
        fitting = _PARTICLES_AFTER_FINAL if final_of(stem) else _PARTICLES_AFTER_VOWEL
        if ending in fitting or ending in _PARTICLES_AFTER_ANY:
            return length
    return 0


def _other_space(pieces: Pieces, chance: Random) -> Pieces:
    gaps = [
        place
        for place, piece in enumerate(pieces)
        if piece.char == " " and not (_kept(pieces, place - 1) and _kept(pieces, place + 1))
    ]
    inside = [
        place
        for place in range(1, len(pieces))
        if is_syllable(pieces[place - 1].char)
        and is_syllable(pieces[place].char)
        and not (pieces[place - 1].kept and pieces[place].kept)
    ]
    if gaps and (not inside or chance.random() < JOINED):
        gap = chance.choice(gaps)
        return [*pieces[:gap], *pieces[gap + 1 :]]
    if not inside:
        return pieces
    place = chance.choice(inside)
    return [*pieces[:place], Piece(" "), *pieces[place:]]


def _kept(pieces: Pieces, place: int) -> bool:
    return 0 <= place < len(pieces) and pieces[place].kept


def _syllables(pieces: Pieces) -> int:
    return sum(is_syllable(piece.char) for piece in pieces)
