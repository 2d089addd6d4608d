"""The runtime: takes turns, does their effects, records what happened, resumes.

A turn: understand → decide → (effects → go on)* → record → reply. Everything of a turn is stored in one
transaction; before a write is sent, what led to it and its outbox row are stored in one of their own, so a
crash at any point loses nothing that was confirmed and sends nothing twice (docs/decisions/0005-writes.md).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog

from donghaeng.city.operations import Effect
from donghaeng.city.places.table import PlaceTable
from donghaeng.conversation.carrying_out import Carrier, outbox_id
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.editions import Editions
from donghaeng.conversation.hearing import acts_of
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.opening import begin, person_of
from donghaeng.conversation.records import to_reply, to_stored, transcript_of
from donghaeng.conversation.remembering import keep_up_to_date
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.summaries import CANCELS, Summaries
from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.effects import CallOutcome, CityCall, HandoverRequest, Outcome, OutcomeKind
from donghaeng.dialogue.events import ConversationEnded
from donghaeng.dialogue.state import News, QuestionKind, State
from donghaeng.dialogue.turn import Turn
from donghaeng.errors import ConversationBusy, InputError, UnknownCode, UnknownConversation
from donghaeng.errors import ConversationEnded as Ended
from donghaeng.speech.engines import Hints
from donghaeng.store import (
    Store,
    Transaction,
    conversations,
    events,
    page_codes,
    remembered,
    replies,
    requests,
)
from donghaeng.store.conversations import Conversation
from donghaeng.store.outbox import OutboxRow
from donghaeng.store.requests import Request
from donghaeng.trust.masking import mask
from donghaeng.trust.page_codes import code_hash, read_code
from donghaeng.trust.tokens import make_token, token_hash
from donghaeng.understanding.acts import Act, ActKind

MAX_TEXT = 2_000
"""Characters of one turn; nobody says more in one breath, and nothing is cut silently."""
MAX_STEPS = 8
"""Rounds of effects in one turn: look-up, probe, call. More means that a service file asks for itself."""

_KEYS = {"0": "상담사", "*": "다시 말해 주세요", "#": "네"}
"""What the telephone's keys say (ETSI ETR 096: 0 for a person)."""

Clock = Callable[[], datetime]
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Stage:
    """A turn being taken: what of it is stored already."""

    turn: Turn
    live: Live
    now: datetime
    outcomes: list[CallOutcome] = field(default_factory=list)
    handed: list[HandoverRequest] = field(default_factory=list)
    stored: int = 0
    attempts: int = 1
    """How often the write that the stage is about was sent before it was given up for now."""


class ConversationRuntime:
    """Implements :class:`donghaeng.conversation.door.Conversations` for one process."""

    def __init__(
        self,
        *,
        store: Store,
        editions: Editions,
        places: PlaceTable,
        cities: Cities,
        carrier: Carrier,
        clock: Clock,
        summaries: Summaries | None = None,
        allow_test_clock: bool = False,
    ) -> None:
        self._store = store
        self._editions = editions
        self._places = places
        self._cities = cities
        self._carrier = carrier
        self._summaries = summaries or Summaries(clock, enabled=False)
        self._clock = clock
        self._allow_test_clock = allow_test_clock
        self._memory = Memory(store, editions)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation; see :class:`~donghaeng.conversation.door.Conversations`."""
        edition = self._editions.current
        person = person_of(opening)
        recalled = None
        if person is not None:
            recalled = await self._store.read(lambda tx: remembered.find(tx, person))
        conversation, opened = begin(
            opening,
            places=self._places,
            at=self._clock(),
            catalogue_version=edition.version,
            allow_test_clock=self._allow_test_clock,
            person=person,
            recalled=recalled,
        )
        # A city of its own is made here, so that what is wrong with its description is said at once.
        self._cities.of(conversation)
        token = make_token()
        now = conversation.test_clock or self._clock()
        live = Live(conversation, token_hash(token), State(), 0, edition)
        stage = _Stage(live.edition.policy.begin(live.state, now), live, now)
        stage.turn.emit(opened)
        edition.policy.greet(stage.turn)
        reply = self._reply(stage, token, heard=None)

        def save(tx: Transaction) -> None:
            conversations.add(tx, conversation, token)
            self._save(tx, stage, reply, key=None)

        await self._store.transact(save)
        self._commit(stage)
        self._memory.keep(live)
        return reply

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        """Take one turn; see :class:`~donghaeng.conversation.door.Conversations`. Once begun it runs to its
        end even if the caller goes away."""
        return await self._unbroken(self._turn(conversation, token, said, idempotency_key))

    async def _turn(self, conversation: str, token: str, said: Said, key: str | None) -> Reply:
        async with self._memory.held(conversation, token) as live:
            if key is not None:
                before = await self._store.read(lambda tx: replies.find(tx, conversation, key))
                if before is not None:
                    return Reply(**before, token=token)
            if live.state.ended:
                raise Ended(f"conversation {conversation} has ended", remedy="open a new one")
            text = mask(_text_of(said)).text
            acts = await self._acts(text, said, live)
            frame = live.state.frame
            settled = await self._settle_pending(live, token, key=None if _stands_alone(acts) else key)
            if settled is None or frame is None:
                return await self._take_turn(live, token, text, acts, key)
            reply, came = settled
            if not _stands_alone(acts):
                # Words said before the outcome was heard answer none of its questions.
                return reply
            receipt = next((call.receipt for call in reply.calls), None)
            news = None if came is OutcomeKind.UNANSWERED else News(frame.service, receipt)
            return await self._take_turn(live, token, text, acts, key, news=news)

    async def _take_turn(
        self,
        live: Live,
        token: str,
        text: str,
        acts: Sequence[Act],
        key: str | None,
        *,
        news: News | None = None,
    ) -> Reply:
        now = live.conversation.test_clock or self._clock()
        stage = _Stage(live.edition.policy.begin(live.state, now), live, now)
        if news is not None:
            live.edition.policy.settle_later(stage.turn, news.service, news.receipt)
        return await self._hear(stage, token, text, acts, key)

    async def _hear(
        self, stage: _Stage, token: str, text: str, acts: Sequence[Act], key: str | None
    ) -> Reply:
        live = stage.live
        live.edition.policy.hear(stage.turn, text, acts)
        await self._do_effects(stage, token)
        reply = self._reply(stage, token, heard=text)
        await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=key))
        if reply.ended:
            self._cities.release(live.conversation.id)
        return reply

    async def act(
        self,
        conversation: str,
        token: str,
        acts: Sequence[Act],
        *,
        text: str,
        idempotency_key: str,
        at_turn: int,
    ) -> tuple[Reply, tuple[CallOutcome, ...]]:
        """Take a turn whose acts are made by a program instead of understood from words; with the reply comes
        what the city answered, which a repeated ``idempotency_key`` gives no more.

        Args:
            acts: most important first.
            text: what stands in the transcript for the words.
            at_turn: number of the last turn that the acts follow; no other may have been taken since.

        Raises:
            UnknownConversation, ConversationEnded: as for :meth:`turn`.
            ConversationBusy: another turn was taken since, so nothing is done.
            InputError: a slot's value is longer than anybody says.
        """
        _check_values(acts)
        work = self._act(conversation, token, acts, text=text, key=idempotency_key, at_turn=at_turn)
        return await self._unbroken(work)

    async def _act(
        self, conversation: str, token: str, acts: Sequence[Act], *, text: str, key: str, at_turn: int
    ) -> tuple[Reply, tuple[CallOutcome, ...]]:
        async with self._memory.held(conversation, token) as live:
            before = await self._store.read(lambda tx: replies.find(tx, conversation, key))
            if before is not None:
                return Reply(**before, token=token), ()
            settled = await self._settle_pending(live, token, key=key)
            if settled is not None:
                return settled[0], ()
            if live.state.ended:
                raise Ended(f"conversation {conversation} has ended", remedy="open a new one")
            if live.state.turn != at_turn:
                raise ConversationBusy(f"conversation {conversation} went on meanwhile", remedy="ask again")
            now = live.conversation.test_clock or self._clock()
            stage = _Stage(live.edition.policy.begin(live.state, now), live, now)
            return await self._hear(stage, token, mask(text).text, acts, key), tuple(stage.outcomes)

    async def _acts(self, text: str, said: Said, live: Live) -> Sequence[Act]:
        now = live.conversation.test_clock or self._clock()
        context = context_of(live.state, now)
        acts = await acts_of(text, said, context, live.edition.understanding, live.state.question)
        proposals = live.edition.proposals
        if proposals is None or said.no_input:
            return acts
        return await proposals.reconsider(text, context, acts)

    async def _do_effects(self, stage: _Stage, token: str) -> None:
        city = self._cities.of(stage.live.conversation)
        for _ in range(MAX_STEPS):
            wanted = stage.turn.take_effects()
            if not wanted:
                return
            writes = [one for one in wanted if isinstance(one, CityCall) and one.effect is Effect.WRITE]
            if writes and not stage.live.conversation.practice:
                await self._record_writes(stage, writes)
            outcomes = await self._carrier.carry_out(
                wanted, stage.live.conversation, city, stage.now, token=token
            )
            stage.handed += [one for one in wanted if isinstance(one, HandoverRequest)]
            self._proceed(stage, outcomes)
        if stage.turn.take_effects():
            frame = stage.turn.state.frame
            _log.error("a turn comes to no end", service=frame.service if frame is not None else None)
            stage.live.edition.policy.give_up(stage.turn)

    def _proceed(self, stage: _Stage, outcomes: Sequence[Outcome]) -> None:
        outcomes = self._summaries.announced(stage.live.conversation, stage.live.edition, outcomes)
        stage.outcomes += [one for one in outcomes if isinstance(one, CallOutcome)]
        stage.live.edition.policy.proceed(stage.turn, outcomes)

    async def _record_writes(self, stage: _Stage, writes: Sequence[CityCall]) -> None:
        def save(tx: Transaction) -> None:
            self._append(tx, stage)
            for call in writes:
                self._carrier.record(tx, call, stage.live.conversation)

        await self._store_stage(stage, save)

    async def _store_stage(self, stage: _Stage, save: Callable[[Transaction], None]) -> None:
        try:
            await self._store.transact(save)
        except BaseException:
            # What memory holds may no longer be what the database holds: the next turn reads it anew.
            self._memory.forget(stage.live)
            raise
        self._commit(stage)

    def _append(self, tx: Transaction, stage: _Stage) -> None:
        new = stage.turn.events[stage.stored :]
        rows = to_stored(new, stage.turn.state.turn, self._clock())
        events.append(tx, stage.live.conversation.id, stage.live.last_seq, rows)

    def _commit(self, stage: _Stage) -> None:
        """Take over into memory what the database has accepted."""
        stage.live.last_seq += len(stage.turn.events) - stage.stored
        stage.stored = len(stage.turn.events)
        stage.live.state = stage.turn.state

    def _save(self, tx: Transaction, stage: _Stage, reply: Reply, *, key: str | None) -> None:
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

    def _reply(self, stage: _Stage, token: str, heard: str | None) -> Reply:
        draft = stage.turn.finish()
        return to_reply(
            draft,
            stage.turn.state,
            stage.outcomes,
            conversation=stage.live.conversation.id,
            token=token,
            heard=heard,
        )

    async def resume(self, token: str) -> Reply:
        """The last reply again, after writes that a crash left open were settled."""
        conversation = await self._store.read(lambda tx: conversations.by_token(tx, token))
        return await self._unbroken(self._resume(conversation.id, token))

    async def _resume(self, conversation: str, token: str) -> Reply:
        async with self._memory.held(conversation, token) as live:
            await self._settle_pending(live, token, key=None)
            last = await self._store.read(lambda tx: replies.last(tx, conversation))
        if last is None:
            raise UnknownConversation("no conversation has this token")
        return Reply(**last, token=token)

    async def continue_by_code(self, code: str) -> Reply:
        """Go on at a page; see :class:`~donghaeng.conversation.door.Conversations`."""
        digits, now = read_code(code), self._clock()
        if digits is None:
            raise UnknownCode("no code of six digits")
        hashed = await asyncio.to_thread(code_hash, digits)
        token = await self._store.transact(lambda tx: page_codes.use(tx, hashed, now))
        if token is None:
            raise UnknownCode("no such code, or used, or too old")
        return await self.resume(token)

    async def hints(self, conversation: str, token: str) -> Hints:
        """What the open question expects, for the ears."""
        live = await self._memory.find(conversation, token)
        question, frame = live.state.question, live.state.frame
        if question is None or frame is None:
            return Hints()
        service = live.edition.catalogue[frame.service]
        spec = service.slots.get(question.slot or "")
        labels = tuple(option.label for option in question.options)
        phrases = labels if question.kind is QuestionKind.CHOICE else ()
        return Hints(question.kind.expects, spec.type if spec is not None else None, phrases)

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        """The masked transcript and events."""
        await self._memory.find(conversation, token)
        rows = await self._store.read(lambda tx: events.of_conversation(tx, conversation))
        return transcript_of(conversation, rows)

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        """What the conversation's own sandbox city accepted."""
        live = await self._memory.find(conversation, token)
        if not self._allow_test_clock:
            raise InputError("cities are shown only with the test clock")
        return self._cities.writes(live.conversation)

    async def end(self, conversation: str, token: str) -> Reply:
        """Close it without a goodbye from the citizen; ending twice gives the same reply."""
        async with self._memory.held(conversation, token) as live:
            if live.state.ended:
                last = await self._store.read(lambda tx: replies.last(tx, conversation))
                return Reply(**(last or {}), token=token)
            now = live.conversation.test_clock or self._clock()
            stage = _Stage(live.edition.policy.begin(live.state, now), live, now)
            stage.turn.emit(ConversationEnded("closed"))
            stage.turn.phrase("goodbye")
            reply = self._reply(stage, token, heard=None)
            await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=None))
            self._cities.release(conversation)
            return reply

    async def send_waiting(self) -> int:
        """Send the writes that are due, of any conversation; how many were settled. Run it now and then."""
        settled = 0
        for row in await self._carrier.claim():
            try:
                settled += await self._unbroken(self._send_row(row))
            except ConversationBusy:
                # Its conversation moved on in another process; the row is due again when its lease is over.
                continue
        return settled

    async def _send_row(self, row: OutboxRow) -> bool:
        async with self._memory.held(row.conversation_id) as live:
            if live.state.frame is not None and live.state.frame.pending == row.call_id:
                await self._settle(live, "", row, key=None)
                return True
            now = live.conversation.test_clock or self._clock()
            outcome = await self._carrier.resend(self._cities.of(live.conversation), row, now)
            stage = _Stage(live.edition.policy.begin(live.state, now), live, now, attempts=row.attempts)
            over = outcome.kind is not OutcomeKind.UNANSWERED
            if over:
                receipt = outcome.answer.receipt if outcome.answer is not None else None
                live.edition.policy.settle_later(stage.turn, row.service, receipt)
            await self._store_stage(stage, lambda tx: self._save_settled(tx, stage, outcome))
            return over

    async def _settle_pending(
        self, live: Live, token: str, *, key: str | None
    ) -> tuple[Reply, OutcomeKind] | None:
        """Settle the write that a crash left between sending and recording, before anything else. The
        reply is what its turn would have said; None when nothing was pending."""
        frame = live.state.frame
        if frame is None or frame.pending is None:
            return None
        row = await self._carrier.take(outbox_id(live.conversation, frame.pending))
        return await self._settle(live, token, row, key=key)

    async def _settle(
        self, live: Live, token: str, row: OutboxRow | None, *, key: str | None
    ) -> tuple[Reply, OutcomeKind]:
        """Go on with the turn whose write is pending. Without its row (another process is sending it)
        the answer is still awaited."""
        frame = live.state.frame
        assert frame is not None
        assert frame.pending is not None
        now = live.conversation.test_clock or self._clock()
        stage = _Stage(live.edition.policy.begin(live.state, now), live, now)
        if row is not None:
            outcome = await self._carrier.resend(self._cities.of(live.conversation), row, now)
            stage.attempts = row.attempts
        else:
            awaited = CityCall(frame.pending, frame.service, "", Effect.WRITE, {})
            outcome = CallOutcome(awaited, OutcomeKind.UNANSWERED)
        self._proceed(stage, [outcome])
        await self._do_effects(stage, token)
        reply = self._reply(stage, token, heard=None)
        name = key if key is not None else f"settled/{frame.pending}"
        await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=name))
        return reply, outcome.kind

    def _save_settled(self, tx: Transaction, stage: _Stage, outcome: CallOutcome) -> None:
        self._append(tx, stage)
        self._note(tx, stage, outcome)

    def _note(self, tx: Transaction, stage: _Stage, outcome: CallOutcome) -> None:
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

    async def _unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it to its end even if the caller is cancelled: a lost line takes back no turn."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


def _stands_alone(acts: Sequence[Act]) -> bool:
    """Whether the words mean the same whatever was asked last."""
    return acts[0].kind in (ActKind.ASK, ActKind.EMERGENCY)


def _check_values(acts: Sequence[Act]) -> None:
    """Refuse what no recogniser takes out of a turn's words.

    Raises:
        InputError: a slot's value is longer than a turn may be.
    """
    for act in acts:
        for name, given in act.slots.items():
            length = len(json.dumps(given.value, ensure_ascii=False, default=str))
            if length > MAX_TEXT:
                raise InputError(
                    f"a value of {length} characters for {name} is too long",
                    remedy=f"at most {MAX_TEXT} are taken",
                )


def _text_of(said: Said) -> str:
    if said.no_input:
        return ""
    if said.dtmf is not None:
        return _KEYS.get(said.dtmf, said.dtmf)
    text = said.text or ""
    if len(text) > MAX_TEXT:
        raise InputError(
            f"a turn of {len(text)} characters is too long", remedy=f"at most {MAX_TEXT} are taken"
        )
    return text
