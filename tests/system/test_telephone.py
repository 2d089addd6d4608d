"""Real calls: our own voice asks in the band of a telephone, our own ears hear the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from tests.phone.baresip import call, free_port
from tests.phone.calling import RATE, AudioSocketPhone
from tests.spoken import PHRASES

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.admission import Admission
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.reply import Reply
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.g711 import MU_LAW
from donghaeng.phone.line import FRAME_SECONDS, PhoneDesk
from donghaeng.phone.sip import SipServer
from donghaeng.speech.audio import resample
from donghaeng.speech.engines import Audio, Recognition, Samples

REQUEST, SERVICE = "강남역 지하철 언제 와요", "subway_arrival"
MOST_TRIES = 3
"""A caller who was not understood says it again."""
SILENCE_SECONDS = 4.0
"""After so much silence what was said is over; a clause that is made meanwhile takes a second or two."""
MOST_SECONDS = 40.0
GREETING_SECONDS, ANSWER_SECONDS = 16.0, 14.0
"""How long a caller who cannot hear waits for either."""
GREETING_SOUND, ANSWER_SOUND = 3.0, 1.5
"""Seconds of either that are heard at least before a silence means that it is over: on a machine with much to
do the clause after the first takes longer to make than any silence tells."""
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
        self.replies: list[Reply] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conversations, name)

    async def turn(self, *arguments: Any, **options: Any) -> Reply:
        reply: Reply = await self._conversations.turn(*arguments, **options)
        self.replies.append(reply)
        return reply

    @property
    def has_answered(self) -> bool:
        """Whether the request was understood."""
        return any(reply.service == SERVICE for reply in self.replies)


async def heard_out(phone: AudioSocketPhone, least: float) -> Samples:
    """What the phone hears until it has fallen silent, ``least`` seconds of sound at the least."""
    phone.heard.clear()
    quiet = 0.0
    while quiet < SILENCE_SECONDS or phone.loud_seconds() < least:
        await phone.listen(FRAME_SECONDS)
        if phone.over or len(phone.heard) * FRAME_SECONDS > MOST_SECONDS:
            break
        loud = float(np.abs(phone.heard[-1]).max()) > 0.01
        quiet = 0.0 if loud else quiet + FRAME_SECONDS
    return np.concatenate(phone.heard)


def understood(agent: Noted, recognise: Callable[[Audio], Recognition], answer: Samples) -> None:
    """The right service answered, and its words can be heard."""
    assert agent.has_answered, [reply.say for reply in agent.replies]
    heard = recognise(Audio(answer, RATE)).text
    alike = max(SequenceMatcher(None, heard, reply.say).ratio() for reply in agent.replies)
    assert alike >= ALIKE, (heard, [reply.say for reply in agent.replies])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests(speech=True) as running:
        yield running


@pytest.mark.audio
@pytest.mark.system
@pytest.mark.asyncio(loop_scope="module")
async def test_a_spoken_request_by_telephone_is_answered_aloud(application: Application) -> None:
    speech, agent = application.speech_or_fail(), Noted(application.conversations)
    live = LiveDesk(agent, speech, LiveOptions(PHRASES), admission=Admission(2))  # type: ignore[arg-type]
    phone = AudioSocketPhone()
    async with AudioSocketServer(PhoneDesk(live)).listening("127.0.0.1", 0) as port:
        await phone.dial(port)
        greeting = await heard_out(phone, GREETING_SOUND)
        for _ in range(MOST_TRIES):
            await phone.talk(spoken(application, REQUEST))
            answer = await heard_out(phone, ANSWER_SOUND)
            if agent.has_answered:
                break
        await phone.hang_up()
        await live.close()
    recognise = speech.ears.recogniser.recognise
    assert "상담" in recognise(Audio(greeting, RATE)).text
    understood(agent, recognise, answer)


@pytest.mark.audio
@pytest.mark.system
@pytest.mark.asyncio(loop_scope="module")
async def test_a_real_sip_telephone_is_answered_aloud(application: Application, tmp_path: Path) -> None:
    speech, agent = application.speech_or_fail(), Noted(application.conversations)
    live = LiveDesk(agent, speech, LiveOptions(PHRASES), admission=Admission(2))  # type: ignore[arg-type]
    port, media = free_port(), free_port() & ~1
    request = spoken(application, REQUEST)
    once = [request, silence(ANSWER_SECONDS)]
    said = np.concatenate([silence(GREETING_SECONDS), *once, *once])
    async with SipServer(PhoneDesk(live), media_ports=(media, media + 9)).listening("127.0.0.1", port):
        heard = await call(tmp_path, f"127.0.0.1:{port}", said)
        await live.close()
    answer = heard.sound[int(GREETING_SECONDS * RATE) + len(request) :]
    understood(agent, speech.ears.recogniser.recognise, answer)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)
