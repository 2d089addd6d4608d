"""Callers beyond the places: told where they stand, offered a call-back, served in turn."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.callback_time import CallTimes
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.waiting_room import REPEAT_SECONDS
from donghaeng.errors import StoreError
from donghaeng.people.hours import DAYS, Hours, Span

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
if not hasattr(live_caller, "Caller"):
    _SPEC.loader.exec_module(live_caller)
Caller, ScriptedConversations = live_caller.Caller, live_caller.ScriptedConversations

BOOKED: dict[str, Any] = {"handover": {"state": "callback"}}
NUMBER = "01012345678"
OFFICE = Hours(dict.fromkeys(DAYS[:5], Span(time(9), time(18))))
TIMES = CallTimes(OFFICE, lambda: datetime.fromisoformat("2026-11-23T16:00:00+09:00"))
ASKING = LiveOptions(live_caller.PHRASES, call_times=TIMES)


class House:
    """One place, taken by somebody, and callers that come after."""

    def __init__(self, most_waiting: int = 20) -> None:
        self.admission = Admission(1, most_waiting=most_waiting, now=lambda: 0.0)
        self.talking = self.admission.join()

    def somebody_leaves(self) -> None:
        assert self.talking is not None
        self.talking.leave()

    def caller(
        self, *replies: dict[str, Any] | Exception, heard: list[str | None] | None = None, **options: Any
    ):
        return Caller(ScriptedConversations(*replies), heard, admission=self.admission, **options)


async def press(caller, keys: str) -> None:
    for key in keys:
        await caller.send(type="dtmf", digit=key)


async def idle(caller, seconds: float) -> None:
    caller.clock.advance(seconds)
    await caller.settle()


def said(caller) -> str:
    return caller.of("queued")[-1]["show"]["text"]


async def test_a_waiting_caller_is_told_emergencies_first_then_the_place_and_is_served_in_turn() -> None:
    house = House()
    first, second = house.caller(), house.caller()
    await first.start()
    await second.start()
    assert said(first).startswith(
        "급한 일이면 끊고 바로 119에 전화하세요. 지금 통화가 많아요. 바로 다음 차례예요."
    )
    assert "앞에 1명이 기다리고 계세요." in said(second)
    assert "일일구" in second.of("queued")[0]["say"]
    assert any(isinstance(message, bytes) for message in second.received)
    assert not first.of("ready")
    assert not first.conversations.openings
    house.somebody_leaves()
    await first.settle()
    assert first.of("ready")
    assert first.of("reply")
    assert [message["seq"] for message in first.messages] == list(range(1, len(first.messages) + 1))
    assert not second.of("ready")
    await first.hang_up()
    await second.settle()
    assert second.of("ready")
    await second.send(type="text", text="버스")
    assert [one.text for one in second.conversations.said] == ["버스"]
    await second.hang_up()
    assert house.admission.taken == 0


async def test_announcements_come_again_with_quiet_between() -> None:
    house = House()
    caller = house.caller()
    await caller.start()
    length = sum(len(data) for data in caller.received if isinstance(data, bytes)) / 48_000
    await idle(caller, length + REPEAT_SECONDS - 1)
    assert len(caller.of("queued")) == 1
    await idle(caller, 1.5)
    assert len(caller.of("queued")) == 2
    assert "119" not in said(caller)
    assert "전화해 주세요" not in said(caller)
    for _ in range(2):
        await idle(caller, 60)
    assert "전화해 주세요" in said(caller)
    await caller.hang_up()


async def test_whoever_hangs_up_leaves_the_queue_at_once_and_no_task() -> None:
    before = asyncio.all_tasks()
    house = House()
    first, second = house.caller(), house.caller()
    await first.start()
    await second.start()
    assert house.admission.waiting == 2
    assert await first.hang_up() == "lost"
    assert house.admission.waiting == 1
    assert await second.hang_up() == "lost"
    assert house.admission.waiting == 0
    for caller in (first, second):
        await caller.desk.close()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_full_queue_is_told_by_voice_and_in_writing() -> None:
    house = House(most_waiting=0)
    caller = house.caller()
    await caller.start()
    assert await caller.over() == "busy"
    assert caller.messages[-1]["reason"] == "busy"
    assert "잠시 후 다시 걸어 주세요" in caller.messages[-1]["say"]
    assert "일일구" in caller.messages[-1]["say"]
    assert any(isinstance(message, bytes) for message in caller.received)


async def test_a_number_is_left_with_the_keys_of_a_telephone() -> None:
    house = House()
    caller = house.caller(BOOKED)
    caller.dial()
    await caller.send(type="start", sample_rate=16_000, channel="phone")
    assert "1번을 눌러 주세요" in said(caller)
    await press(caller, "1")
    assert "우물 정 자" in said(caller)
    await press(caller, NUMBER)
    assert said(caller).startswith("010-1234-5678.")
    assert "공일공, 일이삼사, 오육칠팔" in caller.of("queued")[-1]["say"]
    await press(caller, "1")
    assert await caller.over() == "callback"
    assert caller.messages[-1]["reason"] == "callback"
    assert "전화드릴게요" in caller.messages[-1]["say"]
    assert caller.conversations.openings[0].channel == "phone"
    assert "010-1234-5678" in (caller.conversations.said[0].text or "")
    assert "1234" not in (caller.conversations.keys[0] or "")
    assert house.admission.waiting == 0


async def test_a_telephone_that_shows_its_number_is_asked_for_no_other() -> None:
    house = House()
    caller = house.caller(BOOKED)
    caller.dial()
    await caller.send(type="start", sample_rate=16_000, channel="phone", caller=NUMBER)
    await press(caller, "1")
    assert said(caller).startswith("010-1234-5678. 지금 거신 번호로")
    await press(caller, "1")
    assert await caller.over() == "callback"


async def test_a_page_leaves_a_number_by_buttons_and_typed_words() -> None:
    house = House()
    caller = house.caller(BOOKED)
    await caller.start()
    shown = caller.of("queued")[-1]["show"]
    assert shown["choices"] == ["전화해 주세요"]
    assert "1번" not in shown["text"]
    await caller.send(type="text", text=shown["choices"][0])
    await caller.send(type="text", text="010-1234-5678")
    assert caller.of("queued")[-1]["show"]["choices"] == ["네", "아니요"]
    await caller.send(type="text", text="네")
    assert await caller.over() == "callback"


async def test_the_wish_may_be_said_between_announcements_where_nobody_is_delayed() -> None:
    house = House()
    caller = house.caller(heard=["전화해 주세요"])
    await caller.start()
    await caller.speak(1.0)
    await caller.quiet(2.5)
    assert len(caller.of("queued")) == 1, "the announcement itself may be heard"
    await caller.listen_to_the_end()
    caller.pool._busy_hearing = 1
    await caller.speak(1.0)
    await caller.quiet(2.5)
    assert len(caller.of("queued")) == 1, "the recogniser is busy"
    caller.pool._busy_hearing = 0
    await caller.speak(1.0)
    await caller.quiet(2.5)
    assert "번호를 써 주세요" in said(caller)
    await caller.hang_up()


OFFERED: dict[str, Any] = {"handover": {"state": "callback"}, "expects": "choice"}
MOVED: dict[str, Any] = {"handover": {"state": "callback", "callback_at": "2026-11-24T10:00:00+09:00"}}


async def test_after_the_number_the_time_is_asked_read_back_and_booked() -> None:
    house = House()
    caller = house.caller(BOOKED, OFFERED, MOVED, options=ASKING)
    await caller.start()
    for words in ("전화해 주세요", "010-1234-5678", "네"):
        await caller.send(type="text", text=words)
    assert "언제 전화드릴까요" in said(caller)
    assert caller.of("queued")[-1]["show"]["choices"] == ["아무 때나"]
    house.somebody_leaves()
    await caller.settle()
    assert not caller.of("ready"), "whoever left a number waits no longer"
    await caller.send(type="text", text="글쎄")
    assert "잘 모르겠어요" in said(caller)
    await caller.send(type="text", text="일요일 열 시")
    assert said(caller).startswith("그때는 상담사가 쉬는 시간이에요.")
    await caller.send(type="text", text="내일 오전 열 시요")
    assert said(caller).startswith("11월 24일 화요일 오전 10시에 전화드릴까요?")
    await caller.send(type="text", text="네")
    assert await caller.over() == "callback"
    assert "화요일 오전 열 시에 상담사가 전화드릴게요" in caller.messages[-1]["say"]
    assert [one.text for one in caller.conversations.said][1:] == [
        "11월 24일 화요일 오전 10시요",
        "네",
    ]


@pytest.mark.parametrize("answers", [(), (StoreError("locked"),), ({},)])
async def test_whatever_becomes_of_the_time_the_number_stays_booked(answers: tuple[Any, ...]) -> None:
    house = House()
    caller = house.caller(BOOKED, *answers, options=ASKING)
    caller.dial()
    await caller.send(type="start", sample_rate=16_000, channel="phone", caller=NUMBER)
    await press(caller, "11")
    assert "1번을 눌러 주세요" in said(caller)
    if answers:
        await caller.send(type="text", text="내일 열 시")
    await press(caller, "1")
    assert await caller.over() == "callback"
    assert "차례대로 전화드릴게요" in caller.messages[-1]["say"]


async def test_silence_at_the_time_means_any_time() -> None:
    house = House()
    caller = house.caller(BOOKED, options=ASKING)
    await caller.start()
    for words in ("전화해 주세요", "010-1234-5678", "네"):
        await caller.send(type="text", text=words)
    for _ in range(3):
        await idle(caller, 60)
    assert await caller.over() == "callback"
    assert len(caller.conversations.said) == 1


@pytest.mark.parametrize("answer", [StoreError("locked"), {}])
async def test_a_number_that_could_not_be_kept_is_said_and_the_caller_waits_on(answer: Any) -> None:
    house = House()
    caller = house.caller(answer)
    await caller.start()
    for words in ("전화해 주세요", "010-1234-5678", "네"):
        await caller.send(type="text", text=words)
    assert "적지 못했어요" in said(caller)
    house.somebody_leaves()
    await caller.settle()
    assert caller.of("ready")
    await caller.hang_up()


async def test_the_place_comes_before_a_number_that_is_half_keyed_in() -> None:
    house = House()
    caller = house.caller()
    await caller.start()
    await press(caller, "1010")
    house.somebody_leaves()
    await caller.settle()
    assert caller.of("interrupted")
    assert caller.of("ready")
    await caller.hang_up()


async def test_a_lost_line_comes_before_those_who_wait_and_takes_its_old_place() -> None:
    admission = Admission(1)
    caller = Caller(admission=admission)
    await caller.start()
    old = caller._serving
    waiting = Caller(admission=admission)
    await waiting.start()
    assert waiting.of("queued")
    caller.forget()
    await caller.start(resume="t_1")
    await caller.settle()
    assert old is not None
    assert await old == "lost"
    await caller.settle()
    assert caller.of("ready")
    assert not waiting.of("ready")
    await caller.hang_up()
    await waiting.settle()
    assert waiting.of("ready")
    await waiting.hang_up()


async def test_an_unknown_token_jumps_no_queue() -> None:
    house = House()
    first, pushing = house.caller(), house.caller()
    await first.start()
    await pushing.start(resume="t_1")
    house.somebody_leaves()
    await first.settle()
    assert first.of("ready")
    assert not pushing.of("ready")
    await first.hang_up()
    await pushing.hang_up()


async def test_nonsense_and_floods_in_the_queue_are_survived() -> None:
    house = House()
    caller = house.caller()
    await caller.start()
    fed: list[int] = []
    activity = caller.desk._speech.ears.activity
    stream = activity.stream
    assert stream is not None
    for _ in range(400):
        await caller.send_raw(np.zeros(3_200, np.int16).tobytes())
        fed.append(1)
    for _ in range(49):
        await caller.send_raw("x")
    assert len(caller.of("error")) == 49
    await caller.send(type="start", sample_rate=16_000)
    await caller.send(type="commit")
    assert house.admission.waiting == 1
    await caller.send_raw("x")
    await caller.send_raw("x")
    assert await caller.over() in ("protocol", "lost")
    assert house.admission.waiting == 0


async def test_without_a_voice_the_queue_is_shown_and_works() -> None:
    house = House()
    caller = house.caller()
    caller.voice.error = RuntimeError("plug-in")
    await caller.start()
    assert caller.of("queued")
    assert caller.of("audio_end")
    house.somebody_leaves()
    await caller.settle()
    assert caller.of("ready")
    await caller.hang_up()
