"""The runtime on a real store: turns, tokens, keys, order, resuming, what is stored and what is not."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conversation.scripted import START, World
from tests.dialogue.harness import VALUES, ask

from donghaeng.conversation.door import Location, Opening, Said, TestCity
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.conversation.turn_input import KEY_PRESSED, MAX_TEXT
from donghaeng.dialogue.state import QuestionKind
from donghaeng.errors import (
    ConversationBusy,
    ConversationEnded,
    InputError,
    ProviderTimeout,
    ProviderUnavailable,
    UnknownConversation,
)
from donghaeng.store import events, outbox, requests
from donghaeng.understanding.acts import Act, ActKind, Alternative, SlotFill

HOME = Opening(home_district="마포구")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def say(runtime: ConversationRuntime, reply: Reply, text: str, key: str | None = None) -> Reply:
    return await runtime.turn(reply.conversation, reply.token, Said(text=text), idempotency_key=key)


async def test_a_conversation_opens_with_a_greeting_and_a_token_of_its_own(world: World) -> None:
    with world.process() as runtime:
        first, second = await runtime.open(HOME), await runtime.open(HOME)
        assert "상담사" in first.say
        assert (first.turn, first.expects, first.service) == (0, "open", None)
        assert first.token != second.token
        assert first.conversation != second.conversation


async def test_turns_are_counted_and_carried_out(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        weather = await say(runtime, reply, "날씨")
        assert (weather.turn, weather.service, weather.heard) == (1, "weather", "날씨")
        assert [(call.service, call.effect, call.outcome) for call in weather.calls] == [
            ("weather", "read", "ok")
        ]
        readback = await say(runtime, reply, "소파")
        assert (readback.turn, readback.expects, readback.calls) == (2, "confirm", [])
        done = await say(runtime, reply, "confirm")
        assert done.calls[0].receipt == "SEL-000001"
        assert len(world.city.accepted) == 1


GUESSED = Act(ActKind.UNSURE, alternatives=(Alternative("weather", 0.4), Alternative("pharmacy", 0.3)))


@pytest.mark.parametrize(
    ("text", "others", "service", "expects"),
    [
        ("그거", ("소파",), "bulky_waste", "confirm"),
        ("그거", ("웅", "날씨"), "weather", "open"),
        ("그거", ("웅", "out_of_scope", "…"), None, "choice"),
        ("웅", ("그거",), None, "choice"),
        ("웅", ("그거", "날씨"), "weather", "open"),
        ("날씨", ("소파",), "weather", "open"),
        ("그거", (), None, "choice"),
    ],
)
async def test_what_else_was_heard_is_tried_before_the_citizen_is_asked(
    world: World, text: str, others: tuple[str, ...], service: str | None, expects: str
) -> None:
    world.understanding.words |= {"그거": GUESSED, "…": Act(ActKind.SILENCE)}
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        said = Said(text=text, alternatives=others)
        found = await runtime.turn(reply.conversation, reply.token, said)
    assert found.expects == expects
    assert service is None or found.service == service
    assert found.heard == text


async def test_no_other_hearing_agrees_to_a_write(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        readback = await say(runtime, reply, "소파")
        assert readback.expects == "confirm"
        said = Said(text="웅", alternatives=("confirm",))
        again = await runtime.turn(reply.conversation, reply.token, said)
        assert (again.expects, again.calls) == ("confirm", [])
        assert world.city.sent == []
        await say(runtime, reply, "confirm")
        assert len(world.city.sent) == 1


async def test_a_repeated_key_gives_the_first_reply_and_does_nothing(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        first = await say(runtime, reply, "confirm", key="k1")
        again = await say(runtime, reply, "날씨", key="k1")
        assert again == first
        assert (len(world.city.sent), world.city.reads) == (1, 1)
    with world.process("two") as later:
        assert await say(later, reply, "confirm", key="k1") == first


async def test_an_unknown_token_looks_like_an_unknown_conversation(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        for conversation, token in ((reply.conversation, "x"), ("c_none", reply.token), ("c_none", "")):
            with pytest.raises(UnknownConversation):
                await runtime.turn(conversation, token, Said(text="날씨"))
            with pytest.raises(UnknownConversation):
                await runtime.transcript(conversation, token)
            with pytest.raises(UnknownConversation):
                await runtime.end(conversation, token)
        with pytest.raises(UnknownConversation):
            await runtime.resume("x")
    with world.process("two") as later, pytest.raises(UnknownConversation):
        await later.turn(reply.conversation, "x", Said(text="날씨"))


async def test_an_ended_conversation_takes_no_turns(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        goodbye = await say(runtime, reply, "goodbye", key="bye")
        assert (goodbye.ended, goodbye.expects) == (True, "none")
        with pytest.raises(ConversationEnded):
            await say(runtime, reply, "날씨")
        assert await say(runtime, reply, "goodbye", key="bye") == goodbye
    with world.process("two") as later:
        with pytest.raises(ConversationEnded):
            await say(later, reply, "날씨")
        assert (await later.resume(reply.token)).ended


async def test_ending_twice_gives_the_same_reply(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        first = await runtime.end(reply.conversation, reply.token)
        assert first.ended
        assert await runtime.end(reply.conversation, reply.token) == first


async def test_a_text_that_is_too_long_is_refused_and_the_conversation_goes_on(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        with pytest.raises(InputError, match="too long"):
            await say(runtime, reply, "가" * (MAX_TEXT + 1))
        assert (await say(runtime, reply, "날씨")).turn == 1


@pytest.mark.parametrize(
    ("key", "heard"), [("0", "상담사"), ("*", "다시 말해 주세요"), ("#", "네"), ("5", KEY_PRESSED)]
)
async def test_telephone_keys_are_words(world: World, key: str, heard: str) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        answer = await runtime.turn(reply.conversation, reply.token, Said(dtmf=key))
        assert answer.heard == heard


async def test_silence_is_a_turn_of_its_own(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        answer = await runtime.turn(reply.conversation, reply.token, Said(no_input=True))
        assert "듣고 있어요" in answer.say
        assert world.understanding.heard == []


async def test_two_turns_at_once_are_taken_one_after_the_other(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        world.city.gate = asyncio.Event()
        first = asyncio.create_task(say(runtime, reply, "날씨"))
        await world.city.reading.wait()
        second = asyncio.create_task(say(runtime, reply, "thanks"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not second.done()
        world.city.gate.set()
        assert [(await first).turn, (await second).turn] == [1, 2]


async def test_the_same_key_twice_at_once_is_one_turn(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        both = await asyncio.gather(*(say(runtime, reply, "confirm", key="k") for _ in range(2)))
        assert both[0] == both[1]
        assert len(world.city.sent) == 1


async def test_a_caller_who_goes_away_takes_back_no_turn(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        world.city.gate = asyncio.Event()
        task = asyncio.create_task(say(runtime, reply, "날씨", key="k"))
        await world.city.reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        world.city.gate.set()
        again = await say(runtime, reply, "날씨", key="k")
        assert (again.turn, again.service, world.city.reads) == (1, "weather", 1)


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever another process does falls between this one's look at the conversation and its commit."""

    def seems_current(live: Live, last_seq: int | None) -> bool:
        return False

    monkeypatch.setattr(Memory, "_is_behind", staticmethod(seems_current))


@pytest.mark.usefixtures("overtaken")
async def test_another_process_that_took_a_turn_makes_this_one_busy_once(world: World) -> None:
    with world.process("one") as one, world.process("two") as two:
        reply = await one.open(HOME)
        assert (await say(two, reply, "날씨")).turn == 1
        with pytest.raises(ConversationBusy):
            await say(one, reply, "thanks")
        assert (await say(one, reply, "thanks")).turn == 2


@pytest.mark.usefixtures("overtaken")
async def test_a_stale_process_sends_no_write(world: World) -> None:
    with world.process("one") as one, world.process("two") as two:
        reply = await one.open(HOME)
        await say(one, reply, "소파")
        await say(two, reply, "cancel")
        with pytest.raises(ConversationBusy):
            await say(one, reply, "confirm")
        assert world.city.sent == []


async def test_resuming_gives_the_last_reply_again(world: World) -> None:
    with world.process("one") as one:
        reply = await one.open(HOME)
        last = await say(one, reply, "소파")
        assert await one.resume(reply.token) == last
    with world.process("two") as two:
        assert await two.resume(reply.token) == last
        done = await say(two, reply, "confirm")
        assert done.calls[0].outcome == "ok"


async def test_what_is_understood_and_stored_holds_no_resident_number(world: World) -> None:
    number = "470815-2345678"
    spoken = "사칠공팔일오 다시 이삼사오육칠팔"
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, f"제 주민번호는 {number}이에요")
        await say(runtime, reply, f"주민번호 {spoken}이요", key=f"my key {number}")
        shown = json.dumps(await runtime.transcript(reply.conversation, reply.token), ensure_ascii=False)
    raw = world.bytes()
    for secret in ("2345678", "이삼사오육칠팔"):
        assert secret not in shown
        assert secret.encode() not in raw
        assert all(secret not in heard for heard in world.understanding.heard)


async def test_personal_values_are_sealed_in_the_file(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(Opening(location=Location(37.55, 126.91)))
        await say(runtime, reply, "소파")
        await say(runtime, reply, "confirm")
    raw = world.bytes()
    for secret in ("010-1234-5678", "양화로", "소파"):
        assert secret.encode() not in raw
        assert json.dumps(secret)[1:-1].encode() not in raw


async def test_the_transcript_tells_what_was_heard_and_said(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        weather = await say(runtime, reply, "날씨")
        shown = await runtime.transcript(reply.conversation, reply.token)
    assert [(turn["turn"], turn["heard"]) for turn in shown["turns"]] == [(0, None), (1, "날씨")]
    assert shown["turns"][1]["say"] == weather.say
    assert [event["seq"] for event in shown["events"]] == list(range(1, len(shown["events"]) + 1))
    json.dumps(shown)


async def test_practice_never_reaches_outbox_or_requests(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(Opening(home_district="마포구", practice=True))
        assert "연습" in reply.say
        await say(runtime, reply, "소파")
        assert (await say(runtime, reply, "confirm")).calls[0].outcome == "ok"
        store = runtime._store
        assert store.look(outbox.pending) == []
        assert store.look(lambda tx: outbox.get(tx, world.city.sent[0])) is None
        assert store.look(lambda tx: requests.of_conversation(tx, reply.conversation)) == []


async def test_a_write_is_in_outbox_and_requests_once_it_is_accepted(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        await say(runtime, reply, "confirm")
        store = runtime._store
        row = store.look(lambda tx: outbox.get(tx, world.city.sent[0]))
        assert (row.state, row.receipt) == ("done", "SEL-000001")
        made = store.look(lambda tx: requests.of_conversation(tx, reply.conversation))
        assert [(one.receipt, one.summary["phone"]) for one in made] == [("SEL-000001", "010-1234-5678")]


@pytest.mark.parametrize("opening", [Opening(now=START), Opening(city=TestCity())])
async def test_the_test_clock_is_refused_where_it_is_not_allowed(world: World, opening: Opening) -> None:
    with world.process() as runtime:
        with pytest.raises(InputError, match="test clock"):
            await runtime.open(opening)
        plain = await runtime.open(HOME)
        with pytest.raises(InputError, match="test clock"):
            await runtime.city_writes(plain.conversation, plain.token)


async def test_the_test_clock_is_the_conversations_own(world: World) -> None:
    with world.process(allow_test_clock=True) as runtime:
        with pytest.raises(InputError, match="offset"):
            await runtime.open(Opening(now=START.replace(tzinfo=None)))
        reply = await runtime.open(Opening(home_district="마포구", now=START.replace(year=2027)))
        answer = await say(runtime, reply, "날씨")
        assert answer.slots["date"] == "2027-11-23"
        await say(runtime, reply, "소파")
        await say(runtime, reply, "confirm")
        assert await runtime.city_writes(reply.conversation, reply.token) == [{"receipt": "SEL-000001"}]


async def test_an_unknown_district_is_refused(world: World) -> None:
    with world.process() as runtime, pytest.raises(InputError, match="no district"):
        await runtime.open(Opening(home_district="평양구"))


async def test_a_position_gives_the_home_district(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(Opening(location=Location(37.5665, 126.978)))
        assert (await say(runtime, reply, "날씨")).slots["district"] == "중구"


async def test_hints_follow_the_open_question(world: World) -> None:
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        assert (await runtime.hints(reply.conversation, reply.token)).expects == "open"
        await say(runtime, reply, "소파")
        hints = await runtime.hints(reply.conversation, reply.token)
        assert (hints.expects, hints.slot_type) == (QuestionKind.CONFIRM.expects, None)
        await say(runtime, reply, "back")
        hints = await runtime.hints(reply.conversation, reply.token)
        assert (hints.expects, hints.slot_type) == ("slot", "phone")


async def test_a_person_is_queued_with_a_place(world: World) -> None:
    with world.process() as runtime:
        first, second = await runtime.open(HOME), await runtime.open(HOME)
        for reply, position in ((first, 1), (second, 2)):
            answer = await say(runtime, reply, "상담사")
            assert answer.handover is not None
            assert (answer.handover.state, answer.handover.position) == ("queued", position)
            assert answer.calls == []
        again = await say(runtime, first, "상담사")
        assert again.handover is not None
        assert again.handover.position == 1


async def test_a_conversation_that_left_memory_is_folded_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donghaeng.conversation.memory.MAX_KEPT", 1)
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        await runtime.open(HOME)
        assert (await say(runtime, reply, "confirm")).calls[0].outcome == "ok"


async def test_what_another_process_cancelled_is_not_sent(world: World) -> None:
    with world.process("one") as one, world.process("two") as two:
        reply = await one.open(HOME)
        await say(one, reply, "소파")
        await say(two, reply, "cancel")
        await say(one, reply, "confirm")
        assert world.city.sent == []


async def test_two_processes_take_turns_of_one_conversation(world: World) -> None:
    with world.process() as one, world.process("two") as other:
        reply = await one.open(HOME)
        await say(other, reply, "소파")
        confirmed = await say(one, reply, "confirm")
        assert confirmed.calls[0].outcome == "ok"
        assert (await say(other, reply, "thanks")).turn == confirmed.turn + 1
        assert len(world.city.accepted) == 1


def timeouts(times: int) -> Any:
    left = [times]

    def before() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise ProviderTimeout("gateway", "no answer")

    return before


async def test_an_answer_that_gets_lost_is_asked_for_again_with_the_same_key(world: World) -> None:
    world.city.after = timeouts(1)
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        done = await say(runtime, reply, "confirm")
        assert done.calls[0].receipt == "SEL-000001"
        assert len(set(world.city.sent)) == 1
        assert len(world.city.sent) == 2


async def test_an_unanswered_write_is_settled_later_and_the_next_turn_tells(world: World) -> None:
    world.city.before = timeouts(3)
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        await say(runtime, reply, "소파")
        waiting = await say(runtime, reply, "confirm")
        assert waiting.calls[0].outcome == "failed"
        assert "다시 신청하지 않으셔도" in waiting.say
        assert await runtime.send_waiting() == 0
        world.clock.now += timedelta(hours=1)
        assert await runtime.send_waiting() == 0
        world.clock.now += timedelta(hours=1)
        assert await runtime.send_waiting() == 1
        assert len(world.city.accepted) == 1
        made = runtime._store.look(lambda tx: requests.of_conversation(tx, reply.conversation))
        assert [one.receipt for one in made] == ["SEL-000001"]
        told = await say(runtime, reply, "날씨")
        assert "SEL-000001" in told.show.text
        assert "SEL-000001" not in (await say(runtime, reply, "날씨")).show.text


async def test_news_reaches_a_conversation_of_another_process(world: World) -> None:
    world.city.before = timeouts(2)
    with world.process("one") as one:
        reply = await one.open(HOME)
        await say(one, reply, "소파")
        await say(one, reply, "confirm")
    world.clock.now += timedelta(hours=8)
    with world.process("two") as two:
        assert await two.send_waiting() == 1
    with world.process("three") as three:
        assert "SEL-000001" in (await say(three, reply, "thanks")).show.text


@pytest.mark.usefixtures("overtaken")
async def test_sending_what_waits_goes_on_past_a_conversation_that_is_busy(world: World) -> None:
    world.city.before = timeouts(4)
    with world.process("one") as one, world.process("two") as two:
        stale, fresh = await one.open(HOME), await one.open(HOME)
        for reply in (stale, fresh):
            await say(one, reply, "소파")
            await say(one, reply, "confirm")
        await say(two, stale, "thanks")
        world.clock.now += timedelta(hours=8)
        assert await one.send_waiting() == 1
        world.clock.now += timedelta(hours=4)
        assert await one.send_waiting() == 1
        for reply in (stale, fresh):
            assert "접수번호" in (await say(one, reply, "thanks")).show.text
    assert len(world.city.accepted) == 2


async def test_a_read_that_fails_is_a_failed_call_not_an_error(world: World) -> None:
    async def broken(*args: Any, **more: Any) -> Any:
        raise ProviderUnavailable("weather", "down")

    world.city.call = broken  # type: ignore[method-assign]
    with world.process() as runtime:
        reply = await runtime.open(HOME)
        answer = await say(runtime, reply, "날씨")
        assert answer.calls[0].outcome == "failed"
        assert answer.expects == "choice"


async def test_what_is_keyed_in_digit_by_digit_spells_nothing_in_the_records(tmp_path: Path) -> None:
    """A resident number on the keypad: no turn holds more than that a key was pressed."""
    world = World(tmp_path)
    world.understanding.words |= {
        digit: Act(ActKind.FILL, slots={"phone": SlotFill(None, problem="incomplete", words=digit)})
        for digit in "0123456789"
    } | {"수도": ask("meter_freeze", symptom="frozen", address=VALUES["address"])}
    with world.process() as runtime:
        reply = await runtime.open(Opening())
        reply = await runtime.turn(reply.conversation, reply.token, Said(text="수도"))
        for digit in "8112123456789":
            reply = await runtime.turn(reply.conversation, reply.token, Said(dtmf=digit))
            assert reply.heard == KEY_PRESSED
        assert world.understanding.heard[-3:] == ["7", "8", "9"], "what is asked for may be keyed in"
        transcript = await runtime.transcript(reply.conversation, reply.token)
        kinds = {
            one.kind for one in runtime._store.look(lambda tx: events.of_conversation(tx, reply.conversation))
        }
    assert not re.search(r"[1-9]", "".join(str(turn["heard"]) for turn in transcript["turns"]))
    assert "AnswersBegun" not in kinds
