"""Two versions of a document side by side: what of each section was put in, left out, or changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

from donghaeng.knowledge.passages import sentences
from donghaeng.store.knowledge import PassageRow

Kind = Literal["same", "in", "out"]
LIKE: Final = 0.5
"""Share of two sentences' words in common from which one is the other, changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, and whether both versions have them, the new one alone (in) or the old one alone (out)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of both versions, or of one."""

    heading: str
    lines: tuple[tuple[Part, ...], ...]
    """Sentence by sentence."""

    @property
    def changed(self) -> bool:
        """Whether the versions differ in it."""
        return any(part.kind != "same" for line in self.lines for part in line)


def compare(old: Sequence[PassageRow], new: Sequence[PassageRow]) -> list[Section]:
    """The sections of both, in the order of the new one; what it left out stands where it was."""
    before, after = _by_heading(old), _by_heading(new)
    order = _order(list(before), list(after))
    return [
        Section(heading, tuple(_lines(before.get(heading, []), after.get(heading, [])))) for heading in order
    ]


def _by_heading(passages: Sequence[PassageRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in passages:
        found.setdefault(" > ".join(one.path), []).extend(sentences(one.text))
    return found


def _order(old: list[str], new: list[str]) -> list[str]:
    order: dict[str, None] = {}
    for _, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        order |= dict.fromkeys((*old[i1:i2], *new[j1:j2]))
    return list(order)


def _lines(old: list[str], new: list[str]) -> Iterator[tuple[Part, ...]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Part("same", one),) for one in new[j1:j2])
            continue
        for was, now in zip_longest(old[i1:i2], new[j1:j2]):
            if was is None or now is None:
                yield (Part("in", now),) if was is None else (Part("out", was),)
            else:
                yield from _pair(was, now)


def _pair(old: str, new: str) -> Iterator[tuple[Part, ...]]:
    was, now = old.split(), new.split()
    match = SequenceMatcher(a=was, b=now, autojunk=False)
    if match.ratio() < LIKE:
        yield (Part("out", old),)
        yield (Part("in", new),)
        return
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in match.get_opcodes():
        if tag == "equal":
            parts.append(Part("same", " ".join(now[j1:j2])))
            continue
        parts += [Part("out", " ".join(was[i1:i2]))] if i2 > i1 else []
        parts += [Part("in", " ".join(now[j1:j2]))] if j2 > j1 else []
    yield tuple(parts)
