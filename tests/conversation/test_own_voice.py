"""A client that speaks itself gets words instead of sound; all others get sound."""

from __future__ import annotations

import pytest
from tests.conversation.live_caller import GREETING, Caller, ScriptedConversations

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.live_messages import Start, parse_client_message
from donghaeng.errors import InputError
from donghaeng.speech.synthesise.browser import BrowserSynthesiser

ANSWER = "네, 찾았어요. 버스가 삼 분 뒤에 와요. 더 필요하신 것이 있으세요?"


def caller(**more: object) -> Caller:
    return Caller(ScriptedConversations({"say": ANSWER}), page_voice=BrowserSynthesiser(), **more)  # type: ignore[arg-type]


def sounds(one: Caller) -> list[bytes]:
    return [message for message in one.received if isinstance(message, bytes)]


async def test_it_is_told_what_to_say_and_how() -> None:
    one = caller()
    await one.start(own_voice=True)
    (begins,) = one.of("audio_start")
    assert begins["say"] == GREETING
    pace = one.conversations.last.pace
    assert (begins["speed"], begins["volume_db"]) == (pace.speed, pace.volume_db)
    assert sounds(one) == []
    assert one.voice.spoken == []
    await one.hang_up()


@pytest.mark.parametrize("fields", [{}, {"own_voice": False}])
async def test_others_get_sound(fields: dict[str, bool]) -> None:
    one = caller()
    await one.start(**fields)
    assert "say" not in one.of("audio_start")[0]
    assert sounds(one)
    await one.hang_up()


async def test_where_pages_are_not_to_speak_themselves_one_that_could_gets_sound() -> None:
    one = Caller()
    await one.start(own_voice=True)
    assert "say" not in one.of("audio_start")[0]
    assert sounds(one)
    await one.hang_up()


async def test_who_is_beyond_capacity_gets_sound() -> None:
    full = Admission(1, most_waiting=0)
    full.join()
    one = caller(admission=full)
    await one.start(own_voice=True)
    assert await one.over() == "busy"
    assert sounds(one)


async def test_the_legal_notice_is_not_cut_off_and_played_ends_the_guess() -> None:
    one = caller(heard=["버스 언제 와요"])
    await one.start(own_voice=True)
    await one.speak(1.0)
    assert not one.of("interrupted")
    assert not one.of("hold")
    await one.send(type="played", seq=one.of("audio_end")[0]["seq"])
    await one.quiet(3.0)
    assert one.of("reply")[-1]["say"] == ANSWER
    await one.hang_up()


async def test_after_a_false_alarm_it_is_told_only_what_was_not_said_yet() -> None:
    one = caller(heard=[""])
    await one.start(own_voice=True)
    await one.send(type="played", seq=one.of("audio_end")[0]["seq"])
    await one.send(type="text", text="버스")
    assert one.of("audio_start")[-1]["say"] == ANSWER
    one.forget()
    await one.quiet(1.5)
    await one.speak(1.2)
    assert one.of("interrupted")
    await one.quiet(3.0)
    assert one.of("audio_start")[-1]["say"] == "더 필요하신 것이 있으세요?"
    await one.hang_up()


def test_the_wish_is_true_or_false() -> None:
    start = parse_client_message('{"type": "start", "own_voice": true}')
    assert isinstance(start, Start)
    assert start.own_voice
    with pytest.raises(InputError, match="own_voice is neither true nor false"):
        parse_client_message('{"type": "start", "own_voice": "yes"}')
