"""What the linter tells: where, by which rule, and what may stand there instead. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


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


def apart(found: Iterable[Found]) -> list[Found]:
    """Findings that do not lie over each other: of two, the one that was told first stays.

    A finding without a fix that is about a whole sentence lies over nothing.
    """
    kept: list[Found] = []
    for one in found:
        wide = not one.fixes and one.rule.startswith("sentence.")
        others = () if wide else [other for other in kept if not other.rule.startswith("sentence.")]
        if not any(one.start < other.end and other.start < one.end for other in others):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end))


def fixed(text: str, findings: Sequence[Finding | Found]) -> str:
    """The text with the first fix of every finding; those without one leave it as it is."""
    for one in sorted(findings, key=lambda one: one.start, reverse=True):
        if one.fixes:
            text = text[: one.start] + one.fixes[0] + text[one.end :]
    return text
