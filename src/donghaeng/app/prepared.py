"""What a process reads and builds before it opens its records: the same for every process of a machine.

A process that is forked from one that holds it is ready in a fraction of the time
(:mod:`donghaeng.app.fork_server`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes

from donghaeng.app.editions import CatalogueEditions, Loaded
from donghaeng.app.served_knowledge import ServedKnowledge, open_knowledge
from donghaeng.city.places import PlaceTable, load_builtin
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Prepared:
    """A catalogue that was learnt, and what is known of it. Holds no file, no thread and no connection."""

    places: PlaceTable
    loaded: Loaded
    knowledge: ServedKnowledge


def prepare(settings: Settings) -> Prepared:
    """Read and build it; seconds, minutes where the catalogue was never learnt.

    Raises:
        DonghaengError: a catalogue file or an engine is wrong.
    """
    places = load_builtin(settings.catalogue / "places")
    with Store.open("sqlite://", Sealer([token_bytes(32)])) as nowhere:
        editions = CatalogueEditions(settings, nowhere, places, clock=lambda: datetime.now(UTC))
        asyncio.run(editions.load())
        knowledge = open_knowledge(settings, nowhere)
        return Prepared(places, editions.loaded, knowledge)
