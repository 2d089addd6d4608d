"""A third stage over the real catalogue, with a model that says what a test wants."""

from __future__ import annotations

import json
from typing import Any

from tests.dialogue.harness import catalogue
from tests.understanding.scene import gazetteer, lexicons

from donghaeng.language_models.fake import FixedModel
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.understanding.acts import Act, ActKind
from donghaeng.understanding.proposing.checking import Checker
from donghaeng.understanding.proposing.proposals import Proposals

UNCLEAR = (Act(ActKind.UNCLEAR, 0.6),)


def proposals(model: LanguageModel | str, seen: list[str] | None = None) -> Proposals:
    """The stage; a string is what the model always answers. Outcomes go to ``seen``."""
    asked = FixedModel(model) if isinstance(model, str) else model
    checker = Checker(catalogue(), gazetteer(), lexicons())
    observe = (seen if seen is not None else []).append
    return Proposals(catalogue(), asked, checker, observe=observe)


def answer(act: str, service: str = "", **quotations: str) -> str:
    """A well-formed answer."""
    slots = [{"slot": name, "words": words} for name, words in quotations.items()]
    return json.dumps({"act": act, "service": service, "slots": slots}, ensure_ascii=False)


def shape(acts: tuple[Act, ...]) -> list[Any]:
    """Kinds and services, alternatives included."""
    return [(act.kind.value, act.service, [one.service for one in act.alternatives]) for act in acts]
