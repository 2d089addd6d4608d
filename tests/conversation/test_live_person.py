"""A live line that a counsellor has: the machine is silent, the counsellor heard, in writing and by voice."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.conversation.scripted_desk import ScriptedDesk
from tests.spoken import PHRASES

from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.reply import Handover
from donghaeng.conversation.switchboard import Switchboard
from donghaeng.errors import AudioError, InputError
from donghaeng.people.cases import LineKind
from donghaeng.speech.audio import pcm16_to_samples, samples_to_pcm16

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC
assert _SPEC.loader
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
_SPEC.loader.exec_module(live_caller)
Caller, ScriptedConversations = live_caller.Caller, live_caller.ScriptedConversations

QUEUED = {"say": "네, 상담사를 부를게요.", "handover": Handover(state="queued", position=1)}
JOINED = {"say": "", "handover": Handover(state="joined")}


def caller_with(desk: ScriptedDesk, *replies: dict, heard: list[str] | None = None):
    conversations = ScriptedConversations()
    conversations.replies = list(replies)
    caller = Caller(conversations, heard)
    board = Switchboard(caller.clock)
    caller.desk._options = LiveOptions(PHRASES, from_desk=desk, switchboard=board)
    return caller, board


async def joined(*replies: dict, heard: list[str] | None = None):
    """A caller whom a counsellor has."""
    desk = ScriptedDesk()
    caller, board = caller_with(desk, QUEUED, *replies, heard=heard)
    await caller.start()
    await caller.listen_to_the_end()
    caller.forget()
    await caller.send(type="text", text="상담사")
    await caller.listen_to_the_end()
    desk.tell(LineKind.CLAIMED, "", "joined")
    await caller.settle()
    caller.forget()
    caller.voice.spoken.clear()
    return caller, desk, board


async def test_the_claim_stops_the_machine_in_the_middle_of_a_word() -> None:
    desk = ScriptedDesk()
    caller, _ = caller_with(desk, {**QUEUED, "say": "네, 상담사를 부를게요. 앞에 두 분이 기다리고 계세요."})
    await caller.start()
    await caller.listen_to_the_end()
    await caller.send(type="text", text="상담사")
    await caller.quiet(0.5)
    caller.forget()
    desk.tell(LineKind.CLAIMED, "", "joined")
    await caller.settle()
    assert "interrupted" in caller.types
    (reply,) = caller.of("reply")
    assert (reply["say"], reply["handover"]["state"]) == ("", "joined")
    caller.forget()
    await caller.quiet(60)
    assert not any(isinstance(one, bytes) for one in caller.received)
    assert "audio_start" not in caller.types
    await caller.hang_up()


async def test_what_the_counsellor_writes_is_shown_and_spoken_in_order() -> None:
    caller, desk, _ = await joined()
    desk.tell(LineKind.COUNSELLOR, "안녕하세요.", "joined")
    desk.tell(LineKind.COUNSELLOR, "무엇을 도와드릴까요?", "joined")
    await caller.quiet(6.0)
    assert [one["say"] for one in caller.of("reply")] == ["안녕하세요.", "무엇을 도와드릴까요?"]
    assert caller.voice.spoken == ["안녕하세요.", "무엇을 도와드릴까요?"]
    assert "interrupted" not in caller.types
    await caller.hang_up()


async def test_words_silence_and_faults_of_the_caller_make_the_machine_say_nothing() -> None:
    caller, _, _ = await joined(JOINED, RuntimeError("broken"), heard=["예약을 바꾸고 싶어요", "여보세요"])
    for _ in range(2):
        await caller.speak(2.0)
        await caller.quiet(2.0)
    await caller.quiet(120.0)
    assert caller.voice.spoken == []
    assert [one["say"] for one in caller.of("reply")] == [""]
    assert [one.text for one in caller.conversations.said[1:]] == ["예약을 바꾸고 싶어요", "여보세요"]
    await caller.hang_up()


async def test_a_reply_that_the_claim_overtook_on_its_way_is_not_said() -> None:
    caller, _, _ = await joined({"say": "여의도는 지금 맑아요.", "handover": Handover(state="queued")})
    await caller.send(type="text", text="날씨")
    await caller.quiet(5.0)
    assert caller.voice.spoken == []
    assert [one["say"] for one in caller.of("reply")] == [""]
    await caller.hang_up()


async def test_after_the_counsellor_the_machine_speaks_again() -> None:
    caller, desk, _ = await joined({"say": "여의도는 지금 맑아요."})
    desk.tell(LineKind.MACHINE, "상담이 끝났어요.", None)
    await caller.quiet(4.0)
    await caller.send(type="text", text="날씨")
    await caller.quiet(4.0)
    assert caller.voice.spoken == ["상담이 끝났어요.", "여의도는 지금 맑아요."]
    await caller.hang_up()


async def test_an_answer_that_comes_before_the_news_that_the_counsellor_left_is_said() -> None:
    caller, desk, _ = await joined({"say": "여의도는 지금 맑아요."})
    desk.standing = None
    await caller.send(type="text", text="날씨")
    await caller.quiet(4.0)
    assert caller.voice.spoken == ["여의도는 지금 맑아요."]
    await caller.hang_up()


async def test_the_rest_of_the_counsellors_words_is_said_after_the_caller_spoke_over_them() -> None:
    caller, desk, _ = await joined(JOINED, heard=["네 그런데 잠깐만요"])
    desk.tell(LineKind.COUNSELLOR, "먼저 주소를 볼게요. 그다음에 날짜를 정해요. 어떠세요?", "joined")
    await caller.quiet(1.0)
    await caller.speak(1.5)
    await caller.quiet(12.0)
    assert caller.voice.spoken[-1].startswith("어떠세요")
    assert len(caller.conversations.said) == 2
    await caller.hang_up()


async def test_voices_go_both_ways_without_an_engine_in_between() -> None:
    caller, _, board = await joined(JOINED, heard=["네 들려요"])
    voice = board.connect("c_1", 16_000)
    assert voice is not None
    await caller.settle()
    assert caller.types[-1] == "audio_start"
    assert caller.of("audio_start")[-1]["live"] is True
    tone = (0.3 * np.sin(2 * np.pi * 200 * np.arange(1_600) / 16_000)).astype(np.float32)
    for _ in range(10):
        voice.speak(samples_to_pcm16(tone))
        await caller.quiet(0.1)
    sent = b"".join(one for one in caller.received if isinstance(one, bytes))
    assert len(sent) / 2 == pytest.approx(24_000, abs=600)
    assert np.abs(pcm16_to_samples(sent)).max() == pytest.approx(0.3, abs=0.05)
    hearing = aiter(voice)
    heard = bytearray()

    async def listen() -> None:
        async for frame in hearing:
            heard.extend(frame)

    listening = asyncio.create_task(listen())
    await caller.quiet(1.0)
    await caller.speak(2.0)
    await caller.quiet(2.0)
    assert np.abs(pcm16_to_samples(bytes(heard[len(heard) // 2 :]))).max() == pytest.approx(0.3, abs=0.05)
    assert caller.conversations.said[-1].text == "네 들려요"
    assert caller.voice.spoken == []
    board.hang_up("c_1")
    await asyncio.wait_for(listening, 5)
    await caller.settle()
    assert caller.types[-1] == "audio_end"
    await caller.hang_up()
    assert not board.is_live("c_1")


async def test_late_sound_is_dropped_and_nonsense_refused() -> None:
    caller, _, board = await joined()
    assert board.connect("c_none", 16_000) is None
    with pytest.raises(InputError):
        board.connect("c_1", 4_000)
    voice = board.connect("c_1", 16_000)
    assert voice is not None
    for _ in range(100):
        voice.speak(bytes(3_200))
    await caller.settle()
    sent = sum(len(one) for one in caller.received if isinstance(one, bytes))
    assert sent / 2 / 24_000 <= 0.55
    with pytest.raises(AudioError):
        voice.speak(b"x")
    with pytest.raises(InputError):
        voice.speak(bytes(16_000))
    await caller.quiet(5.0)
    board.hang_up("c_1")
    kept = b"".join([frame async for frame in voice])
    assert len(kept) / 2 / 16_000 <= 1.0
    await caller.hang_up()


async def test_a_lost_line_ends_the_counsellors_voice_and_a_new_one_may_be_joined() -> None:
    caller, _, board = await joined()
    voice = board.connect("c_1", 16_000)
    assert voice is not None
    assert await caller.hang_up() == "lost"
    assert not any([np.abs(pcm16_to_samples(frame)).max() > 0.01 async for frame in voice])
    assert not board.is_live("c_1")
    await caller.start(resume="t_1")
    assert board.is_live("c_1")
    assert board.connect("c_1", 48_000) is not None
    await caller.hang_up()
