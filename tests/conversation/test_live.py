from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.spoken import PHRASES

from donghaeng.conversation.door import Opening
from donghaeng.conversation.live_desk import GRACE_SECONDS
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.live_remarks import ONE_MOMENT_SECONDS
from donghaeng.conversation.reply import Reply
from donghaeng.errors import (
    ConversationEnded,
    EngineBusy,
    EngineError,
    InputError,
    ProviderTimeout,
    StoreError,
)
from donghaeng.speech.synthesise.clauses import split_clauses

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC
assert _SPEC.loader
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
_SPEC.loader.exec_module(live_caller)
Caller, ScriptedConversations = live_caller.Caller, live_caller.ScriptedConversations
RATE = live_caller.RATE


def turn_types(caller) -> list[str]:
    return [kind for kind in caller.types if kind != "listening"]


async def test_a_spoken_turn_from_greeting_to_answer() -> None:
    caller = Caller(heard=["육사일일 번 버스 언제 와요"])
    await caller.start(location={"lat": 37.55, "lon": 126.91})
    assert turn_types(caller) == ["ready", "reply", "audio_start", "audio_end"]
    assert caller.of("ready")[0]["token"] == "t_1"
    assert caller.of("ready")[0]["sample_rate"] == 24_000
    assert caller.conversations.openings[0].location.lat == 37.55
    await caller.listen_to_the_end()
    caller.forget()
    await caller.speak(2.0)
    await caller.quiet(1.0)
    assert turn_types(caller) == ["speech_start", "speech_end", "heard", "reply", "audio_start", "audio_end"]
    assert caller.of("heard")[0] == {
        **caller.of("heard")[0],
        "text": "육사일일 번 버스 언제 와요",
        "final": True,
        "turn": 1,
    }
    assert caller.of("reply")[0]["turn"] == caller.of("audio_start")[0]["turn"] == 1
    (said,) = caller.conversations.said
    assert said.spoken
    assert said.confidence == 0.9
    assert sum(len(data) for data in caller.received if isinstance(data, bytes)) == 3 * 2 * 48_000
    assert await caller.hang_up() == "lost"


async def test_numbers_grow_by_one_over_everything() -> None:
    caller = Caller(heard=["네", "내일 비 와요"])
    await caller.start()
    for _ in range(2):
        await caller.speak(1.0)
        await caller.quiet(2.0)
    await caller.send(type="text", text="안녕")
    assert [message["seq"] for message in caller.messages] == list(range(1, len(caller.messages) + 1))
    await caller.hang_up()


async def test_sound_lies_between_its_start_and_end() -> None:
    caller = Caller()
    await caller.start()
    inside = False
    for message in caller.received:
        if isinstance(message, bytes):
            assert inside
            assert len(message) <= 0.2 * 24_000 * 2
        elif message["type"] == "audio_start":
            inside = True
        elif message["type"] in ("audio_end", "interrupted"):
            inside = False
    await caller.hang_up()


async def test_words_recognised_in_the_pause_end_a_whole_sentence_early() -> None:
    marks = []
    caller = Caller(heard=["육사일일 번 버스 언제 와요"], options=LiveOptions(PHRASES, on_marks=marks.append))
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(2.0)
    await caller.quiet(0.6)
    assert caller.of("heard")
    assert len(caller.recogniser.heard) == 1
    (mark,) = marks
    assert mark.in_advance
    assert mark.turn == 1
    assert mark.latency == pytest.approx(0.5, abs=0.1)
    await caller.hang_up()


async def test_speech_after_a_pause_is_recognised_anew() -> None:
    caller = Caller(heard=["저기 그 버스는", "저기 그 버스는 언제 와요"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(1.4)
    assert not caller.of("heard")
    await caller.speak(1.0)
    await caller.quiet(1.0)
    assert [message["text"] for message in caller.of("heard")] == ["저기 그 버스는 언제 와요"]
    await caller.hang_up()


async def test_barge_in_stops_the_sound() -> None:
    caller = Caller(heard=["아니 근데 그게 아니라요"])
    await caller.start()
    await caller.quiet(6.5)
    caller.forget()
    await caller.speak(1.2)
    assert caller.types[:3] == ["hold", "speech_start", "interrupted"]
    assert caller.of("interrupted")[0]["turn"] == 0
    await caller.quiet(1.5)
    assert caller.conversations.said[0].text == "아니 근데 그게 아니라요"
    await caller.hang_up()


async def test_words_are_told_while_they_are_being_said() -> None:
    caller = Caller(heard=["저기 그 버스는", "저기 그 버스는 언제 와요"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(1.4)
    assert caller.partial() == ["저기 그 버스는"]
    assert not caller.of("heard")
    await caller.hang_up()


async def test_words_of_a_sentence_that_goes_on_are_told_while_the_ears_are_free() -> None:
    heard = ["제가 어제 버스에서", "제가 어제 버스에서 가방을", "제가 어제 버스에서 가방을 잃어버렸어요"]
    caller = Caller(heard=list(heard))
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(2.0)
    assert not caller.partial()
    await caller.speak(1.0)
    assert caller.partial() == heard[:1]
    await caller.speak(2.5)
    assert caller.partial() == heard[:2]
    await caller.quiet(1.0)
    assert [message["text"] for message in caller.of("heard")] == heard[2:]
    await caller.hang_up()


async def test_words_so_far_are_not_asked_for_while_somebody_else_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = Caller(heard=["제가 어제 버스에서 가방을 잃어버렸어요"])
    monkeypatch.setattr(type(caller.pool), "hears_nobody", False)
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(5.0)
    assert not caller.partial()
    await caller.quiet(1.0)
    assert len(caller.recogniser.heard) == 1
    await caller.hang_up()


@pytest.mark.parametrize("words", ["네", "음", ""])
async def test_the_loudspeaker_waits_for_a_backchannel_or_a_cough_and_goes_on(words: str) -> None:
    caller = Caller(heard=[words])
    await caller.start()
    await caller.quiet(5.0)
    caller.forget()
    held_after = 0.0
    while not caller.of("hold"):
        await caller.speak(0.02)
        held_after += 0.02
    assert held_after <= 0.1
    await caller.speak(0.3 - held_after)
    await caller.quiet(0.5)
    assert caller.types == ["hold", "speech_start", "go_on"]
    await caller.quiet(2.0)
    assert not caller.of("interrupted")
    assert caller.conversations.said == []
    await caller.hang_up()


async def test_clicks_make_the_loudspeaker_wait_once_and_then_it_trusts_no_signs() -> None:
    caller = Caller()
    await caller.start()
    await caller.quiet(5.0)
    caller.forget()
    for _ in range(3):
        await caller.speak(0.04)
        await caller.quiet(0.6)
    assert caller.types == ["hold", "go_on"]
    assert caller.conversations.said == []
    await caller.hang_up()


async def test_the_agents_own_voice_in_the_microphone_is_no_barge_in() -> None:
    """What comes back during the notice teaches how loud the echo is; a louder voice is somebody."""
    caller = Caller(heard=["아니 그만할래요"])
    await caller.start()
    await caller.speak(5.0, loudness=0.05)
    assert "speech_start" not in caller.types
    caller.forget()
    await caller.speak(1.2)
    assert caller.of("interrupted")
    await caller.hang_up()


async def test_a_backchannel_does_not_stop_it_and_is_no_turn() -> None:
    caller = Caller(heard=["네"])
    await caller.start()
    await caller.quiet(5.0)
    caller.forget()
    await caller.speak(0.3)
    await caller.quiet(2.0)
    assert not caller.of("interrupted")
    assert not caller.of("heard")
    assert caller.conversations.said == []
    await caller.hang_up()


async def test_a_short_word_that_is_no_backchannel_stops_it() -> None:
    caller = Caller(heard=["그만"])
    await caller.start()
    await caller.quiet(5.0)
    caller.forget()
    await caller.speak(0.3)
    await caller.quiet(1.5)
    assert caller.of("interrupted")
    assert caller.conversations.said[0].text == "그만"
    await caller.hang_up()


async def test_yes_during_the_question_is_the_answer() -> None:
    question = {"say": "내일 두 시 예약이에요. 맞으세요?", "expects": "confirm"}
    caller = Caller(ScriptedConversations(question), heard=["예약해 줘요", "네"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(2.8)
    caller.forget()
    await caller.speak(0.3)
    await caller.quiet(0.6)
    assert [message["text"] for message in caller.of("heard")] == ["네"]
    assert caller.of("interrupted")
    await caller.hang_up()


async def test_the_legal_notice_is_never_cut_off_and_what_was_said_is_answered() -> None:
    caller = Caller(heard=["사람 바꿔줘"])
    await caller.start()
    await caller.speak(1.0)
    await caller.quiet(1.0)
    assert not caller.of("interrupted")
    assert [message["text"] for message in caller.of("heard")] == ["사람 바꿔줘"]
    assert [message["turn"] for message in caller.of("reply")] == [0, 1]
    assert len(caller.of("audio_start")) == 1
    await caller.quiet(3.0)
    assert [message["turn"] for message in caller.of("interrupted")] == [0]
    assert [message["turn"] for message in caller.of("audio_start")] == [0, 1]
    assert caller.clock.now() >= 1004.0
    await caller.hang_up()


async def test_noise_that_stopped_the_answer_is_no_turn_and_the_answer_goes_on() -> None:
    caller = Caller(heard=[""])
    await caller.start()
    await caller.quiet(5.0)
    caller.forget()
    before = len(caller.voice.spoken)
    await caller.speak(1.2)
    assert caller.of("interrupted")
    await caller.quiet(2.0)
    assert not caller.of("heard")
    assert caller.of("audio_start")
    assert caller.voice.spoken[before:]
    assert caller.conversations.said == []
    await caller.hang_up()


async def test_the_agent_does_not_talk_over_a_citizen_who_goes_on() -> None:
    conversations = ScriptedConversations()
    caller = Caller(conversations, heard=["버스 언제 와요", "합정역에서요"])
    await caller.start()
    await caller.listen_to_the_end()
    conversations.gate = asyncio.Event()
    caller.forget()
    await caller.speak(1.0)
    await caller.quiet(0.6)
    await caller.speak(0.4)
    conversations.gate.set()
    await caller.settle()
    assert caller.of("reply")
    assert not caller.of("audio_start")
    await caller.speak(0.4)
    await caller.quiet(1.0)
    assert [message["turn"] for message in caller.of("audio_start")] == [2]
    assert [said.text for said in conversations.said] == ["버스 언제 와요", "합정역에서요"]
    await caller.hang_up()


async def test_stopping_the_sound_does_not_stop_the_turn() -> None:
    conversations = ScriptedConversations({"say": "예약됐어요. 접수번호는 가나예요."})
    conversations.gate = asyncio.Event()
    caller = Caller(conversations, heard=["예약해 줘요", "잠깐만요 아니요"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(0.6)
    await caller.speak(1.0)
    await caller.send(type="dtmf", digit="0")
    conversations.gate.set()
    await caller.settle()
    assert [message["turn"] for message in caller.of("reply")] == [0, 1, 2]
    assert len(set(conversations.keys)) == 2
    await caller.hang_up()


async def test_typed_words_and_keys() -> None:
    caller = Caller()
    await caller.start()
    await caller.listen_to_the_end()
    await caller.send(type="text", text=" 내일 비 와? ")
    await caller.send(type="dtmf", digit="0")
    assert [(said.text, said.dtmf) for said in caller.conversations.said] == [
        ("내일 비 와?", None),
        (None, "0"),
    ]
    assert not caller.of("heard")
    await caller.hang_up()


async def test_push_to_talk() -> None:
    caller = Caller(heard=["", "버스 언제"])
    await caller.start()
    await caller.listen_to_the_end()
    caller.forget()
    await caller.send(type="commit")
    assert caller.types == ["listening"]
    await caller.speak(1.2)
    await caller.send(type="commit")
    assert "speech_end" in caller.types
    await caller.hang_up()


async def test_reminders_to_a_silent_citizen_are_three() -> None:
    caller = Caller()
    await caller.start()
    await caller.listen_to_the_end()
    await caller.quiet(7.0)
    assert caller.conversations.said == []
    await caller.quiet(1.5)
    assert [said.no_input for said in caller.conversations.said] == [True]
    for _ in range(5):
        await caller.quiet(18.0)
    assert [said.no_input for said in caller.conversations.said] == [True] * 3
    await caller.hang_up()


async def test_two_empty_turns_in_a_row_are_told() -> None:
    caller = Caller(heard=["", ""])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(2.0)
    assert caller.conversations.said == []
    await caller.speak(1.0)
    await caller.quiet(2.0)
    assert [said.no_input for said in caller.conversations.said] == [True]
    await caller.hang_up()


@pytest.mark.parametrize("error", [ProviderTimeout("bus", "slow"), ValueError("a bug"), EngineError("gone")])
async def test_a_failed_turn_is_said_and_the_session_goes_on(error: Exception) -> None:
    caller = Caller(ScriptedConversations(error))
    await caller.start()
    await caller.listen_to_the_end()
    caller.forget()
    await caller.send(type="text", text="버스")
    assert caller.of("error")[0]["title"] == PHRASES("trouble")
    assert caller.voice.spoken[-3:] == ["죄송해요.", "잠시 문제가 생겼어요.", "한 번 더 말씀해 주세요."]
    await caller.send(type="text", text="버스")
    assert caller.of("reply")
    await caller.hang_up()


async def test_too_much_to_do_is_said_as_that_and_the_session_goes_on() -> None:
    caller = Caller(ScriptedConversations(EngineBusy("recogniser: too much to do")))
    await caller.start()
    await caller.listen_to_the_end()
    caller.forget()
    await caller.send(type="text", text="버스")
    assert caller.of("error")[0]["title"] == PHRASES("turn_busy")
    assert caller.voice.spoken[-1] == "잠시 후 다시 말씀해 주세요."
    await caller.send(type="text", text="버스")
    assert caller.of("reply")
    await caller.hang_up()


async def test_a_turn_that_takes_long_is_told_once_and_then_answered() -> None:
    """Nobody hears nothing for five seconds while the city is slow; a turn that is quick is not told of."""
    conversations = ScriptedConversations({"say": "삼 분 뒤에 와요."}, {"say": "비가 와요."})
    caller = Caller(conversations)
    await caller.start()
    await caller.listen_to_the_end()
    conversations.gate = asyncio.Event()
    caller.voice.spoken.clear()
    await caller.send(type="text", text="버스 언제 와요")
    await caller.quiet(ONE_MOMENT_SECONDS - 0.2)
    assert caller.voice.spoken == []
    await caller.quiet(0.4)
    moment = [clause.text for clause in split_clauses(PHRASES("one_moment"))]
    assert caller.voice.spoken == moment
    await caller.quiet(20.0)
    assert caller.voice.spoken == moment, "told once"
    assert [said.text for said in conversations.said] == ["버스 언제 와요"], "no reminder in between"
    conversations.gate.set()
    await caller.settle()
    assert "".join(caller.voice.spoken[len(moment) :]) == "삼 분 뒤에 와요."
    caller.voice.spoken.clear()
    await caller.send(type="text", text="날씨")
    await caller.quiet(5.0)
    assert not set(moment) & set(caller.voice.spoken)
    await caller.hang_up()


async def test_hanging_up_while_the_city_is_slow_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    conversations = ScriptedConversations()
    caller = Caller(conversations)
    await caller.start()
    conversations.gate = asyncio.Event()
    await caller.send(type="text", text="버스")
    await caller.quiet(3.0)
    await caller.hang_up()
    caller.clock.advance(GRACE_SECONDS + 1)
    await caller.settle()
    await caller.desk.close()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_caller_is_told_to_wait_where_the_conversation_itself_begins_late() -> None:
    conversations, gate = ScriptedConversations(), asyncio.Event()
    opens = conversations.open

    async def late(opening: Opening) -> Reply:
        await gate.wait()
        return await opens(opening)

    conversations.open = late  # type: ignore[method-assign]
    caller = Caller(conversations)
    await caller.start()
    caller.clock.advance(ONE_MOMENT_SECONDS)
    await caller.settle()
    assert caller.voice.spoken == [clause.text for clause in split_clauses(PHRASES("one_moment"))]
    gate.set()
    await caller.settle()
    await caller.listen_to_the_end()
    assert caller.of("ready")
    assert "인공지능" in " ".join(caller.voice.spoken)
    await caller.hang_up()


@pytest.mark.parametrize("error", [StoreError("gone"), ValueError("a bug")])
async def test_a_caller_whom_the_machine_cannot_take_hears_whom_to_call(error: Exception) -> None:
    conversations = ScriptedConversations()

    async def fails(opening: Opening) -> Reply:
        raise error

    conversations.open = fails  # type: ignore[method-assign]
    caller = Caller(conversations)
    await caller.start()
    assert await caller.over() == "failed"
    said = " ".join(caller.voice.spoken)
    assert "일일구" in said
    assert "일이공" in said
    assert any(isinstance(message, bytes) for message in caller.received)
    assert caller.of("error")[0]["title"] == PHRASES("out_of_order")
    assert caller.types[-1] == "ended"


async def test_a_failed_recognition_is_said_and_the_session_goes_on() -> None:
    caller = Caller(heard=[None, None, "내일 비 와요"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.0)
    await caller.quiet(2.0)
    assert caller.of("error")[0]["code"] == "turn_failed"
    await caller.hang_up()


@pytest.mark.parametrize("error", [EngineError("no model"), ValueError("a bug")])
async def test_without_a_voice_the_words_still_come(error: Exception) -> None:
    caller = Caller()
    caller.voice.error = error
    await caller.start()
    assert caller.of("reply")
    assert caller.of("error")[0]["code"] == "no_voice"
    await caller.send(type="text", text="버스")
    assert len(caller.of("reply")) == 2
    await caller.hang_up()


async def test_a_turn_does_not_wait_for_the_sound_of_the_one_before() -> None:
    caller = Caller()
    caller.pool.gate = asyncio.Event()
    await caller.start()
    await caller.send(type="text", text="버스")
    assert [message["turn"] for message in caller.of("reply")] == [0, 1]
    assert not any(isinstance(message, bytes) for message in caller.received)
    caller.pool.gate.set()
    await caller.settle()
    await caller.quiet(5.0)
    assert [message["turn"] for message in caller.of("audio_start")] == [0, 1]
    assert caller.voice.spoken[:2] == ["안녕하세요,", "서울시 인공지능 상담원이에요."]
    await caller.hang_up()


async def test_refused_words_are_an_error_and_no_apology() -> None:
    caller = Caller(ScriptedConversations(InputError("too long")))
    await caller.start()
    await caller.send(type="text", text="버스")
    assert caller.of("error")[0]["code"] == "invalid"
    await caller.hang_up()


async def test_the_end_is_said_first_and_then_closes() -> None:
    caller = Caller(ScriptedConversations({"say": "안녕히 계세요.", "ended": True}))
    await caller.start()
    await caller.listen_to_the_end()
    await caller.send(type="text", text="끊어")
    assert await caller.over() == "ended"
    assert caller.types[-1] == "ended"
    assert "audio_end" in caller.types
    assert caller.desk.sessions == 0


async def test_a_closed_conversation_ends_the_session() -> None:
    caller = Caller(ScriptedConversations(ConversationEnded("closed")))
    await caller.start()
    await caller.send(type="text", text="버스")
    assert await caller.over() == "ended"


@pytest.mark.parametrize("seconds", [5.0, 25.0, 84.0, 200.0])
async def test_a_lost_line_is_taken_up_again(seconds: float) -> None:
    conversations = ScriptedConversations({"say": "어느 정류장이세요?", "expects": "slot", "asks": "stop"})
    caller = Caller(conversations)
    await caller.start()
    await caller.listen_to_the_end()
    conversations.gate = asyncio.Event()
    await caller.send(type="text", text="버스 언제 와")
    seen = caller.messages[-1]["seq"]
    assert await caller.hang_up() == "lost"
    conversations.gate.set()
    await caller.settle()
    caller.clock.advance(seconds)
    await caller.settle()
    assert caller.desk.sessions == (1 if seconds < GRACE_SECONDS else 0)
    caller.forget()
    await caller.start(resume="t_1", last_seq=seen)
    assert caller.types[0] == "ready"
    assert [message["say"] for message in caller.of("reply")] == ["어느 정류장이세요?"]
    assert len(caller.of("audio_start")) == 1
    if seconds < GRACE_SECONDS:
        assert all(message["seq"] > seen for message in caller.messages)
    assert len(conversations.openings) == len(conversations.said) == 1
    await caller.send(type="text", text="강남역이요")
    assert [said.text for said in conversations.said] == ["버스 언제 와", "강남역이요"]
    await caller.hang_up()


async def test_what_was_missed_comes_once_and_in_order() -> None:
    replies = [{"say": f"{count} 대답이에요."} for count in ("첫째", "둘째")]
    caller = Caller(ScriptedConversations(*replies), heard=["버스 언제 와요", "약국 찾아 줘요"])
    await caller.start()
    await caller.listen_to_the_end()
    seen = caller.messages[-1]["seq"]
    for _ in range(2):
        await caller.speak(1.2)
        await caller.quiet(6.0)
    await caller.hang_up()
    caller.forget()
    await caller.start(resume="t_1", last_seq=seen)
    told = [one.get("text") or one["say"] for one in caller.messages if one["type"] in {"heard", "reply"}]
    assert told == ["버스 언제 와요", "첫째 대답이에요.", "약국 찾아 줘요", "둘째 대답이에요."]
    await caller.hang_up()
    caller.forget()
    await caller.start(resume="t_1", last_seq=10_000)
    assert [message["say"] for message in caller.of("reply")] == ["둘째 대답이에요."]
    assert not caller.of("heard")
    await caller.hang_up()


@pytest.mark.parametrize("seconds", [5.0, 84.0, 200.0])
async def test_typed_words_sent_again_after_a_lost_line_are_one_turn(seconds: float) -> None:
    conversations = ScriptedConversations({"say": "어느 정류장이세요?"})
    caller = Caller(conversations)
    await caller.start()
    await caller.send(type="text", text="버스 언제 와", key="k1")
    await caller.hang_up()
    caller.clock.advance(seconds)
    await caller.settle()
    caller.forget()
    await caller.start(resume="t_1", last_seq=1)
    await caller.send(type="text", text="버스 언제 와", key="k1")
    if seconds < GRACE_SECONDS:
        assert conversations.keys == ["text-k1"]
    else:  # the session is gone: the conversation itself knows the key
        assert conversations.keys == ["text-k1", "text-k1"]
    await caller.send(type="text", text="버스 언제 와", key="k2")
    assert conversations.keys[-1] == "text-k2"
    await caller.hang_up()


async def test_an_utterance_that_the_line_cut_off_is_heard_whole_from_what_the_client_kept() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    await caller.start()
    await caller.listen_to_the_end()
    sent = caller.clock.now()
    await caller.quiet(2.0)
    await caller.speak(1.2)
    cut, line = caller.clock.now(), caller.started_at
    await caller.hang_up()
    caller.clock.advance(25.0)
    caller.forget()
    await caller.start(resume="t_1", last_seq=10_000, sound_follows=True)
    (ready,) = caller.of("ready")
    began = line + ready["taken"]
    assert sent + 1.2 <= began <= sent + 2.0
    assert not caller.of("audio_start")  # the question is not asked once more: the answer is on its way
    await caller.quiet(sent + 2.0 - began)
    await caller.speak(cut - sent - 2.0)
    await caller.quiet(1.5)
    assert [said.text for said in caller.conversations.said] == ["버스 언제 와요"]
    assert caller.of("audio_start")
    await caller.hang_up()


async def test_sound_that_was_dealt_with_is_not_asked_for_again() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.2)
    await caller.quiet(1.5)
    fed = caller.clock.now() - caller.started_at
    await caller.hang_up()
    caller.forget()
    await caller.start(resume="t_1", last_seq=1, sound_follows=True)
    assert caller.of("ready")[0]["taken"] == pytest.approx(fed, abs=0.05)
    assert len(caller.of("audio_start")) == 1  # the answer that was missed
    await caller.hang_up()


async def test_an_answer_on_its_way_is_spoken_once_to_a_client_that_comes_back() -> None:
    conversations = ScriptedConversations({"say": "어느 정류장이세요?"})
    caller = Caller(conversations)
    await caller.start()
    await caller.listen_to_the_end()
    conversations.gate = asyncio.Event()
    await caller.send(type="text", text="버스 언제 와")
    await caller.hang_up()
    caller.forget()
    await caller.start(resume="t_1", last_seq=10_000)
    conversations.gate.set()
    await caller.settle()
    assert [message["say"] for message in caller.of("reply")] == [live_caller.GREETING, "어느 정류장이세요?"]
    assert len(caller.of("audio_start")) == 1
    await caller.hang_up()


async def test_a_line_is_known_to_live() -> None:
    caller = Caller()
    await caller.start()
    caller.forget()
    await caller.send(type="ping")
    assert caller.types[-1] == "pong"
    await caller.hang_up()


async def test_a_line_that_died_without_a_word_gives_its_place_up_to_the_next() -> None:
    caller = Caller()
    await caller.start()
    await caller.send(type="ping")
    old = caller._serving
    assert old is not None
    await caller.start(resume="t_1")
    assert await asyncio.wait_for(old, 3.0) == "lost"
    await caller.hang_up()


async def test_half_an_utterance_lost_with_the_line_is_no_turn() -> None:
    caller = Caller(heard=["버스 언제"])
    await caller.start()
    await caller.listen_to_the_end()
    await caller.speak(1.2)
    await caller.hang_up()
    await caller.start(resume="t_1")
    await caller.quiet(8.0)
    assert caller.conversations.said == []
    assert not caller.recogniser.heard
    await caller.hang_up()


async def test_sound_that_the_client_has_played_is_no_longer_interrupted() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    await caller.start()
    await caller.send(type="played", seq=caller.of("audio_end")[0]["seq"])
    caller.forget()
    await caller.speak(1.0)
    await caller.quiet(1.0)
    assert not caller.of("interrupted")
    assert caller.of("audio_start")
    await caller.hang_up()


async def test_after_the_grace_the_store_takes_it_up() -> None:
    caller = Caller()
    await caller.start()
    await caller.hang_up()
    assert caller.desk.sessions == 1
    caller.clock.advance(GRACE_SECONDS + 1)
    await caller.settle()
    assert caller.desk.sessions == 0
    caller.forget()
    await caller.start(resume="t_1", last_seq=3)
    assert caller.types[:2] == ["ready", "reply"]
    await caller.hang_up()


async def test_a_newer_connection_takes_the_place_of_the_old() -> None:
    caller = Caller()
    await caller.start()
    old = caller._serving
    await caller.start(resume="t_1")
    await caller.settle()
    assert caller.of("ready")
    await caller.send(type="text", text="버스")
    assert caller.conversations.said
    await caller.hang_up()
    assert old is not None
    old.cancel()
    await asyncio.gather(old, return_exceptions=True)


async def test_an_unknown_token_is_told() -> None:
    caller = Caller()
    await caller.start(resume="t_other")
    assert await caller.over() == "unknown_conversation"
    assert caller.of("error")[0]["code"] == "unknown_conversation"


async def test_a_second_start_is_one_error() -> None:
    caller = Caller()
    await caller.start()
    await caller.send(type="start", sample_rate=16_000)
    assert [message["code"] for message in caller.of("error")] == ["already_started"]
    await caller.send(type="text", text="버스")
    assert len(caller.of("reply")) == 2
    await caller.hang_up()


@pytest.mark.parametrize(
    "data",
    [b"abc", b"", b"\0" * 200_000, "{", "[]", '"x"', '{"type":"x"}', '{"type":"text"}',
     '{"type":"dtmf","digit":"12"}', '{"type":"played","seq":"x"}',
     '{"type":"text","text":"' + "가" * 3000 + '"}',
     b"\0" * 32_000],
)  # fmt: skip
async def test_a_message_without_sense_is_an_error_and_nothing_more(data: str | bytes) -> None:
    caller = Caller()
    await caller.start()
    await caller.send_raw(data)
    assert len(caller.of("error")) == 1
    await caller.send(type="text", text="버스")
    assert len(caller.of("reply")) == 2
    await caller.hang_up()


async def test_messages_before_the_start_are_answered_and_ten_end_it() -> None:
    caller = Caller()
    caller.dial()
    await caller.send(type="commit")
    await caller.send(type="start", sample_rate=3)
    assert [message["code"] for message in caller.of("error")] == ["start_first"] * 2
    await caller.send(type="start", sample_rate=16_000)
    assert caller.of("ready")
    await caller.hang_up()
    rude = Caller()
    rude.dial()
    for _ in range(10):
        await rude.send_raw("x")
    assert await rude.over() == "protocol"


async def test_endless_nonsense_ends_the_session() -> None:
    caller = Caller()
    await caller.start()
    for _ in range(50):
        await caller.send_raw("x")
    assert await caller.over() == "protocol"


async def test_a_rate_that_changes_is_refused_clearly_and_may_change_with_the_line() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    await caller.start()
    await caller.send(type="start", sample_rate=48_000)
    (error,) = caller.of("error")
    assert error["code"] == "rate_changed"
    assert "resume" in error["detail"]
    await caller.listen_to_the_end()
    await caller.speak(0.6)
    await caller.quiet(2.5)
    assert [one["text"] for one in caller.of("heard")] == ["버스 언제 와요"]
    await caller.hang_up()
    caller.dial()
    await caller.send(type="start", sample_rate=48_000, resume="t_1")
    assert len(caller.of("ready")) == 2
    assert len(caller.of("error")) == 1
    await caller.hang_up()


@pytest.mark.parametrize("value", [0.0, 0.3])
async def test_a_dead_microphone_is_told_once(value: float) -> None:
    caller = Caller()
    await caller.start()
    await caller.sound(np.full(40 * RATE, value, np.float32))
    told = PHRASES("microphone_dead")
    assert [one["title"] for one in caller.of("error")] == [told]
    assert told.split(". ")[0] in " ".join(caller.voice.spoken)
    await caller.hang_up()


async def test_a_quiet_citizen_and_a_telephone_are_told_nothing_of_microphones() -> None:
    for channel, silence in (("web", 2.0 / 32_768), ("phone", 0.0)):
        caller = Caller()
        caller.dial()
        await caller.send(type="start", sample_rate=RATE, channel=channel)
        await caller.listen_to_the_end()
        room = np.resize(np.array([silence, -silence], np.float32), 20 * RATE)
        await caller.sound(room)
        assert not caller.of("error")
        await caller.hang_up()


async def test_a_citizen_whose_words_come_in_too_loud_is_told_once_with_the_answer() -> None:
    caller = Caller(heard=["버스 언제 와요"] * 4)
    await caller.start()
    await caller.listen_to_the_end()
    for _ in range(4):
        await caller.speak(0.8, loudness=3.0)
        await caller.quiet(2.5)
        await caller.listen_to_the_end()
    assert len(caller.of("heard")) == 4
    told = PHRASES("too_loud").split(". ")[0]
    assert " ".join(caller.voice.spoken).count(told) == 1
    await caller.hang_up()


async def test_sound_faster_than_time_is_thrown_away_with_one_error() -> None:
    caller = Caller()
    await caller.start()
    for _ in range(70 * 5):
        await caller.send_raw(b"\0\0" * 3200)
    errors = caller.of("error")
    assert [message["code"] for message in errors] == ["too_fast"]
    await caller.hang_up()


async def test_a_client_that_never_reads_is_let_go() -> None:
    caller = Caller()
    stuck = asyncio.Event()

    async def never(_data: str | bytes) -> None:
        await stuck.wait()

    incoming: asyncio.Queue[str] = asyncio.Queue()

    async def messages():
        while True:
            yield await incoming.get()

    serving = asyncio.create_task(caller.desk.serve(messages(), never))
    incoming.put_nowait('{"type":"start","sample_rate":16000}')
    await caller.settle()
    for number in range(40):
        incoming.put_nowait(f'{{"type":"text","text":"버스 {number}"}}')
        await caller.settle()
        caller.clock.advance(10)
    # The session ends by itself, and the place is free again.
    assert await serving == "lost"
    assert caller.admission.taken == 0


async def test_hanging_up_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    for _ in range(20):
        caller = Caller(heard=["버스 언제"])
        await caller.start()
        await caller.speak(0.4)
        await caller.hang_up()
        caller.clock.advance(GRACE_SECONDS + 1)
        await caller.settle()
        await caller.desk.close()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


STEPS = st.one_of(
    st.tuples(st.just("speak"), st.sampled_from([0.1, 0.3, 0.8])),
    st.tuples(st.just("quiet"), st.sampled_from([0.2, 1.0, 3.0])),
    st.tuples(st.just("send"), st.sampled_from([
        {"type": "start", "sample_rate": 16_000}, {"type": "text", "text": "버스"}, {"type": "commit"},
        {"type": "dtmf", "digit": "0"}, {"type": "played", "seq": 3}, {"type": "played", "seq": 10_000},
        {"type": "nothing"},
    ])),
    st.tuples(st.just("raw"), st.sampled_from([b"", b"a", b"\0\0" * 10, "{}", "x", b"\xff\x7f" * 3200])),
    st.tuples(st.just("redial"), st.none()),
)  # fmt: skip
REPLIES = st.lists(
    st.sampled_from(
        [
            {},
            {"expects": "confirm"},
            {"say": ""},
            {"asks": "phone", "expects": "slot"},
            {"ended": True},
            ValueError("a bug"),
            InputError("no"),
            ConversationEnded("closed"),
        ]
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(STEPS, max_size=12),
    REPLIES,
    st.lists(st.sampled_from(["네", "", "버스 언제 와요", None]), max_size=6),
)
async def test_any_order_of_messages_is_survived_and_ends(steps, replies, heard) -> None:
    caller = Caller(ScriptedConversations(*replies), heard=list(heard))
    await caller.start()
    for what, value in steps:
        if what == "speak":
            await caller.speak(value)
        elif what == "quiet":
            await caller.quiet(value)
        elif what == "send":
            await caller.send(**value)
        elif what == "raw":
            await caller.send_raw(value)
        else:
            await caller.hang_up()
            await caller.start(resume="t_1", last_seq=2)
    reason = await caller.hang_up()
    assert reason in {"lost", "ended", "protocol"}
    sequence = [message["seq"] for message in caller.messages]
    assert all(isinstance(seq, int) for seq in sequence)
    open_sound = 0
    for kind in caller.types:
        open_sound += kind == "audio_start"
        if kind in ("audio_end", "interrupted"):
            open_sound = 0
        assert open_sound <= 2
    await caller.desk.close()
