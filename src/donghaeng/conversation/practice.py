"""Practice beside a conversation: a second one, marked as practice from its first row on, takes the turns.

The citizen's own conversation stands still meanwhile. What is practised is answered by a sandbox city of the
second one's own, and reaches neither the city nor the outbox (docs/decisions/0066-practice.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from donghaeng.conversation.cities import Cities
from donghaeng.conversation.door import Said
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.stages import Stage, Stages
from donghaeng.conversation.turn_input import kept_acts
from donghaeng.dialogue.effects import HandoverRequest
from donghaeng.dialogue.events import ConversationEnded, ConversationOpened, FrameOpened, PaceChanged
from donghaeng.dialogue.helping import SCRIPT
from donghaeng.dialogue.learning_events import HelperAgreed, PracticeEnded
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.state import Pace, State
from donghaeng.errors import UnknownConversation
from donghaeng.store import Store, Transaction, conversations, replies
from donghaeng.store.conversations import Conversation
from donghaeng.trust.tokens import make_token
from donghaeng.understanding.acts import Act, ActKind

Understand = Callable[[str, Said, Live], Awaitable[Sequence[Act]]]
Hear = Callable[[Stage, str, str, Sequence[Act], str | None], Awaitable[Reply]]

LEAVES: Final = frozenset({ActKind.STOP_PRACTICE, ActKind.FOR_REAL, ActKind.GOODBYE})
"""Acts that end practice whatever is open."""
SURE_OF_PERSON: Final = 0.7
"""Score from which a wish for a person ends practice; "상담사" has a higher one wherever it is said."""
BESIDE: Final = frozenset({ActKind.TO_PAGE})
"""Acts that are about the citizen's own conversation and leave practice as it is."""


def practice_id(live: Live) -> str:
    """The id of the practice that stands beside a conversation, or did last."""
    return f"{live.conversation.id}.{live.state.practices}"


class PracticeRoom:
    """Takes the turns of whoever practises.

    Args:
        store: the database.
        stages: stores turns.
        memory: the conversations of this process.
        cities: gives a practice its own city, and takes it back.
        understand: finds the acts of words in the light of a conversation.
        hear: takes a turn with the dialogue of the citizen's own conversation.
    """

    def __init__(
        self,
        store: Store,
        stages: Stages,
        memory: Memory,
        cities: Cities,
        *,
        understand: Understand,
        hear: Hear,
    ) -> None:
        self._store = store
        self._stages = stages
        self._memory = memory
        self._cities = cities
        self._understand = understand
        self._hear = hear

    async def take(
        self, live: Live, token: str, text: str, kept: str, said: Said, *, key: str | None
    ) -> Reply | None:
        """Take one turn of somebody who practises; None where nobody does. Real are only a wish for a person
        and a real emergency, a goodbye, and the wish to stop.

        Args:
            live: the citizen's own conversation, held.
            token: its token.
            text: what was said, masked.
            kept: what is kept of it.
            said: how it was said.
            key: under which the turn is known again.
        """
        if not live.state.practising:
            # A turn that comes twice, the second time after practice was over.
            return await self._before(live, token, key)
        await self._begin(live)
        async with self._memory.held_for_turn(practice_id(live), None, key) as held:
            room = held.live
            if held.before is not None:
                return _as_own(Reply(**held.before, token=token), live)
            acts = _believed(kept_acts(said, await self._understand(text, said, room)))
            if acts[0].kind in BESIDE:
                return await self._hear(self._stages.begin(live), token, kept, acts, key)
            real = _real(room.state, acts)
            if real is None:
                stage = self._stages.begin(room)
                room.edition.policy.hear(stage.turn, kept, acts)
                if not _calls_person(stage):
                    await self._stages.do_effects(stage, "")
                    reply = await self._stages.keep(stage, "", heard=kept, key=key)
                    return _as_own(reply.model_copy(update={"token": token}), live)
                real = (Act(ActKind.ASK, service=COUNSELLOR),) if room.state.offer else acts
            turns = room.state.turn - live.state.turn
        stage = self._stages.begin(live)
        stage.turn.emit(PracticeEnded(turns))
        reply = await self._hear(stage, token, kept, real, key)
        await self._end(practice_id(live))
        return reply

    async def _before(self, live: Live, token: str, key: str | None) -> Reply | None:
        """The reply that was given in practice under ``key``; None where none was."""
        if key is None or not live.state.practices:
            return None
        found = await self._store.read(lambda tx: replies.find(tx, practice_id(live), key))
        return None if found is None else _as_own(Reply(**found, token=token), live)

    async def last(self, live: Live, token: str) -> Reply | None:
        """The last reply of the practice that is under way; None where nothing was said in it yet."""
        if not live.state.practising:
            return None
        found = await self._store.read(lambda tx: replies.last(tx, practice_id(live)))
        began = live.state.turn
        return None if not found or found["turn"] <= began else _as_own(Reply(**found, token=token), live)

    async def talked_with(self, live: Live) -> Live:
        """The conversation whose question stands open: the practice where one is under way."""
        if not live.state.practising:
            return live
        try:
            async with self._memory.held(practice_id(live)) as room:
                return room
        except UnknownConversation:
            return live

    async def _begin(self, live: Live) -> None:
        """Make the practice conversation unless it is there."""
        own, name = live.conversation, practice_id(live)
        if await self._store.glance(lambda tx: conversations.last_seq(tx, name)) is not None:
            return
        conversation = Conversation(
            id=name,
            channel=own.channel,
            opened_at=own.opened_at,
            catalogue_version=own.catalogue_version,
            practice=True,
            home_district=own.home_district,
            location=own.location,
            test_clock=own.test_clock,
            test_city=own.test_city,
        )
        state = live.state
        room = Live(conversation, "", State(), 0, live.edition)
        stage = self._stages.begin(room)
        here = state.here if own.home_district is not None or own.location is not None else None
        opened = ConversationOpened(own.channel, own.home_district, here, practice=True)
        stage.turn.emit(replace(opened, turns_before=state.turn))
        if state.pace != Pace():
            stage.turn.emit(PaceChanged(state.pace.speed, state.pace.volume_db))
        if state.helper:
            stage.turn.emit(HelperAgreed(SCRIPT, "", ""))
        live.edition.policy.greet(stage.turn)
        # Nobody is given this token: the practice is reached through the citizen's own conversation alone.
        reply = self._stages.reply(stage, make_token(), heard=None)

        def save(tx: Transaction) -> None:
            conversations.add(tx, conversation, reply.token)
            self._stages.save(tx, stage, reply, key=None)

        await self._store.transact(save)
        self._stages.commit(stage)
        self._memory.keep(room)

    async def _end(self, name: str) -> None:
        """Close the practice and forget its city."""
        async with self._memory.held(name) as room:
            stage = self._stages.begin(room)
            stage.turn.emit(ConversationEnded("closed"))
            await self._stages.keep(stage, "", heard=None, key=None)
        self._cities.release(name)


def _real(state: State, acts: Sequence[Act]) -> Sequence[Act] | None:
    """The acts for the citizen's own conversation, where they are for it; None where they are practice."""
    act = acts[0]
    if act.kind is ActKind.FOR_REAL:
        return (Act(act.kind, act.score, _practised(state)),)
    if act.kind in LEAVES or (act.kind is ActKind.ASK and act.service == COUNSELLOR):
        return acts
    if state.doubted is None:
        return None
    if act.kind is ActKind.CONFIRM:
        return (Act(ActKind.EMERGENCY, act.score, detail=state.doubted),)
    return acts if act.kind is ActKind.EMERGENCY else None


def _believed(acts: Sequence[Act]) -> Sequence[Act]:
    """The acts, without a wish for a person that was made out of words that hardly say it: mumbling ends no
    practice."""
    act = acts[0]
    doubtful = act.kind is ActKind.ASK and act.service == COUNSELLOR and act.score < SURE_OF_PERSON
    return (Act(ActKind.UNCLEAR),) if doubtful else acts


def _practised(state: State) -> str | None:
    """The service that was practised last."""
    known = state.frame or state.last
    return known.service if known is not None else None


def _calls_person(stage: Stage) -> bool:
    """Whether the turn leads to a person, who is real."""
    opened = any(isinstance(one, FrameOpened) and one.service == COUNSELLOR for one in stage.turn.events)
    return opened or any(isinstance(one, HandoverRequest) for one in stage.turn.effects)


def _as_own(reply: Reply, live: Live) -> Reply:
    """A reply of the practice as one of the conversation that the citizen has."""
    return reply.model_copy(update={"conversation": live.conversation.id})
