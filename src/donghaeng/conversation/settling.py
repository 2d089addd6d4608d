"""Writes whose outcome was not recorded: sent again until the city has answered, told when it has."""

from __future__ import annotations

from donghaeng.city.operations import Effect
from donghaeng.conversation.carrying_out import Carrier, outbox_id
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.stages import Stages
from donghaeng.dialogue.effects import CallOutcome, CityCall, OutcomeKind
from donghaeng.store.outbox import OutboxRow


class Settler:
    """Brings writes to their end that a crash, or a city that did not answer, left open."""

    def __init__(self, *, stages: Stages, memory: Memory, cities: Cities, carrier: Carrier) -> None:
        self._stages = stages
        self._memory = memory
        self._cities = cities
        self._carrier = carrier

    async def send(self, row: OutboxRow) -> bool:
        """Send a write that is due; whether it was settled.

        Raises:
            ConversationBusy: its conversation moved on in another process.
        """
        async with self._memory.held(row.conversation_id) as live:
            if live.state.frame is not None and live.state.frame.pending == row.call_id:
                await self._settle(live, "", row, key=None)
                return True
            stage = self._stages.begin(live, attempts=row.attempts)
            outcome = await self._carrier.resend(self._cities.of(live.conversation), row, stage.now)
            over = outcome.kind is not OutcomeKind.UNANSWERED
            if over:
                receipt = outcome.answer.receipt if outcome.answer is not None else None
                live.edition.policy.settle_later(stage.turn, row.service, receipt)
            await self._stages.keep_settled(stage, outcome)
            return over

    async def pending(self, live: Live, token: str, *, key: str | None) -> tuple[Reply, OutcomeKind] | None:
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
        stage = self._stages.begin(live)
        if row is not None:
            outcome = await self._carrier.resend(self._cities.of(live.conversation), row, stage.now)
            stage.attempts = row.attempts
        else:
            awaited = CityCall(frame.pending, frame.service, "", Effect.WRITE, {})
            outcome = CallOutcome(awaited, OutcomeKind.UNANSWERED)
        self._stages.proceed(stage, [outcome])
        await self._stages.do_effects(stage, token)
        name = key if key is not None else f"settled/{frame.pending}"
        reply = await self._stages.keep(stage, token, heard=None, key=name)
        return reply, outcome.kind
