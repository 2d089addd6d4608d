"""Who is meant: by name, by family name and title, by title alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from donghaeng.office.minutes.model import Person
from donghaeng.office.minutes.words import MinutesWords

_ENDS: Final = r"(?P<particle>은|는|이|가|께서|께서는|께서도|,|님,)?"
_ROLE: Final = 2
_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is addressed or stands as the subject."""

    name: str
    """As the list of people has it; the words that were used where nobody there is meant."""
    start: int
    end: int
    known: bool


def surname(name: str) -> str:
    """Family name of a full name."""
    return name[:2] if len(name) >= _NAME + 1 or name[:2] in _LONG else name[:1]


_LONG: Final = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문")


def named(text: str, people: Sequence[Person], words: MinutesWords) -> list[Named]:
    """Everybody who is addressed or is the subject, in order of the text."""
    found = [*_by_name(text, people), *_by_title(text, people, words)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Named] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.known and not kept[-1].known:
            kept[-1] = one
    return kept


def _by_name(text: str, people: Sequence[Person]) -> list[Named]:
    found = []
    for person in people:
        given = person.name[len(surname(person.name)) :]
        forms = [re.escape(person.name)]
        if len(given) >= _ROLE and sum(one.name.endswith(given) for one in people) == 1:
            forms.append(
                re.escape(given)
                + r"(?=\s?씨|이가|이는|이,|님|아\s|야\s|\s(?:주무관|팀장|과장|선생|대리|위원))"
            )
        for form in forms:
            after = (
                r"(?:\s?(?:씨|님|이))?(?:\s?[가-힣]{2,4}님?)??(?P<particle>은|는|이|가|께서|께서는|,)(?=\s|$)"
            )
            found += [
                Named(person.name, match.start(), match.end(), known=True)
                for match in re.finditer(rf"(?<![가-힣]){form}{after}", text)
            ]
    return found


def _by_title(text: str, people: Sequence[Person], words: MinutesWords) -> list[Named]:
    found = []
    pattern = (
        rf"(?<![가-힣])(?:(?P<before>[가-힣]{{1,6}})\s?)??(?P<title>{words.title_pattern})(?P<sir>님)?"
        r"(?P<particle>께서는|께서|은|는|이|가|,)(?=\s|$)"
    )
    for match in re.finditer(pattern, text):
        before = match["before"] or ""
        who = _holder(before, match["title"], people)
        if who is not None:
            found.append(Named(who, match.start(), match.end(), known=True))
        elif before or match["sir"]:
            meant = f"{before} {match['title']}".strip()
            found.append(Named(meant, match.start(), match.end(), known=False))
    return found


def _holder(before: str, title: str, people: Sequence[Person]) -> str | None:
    """The one person whom a title means, with what stands before it."""
    holding = [one for one in people if one.role.replace(" ", "").endswith(title)]
    if not before:
        exact = [one for one in holding if one.role.replace(" ", "") == title]
        holding = exact if len(exact) == 1 else holding
        return holding[0].name if len(holding) == 1 else None
    family = [one for one in holding if surname(one.name) == before or one.name == before]
    family = family or [one for one in holding if one.name[len(surname(one.name)) :] == before]
    family = family or [one for one in holding if one.role.replace(" ", "").endswith(before + title)]
    if not family and len(before) > 1:
        # 도서관 관장님: the word before the title is of the sentence, or of the office.
        family = [one for one in holding if before in one.role.replace(" ", "")]
    if not family:
        family = [one for one in people if surname(one.name) == before and len(before) <= _ROLE]
    return family[0].name if len(family) == 1 else None
