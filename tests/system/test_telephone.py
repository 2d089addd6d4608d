"""One real call over AudioSocket: our own voice asks in a telephone's band, our own ears hear the answer."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pytest
from tests.phone.calling import RATE, AudioSocketPhone

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.admission import Admission
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.reply import Reply
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.g711 import MU_LAW
from donghaeng.phone.line import FRAME_SECONDS, PhoneDesk
from donghaeng.speech.audio import resample
from donghaeng.speech.engines import Audio, Samples

REQUEST = "강남역 지하철 언제 와요"
SILENCE_SECONDS = 1.5
"""After so much silence what was said is over."""
MOST_SECONDS = 40.0
ALIKE = 0.4
"""Share of the answer's characters that must come through a telephone and two models."""


def spoken(application: Application, words: str) -> Samples:
    """The words in our own voice as a telephone carries them."""
    sounds = list(application.speech_or_fail().voice.speak(words))
    whole = Audio(np.concatenate([one.samples for one in sounds]), sounds[0].rate)
    return MU_LAW.decode(MU_LAW.encode(resample(whole, RATE).samples))


class Noted:
    """Conversations whose last reply is kept."""

    def __init__(self, conversations: Any) -> None:
        self._conversations = conversations
        self.last: Reply | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conversations, name)

    async def turn(self, *arguments: Any, **options: Any) -> Reply:
        self.last = reply = await self._conversations.turn(*arguments, **options)
        return reply


async def heard_out(phone: AudioSocketPhone) -> Samples:
    """What the phone hears until it has fallen silent."""
    phone.heard.clear()
    quiet = 0.0
    while quiet < SILENCE_SECONDS or phone.loud_seconds() == 0.0:
        await phone.listen(FRAME_SECONDS)
        if phone.over or len(phone.heard) * FRAME_SECONDS > MOST_SECONDS:
            break
        loud = float(np.abs(phone.heard[-1]).max()) > 0.01
        quiet = 0.0 if loud else quiet + FRAME_SECONDS
    return np.concatenate(phone.heard)


@pytest.mark.audio
@pytest.mark.system
async def test_a_spoken_request_by_telephone_is_answered_aloud() -> None:
    async with open_for_tests(speech=True) as application:
        speech = application.speech_or_fail()
        conversations = Noted(application.conversations)
        live = LiveDesk(conversations, speech)  # type: ignore[arg-type]
        desk = PhoneDesk(live, Admission(2))
        phone = AudioSocketPhone()
        async with AudioSocketServer(desk).listening("127.0.0.1", 0) as port:
            await phone.dial(port)
            greeting = await heard_out(phone)
            await phone.talk(spoken(application, REQUEST))
            answer = await heard_out(phone)
            await phone.hang_up()
            await live.close()
        recognise = speech.ears.recogniser.recognise
        assert "상담" in recognise(Audio(greeting, RATE)).text
        assert conversations.last is not None
        assert conversations.last.service == "subway_arrival"
        heard = recognise(Audio(answer, RATE)).text
        alike = SequenceMatcher(None, heard, conversations.last.say).ratio()
        assert alike >= ALIKE, (heard, conversations.last.say)
