"""Makes the sound of fixed sentences while nobody is speaking, so that they start at once later."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from math import inf
from typing import Final

import structlog

from donghaeng.city.services import Catalogue
from donghaeng.city.services.templates import template_variables
from donghaeng.conversation.live_sentences import counted_sentences
from donghaeng.dialogue.wording import Phrases, speak, write
from donghaeng.errors import EngineError
from donghaeng.speech.load import Speech
from donghaeng.speech.synthesise.cache import PhraseCache

PAUSE_S: Final = 2.0
"""Before each sentence: callers come first."""

_log = structlog.get_logger(__name__)


def fixed_sentences(catalogue: Catalogue, phrases: Phrases) -> Iterator[str]:
    """Spoken sentences without variables, the greeting first: nothing personal is in them."""
    texts = list(phrases.templates.values())
    for service in catalogue.values():
        for slot in service.slots.values():
            if slot.prompts is not None:
                texts += [slot.prompts.first, slot.prompts.again, slot.prompts.help or ""]
    for text in texts:
        if text and not template_variables(text):
            yield speak(write(text, {}))


async def rehearse(
    speech: Speech,
    catalogue: Catalogue,
    phrases: Phrases,
    is_idle: Callable[[], bool],
    *,
    most_waiting: int = 0,
) -> None:
    """Make every fixed sentence that is not in the cache yet, one at a time, while ``is_idle``."""
    voice = speech.voice
    if not isinstance(voice, PhraseCache):
        return
    counted = map(speak, counted_sentences(phrases, most_waiting))
    waiting = deque([*fixed_sentences(catalogue, phrases), *counted])
    while waiting:
        await asyncio.sleep(PAUSE_S)
        if not is_idle():
            continue
        try:
            await speech.pool.speak(voice.prepare, waiting.popleft(), due=inf)
        except EngineError as error:
            _log.warning("rehearsal.failed", error=type(error).__name__)
            return
