"""Learning from failure over a running application: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from donghaeng.app.effect_run import SubprocessRunner
from donghaeng.city.services import Catalogue
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.errors import DonghaengError
from donghaeng.review.collecting import Collector
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.items import IsPersonal
from donghaeng.review.measuring import Effects, Runner
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.understanding.load import load_embedder

COLLECT_EVERY_S: Final = 60.0
"""Pause between two looks at conversations for failures: each that went on is read from its beginning."""

_log = structlog.get_logger(__name__)


def open_review(
    settings: Settings,
    store: Store,
    *,
    catalogue: Callable[[], Catalogue],
    clock: Callable[[], datetime],
    runner: Runner | None = None,
) -> ReviewDesk:
    """The reviewers' desk.

    Args:
        settings: where the catalogue and the cache are.
        store: the database.
        catalogue: gives the one in force.
        clock: the city's time.
        runner: carries the runs of effects out; a process of its own when None.
    """
    effects = Effects(
        store,
        base=settings.catalogue,
        cache=settings.cache,
        runner=runner or SubprocessRunner(settings),
        clock=clock,
    )
    return ReviewDesk(
        store,
        base=settings.catalogue,
        cache=settings.cache,
        catalogue=catalogue,
        effects=effects,
        clock=clock,
    )


def open_collector(
    settings: Settings,
    store: Store,
    *,
    catalogue: Callable[[], Catalogue],
    clock: Callable[[], datetime],
) -> Collector:
    """What finds and groups review items.

    Raises:
        EngineMissing: the embedder is not installed.
    """
    embedder = load_embedder(settings.embedder)
    return Collector(store, embedder, clock=clock, is_personal=personal_slots(catalogue))


def personal_slots(catalogue: Callable[[], Catalogue]) -> IsPersonal:
    """Tells whether a slot holds something personal; one that the catalogue no longer has may."""

    def is_personal(service: str | None, slot: str | None) -> bool:
        if service is None or slot is None:
            return False
        definition = catalogue().get(service)
        spec = definition.slots.get(slot) if definition is not None else None
        return spec is None or SLOT_TYPES[spec.type].personal

    return is_personal


async def keep_collecting(collector: Collector, may_embed: Callable[[], bool]) -> None:
    """Follow conversations, for ever; an error is logged and the next look tries again."""
    while True:
        try:
            found = await collector.collect()
            if found:
                _log.info("review.collected", count=found)
            if may_embed():
                await collector.group(may_embed)
        except DonghaengError as error:
            _log.warning("review.failed", error=type(error).__name__)
        await asyncio.sleep(COLLECT_EVERY_S)
