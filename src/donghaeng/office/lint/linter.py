"""All rules over one text. Pure: rules and the analyser of morphemes are handed in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from donghaeng.korean.morphemes import Join, Place
from donghaeng.office.lint import amounts, dates, easing, marks, outline, sentences
from donghaeng.office.lint.finding import Finding, Found, apart
from donghaeng.office.lint.rules import Rulebook

LONGEST_TEXT: Final = 300_000
"""Characters of one text; a longer one is judged to here."""
_PIECE: Final = 400
"""Characters that are analysed by morphemes at once, at most; its time grows faster than a text without
spaces."""
_PIECES: Final = re.compile(rf".{{1,{_PIECE}}}(?:\s|$)|.{{1,{_PIECE}}}", re.DOTALL)
_QUIET: Final = re.compile(r"```.*?```|`[^`\n]*`|https?://[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.DOTALL)
"""Code, addresses of pages and of mail: no Korean that anybody could write otherwise."""


class Linter:
    """Holds the rules; one for a whole process, from any thread."""

    def __init__(self, book: Rulebook, place: Place, join: Join) -> None:
        self.book = book
        self._place = place
        self._join = join

    def check(self, text: str, *, whole: bool = False) -> list[Finding]:
        """What breaks a rule, in the order of the text.

        Args:
            text: plain text or Markdown, lines apart by newlines.
            whole: it is the complete body of a letter, which has to end with ``끝.``
        """
        judged = _QUIET.sub(lambda found: _blank(found.group()), text[:LONGEST_TEXT])
        found = [*self._form(judged, whole=whole), *self._language(judged), *sentences.long_sentences(judged)]
        starts = [0, *(place + 1 for place, char in enumerate(text) if char == "\n")]
        return [self._told(text, starts, one) for one in apart(found, len(text))]

    @staticmethod
    def _form(text: str, *, whole: bool) -> Iterator[Found]:
        yield from dates.dates(text)
        yield from dates.times(text)
        yield from amounts.words(text)
        yield from amounts.signs(text)
        yield from amounts.grouping(text)
        yield from outline.outline(text)
        yield from marks.attachments(text)
        yield from marks.colons(text)
        if whole:
            yield from marks.end_of(text)

    def _language(self, text: str) -> Iterator[Found]:
        start = 0
        for line in text.splitlines(keepends=True):
            if line.strip():
                for piece in _PIECES.finditer(line):
                    shift = start + piece.start()
                    for one in self._line(piece.group()):
                        yield Found(one.rule, one.start + shift, one.end + shift, one.fixes)
            start += len(line)

    def _line(self, line: str) -> Iterator[Found]:
        morphemes = self._place(line)
        yield from amounts.counted(line, morphemes)
        for lexicon in self.book.lexicons:
            for rule, patterns in lexicon.patterns.items():
                for pattern in patterns:
                    yield from easing.phrases(line, rule, pattern, morphemes)
            for rule, entries in lexicon.morphemes.items():
                for entry in entries:
                    yield from easing.rows(line, rule, entry, morphemes, self._join)
            for rule, words in lexicon.nouns.items():
                for noun in words:
                    yield from easing.nouns(line, rule, noun)

    def _told(self, text: str, starts: list[int], one: Found) -> Finding:
        rule = self.book.rules[one.rule]
        line = bisect_right(starts, one.start)
        return Finding(
            rule=one.rule,
            start=one.start,
            end=one.end,
            line=line,
            column=one.start - starts[line - 1] + 1,
            text=text[one.start : one.end],
            reason=rule.reason,
            source=rule.source,
            fixes=one.fixes,
        )


def _blank(text: str) -> str:
    """As long as the text, its lines kept, with nothing in it to find."""
    return "".join(char if char == "\n" else "\x00" for char in text)
