"""Whether a language model answers in time and in form, for `donghaeng doctor`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from donghaeng.city.services import Catalogue
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.understanding.acts import Context
from donghaeng.understanding.proposing.answer import parse
from donghaeng.understanding.proposing.prompt import Prompts, readable
from donghaeng.understanding.proposing.worth import may_be_proposed


@dataclass(frozen=True, slots=True)
class Tried:
    """One question and its answer."""

    seconds: float
    well_formed: bool
    right: bool
    """Whether the service was named whose own example was asked about."""


async def try_model(model: LanguageModel, catalogue: Catalogue, now: datetime) -> Tried:
    """Ask about the first example of the first service, with the very prompt that serves.

    Raises:
        LanguageModelFailed: no answer.
    """
    service = next(name for name in catalogue if may_be_proposed(name, catalogue))
    words = readable(catalogue[service].examples[0])
    prompt = Prompts(catalogue).about(words, Context(now))
    began = time.perf_counter()
    answer = await model.complete(prompt)
    seconds = time.perf_counter() - began
    proposal = parse(answer)
    return Tried(seconds, proposal is not None, proposal is not None and proposal.service == service)
