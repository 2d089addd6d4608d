"""Words and phrases of the lexicons in a text, and what stands in their place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from donghaeng.korean.morphemes import Join, Morpheme, Placed
from donghaeng.korean.particles import PAIRS, choose
from donghaeng.office.lint.finding import Found
from donghaeng.office.lint.rules import Morphemes, Noun, Pattern

_AGREEING: Final = {form: pair for pair in PAIRS.values() for form in pair}
_NEUTRAL: Final = (
    "에서는",
    "에서도",
    "에서",
    "에게는",
    "에게도",
    "에게서",
    "에게",
    "께서",
    "께",
    "까지는",
    "까지도",
    "까지",
    "부터는",
    "부터",
    "만을",
    "만",
    "도",
    "의",
    "에는",
    "에도",
    "에",
    "마다",
    "보다",
    "처럼",
    "조차",
    "밖에",
    "뿐",
    "별로",
    "별",
    "들이",
    "들을",
    "들은",
    "들",
    "입니다",
    "이며",
    "이면",
    "이다",
    "인",
    "이었",
    "였",
    "이던",
)
_MORE_AGREEING: Final = {
    "으로는": ("으로는", "로는"),
    "로는": ("으로는", "로는"),
    "으로써": ("으로써", "로써"),
}
_PARTICLE: Final = "|".join(sorted({*_AGREEING, *_NEUTRAL, *_MORE_AGREEING}, key=len, reverse=True))
_PARTICLE_NEXT: Final = re.compile(rf"(?P<particle>{_PARTICLE})(?![가-힣])")
_DOING: Final = "하|했|할|한|해|합|함|되|된|될|됩|됨|돼|됐|받"
_SUFFIX: Final = re.compile(r"J|E|XSV|XSA|XSN|VCP|VX")
_LETTERS: Final = re.compile(r"[가-힣\w]*")


@lru_cache(maxsize=1024)
def _word(noun: str, does: bool) -> re.Pattern[str]:
    rest = rf"(?P<particle>{_PARTICLE})?(?![가-힣])"
    if does:
        rest = rf"(?:(?={_DOING})|{rest})"
    return re.compile(rf"(?<![가-힣A-Za-z]){re.escape(noun)}{rest}")


def nouns(text: str, rule: str, noun: Noun) -> Iterator[Found]:
    """A noun as a word of its own, its particle made to agree with the easy word."""
    if noun.noun not in text:
        return
    for found in _word(noun.noun, noun.does).finditer(text):
        if noun.unless_before and re.search(f"(?:{noun.unless_before})$", text[: found.start()]):
            continue
        if noun.unless_after and re.match(noun.unless_after, text[found.start() + len(noun.noun) :]):
            continue
        particle = found.groupdict().get("particle") or ""
        fixes = tuple(easy + _agreeing(particle, easy) for easy in noun.easy)
        end = found.end()
        if all(fix == easy + particle for fix, easy in zip(fixes, noun.easy, strict=True)):
            # The particle stays as it is: another finding may be about it (매뉴얼에 의거하여).
            end -= len(particle)
            fixes = noun.easy
        yield Found(rule, found.start(), end, fixes)


def _agreeing(particle: str, word: str) -> str:
    pair = _AGREEING.get(particle) or _MORE_AGREEING.get(particle)
    return choose(word, *pair) if pair else particle


def phrases(text: str, rule: str, pattern: Pattern, morphemes: Sequence[Placed]) -> Iterator[Found]:
    """Places that an expression of the text fits."""
    for found in pattern.pattern.finditer(text):
        if pattern.first and _tag_at(morphemes, found.start()) != pattern.first:
            continue
        groups = {name: value or "" for name, value in found.groupdict().items()}
        after = _PARTICLE_NEXT.match(text, found.end()) if pattern.fix else None
        particle = after["particle"] if after else ""
        fixes = [fix.format(**groups) for fix in pattern.fix]
        end = found.end() + len(particle)
        yield Found(rule, found.start(), end, tuple(fix + _agreeing(particle, fix) for fix in fixes))


def _tag_at(morphemes: Sequence[Placed], start: int) -> str | None:
    return next((one.tag for one in morphemes if one.start == start), None)


def rows(text: str, rule: str, entry: Morphemes, morphemes: Sequence[Placed], join: Join) -> Iterator[Found]:
    """Rows of morphemes; the word that they end in is inflected anew."""
    row = entry.row
    for first in range(len(morphemes) - len(row) + 1):
        held = morphemes[first : first + len(row)]
        fits = zip(row, held, strict=True)
        if not all(form.fullmatch(one.form) and tag.fullmatch(one.tag) for (form, tag), one in fits):
            continue
        last = held[-1].start
        rest = _LETTERS.match(text, last)
        end = rest.end() if rest else last
        tail: list[Morpheme] = []
        for one in morphemes[first + len(row) :]:
            if one.start >= end:
                break
            if not _SUFFIX.match(one.tag):
                # The word goes on with another one: what is found ends before it.
                end = one.start
                break
            tail.append(Morpheme(one.form, one.tag))
        kept = min((_kept(new) for new in entry.new_rows), default=0)
        fixes = tuple(_written(new[kept:], held, tail, join) for new in entry.new_rows)
        yield Found(rule, held[kept].start, end, fixes)


def _kept(row: Sequence[tuple[str, str] | int]) -> int:
    """How many morphemes at the beginning stay as they are written; the last one is inflected with what
    follows."""
    count = 0
    while count < len(row) - 1 and row[count] == count:
        count += 1
    return count


def _written(
    row: Sequence[tuple[str, str] | int], held: Sequence[Placed], tail: Sequence[Morpheme], join: Join
) -> str:
    new = _new(row, held)
    space = " " if new and new[0].form.startswith(" ") else ""
    new = [Morpheme(one.form.lstrip(), one.tag) for one in new]
    return space + join([*new, *tail])


def _new(row: Sequence[tuple[str, str] | int], held: Sequence[Placed]) -> list[Morpheme]:
    return [
        Morpheme(held[part].form, held[part].tag) if isinstance(part, int) else Morpheme(*part)
        for part in row
    ]
