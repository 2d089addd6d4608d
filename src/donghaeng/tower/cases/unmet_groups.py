"""What citizens asked for and did not get, in groups of one meaning, with small groups kept back. Pure.

A group that fewer than :data:`FEWEST` conversations make up is not told by itself; nor is a cell of a table
(group by district, month or part of the day) below that number, nor the only other hidden cell's neighbour by
which it could be worked out (secondary suppression; Hundepool et al., "Statistical Disclosure Control", 2012,
section 4). What a group is called are words that as many conversations share, never one citizen's sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from donghaeng.review.clustering import FARTHEST, cluster
from donghaeng.understanding.embed.protocol import Vectors

FEWEST: Final = 5
"""Conversations of a group or cell that is told."""
SEOUL: Final = ZoneInfo("Asia/Seoul")
NO_PLACE: Final = "모름"
NAMED_BY: Final = 4
"""Words of a group's name."""
PARTS: Final = ((0, "밤 (0~6시)"), (6, "아침 (6~9시)"), (9, "낮 (9~18시)"), (18, "저녁 (18~24시)"))
"""Of a day, by the hour at which each begins."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that somebody asked for and did not get."""

    conversation: str
    text: str = field(repr=False)
    """Masked words."""
    kind: str
    at: datetime
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Wishes of one meaning."""

    name: str
    conversations: int
    kinds: Mapping[str, int]
    """Conversations by why it was not got."""
    districts: Mapping[str, int | None]
    months: Mapping[str, int | None]
    parts: Mapping[str, int | None]
    """Conversations by place and time; None where too few to tell."""
    members: tuple[int, ...] = field(default=(), repr=False)
    """Their places in what was given. Never told."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """What is told."""

    groups: tuple[Group, ...]
    """The largest first."""
    kept_back: int
    """Groups too small to tell."""
    kept_back_conversations: int
    """In how many conversations, but for numbers below :data:`FEWEST`, which are 0 here."""
    conversations: int
    """In which anything was not got; those of small groups only where they are many together."""


def group_wishes(
    wishes: Sequence[Wish],
    vectors: Vectors,
    words_of: Callable[[str], Set[str]],
    *,
    fewest: int = FEWEST,
    farthest: float = FARTHEST,
) -> Unmet:
    """Put wishes of one meaning together and keep small groups back.

    Args:
        wishes: in any order.
        vectors: of each text, rows of length one.
        words_of: the words of a text that carry meaning.
        fewest: conversations of what is told.
        farthest: mean cosine distance at which groups stay apart.
    """
    told: list[Group] = []
    hidden: set[str] = set()
    seen: set[str] = set()
    small = 0
    for one in cluster([wish.text for wish in wishes], vectors, farthest=farthest):
        members = [wishes[place] for place in one.members]
        talks = {wish.conversation for wish in members}
        if len(talks) < fewest:
            small += 1
            hidden |= talks
        else:
            told.append(replace(_group(members, words_of, fewest), members=one.members))
            seen |= talks
    told.sort(key=lambda group: (-group.conversations, group.name))
    everything = {wish.conversation for wish in wishes}
    # What is in no told group is the rest of the sum: where it is too small to tell, so is the sum.
    rest = len(hidden - seen)
    total = len(everything) if rest == 0 or rest >= fewest else len(seen)
    return Unmet(tuple(told), small, len(hidden) if rest >= fewest else 0, total)


def suppressed(counts: Mapping[str, int], fewest: int) -> dict[str, int | None]:
    """Counts without those below ``fewest``; where one alone would be hidden, the next smallest is as well,
    for the sum would give it away."""
    shown: dict[str, int | None] = {
        name: count if count >= fewest else None for name, count in counts.items()
    }
    hidden = [name for name, count in shown.items() if count is None and counts[name] > 0]
    if len(hidden) == 1:
        others = sorted((count, name) for name, count in counts.items() if shown[name] is not None and count)
        if others:
            shown[others[0][1]] = None
    return shown


def part_of_day(at: datetime) -> str:
    """Which of :data:`PARTS`, on Seoul's clocks."""
    hour = at.astimezone(SEOUL).hour
    return next(name for begins, name in reversed(PARTS) if hour >= begins)


def _group(members: Sequence[Wish], words_of: Callable[[str], Set[str]], fewest: int) -> Group:
    talks = {wish.conversation for wish in members}

    def counted(key: Callable[[Wish], str]) -> dict[str, int]:
        # A conversation counts once, where it first asked.
        first: dict[str, str] = {}
        for wish in sorted(members, key=lambda one: one.at):
            first.setdefault(wish.conversation, key(wish))
        return dict(sorted(Counter(first.values()).items()))

    said: dict[str, set[str]] = {}
    for wish in members:
        for word in words_of(wish.text):
            said.setdefault(word, set()).add(wish.conversation)
    shared = [word for word in said if len(said[word]) >= fewest]
    shared.sort(key=lambda word: (-len(said[word]), word))
    return Group(
        name=" ".join(shared[:NAMED_BY]) or "함께 쓴 말이 없는 묶음",
        conversations=len(talks),
        kinds={name: count for name, count in counted(lambda wish: wish.kind).items() if count >= fewest},
        districts=suppressed(counted(lambda wish: wish.district or NO_PLACE), fewest),
        months=suppressed(counted(lambda wish: f"{wish.at.astimezone(SEOUL):%Y-%m}"), fewest),
        parts=suppressed(counted(lambda wish: part_of_day(wish.at)), fewest),
    )
