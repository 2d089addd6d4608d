"""The desk of minutes over a running application: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.office.minutes.desk import MinutesDesk
from donghaeng.office.minutes.working import MinutesWorker
from donghaeng.settings import Settings
from donghaeng.speech.load import Speech
from donghaeng.store import Store
from donghaeng.store.process_names import process_name

LOOK_EVERY_S: Final = 2.0

_log = structlog.get_logger(__name__)


def open_minutes(settings: Settings, store: Store, *, clock: Callable[[], datetime]) -> MinutesDesk:
    """The desk of an installation.

    Raises:
        CatalogueError: the kinds of meetings are wrong.
    """
    return MinutesDesk(store, data=settings.data, catalogue=settings.catalogue, clock=clock)


async def keep_hearing(
    settings: Settings,
    desk: MinutesDesk,
    speech: Speech | None,
    *,
    clock: Callable[[], datetime],
    may_work: Callable[[], bool],
) -> None:
    """Hear what waits, for ever; an error is logged. Without speech nothing is heard here."""
    if speech is None:
        return
    worker = MinutesWorker(
        desk,
        (speech.ears.recogniser, speech.ears.activity),
        catalogue=settings.catalogue,
        worker=process_name(),
        clock=clock,
        may_work=may_work,
    )
    while True:
        hearing = asyncio.create_task(asyncio.to_thread(worker.work_once))
        try:
            busy = await asyncio.shield(hearing)
        except asyncio.CancelledError:
            # The database is closed after this: the piece under way is kept first.
            worker.stop()
            with suppress(DonghaengError, OSError):
                await hearing
            raise
        except (DonghaengError, OSError) as error:
            _log.warning("minutes.failed", error=type(error).__name__)
            busy = False
        if not busy:
            await asyncio.sleep(LOOK_EVERY_S)
