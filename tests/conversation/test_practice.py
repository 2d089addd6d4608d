"""Practice changes nothing: what is said in it reaches neither city nor outbox, through crashes too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.conversation.practising import NOW, PRACTISE, practising, somebody
from tests.dialogue.citizen_and_city import KINDS, WRITES, acts_after
from tests.dialogue.harness import BULKY, ask, catalogue, value_of

from donghaeng.conversation.data_subject import Asked, erase
from donghaeng.errors import ProviderUnconnected
from donghaeng.store import conversations
from donghaeng.store import tables as t
from donghaeng.store.conversations import Conversation
from donghaeng.understanding.acts import Act, ActKind

STOP, REAL = Act(ActKind.STOP_PRACTICE), Act(ActKind.FOR_REAL)
YES, NO = Act(ActKind.CONFIRM), Act(ActKind.DENY)
MUMBLED, SILENT = Act(ActKind.UNCLEAR), Act(ActKind.SILENCE)
PERSON = ask("counsellor")
FIRE = Act(ActKind.EMERGENCY, detail="fire")
SOFA = ask("bulky_waste", **BULKY)
WEATHER = ask("weather")
ENDS = frozenset({ActKind.STOP_PRACTICE, ActKind.FOR_REAL, ActKind.GOODBYE, ActKind.TO_PAGE})


async def test_a_practised_request_gets_a_receipt_of_practice_and_nothing_is_left_behind(
    tmp_path: Path,
) -> None:
    async with practising(tmp_path) as citizen:
        readback = await citizen.does(SOFA)
        assert (readback.expects, readback.practice) == ("confirm", True)
        done = await citizen.does(YES)
        receipt = done.calls[0].receipt
        assert receipt is not None
        assert receipt.startswith("연습-")
        assert len(citizen.practised_writes) == 1
        assert citizen.left_behind() == {}
        assert await citizen.runtime.send_waiting() == 0


async def test_every_answer_says_that_it_is_practice(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        mark = "지금은 연습이에요."
        for acts in (WEATHER, Act(ActKind.REPEAT), SOFA, MUMBLED, Act(ActKind.SLOWER), YES, SILENT, SILENT):
            reply = await citizen.does(acts)
            assert reply.practice
            assert reply.say.startswith(mark)
            assert reply.show.text.startswith(mark)
        stopped = await citizen.does(STOP)
        assert not stopped.practice
        assert mark not in stopped.say
        assert "진짜" in stopped.say


async def test_a_mistake_is_never_punished(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        for open_with in (None, ask("bulky_waste"), SOFA):
            if open_with is not None:
                await citizen.does(open_with)
            for _ in range(7):
                for wrong in (MUMBLED, SILENT, Act(ActKind.OUT_OF_SCOPE), Act(ActKind.ABUSE)):
                    reply = await citizen.does(wrong)
                    assert reply.practice
                    assert reply.handover is None
                    assert "못 들었어요" not in reply.say
                    assert "상담사를 연결" not in reply.say
        assert citizen.practice().state.misses == 0


async def test_a_person_is_real_and_ends_practice(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(SOFA)
        reply = await citizen.does(PERSON)
        assert reply.handover is not None
        assert not reply.practice
        assert citizen.practice().state.ended
        waiting = citizen.store.look(
            lambda tx: tx.connection.execute(select(t.handovers.c.conversation_id)).scalars().all()
        )
        assert waiting == [reply.conversation]


async def test_mumbling_calls_no_person(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        reply = await citizen.does(Act(ActKind.ASK, 0.65, "counsellor"))
        assert (reply.practice, reply.handover) == (True, None)


@pytest.mark.parametrize(("then", "real"), [(YES, True), (FIRE, True), (NO, False), (PRACTISE, False)])
async def test_an_emergency_gets_its_number_at_once_and_is_asked_about_once(
    tmp_path: Path, then: Act, real: bool
) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(SOFA)
        alarmed = await citizen.does(FIRE)
        assert "119" in alarmed.show.text
        assert "연습이에요. 먼저" not in alarmed.show.text
        assert alarmed.expects == "choice"
        reply = await citizen.does(then)
        assert reply.practice is not real
        if real:
            assert "119" in reply.show.text
            own = await citizen.runtime.transcript(reply.conversation, reply.token)
            assert "EmergencyNoticed" in {event["event"] for event in own["events"]}
        else:
            assert "119" not in reply.show.text
            assert reply.expects == "confirm"


async def test_silence_after_an_emergency_leaves_the_number_and_the_question(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(FIRE)
        assert "119" in (await citizen.does(SILENT)).show.text
        assert not (await citizen.does(YES)).practice


async def test_doing_it_for_real_takes_over_the_service_alone_and_only_after_a_yes(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(SOFA)
        asked = await citizen.does(REAL)
        assert (asked.practice, asked.expects, asked.slots) == (False, "choice", {})
        begun = await citizen.does(YES)
        assert (begun.service, begun.asks) == ("bulky_waste", "item")
        assert not BULKY.keys() & (begun.slots.keys() - {"count"})
        assert citizen.left_behind() == {}


async def test_what_was_in_hand_waits_and_goes_on(tmp_path: Path) -> None:
    with somebody(tmp_path) as citizen:
        await citizen.opens()
        before = await citizen.does(ask("bulky_waste", item="소파", count=1))
        began = await citizen.does(PRACTISE)
        assert (began.expects, began.asks) == ("open", None)
        await citizen.does(SOFA)
        await citizen.does(YES)
        after = await citizen.does(STOP)
        assert (after.service, after.asks, after.slots) == (before.service, before.asks, before.slots)
        await citizen.cities.aclose()


async def test_turns_are_numbered_on_through_practice(tmp_path: Path) -> None:
    with somebody(tmp_path) as citizen:
        await citizen.opens()
        turns = [
            (await citizen.does(acts)).turn
            for acts in (PRACTISE, MUMBLED, STOP, PRACTISE, MUMBLED, MUMBLED, REAL, MUMBLED)
        ]
        assert turns == sorted(set(turns))
        await citizen.cities.aclose()


async def test_a_second_practice_knows_nothing_of_the_first(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(ask("bulky_waste", item="소파"))
        await citizen.does(STOP)
        await citizen.does(PRACTISE)
        reply = await citizen.does(MUMBLED)
        assert (reply.service, reply.asks) == (None, None)


async def test_a_repeated_turn_is_answered_once_in_practice_and_after_it(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(SOFA, key="a")
        done = await citizen.does(YES, key="b")
        assert await citizen.does(WEATHER, key="b") == done
        await citizen.does(STOP, key="c")
        assert await citizen.does(WEATHER, key="b") == done
        assert len(citizen.practised_writes) == 1


async def test_a_crash_in_the_middle_leaves_practice_practice(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        asked = await citizen.does(SOFA)
    with somebody(tmp_path) as later:
        again = await later.runtime.resume(asked.token)
        assert again == asked.model_copy(update={"heard": again.heard})
        later.reply = again
        assert (await later.runtime.hints(again.conversation, again.token)).expects == "confirm"
        done = await later.does(YES)
        assert (done.calls[0].receipt or "").startswith("연습-")
        assert later.left_behind() == {}
        await later.cities.aclose()


async def test_a_practice_receipt_is_found_in_no_other_conversation(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        await citizen.does(SOFA)
        receipt = (await citizen.does(YES)).calls[0].receipt
        own = citizen.practice().conversation.id.rpartition(".")[0]
        mine = citizen.store.look(lambda tx: conversations.get_as_staff(tx, own))
        account = citizen.runtime._carrier._account
        with pytest.raises(ProviderUnconnected):
            # The city of real conversations is asked, and this one answers nobody.
            await account.requests(
                mine, citizen.cities.of(mine), {"receipt": receipt, "phone": BULKY["phone"]}, NOW
            )
        listed = await citizen.does(ask("my_requests", receipt=receipt, phone=BULKY["phone"]))
        assert listed.practice


async def test_erasing_a_conversation_erases_what_was_practised_beside_it(tmp_path: Path) -> None:
    async with practising(tmp_path) as citizen:
        reply = await citizen.does(SOFA)
        citizen.store.run(lambda tx: erase(tx, reply.conversation, Asked(NOW, "owner", "127.0.0.1")))
        left = select(func.count()).select_from(t.events)
        assert citizen.store.look(lambda tx: tx.connection.execute(left).scalar_one()) == 0


async def test_a_conversation_that_is_practice_from_its_beginning_ends_with_it(tmp_path: Path) -> None:
    with somebody(tmp_path) as citizen:
        await citizen.opens(practice=True)
        await citizen.does(SOFA)
        alarmed = await citizen.does(FIRE)
        assert "119" in alarmed.show.text
        assert "119" in (await citizen.does(YES)).show.text
        over = await citizen.does(STOP)
        assert over.ended
        assert citizen.left_behind() == {}
        await citizen.cities.aclose()


PRACTISED: set[tuple[str, int]] = set()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.data())
def _random_practice(folder: Path, data: st.DataObject) -> None:
    asyncio.run(_practise_at_random(folder, data.draw))


async def _practise_at_random(folder: Path, draw: Callable[[Any], Any]) -> None:
    async with practising(folder) as citizen:
        # One write is carried out for certain: a city that was never asked would prove nothing.
        service = draw(st.sampled_from(WRITES))
        await citizen.does(ask(service, **{name: value_of(service, name) for name in _required(service)}))
        await citizen.does(YES)
        for _ in range(draw(st.integers(1, 8))):
            kind = draw(st.sampled_from([one for one in KINDS if one not in ENDS]))
            acts = acts_after(citizen.practice().state, kind, draw)
            reply = await citizen.does(*acts)
            if not reply.practice:  # a person was asked for, or an emergency was real
                await citizen.does(PRACTISE)
                await citizen.does(WEATHER)
            PRACTISED.add((citizen.practice().conversation.id, len(citizen.practised_writes)))
        assert citizen.left_behind() == {}
        assert await citizen.runtime.send_waiting() == 0


def _required(service: str) -> tuple[str, ...]:
    return tuple(name for name, spec in catalogue()[service].slots.items() if not spec.internal)


@pytest.mark.timeout(180)
def test_no_practice_ever_writes(tmp_path: Path) -> None:
    PRACTISED.clear()
    _random_practice(tmp_path)
    assert sum(written > 0 for _, written in PRACTISED) > 10, "too little was practised to prove anything"


def test_the_row_of_a_practice_says_so_from_its_first_moment(tmp_path: Path) -> None:
    async def work() -> Conversation:
        async with practising(tmp_path) as citizen:
            await citizen.does(MUMBLED)
            name = citizen.practice().conversation.id
            return citizen.store.look(lambda tx: conversations.get_as_staff(tx, name))

    kept = asyncio.run(work())
    assert kept.practice
    assert kept.person is None
