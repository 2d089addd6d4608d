"""A real telephone is called, taken up and told who calls and why; busy, silent and withdrawn ones too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.people.test_calling import NOON, Clock, booked
from tests.phone.baresip import answering, free_port
from tests.phone.calling import Exchange, tone
from tests.phone.sip_phone import SipPhone
from tests.phone.test_sip import exchange, quiet, served

from donghaeng.people.calling import OutgoingCaller, Tried
from donghaeng.phone import sip
from donghaeng.phone.dialling import SipDialler, Trunk
from donghaeng.phone.sip import SipServer
from donghaeng.store import Store, conversations, outgoing_calls
from donghaeng.trust.sealing import Sealer


@asynccontextmanager
async def calling(agent: Exchange, telephone: int) -> AsyncIterator[tuple[SipServer, SipDialler]]:
    """Our side, with the telephone as its trunk."""
    port, server = free_port(), served(agent)
    trunk = Trunk(("127.0.0.1", telephone), "120")
    async with server.listening("127.0.0.1", port):
        yield server, SipDialler(server, agent.desk, agent.conversations, trunk)  # type: ignore[arg-type]
        await agent.live.close()
    assert server._calls == {}
    assert server._ports._allocated == set()


async def yes() -> bool:
    return True


@pytest.mark.system
@pytest.mark.parametrize("codec", ["pcmu", "pcma"])
async def test_a_real_telephone_is_called_hears_us_and_is_heard(tmp_path: Path, codec: str) -> None:
    agent = exchange("네 말씀하세요")
    agent.conversations.replies.append({"say": "안녕히 계세요.", "ended": True})
    said = np.concatenate([quiet(3.5), tone(1.0), quiet(20.0)])
    async with answering(tmp_path, said, codec=codec) as (port, heard):
        async with calling(agent, port) as (_, dialler):
            assert await asyncio.wait_for(dialler.dial(booked(), yes), 40) is Tried.ANSWERED
        await asyncio.sleep(0.3)  # the telephone closes its recording
    assert [one.text for one in agent.conversations.said] == ["네 말씀하세요"]
    (opening,) = agent.conversations.openings
    assert (opening.channel, opening.called_about) == ("phone", "meter_freeze")
    assert heard.loud_seconds() > 2.0
    assert "established" in heard.printed


@pytest.mark.system
async def test_the_call_that_waits_is_made_once_and_its_end_is_noted(tmp_path: Path) -> None:
    agent, clock = exchange("이제 됐어요"), Clock()
    agent.conversations.replies.append({"say": "안녕히 계세요.", "ended": True})
    said = np.concatenate([quiet(3.5), tone(1.0), quiet(20.0)])
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        opened = conversations.Conversation("c_1", "phone", NOON, "v1")
        store.run(lambda tx: conversations.add(tx, opened, "t"))
        store.run(lambda tx: outgoing_calls.add(tx, booked()))
        async with answering(tmp_path, said) as (port, _), calling(agent, port) as (_, dialler):
            caller = OutgoingCaller(store, dialler, owner="one", clock=clock)
            assert await asyncio.wait_for(caller.call_next(), 40) is Tried.ANSWERED
            clock.now += timedelta(hours=1)
            assert await caller.call_next() is None
        call = store.run(lambda tx: outgoing_calls.get(tx, booked().key))
    assert call is not None
    assert (call.state, call.attempts) == ("answered", 1)


class Ringing(SipPhone):
    """A telephone that is called, and answers as the test says."""

    async def invited(self) -> str:
        async with asyncio.timeout(5):
            return await self.next_of("INVITE")

    async def next_of(self, method: str) -> str:
        while True:
            text = (await self._sip.received.get()).decode()
            if text.startswith(method + " "):
                return text

    def take(self, request: str, status: str, body: str = "") -> None:
        via = [line for line in request.split("\r\n") if line.startswith(("Via", "From", "Call-ID", "CSeq"))]
        to = next(line for line in request.split("\r\n") if line.startswith("To"))
        here = f"127.0.0.1:{self.sip_port}"
        kind = ["Content-Type: application/sdp"] if body else []
        lines = [f"SIP/2.0 {status}", *via, f"{to};tag=9", f"Contact: <sip:a@{here}>", *kind]
        self.far = request.split("\r\nVia: SIP/2.0/UDP ")[1].split(";", maxsplit=1)[0].split(":")
        self.server = int(self.far[1])
        self.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())


Behaviour = Callable[[Ringing, str], Awaitable[Any]]


async def busy(phone: Ringing, invite: str) -> None:
    phone.take(invite, "486 Busy Here")


async def turned_down(phone: Ringing, invite: str) -> None:
    phone.take(invite, "180 Ringing")
    phone.take(invite, "603 Decline")


async def unknown(phone: Ringing, invite: str) -> None:
    phone.take(invite, "404 Not Found")


async def other_sound(phone: Ringing, invite: str) -> None:
    phone.take(invite, "200 OK", phone.offer(codec=18))
    await phone.next_of("BYE")


async def only_rings(phone: Ringing, invite: str) -> None:
    phone.take(invite, "183 Session Progress", phone.offer())
    await phone.next_of("CANCEL")


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (busy, Tried.BUSY),
        (turned_down, Tried.BUSY),
        (unknown, Tried.FAILED),
        (other_sound, Tried.FAILED),
        (only_rings, Tried.NO_ANSWER),
    ],
)
async def test_a_telephone_that_is_not_taken_up_is_no_conversation(
    behaviour: Behaviour, outcome: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sip, "RINGS_SECONDS", 0.5)
    agent, phone = exchange(), Ringing()
    await phone.plug_in()
    async with calling(agent, phone.sip_port) as (_, dialler):
        dialling = asyncio.create_task(dialler.dial(booked(), yes))
        await behaviour(phone, await phone.invited())
        assert await asyncio.wait_for(dialling, 10) is outcome
    phone.unplug()
    assert agent.conversations.openings == []


async def test_an_invitation_that_is_lost_is_sent_again() -> None:
    agent, phone = exchange(), Ringing()
    await phone.plug_in()
    async with calling(agent, phone.sip_port) as (_, dialler):
        dialling = asyncio.create_task(dialler.dial(booked(), yes))
        first, second = await phone.invited(), await phone.invited()
        assert first == second
        phone.take(second, "486 Busy Here")
        assert await asyncio.wait_for(dialling, 10) is Tried.BUSY
    phone.unplug()


async def test_where_the_consent_is_gone_when_it_is_taken_up_nothing_is_said() -> None:
    agent, phone = exchange(), Ringing()
    await phone.plug_in()

    async def withdrawn() -> bool:
        return False

    async with calling(agent, phone.sip_port) as (_, dialler):
        dialling = asyncio.create_task(dialler.dial(booked(), withdrawn))
        phone.take(await phone.invited(), "200 OK", phone.offer())
        assert await asyncio.wait_for(dialling, 10) is Tried.STOPPED
        await asyncio.wait_for(phone.next_of("BYE"), 5)
    phone.unplug()
    assert agent.conversations.openings == []


async def test_whoever_hangs_up_at_once_ends_the_call() -> None:
    agent, phone = exchange(), Ringing()
    await phone.plug_in()
    async with calling(agent, phone.sip_port) as (_, dialler):
        dialling = asyncio.create_task(dialler.dial(booked(), yes))
        invite = await phone.invited()
        phone.take(invite, "200 OK", phone.offer())
        await asyncio.wait_for(phone.next_of("ACK"), 5)
        ours = {line.split(":")[0]: line for line in invite.split("\r\n") if ": " in line}
        bye = [f"BYE sip:120@127.0.0.1:{phone.server} SIP/2.0"]
        bye += [f"Via: SIP/2.0/UDP 127.0.0.1:{phone.sip_port};branch=z9hG4bKbye", ours["Call-ID"]]
        bye += [f"From: {ours['To'][4:]};tag=9", f"To: {ours['From'][6:]}", "CSeq: 5 BYE", "Max-Forwards: 70"]
        phone.send("\r\n".join([*bye, "Content-Length: 0", "", ""]).encode())
        await phone.until(200, "BYE")
        assert await asyncio.wait_for(dialling, 10) is Tried.ANSWERED
    phone.unplug()
