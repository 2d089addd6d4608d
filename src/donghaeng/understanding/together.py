"""Several services asked for in one utterance. Pure."""

from __future__ import annotations

from typing import Final

from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.calibration import FoundBy, calibrated
from donghaeng.understanding.ranking.ranker import ServiceRanker
from donghaeng.understanding.reading import SlotReader
from donghaeng.understanding.steering import COUNSELLOR
from donghaeng.understanding.text import without_fillers
from donghaeng.understanding.thresholds import SURELY_SAID
from donghaeng.understanding.wishing import several

FREE_QUESTION: Final = "ask"
ALONE: Final = frozenset({EMERGENCY, COUNSELLOR, FREE_QUESTION})
"""Services that are not asked for together with another one: a person and an emergency come first, and a
free question holds the words of any service."""
SHARED: Final = frozenset({"address", "district", "person_name", "phone", "place"})
"""Types of values that are said once for all wishes of one utterance."""


def wishes_together(
    words: str, context: Context, ranker: ServiceRanker, catalogue: Catalogue, reader: SlotReader
) -> tuple[Act, ...]:
    """The wishes of an utterance that asks for several services, in the order in which they were said."""
    plain = without_fillers(words)
    parts = several(plain, ranker, catalogue.keys() - ALONE)
    together = {part.service: reader.wish(plain, part.service, context) for part in parts}
    acts = []
    for part in parts:
        specs = catalogue[part.service].slots
        own = reader.wish(part.words, part.service, context)
        shared = {
            name: fill
            for name, fill in together[part.service].items()
            if name not in own and specs[name].type in SHARED and fill.score >= SURELY_SAID
        }
        score = calibrated(FoundBy.RANKING, part.score)
        acts.append(Act(ActKind.ASK, score, part.service, {**shared, **own}, found_by=FoundBy.RANKING))
    return tuple(acts)
