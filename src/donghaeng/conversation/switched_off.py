"""Turns while the machine is switched off: whom to call, and the way to a person if one is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from donghaeng.conversation.door import Said
from donghaeng.conversation.editions import Editions
from donghaeng.conversation.machine_switch import MachineSwitch, wants_person
from donghaeng.conversation.memory import Live
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.stages import Stage, Stages
from donghaeng.dialogue.events import SlotsCleared, UtteranceHeard
from donghaeng.dialogue.turn import Turn
from donghaeng.store.handovers import HandoverRow
from donghaeng.understanding.acts import Act, ActKind

Hear = Callable[[Stage, str, str, Sequence[Act], str | None], Awaitable[Reply]]
"""Takes a turn with the dialogue: for the wish for a person alone."""

_PERSON: Final = (Act(ActKind.ASK, service="counsellor"),)


class SwitchedOff:
    """What the runtime does instead of answering.

    Args:
        switch: the off switch; the machine is always on where there is none.
        stages: stores turns.
        editions: the catalogue in force has the words.
    """

    def __init__(self, switch: MachineSwitch | None, stages: Stages, editions: Editions) -> None:
        self._switch = switch
        self._stages = stages
        self._editions = editions

    @property
    def silent(self) -> bool:
        """Whether the machine is off."""
        return self._switch is not None and self._switch.off

    async def tell(self, turn: Turn) -> None:
        """Say whom to call, and how to reach a person who is there."""
        turn.say(self._phrase("machine_off"))
        if await self._somebody():
            turn.say(self._phrase("machine_off_person"))

    async def take(
        self,
        live: Live,
        token: str,
        text: str,
        said: Said,
        standing: HandoverRow | None,
        *,
        hear: Hear,
        key: str | None,
    ) -> Reply:
        """Take a turn of a conversation that no counsellor has. The wish for a person goes the way of every
        other day where somebody is there; else nothing that the citizen says is understood or carried out.

        Args:
            live: the conversation, held.
            token: its token.
            text: the citizen's words, masked.
            said: what the citizen did.
            standing: the hand-over that waits, if one does.
            hear: takes the turn of a wish for a person.
            key: under which the turn is known again.
        """
        stage = self._stages.begin(live)
        if standing is not None and standing.state in ("queued", "callback"):
            self._note(stage, text)
            stage.turn.say(self._phrase("machine_off_waiting"))
        elif wants_person(said) and await self._somebody():
            return await hear(stage, token, text, _PERSON, key)
        else:
            self._note(stage, text)
            await self.tell(stage.turn)
        return await self._stages.keep(stage, token, heard=text or None, key=key)

    async def again(self, live: Live, token: str) -> Reply:
        """What is said to a client that comes back; nothing of it is stored."""
        stage = self._stages.begin(live)
        await self.tell(stage.turn)
        return self._stages.reply(stage, token, heard=None)

    def _note(self, stage: Stage, text: str) -> None:
        stage.turn.emit(UtteranceHeard(text))
        frame = stage.turn.state.frame
        if frame is not None and frame.question is not None:
            # A yes that comes later is no answer to what was read back before these words.
            stage.turn.emit(SlotsCleared(()))

    def _phrase(self, name: str) -> str:
        # The words of today: a conversation's own edition may be older than they are.
        return self._editions.current.policy.phrases(name)

    async def _somebody(self) -> bool:
        return self._switch is not None and await self._switch.somebody_is_there()
