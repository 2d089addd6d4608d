"""Words by which the citizen steers: yes, no, again, slower, cancel … (``catalogue/lexicon/acts.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.text import compact, without_fillers, without_sighs

PERSON: Final = "person"
"""The entry for "상담사": it asks for the counsellor service and has no act of its own."""
ENOUGH: Final = "enough"
"""The entry for "됐어요" and its like: a yes or a no, depending on the open question."""
WHY: Final = "why"
"""The entry for "그건 왜 물어봐요": help with what the open question is for."""
ANY_TIME: Final = "any_time"
"""The entry for "아무 때나": any time of a call-back will do."""

_REPEATED = re.compile(r"(.{1,4}?)\1{2,}")
"""Said more than twice, it means no more than twice ("네네네네"), and costs the patterns dear."""
_TAIL = r"(?:요|유|여|잉|예|네|아|고|좀|제발|지금|이제|그만|부탁(?:해요|합니다|드려요)?)?"


@dataclass(frozen=True, slots=True)
class Command:
    """A steering word found in an utterance."""

    name: str
    """An :class:`ActKind` value, :data:`PERSON` or :data:`ENOUGH`."""
    whole: bool
    """Whether the utterance says nothing else."""


class CommandLexicon:
    """Patterns by act. Matching is linear in the utterance, which is cut before."""

    def __init__(self, patterns: Mapping[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]) -> None:
        self._patterns = patterns

    def find(self, utterance: str) -> tuple[Command, ...]:
        """Steering words in ``utterance``: whole matches first, in the order of the file."""
        packed = _REPEATED.sub(r"\1\1", compact(without_sighs(without_fillers(utterance))))
        if not packed:
            return ()
        wholes = [
            Command(name, whole=True)
            for name, (whole, _) in self._patterns.items()
            if whole is not None and len(packed) <= LONGEST_COMMAND and whole.fullmatch(packed)
        ]
        parts = [
            Command(name, whole=False)
            for name, (_, part) in self._patterns.items()
            if part is not None and part.search(packed)
        ]
        return (*wholes, *parts)


LONGEST_COMMAND: Final = 24
"""Syllables of an utterance that can be a steering word and nothing else."""


def load_commands(file: Path) -> CommandLexicon:
    """Read the lexicon.

    Raises:
        CatalogueError: an unknown act, a part that is no list, or a pattern that does not compile.
    """
    document = read_yaml(file)
    known = {kind.value for kind in ActKind} | {PERSON, ENOUGH, WHY, ANY_TIME}
    patterns = {}
    if not isinstance(document.data, dict):
        raise document.error([], "is no mapping of acts", remedy="write `act: {whole: […], part: […]}`")
    for name, entry in document.data.items():
        if name not in known:
            raise document.error([name], f"{name!r} is no act", remedy=f"one of {', '.join(sorted(known))}")
        if not isinstance(entry, dict):
            raise document.error([name], f"{name!r} is no mapping", remedy="use `whole` and `part`")
        unknown = set(entry) - {"whole", "part"}
        if unknown:
            raise document.error([name], f"unknown part {unknown.pop()!r}", remedy="use `whole` and `part`")
        patterns[name] = (
            _compiled(document, name, "whole", entry.get("whole", ()), _TAIL),
            _compiled(document, name, "part", entry.get("part", ()), ""),
        )
    return CommandLexicon(patterns)


def _compiled(
    document: Document, name: str, part: str, entries: Sequence[str], tail: str
) -> re.Pattern[str] | None:
    if not isinstance(entries, list | tuple):
        raise document.error([name, part], "is no list", remedy="write one expression a line after `- `")
    if not entries:
        return None
    for index, entry in enumerate(entries):
        try:
            re.compile(entry)
        except (re.error, TypeError) as error:
            raise document.error([name, part, index], f"is not a regular expression: {error}") from None
    return re.compile("|".join(f"(?:{entry}{tail})" for entry in entries))
