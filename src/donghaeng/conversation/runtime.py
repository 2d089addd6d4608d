"""The runtime: takes turns, does their effects, records what happened, resumes.

A turn: understand → decide → (effects → go on)* → record → reply. What is stored when is told in
:mod:`donghaeng.conversation.stages`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Sequence
from typing import Any

import structlog

from donghaeng.city.places.table import PlaceTable
from donghaeng.conversation.carrying_out import Carrier
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.citizen_end import CitizenEnd
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.editions import Editions
from donghaeng.conversation.expecting import hints_of
from donghaeng.conversation.guardianship import Guardianship
from donghaeng.conversation.handed_over import HandedOver
from donghaeng.conversation.hearing import acts_of
from donghaeng.conversation.in_charge import asked_for_person
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.opening import begin, person_of
from donghaeng.conversation.practice import PracticeRoom
from donghaeng.conversation.records import read_transcript
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.settling import Settler
from donghaeng.conversation.stages import Clock, Stage, Stages
from donghaeng.conversation.summaries import Summaries
from donghaeng.conversation.switched_off import SwitchedOff
from donghaeng.conversation.turn_input import check_values, kept_acts, kept_words, text_of
from donghaeng.conversation.unbroken import Unbroken
from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind
from donghaeng.dialogue.events import ConversationEnded
from donghaeng.dialogue.state import News, State
from donghaeng.errors import ConversationBusy, InputError, MachineOff, UnknownCode, UnknownConversation
from donghaeng.errors import ConversationEnded as Ended
from donghaeng.people.bell import Bell
from donghaeng.speech.engines import Hints
from donghaeng.store import (
    Store,
    Transaction,
    conversations,
    page_codes,
    remembered,
    replies,
)
from donghaeng.trust.masking import mask
from donghaeng.trust.page_codes import code_hash, read_code
from donghaeng.trust.tokens import make_token, token_hash
from donghaeng.trust.tracing import Key, Step, step
from donghaeng.understanding.acts import Act, ActKind

_log = structlog.get_logger(__name__)


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
        bell: Bell | None = None,
        switch: MachineSwitch | None = None,
        guardians: Guardianship | None = None,
        withheld: Callable[[], Container[str]] = tuple,
    ) -> None:
        self._store = store
        self._editions = editions
        self._places = places
        self._cities = cities
        self._carrier = carrier
        self._clock = clock
        self._allow_test_clock = allow_test_clock
        self._bell = bell or Bell()
        self._guardians = guardians
        self._memory = Memory(store, editions)
        self._stages = Stages(
            store=store,
            memory=self._memory,
            cities=cities,
            carrier=carrier,
            summaries=summaries or Summaries(clock, enabled=False),
            clock=clock,
            withheld=withheld,
        )
        self._switched_off = SwitchedOff(switch, self._stages, editions)
        self._handed = HandedOver(
            store=store,
            stages=self._stages,
            memory=self._memory,
            bell=self._bell,
            alarm=self._alarm,
            switched_off=self._switched_off,
        )
        self._settler = Settler(stages=self._stages, memory=self._memory, cities=cities, carrier=carrier)
        self._practice = PracticeRoom(
            store, self._stages, self._memory, cities, understand=self._acts, hear=self._hear
        )
        self.desk = CitizenEnd(store, self._memory, self._bell)
        self._unbroken = Unbroken()

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation; see :class:`~donghaeng.conversation.door.Conversations`."""
        edition = self._editions.current
        person = person_of(opening)
        recalled = ending = None
        if person is not None:
            recalled = await self._store.read(lambda tx: remembered.find(tx, person))
            ending = await self._guardians.reminder(person) if self._guardians is not None else None
        conversation, opened = begin(
            opening,
            places=self._places,
            at=self._clock(),
            catalogue_version=edition.version,
            allow_test_clock=self._allow_test_clock,
            person=person,
            recalled=recalled,
            guardian_ends=ending,
        )
        # A city of its own is made here, so that what is wrong with its description is said at once.
        self._cities.of(conversation)
        token = make_token()
        live = Live(conversation, token_hash(token), State(), 0, edition)
        stage = self._stages.begin(live)
        stage.turn.emit(opened)
        if self._switched_off.silent:
            await self._switched_off.tell(stage.turn)
        else:
            edition.policy.greet(stage.turn)
        reply = self._stages.reply(stage, token, heard=None)

        def save(tx: Transaction) -> None:
            conversations.add(tx, conversation, token)
            if person is not None and self._guardians is not None:
                self._guardians.began(tx, conversation.id, person, ending)
            self._stages.save(tx, stage, reply, key=None)

        await self._store.transact(save)
        self._stages.commit(stage)
        self._memory.keep(live)
        return reply

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        """Take one turn; see :class:`~donghaeng.conversation.door.Conversations`. Once begun it runs to its
        end even if the caller goes away."""
        with step(Step.TURN, {Key.MEDIUM: said.medium}) as watch:
            reply = await self._unbroken.do(self._turn(conversation, token, said, idempotency_key))
            watch.set(Key.SERVICE, reply.service)
            watch.set(Key.OUTCOME, reply.outcome)
            watch.set(Key.EXPECTS, reply.expects)
            watch.set(Key.CALLS, len(reply.calls))
            return reply

    async def _turn(self, conversation: str, token: str, said: Said, key: str | None) -> Reply:
        async with self._memory.held_for_turn(conversation, token, key) as held:
            live = held.live
            if held.before is not None:
                return Reply(**held.before, token=token)
            if live.state.ended:
                raise Ended(f"conversation {conversation} has ended", remedy="open a new one")
            with step(Step.MASK):
                text = mask(text_of(said)).text
                kept = kept_words(said, text)
            person = await self._handed.standing(live)
            if person is not None and person.state == "joined":
                return await self._handed.take(live, token, person.id, kept, key=key)
            if self._switched_off.silent:
                return await self._take_silently(live, token, kept, said, key)
            practised = await self._practice.take(live, token, text, kept, said, key=key)
            if practised is not None:
                return practised
            acts = kept_acts(said, await self._acts(text, said, live))
            return await self._take_settled(live, token, kept, acts, key)

    async def _take_settled(
        self, live: Live, token: str, kept: str, acts: Sequence[Act], key: str | None
    ) -> Reply:
        """Take a turn after a write that a crash left open was settled."""
        frame = live.state.frame
        settled = await self._settler.pending(live, token, key=None if _stands_alone(acts) else key)
        if settled is None or frame is None:
            return await self._take_turn(live, token, kept, acts, key)
        reply, came = settled
        if not _stands_alone(acts):
            # Words said before the outcome was heard answer none of its questions.
            return reply
        receipt = next((call.receipt for call in reply.calls), None)
        news = None if came is OutcomeKind.UNANSWERED else News(frame.service, receipt)
        return await self._take_turn(live, token, kept, acts, key, news=news)

    async def go_on_alone(self, conversation: str, handover: str) -> None:
        """Let the machine go on after a hand-over was closed; see :meth:`HandedOver.go_on_alone`."""
        await self._unbroken.do(self._handed.go_on_alone(conversation, handover))

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
        stage = self._stages.begin(live)
        self._handed.catch_up(stage, await self._handed.standing(live))
        if news is not None:
            live.edition.policy.settle_later(stage.turn, news.service, news.receipt)
        return await self._hear(stage, token, text, acts, key)

    async def _take_silently(self, live: Live, token: str, text: str, said: Said, key: str | None) -> Reply:
        standing = await self._handed.standing(live)
        return await self._switched_off.take(live, token, text, said, standing, hear=self._hear, key=key)

    async def _hear(self, stage: Stage, token: str, text: str, acts: Sequence[Act], key: str | None) -> Reply:
        live, was_silent = stage.live, self._switched_off.silent
        with step(Step.DECIDE):
            live.edition.policy.hear(stage.turn, text, acts)
        await self._stages.do_effects(stage, token)
        if self._switched_off.silent and not (was_silent or stage.stored or stage.acted):
            # Switched off while it was made. Only what has happened (a request, a booked call) is still told.
            return await self._take_silently(live, token, text, Said(text=text), key)
        reply = await self._stages.keep(stage, token, heard=text, key=key)
        if reply.ended:
            self._cities.release(live.conversation.id)
        if asked_for_person(live.state):
            self._bell.ring()
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
            MachineOff: nothing is done, and the same call may be made again later.
            InputError: a slot's value is longer than anybody says.
        """
        check_values(acts)
        work = self._act(conversation, token, acts, text=text, key=idempotency_key, at_turn=at_turn)
        with step(Step.TURN, {Key.MEDIUM: "tool"}):
            return await self._unbroken.do(work)

    async def _act(
        self, conversation: str, token: str, acts: Sequence[Act], *, text: str, key: str, at_turn: int
    ) -> tuple[Reply, tuple[CallOutcome, ...]]:
        async with self._memory.held_for_turn(conversation, token, key) as held:
            live = held.live
            if held.before is not None:
                return Reply(**held.before, token=token), ()
            person = await self._handed.standing(live)
            if person is not None and person.state == "joined":
                return await self._handed.take(live, token, person.id, mask(text).text, key=key), ()
            if self._switched_off.silent and not live.state.ended:
                raise MachineOff("the machine is switched off, nothing was done", remedy="call 120 instead")
            settled = await self._settler.pending(live, token, key=key)
            if settled is not None:
                return settled[0], ()
            if live.state.ended:
                raise Ended(f"conversation {conversation} has ended", remedy="open a new one")
            if live.state.turn != at_turn or live.state.practising:
                raise ConversationBusy(f"conversation {conversation} went on meanwhile", remedy="ask again")
            stage = self._stages.begin(live)
            return await self._hear(stage, token, mask(text).text, acts, key), tuple(stage.outcomes)

    async def _alarm(self, text: str, live: Live) -> str | None:
        """The kind of emergency that words tell of, whoever answers them."""
        act = (await self._acts(text, Said(text=text), live))[0]
        return act.detail if act.kind is ActKind.EMERGENCY else None

    async def _acts(self, text: str, said: Said, live: Live) -> Sequence[Act]:
        with step(Step.UNDERSTAND) as watch:
            context = context_of(live.state, self._stages.now(live))
            acts = await acts_of(text, said, context, live.edition.understanding, live.state.question)
            proposals = live.edition.proposals
            if proposals is not None and not said.no_input:
                acts = await proposals.reconsider(text, context, acts)
            watch.set(Key.ACT, acts[0].kind.value)
            watch.set(Key.SERVICE, acts[0].service)
            watch.set(Key.SCORE, round(acts[0].score, 3))
            return acts

    async def resume(self, token: str) -> Reply:
        """The last reply again, after writes that a crash left open were settled."""
        conversation = await self._store.read(lambda tx: conversations.by_token(tx, token))
        return await self._unbroken.do(self._resume(conversation.id, token))

    async def _resume(self, conversation: str, token: str) -> Reply:
        async with self._memory.held(conversation, token) as live:
            person = await self._handed.standing(live)
            if person is not None and person.state == "joined":
                return self._handed.silence(live, token)
            if self._switched_off.silent:
                return await self._switched_off.again(live, token)
            await self._settler.pending(live, token, key=None)
            if (practised := await self._practice.last(live, token)) is not None:
                return practised
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
        live = await self._practice.talked_with(await self._memory.find(conversation, token))
        return hints_of(live)

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        """The masked transcript and events."""
        await self._memory.find(conversation, token)
        return await self.transcript_for_staff(conversation)

    async def transcript_for_staff(self, conversation: str) -> dict[str, Any]:
        """The same without the conversation's token; who may ask for it is decided before.

        Raises:
            UnknownConversation: no such conversation.
        """

        return await self._store.read(lambda tx: read_transcript(tx, conversation))

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
            stage = self._stages.begin(live)
            stage.turn.emit(ConversationEnded("closed"))
            stage.turn.phrase("goodbye")
            reply = await self._stages.keep(stage, token, heard=None, key=None)
            self._cities.release(conversation)
            self._bell.ring()
            return reply

    async def send_waiting(self) -> int:
        """Send the writes that are due, of any conversation; how many were settled. Run it now and then."""
        settled = 0
        for row in await self._carrier.claim():
            try:
                settled += await self._unbroken.do(self._settler.send(row))
            except ConversationBusy:
                # Its conversation moved on in another process; the row is due again when its lease is over.
                continue
        return settled


def _stands_alone(acts: Sequence[Act]) -> bool:
    """Whether the words mean the same whatever was asked last."""
    return acts[0].kind in (ActKind.ASK, ActKind.EMERGENCY)
