from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from donghaeng.conversation.door import Opening
from donghaeng.conversation.spoken_turn import call_once, take_spoken_turn
from donghaeng.conversation.talk import talk
from donghaeng.errors import AudioError, EngineError
from donghaeng.speech.audio import samples_to_pcm16, wav_bytes
from donghaeng.speech.engines import Audio

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC
assert _SPEC.loader
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
_SPEC.loader.exec_module(live_caller)
Caller = live_caller.Caller

SOUND = Audio(np.full(16_000, 0.1, np.float32), 16_000)


async def test_a_recording_is_a_turn() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    reply = await take_spoken_turn(
        caller.conversations, caller.desk._speech, "c_1", "t_1", wav_bytes(SOUND), idempotency_key="k"
    )
    assert reply.turn == 1
    (said,) = caller.conversations.said
    assert (said.text, said.spoken, said.confidence) == ("버스 언제 와요", True, 0.9)
    assert caller.conversations.keys == ["k"]
    assert caller.recogniser.heard[0][0] == 1.0


async def test_a_recording_without_words_is_no_input() -> None:
    caller = Caller(heard=[""])
    await take_spoken_turn(caller.conversations, caller.desk._speech, "c_1", "t_1", wav_bytes(SOUND))
    (said,) = caller.conversations.said
    assert said.no_input
    assert said.text is None


async def test_broken_sound_is_no_turn() -> None:
    caller = Caller(heard=[None])
    with pytest.raises(AudioError):
        await take_spoken_turn(caller.conversations, caller.desk._speech, "c_1", "t_1", b"RIFF")
    with pytest.raises(EngineError):
        await take_spoken_turn(caller.conversations, caller.desk._speech, "c_1", "t_1", wav_bytes(SOUND))
    assert caller.conversations.said == []


async def test_a_call_hears_decides_and_answers() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    done = await call_once(caller.conversations, caller.desk._speech, SOUND, Opening(channel="phone"))
    assert done.heard.text == "버스 언제 와요"
    assert done.reply.turn == 1
    assert done.answer is not None
    assert done.answer.rate == 24_000
    assert done.answer.seconds == 6.0
    assert set(done.timings) == {"hear_s", "hear_cpu_s", "turn_s", "first_audio_s", "speak_s", "total_s"}
    silent = await call_once(caller.conversations, caller.desk._speech, SOUND, Opening(), speak=False)
    assert silent.answer is None


class FakeSound:
    rate = 16_000

    def __init__(self, caller: Any) -> None:
        self.caller = caller
        self.played: list[bytes] = []
        self.stopped = 0
        self.holds: list[bool] = []

    async def frames(self) -> AsyncIterator[bytes]:
        for level, seconds in ((0.0, 7.0), (0.3, 1.0), (0.0, 2.0)):
            for _ in range(int(seconds / 0.04)):
                self.caller.clock.advance(0.04)
                yield samples_to_pcm16(np.full(640, level, np.float32))
                await self.caller.settle()

    def play(self, pcm: bytes) -> None:
        self.played.append(pcm)

    def stop(self) -> None:
        self.stopped += 1

    def hold(self, *, still: bool) -> None:
        self.holds.append(still)


async def test_talking_with_the_machine_s_own_devices() -> None:
    caller = Caller(heard=["아니 근데 그게 아니라요"])
    sound = FakeSound(caller)
    shown: list[str] = []
    assert await talk(caller.desk, sound, lambda message: shown.append(message["type"])) == "lost"
    assert sound.played
    assert sound.stopped == 1
    assert sound.holds[0] is True
    assert shown[:2] == ["ready", "reply"]
    assert "heard" in shown
