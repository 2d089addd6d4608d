"""Turns of a conversation that a counsellor has, and the machine's first words when it has it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from donghaeng.conversation.in_charge import asked_for_person, without_words
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.stages import Stage, Stages
from donghaeng.conversation.switched_off import SwitchedOff
from donghaeng.dialogue.events import HandoverChanged, UtteranceHeard
from donghaeng.people.bell import Bell
from donghaeng.store import Store, handovers
from donghaeng.store.handovers import HandoverRow

Alarm = Callable[[str, Live], Awaitable[str | None]]
"""The kind of emergency that words tell of, in the light of the conversation."""


class HandedOver:
    """What the runtime does with conversations for which a person was asked.

    Args:
        store: the database.
        stages: stores turns.
        memory: the conversations of this process.
        bell: rung when a counsellor has something to read.
        alarm: finds emergencies.
        switched_off: speaks for a machine that is switched off.
    """

    def __init__(
        self,
        *,
        store: Store,
        stages: Stages,
        memory: Memory,
        bell: Bell,
        alarm: Alarm,
        switched_off: SwitchedOff,
    ) -> None:
        self._store = store
        self._stages = stages
        self._memory = memory
        self._bell = bell
        self._alarm = alarm
        self._switched_off = switched_off

    async def standing(self, live: Live) -> HandoverRow | None:
        """The hand-over that the conversation asked for, as it stands now; None where it asked for none, or
        has heard that it is closed."""
        if not asked_for_person(live.state):
            return None
        return await self._store.read(lambda tx: handovers.of_conversation(tx, live.conversation.id))

    async def take(self, live: Live, token: str, handover: str, text: str, *, key: str | None) -> Reply:
        """Leave what the citizen said for the counsellor. The machine says nothing, and to silence it does
        nothing either.

        Args:
            live: the conversation, held.
            token: its token.
            handover: the hand-over that a counsellor has.
            text: the citizen's words, masked.
            key: under which the turn is known again.
        """
        if not text.strip():
            return self.silence(live, token)
        alarm = await self._alarm(text, live)
        stage = self._stages.begin(live)
        self.note(stage, "joined")
        stage.turn.emit(UtteranceHeard(text))
        reply = await self._stages.keep_for_counsellor(
            stage, token, handover, heard=text, alarm=alarm, key=key
        )
        self._bell.ring()
        return reply

    def silence(self, live: Live, token: str) -> Reply:
        """The reply to nothing, of which nothing is stored."""
        return without_words(self._stages.reply(self._stages.begin(live), token, heard=None))

    def catch_up(self, stage: Stage, row: HandoverRow | None) -> None:
        """Note what the desk has done with the hand-over since the conversation heard of it last."""
        if row is not None:
            self.note(stage, row.state)

    def note(self, stage: Stage, state: str) -> None:
        """Note where the hand-over stands."""
        known = stage.turn.state.handover
        if known is not None and known.state.value != state:
            stage.turn.emit(HandoverChanged(state))

    async def go_on_alone(self, conversation: str, handover: str) -> None:
        """Let the machine go on after a hand-over was closed: it says what is in hand and asks again. Nothing
        where the conversation is over, or the machine has answered the citizen since.

        Raises:
            UnknownConversation: no such conversation.
        """
        async with self._memory.held(conversation) as live:
            if live.state.ended or not asked_for_person(live.state):
                return
            stage = self._stages.begin(live)
            if self._switched_off.silent:
                self.note(stage, "closed")
                await self._switched_off.tell(stage.turn)
            else:
                live.edition.policy.take_back(stage.turn)
                await self._stages.do_effects(stage, "")
            await self._stages.keep_going_on(stage, handover)
        self._bell.ring()
