"""A counsellor on the telephone: their voice and the caller's cross the server, and the machine is silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from tests.conversation.scripted_desk import ScriptedDesk
from tests.phone.baresip import free_port
from tests.phone.calling import RATE, AudioSocketPhone, Exchange, tone
from tests.phone.sip_phone import SipPhone
from tests.spoken import PHRASES

from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.reply import Handover
from donghaeng.conversation.switchboard import Switchboard, Voice
from donghaeng.people.cases import LineKind
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.phone.sip import SipServer
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16
from donghaeng.speech.engines import Samples

QUEUED = {"say": "네, 상담사를 부를게요.", "handover": Handover(state="queued", position=1)}
OVERTAKEN = {"say": "여의도는 지금 맑아요.", "handover": Handover(state="queued")}
"""Made before the claim, and ready only after it."""
JOINED = {"say": "", "handover": Handover(state="joined")}
PAGE_RATE = 16_000
"""Of the counsellor's browser; the telephone's is half of it."""
LOUD = 0.02
Phone = AudioSocketPhone | SipPhone


class Call:
    """A caller whom a counsellor has, and the counsellor's page."""

    def __init__(self, exchange: Exchange, phone: Phone, desk: ScriptedDesk, board: Switchboard) -> None:
        self.exchange, self.phone, self.desk, self.board = exchange, phone, desk, board
        self.page: list[Samples] = []
        self.spoken_before = 0
        self._voice: Voice | None = None
        self._listening: asyncio.Task[None] | None = None

    async def join_by_voice(self) -> None:
        voice = self.board.connect("c_1", PAGE_RATE)
        assert voice is not None, "the telephone's line is on the switchboard"
        self._voice = voice

        async def listen() -> None:
            async for frame in voice:
                self.page.append(pcm16_to_samples(frame))

        self._listening = asyncio.create_task(listen())

    async def counsellor_speaks(self, seconds: float, *, caller: Samples | None = None) -> None:
        """Twenty milliseconds of the counsellor for each of the caller's, who may speak meanwhile."""
        assert self._voice is not None
        count = round(0.02 * PAGE_RATE)
        wave = (0.3 * np.sin(2 * np.pi * 440 * np.arange(count) / PAGE_RATE)).astype(np.float32)
        said = np.zeros(round(seconds * RATE), np.float32) if caller is None else caller
        step = round(0.02 * RATE)
        for at in range(0, len(said), step):
            self._voice.speak(samples_to_pcm16(wave))
            await self.phone.talk(said[at : at + step])

    async def hang_up_the_voice(self) -> None:
        assert self._listening is not None
        self.board.hang_up("c_1")
        await asyncio.wait_for(self._listening, 5)

    @property
    def machine_said(self) -> list[str]:
        """What the synthesiser was asked for since the counsellor took the call."""
        return self.exchange.live._speech.voice.spoken[self.spoken_before :]

    def page_loud_seconds(self) -> float:
        sound = np.concatenate(self.page) if self.page else np.zeros(0, np.float32)
        return float(np.sum(np.abs(sound) > LOUD)) / PAGE_RATE


@asynccontextmanager
async def taken(kind: str, *heard: str) -> AsyncIterator[Call]:
    """A caller has asked for a person, and a counsellor has claimed the call."""
    exchange = Exchange(QUEUED, OVERTAKEN, *[JOINED] * 9, heard=("상담사 바꿔 주세요", *heard))
    desk, board = ScriptedDesk(), Switchboard(exchange.desk._clock.hand)  # type: ignore[attr-defined]
    exchange.live._options = LiveOptions(PHRASES, from_desk=desk, switchboard=board)
    async with calling(kind, exchange) as phone:
        await phone.listen(9.0)
        await phone.talk(tone(1.0))
        await phone.listen(5.0)
        call = Call(exchange, phone, desk, board)
        desk.tell(LineKind.CLAIMED, "", "joined")
        await phone.listen(0.5)
        phone.heard.clear()
        call.spoken_before = len(exchange.live._speech.voice.spoken)
        yield call
        await phone.hang_up()
        await asyncio.wait_for(exchange.quiet.wait(), 5)
        await exchange.live.close()


@asynccontextmanager
async def calling(kind: str, exchange: Exchange) -> AsyncIterator[Phone]:
    if kind == "audiosocket":
        line = AudioSocketPhone()
        async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
            await line.dial(port)
            yield line
        return
    phone, port, media = SipPhone(), free_port(), free_port() & ~1
    async with SipServer(exchange.desk, media_ports=(media, media + 40)).listening("127.0.0.1", port):
        await phone.plug_in()
        try:
            await phone.dial(port)
            yield phone
        finally:
            phone.unplug()


KINDS = pytest.mark.parametrize("kind", ["audiosocket", "sip"])


@KINDS
async def test_the_counsellors_voice_reaches_the_telephone_and_the_callers_the_page(kind: str) -> None:
    async with taken(kind, "네 들려요") as call:
        await call.join_by_voice()
        await call.counsellor_speaks(2.0)
        await call.phone.listen(0.5)
        assert call.phone.loud_seconds() == pytest.approx(2.0, abs=0.2)
        loudest = max(float(np.abs(one).max()) for one in call.phone.heard)
        assert loudest == pytest.approx(0.3, abs=0.06)
        call.page.clear()
        await call.phone.listen(1.0)
        await call.phone.talk(tone(1.5))
        await call.phone.listen(2.0)
        assert call.page_loud_seconds() == pytest.approx(1.5, abs=0.25)
        assert call.machine_said == []
        await call.hang_up_the_voice()


@KINDS
async def test_who_speaks_over_the_counsellor_goes_on_hearing_them(kind: str) -> None:
    async with taken(kind, "네 그런데요") as call:
        await call.join_by_voice()
        await call.counsellor_speaks(1.0)
        await call.counsellor_speaks(1.5, caller=tone(1.5))
        await call.counsellor_speaks(1.0)
        await call.phone.listen(0.5)
        assert call.phone.loud_seconds() == pytest.approx(3.5, abs=0.3)
        assert call.page_loud_seconds() == pytest.approx(1.5, abs=0.3)
        assert call.machine_said == []
        await call.hang_up_the_voice()


@KINDS
async def test_nobody_hears_the_machine_in_two_silent_minutes_with_a_counsellor(kind: str) -> None:
    async with taken(kind, "여보세요", "여보세요") as call:
        await call.phone.listen(60.0)
        await call.phone.talk(tone(1.0))
        await call.phone.listen(60.0)
        assert call.phone.loud_seconds() == 0.0
        assert call.machine_said == []


@KINDS
async def test_what_the_counsellor_writes_is_spoken_on_the_telephone_and_afterwards_the_machine_again(
    kind: str,
) -> None:
    async with taken(kind) as call:
        call.desk.tell(LineKind.COUNSELLOR, "안녕하세요. 무엇을 도와드릴까요?", "joined")
        await call.phone.listen(6.0)
        assert call.phone.loud_seconds() > 1.5
        assert " ".join(call.machine_said) == "안녕하세요. 무엇을 도와드릴까요?"
        await call.join_by_voice()
        await call.counsellor_speaks(0.5)
        await call.hang_up_the_voice()
        call.phone.heard.clear()
        call.desk.tell(LineKind.MACHINE, "상담이 끝났어요.", None)
        await call.phone.listen(4.0)
        assert call.machine_said[-1] == "상담이 끝났어요."
        assert call.phone.loud_seconds() > 1.5
