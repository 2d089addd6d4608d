"""The officials' writing desk over a running application: part of the composition root."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Final

from donghaeng.knowledge.grounding import flaws
from donghaeng.korean.morphemes import placer
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.office.drafts.desk import DraftDesk
from donghaeng.office.drafts.loading import load_templates
from donghaeng.office.drafts.wording import DraftRewording
from donghaeng.office.form_desk import FormDesk
from donghaeng.office.forms_apart import FormReader
from donghaeng.office.lint.loading import load_linter
from donghaeng.office.measuring import MeasuringDesk
from donghaeng.office.writing import LazyLinter, Writing
from donghaeng.settings import Settings
from donghaeng.store import Store

_CHANCE: Final = secrets.SystemRandom()


def open_writing(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime],
    model: LanguageModel | None = None,
    chance: Callable[[], float] = _CHANCE.random,
) -> Writing:
    """The writing desk; close its forms at the end.

    Args:
        settings: where the catalogue is, whether a model rewords.
        store: the database.
        clock: the city's time.
        model: words sentences anew; asked only where the settings let it reword drafts.
        chance: a number from 0 up to 1, anew each time.
    """
    rewording = None
    if model is not None and settings.language_model_rewords_drafts:
        rewording = DraftRewording(model, partial(flaws, place=placer()))
    return Writing(
        drafts=DraftDesk(store, cache(lambda: load_templates(settings.catalogue)), clock),
        linter=LazyLinter(lambda: load_linter(settings.catalogue)),
        forms=FormDesk(FormReader()),
        measuring=MeasuringDesk(store, clock, chance, one_in=settings.office_asks_one_in),
        rewording=rewording,
    )
