"""Puts a :class:`~donghaeng.people.cases.Case` together: what is stored of it, and answers that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from donghaeng.conversation.case_file import CaseFile, case_file, last_words
from donghaeng.conversation.desk_changes import known
from donghaeng.conversation.desk_lists import IsLive, to_line, to_waiting
from donghaeng.conversation.editions import Editions
from donghaeng.people.calling import SEOUL
from donghaeng.people.cases import Case, Line, LineKind, NotTheOwner, Suggestion, Waiting
from donghaeng.store import Store, Transaction, conversations, events, handover_lines
from donghaeng.store.events import Event
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow

MOST_QUESTIONS: Final = 3
"""Of the citizen's last words, for which answers are suggested."""

Suggest = Callable[[str, date], Sequence[Suggestion]]
"""Answers to a question that hold on a day, from verified passages alone. Runs on a thread."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A hand-over with all that is stored of its conversation."""

    row: HandoverRow
    waiting: Waiting
    events: list[Event]
    lines: list[LineRow]
    version: str


class Cases:
    """Reads cases.

    Args:
        store: the database.
        editions: the catalogues of conversations.
        clock: the program's own time.
        is_live: whether the citizen is on a live voice line.
        suggest: finds answers; none are suggested where it is None.
    """

    def __init__(
        self,
        store: Store,
        editions: Editions,
        *,
        clock: Callable[[], datetime],
        is_live: IsLive,
        suggest: Suggest | None,
    ) -> None:
        self._store = store
        self._editions = editions
        self._clock = clock
        self._is_live = is_live
        self._suggest = suggest

    async def read(self, handover: str, staff: str) -> Case:
        """All about a hand-over, for a counsellor who may see it.

        Raises:
            UnknownHandover: there is none of that id.
            NotTheOwner: another counsellor has it.
        """

        def read(tx: Transaction) -> _Found:
            row = known(tx, handover)
            if row.state == "joined" and row.owner != staff:
                raise NotTheOwner(f"hand-over {handover} is another counsellor's")
            return _Found(
                row,
                to_waiting(tx, [row], self._clock(), self._is_live)[0],
                events.of_conversation(tx, row.conversation_id),
                handover_lines.of_handover(tx, handover),
                conversations.get_as_staff(tx, row.conversation_id).catalogue_version,
            )

        found = await self._store.read(read)
        edition = await self._editions.of(found.version)
        file = case_file(found.events, edition.catalogue)
        lines = tuple(to_line(row) for row in found.lines)
        alarms = [line.detail for line in lines if line.kind is LineKind.CITIZEN and line.detail]
        return Case(
            handover=found.waiting,
            transcript=file.transcript,
            lines=lines,
            service=file.service,
            slots=file.slots,
            missing=file.missing,
            attempts=file.attempts,
            misses=file.misses,
            open_question=file.open_question,
            suggestions=await self._suggestions(file, lines),
            phone=found.row.phone,
            emergency=alarms[-1] if alarms else file.emergency,
        )

    async def _suggestions(self, file: CaseFile, lines: Sequence[Line]) -> tuple[Suggestion, ...]:
        if self._suggest is None:
            return ()
        said = [line.text for line in lines if line.kind is LineKind.CITIZEN]
        today = self._clock().astimezone(SEOUL).date()
        found: dict[str, Suggestion] = {}
        for words in last_words(file, said, MOST_QUESTIONS):
            for one in await asyncio.to_thread(self._suggest, words, today):
                found.setdefault(one.id, one)
        return tuple(found.values())
