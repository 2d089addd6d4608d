"""How many live conversations this process lets in: set, measured before, or measured in the background."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from donghaeng.app.memory import MemoryGuard, readings
from donghaeng.conversation.admission import Admission
from donghaeng.errors import EngineError
from donghaeng.measuring import capacity_kept
from donghaeng.measuring.capacity_kept import Engines
from donghaeng.settings import Settings
from donghaeng.speech.load import Speech
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.web.figures import Figures

PLACES_A_CORE: Final = 4
"""Until this machine has been measured: most of what a newly started server says is rehearsed."""
QUIET_SECONDS: Final = 5.0
"""Nobody speaks and the start is over: then a measurement disturbs nobody and nobody disturbs it."""

_log = structlog.get_logger(__name__)


def admission_for(settings: Settings, speech: Speech | None, figures: Figures) -> Admission:
    """The places that the settings or an earlier measurement give, else a usual number."""
    places = settings.max_live
    if places is None:
        found = _engines(speech)
        costs = capacity_kept.kept(settings.cache, found.infos) if found is not None else None
        usual = PLACES_A_CORE * capacity_kept.usable_cores()
        places = capacity_kept.places(costs) if costs is not None else usual
    guard = MemoryGuard(lambda: readings(settings.max_memory_mb))
    return Admission(
        places, most_waiting=settings.max_waiting, watch=figures.admission, has_room=guard.has_room
    )


async def measure_places(admission: Admission, settings: Settings, speech: Speech | None) -> None:
    """Measure what this machine carries, unless it is set or known, as soon as nobody speaks."""
    found = _engines(speech)
    if settings.max_live is not None or found is None or capacity_kept.kept(settings.cache, found.infos):
        return
    while True:
        await asyncio.sleep(QUIET_SECONDS)
        if not _is_quiet(admission):
            continue
        try:
            costs = await asyncio.to_thread(capacity_kept.measure, found)
        except EngineError as error:
            _log.warning("live places not measured", error=type(error).__name__, remedy="donghaeng doctor")
            return
        if not _is_quiet(admission):
            # Somebody came meanwhile: what was measured is too slow.
            continue
        capacity_kept.keep(settings.cache, found.infos, costs)
        admission.resize(await asyncio.to_thread(capacity_kept.places, costs))
        _log.info("live places measured", places=admission.places)
        return


def _is_quiet(admission: Admission) -> bool:
    return admission.taken == 0


def _engines(speech: Speech | None) -> Engines | None:
    if speech is None or not isinstance(speech.voice, PhraseCache):
        return None
    return Engines(speech.voice.synthesiser, speech.ears.activity, speech.ears.recogniser)
