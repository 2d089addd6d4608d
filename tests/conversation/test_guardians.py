"""Who may see a citizen's requests: given by a spoken yes, seen without a word of it, taken back in any later
conversation of the same citizen, every look on record."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conversation.scripted import World, say, talk
from tests.dialogue.harness import ROWS, VALUES, ask

from donghaeng.conversation import data_subject
from donghaeng.conversation.data_subject import Asked
from donghaeng.conversation.door import Opening
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.dialogue.guardians import SCRIPT
from donghaeng.errors import GuardianEnded, UnknownCode
from donghaeng.store import accesses, destructions, guardians, requests
from donghaeng.store.retaining import destroy_due
from donghaeng.trust.retention import load_retention
from donghaeng.understanding.acts import Act, ActKind

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
HERS = Opening(channel="web", person="a-random-key-of-one-browser-0001")
LET, STOP, WHO = "우리 딸도 볼 수 있게 해 줘", "이제 못 보게 해 줘", "누가 내 거 봐"
SON, NIECE, NEIGHBOUR = "아들도 볼 수 있게 해 줘", "조카도 볼 수 있게 해 줘", "동생도 볼 수 있게 해 줘"
PHONE = VALUES["phone"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    yes = Act(ActKind.CONFIRM, score=0.98)
    wish = Act(ActKind.LET_SEE)
    world.understanding.words |= {
        LET: wish,
        SON: wish,
        NIECE: wish,
        NEIGHBOUR: wish,
        STOP: Act(ActKind.STOP_SEEING),
        "아들 그만 보게 해 줘": Act(ActKind.STOP_SEEING),
        WHO: Act(ActKind.WHO_SEES),
        "응": yes,
        "글쎄 응": Act(ActKind.CONFIRM, score=0.6),
        "아니": Act(ActKind.DENY, score=0.98),
    }
    return world


def page(runtime: ConversationRuntime) -> Guardianship:
    assert runtime._guardians is not None
    return runtime._guardians


def code_in(reply: Reply) -> str:
    found = re.search(r"\d\d-\d\d-\d\d", reply.show.text)
    assert found is not None, reply.show.text
    return found.group()


async def seeing(runtime: ConversationRuntime, opening: Opening = HERS) -> tuple[Reply, str]:
    """A conversation in which something was requested and the daughter may see it, and her session."""
    reply = await talk(runtime, opening, "소파", "응", LET, "응")
    return reply, await page(runtime).open(code_in(reply), "203.0.113.9")


async def test_she_sees_receipt_service_status_and_dates_and_nothing_else(world: World) -> None:
    with world.process() as runtime:
        reply, session = await seeing(runtime)
        view = await page(runtime).look(session, "203.0.113.9")
        (row,) = view.rows
        (made,) = runtime._store.look(lambda tx: requests.of_conversation(tx, reply.conversation))
        assert asdict(row) == {
            "receipt": made.receipt,
            "service": "대형 폐기물",
            "status": "accepted",
            "made_at": made.made_at,
            "cancelled_at": None,
        }
        assert view.until.year == made.made_at.year + 1
        (kept,) = runtime._store.look(lambda tx: guardians.all_of_conversation(tx, reply.conversation))
        consent = kept.consent
        assert (consent.script, consent.said, consent.purposes) == (SCRIPT, "응", ("guardian_view",))
        assert "접수번호와 무슨 신청인지" in consent.asked
        looks = runtime._store.look(lambda tx: accesses.newest(tx, conversation_id=reply.conversation))
        assert [(one.action, one.purpose, one.address) for one in looks] == [
            ("guardian_looked", "guardian", "203.0.113.9"),
            ("guardian_opened", "guardian", "203.0.113.9"),
        ]
        assert {one.staff_name for one in looks} == {kept.id}


async def test_without_a_sure_yes_nobody_sees_anything(world: World) -> None:
    with world.process() as runtime:
        for answer in ("아니", "글쎄 응", "소파"):
            reply = await talk(runtime, HERS, LET, answer)
            assert not re.search(r"\d\d-\d\d-\d\d", reply.show.text), answer
            found = runtime._store.look(lambda tx, r=reply: guardians.all_of_conversation(tx, r.conversation))
            assert not found


async def test_a_code_is_good_once_and_for_a_short_time_and_stands_nowhere(
    world: World, tmp_path: Path
) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, HERS, LET, "응")
        code = code_in(reply)
        with pytest.raises(UnknownCode):
            await page(runtime).open("00 00 00" if code != "00-00-00" else "111111", "x")
        await page(runtime).open(code, "x")
        with pytest.raises(UnknownCode):
            await page(runtime).open(code, "x")
        late = code_in(await talk(runtime, HERS, LET, "응"))
        world.clock.now += timedelta(minutes=30)
        with pytest.raises(UnknownCode):
            await page(runtime).open(late, "x")
    assert code.replace("-", "").encode() not in world.bytes()


async def test_a_new_code_for_the_same_person_ends_the_session_of_the_old_one(world: World) -> None:
    with world.process() as runtime:
        reply, first = await seeing(runtime)
        second = await page(runtime).open(code_in(await talk(runtime, HERS, LET, "응")), "x")
        assert (await page(runtime).look(second, "x")).rows
        with pytest.raises(UnknownCode):
            await page(runtime).look(first, "x")
        assert "따님" in (await say(runtime, reply, WHO)).show.text


async def test_it_is_taken_back_in_any_later_conversation_of_hers_and_the_page_says_so(world: World) -> None:
    with world.process() as runtime:
        _, session = await seeing(runtime)
        later = await talk(runtime, HERS, "소파", "응")
        assert len((await page(runtime).look(session, "x")).rows) == 2, (
            "what she requests later is seen as well"
        )
        assert "보시지" not in (await say(runtime, later, WHO)).show.text
        other = await talk(runtime, Opening(channel="web", person="k" * 30), STOP)
        assert "보는 분은 없어요" in other.show.text
        assert (await page(runtime).look(session, "x")).rows
        assert "따님은 이제 보실 수 없어요" in (await say(runtime, later, STOP)).show.text
        with pytest.raises(GuardianEnded):
            await page(runtime).look(session, "x")


async def test_a_caller_is_known_by_receipt_and_number_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = Opening(channel="phone")
    older = {"service": "bulky_waste", "receipt": "SEL-000001", "state": "accepted", "made_at": None}
    monkeypatch.setitem(ROWS, "gateway.requests", older)  # type: ignore[arg-type]
    with world.process() as runtime:
        reply, session = await seeing(runtime, called)
        (made,) = runtime._store.look(lambda tx: requests.of_conversation(tx, reply.conversation))
        lookup = {"receipt": made.receipt, "action": "list"}
        world.understanding.words |= {
            "번호로": ask("my_requests", **lookup, phone=PHONE),
            "남의 번호로": ask("my_requests", **lookup, phone="010-9999-0000"),
        }
        assert "누구신지 몰라서" in (await talk(runtime, called, STOP)).show.text
        assert "누구신지 몰라서" in (await talk(runtime, called, "남의 번호로", STOP)).show.text
        assert (await page(runtime).look(session, "x")).rows
        assert "따님이" in (await talk(runtime, called, "번호로", WHO)).show.text
        assert "이제 보실 수 없어요" in (await talk(runtime, called, "번호로", STOP)).show.text
        with pytest.raises(GuardianEnded):
            await page(runtime).look(session, "x")


async def test_one_of_several_is_stopped_by_name_and_no_more_than_three_see(world: World) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, HERS, LET, "응", SON, "응", NIECE, "응")
        assert "더는 안 돼요" in (await talk(runtime, HERS, NEIGHBOUR, "응")).show.text
        assert "아드님은 이제" in (await say(runtime, reply, "아들 그만 보게 해 줘")).show.text
        who = (await say(runtime, reply, WHO)).show.text
        assert ("따님" in who, "조카분" in who, "아드님" in who) == (True, True, False)
        code_in(await talk(runtime, HERS, NEIGHBOUR, "응"))


async def test_it_ends_by_itself_and_she_hears_of_it_once_before(world: World) -> None:
    with world.process() as runtime:
        _, session = await seeing(runtime)
        world.clock.now += timedelta(days=340)
        assert "따님이 신청 상태를 보시는 것은" in (await runtime.open(HERS)).show.text
        assert "따님" not in (await runtime.open(HERS)).show.text
        world.clock.now += timedelta(days=30)
        with pytest.raises(GuardianEnded):
            await page(runtime).look(session, "x")
        assert "보는 분은 없어요" in (await talk(runtime, HERS, WHO)).show.text


async def test_she_gets_a_copy_and_an_erasure_ends_it_and_the_ledger_says_so(world: World) -> None:
    with world.process() as runtime:
        reply, session = await seeing(runtime)
        store, asked = runtime._store, Asked(world.clock.now, "cli:officer", "desk-1")
        copy = store.run(lambda tx: data_subject.export(tx, reply.conversation, asked))
        assert [one["who"] for one in copy["guardians"]] == ["따님"]
        assert [one["script"] for one in copy["consents"]] == [SCRIPT]
        store.run(lambda tx: data_subject.erase(tx, reply.conversation, asked))
        with pytest.raises(UnknownCode):
            await page(runtime).look(session, "x")
        lines = store.look(destructions.newest)
        assert ("guardians", 1, "erased") in [(one.kind, one.count, one.reason) for one in lines]


async def test_an_officer_ends_it_for_who_cannot_say_it_and_that_is_recorded(world: World) -> None:
    with world.process() as runtime:
        reply, session = await seeing(runtime)
        store, asked = runtime._store, Asked(world.clock.now, "cli:officer", "desk-1")
        assert store.run(lambda tx: data_subject.stop_seeing(tx, reply.conversation, asked)) == ["따님"]
        assert store.run(lambda tx: data_subject.stop_seeing(tx, reply.conversation, asked)) == []
        with pytest.raises(GuardianEnded):
            await page(runtime).look(session, "x")
        looks = store.look(lambda tx: accesses.newest(tx, conversation_id=reply.conversation))
        assert (looks[0].action, looks[0].staff_name) == ("guardian_ended", "cli:officer")


async def test_a_consent_that_ended_is_destroyed_in_its_time(world: World, tmp_path: Path) -> None:
    with world.process() as runtime:
        await talk(runtime, HERS, LET, "응", STOP)
        rules = load_retention(CATALOGUE)
        for days, count in ((300, 0), (370, 1)):
            due = destroy_due(
                runtime._store, rules, world.clock.now + timedelta(days=days), tmp_path / "none"
            )
            assert {one.kind: one.count for one in due}["guardians"] == count


async def test_practice_lets_nobody_see(world: World) -> None:
    with world.process() as runtime:
        reply = await talk(runtime, Opening(channel="web", practice=True), LET)
        assert "연습하시는 동안은" in reply.show.text
        assert "보는 분은 없어요" in (await say(runtime, reply, WHO)).show.text
