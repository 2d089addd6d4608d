"""How far found minutes agree with labelled ones (the rule stands in ``bench/office/README.md``). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from donghaeng.korean.morphemes import Analyse
from donghaeng.office.minutes.model import Action
from donghaeng.office.minutes.wording import nouns

FAR = 2
"""Turns between two moments that may still be one action's."""
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one kind of item."""

    found: int = 0
    labelled: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.found + other.found, self.labelled + other.labelled, self.right + other.right)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what was labelled that was found; 1 where nothing was labelled."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 where either is 0."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def same_action(one: Action, other: Action, analyse: Analyse) -> bool:
    """Whether both are the same action: owner, day, and moment or matter."""
    if one.owner != other.owner or one.due != other.due:
        return False
    away = abs(one.turn - other.turn)
    if away == 0:
        return True
    return away <= FAR and bool(set(nouns(analyse(one.what))) & set(nouns(analyse(other.what))))


def tally(
    found: Sequence[_Item], labelled: Sequence[_Item], same: Callable[[_Item, _Item], bool]
) -> tuple[Tally, list[_Item], list[_Item]]:
    """Match one to one; the counts, what was found wrongly, what was not found."""
    missing = list(labelled)
    wrong = []
    for one in found:
        partner = next((other for other in missing if same(one, other)), None)
        if partner is None:
            wrong.append(one)
        else:
            missing.remove(partner)
    return Tally(len(found), len(labelled), len(found) - len(wrong)), wrong, missing
