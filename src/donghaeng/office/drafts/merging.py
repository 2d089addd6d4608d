"""Two people's changes to one text put together, paragraph by paragraph. Pure.

Where only one of them changed a paragraph, that change stands; where both changed the same one, or put
something in at the same place, a person chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Choice = Literal["mine", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """Lines that stand without a question."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Both changed the same lines, each in another way."""

    before: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def chosen(self, choice: Choice) -> tuple[str, ...]:
        """The lines that somebody chose."""
        return {"mine": self.mine, "theirs": self.theirs, "both": (*self.mine, *self.theirs)}[choice]


Merged = tuple[Agreed | Clash, ...]


def merged(before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Merged:
    """Put two changed texts together over the one that both began with; lines are paragraphs."""
    made: list[Agreed | Clash] = []
    my, their = _kept(before, mine), _kept(before, theirs)
    at = at_mine = at_theirs = 0
    # Lines that both kept hold the three texts together; between two of them each has its own.
    anchors = [(line, my[line], their[line]) for line in sorted(my.keys() & their.keys())]
    for line, mine_line, theirs_line in (*anchors, (len(before), len(mine), len(theirs))):
        _between(
            made,
            tuple(before[at:line]),
            tuple(mine[at_mine:mine_line]),
            tuple(theirs[at_theirs:theirs_line]),
        )
        if line < len(before):
            _agree(made, (before[line],))
        at, at_mine, at_theirs = line + 1, mine_line + 1, theirs_line + 1
    return tuple(made)


def clashes(parts: Merged) -> list[Clash]:
    """What a person has to choose in."""
    return [part for part in parts if isinstance(part, Clash)]


def settled(parts: Merged, choose: Callable[[int], Choice]) -> list[str]:
    """The lines of a merged text.

    Args:
        parts: as :func:`merged` gives them.
        choose: what stands for each clash, by its number from 0.
    """
    lines: list[str] = []
    number = 0
    for part in parts:
        if isinstance(part, Agreed):
            lines += part.lines
        else:
            lines += part.chosen(choose(number))
            number += 1
    return lines


def _kept(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Lines that stand in both: number before → number after."""
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _between(
    made: list[Agreed | Clash], before: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    if theirs in (mine, before):
        _agree(made, mine)
    elif mine == before:
        _agree(made, theirs)
    elif len(before) == len(mine) == len(theirs):
        # As many paragraphs as before: each is compared by itself.
        for one in zip(before, mine, theirs, strict=True):
            was, my, their = one
            if their in (my, was):
                _agree(made, (my,))
            elif my == was:
                _agree(made, (their,))
            else:
                made.append(Clash((was,), (my,), (their,)))
    else:
        made.append(Clash(before, mine, theirs))


def _agree(made: list[Agreed | Clash], lines: tuple[str, ...]) -> None:
    if not lines:
        return
    if made and isinstance(last := made[-1], Agreed):
        made[-1] = Agreed((*last.lines, *lines))
    else:
        made.append(Agreed(lines))
