"""Several processes and threads on one database, SQLite and PostgreSQL alike: nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests import postgres
from tests.conftest import CHECKOUT
from tests.store.contender import KEY, NOW, TURNS, fill

from donghaeng.errors import InputError, RecordChanged, StoreError
from donghaeng.people.desk import Wish, request_person
from donghaeng.store import (
    Store,
    Transaction,
    accesses,
    channel_threads,
    conversations,
    editions,
    events,
    handover_counts,
    handover_lines,
    handovers,
    messages,
    office_drafts,
    outbox,
    presence,
    remembered,
    staff,
)
from donghaeng.store.handover_lines import LineRow
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import Sealer

pytestmark = pytest.mark.databases
ROWS, PROCESSES, THREADS = 60, 3, 6
COUNSELLORS, WAITING = 24, 20


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/a.db"
        return
    with postgres.fresh() as made:
        yield made


@pytest.fixture
def stores(address: str) -> Iterator[list[Store]]:
    """One for each of several processes, as far as the database can tell."""
    opened = [Store.open(address, Sealer([KEY])) for _ in range(THREADS)]
    opened[0].run(lambda tx: conversations.add(tx, conversations.Conversation("c", "chat", NOW, "v"), "t"))
    yield opened
    for one in opened:
        one.close()


def together(stores: list[Store], work: Callable[[Transaction], Any]) -> list[Any]:
    """What comes of the same work in all stores at the same moment."""
    barrier = threading.Barrier(len(stores))

    def one(store: Store) -> Any:
        barrier.wait(30)
        return store.run(work)

    with ThreadPoolExecutor(len(stores)) as pool:
        return list(pool.map(one, stores))


def test_processes_share_writes_and_turns(address: str) -> None:
    with Store.open(address, Sealer([KEY])) as store:
        fill(store, ROWS)
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.store.contender", address, f"p{number}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=CHECKOUT,
            )
            for number in range(PROCESSES)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told: Counter[str] = Counter()
        for process in processes:
            told.update((process.communicate()[0]).splitlines())
            assert process.returncode == 0
        assert told == Counter(
            [*(f"sent o_{one}" for one in range(ROWS)), *(f"took {one}" for one in range(1, TURNS + 1))]
        )
        assert store.look(outbox.pending) == []
        found = store.look(lambda tx: events.of_conversation(tx, "c_1"))
        assert [one.turn for one in found] == list(range(1, TURNS + 1))
        assert len(store.look(lambda tx: messages.of_conversation(tx, "c_1"))) == TURNS


def test_of_several_who_insert_the_same_one_does(stores: list[Store]) -> None:
    said = messages.MessageRow("m", "c", "accepted", "s", "010-1234-5678", "말", NOW, NOW)
    assert Counter(together(stores, lambda tx: messages.add(tx, said)))[True] == 1
    assert Counter(together(stores, lambda tx: editions.keep(tx, "v", b"files", NOW)))[True] == 1


def test_of_several_who_save_a_draft_one_does_and_the_others_are_told(stores: list[Store]) -> None:
    def version(number: int) -> office_drafts.VersionRow:
        return office_drafts.VersionRow("dr_a", number, "kim", NOW, "saved", {"words": "글"})

    row = office_drafts.DraftRow("dr_a", "letter", "kim", NOW)
    stores[0].run(lambda tx: office_drafts.begin(tx, row, version(1)))

    def save(tx: Transaction) -> bool:
        try:
            office_drafts.add(tx, "kim", version(2))
        except RecordChanged:
            return False
        return True

    assert Counter(together(stores, save)) == {True: 1, False: THREADS - 1}


def test_of_several_who_replace_the_same_none_fails(stores: list[Store]) -> None:
    consent = SpokenConsent("v1", "물음", "네", NOW)
    together(stores, lambda tx: presence.note(tx, presence.PresentRow("kim", ready=True, seen_at=NOW)))
    together(stores, lambda tx: remembered.keep(tx, "p", remembered.Values(speed=0.9), consent))
    together(
        stores,
        lambda tx: channel_threads.begin(tx, "kakao", "u", conversation="c", token="t", now=NOW),
    )
    assert len(stores[0].look(lambda tx: presence.seen_since(tx, NOW))) == 1
    thread = stores[0].look(lambda tx: channel_threads.find(tx, "kakao", "u", NOW))
    assert thread is not None


def test_of_several_accounts_of_one_name_one_is_made(stores: list[Store]) -> None:
    def work(tx: Transaction) -> bool:
        row = staff.StaffRow(f"s_{threading.get_ident()}", "kim", "김", Role.ADMIN, "hash", NOW, NOW)
        try:
            staff.add(tx, row)
        except InputError:
            return False
        return True

    assert Counter(together(stores, work))[True] == 1


def test_a_wish_for_a_person_that_comes_twice_is_one(stores: list[Store]) -> None:
    def work(tx: Transaction) -> str:
        new = f"h_{threading.get_ident()}"
        return request_person(tx, conversation_id="c", new_id=new, wish=Wish(), now=NOW).state

    assert together(stores, work) == ["queued"] * THREADS
    lines = stores[0].look(lambda tx: handover_lines.of_conversation(tx, "c"))
    assert [one.kind for one in lines] == ["queued"]


def test_of_many_counsellors_one_has_a_hand_over(stores: list[Store]) -> None:
    """Twenty-four claim the same one at the same moment, and then whoever is first, so that each of twenty
    hand-overs is one counsellor's and four have none."""
    many = stores * (COUNSELLORS // THREADS)

    def claim(tx: Transaction) -> bool:
        staff = f"s_{threading.get_ident()}"
        won = handovers.claim(tx, "h_0", staff, NOW)
        if won:
            handover_lines.add(tx, LineRow("h_0", "c", "claimed", NOW, staff))
        return won

    def claim_next(tx: Transaction) -> str | None:
        staff = f"s_{threading.get_ident()}"
        while row := handovers.first_for(tx, staff, department=None, present=[]):
            if handovers.claim(tx, row.id, staff, NOW):
                handover_lines.add(tx, LineRow(row.id, "c", "claimed", NOW, staff))
                return row.id
        return None

    wish(stores[0], "h_0")
    assert Counter(together(many, claim)) == {True: 1, False: COUNSELLORS - 1}
    for number in range(1, WAITING + 1):
        wish(stores[0], f"h_{number}")
    got = Counter(together(many, claim_next))
    assert got == {None: COUNSELLORS - WAITING} | {f"h_{number}": 1 for number in range(1, WAITING + 1)}
    lines = stores[0].look(lambda tx: handover_lines.of_conversation(tx, "c", kinds=["claimed"]))
    assert Counter(one.handover_id for one in lines) == {f"h_{number}": 1 for number in range(WAITING + 1)}
    owners = {one.handover_id: one.staff for one in lines}
    for name, owner in owners.items():
        row = stores[0].look(lambda tx, name=name: handovers.get(tx, name))
        assert row is not None
        assert row.owner == owner


def wish(store: Store, name: str) -> None:
    store.run(lambda tx: handovers.add(tx, handovers.HandoverRow(name, "c", NOW)))


def test_lines_become_visible_in_the_order_of_their_numbers(stores: list[Store]) -> None:
    """A reader who has seen a number has seen all before it, though the first writer commits last."""
    wish(stores[0], "h1")
    wish(stores[0], "h2")
    written, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> int:
        number = handover_lines.add(tx, LineRow("h1", "c", "note", NOW))
        written.set()
        assert go_on.wait(30)
        return number

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(stores[0].run, slow)
        assert written.wait(30)
        second = pool.submit(
            stores[1].run, lambda tx: handover_lines.add(tx, LineRow("h2", "c", "note", NOW))
        )
        with pytest.raises(TimeoutError):
            second.result(0.3)
        assert stores[2].look(lambda tx: handover_lines.since(tx, 0)) == []
        go_on.set()
        assert first.result(30) < second.result(30)
    assert [one.handover_id for one in stores[2].look(lambda tx: handover_lines.since(tx, 0))] == ["h1", "h2"]


def test_a_reply_and_a_claim_come_one_after_the_other(stores: list[Store]) -> None:
    """Whoever asked whether a counsellor has the conversation is right until the commit."""
    wish(stores[0], "h")
    asked, go_on = threading.Event(), threading.Event()

    def reply(tx: Transaction) -> str | None:
        joined = handovers.hold_joined(tx, "c")
        asked.set()
        assert go_on.wait(30)
        return joined

    with ThreadPoolExecutor(2) as pool:
        replying = pool.submit(stores[0].run, reply)
        assert asked.wait(30)
        claiming = pool.submit(stores[1].run, lambda tx: handovers.claim(tx, "h", "kim", NOW))
        with pytest.raises(TimeoutError):
            claiming.result(0.3)
        go_on.set()
        assert replying.result(30) is None
        assert claiming.result(30)
    assert stores[0].run(lambda tx: handovers.hold_joined(tx, "c")) == "h"


def test_a_look_sees_one_state(stores: list[Store]) -> None:
    def look(tx: Transaction) -> tuple[int, int]:
        before = handover_counts.count(tx, "queued")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(wish, stores[1], "h").result(30)
        return before, handover_counts.count(tx, "queued")

    assert stores[0].look(look) == (0, 0)
    assert stores[0].look(lambda tx: handover_counts.count(tx, "queued")) == 1


def test_the_record_of_accesses_is_only_added_to(stores: list[Store]) -> None:
    old = accesses.AccessRow(NOW - timedelta(days=800), "kim", "127.0.0.1", "c", "claim", "handover")
    stores[0].run(lambda tx: accesses.note(tx, old))
    for statement in ("UPDATE accesses SET staff_name = 'lee'", "DELETE FROM accesses"):
        newer = accesses.AccessRow(NOW, "kim", "127.0.0.1", "c", "claim", "handover")
        stores[0].run(lambda tx, row=newer: accesses.note(tx, row))
        with pytest.raises(StoreError, match="accesses are"):
            stores[0].run(lambda tx, what=statement: tx.connection.execute(text(what)))
    gone = text("DELETE FROM accesses WHERE conversation_id = 'c' AND at < '2025-01-01'")
    assert stores[0].run(lambda tx: tx.connection.execute(gone).rowcount) == 1
