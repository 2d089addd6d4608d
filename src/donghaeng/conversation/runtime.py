"""The runtime: takes turns, does their effects, records what happened, resumes.

A turn: understand → decide → (effects → go on)* → record → reply. Everything of a turn is stored in one
transaction; before a write is sent, what led to it and its outbox row are stored in one of their own, so a
crash at any point loses nothing that was confirmed and sends nothing twice (docs/decisions/0005-writes.md).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from donghaeng.city.operations import City, Effect
from donghaeng.city.places.model import Kind
from donghaeng.city.places.table import PlaceTable
from donghaeng.conversation.carrying_out import Carrier, outbox_id
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.records import state_of, to_reply, to_stored, transcript_of
from donghaeng.conversation.reply import Reply
from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.effects import CallOutcome, CityCall, Outcome
from donghaeng.dialogue.events import ConversationEnded, ConversationOpened
from donghaeng.dialogue.policy import Policy
from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.dialogue.turn import Turn
from donghaeng.errors import ConversationBusy, InputError, UnknownConversation
from donghaeng.errors import ConversationEnded as Ended
from donghaeng.speech.engines import Hints
from donghaeng.store import Store, Transaction, conversations, events, replies, requests
from donghaeng.store.conversations import Conversation
from donghaeng.store.outbox import OutboxRow
from donghaeng.store.requests import Request
from donghaeng.trust.masking import mask
from donghaeng.trust.tokens import make_id, make_token, token_hash, token_matches
from donghaeng.understanding.acts import Act, ActKind, Understanding

MAX_TEXT = 2_000
"""Characters of one turn; nobody says more in one breath, and nothing is cut silently."""
MAX_KEPT = 5_000
"""Conversations whose state is kept in memory; others are folded anew from their events."""
MAX_STEPS = 8
"""Rounds of effects in one turn: look-up, probe, call. More means that a service file asks for itself."""

_KEYS = {"0": "상담사", "*": "다시 말해 주세요", "#": "네"}
"""What the telephone's keys say (ETSI ETR 096: 0 for a person)."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Live:
    """A conversation in this process's memory."""

    conversation: Conversation
    token_hash: str
    state: State
    last_seq: int
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class _Stage:
    """A turn being taken: what of it is stored already."""

    turn: Turn
    live: _Live
    now: datetime
    outcomes: list[CallOutcome] = field(default_factory=list)
    stored: int = 0


class ConversationRuntime:
    """Implements :class:`donghaeng.conversation.door.Conversations` for one process."""

    def __init__(
        self,
        *,
        store: Store,
        policy: Policy,
        understanding: Understanding,
        places: PlaceTable,
        cities: Cities,
        carrier: Carrier,
        clock: Clock,
        allow_test_clock: bool = False,
    ) -> None:
        self._store = store
        self._policy = policy
        self._understanding = understanding
        self._places = places
        self._cities = cities
        self._carrier = carrier
        self._clock = clock
        self._allow_test_clock = allow_test_clock
        self._kept: OrderedDict[str, _Live] = OrderedDict()

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation; see :class:`~donghaeng.conversation.door.Conversations`."""
        conversation, opened = self._opened(opening)
        # A city of its own is made here, so that what is wrong with its description is said at once.
        self._cities.of(conversation)
        token = make_token()
        now = conversation.test_clock or self._clock()
        live = _Live(conversation, token_hash(token), State(), 0)
        stage = _Stage(self._policy.begin(live.state, now), live, now)
        stage.turn.emit(opened)
        self._policy.greet(stage.turn)
        reply = self._reply(stage, token, heard=None)

        def save(tx: Transaction) -> None:
            conversations.add(tx, conversation, token)
            self._save(tx, stage, reply, key=None)

        await self._store.transact(save)
        self._commit(stage)
        self._keep(live)
        return reply

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        """Take one turn; see :class:`~donghaeng.conversation.door.Conversations`."""
        live = await self._find(conversation, token)
        async with live.lock:
            if idempotency_key is not None:
                key = idempotency_key
                before = await self._store.read(lambda tx: replies.find(tx, conversation, key))
                if before is not None:
                    return Reply(**before, token=token)
            if live.state.ended:
                raise Ended(f"conversation {conversation} has ended", remedy="open a new one")
            text = _text_of(said)
            await self._settle_pending(live)
            return await self._take_turn(live, token, text, said, idempotency_key)

    async def _take_turn(self, live: _Live, token: str, text: str, said: Said, key: str | None) -> Reply:
        now = live.conversation.test_clock or self._clock()
        masked = mask(text).text
        acts = await self._acts(masked, said, live.state, now)
        stage = _Stage(self._policy.begin(live.state, now), live, now)
        self._policy.hear(stage.turn, masked, acts)
        await self._do_effects(stage)
        reply = self._reply(stage, token, heard=masked)
        await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=key))
        if reply.ended:
            self._cities.release(live.conversation.id)
        return reply

    async def _acts(self, text: str, said: Said, state: State, now: datetime) -> Sequence[Act]:
        if said.no_input:
            return (Act(ActKind.SILENCE),)
        context = context_of(state, now)
        return await asyncio.to_thread(self._understanding.understand, text, context)

    async def _do_effects(self, stage: _Stage) -> None:
        city = self._cities.of(stage.live.conversation)
        for _ in range(MAX_STEPS):
            wanted = stage.turn.take_effects()
            if not wanted:
                return
            writes = [one for one in wanted if isinstance(one, CityCall) and one.effect is Effect.WRITE]
            if writes and not stage.live.conversation.practice:
                await self._record_writes(stage, writes)
            outcomes = await self._carrier.carry_out(wanted, stage.live.conversation, city, stage.now)
            self._proceed(stage, outcomes)

    def _proceed(self, stage: _Stage, outcomes: Sequence[Outcome]) -> None:
        stage.outcomes += [one for one in outcomes if isinstance(one, CallOutcome)]
        self._policy.proceed(stage.turn, outcomes)

    async def _record_writes(self, stage: _Stage, writes: Sequence[CityCall]) -> None:
        def save(tx: Transaction) -> None:
            self._append(tx, stage)
            for call in writes:
                self._carrier.record(tx, call, stage.live.conversation)

        await self._store_stage(stage, save)

    async def _store_stage(self, stage: _Stage, save: Callable[[Transaction], None]) -> None:
        try:
            await self._store.transact(save)
        except ConversationBusy:
            self._kept.pop(stage.live.conversation.id, None)
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
                _note_request(tx, identity, outcome, at)
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
        live = await self._find(conversation.id, token)
        async with live.lock:
            await self._settle_pending(live)
            last = await self._store.read(lambda tx: replies.last(tx, conversation.id))
        if last is None:
            raise UnknownConversation("no conversation has this token")
        return Reply(**last, token=token)

    async def hints(self, conversation: str, token: str) -> Hints:
        """What the open question expects, for the ears."""
        live = await self._find(conversation, token)
        question, frame = live.state.question, live.state.frame
        if question is None or frame is None:
            return Hints()
        service = self._policy.catalogue[frame.service]
        spec = service.slots.get(question.slot or "")
        labels = tuple(option.label for option in question.options)
        phrases = labels if question.kind is QuestionKind.CHOICE else ()
        return Hints(question.kind.expects, spec.type if spec is not None else None, phrases)

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        """The masked transcript and events."""
        await self._find(conversation, token)
        rows = await self._store.read(lambda tx: events.of_conversation(tx, conversation))
        return transcript_of(conversation, rows)

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        """What the conversation's own sandbox city accepted."""
        live = await self._find(conversation, token)
        if not self._allow_test_clock:
            raise InputError("cities are shown only with the test clock")
        return self._cities.writes(live.conversation)

    async def end(self, conversation: str, token: str) -> Reply:
        """Close it without a goodbye from the citizen; ending twice gives the same reply."""
        live = await self._find(conversation, token)
        async with live.lock:
            if live.state.ended:
                last = await self._store.read(lambda tx: replies.last(tx, conversation))
                return Reply(**(last or {}), token=token)
            now = live.conversation.test_clock or self._clock()
            stage = _Stage(self._policy.begin(live.state, now), live, now)
            stage.turn.emit(ConversationEnded("closed"))
            stage.turn.phrase("goodbye")
            reply = self._reply(stage, token, heard=None)
            await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=None))
            self._cities.release(conversation)
            return reply

    async def send_waiting(self) -> int:
        """Send the writes that are due, of any conversation; how many were settled. Run it now and then."""
        rows = await self._carrier.claim()
        settled = 0
        for row in rows:
            live = await self._load(row.conversation_id)
            async with live.lock:
                settled += await self._settle(live, row)
        return settled

    async def _settle_pending(self, live: _Live) -> None:
        """Settle the write that a crash left between sending and recording, before anything else."""
        frame = live.state.frame
        if frame is None or frame.pending is None:
            return
        wanted = outbox_id(live.conversation, frame.pending)
        rows = [row for row in await self._carrier.claim() if row.id == wanted]
        if rows:
            await self._settle(live, rows[0])

    async def _settle(self, live: _Live, row: OutboxRow) -> bool:
        city: City = self._cities.of(live.conversation)
        now = live.conversation.test_clock or self._clock()
        sent = await self._carrier.resend(city, row, now)
        call = CityCall(row.call_id, row.service, row.operation, Effect.WRITE, row.arguments)
        outcome = CallOutcome(call, sent.kind, sent.answer, sent.reason)
        stage = _Stage(self._policy.begin(live.state, now), live, now)
        if live.state.frame is not None and live.state.frame.pending == row.call_id:
            self._proceed(stage, [outcome])
            reply = self._reply(stage, "", heard=None)
            await self._store_stage(stage, lambda tx: self._save(tx, stage, reply, key=f"settled/{row.id}"))
            return True
        if sent.kind in ("ok", "refused", "failed"):
            receipt = sent.answer.receipt if sent.answer is not None else None
            self._policy.settle_later(stage.turn, row.service, receipt)
            await self._store_stage(stage, lambda tx: self._save_settled(tx, stage, outcome))
            return True
        return False

    def _save_settled(self, tx: Transaction, stage: _Stage, outcome: CallOutcome) -> None:
        self._append(tx, stage)
        _note_request(tx, stage.live.conversation.id, outcome, self._clock())

    def _opened(self, opening: Opening) -> tuple[Conversation, ConversationOpened]:
        if (opening.now is not None or opening.city is not None) and not self._allow_test_clock:
            raise InputError(
                "`now` and `city` are accepted only with the test clock",
                remedy="start the server with DONGHAENG_ALLOW_TEST_CLOCK=1",
            )
        if opening.now is not None and opening.now.tzinfo is None:
            raise InputError("`now` has no offset", remedy="write it as 2026-11-23T10:00:00+09:00")
        home, here = self._whereabouts(opening)
        location = opening.location
        conversation = Conversation(
            id=make_id("c"),
            channel=opening.channel,
            opened_at=self._clock(),
            catalogue_version=self._policy.catalogue.version,
            practice=opening.practice,
            home_district=home,
            location=(location.lat, location.lon) if location is not None else None,
            test_clock=opening.now,
            test_city=asdict(opening.city) if opening.city is not None else None,
        )
        return conversation, ConversationOpened(opening.channel, home, here, opening.practice)

    def _whereabouts(self, opening: Opening) -> tuple[str | None, dict[str, Any] | None]:
        home, location = opening.home_district, opening.location
        if home is not None and not self._places.by_name(home, Kind.DISTRICT):
            raise InputError(f"{home!r} is no district of Seoul", remedy="one of the 25, such as 마포구")
        if location is not None:
            here = {"name": "지금 계신 곳", "lat": location.lat, "lon": location.lon}
            return home or self._places.district_of(location.lat, location.lon), here
        if home is not None:
            centre = self._places.by_name(home, Kind.DISTRICT)[0]
            return home, {"name": home, "lat": centre.lat, "lon": centre.lon}
        return None, None

    async def _find(self, conversation: str, token: str) -> _Live:
        live = self._kept.get(conversation)
        if live is not None and live.token_hash:
            if not token_matches(token, live.token_hash):
                raise UnknownConversation(f"no conversation {conversation} with this token")
            self._kept.move_to_end(conversation)
            return live
        found = await self._store.read(lambda tx: conversations.get(tx, conversation, token))
        live = await self._load(found.id)
        live.token_hash = token_hash(token)
        return live

    async def _load(self, conversation: str) -> _Live:
        kept = self._kept.get(conversation)
        if kept is not None:
            return kept

        def read(tx: Transaction) -> tuple[Conversation, list[events.Event]]:
            found = conversations.get_as_staff(tx, conversation)
            return found, events.of_conversation(tx, conversation)

        found, rows = await self._store.read(read)
        kept = self._kept.get(conversation)
        if kept is not None:
            return kept
        live = _Live(found, "", state_of(rows), found.last_seq)
        self._keep(live)
        return live

    def _keep(self, live: _Live) -> None:
        self._kept[live.conversation.id] = live
        while len(self._kept) > MAX_KEPT:
            oldest = next(iter(self._kept))
            if self._kept[oldest].lock.locked():
                self._kept.move_to_end(oldest)
                break
            del self._kept[oldest]


def _note_request(tx: Transaction, conversation: str, outcome: CallOutcome, at: datetime) -> None:
    answer = outcome.answer
    if outcome.call.effect is not Effect.WRITE or answer is None or answer.receipt is None:
        return
    request = Request(conversation, answer.receipt, outcome.call.service, outcome.call.arguments, at)
    requests.add(tx, request)


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
