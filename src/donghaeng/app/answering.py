"""Answers to free questions: the operations of the knowledge base, in this process or apart from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from donghaeng.app.process import gated_model, open_gate
from donghaeng.app.served_knowledge import ServedKnowledge, open_knowledge
from donghaeng.city.glossary import GLOSSARY_FILE, load_glossary
from donghaeng.city.local import LocalOperations
from donghaeng.knowledge.grounding import flaws
from donghaeng.knowledge.operations import local_operations
from donghaeng.knowledge.rewording import Rewording
from donghaeng.korean.morphemes import placer
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer

Elsewhere = Callable[[LocalOperations], LocalOperations]
"""Gives operations of the knowledge base back, those among them that another process carries out changed."""


def knowledge_operations(
    settings: Settings,
    knowledge: ServedKnowledge,
    model: LanguageModel | None,
    observe: Callable[[str], None] = lambda outcome: None,
) -> LocalOperations:
    """What the knowledge base carries out, as the settings want it worded."""
    rewording = None
    if model is not None and settings.language_model_rewords:
        rewording = Rewording(model, partial(flaws, place=placer()), observe=observe)
    return local_operations(
        knowledge,
        apart=asyncio.to_thread,
        glossary=load_glossary(settings.catalogue / "lexicon" / GLOSSARY_FILE),
        rewording=rewording,
    )


@asynccontextmanager
async def open_answers(settings: Settings) -> AsyncIterator[LocalOperations]:
    """The operations of the knowledge base alone, which follow the documents in the database.

    Raises:
        DonghaengError: a file of passages, a setting, the database or the embedder is wrong.
    """
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        knowledge = await asyncio.to_thread(open_knowledge, settings, store)
        gate = open_gate(settings, store)
        model = gated_model(settings, gate)
        await gate.look()
        knowledge.follow_gate(gate.knowledge)
        await knowledge.refresh(steps=1)
        following = asyncio.gather(knowledge.keep_fresh(), gate.watch())
        try:
            yield knowledge_operations(settings, knowledge, model)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            if model is not None:
                await model.aclose()
