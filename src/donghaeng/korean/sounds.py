"""Names by sound: which known name was said, although the recogniser wrote something that sounds like it.

A name is a row of sounds (letters, silent ㅇ left out, finals as they are pronounced). The distance of two
rows is a weighted edit distance whose costs say which sounds a recogniser and a tired ear swap. Digits and
Latin letters are compared as they are read ("KT" = 케이티), spaces and punctuation not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from donghaeng.korean.jamo import normalise, split
from donghaeng.korean.numerals import digits, sino
from donghaeng.korean.sound_costs import (
    COARSE,
    DELETE,
    FINAL_SOUNDS,
    INSERT,
    LATIN_NAMES,
    SUBSTITUTE,
    SYMBOLS,
)
from donghaeng.korean.spans import PARTICLES

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int16]
Places = npt.NDArray[np.int64]

CANDIDATES: Final = 48
"""Names that pass from the n-gram stage to the exact distance."""
BETWEEN_SYLLABLES: Final = 0.15
"""Cost of beginning or ending in the middle of a syllable (합정역에 heard as 합정여게)."""
INSIDE_WORD: Final = 0.2
"""Cost of beginning at a syllable that does not open a word (names rarely follow another word unspaced)."""
WORD_GOES_ON: Final = 0.3
"""Cost of ending before syllables of the same word that cannot follow a name (성수 in 성수기)."""
SURE_LENGTH: Final = 10
"""Sounds from which on a name may use the whole allowed distance; shorter ones their share of it."""
MAX_DISTANCE: Final = 0.2
"""Default limit: cost of the edits divided by the number of sounds of the name."""
PENALTY: Final = 5.5
"""How many sounds of length one unit of distance weighs when names inside an utterance compete."""
REMEMBERED: Final = 16
"""Texts whose sounds are kept."""
LONGEST: Final = 400
"""Characters of an utterance that are looked at; names are said within the first breaths."""

_CODE: Final = {symbol: code for code, symbol in enumerate(SYMBOLS)}
_RUN = re.compile(r"[0-9]+|[A-Za-z]|[가-힣]")
_AFTER_NAME: Final = """
    역 녁 앞 뒤 옆 쪽 행 방 방면 방향 근처 부근 주변 건너 맞은 입구 출구 정류 사거리 삼거리 시장
    병원 동 구 시 님 으 여 야 예 녜 여그 서 한 들 지하 버스 전철 갈 가 내 타 안 밖 위
    아래 번 호선 선 사이 가는 오는 나가 도착
"""
_MAY_FOLLOW = re.compile("[0-9A-Za-z]|" + "|".join(sorted({*PARTICLES, *_AFTER_NAME.split()}, key=len)))
"""Beginnings of what may follow a name without a space."""


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """One known name that sounds like (a part of) what was said."""

    name: str
    index: int
    """Its (first) position in the sequence that the index was built from."""
    distance: float
    """0 = the same sounds; cost of edits per sound of the name."""
    start: int = 0
    """Where it stands in the text (NFC), ``text[start:end]``."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Sounds:
    codes: Codes
    begins: list[int]
    """For each sound, the character it comes from."""
    opens: list[bool]
    """Whether the sound opens a syllable."""
    entry: Floats
    """What it costs a name to begin before each sound; one longer than ``codes``."""
    exit: Floats
    """What it costs a name to end before each sound; one longer than ``codes``."""


# An utterance is compared with the names of several lists in turn.
@lru_cache(maxsize=REMEMBERED)
def _heard(text: str) -> _Sounds:
    return _sounds(text)


def _sounds(text: str) -> _Sounds:
    codes: list[int] = []
    begins: list[int] = []
    opens: list[bool] = []
    entry: list[float] = []
    leave: list[float] = []
    word_end = -1
    for run in _RUN.finditer(text):
        inside_word = run.start() == word_end
        word_end = run.end()
        goes_on = inside_word and not _MAY_FOLLOW.match(text, run.start())
        for spoken in _spoken(run.group()):
            initial, vowel, final = split(spoken) or ("", "", "")
            letters = [initial] if initial not in ("", "ㅇ") else []
            letters += [vowel] if vowel else []
            letters += ["-" + FINAL_SOUNDS[final]] if final else []
            for nth, letter in enumerate(letters):
                codes.append(_CODE[letter])
                begins.append(run.start())
                opens.append(nth == 0)
                entry.append(BETWEEN_SYLLABLES if nth else 0.0)
                entry[-1] += INSIDE_WORD if inside_word else 0.0
                leave.append(BETWEEN_SYLLABLES if nth else WORD_GOES_ON if goes_on else 0.0)
    leave[:1] = [0.0]
    return _Sounds(
        np.array(codes, dtype=np.int16),
        begins,
        opens,
        np.array([*entry, 1.0], dtype=np.float32),
        np.array([*leave, 0.0], dtype=np.float32),
    )


def _spoken(run: str) -> str:
    if run.isascii() and run.isdigit():
        return sino(int(run)) if len(run) <= 4 and not run.startswith("0") else digits(run)
    return LATIN_NAMES.get(run.upper(), run)


def sound_distance(one: str, other: str) -> float:
    """Edit cost between two texts per sound of the longer one: 0 = sound alike, 1 = nothing in common."""
    first, second = _sounds(normalise(one)[:LONGEST]), _sounds(normalise(other)[:LONGEST])
    longer = max(len(first.codes), len(second.codes))
    if not longer:
        return 0.0
    if not len(first.codes) or not len(second.codes):
        return 1.0
    costs = _align(first.codes[None, :], np.array([len(first.codes)]), second.codes, None)
    return min(1.0, float(costs[0, -1]) / longer)


class SoundIndex:
    """Finds the names of a fixed list by sound. Building costs about 20 µs a name; searching is pure."""

    def __init__(self, names: Sequence[str]) -> None:
        first: dict[str, int] = {}
        for position, name in enumerate(names):
            first.setdefault(normalise(name), position)
        self.names = tuple(first)
        """The distinct names, in NFC."""
        self._positions = tuple(first.values())
        self._at = {name: row for row, name in enumerate(self.names)}
        rows = [_sounds(name).codes for name in self.names]
        self._counts = np.array([len(codes) for codes in rows], dtype=np.int64)
        self._lengths = np.maximum(self._counts, 1).astype(np.float32)
        self._codes = np.zeros((len(rows), int(self._counts.max(initial=0))), dtype=np.int16)
        for row, codes in enumerate(rows):
            self._codes[row, : len(codes)] = codes
        self._postings, self._weights = _postings(rows)
        self._totals = np.zeros(len(self.names), dtype=np.float32)
        for gram, posting in self._postings.items():
            self._totals[posting] += self._weights[gram]
        np.maximum(self._totals, 1e-6, out=self._totals)

    def search(self, text: str, limit: int = 5, max_distance: float = MAX_DISTANCE) -> list[SoundMatch]:
        """Names that sound like the whole of ``text``, nearest first."""
        text = normalise(text)[:LONGEST]
        heard = _heard(text)
        chosen = self._candidates(heard.codes, whole=True)
        if not len(chosen):
            return []
        costs = _align(self._codes[chosen], self._counts[chosen], heard.codes, None)[:, -1]
        longer = np.maximum(self._lengths[chosen], len(heard.codes))
        ranked = sorted(zip((costs / longer).tolist(), chosen.tolist(), strict=True))
        return [
            SoundMatch(self.names[i], self._positions[i], round(distance, 4), 0, len(text))
            for distance, i in ranked[:limit]
            if distance <= max_distance
        ]

    def find_in(self, text: str, limit: int = 5, max_distance: float = MAX_DISTANCE) -> list[SoundMatch]:
        """Names that occur inside ``text`` by sound; the longest and nearest first.

        Several names may claim the same stretch; the caller decides with its own knowledge.
        """
        text = normalise(text)[:LONGEST]
        heard = _heard(text)
        chosen = self._candidates(heard.codes, whole=False)
        if not len(chosen):
            return []
        costs = _align(self._codes[chosen], self._counts[chosen], heard.codes, heard.entry)
        costs = costs + heard.exit
        best = costs.argmin(axis=1)
        lengths = self._lengths[chosen]
        distances = costs[np.arange(len(chosen)), best] / lengths
        gains = lengths * (1.0 - PENALTY * distances)
        allowed = max_distance * np.minimum(1.0, lengths / SURE_LENGTH)
        found: list[SoundMatch] = []
        for row in np.argsort(-gains, kind="stable").tolist():
            if distances[row] > allowed[row]:
                continue
            found.append(self._located(int(chosen[row]), float(distances[row]), heard, int(best[row])))
            if len(found) == limit:
                break
        return found

    def is_within(self, match: SoundMatch, max_distance: float) -> bool:
        """Whether :meth:`find_in` would have found ``match`` with this limit."""
        length = float(self._lengths[self._at[match.name]])
        return match.distance <= max_distance * min(1.0, length / SURE_LENGTH)

    def _located(self, index: int, distance: float, heard: _Sounds, end: int) -> SoundMatch:
        """The match with its place: the alignment run backwards from ``end`` ends where the name began."""
        backwards = heard.codes[:end][::-1]
        name = self._codes[index, : self._counts[index]][::-1]
        costs = _align(name[None, :], self._counts[index : index + 1], backwards, None)[0]
        begin = end - int(np.argmin(costs + heard.entry[: end + 1][::-1]))
        start = heard.begins[min(begin, len(heard.begins) - 1)]
        return SoundMatch(
            self.names[index], self._positions[index], round(distance, 4), start, heard.begins[end - 1] + 1
        )

    def _candidates(self, codes: Codes, *, whole: bool) -> Places:
        grams = [gram for gram in set(_grams(codes)) if gram in self._postings]
        if not grams or not self.names:
            return np.zeros(0, dtype=np.int64)
        holders = [self._postings[gram] for gram in grams]
        weights = np.repeat([self._weights[gram] for gram in grams], [len(rows) for rows in holders])
        shared = np.bincount(np.concatenate(holders), weights=weights, minlength=len(self.names))
        score = shared / self._totals
        if whole:
            score = score - 0.05 * np.abs(self._lengths - len(codes))
        else:
            score = score * np.minimum(1.0, 0.6 + 0.05 * self._lengths)
        keep = min(CANDIDATES, len(self.names))
        chosen = np.argpartition(-score, keep - 1)[:keep]
        return chosen[(shared[chosen] > 0) & (self._counts[chosen] > 0)]


def _grams(codes: Codes) -> list[int]:
    """Pairs of neighbouring sounds by coarse class, so that sound-alikes share them."""
    coarse = [0, *COARSE[codes].tolist(), 0]
    pairs = [(a * 64 + b) for a, b in pairwise(coarse) if a and b]
    skips = [(a * 64 + b) + 4096 for a, b in zip(coarse, coarse[2:], strict=False) if a and b]
    return pairs + skips


def _postings(rows: Sequence[Codes]) -> tuple[dict[int, npt.NDArray[np.int32]], dict[int, float]]:
    lists: dict[int, list[int]] = {}
    for row, codes in enumerate(rows):
        for gram in set(_grams(codes)):
            lists.setdefault(gram, []).append(row)
    postings = {gram: np.array(members, dtype=np.int32) for gram, members in lists.items()}
    weights = {gram: float(np.log1p(len(rows) / len(members))) for gram, members in lists.items()}
    return postings, weights


def _align(names: Codes, lengths: Places, heard: Codes, entry: Floats | None) -> Floats:
    """Costs of turning each name into a stretch of ``heard`` that ends before each of its sounds.

    Args:
        names: shape (names, sounds); after a name's own sounds comes anything.
        lengths: how many sounds are its own, one at least.
        heard: shape (heard,).
        entry: what beginning before each sound costs; ``None`` ties the beginning to the first sound.

    Returns:
        Shape (names, heard + 1). All names advance together, longest first, so that those still running are a
        slice. The costs are held less those of inserting all sounds before, so that the run of insertions
        within a row is a running minimum.
    """
    inserted = np.zeros(len(heard) + 1, dtype=np.float32)
    np.cumsum(INSERT[heard], out=inserted[1:])
    order = np.argsort(-lengths, kind="stable")
    letters = names[order, : int(lengths.max())].T
    running = np.searchsorted(-lengths[order], -np.arange(len(letters)), side="left").tolist()
    # By column: what is heard first, so that a sound is one stretch of memory for all names.
    columns = np.empty((len(inserted), len(names)), dtype=np.float32)
    columns[:] = 0.0 if entry is None else np.minimum.accumulate(entry - inserted)[:, None]
    replaced = SUBSTITUTE.T[heard] - INSERT[heard][:, None]
    deleted = DELETE[letters]
    for letter, gone, count in zip(letters, deleted, running, strict=True):
        before = columns[:, :count]
        after = before + gone[:count]
        np.minimum(after[1:], before[:-1] + replaced[:, letter[:count]], out=after[1:])
        np.minimum.accumulate(after, axis=0, out=before)
    rows = np.empty((len(names), len(inserted)), dtype=np.float32)
    rows[order] = (columns + inserted[:, None]).T
    return rows
