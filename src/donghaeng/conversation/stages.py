"""Stages of a turn: what is done, what of it is stored, when memory takes it over.

A turn is one stage, or two where it settles an earlier write first. What led to a write and its outbox row
are stored before it is sent, the rest with the reply, so a crash at any point loses nothing that was
confirmed and sends nothing twice (docs/decisions/0005-writes.md).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from donghaeng.city.operations import Effect
from donghaeng.city.waiting import Wait, somebody_waits
from donghaeng.conversation.carrying_out import Carrier, outbox_id
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.in_charge import (
    asked_for_person,
    citizen_left,
    tell_counsellor,
    withhold,
    without_words,
)
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.records import to_reply, to_stored
from donghaeng.conversation.remembering import keep_up_to_date
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.summaries import CANCELS, Summaries
from donghaeng.dialogue.effects import CallOutcome, CityCall, HandoverRequest, Outcome
from donghaeng.dialogue.turn import Turn
from donghaeng.people.cases import LineKind
from donghaeng.store import (
    Store,
    Transaction,
    conversations,
    events,
    handover_lines,
    handovers,
    replies,
    requests,
)
from donghaeng.store.conversations import Conversation
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.requests import Request
from donghaeng.trust.tracing import Step, step

MAX_STEPS = 8
"""Rounds of effects in one turn: look-up, probe, call. More means that a service file asks for itself."""

Clock = Callable[[], datetime]

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Stage:
    """A turn being taken: what of it is stored already."""

    turn: Turn
    live: Live
    now: datetime
    outcomes: list[CallOutcome] = field(default_factory=list)
    handed: list[HandoverRequest] = field(default_factory=list)
    acted: bool = False
    """Whether something was done that stays: a write, a hand-over, a call that was booked, something that was
    remembered or forgotten."""
    stored: int = 0
    wait: Wait = field(default_factory=Wait)
    """How long the citizen still waits for what the city is asked."""
    attempts: int = 1
    """How often the write that the stage is about was sent before it was given up for now."""


class Stages:
    """Begins stages, does their effects, stores them."""

    def __init__(
        self,
        *,
        store: Store,
        memory: Memory,
        cities: Cities,
        carrier: Carrier,
        summaries: Summaries,
        clock: Clock,
        withheld: Callable[[], Container[str]] = tuple,
    ) -> None:
        self._withheld = withheld
        self._store = store
        self._memory = memory
        self._cities = cities
        self._carrier = carrier
        self._summaries = summaries
        self._clock = clock

    def now(self, live: Live) -> datetime:
        """The conversation's own clock where a test gave it one."""
        return live.conversation.test_clock or self._clock()

    def begin(self, live: Live, *, attempts: int = 1) -> Stage:
        """A stage on top of what the conversation's memory holds."""
        now = self.now(live)
        turn = live.edition.policy.begin(live.state, now, withheld=self._withheld())
        return Stage(turn, live, now, attempts=attempts)

    async def do_effects(self, stage: Stage, token: str) -> None:
        """Do what the turn wants done, and what that leads to, until it wants nothing more."""
        city = self._cities.of(stage.live.conversation)
        for _ in range(MAX_STEPS):
            wanted = stage.turn.take_effects()
            if not wanted:
                return
            writes = [one for one in wanted if isinstance(one, CityCall) and one.effect is Effect.WRITE]
            if writes and not stage.live.conversation.practice:
                await self._record_writes(stage, writes)
            with somebody_waits(stage.wait):
                outcomes = await self._carrier.carry_out(
                    wanted, stage.live.conversation, city, stage.now, token=token
                )
            stage.acted |= any(not isinstance(one, CityCall) or one in writes for one in wanted)
            stage.handed += [one for one in wanted if isinstance(one, HandoverRequest)]
            self.proceed(stage, outcomes)
        if stage.turn.take_effects():
            frame = stage.turn.state.frame
            _log.error("a turn comes to no end", service=frame.service if frame is not None else None)
            stage.live.edition.policy.give_up(stage.turn)

    def proceed(self, stage: Stage, outcomes: Sequence[Outcome]) -> None:
        """Let the dialogue go on with what came of its effects."""
        outcomes = self._summaries.announced(stage.live.conversation, stage.live.edition, outcomes)
        stage.outcomes += [one for one in outcomes if isinstance(one, CallOutcome)]
        with step(Step.DECIDE):
            stage.live.edition.policy.proceed(stage.turn, outcomes)

    async def _record_writes(self, stage: Stage, writes: Sequence[CityCall]) -> None:
        def save(tx: Transaction) -> None:
            self._append(tx, stage)
            for call in writes:
                self._carrier.record(tx, call, stage.live.conversation)

        await self._transact(stage, save)

    async def keep(self, stage: Stage, token: str, *, heard: str | None, key: str | None) -> Reply:
        """Store the rest of the stage with its reply, found again under ``key``. Where a counsellor has
        claimed the conversation meanwhile, the reply has no words."""
        said = self.reply(stage, token, heard=heard)
        kept = [said]

        def save(tx: Transaction) -> None:
            identity = stage.live.conversation.id
            asked = asked_for_person(stage.turn.state)
            handover = handovers.hold_joined(tx, identity) if asked else None
            if handover is not None:
                stage.turn.withhold()
                kept[0] = without_words(said)
            self.save(tx, stage, kept[0], key=key)
            if handover is not None:
                withhold(tx, handover, identity, said, self._clock())
            if said.ended:
                citizen_left(tx, identity, self._clock())

        await self._transact(stage, save)
        return kept[0]

    async def keep_for_counsellor(
        self, stage: Stage, token: str, handover: str, *, heard: str, alarm: str | None, key: str | None
    ) -> Reply:
        """Store a turn that only the counsellor answers: what the citizen said goes to them."""
        reply = without_words(self.reply(stage, token, heard=heard))

        def save(tx: Transaction) -> None:
            self.save(tx, stage, reply, key=key)
            identity = stage.live.conversation.id
            tell_counsellor(tx, handover, identity, heard, self._clock(), alarm=alarm)

        await self._transact(stage, save)
        return reply

    async def keep_going_on(self, stage: Stage, handover: str) -> None:
        """Store what the machine says when it has the conversation again: the citizen gets it from the desk's
        lines."""
        reply = self.reply(stage, "", heard=None)

        def save(tx: Transaction) -> None:
            identity = stage.live.conversation.id
            self.save(tx, stage, reply, key=None)
            words = reply.model_dump(mode="json", exclude={"token"})
            line = LineRow(handover, identity, LineKind.MACHINE.value, self._clock(), reply=words)
            handover_lines.add(tx, line)

        await self._transact(stage, save)

    async def keep_settled(self, stage: Stage, outcome: CallOutcome) -> None:
        """Store a stage that says nothing: a write came to its end while nobody asked."""

        def save(tx: Transaction) -> None:
            self._append(tx, stage)
            self._note(tx, stage, outcome)

        await self._transact(stage, save)

    async def _transact(self, stage: Stage, save: Callable[[Transaction], None]) -> None:
        try:
            with step(Step.RECORD):
                await self._store.transact(save)
        except BaseException:
            # What memory holds may no longer be what the database holds: the next turn reads it anew.
            self._memory.forget(stage.live)
            raise
        self.commit(stage)

    def _append(self, tx: Transaction, stage: Stage) -> None:
        new = stage.turn.events[stage.stored :]
        rows = to_stored(new, stage.turn.state.turn, self._clock())
        events.append(tx, stage.live.conversation.id, stage.live.last_seq, rows)

    def commit(self, stage: Stage) -> None:
        """Take over into memory what the database has accepted."""
        stage.live.last_seq += len(stage.turn.events) - stage.stored
        stage.stored = len(stage.turn.events)
        stage.live.state = stage.turn.state

    def save(self, tx: Transaction, stage: Stage, reply: Reply, *, key: str | None) -> None:
        """Everything of the stage that is not stored yet."""
        identity = stage.live.conversation.id
        at = self._clock()
        self._append(tx, stage)
        keep_up_to_date(tx, stage.live.conversation, stage.turn, at)
        replies.add(
            tx,
            identity,
            key if key is not None else f"turn/{reply.turn}/{stage.live.last_seq}",
            turn=reply.turn,
            at=at,
            reply=reply.model_dump(mode="json"),
        )
        if not stage.live.conversation.practice:
            for outcome in stage.outcomes:
                self._note(tx, stage, outcome)
            for wish in stage.handed:
                self._summaries.note_handover(tx, stage.live.conversation, stage.live.edition, wish)
        if reply.ended:
            conversations.end(tx, identity, at)

    def reply(self, stage: Stage, token: str, *, heard: str | None) -> Reply:
        """What the citizen is told, ``heard`` what she was heard to say."""
        with step(Step.READ):
            told = stage.turn.finish()
        return to_reply(
            told,
            stage.turn.state,
            stage.outcomes,
            conversation=stage.live.conversation.id,
            token=token,
            heard=heard,
        )

    def _note(self, tx: Transaction, stage: Stage, outcome: CallOutcome) -> None:
        self._note_write(tx, stage.live.conversation, outcome, stage.attempts)
        self._summaries.note(tx, stage.live.conversation, stage.live.edition, outcome)

    def _note_write(
        self, tx: Transaction, conversation: Conversation, outcome: CallOutcome, attempts: int
    ) -> None:
        """Mark a write in the outbox, and among the citizen's requests once it was accepted."""
        if outcome.call.effect is not Effect.WRITE:
            return
        self._carrier.mark(tx, outbox_id(conversation, outcome.call.id), outcome, attempts=attempts)
        receipt = outcome.answer.receipt if outcome.answer is not None else None
        if receipt is None:
            return
        call = outcome.call
        if call.operation == CANCELS:
            own = requests.cancel(tx, receipt, self._clock(), conversation_id=conversation.id)
            if not own:
                requests.cancel(tx, receipt, self._clock())
        else:
            made = Request(conversation.id, receipt, call.service, call.arguments, self._clock())
            requests.add(tx, made)
