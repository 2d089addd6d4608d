"""The examples that stand beside each rule, tried on the rule: what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from donghaeng.office.lint.finding import fixed
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.rules import Noun


def faults(linter: Linter) -> Iterator[str]:
    """One sentence for each example that the linter does not judge as the rule says."""
    for name, rule in linter.book.rules.items():
        yield from _tried(linter, name, rule.wrong, rule.right, whole=rule.whole)
    for lexicon in linter.book.lexicons:
        for part in (lexicon.nouns, lexicon.morphemes, lexicon.patterns):
            for name, entries in part.items():
                for entry in entries:
                    yield from _tried(linter, name, entry.wrong, entry.right)
                    if isinstance(entry, Noun):
                        yield from _noun(linter, name, entry)


def _noun(linter: Linter, rule: str, entry: Noun) -> Iterator[str]:
    if not any(one.rule == rule for one in linter.check(entry.noun)):
        yield f"{rule}: {entry.noun} is not found"
    for easy in entry.easy:
        if any(one.rule == rule for one in linter.check(easy)):
            yield f"{rule}: {easy}, which is to stand for {entry.noun}, is a hard word itself"


def _tried(
    linter: Linter, rule: str, wrong: Mapping[str, str], right: Iterable[str], *, whole: bool = False
) -> Iterator[str]:
    for text, due in wrong.items():
        found = [one for one in linter.check(text, whole=whole) if one.rule == rule]
        made = fixed(text, found)
        if not found:
            yield f"{rule}: nothing is found in {text!r}"
        elif made != due:
            yield f"{rule}: {text!r} becomes {made!r}, not {due!r}"
    for text in right:
        found = [one for one in linter.check(text, whole=whole) if one.rule == rule]
        if found:
            yield f"{rule}: {found[0].text!r} is found in {text!r}"
