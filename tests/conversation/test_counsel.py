"""A counsellor has the conversation: who it belongs to, what is said, and that the machine is silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conversation.scripted import START, World
from tests.dialogue.harness import policy

from donghaeng.conversation.counsel import Counsel
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import InputError
from donghaeng.people.bell import Bell
from donghaeng.people.cases import (
    Forward,
    HandoverTaken,
    LineKind,
    NotTheOwner,
    Source,
    Suggestion,
    UnknownHandover,
    Urgency,
)
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.store import Store, Transaction, handovers
from donghaeng.store.handovers import HandoverRow
from donghaeng.trust.sealing import Sealer

KEY = b"k" * 32
THREE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SOURCE = Source("기초연금", "법", "복지부")


@dataclass
class Office:
    """A desk, a machine and a city."""

    world: World
    store: Store
    runtime: ConversationRuntime
    desk: Counsel

    async def talk(self, *words: str, **opening: object) -> Reply:
        """A conversation in which ``words`` were said."""
        reply = await self.runtime.open(Opening(**{"channel": "chat", "home_district": "마포구", **opening}))  # type: ignore[arg-type]
        for text in words:
            reply = await self.say(reply, text)
        return reply

    async def say(self, before: Reply, text: str, *, key: str | None = None) -> Reply:
        return await self.runtime.turn(
            before.conversation, before.token, Said(text=text), idempotency_key=key
        )

    def handover(self, reply: Reply) -> str:
        row = self.store.look(lambda tx: handovers.of_conversation(tx, reply.conversation))
        assert row is not None
        return row.id

    async def told(self, reply: Reply, after: int = 0) -> list[Reply]:
        answers = await self.runtime.desk.answers(reply.conversation, reply.token, after=after, seconds=0)
        return [one.reply for one in answers.told if one.kind is not LineKind.CLAIMED]


def answer(question: str, day: object) -> tuple[Suggestion, ...]:
    if "연금" not in question:
        return ()
    return (
        Suggestion("pension", question, "기초연금은 만 65세부터예요.", Source("기초연금", "법", "복지부")),
    )


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    world, bell = World(tmp_path), Bell()
    with Store.open(f"sqlite:///{world.database}", Sealer([KEY])) as store:
        runtime = world.runtime(store, "one", bell=bell)
        desk = world.desk(store, runtime, bell, suggest=answer)
        yield Office(world, store, runtime, desk)


async def test_from_the_claim_on_the_counsellor_answers_and_the_machine_is_silent(office: Office) -> None:
    asked = await office.talk("소파", "상담사")
    assert asked.handover is not None
    assert asked.handover.state == "queued"
    (waiting,) = await office.desk.queue()
    assert (waiting.conversation, waiting.service, waiting.channel) == (
        asked.conversation,
        "bulky_waste",
        "chat",
    )
    case = await office.desk.claim(waiting.id, "kim")
    assert case.service == policy().catalogue["bulky_waste"].name
    assert case.transcript[1].heard == "소파"
    assert "010-1234-5678" in case.slots.values()
    for words in ("여보세요", "날씨", "네", "불"):
        reply = await office.say(asked, words)
        assert (reply.say, reply.show.text, reply.calls, reply.citations) == ("", "", [], [])
        assert reply.handover is not None
        assert reply.handover.state == "joined"
    heard = [line for line in (await office.desk.case(waiting.id, "kim")).lines if line.kind == "citizen"]
    assert [(line.text, line.detail) for line in heard] == [
        ("여보세요", None),
        ("날씨", None),
        ("네", None),
        ("불", "fire"),
    ]
    assert office.world.city.sent == []
    said = await office.desk.say(waiting.id, "kim", "네, 303호시죠?", key="1")
    assert await office.desk.say(waiting.id, "kim", "네, 303호시죠?", key="1") == said
    (told,) = await office.told(asked)
    assert told.show.text == "네, 303호시죠?"
    assert told.say == "네, 삼백삼 호시죠?"
    assert told.handover is not None
    assert told.handover.state == "joined"
    transcript = await office.runtime.transcript(asked.conversation, asked.token)
    assert [one["from"] for one in transcript["messages"]] == ["citizen"] * 4 + ["counsellor"]


async def test_what_was_about_to_be_said_is_dropped_and_shown_to_the_counsellor(office: Office) -> None:
    asked = await office.talk("상담사")
    office.world.city.gate = asyncio.Event()
    turn = asyncio.create_task(office.say(asked, "날씨", key="k"))
    await office.world.city.reading.wait()
    await office.desk.claim(office.handover(asked), "kim")
    office.world.city.gate.set()
    reply = await turn
    assert (reply.say, reply.show.text) == ("", "")
    assert reply.handover is not None
    assert reply.handover.state == "joined"
    assert (await office.say(asked, "날씨", key="k")).say == ""
    kinds = [line.kind for line in (await office.desk.case(office.handover(asked), "kim")).lines]
    assert kinds == ["queued", "claimed", "citizen", "withheld"]
    assert (await office.runtime.resume(asked.token)).say == ""


async def test_handed_back_the_machine_says_what_is_in_hand_and_asks_again(office: Office) -> None:
    asked = await office.talk("소파")
    question = asked.show.text
    assert asked.expects == "confirm"
    asked = await office.say(asked, "상담사")
    handover = office.handover(asked)
    await office.desk.claim(handover, "kim")
    await office.say(asked, "이게 뭐예요")
    await office.desk.hand_back(handover, "kim")
    (back,) = await office.told(asked)
    assert back.show.text.startswith("다시 인공지능 상담원이에요.")
    assert back.expects == "confirm"
    assert back.service == "bulky_waste"
    assert back.handover is None
    assert question.split(".")[-1] in back.show.text
    done = await office.say(asked, "confirm")
    assert [call.outcome for call in done.calls] == ["ok"]
    assert len(office.world.city.accepted) == 1
    with pytest.raises(NotTheOwner):
        await office.desk.say(handover, "kim", "잠깐만요")


async def test_a_closed_hand_over_silences_nobody_and_a_new_one_may_follow(office: Office) -> None:
    asked = await office.talk("상담사")
    await office.desk.claim(office.handover(asked), "kim")
    with pytest.raises(InputError, match="nonsense"):
        await office.desk.close(office.handover(asked), "kim", "nonsense")
    await office.desk.close(office.handover(asked), "kim", "answered", "잘 끝남")
    weather = await office.say(asked, "날씨")
    assert weather.say
    assert weather.handover is None
    again = await office.say(asked, "상담사")
    assert again.handover is not None
    assert again.handover.state == "queued"
    figures = await office.desk.figures()
    assert (figures.handled, figures.claimed, figures.waiting) == (1, 1, 1)
    assert figures.outcomes == {"answered": 1}
    assert figures.waited_p50_seconds is not None


async def test_forwarding_puts_it_first_for_the_other_with_a_note(office: Office) -> None:
    other, asked = await office.talk("상담사"), await office.talk("상담사")
    await office.desk.claim(office.handover(asked), "kim")
    await office.desk.beat("lee")
    for wrong in (Forward("lee", "welfare"), Forward(department="moon")):
        with pytest.raises(InputError):
            await office.desk.forward(office.handover(asked), "kim", wrong)
    await office.desk.forward(office.handover(asked), "kim", Forward(staff="lee"), "환불 건이에요")
    assert [one.conversation for one in await office.desk.queue()] == [
        asked.conversation,
        other.conversation,
    ]
    (told,) = await office.told(asked)
    assert told.handover is not None
    assert told.handover.state == "queued"
    with pytest.raises(HandoverTaken):
        await office.desk.claim(office.handover(asked), "park")
    assert (await office.desk.claim_next("park")) is not None
    case = await office.desk.claim_next("lee")
    assert case is not None
    assert case.handover.conversation == asked.conversation
    assert [line.text for line in case.lines if line.kind == "note"] == ["환불 건이에요"]
    await office.desk.forward(case.handover.id, "lee", Forward(department="tax"))
    assert await office.desk.claim_next("lee", department="welfare") is None
    assert await office.desk.claim_next("lee", department="tax") is not None


async def test_a_counsellor_who_is_gone_gives_it_back_to_the_front(office: Office) -> None:
    await office.talk("상담사")
    asked = await office.talk("상담사")
    await office.desk.claim(office.handover(asked), "kim")
    assert await office.desk.release_absent() == 0
    office.world.clock.now += timedelta(seconds=GRACE_SECONDS / 2)
    await office.desk.beat("kim")
    office.world.clock.now += timedelta(seconds=GRACE_SECONDS - 1)
    assert await office.desk.release_absent() == 0
    assert [one.id for one in await office.desk.present()] == ["kim"]
    office.world.clock.now += timedelta(seconds=2)
    assert await office.desk.release_absent() == 1
    first = (await office.desk.queue())[0]
    assert (first.conversation, first.urgency) == (asked.conversation, Urgency.RETURNED)
    (told,) = await office.told(asked)
    assert "끊겼어요" in told.show.text
    assert await office.desk.present() == ()
    weather = await office.say(asked, "날씨")
    assert weather.say
    assert weather.handover is not None
    assert weather.handover.state == "queued"


async def call_back(office: Office) -> tuple[Reply, str]:
    """A conversation that is to be called back at three, and its hand-over."""
    asked = await office.talk("상담사")
    handover = office.handover(asked)
    now = office.world.clock.now
    office.store.run(
        lambda tx: handovers.set_details(tx, handover, topic=None, phone="010-1234-5678", at=now)
    )
    office.store.run(lambda tx: handovers.move(tx, handover, "callback", now, callback_at=THREE))
    return asked, handover


async def let_go_by_absence(office: Office, handover: str) -> None:
    office.world.clock.now += timedelta(seconds=GRACE_SECONDS + 1)
    assert await office.desk.release_absent() == 1


async def let_go_by_logging_out(office: Office, handover: str) -> None:
    await office.desk.leave("kim")


async def let_go_by_forwarding(office: Office, handover: str) -> None:
    await office.desk.forward(handover, "kim", Forward(department="tax"))


@pytest.mark.parametrize("let_go", [let_go_by_absence, let_go_by_logging_out, let_go_by_forwarding])
async def test_a_call_back_that_is_let_go_keeps_the_promised_time(
    office: Office, let_go: Callable[[Office, str], Awaitable[None]]
) -> None:
    asked, handover = await call_back(office)
    for _ in range(2):
        claimed = await office.desk.claim(handover, "kim")
        assert (claimed.handover.state, claimed.phone) == ("joined", "010-1234-5678")
        await let_go(office, handover)
        assert await office.desk.queue() == ()
        (waiting,) = await office.desk.callbacks()
        assert (waiting.id, waiting.state, waiting.callback_at) == (handover, "callback", THREE)
        assert waiting.has_phone
        assert waiting.owner is None
        told = (await office.told(asked))[-1]
        assert told.handover is not None
        assert told.handover.state == "callback"
        assert "전화드릴게요" in told.show.text
    weather = await office.say(asked, "날씨")
    assert weather.say
    assert weather.handover is not None
    assert weather.handover.state == "callback"


async def test_who_waits_behind_hundreds_for_others_is_found(office: Office) -> None:
    asked = await office.talk("상담사")
    await office.desk.beat("lee")

    def fill(tx: Transaction) -> None:
        for number in range(handovers.MOST_LISTED + 50):
            one = HandoverRow(f"h_{number}", asked.conversation, START, urgency=Urgency.RETURNED)
            handovers.add(tx, one)
            handovers.claim(tx, one.id, "park", START)
            to_lee = number % 2
            handovers.release(
                tx,
                one.id,
                "park",
                START,
                department=None if to_lee else "tax",
                for_staff="lee" if to_lee else None,
            )

    mine = office.handover(asked)
    office.store.run(fill)
    found = await office.desk.claim_next("kim")
    assert found is not None
    assert found.handover.id == mine
    assert await office.desk.claim_next("kim") is None
    assert await office.desk.claim_next("kim", department="tax") is not None
    assert await office.desk.claim_next("lee") is not None


async def test_who_logs_out_leaves_nothing_behind(office: Office) -> None:
    asked = await office.talk("상담사")
    await office.desk.claim(office.handover(asked), "kim")
    await office.desk.leave("kim")
    assert [one.urgency for one in await office.desk.queue()] == [Urgency.RETURNED]
    assert await office.desk.mine("kim") == ()


async def test_only_the_owner_acts_and_sees(office: Office) -> None:
    asked = await office.talk("상담사")
    handover = office.handover(asked)
    await office.desk.claim(handover, "kim")
    assert (await office.desk.claim(handover, "kim")).handover.owner == "kim"
    with pytest.raises(HandoverTaken):
        await office.desk.claim(handover, "lee")
    for act in (
        office.desk.case(handover, "lee"),
        office.desk.say(handover, "lee", "네"),
        office.desk.note(handover, "lee", "네"),
        office.desk.close(handover, "lee", "done"),
        office.desk.hand_back(handover, "lee"),
        office.desk.forward(handover, "lee", Forward()),
        office.desk.judge(handover, "lee", "pension", "used"),
    ):
        with pytest.raises(NotTheOwner):
            await act
    with pytest.raises(UnknownHandover):
        await office.desk.claim("h_none", "kim")
    with pytest.raises(InputError):
        await office.desk.say(handover, "kim", "  ")


async def test_an_emergency_before_goes_first_in_the_queue(office: Office) -> None:
    calm = await office.talk("상담사")
    urgent = await office.talk("불", "상담사")
    assert [one.conversation for one in await office.desk.queue()] == [
        urgent.conversation,
        calm.conversation,
    ]
    case = await office.desk.claim_next("kim")
    assert case is not None
    assert case.emergency == "fire"


async def test_who_only_practises_waits_for_nobody(office: Office) -> None:
    await office.talk("상담사", practice=True)
    assert await office.desk.queue() == ()
    assert (await office.desk.figures()).waiting == 0


async def test_numbers_that_are_never_kept_reach_no_counsellor_and_nothing_lies_open(office: Office) -> None:
    asked = await office.talk("상담사")
    handover = office.handover(asked)
    await office.desk.claim(handover, "kim")
    await office.say(asked, "제 번호는 470815-2345678이에요 화곡동 사는 김복순이에요")
    await office.desk.say(handover, "kim", "470815-2345678은 말씀하지 마세요, 김복순 님")
    case = await office.desk.case(handover, "kim")
    assert not any("2345678" in line.text for line in case.lines)
    assert "김복순" in case.lines[-1].text
    assert "김복순".encode() not in office.world.bytes()


async def test_suggestions_come_with_sources_and_what_became_of_them_is_counted(office: Office) -> None:
    asked = await office.talk("기초연금 얼마예요", "상담사")
    handover = office.handover(asked)
    case = await office.desk.claim(handover, "kim")
    (one,) = case.suggestions
    assert one.source is not None
    assert one.source.document == "법"
    await office.desk.judge(handover, "kim", one.id, "edited", "만 예순다섯부터예요")
    assert (await office.desk.figures()).suggestions == {"edited": 1}


async def test_the_citizen_who_leaves_ends_the_wait(office: Office) -> None:
    asked = await office.talk("상담사")
    await office.desk.claim(office.handover(asked), "kim")
    gone = await office.runtime.end(asked.conversation, asked.token)
    assert (gone.say, gone.ended) == ("", True)
    assert await office.desk.mine("kim") == ()
    assert (await office.desk.figures()).outcomes == {"citizen_left": 1}


async def test_lines_come_as_they_happen_in_the_order_of_their_numbers(office: Office) -> None:
    asked = await office.talk("상담사")
    handover = office.handover(asked)
    lines = office.desk.changes()
    following = office.runtime.desk.follow(asked.conversation, asked.token)
    first = asyncio.ensure_future(anext(lines))
    await asyncio.sleep(0)
    await office.desk.claim(handover, "kim")
    await office.desk.say(handover, "kim", "안녕하세요")
    assert (await asyncio.wait_for(first, 5)).kind is LineKind.CLAIMED
    assert (await asyncio.wait_for(anext(lines), 5)).text == "안녕하세요"
    assert (await asyncio.wait_for(anext(following), 5)).kind is LineKind.CLAIMED
    assert (await asyncio.wait_for(anext(following), 5)).reply.say == "안녕하세요"


async def test_a_poll_waits_for_the_counsellors_words(office: Office) -> None:
    asked = await office.talk("상담사")
    handover = office.handover(asked)
    await office.desk.claim(handover, "kim")
    before = await office.runtime.desk.answers(asked.conversation, asked.token, after=0, seconds=0)
    poll = asyncio.create_task(
        office.runtime.desk.answers(asked.conversation, asked.token, after=before.last, seconds=30)
    )
    await asyncio.sleep(0)
    await office.desk.say(handover, "kim", "안녕하세요")
    answers = await asyncio.wait_for(poll, 5)
    assert [one.reply.say for one in answers.told] == ["안녕하세요"]
    assert answers.handover is not None
    assert answers.handover.state == "joined"
