"""Questions that come back to what was said: without a subject of their own, or after a hard word.

The words are those of ``catalogue/lexicon/follow_ups.yaml``. A question is taken for one about the answer
before only when it is made of nothing but such words: one noun of its own and it is a new question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.understanding.text import compact, without_fillers

LONGEST: Final = 30
"""Syllables of a question without a subject; longer ones tell something of their own."""
LONGEST_ABOUT_TERM: Final = 40
"""Syllables of a question for a word."""

_LISTS: Final = ("before", "about", "asks", "may", "after", "meaning")
_TEXTS: Final = ("particles", "verbs")


@dataclass(frozen=True, slots=True)
class AskingBack:
    """Recognises such questions. Pure; long utterances are none of them and are not looked at."""

    without_subject: re.Pattern[str]
    meanings: tuple[re.Pattern[str], ...]
    terms: frozenset[str]
    """Terms of the glossary without spaces."""

    def leans(self, utterance: str) -> bool:
        """Whether a question has no subject of its own ("그럼 얼마나 받아요", "저도 되나요")."""
        packed = compact(without_fillers(utterance))
        return len(packed) <= LONGEST and self.without_subject.fullmatch(packed) is not None

    def unknown_word(self, utterance: str) -> str | None:
        """The term of the glossary whose meaning is asked for, without spaces; None where none is."""
        packed = compact(without_fillers(utterance))
        if len(packed) > LONGEST_ABOUT_TERM:
            return None
        found = (pattern.fullmatch(packed) for pattern in self.meanings)
        terms = (match["term"] for match in found if match is not None)
        return next((term for term in terms if term in self.terms), None)


def load_asking_back(file: Path, terms: Collection[str]) -> AskingBack:
    """Read the words.

    Args:
        file: ``follow_ups.yaml``.
        terms: those of the glossary, in any spacing.

    Raises:
        CatalogueError: a list is absent, unknown, or holds what is no regular expression.
    """
    document = read_yaml(file)
    data = document.data
    if not isinstance(data, dict) or set(data) != {*_LISTS, *_TEXTS}:
        raise document.error([], "does not hold the lists", remedy=f"write {', '.join((*_LISTS, *_TEXTS))}")
    parts = {
        name: _either(document, name, data[name]) for name in ("before", "about", "asks", "may", "after")
    }
    texts = {name: _text(document, name, data[name]) for name in _TEXTS}
    pointed = f"(?:(?:{parts['about']}){texts['particles']})"
    # A word that asks stands anywhere among what it is asked about: "신청은 어디서", "어디서 신청".
    question = (
        f"{pointed}{{0,3}}(?:{parts['asks']}){pointed}{{0,2}}(?:{texts['verbs']})?"
        f"|{pointed}{{0,3}}(?:{parts['may']})"
    )
    whole = re.compile(f"(?:{parts['before']}){{0,3}}(?:{question})(?:{parts['after']})")
    meanings = tuple(
        re.compile(f"(?:{parts['before']}){{0,3}}(?:{_compiled(document, ['meaning', at], entry).pattern})")
        for at, entry in enumerate(_list(document, data))
    )
    return AskingBack(whole, meanings, frozenset(compact(term) for term in terms))


def _list(document: Document, data: Mapping[str, Any]) -> list[Any]:
    entries = data["meaning"]
    if not isinstance(entries, list) or not entries:
        raise document.error(["meaning"], "is no list", remedy="write one expression a line after `- `")
    for number, entry in enumerate(entries):
        if "(?P<term>" not in str(entry):
            remedy = "write `(?P<term>.+?)` where the term stands"
            raise document.error(["meaning", number], "names no term", remedy=remedy)
    return entries


def _either(document: Document, name: str, entries: Any) -> str:
    if not isinstance(entries, list) or not entries:
        raise document.error([name], "is no list", remedy="write one expression a line after `- `")
    return "|".join(f"(?:{_compiled(document, [name, at], one).pattern})" for at, one in enumerate(entries))


def _text(document: Document, name: str, text: Any) -> str:
    return _compiled(document, [name], text).pattern


def _compiled(document: Document, path: list[str | int], expression: Any) -> re.Pattern[str]:
    try:
        return re.compile("".join(str(expression).split()))
    except re.error as error:
        raise document.error(path, f"is not a regular expression: {error}") from None
