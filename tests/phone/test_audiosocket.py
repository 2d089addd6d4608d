"""A real TCP client that speaks as an Asterisk does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from tests.phone.calling import CALL, FRAME, SOUND, AudioSocketPhone, Exchange, packed, tone

from donghaeng.errors import SettingsError
from donghaeng.phone.audiosocket import AudioSocketServer
from donghaeng.speech.audio import samples_to_pcm16


@asynccontextmanager
async def called(exchange: Exchange) -> AsyncIterator[AudioSocketPhone]:
    phone = AudioSocketPhone()
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        await phone.dial(port)
        yield phone
        await exchange.live.close()


async def until_nobody_talks(exchange: Exchange) -> None:
    async with asyncio.timeout(5):
        await exchange.quiet.wait()


async def test_a_caller_is_greeted_heard_and_answered() -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with called(exchange) as phone:
        await phone.listen(9.0)
        assert phone.loud_seconds() == pytest.approx(8.0, abs=0.3)
        assert all(len(frame) == FRAME for frame in phone.heard)
        phone.heard.clear()
        await phone.talk(tone(1.0))
        await phone.listen(4.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
        assert phone.loud_seconds() > 1.0
        assert exchange.conversations.openings[0].channel == "phone"
        assert exchange.talking == 1
        await phone.hang_up()
        await until_nobody_talks(exchange)


async def test_a_key_is_a_turn() -> None:
    exchange = Exchange()
    async with called(exchange) as phone:
        await phone.listen(1.0)
        phone.press("0")
        phone.press("X")
        await phone.listen(1.0)
        assert [said.dtmf for said in exchange.conversations.said] == ["0"]
        await phone.hang_up()


async def test_whoever_takes_the_word_stops_the_voice_within_a_fifth_of_a_second() -> None:
    exchange = Exchange(heard=("아니 그게 아니라요",))
    async with called(exchange) as phone:
        await phone.listen(6.0)
        phone.heard.clear()
        await phone.talk(tone(1.2))
        assert 0.05 < phone.loud_seconds() <= 0.2
        await phone.hang_up()


async def test_after_a_backchannel_the_sentence_goes_on_where_it_was() -> None:
    exchange = Exchange(heard=("네",))
    async with called(exchange) as phone:
        await phone.listen(5.0)
        before = phone.loud_seconds()
        await phone.talk(tone(0.3))
        await phone.listen(6.0)
        assert phone.loud_seconds() == pytest.approx(8.0, abs=0.3)
        assert before == pytest.approx(5.0, abs=0.3)
        assert exchange.conversations.said == []
        await phone.hang_up()


async def test_a_goodbye_is_said_to_its_end_and_then_the_line_ends() -> None:
    exchange = Exchange({"say": "안녕히 가세요.", "ended": True}, heard=("이제 됐어요",))
    async with called(exchange) as phone:
        await phone.listen(9.0)
        phone.heard.clear()
        await phone.talk(tone(1.0))
        await phone.listen(6.0)
        assert phone.over
        assert phone.loud_seconds() == pytest.approx(2.0, abs=0.2)
        await until_nobody_talks(exchange)


async def test_a_caller_beyond_the_places_waits_in_turn_or_leaves_a_number_by_keys() -> None:
    exchange = Exchange({"handover": {"state": "callback"}}, places=1, most_waiting=2)
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        talking, waiting = AudioSocketPhone(), AudioSocketPhone()
        await talking.dial(port)
        await talking.listen(1.0)
        await waiting.dial(port)
        await waiting.listen(3.0)
        assert waiting.loud_seconds() > 2.0
        assert exchange.talking == 1
        waiting.press("1")
        await waiting.listen(1.0)
        for key in "01012345678":
            waiting.press(key)
            await waiting.listen(0.1)
        waiting.press("1")
        await waiting.listen(30.0)
        assert waiting.over
        assert "010-1234-5678" in (exchange.conversations.said[0].text or "")
        await waiting.close()
        patient = AudioSocketPhone()
        await patient.dial(port)
        await patient.listen(1.0)
        await talking.hang_up()
        await patient.listen(9.0)
        patient.press("0")
        await patient.listen(1.0)
        assert exchange.conversations.said[-1].dtmf == "0"
        await patient.hang_up()
        await exchange.quiet.wait()
        await exchange.live.close()


async def test_a_caller_beyond_the_places_hears_why_and_the_line_ends() -> None:
    exchange = Exchange(places=1)
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        first, second = AudioSocketPhone(), AudioSocketPhone()
        await first.dial(port)
        await first.listen(0.5)
        await second.dial(port)
        await second.listen(12.0)
        assert second.over
        assert second.loud_seconds() > 1.0
        await first.hang_up()


@pytest.mark.parametrize(
    "first",
    [b"", packed(SOUND, b"\0" * 320), packed(CALL, b"short"), b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 400],
)
async def test_whoever_names_no_call_is_let_go(first: bytes) -> None:
    exchange = Exchange()
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        phone = AudioSocketPhone()
        await phone.dial(port, first)
        if not first or first[0] == 0xFF:
            await phone.close()
        else:
            assert await phone.next_frame() is None
        assert exchange.conversations.openings == []


async def test_odd_and_empty_frames_and_unknown_kinds_are_passed_over() -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with called(exchange) as phone:
        for frame in (packed(SOUND, b""), packed(SOUND, b"\1"), packed(0x42, b"what"), packed(0x03, b"")):
            phone.send(frame)
        phone.send(packed(SOUND, b"\0" * 32_000))
        await phone.listen(9.0)
        await phone.talk(tone(1.0))
        await phone.listen(2.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
        await phone.hang_up()


async def test_fifty_quick_hang_ups_leave_nothing_behind() -> None:
    exchange = Exchange()
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        for index in range(50):
            phone = AudioSocketPhone()
            await phone.dial(port)
            await phone.listen(0.02 * (index % 4))
            await (phone.hang_up() if index % 2 else phone.close())
        await until_nobody_talks(exchange)
        await exchange.live.close()
        assert exchange.live.sessions == 0


async def test_a_port_that_is_taken_is_one_clear_error() -> None:
    exchange = Exchange()
    async with AudioSocketServer(exchange.desk).listening("127.0.0.1", 0) as port:
        with pytest.raises(SettingsError, match=str(port)):
            async with AudioSocketServer(exchange.desk).listening("127.0.0.1", port):
                pass


def test_frames_are_those_of_the_protocol() -> None:
    silence = np.zeros(FRAME, np.int16).tobytes()
    assert packed(SOUND, silence)[:3] == bytes([0x10, 0x01, 0x40])


async def test_a_line_may_change_its_rate_in_the_middle() -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with called(exchange) as phone:
        await phone.listen(9.0)
        wide = np.repeat(tone(1.0), 2)
        for at in range(0, len(wide), 2 * FRAME):
            assert await phone.next_frame() is not None
            phone.send(packed(SOUND + 2, samples_to_pcm16(wide[at : at + 2 * FRAME])))
        await phone.listen(3.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
        ((seconds, _), *_) = exchange.live._speech.ears.recogniser.heard  # type: ignore[attr-defined]
        assert 1.0 < seconds < 2.3  # with the silence around it; at the wrong rate it would be a second more
        await phone.hang_up()
