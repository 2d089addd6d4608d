"""The ten services end to end: as text, and spoken by the agent's own voice to its own ears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import pytest_asyncio

from donghaeng.app import Application, open_for_tests
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.matching import mismatch
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.spoken_turn import call_once
from donghaeng.korean.reading import read_aloud
from donghaeng.speech.engines import Audio
from donghaeng.speech.synthesise.cache import PhraseCache

REQUESTS: dict[str, dict[str, Any]] = {
    "강남역 지하철 언제 와요": {
        "service": "subway_arrival",
        "slots": {"station": "강남"},
        "calls": [{"service": "subway_arrival", "outcome": "ok"}],
    },
    "육사일일 번 버스 합정역에 언제 와요": {"service": "bus_arrival", "slots": {"route": "6411"}},
    "오늘 비 온대요?": {"service": "weather", "calls": [{"service": "weather", "outcome": "ok"}]},
    "지금 미세먼지 어때요": {
        "service": "air_quality",
        "calls": [{"service": "air_quality", "outcome": "ok"}],
    },
    "문 연 약국 좀 찾아줘요": {"service": "pharmacy", "calls": [{"service": "pharmacy", "outcome": "ok"}]},
    "따릉이 빌릴 데가 근처에 있어요?": {
        "service": "bike_station",
        "calls": [{"service": "bike_station", "outcome": "ok"}],
    },
    "이 근처에 화장실이 어디예요": {
        "service": "nearby_facility",
        "slots": {"kind": "toilet"},
        "calls": [{"service": "nearby_facility", "outcome": "ok"}],
    },
    "소파를 하나 버려야 하는데요": {
        "service": "bulky_waste",
        "slots": {"item": "소파", "count": 1},
        "asks": "address",
    },
    "수도 계량기가 얼어서 터졌어요": {
        "service": "meter_freeze",
        "slots": {"symptom": "burst"},
        "asks": "address",
    },
    "사람하고 얘기할래요": {"service": "counsellor", "handover": {"state": "queued"}},
}
"""Each request and what the reply to it must be."""

HEARD_RIGHT = 8
"""Of ten spoken requests; recognition of synthetic speech is allowed two failures."""

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul"))
"""At night no trains come and pharmacies are closed."""
OPENING = Opening(channel="phone", home_district="마포구", now=MORNING)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests(speech=True) as running:
        yield running


def wrong(request: str, reply: Reply) -> str | None:
    return mismatch(REQUESTS[request], reply.model_dump(mode="json"))


@pytest.mark.audio
@pytest.mark.asyncio(loop_scope="module")
async def test_ten_written_requests_do_the_right_thing(application: Application) -> None:
    faults = {}
    for request in REQUESTS:
        greeting = await application.conversations.open(OPENING)
        reply = await application.conversations.turn(
            greeting.conversation, greeting.token, Said(text=request)
        )
        if (found := wrong(request, reply)) is not None:
            faults[request] = found
    assert faults == {}


@pytest.mark.audio
@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="module")
async def test_eight_of_ten_spoken_requests_do_the_right_thing(application: Application) -> None:
    speech = application.speech
    assert speech is not None
    assert isinstance(speech.voice, PhraseCache)
    faults = {}
    for request in REQUESTS:
        sound = speech.voice.in_one_piece(read_aloud(request))
        turn = await call_once(application.conversations, speech, sound, OPENING, speak=False)
        if (found := wrong(request, turn.reply)) is not None:
            faults[request] = f"heard {turn.heard.text!r}: {found}"
    assert len(REQUESTS) - len(faults) >= HEARD_RIGHT, faults


@pytest.mark.audio
@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="module")
async def test_the_answer_is_spoken(application: Application) -> None:
    speech = application.speech
    assert speech is not None
    silence = Audio(np.zeros(16_000, np.float32), 16_000)
    turn = await call_once(application.conversations, speech, silence, OPENING)
    assert turn.heard.text == ""
    assert "듣고 있어요" in turn.reply.say
    assert turn.answer is not None
    assert turn.answer.seconds > 1.0
    assert float(np.abs(turn.answer.samples).max()) > 0.05
