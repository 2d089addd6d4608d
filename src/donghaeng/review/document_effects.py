"""What publishing a version of a document would change: every conversation test, and the free questions that
citizens asked, without and with it. Measured as it stands: its verified passages are what would be spoken."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog

from donghaeng.errors import DocumentRefused, DonghaengError
from donghaeng.review.changes import read_change
from donghaeng.review.effects import Answered, Effect
from donghaeng.review.measuring import SILENT, Effects, Proposed
from donghaeng.review.recorded_questions import RecordedQuestion, recorded_questions, words_of
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.served_documents import ServedDocument, document_of
from donghaeng.store import Store, Transaction, document_effects, knowledge, proposals
from donghaeng.store.document_effects import DocumentEffectRow

FORGOTTEN: Final = "(지워진 대화의 물음)"
"""In place of a question whose conversation was destroyed since."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DocumentEffect:
    """What the page about a version shows."""

    row: DocumentEffectRow
    is_fresh: bool
    """Whether it was measured on what is in force, with the marks that the version has now."""
    tests: int = 0
    """Conversation tests that were played."""
    broken: Mapping[str, str] | None = None
    """Those that would fail, and why."""
    mended: Sequence[str] = ()
    answered: int = 0
    """Questions that are answered out of texts, before or after."""
    answers: Sequence[Answered] = ()


class DocumentEffects:
    """Measures versions of documents, in the background.

    Args:
        store: the database.
        effects: plays and routes, one at a time in this process.
        clock: the program's own time.
    """

    def __init__(self, store: Store, effects: Effects, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._effects = effects
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    async def begin(self, document_id: str, version: int) -> None:
        """Measure a version in the background; :meth:`look` tells how far that is.

        Raises:
            DocumentRefused: there is no such version.
            ReviewRefused: it is being measured.
        """
        finish = await self._begin(document_id, version)
        task = asyncio.create_task(finish)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def measure(self, document_id: str, version: int) -> DocumentEffect:
        """:meth:`begin`, and wait for what comes of it.

        Raises:
            DocumentRefused: there is no such version.
            ReviewRefused: it is being measured, or the run failed.
        """
        await (await self._begin(document_id, version))
        found = await self.look(document_id, version)
        if found is None or found.row.state != "done":
            raise ReviewRefused("재다가 멈췄어요")
        return found

    async def look(self, document_id: str, version: int) -> DocumentEffect | None:
        """What is known of a version; None where nothing was measured."""

        def read(tx: Transaction) -> DocumentEffect | None:
            row = document_effects.effect(tx, document_id, version)
            if row is None:
                return None
            is_fresh = row.basis == _basis(tx, _document(tx, document_id, version))
            return _shown(tx, row, is_fresh=is_fresh)

        return await self._store.read(read)

    async def aclose(self) -> None:
        """Break off what is being measured."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin(self, document_id: str, version: int) -> Coroutine[Any, Any, None]:
        def start(tx: Transaction) -> tuple[DocumentEffectRow, ServedDocument]:
            document = _document(tx, document_id, version)
            now = self._clock()
            before = document_effects.effect(tx, document_id, version)
            if before is not None and before.state == "running" and now - before.at < SILENT:
                raise ReviewRefused("이미 재고 있어요. 잠시 기다려 주세요")
            row = DocumentEffectRow(document_id, version, "running", _basis(tx, document), now)
            document_effects.set_effect(tx, row)
            return row, document

        row, document = await self._store.transact(start)
        return self._finish(row, document)

    async def _finish(self, row: DocumentEffectRow, document: ServedDocument) -> None:
        async def note(done: int, total: int) -> None:
            now = replace(row, at=self._clock(), done=done, total=total)
            await self._store.transact(lambda tx: document_effects.tell_progress(tx, now))

        try:
            held = await self._store.read(proposals.in_force)
            others = [Proposed(one.id, read_change(one.change), one.test) for one in held]
            questions = await self._store.read(recorded_questions)
            words = [one.text for one in questions]
            effect = await self._effects.difference(others, words, note, document=document)
            ended = replace(row, state="done", at=self._clock(), result=_kept(effect, questions))
        except (DonghaengError, OSError, ValueError) as error:
            _log.warning("document.measuring_failed", error=type(error).__name__)
            ended = replace(row, state="failed", at=self._clock())
        except BaseException:
            failed = replace(row, state="failed", at=self._clock())
            with suppress(DonghaengError):
                await asyncio.shield(self._store.transact(lambda tx: document_effects.set_effect(tx, failed)))
            raise
        await self._store.transact(lambda tx: document_effects.set_effect(tx, ended))


def _document(tx: Transaction, document_id: str, version: int) -> ServedDocument:
    for row in knowledge.versions(tx, document_id):
        if row.version == version:
            return document_of(tx, row)
    message = f"{document_id}: no version {version}"
    raise DocumentRefused("version", message, remedy="open the document again")


def _basis(tx: Transaction, document: ServedDocument) -> str:
    """Names what a measuring is of: the version as it is marked now, and the other documents in force."""
    others = [f"{one} {stamp}" for one, stamp in knowledge.served(tx).items() if one != document.id]
    return hashlib.sha256("\n".join([json.dumps(document.as_plain()), *others]).encode()).hexdigest()


def _kept(effect: Effect, questions: Sequence[RecordedQuestion]) -> dict[str, Any]:
    """What is kept of an effect: no words of citizens, but where they stand."""
    places = {one.text: (one.conversation_id, one.turn) for one in questions}
    answers = []
    for one in effect.answers:
        place = places.get(one.question)
        answers.append(
            {
                "question": None if place is not None else one.question,
                "place": place,
                "before": one.before,
                "after": one.after,
            }
        )
    return {
        "tests": effect.tests,
        "broken": dict(effect.broken),
        "mended": list(effect.mended),
        "answered": effect.answered,
        "answers": answers,
    }


def _shown(tx: Transaction, row: DocumentEffectRow, *, is_fresh: bool) -> DocumentEffect:
    if row.state != "done" or row.result is None:
        return DocumentEffect(row, is_fresh)
    answers = []
    for one in row.result["answers"]:
        question = one["question"]
        if question is None:
            question = words_of(tx, *one["place"]) or FORGOTTEN
        answers.append(Answered(question, one["before"], one["after"]))
    found = row.result
    return DocumentEffect(
        row,
        is_fresh,
        found["tests"],
        found["broken"],
        tuple(found["mended"]),
        found["answered"],
        tuple(answers),
    )
