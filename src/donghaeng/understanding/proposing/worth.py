"""When a model may be asked at all: where nothing sure was understood and nothing closed was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from donghaeng.city.operations import Effect
from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.understanding.acts import Act, ActKind, Context

UNSURE_BELOW: Final = 0.45
"""Score under which a wish for a service is unsure enough to be looked at again."""
FEWEST_LETTERS: Final = 3
"""Letters of an utterance that can hold a wish; a shorter one is a sound or a bare number."""
CLOSED: Final = frozenset({"confirm", "choice"})
"""Questions whose answers a model never reads."""

_PROPOSED = frozenset({Effect.READ, Effect.WRITE, Effect.GUIDE})
_NOTHING_SURE = frozenset({ActKind.UNCLEAR, ActKind.OUT_OF_SCOPE, ActKind.UNSURE})


def is_worth_asking(utterance: str, acts: Sequence[Act], context: Context, catalogue: Catalogue) -> bool:
    """Whether every act is unclear, out of scope or an unsure wish.

    Never where the citizen wants a person, tells of an emergency, steers, confirms, gives or corrects a
    value, or where a closed question stands open.
    """
    if context.expects in CLOSED or sum(char.isalpha() for char in utterance) < FEWEST_LETTERS:
        return False
    return bool(acts) and all(_is_open(act, catalogue) for act in acts)


def may_be_proposed(service: str, catalogue: Catalogue) -> bool:
    """Whether a model may name a service: any but the hand-over to a person and the emergencies."""
    return service in catalogue and service != EMERGENCY and catalogue[service].effect in _PROPOSED


def _is_open(act: Act, catalogue: Catalogue) -> bool:
    named = {act.service, *(one.service for one in act.alternatives)} - {None}
    if not all(may_be_proposed(service or "", catalogue) for service in named):
        return False
    return act.kind in _NOTHING_SURE or (act.kind is ActKind.ASK and act.score < UNSURE_BELOW)
