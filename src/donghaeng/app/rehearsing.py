"""Makes the sound of what is said often while nobody is speaking, so that it starts at once later."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
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
MOST: Final = 1_500
"""Bound of what is rehearsed; today's catalogue has a third of it: 22 minutes of speech."""

_TAG: Final = re.compile(r"{[%#].*?[%#]}", re.DOTALL)
_VALUE: Final = re.compile(r"{{.*?}}", re.DOTALL)
_EDGE, _HOLE = "\x01", "\x00"
"""Stand for a tag and for a value."""
_SENTENCE: Final = re.compile(r"[^.?!]+[.?!]+")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Spoken words without anything personal in them."""

    spoken: str
    begins: bool
    """Whether a reply begins with them."""


def rehearsed(catalogue: Catalogue, phrases: Phrases) -> Iterator[Rehearsed]:
    """What is worth making ahead of time, each once, what is expected to be said most often first.

    Whole sentences without variables, and of sentences with variables those around them that have none: the
    agent's own first, the greeting before all; then the first questions of every service, what is said when a
    request is read back and carried out, and what is said when it is not.
    """
    known: set[Rehearsed] = set()
    for template, follows in _templates(catalogue, phrases):
        for piece in _pieces(template, follows=follows):
            if piece not in known:
                known.add(piece)
                yield piece


def _templates(catalogue: Catalogue, phrases: Phrases) -> Iterator[tuple[str, bool]]:
    """Templates in order, and whether something may be said before them."""
    for text in phrases.templates.values():
        yield text, False
    served = [service for service in catalogue.values() if service.is_served]
    prompts = [slot.prompts for one in served for slot in one.slots.values() if slot.prompts is not None]
    ways = [way for service in served for way in service.ways]
    yield from ((prompt.first, True) for prompt in prompts)
    for way in ways:
        yield from ((text, False) for text in (way.confirm, way.reply.ok) if text)
    yield from ((prompt.again, True) for prompt in prompts)
    for way in ways:
        rest = (way.reply.empty, *way.reply.refused.values(), way.reply.failed)
        yield from ((text, False) for text in rest if text)
    yield from ((prompt.help, True) for prompt in prompts if prompt.help)


def _pieces(template: str, *, follows: bool) -> Iterator[Rehearsed]:
    """The template if it has no variables, else its sentences that have none."""
    if not template_variables(template) and not _TAG.search(template):
        spoken = speak(write(template, {}))
        yield Rehearsed(spoken, begins=True)
        if follows:
            yield Rehearsed(spoken, begins=False)
        return
    text = " ".join(_VALUE.sub(_HOLE, _TAG.sub(_EDGE, template)).split())
    for found in _SENTENCE.finditer(text):
        sentence = found.group().strip(f" {_EDGE}")
        if sentence.strip(" .?!") and _HOLE not in sentence and _EDGE not in sentence:
            before = text[: found.start()].strip(f" {_EDGE}")
            yield Rehearsed(speak(write(sentence, {})), begins=not before)


async def rehearse(
    speech: Speech,
    catalogue: Catalogue,
    phrases: Phrases,
    is_idle: Callable[[], bool],
    *,
    most_waiting: int = 0,
) -> None:
    """Make what is :func:`rehearsed` and not in the cache yet, a sentence at a time, while ``is_idle``."""
    voice = speech.voice
    if not isinstance(voice, PhraseCache):
        return
    counted = (Rehearsed(speak(told), begins=True) for told in counted_sentences(phrases, most_waiting))
    waiting = deque(islice(chain(rehearsed(catalogue, phrases), counted), MOST))
    while waiting:
        await asyncio.sleep(PAUSE_S)
        if not is_idle():
            continue
        piece = waiting.popleft()
        try:
            await speech.pool.speak(voice.prepare, piece.spoken, piece.begins, due=inf)
        except EngineError as error:
            _log.warning("rehearsal.failed", error=type(error).__name__)
            return
