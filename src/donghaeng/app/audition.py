"""Makes the sound of fixed sentences for testers and the page itself; keeps what testers think of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import numpy as np

from donghaeng.conversation.admission import NoPlace
from donghaeng.errors import EngineMissing, SettingsError
from donghaeng.korean.reading import read_aloud
from donghaeng.phone.g711 import MU_LAW, RATE
from donghaeng.settings import Settings
from donghaeng.speech.audio import resample, wav_bytes
from donghaeng.speech.audition import (
    AUDITION_FILE,
    NOTICES_FILE,
    Audition,
    Condition,
    load_audition,
    load_notices,
)
from donghaeng.speech.audition_figures import Judgement
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import PHRASE_FOLDER, Speech, load_synthesiser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.store import Store, ratings

MOST_WAITING: Final = 6
"""Sounds that may wait to be made; further requests are refused for a while."""
MOST_KEPT: Final = 48
"""Sounds kept in memory (some 200 kB each)."""
MOST_RATINGS: Final = 50_000


class AuditionRoom:
    """Fixed sentences as WAV files, made one at a time, so that callers keep the other threads."""

    def __init__(
        self, settings: Settings, speech: Speech, store: Store, *, clock: Callable[[], datetime]
    ) -> None:
        """Read both tables.

        Raises:
            CatalogueError: one of them is wrong.
        """
        self._plan = load_audition(settings.catalogue / AUDITION_FILE)
        self._notices = load_notices(settings.catalogue / "lexicon" / NOTICES_FILE)
        self._settings = settings
        self._speech = speech
        self._store = store
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        self._made: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._other: tuple[str, PhraseCache] | None = None

    @property
    def plan(self) -> Audition:
        """What is heard and rated."""
        return self._plan

    @property
    def notices(self) -> Mapping[str, str]:
        """The page's own sentences."""
        return self._notices

    async def notice(self, name: str) -> bytes | None:
        """One of the page's own sentences, as citizens are spoken to."""
        return await self._wav(("", name), self._notices[name], Condition(name=name))

    async def sample(self, sentence: str, condition: str) -> bytes | None:
        """A sentence under a condition; None where its voice is not installed."""
        text, how = self._plan.sentences[sentence], self._plan.conditions[condition]
        return await self._wav((sentence, condition), text, how)

    async def rate(self, judgement: Judgement, *, sentence: str, rater: str) -> bool:
        """Keep a rating; false where there is no room for more."""
        row = ratings.RatingRow(
            round=self._plan.round,
            rater=rater,
            kind=judgement.kind,
            subject=judgement.subject,
            sentence=sentence,
            value=judgement.value,
            at=self._clock(),
        )
        return await self._store.transact(lambda tx: ratings.keep(tx, row, most=MOST_RATINGS))

    async def judgements(self) -> list[Judgement]:
        """The ratings of the plan's round."""
        rows = await self._store.read(lambda tx: ratings.of_round(tx, self._plan.round))
        return [Judgement(row.kind, row.subject, row.value) for row in rows]

    async def _wav(self, key: tuple[str, str], text: str, how: Condition) -> bytes | None:
        if key not in self._made:
            if self._waiting >= MOST_WAITING:
                raise NoPlace
            self._waiting += 1
            try:
                async with self._one_at_a_time:
                    if key not in self._made:
                        made = await self._speech.pool.speak(self._make, text, how)
                        if made is None:
                            return None
                        self._made[key] = made
                        while len(self._made) > MOST_KEPT:
                            self._made.popitem(last=False)
            finally:
                self._waiting -= 1
        return self._made[key]

    def _make(self, text: str, how: Condition) -> bytes | None:
        voice = self._voice(how.voice)
        if voice is None:
            return None
        spoken = read_aloud(text)
        if how.joined:
            parts = list(voice.speak(spoken, how.speed, private=frozenset()))
            sound = Audio(np.concatenate([part.samples for part in parts]), parts[0].rate)
        else:
            sound = voice.in_one_piece(spoken, how.speed)
        return wav_bytes(_by_phone(sound) if how.band == "phone" else sound)

    def _voice(self, name: str | None) -> PhraseCache | None:
        """The served voice, or another of the same engine, of which one at a time is loaded."""
        served = self._speech.voice
        if name is None:
            return served if isinstance(served, PhraseCache) else None
        if self._other is None or self._other[0] != name:
            self._other = None
            try:
                engine = load_synthesiser(self._settings.model_copy(update={"voice": name}))
            except (SettingsError, EngineMissing):
                return None
            self._other = (name, PhraseCache(self._settings.cache / PHRASE_FOLDER, engine))
        return self._other[1]


def _by_phone(sound: Audio) -> Audio:
    """As a telephone gives it: 8 kHz, µ-law."""
    narrow = resample(sound, RATE)
    return Audio(MU_LAW.decode(MU_LAW.encode(narrow.samples)), RATE)
