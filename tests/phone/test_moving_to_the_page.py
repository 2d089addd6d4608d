"""The page takes a call over: one microphone at a time, and the telephone says so before it hangs up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from tests.phone.calling import Exchange
from tests.phone.telephones import KINDS, exchange_of

from donghaeng.phone.line import MOVED


@pytest.mark.parametrize("kind", KINDS)
async def test_the_telephone_hears_that_the_page_goes_on_and_is_hung_up(kind: str) -> None:
    exchange = Exchange()
    sent: list[dict[str, object]] = []
    gone = asyncio.Event()

    async def messages() -> AsyncIterator[str]:
        yield json.dumps({"type": "start", "sample_rate": 16_000, "channel": "web", "resume": "t_1"})
        yield json.dumps({"type": "text", "text": "여기서 할게요"})
        await gone.wait()

    async def send(data: str | bytes) -> None:
        if isinstance(data, str):
            sent.append(json.loads(data))

    async with exchange_of(kind, exchange) as dial:
        phone = await dial()
        await phone.listen(9.0)
        page = asyncio.create_task(exchange.live.serve(messages(), send))  # type: ignore[arg-type]
        phone.heard.clear()
        await phone.listen(12.0)
        assert phone.over
        assert phone.loud_seconds() == pytest.approx(6.0, abs=0.3)
        gone.set()
        await page
        await asyncio.wait_for(exchange.quiet.wait(), 5)
        await exchange.live.close()
    spoken = " ".join(exchange.live._speech.voice.spoken)  # type: ignore[attr-defined]
    assert MOVED.split(".")[0] in spoken
    assert [said.text for said in exchange.conversations.said] == ["여기서 할게요"]
    assert {"ready", "reply"} <= {message["type"] for message in sent}
