"""Carries the dialogue's effects out: reads side by side, writes once, hand-overs to the desk, and what the
citizen wishes to be remembered or forgotten."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from donghaeng.city.operations import City, Effect
from donghaeng.city.providers.declared.account import REQUESTS
from donghaeng.conversation.account import Account
from donghaeng.conversation.data_subject import note_forgotten, revoke_remembering
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.page_code import make_page_code
from donghaeng.conversation.sending import Sent, told_of, write
from donghaeng.dialogue.effects import (
    CallOutcome,
    CityCall,
    DialogueEffect,
    GuardianOutcome,
    GuardianRequest,
    HandoverOutcome,
    HandoverRequest,
    MemoryOutcome,
    MemoryRequest,
    Outcome,
    OutcomeKind,
    OutgoingCallOutcome,
    OutgoingCallRequest,
    PageCodeRequest,
    Purpose,
)
from donghaeng.errors import (
    GatewayRefused,
    InputError,
    ProviderError,
    ProviderUnconnected,
)
from donghaeng.people.bell import Bell
from donghaeng.people.calling import SEOUL, SOONEST, allowed_at
from donghaeng.people.desk import Reception, Wish, request_person
from donghaeng.store import Store, Transaction, outbox, outgoing_calls, remembered
from donghaeng.store.conversations import Conversation
from donghaeng.store.outbox import OutboxRow
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.store.process_names import is_dead
from donghaeng.store.remembered import Values
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.tokens import make_id, number_hash
from donghaeng.trust.tracing import Key, Step, step

SENDS_IN_TURN = 2
"""How often a write is sent before the citizen is told that its answer is still awaited."""
BEHIND_QUESTIONS = frozenset({Purpose.LOOK_UP, Purpose.PICK})
"""Reads that a citizen decides on (a fee, a free time): never on old data, which name no time there."""
AGAIN_WITHIN_S = 1.0
"""A write is sent again in its turn only where it failed sooner: whoever waits is told within 5 seconds."""
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=10)
UNUSED_FOR = timedelta(days=365)
"""Who has not come for so long is forgotten: a browser that lost its key cannot ask for it."""
MINUTE = "%Y-%m-%dT%H:%M"
"""How the dialogue writes a moment, in Seoul time."""

Clock = Callable[[], datetime]
Observe = Callable[[CallOutcome], None]


class Carrier:
    """Does what the dialogue wants done, for one process."""

    def __init__(
        self,
        store: Store,
        *,
        owner: str,
        clock: Clock,
        observe: Observe,
        account: Account,
        entropy: Callable[[int], bytes] = os.urandom,
        tick: Callable[[], float] = time.monotonic,
        calls: bool = False,
        reception: Reception | None = None,
        bell: Bell | None = None,
        guardians: Guardianship | None = None,
    ) -> None:
        """Carry out.

        Args:
            store: the database.
            owner: this process's name, under which it holds writes.
            clock: the program's own time.
            observe: is told of every answer of the city.
            account: what citizens may see of their requests.
            entropy: gives random bytes, of which codes are made.
            tick: seconds that only go forward.
            calls: whether citizens are called.
            reception: when counsellors are at the desk; always, where none is given.
            bell: is rung when somebody enters the queue.
            guardians: whom citizens let see their requests; nobody, where none is given.
        """
        self._guardians = guardians
        self._reception = reception
        self._bell = bell or Bell()
        self._entropy = entropy
        self._tick = tick
        self._calls = calls
        self._store = store
        self._account = account
        self._owner = owner
        self._clock = clock
        self._observe = observe

    async def carry_out(
        self,
        effects: Sequence[DialogueEffect],
        conversation: Conversation,
        city: City,
        now: datetime,
        *,
        token: str = "",
    ) -> list[Outcome]:
        """Do all effects of one step; they do not depend on one another. Writes must have been recorded
        with :meth:`record` before.

        ``token`` is the conversation's own, empty where nobody came with it.
        """
        doing = (self._one(effect, conversation, city, now, token) for effect in effects)
        return list(await asyncio.gather(*doing))

    async def _one(
        self, effect: DialogueEffect, conversation: Conversation, city: City, now: datetime, token: str
    ) -> Outcome:
        if isinstance(effect, CityCall):
            return await self._call(effect, conversation, city, now)
        with step(Step.CALL, {Key.OPERATION: type(effect).__name__}):
            if isinstance(effect, HandoverRequest):
                return await self._hand_over(effect, conversation, now)
            if isinstance(effect, MemoryRequest):
                return await self._remember(effect, conversation)
            if isinstance(effect, PageCodeRequest | GuardianRequest):
                return await self._with_code(effect, conversation, token)
            return await self._book_call(effect, conversation)

    async def _call(
        self, call: CityCall, conversation: Conversation, city: City, now: datetime
    ) -> CallOutcome:
        with step(Step.CALL, told_of(call)) as watch:
            if call.effect is Effect.WRITE:
                sent = await self.send(city, call, conversation, now)
                outcome = CallOutcome(call, sent.kind, sent.answer, sent.reason)
            else:
                outcome = await self._read(city, call, conversation, now)
            watch.set(Key.OUTCOME, outcome.kind.value)
        self._observe(outcome)
        return outcome

    async def _with_code(
        self, effect: PageCodeRequest | GuardianRequest, conversation: Conversation, token: str
    ) -> Outcome:
        if isinstance(effect, PageCodeRequest):
            now = self._clock()
            return await make_page_code(self._store, conversation, token, now=now, entropy=self._entropy)
        if self._guardians is None:
            return GuardianOutcome(effect.wish, effect.who)
        return await self._guardians.do(effect, conversation)

    async def _read(
        self, city: City, call: CityCall, conversation: Conversation, now: datetime
    ) -> CallOutcome:
        try:
            if call.operation == REQUESTS:
                answer = await self._account.requests(conversation, city, call.arguments, now)
            else:
                answer = await city.call(call.operation, call.arguments, now=now)
        except GatewayRefused as error:
            return CallOutcome(call, OutcomeKind.REFUSED, reason=error.reason)
        except ProviderUnconnected as error:
            return CallOutcome(call, OutcomeKind.UNCONNECTED, reason=type(error).__name__)
        except (ProviderError, InputError) as error:
            return CallOutcome(call, OutcomeKind.FAILED, reason=type(error).__name__)
        if answer.stale and call.purpose in BEHIND_QUESTIONS:
            return CallOutcome(call, OutcomeKind.FAILED, reason="stale")
        return CallOutcome(call, OutcomeKind.OK if answer.rows else OutcomeKind.EMPTY, answer)

    async def _hand_over(
        self, wanted: HandoverRequest, conversation: Conversation, now: datetime
    ) -> HandoverOutcome:
        wish = Wish(
            wanted.topic,
            wanted.callback_phone,
            wanted.service,
            wanted.reason,
            wanted.urgent,
            times=tuple(datetime.fromisoformat(at).replace(tzinfo=SEOUL) for at in wanted.times),
            agreed=wanted.agreed,
        )
        standing = await self._store.transact(
            lambda tx: request_person(
                tx,
                conversation_id=conversation.id,
                new_id=make_id("h"),
                wish=wish,
                now=self._clock(),
                reception=self._reception,
                citys_time=now,
            )
        )
        self._bell.ring()
        return HandoverOutcome(
            standing.state,
            standing.position,
            _written(standing.callback_at),
            standing.desk,
            _written(standing.opens_at),
            offered=tuple(at.astimezone(SEOUL).strftime(MINUTE) for at in standing.offered),
            unfit=standing.unfit,
        )

    async def _remember(self, wish: MemoryRequest, conversation: Conversation) -> MemoryOutcome:
        person, agreed, at = conversation.person, wish.agreement, self._clock()
        if person is None:
            return MemoryOutcome(remembers=False)

        def work(tx: Transaction) -> MemoryOutcome:
            if agreed is None:
                return MemoryOutcome(remembers=False, erased=revoke_remembering(tx, person, at))
            if unused := remembered.forget_unused(tx, at - UNUSED_FOR):
                note_forgotten(tx, at, unused, "expired")
            consent = SpokenConsent(agreed.script, agreed.asked, agreed.said, at, ("remember",))
            remembered.keep(tx, person, Values(**agreed.values), consent)
            return MemoryOutcome(remembers=True)

        return await self._store.transact(work)

    async def _book_call(self, wish: OutgoingCallRequest, conversation: Conversation) -> OutgoingCallOutcome:
        """Book a call, one of a conversation and service, or take every consent back that is known here."""
        hashes = set()
        if wish.number is not None:
            hashes.add(await asyncio.to_thread(number_hash, wish.number))
        if wish.service is None or wish.number is None:
            hashes |= {conversation.called_number} - {None}  # type: ignore[arg-type]
            await self._store.transact(lambda tx: _withdraw(tx, conversation, hashes, self._clock()))
            return OutgoingCallOutcome(stopped=True)
        if not self._calls or conversation.practice:
            return OutgoingCallOutcome()
        now = self._clock()
        due = allowed_at(now + SOONEST)
        call = BookedCall(
            key=f"{conversation.id}.{wish.service}",
            conversation_id=conversation.id,
            number=wish.number,
            number_hash=hashes.pop(),
            service=wish.service,
            consent=SpokenConsent(wish.script, wish.asked, wish.said, now, ("call_back",)),
            due=due,
            state="held" if conversation.test_clock is not None or conversation.test_city else "waiting",
        )
        await self._store.transact(lambda tx: _book(tx, call))
        return OutgoingCallOutcome("soon" if due <= now + SOONEST else "morning")

    def record(self, tx: Transaction, call: CityCall, conversation: Conversation) -> None:
        """Put a write into the outbox, claimed by this process, in the transaction of its turn."""
        created = self._clock()
        outbox.add(
            tx,
            OutboxRow(
                id=outbox_id(conversation, call.id),
                conversation_id=conversation.id,
                call_id=call.id,
                service=call.service,
                operation=call.operation,
                arguments=call.arguments,
                idempotency_key=outbox_id(conversation, call.id),
                created_at=created,
                next_attempt_at=created,
            ),
            owner=self._owner,
        )

    async def send(self, city: City, call: CityCall, conversation: Conversation, now: datetime) -> Sent:
        """Send a write, again with the same key where no answer came. What came of it is to be noted with
        :meth:`mark` in the transaction that tells the citizen."""
        key = outbox_id(conversation, call.id)
        sent = Sent(OutcomeKind.UNANSWERED, reason="unanswered")
        begun = self._tick()
        for _ in range(SENDS_IN_TURN):
            sent = await write(city, call, key, now)
            if sent.kind is not OutcomeKind.UNANSWERED or self._tick() - begun > AGAIN_WITHIN_S:
                break
        return sent

    def mark(self, tx: Transaction, row_id: str, outcome: CallOutcome, *, attempts: int = 1) -> None:
        """Note in the outbox what came of a write. A row that is never marked is sent again with its key
        when its lease is over, so marking and telling belong into one transaction."""
        at = self._clock()
        if outcome.kind is OutcomeKind.OK:
            receipt = outcome.answer.receipt if outcome.answer is not None else None
            outbox.mark_done(tx, row_id, receipt=receipt, at=at)
        elif outcome.kind is OutcomeKind.UNANSWERED:
            delay = min(FIRST_DELAY * 2 ** min(attempts, 10), LONGEST_DELAY)
            outbox.postpone(tx, row_id, self._owner, error=outcome.reason or "", until=at + delay)
        else:
            outbox.mark_failed(tx, row_id, self._owner, error=outcome.reason or outcome.kind, at=at)

    async def resend(self, city: City, row: OutboxRow, now: datetime) -> CallOutcome:
        """Send a row that this process has claimed; mark it as after :meth:`send`."""
        call = CityCall(row.call_id, row.service, row.operation, Effect.WRITE, row.arguments)
        with step(Step.CALL, told_of(call)) as watch:
            sent = await write(city, call, row.idempotency_key, now)
            watch.set(Key.OUTCOME, sent.kind.value)
        outcome = CallOutcome(call, sent.kind, sent.answer, sent.reason)
        self._observe(outcome)
        return outcome

    async def release_dead(self) -> int:
        """Take back the writes of processes of this machine that are gone; how many. Run it at the start."""

        def work(tx: Transaction) -> int:
            dead = {row: owner for row, owner in outbox.leases(tx).items() if is_dead(owner)}
            return sum(outbox.release(tx, row, owner) for row, owner in dead.items())

        return await self._store.transact(work)

    async def take(self, row_id: str) -> OutboxRow | None:
        """One waiting write, also where a dead process or this one itself holds it; None when it waits no
        longer or a living process is sending it."""

        def work(tx: Transaction) -> OutboxRow | None:
            owner = outbox.leases(tx).get(row_id)
            if owner is not None and is_dead(owner):
                outbox.release(tx, row_id, owner)
            return outbox.take(tx, row_id, self._owner, self._clock())

        return await self._store.transact(work)

    async def claim(self, limit: int = 20) -> list[OutboxRow]:
        """Writes that are due and that no process holds."""
        return await self._store.transact(
            lambda tx: outbox.claim(tx, self._owner, self._clock(), limit=limit)
        )


def _written(moment: datetime | None) -> str | None:
    """A moment of the desk as ISO 8601 on the city's clocks."""
    return None if moment is None else moment.astimezone(SEOUL).isoformat(timespec="minutes")


def _book(tx: Transaction, call: BookedCall) -> None:
    """Book it unless a call about the same waits already."""
    before = outgoing_calls.of_conversation(tx, call.conversation_id)
    if not any(one.service == call.service and one.state in ("waiting", "held") for one in before):
        outgoing_calls.add(tx, replace(call, key=f"{call.key}.{len(before)}"))


def _withdraw(tx: Transaction, conversation: Conversation, hashes: set[str], at: datetime) -> None:
    booked = {call.number_hash for call in outgoing_calls.of_conversation(tx, conversation.id)}
    for one in hashes | booked:
        outgoing_calls.withdraw(tx, one, at)


def outbox_id(conversation: Conversation, call_id: str) -> str:
    """The id of a write's outbox row, which is its idempotency key too: one a call and conversation."""
    return f"{conversation.id}.{call_id}"
