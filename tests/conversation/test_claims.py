"""Twenty counsellors claim at once; whatever they do, lines keep their order and the machine its silence."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.conversation.scripted import START, World

from donghaeng.conversation.counsel import Counsel
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.people.bell import Bell
from donghaeng.people.cases import Case, Forward, HandoverTaken, Line, LineKind, NotTheOwner
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.people.desk import Wish, request_person
from donghaeng.store import Store, conversations, handover_lines, handovers
from donghaeng.trust.sealing import Sealer

COUNSELLORS, CONVERSATIONS, PROCESSES = 20, 200, 4
KEY = b"k" * 32


def desk_on(world: World, store: Store) -> tuple[ConversationRuntime, Counsel]:
    bell = Bell()
    runtime = world.runtime(store, "one", bell=bell)
    desk = world.desk(store, runtime, bell)
    return runtime, desk


@pytest.mark.store
async def test_of_twenty_counsellors_one_has_each_of_two_hundred_conversations(tmp_path: Path) -> None:
    world = World(tmp_path)
    stores = [Store.open(f"sqlite:///{world.database}", Sealer([KEY])) for _ in range(PROCESSES)]
    desks = [desk_on(world, store)[1] for store in stores]
    for number in range(CONVERSATIONS):
        talk = conversations.Conversation(f"c_{number}", "chat", START, "v1")
        stores[0].run(lambda tx, talk=talk: conversations.add(tx, talk, talk.id))
        stores[0].run(
            lambda tx, talk=talk: request_person(
                tx, conversation_id=talk.id, new_id=f"h{talk.id}", wish=Wish(), now=START
            )
        )
    refused = Counter[str]()

    async def work(number: int) -> list[str]:
        desk, staff = desks[number % PROCESSES], f"staff-{number}"
        mine = []
        # Every second one takes whoever is first, the others what their lists show, from both ends.
        while True:
            if number % 2:
                case = await desk.claim_next(staff)
                if case is None:
                    return mine
                mine.append(case.handover.id)
                continue
            waiting = await desk.queue()
            if not waiting:
                return mine
            try:
                one = waiting[-1 if number % 4 else 0]
                mine.append((await desk.claim(one.id, staff)).handover.id)
            except HandoverTaken:
                refused[staff] += 1

    claimed = await asyncio.gather(*(work(number) for number in range(COUNSELLORS)))
    every = [one for mine in claimed for one in mine]
    assert len(every) == CONVERSATIONS
    assert len(set(every)) == CONVERSATIONS
    for number, mine in enumerate(claimed):
        assert {one.id for one in await desks[0].mine(f"staff-{number}")} == set(mine)
    lines = stores[0].look(lambda tx: handover_lines.since(tx, 0, limit=10_000))
    assert Counter(line.kind for line in lines) == {"queued": CONVERSATIONS, "claimed": CONVERSATIONS}
    assert sum(refused.values()) > 0, "nobody was ever too late: the race was none"
    for store in stores:
        store.close()


STAFF = st.sampled_from(["kim", "lee", "park"])


class Desk(RuleBasedStateMachine):
    """Citizens talk, counsellors claim, say, forward, hand back and close; a model says whose turn it is."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        self.store = Store.open(f"sqlite:///{self.world.database}", Sealer([KEY]), synchronous="NORMAL")
        self.loop = asyncio.new_event_loop()
        self.runtime, self.desk = desk_on(self.world, self.store)
        self.owner: str | None = None
        self.waits = False
        self.said: list[tuple[str, str]] = []
        self.number = 0
        self.reply: Reply = self.run(self.runtime.open(Opening(channel="chat", home_district="마포구")))

    def run(self, work):
        return self.loop.run_until_complete(work)

    def turn(self, words: str) -> Reply:
        work = self.runtime.turn(self.reply.conversation, self.reply.token, Said(text=words))
        return self.run(work)

    @property
    def handover(self) -> str:
        row = self.store.look(lambda tx: handovers.of_conversation(tx, self.reply.conversation))
        assert row is not None
        return row.id

    def refused(self, work) -> None:
        try:
            self.run(work)
        except (NotTheOwner, HandoverTaken):
            return
        raise AssertionError("a stranger was let in")

    @rule(words=st.sampled_from(["소파", "날씨", "confirm", "deny", "unclear", "repeat", "불", "help"]))
    def citizen_speaks(self, words: str) -> None:
        reply = self.turn(words)
        if self.owner is None:
            assert reply.say
            joined = reply.handover is not None and reply.handover.state == "joined"
            assert not joined
        else:
            self.said.append(("citizen", words))
            assert (reply.say, reply.show.text, reply.show.card) == ("", "", None)
            assert reply.handover is not None
            assert reply.handover.state == "joined"

    @rule()
    @precondition(lambda self: self.owner is None)
    def asks_for_a_person(self) -> None:
        reply = self.turn("상담사")
        assert reply.handover is not None
        assert reply.handover.state == "queued"
        self.waits = True

    @rule(staff=STAFF)
    @precondition(lambda self: self.waits or self.owner is not None)
    def claim(self, staff: str) -> None:
        if self.owner not in (None, staff):
            self.refused(self.desk.claim(self.handover, staff))
            return
        case: Case = self.run(self.desk.claim(self.handover, staff))
        assert case.handover.owner == staff
        self.owner, self.waits = staff, False

    @rule(staff=STAFF)
    @precondition(lambda self: self.owner is not None)
    def say(self, staff: str) -> None:
        self.number += 1
        text = f"{self.number}번째 말이에요."
        if staff != self.owner:
            self.refused(self.desk.say(self.handover, staff, text))
            return
        line: Line = self.run(self.desk.say(self.handover, staff, text))
        assert line.text == text
        self.said.append(("counsellor", text))

    @rule()
    @precondition(lambda self: self.owner is not None)
    def forward(self) -> None:
        self.run(self.desk.forward(self.handover, self.owner, Forward()))
        self.owner, self.waits = None, True

    @rule()
    @precondition(lambda self: self.owner is not None)
    def hand_back(self) -> None:
        self.run(self.desk.hand_back(self.handover, self.owner))
        self.owner = None

    @rule()
    @precondition(lambda self: self.owner is not None)
    def close(self) -> None:
        self.run(self.desk.close(self.handover, self.owner, "answered"))
        self.owner = None

    @rule()
    @precondition(lambda self: self.owner is not None)
    def lid_closes(self) -> None:
        self.world.clock.now += timedelta(seconds=GRACE_SECONDS + 1)
        assert self.run(self.desk.release_absent()) == 1
        self.owner, self.waits = None, True

    @rule()
    def the_process_starts_anew(self) -> None:
        self.runtime, self.desk = desk_on(self.world, self.store)

    @invariant()
    def the_order_is_kept_and_the_machine_silent(self) -> None:
        if not hasattr(self, "store"):
            return
        lines = self.store.look(lambda tx: handover_lines.of_conversation(tx, self.reply.conversation))
        talk = [(one.kind, one.text) for one in lines if one.kind in ("citizen", "counsellor")]
        assert talk == self.said
        owned = False
        for line in lines:
            if line.kind == LineKind.CLAIMED:
                owned = True
            elif line.kind in ("forwarded", "handed_back", "closed", "returned"):
                owned = False
            assert not (owned and line.kind in ("machine", "withheld"))
            assert owned or line.kind not in ("citizen", "counsellor")

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.loop.close()
            self.folder.cleanup()


TestDesk = Desk.TestCase
TestDesk.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
