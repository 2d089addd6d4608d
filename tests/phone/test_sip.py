"""baresip calls, sipp calls fifty times, and what is no SIP arrives too."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.phone.baresip import call, free_port
from tests.phone.calling import Exchange, tone

from donghaeng.conversation.live_clock import SystemClock
from donghaeng.conversation.reply import Reply
from donghaeng.errors import SettingsError
from donghaeng.phone.sip import SipServer, shown_number

HELLO = "인공지능 상담원이에요."


def exchange(*heard: str) -> Exchange:
    """An agent with a short greeting, in real time."""
    made = Exchange(heard=heard, clock=SystemClock())
    greeting: Reply = made.conversations.last
    made.conversations.last = greeting.model_copy(update={"say": HELLO})
    return made


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:01012345678@10.0.0.1:5060", "01012345678"),
        ("sip:+821012345678@trunk.example;user=phone", "01012345678"),
        ("tel:+82-10-1234-5678", "01012345678"),
        ("<sip:010-1234-5678@10.0.0.1>", "01012345678"),
        ("sip:+14155550100@trunk.example", None),
        ("sip:anonymous@anonymous.invalid", None),
        ("sip:kiosk7@10.0.0.1", None),
        ("", None),
    ],
)
def test_the_number_that_a_telephone_shows_is_read_as_dialled_in_korea(uri: str, number: str | None) -> None:
    assert shown_number(uri) == number


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * 8_000), np.float32)


def served(agent: Exchange, **options: object) -> SipServer:
    first = free_port() & ~1
    return SipServer(agent.desk, media_ports=(first, first + 40), **options)  # type: ignore[arg-type]


@pytest.mark.system
@pytest.mark.parametrize("codec", ["pcmu", "pcma"])
async def test_a_real_telephone_is_greeted_heard_answered_and_presses_a_key(
    tmp_path: Path, codec: str
) -> None:
    agent, port = exchange("문 연 약국 있어요"), free_port()
    said = np.concatenate([quiet(3.5), tone(1.0), quiet(7.0)])
    async with served(agent).listening("127.0.0.1", port):
        heard = await call(tmp_path, f"127.0.0.1:{port}", said, codec=codec, keys={9.0: "0"})
        await asyncio.wait_for(agent.quiet.wait(), 5)
        await agent.live.close()
    assert [(one.text, one.dtmf) for one in agent.conversations.said] == [
        ("문 연 약국 있어요", None),
        (None, "0"),
    ]
    assert heard.loud_seconds() > 4.0
    assert "terminated" in heard.printed


@pytest.mark.system
async def test_fifty_quick_calls_leave_nothing_behind(tmp_path: Path) -> None:
    assert shutil.which("sipp") is not None, "sipp is not installed: apt-get install sip-tester"
    agent, port = exchange(), free_port()
    async with served(agent).listening("127.0.0.1", port):
        caller = await asyncio.create_subprocess_exec(
            *("sipp", "-sn", "uac", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-p", str(free_port())),
            *("-m", "50", "-r", "25", "-l", "10", "-d", "40", "-timeout", "40", "-bg", "-nostdin"),
            cwd=tmp_path,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await caller.communicate()
        async with asyncio.timeout(60):
            while len(agent.conversations.openings) < 20 or agent.talking:
                agent.quiet.clear()
                await agent.quiet.wait()
        assert 20 <= len(agent.conversations.openings) <= 50
        await agent.live.close()
    assert agent.talking == 0


def request(method: str, here: str, call: str, *more: str, body: str = "") -> bytes:
    """A SIP request as a telephone at ``here`` sends it."""
    lines = [
        f"{method} sip:120@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{call}",
        f"From: <sip:a@{here}>;tag=1",
        "To: <sip:120@127.0.0.1>",
        f"Call-ID: {call}",
        f"CSeq: 1 {method}",
        "Max-Forwards: 70",
        *more,
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 200,
        b"INVITE",
        b"INVITE sip:120@127.0.0.1 SIP/2.0\r\n\r\n",
        request("INVITE", "127.0.0.1:9", "silent", body="no sound"),
        request(
            "INVITE", "127.0.0.1:9", "wrong", "Content-Type: application/sdp", body="v=0\r\nm=audio x y z"
        ),
        request("BYE", "127.0.0.1:9", "nobody"),
        b"BYE sip:120@127.0.0.1 SIP/2.0\r\nCall-ID: \xff\xfe\r\n\r\n",
        b"x" * 60_000,
    ],
)
async def test_what_is_no_call_is_passed_over(data: bytes) -> None:
    agent, port = exchange(), free_port()
    async with served(agent).listening("127.0.0.1", port):
        with telephone() as (line, here):
            line.sendto(data, ("127.0.0.1", port))
            line.sendto(request("OPTIONS", here, "alive"), ("127.0.0.1", port))
            await until(line, b"alive")
    assert agent.conversations.openings == []


async def test_a_stranger_is_turned_away_and_a_taken_port_is_one_clear_error() -> None:
    agent, port = exchange(), free_port()
    async with served(agent, peers=("192.0.2.1",)).listening("127.0.0.1", port):
        with pytest.raises(SettingsError, match=str(port)):
            async with served(agent).listening("127.0.0.1", port):
                pass
        with telephone() as (line, here):
            sound = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
            body = "\r\n".join([*sound, f"m=audio {free_port()} RTP/AVP 0", ""])
            more = (f"Contact: <sip:a@{here}>", "Content-Type: application/sdp")
            line.sendto(request("INVITE", here, "stranger", *more, body=body), ("127.0.0.1", port))
            await until(line, b"SIP/2.0 403")
    assert agent.conversations.openings == []


@contextmanager
def telephone() -> Iterator[tuple[socket.socket, str]]:
    """A socket and its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.setblocking(False)
        yield line, f"127.0.0.1:{line.getsockname()[1]}"


async def until(line: socket.socket, wanted: bytes) -> None:
    """Read answers up to the one with ``wanted`` in it."""
    async with asyncio.timeout(5):
        while wanted not in await asyncio.get_running_loop().sock_recv(line, 65_535):
            pass
