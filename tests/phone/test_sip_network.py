"""Real RTP that is lost, late, doubled and out of order; offers that change; requests that repeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import numpy as np
import pytest
from tests.phone.baresip import free_port
from tests.phone.calling import FRAME, Exchange, tone
from tests.phone.sip_phone import SipPhone

from donghaeng.phone.g711 import MU_LAW
from donghaeng.phone.line import Key, Write
from donghaeng.phone.sip import SipServer
from donghaeng.speech.engines import Samples


class Tape:
    """A desk that keeps what a line brings, and says nothing."""

    def __init__(self) -> None:
        self.frames: list[Samples] = []
        self.keys: list[str] = []
        self.calls = 0
        self.over = asyncio.Event()

    async def serve(
        self, incoming: AsyncIterator[Samples | Key], write: Write, *, rate: int, caller: str | None = None
    ) -> str:
        self.calls += 1
        async for one in incoming:
            if isinstance(one, Key):
                self.keys.append(one.digit)
            else:
                self.frames.append(one)
        self.over.set()
        return "lost"

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.frames)


@asynccontextmanager
async def answering(desk: object) -> AsyncIterator[int]:
    port, media = free_port(), free_port() & ~1
    async with SipServer(desk, media_ports=(media, media + 40)).listening("127.0.0.1", port):  # type: ignore[arg-type]
        yield port


async def recorded(phone: SipPhone, packets: list[bytes | None]) -> Tape:
    """What arrives of packets, in a call of their own."""
    tape = Tape()
    async with answering(tape) as port:
        await phone.send_packets(packets)
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
        assert port
    return tape


def staircase(frames: int) -> Samples:
    """Sound whose level tells which frame it is: a hundred that follow one another are all different."""
    levels = MU_LAW.decode(bytes(128 + at % 100 for at in range(frames)))
    return np.repeat(levels, FRAME)


def lost(packets: list[bytes], random: Random, share: float) -> list[bytes | None]:
    return [None if random.random() < share else packet for packet in packets]


def swapped(packets: list[bytes | None], random: Random, share: float, distance: int) -> list[bytes | None]:
    """Some packets, the first one excepted, overtaken by up to ``distance`` others."""
    late = [at > 0 and random.random() < share for at in range(len(packets))]
    arrival = [at + (random.randint(1, distance) + 0.5 if late[at] else 0) for at in range(len(packets))]
    return [packets[at] for at in sorted(range(len(packets)), key=arrival.__getitem__)]


async def in_place(spoil: object, frames: int = 500) -> tuple[int, float]:
    """Frames that arrive of a call, and the share of them that stand where they were said."""
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        await phone.dial(port)
        said = staircase(frames)
        packets = phone.packets(np.concatenate([said, np.zeros(FRAME * 20, np.float32)]))
        await phone.send_packets(spoil(packets))  # type: ignore[operator]
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    expected = MU_LAW.decode(MU_LAW.encode(said)).reshape(-1, FRAME)
    heard = tape.sound[: len(tape.sound) // FRAME * FRAME].reshape(-1, FRAME)
    right = [bool(np.array_equal(mine, sent)) for mine, sent in zip(heard, expected, strict=False)]
    return len(heard), sum(right) / frames


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_loss_of_one_in_twenty_leaves_the_rest_where_it_was_said(seed: int) -> None:
    random = Random(seed)
    heard, right = await in_place(lambda packets: lost(packets[:-20], random, 0.05) + packets[-20:])
    assert 500 <= heard <= 520
    assert right >= 0.92


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_packets_out_of_order_are_put_back(seed: int) -> None:
    random = Random(seed)
    heard, right = await in_place(lambda packets: swapped(list(packets), random, 0.2, 3))
    assert 500 <= heard <= 520
    assert right >= 0.98


async def test_loss_reordering_and_repetition_together() -> None:
    random = Random(7)

    def spoil(packets: list[bytes]) -> list[bytes | None]:
        twice = [one for packet in packets[:-20] for one in [packet] * random.choice((1, 1, 1, 2))]
        return [*swapped(lost(twice, random, 0.05), random, 0.2, 2), *packets[-20:]]

    heard, right = await in_place(spoil)
    assert 500 <= heard <= 520
    assert right >= 0.9


async def test_what_comes_seconds_late_is_thrown_away() -> None:
    def spoil(packets: list[bytes]) -> list[bytes | None]:
        return [*packets[:100], None, *packets[101:200], packets[100], *packets[200:]]

    heard, right = await in_place(spoil)
    assert 500 <= heard <= 520
    assert right >= 0.99


@pytest.mark.parametrize(
    "arriving",
    [
        pytest.param(lambda first, second: first + second, id="all"),
        pytest.param(lambda first, second: first[:1] + second[:1], id="the first of each"),
        pytest.param(lambda first, second: first[-1:] + second[-1:], id="the last of each"),
        pytest.param(lambda first, second: first[:4] + second[:4], id="no end"),
        pytest.param(
            lambda first, second: first[:-1] + second[:2] + first[-1:] + second[2:], id="a straggler"
        ),
        pytest.param(lambda first, second: first[::-1] + second[::-1], id="backwards"),
        pytest.param(lambda first, second: first * 2 + second * 2, id="doubled"),
    ],
)
@pytest.mark.parametrize(("keys", "events"), [("07", 101), ("00", 101), ("12", 96)])
async def test_a_key_counts_once_whatever_is_lost_of_it(arriving: object, keys: str, events: int) -> None:
    tape, phone = Tape(), SipPhone(events=events)
    async with answering(tape) as port:
        await phone.dial(port)
        assert f"{events} telephone-event" in phone.answer
        await phone.send_packets(list(phone.packets(tone(0.2))))
        first = phone.press_packets(keys[0])
        phone.packets(tone(0.1))
        second = phone.press_packets(keys[1])
        await phone.send_packets(arriving(first, second))  # type: ignore[operator]
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert tape.keys == list(keys)


async def test_events_that_are_no_keys_are_passed_over() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        await phone.dial(port)
        flash, cut = phone.press_packets("1"), phone.press_packets("2")
        await phone.send_packets([one[:12] + b"\x10" + one[13:] for one in flash])
        await phone.send_packets([one[:14] for one in cut])
        await phone.send_packets(list(phone.press_packets("3")))
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert tape.keys == ["3"]


async def test_the_law_may_change_in_the_middle_of_a_call() -> None:
    exchange, phone = Exchange(heard=("문 연 약국 있어요",)), SipPhone(codec=0)
    async with answering(exchange.desk) as port:
        await phone.dial(port)
        await phone.listen(9.0)
        before = phone.loud_seconds()
        answer = await phone.change(codec=8)
        assert "RTP/AVP 8 " in answer
        phone.heard.clear()
        phone.heard_types.clear()
        await phone.talk(tone(1.0))
        await phone.listen(4.0)
        assert set(phone.heard_types[50:]) == {8}
        assert phone.loud_seconds() > 1.0
        await phone.hang_up()
        await asyncio.wait_for(exchange.quiet.wait(), 5)
        await exchange.live.close()
    assert before == pytest.approx(8.0, abs=0.3)
    assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]


async def test_a_call_on_hold_hears_and_is_heard_by_nobody_and_goes_on_afterwards() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        await phone.dial(port)
        await phone.send_packets(list(phone.packets(tone(0.4))))
        assert "a=recvonly" in await phone.change(direction="sendonly")
        before = len(tape.frames)
        await phone.send_packets(list(phone.packets(tone(0.4))))
        assert len(tape.frames) == before
        assert "a=sendrecv" in await phone.change()
        await phone.send_packets(list(phone.packets(tone(0.4))))
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert len(tape.frames) > before


async def test_an_offer_of_other_sound_alone_is_refused_and_the_call_goes_on() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        await phone.dial(port)
        phone._cseq += 1
        phone.send(phone.request("INVITE", phone.offer(codec=18)))
        await phone.until(488)
        phone.send(phone.request("ACK"))
        await phone.send_packets(list(phone.packets(tone(0.4))))
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert len(tape.frames) > 10


async def test_a_call_that_is_repeated_is_one_call() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        phone.server = port
        await phone.plug_in()
        invite = phone.request("INVITE", phone.offer())
        for _ in range(3):
            phone.send(invite)
        await phone._take_up(await phone.until(200))
        phone.send(invite)
        await phone.send_packets(list(phone.packets(tone(0.4))))
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert tape.calls == 1
    assert not any(answer.startswith(b"SIP/2.0 500") for answer in phone.answers)


async def test_a_call_cancelled_while_it_rings_is_none() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        phone.server = port
        await phone.plug_in()
        phone.send(phone.request("INVITE", phone.offer()))
        phone.send(phone.request("CANCEL"))
        await phone.until(487)
        other = SipPhone()
        await other.dial(port)
        await other.hang_up()
        phone.unplug()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert tape.calls == 1


async def test_sound_before_the_call_is_acknowledged_is_heard() -> None:
    tape, phone = Tape(), SipPhone()
    async with answering(tape) as port:
        phone.server = port
        await phone.plug_in()
        phone.send(phone.request("INVITE", phone.offer()))
        answer = await phone.until(200)
        phone._far = int(answer.split("m=audio ")[1].split(" ")[0])
        await phone.send_packets(list(phone.packets(tone(0.4))))
        await phone._take_up(answer)
        await phone.hang_up()
        await asyncio.wait_for(tape.over.wait(), 5)
    assert len(tape.frames) > 10


async def test_our_goodbye_is_said_again_until_it_is_heard() -> None:
    class Brief:
        async def serve(
            self, incoming: object, write: object, *, rate: int, caller: str | None = None
        ) -> str:
            return "ended"

    phone = SipPhone()
    async with answering(Brief()) as port:
        await phone.dial(port)
        async with asyncio.timeout(5):
            goodbyes = [await phone._sip.received.get() for _ in range(2)]
        assert all(one.startswith(b"BYE ") for one in goodbyes)
        phone._acknowledge(goodbyes[0].decode())
        phone.unplug()
