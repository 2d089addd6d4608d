"""What officials write, look up and learn with, while the application runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from donghaeng.app.application import Application, seoul_now
from donghaeng.app.learning import open_learning
from donghaeng.app.minutes import keep_hearing, open_minutes
from donghaeng.app.office_library import open_library_desk
from donghaeng.app.process import gated_model
from donghaeng.app.writing import open_writing
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.office.minutes.desk import MinutesDesk
from donghaeng.office.writing import Writing
from donghaeng.settings import Settings
from donghaeng.web.services import LearningServices


@dataclass(frozen=True, slots=True)
class Officials:
    """Their tools."""

    library: LibraryDesk
    writing: Writing
    minutes: MinutesDesk
    learning: LearningServices


@asynccontextmanager
async def open_officials(
    settings: Settings, application: Application, reader: DocumentReader, *, may_work: Callable[[], bool]
) -> AsyncIterator[Officials]:
    """Their tools while the block runs.

    Args:
        settings: every setting.
        application: what they stand on.
        reader: reads documents apart.
        may_work: whether recordings may be heard now: citizens come first.
    """
    tools = Officials(
        library=open_library_desk(settings, application, reader, clock=seoul_now),
        writing=open_writing(
            settings, application.store, clock=seoul_now, model=gated_model(settings, application.gate)
        ),
        minutes=open_minutes(settings, application.store, clock=seoul_now),
        learning=open_learning(settings.catalogue, application.store, clock=seoul_now),
    )
    hearing = asyncio.create_task(
        keep_hearing(settings, tools.minutes, application.speech, clock=seoul_now, may_work=may_work)
    )
    try:
        yield tools
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
        await tools.writing.forms.close()
