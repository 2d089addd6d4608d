"""What the linter tells: where, by which rule, and what may stand there instead. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from donghaeng.korean.spans import Taken


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text that breaks a rule, as the rule's own check tells it."""

    rule: str
    start: int
    end: int
    """Characters from the beginning of the text, the end left out."""
    fixes: tuple[str, ...] = ()
    """Texts that may stand there, the likeliest first; none where a person must decide."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that breaks a rule, told to whoever writes the text."""

    rule: str
    start: int
    end: int
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    text: str
    """What stands there."""
    reason: str
    source: str
    """The rule's own source: law, decree, published list."""
    fixes: tuple[str, ...]


def apart(found: Iterable[Found], length: int) -> list[Found]:
    """Findings that do not lie over each other: of two, the one that was told first stays.

    A finding without a fix that is about a whole sentence lies over nothing.

    Args:
        found: in the order in which rules go before others.
        length: of the text.
    """
    kept: list[Found] = []
    taken = Taken(length)
    for one in found:
        wide = not one.fixes and one.rule.startswith("sentence.")
        if wide or taken.take(one.start, one.end):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end))


def fixed(text: str, findings: Sequence[Finding | Found]) -> str:
    """The text with the first fix of every finding; those without one leave it as it is."""
    parts: list[str] = []
    at = 0
    for one in sorted(findings, key=lambda one: one.start):
        if one.fixes:
            parts += (text[at : one.start], one.fixes[0])
            at = one.end
    return "".join((*parts, text[at:]))
