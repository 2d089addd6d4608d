"""The service owners' desk over a running application: part of the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import numpy as np

from donghaeng.app.effect_run import SubprocessRunner
from donghaeng.app.tryout_run import SubprocessTryouts
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.measuring import Runner
from donghaeng.review.service_change import ServiceChange, name_in
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.review.service_view import Tryouts
from donghaeng.settings import Settings
from donghaeng.speech.audio import read_audio, wav_bytes
from donghaeng.speech.engines import Audio, Hints
from donghaeng.speech.load import Speech
from donghaeng.store import Store
from donghaeng.tower.process import deciding
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.refusals import UnknownSubject
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject

STEPS: Final = {
    "proposed": "고친 것을 올림",
    "published": "고친 것을 적용함",
    "rolled_back": "고친 것을 되돌림",
}


def open_services(
    settings: Settings,
    store: Store,
    review: ReviewDesk,
    process: ProcessDesk | None,
    *,
    clock: Callable[[], datetime],
    runner: Runner | None = None,
    tryouts: Tryouts | None = None,
) -> ServiceDesk:
    """The owners' desk; what is submitted, published and taken back stands in the process's history.

    Args:
        settings: where the catalogue and the cache are.
        store: the database.
        review: publishes and takes back.
        process: the control tower's; None where there is none.
        clock: the city's time.
        runner: carries runs out; a process of its own when None.
        tryouts: talks by drafts; a process of its own when None.
    """
    if process is not None:
        review.follow_services = noting(process)
    return ServiceDesk(
        store,
        review,
        base=settings.catalogue,
        cache=settings.cache,
        runner=runner or SubprocessRunner(settings),
        tryouts=tryouts or SubprocessTryouts(settings),
        clock=clock,
    )


def noting(process: ProcessDesk) -> Callable[[ServiceChange, str, str, str], Awaitable[None]]:
    """Writes each step of a service's text into the process's history; a new service takes part from its
    first."""

    async def follow(change: ServiceChange, step: str, staff: str, words: str) -> None:
        subject = Subject(Kind.SERVICE, change.service)
        told = f"{STEPS[step]}. {words}".strip()
        try:
            await process.act(subject, staff, lambda state: deciding.note(state, told))
        except UnknownSubject:
            name = name_in(change.definition) or change.service
            await process.create(subject, staff, name=name, owner="", words=told)

    return follow


class TrialVoice:
    """Hears and speaks for whoever tries a service out; nothing of it is kept.

    Args:
        speech: the engines that serve citizens.
    """

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    async def hear(self, sound: bytes, hints: Mapping[str, Any]) -> str:
        """The words of a WAV file; empty where nobody speaks.

        Raises:
            AudioError: the sound cannot be read or is too long.
            EngineError: the recogniser failed.
        """
        speech = self._speech
        audio = await speech.pool.hear(read_audio, sound)
        expects = Hints(
            expects=str(hints.get("expects", "open")),
            slot_type=hints.get("slot_type"),
            phrases=tuple(str(one) for one in hints.get("phrases", ())),
        )
        heard = await speech.pool.hear(speech.ears.recogniser.recognise, audio, expects)
        return heard.text

    async def speak(self, say: str) -> bytes | None:
        """A spoken answer as a WAV file; None where nothing is to be said.

        Raises:
            EngineError: the voice failed.
        """
        pieces = []
        clauses = self._speech.voice.speak(say)
        while (sound := await self._speech.pool.speak(next, clauses, None)) is not None:
            pieces.append(sound.samples)
        return wav_bytes(Audio(np.concatenate(pieces), self._speech.rate)) if pieces else None
