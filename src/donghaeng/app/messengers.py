"""Which messengers are connected: part of the composition root."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import entry_points
from typing import Any, Final, cast

import structlog
from fastapi import FastAPI

from donghaeng.app.application import Application, seoul_now
from donghaeng.channels.desk import ChannelDesk
from donghaeng.channels.protocol import TEXT_CHANNELS, TextChannel
from donghaeng.channels.words import WORDS_FILE, Words, load_words
from donghaeng.city.emergencies import load_emergencies
from donghaeng.conversation.door import Conversations
from donghaeng.errors import EngineMissing
from donghaeng.settings import Settings
from donghaeng.understanding.emergencies import EmergencyFinder
from donghaeng.understanding.text import compact

FOR_A_PERSON: Final = ("상담사", "상담원")
"""Words that ask for a person whatever was asked last."""

_log = structlog.get_logger(__name__)


def load_messengers(settings: Settings, words: Words) -> list[TextChannel]:
    """The messengers that have a secret in the settings.

    Raises:
        EngineMissing: one is not installed; the message names those there are.
    """
    points = {point.name: point for point in entry_points(group=TEXT_CHANNELS)}
    found = []
    for name, secret in settings.channel_secrets.items():
        if name not in points:
            raise EngineMissing(
                f"text channel: {name!r} is not installed",
                remedy=f"choose one of {', '.join(sorted(points)) or 'none'}",
            )
        channel = points[name].load()
        offered: dict[str, Any] = {
            "secret": secret,
            "words": words,
            "limited": settings.rate_limit == "on",
        }
        wanted = inspect.signature(channel).parameters
        given = {name: value for name, value in offered.items() if name in wanted}
        found.append(cast(TextChannel, channel(**given)))
    return found


@asynccontextmanager
async def messengers(
    app: FastAPI, application: Application, conversations: Conversations
) -> AsyncIterator[None]:
    """The messengers that the settings name, while the block runs.

    Raises:
        EngineMissing: one is not installed.
        CatalogueError: a sentence of theirs is wrong.
    """
    settings = application.settings
    lexicon = settings.catalogue / "lexicon"
    words = load_words(lexicon / WORDS_FILE)
    emergencies = EmergencyFinder(load_emergencies(lexicon / "emergencies.yaml"))

    def stands_alone(text: str) -> bool:
        packed = compact(text)
        return emergencies.find(text) is not None or any(word in packed for word in FOR_A_PERSON)

    desk = ChannelDesk(
        conversations,
        application.store,
        clock=seoul_now,
        stands_alone=stands_alone,
        shows=words.show,
        people=application.conversations.desk,
    )
    async with AsyncExitStack() as opened:
        for channel in load_messengers(settings, words):
            opened.push_async_callback(channel.aclose)
            app.router.routes.extend(channel.routes(desk))
            _log.info("text_channel.connected", channel=channel.name)
        opened.push_async_callback(desk.close)
        yield
