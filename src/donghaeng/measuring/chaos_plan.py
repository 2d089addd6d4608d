"""When a server is killed: a plan, drawn from a seed and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final


class Aim(StrEnum):
    """What a kill waits for before its own delay begins."""

    ANY = "any"
    """The server is ready."""
    CONFIRMING = "confirming"
    """The server is ready and a citizen has sent the yes that lets a request go out."""
    STARTING = "starting"
    """The process has begun; it is not ready yet, and sends what the one before left behind."""


LONGEST_S: Final = {Aim.ANY: 0.8, Aim.CONFIRMING: 0.12, Aim.STARTING: 0.35}
"""Longest delay of each; shortest is none. A confirmed request takes a tenth of a second from the citizen's
word to the answer, so those delays fall before, inside and after it."""
SHARES: Final = {Aim.ANY: 0.35, Aim.CONFIRMING: 0.5, Aim.STARTING: 0.15}


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL."""

    aim: Aim
    after_s: float
    whole: bool
    """Whether the process is one that was started from nothing, else a fork of a loaded one."""


def plan(seed: int, kills: int, *, whole: int = 0) -> tuple[Kill, ...]:
    """So many kills, ``whole`` of them of processes started from nothing, evenly spread.

    The same seed and numbers give the same plan.
    """
    chance = Random(f"{seed}/{kills}")  # noqa: S311  repeatable, no secret
    aims: Sequence[Aim] = tuple(SHARES)
    drawn = chance.choices(aims, [SHARES[aim] for aim in aims], k=kills)
    whole = min(whole, kills)
    every = {int((one + 0.5) * kills / whole) for one in range(whole)} if whole else set()
    return tuple(
        Kill(aim, round(chance.uniform(0.0, LONGEST_S[aim]), 4), number in every)
        for number, aim in enumerate(drawn)
    )
