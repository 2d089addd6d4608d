"""The officials' document sets over a running application: part of the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from donghaeng.app.application import Application
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.office.library.boxes import Boxes, Vectorizer
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.office.library.loading import load_words
from donghaeng.settings import Settings
from donghaeng.store.office import AssistantRow
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.understanding.load import load_embedder


def assistant_subject(identity: str) -> Subject:
    """An assistant as a subject of the process: a system of its own."""
    return Subject(Kind.SYSTEM, f"office.{identity}")


def beginner(process: ProcessDesk) -> Callable[[AssistantRow], Awaitable[None]]:
    """Lets a new assistant take part in the process, as a draft."""

    async def begin(row: AssistantRow) -> None:
        try:
            await process.create(
                assistant_subject(row.id),
                row.made_by,
                name=f"부서 도우미 {row.name}",
                owner=", ".join(row.departments) or "만든 사람",
                words=row.topics,
            )
        except ProcessRefused:  # it takes part already
            return

    return begin


def open_library_desk(
    settings: Settings, application: Application, reader: DocumentReader, *, clock: Callable[[], datetime]
) -> LibraryDesk:
    """The sets; their assistants answer while the process lets them."""
    gate = application.gate
    vectors = Vectorizer(lambda: load_embedder(settings.embedder))
    return LibraryDesk(
        application.store,
        reader,
        vectors,
        boxes=Boxes(vectors, load_words(settings.catalogue)),
        clock=clock,
        serves=lambda identity: gate.system_answers(assistant_subject(identity).id),
        begin=beginner(application.process),
    )
