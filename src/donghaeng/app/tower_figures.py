"""The control tower's figures in a running server: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

import structlog

from donghaeng.app.application import Application
from donghaeng.app.telling import keep_telling, open_sender, ways_of
from donghaeng.settings import Settings
from donghaeng.tower.consequences import Consequences
from donghaeng.tower.figures.definitions import FILE, load_definitions
from donghaeng.tower.figures.desk import FiguresDesk
from donghaeng.tower.figures.keeping import Keeper, keep_figures
from donghaeng.tower.figures.metering import Meter

_log = structlog.get_logger(__name__)


def open_figures(
    settings: Settings, application: Application, meter: Meter, *, clock: Callable[[], datetime]
) -> tuple[FiguresDesk, Coroutine[Any, Any, None]] | None:
    """The desk, and what keeps the figures up to date in the background; None in a city without a file of
    figures.

    Raises:
        InputError: the city's file of figures is wrong.
    """
    if not (settings.catalogue / FILE).is_file():
        _log.warning("figures left out", remedy=f"add {FILE} to the catalogue")
        return None
    definitions = load_definitions(settings.catalogue)

    def names() -> Mapping[str, str]:
        return {name: service.name for name, service in application.catalogue.items()}

    desk = FiguresDesk(application.store, definitions, names, clock=clock)
    consequences = Consequences(
        definitions, application.process, application.incidents, ways=ways_of(settings)
    )
    keeper = Keeper(application.store, definitions, meter, clock=clock, on_alerts=consequences)
    sender = open_sender(settings, application.store, clock=clock)
    return desk, _both(keep_figures(keeper), keep_telling(sender))


async def _both(*works: Coroutine[Any, Any, None]) -> None:
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work)
