"""The citizen's end of a hand-over: what a counsellor says, as replies, whatever the channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from donghaeng.conversation.memory import Live, Memory
from donghaeng.conversation.reply import Handover, Pace, Reply, Show
from donghaeng.dialogue.wording import speak
from donghaeng.people.bell import Bell
from donghaeng.people.cases import SPOKEN_TO_CITIZEN, LineKind
from donghaeng.store import Store, Transaction, handover_lines, handovers
from donghaeng.store.handover_lines import LineRow

LOOK_SECONDS: Final = 1.0
"""Between two looks at what other processes have written."""
_TOLD: Final = frozenset({*SPOKEN_TO_CITIZEN, LineKind.CLAIMED})
_HEARD_UP_TO: Final = frozenset({LineKind.CITIZEN, LineKind.QUEUED, LineKind.CALLBACK})
"""Whoever said or did one of these had heard what was told before."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the citizen gets from the desk."""

    seq: int
    """Number of its line: what the citizen has had."""
    kind: LineKind
    """``claimed``: from here on the machine is silent, and its reply has no words."""
    reply: Reply


@dataclass(frozen=True, slots=True)
class Answers:
    """What a poll gives."""

    last: int
    """Number to ask after the next time."""
    handover: Handover | None
    """Where the hand-over stands now; None without one, or when it is closed."""
    told: tuple[Told, ...]


class FromDesk(Protocol):
    """What a counsellor says to a citizen."""

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Answers:
        """What was told after number ``after``; waits up to ``seconds`` for something where there is nothing.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
        """
        ...

    def follow(self, conversation: str, token: str) -> AsyncIterator[Told]:
        """What is told from now on, for ever; first what was told since the citizen's last words.

        Raises:
            UnknownConversation: no such conversation, or not this token's.
        """
        ...


class CitizenEnd:
    """Implements :class:`FromDesk` on the store."""

    def __init__(self, store: Store, memory: Memory, bell: Bell) -> None:
        self._store = store
        self._memory = memory
        self._bell = bell

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Answers:
        """See :class:`FromDesk`."""
        live = await self._memory.find(conversation, token)
        loop_until = _Patience(seconds)
        while True:
            count = self._bell.count
            rows, standing = await self._store.read(partial(_look, conversation=conversation, after=after))
            if rows or loop_until.over:
                told = tuple(_told(row, live, token) for row in rows)
                return Answers(rows[-1].seq if rows else after, standing, told)
            await self._bell.after(count, seconds=loop_until.take(LOOK_SECONDS))

    async def follow(self, conversation: str, token: str) -> AsyncIterator[Told]:
        """See :class:`FromDesk`."""
        live = await self._memory.find(conversation, token)
        seen = await self._store.read(
            lambda tx: handover_lines.last_of_conversation(tx, conversation, _HEARD_UP_TO)
        )
        while True:
            count, after = self._bell.count, seen
            rows, _ = await self._store.read(partial(_look, conversation=conversation, after=after))
            for row in rows:
                seen = row.seq
                yield _told(row, live, token)
            if not rows:
                await self._bell.after(count, seconds=LOOK_SECONDS)


class _Patience:
    """Seconds that are left to wait."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @property
    def over(self) -> bool:
        return self._left <= 0

    def take(self, most: float) -> float:
        """At most so many of those left."""
        taken = min(most, self._left)
        self._left -= taken
        return taken


def _look(tx: Transaction, conversation: str, after: int) -> tuple[list[LineRow], Handover | None]:
    rows = handover_lines.of_conversation(tx, conversation, after=after, kinds=_TOLD)
    row = handovers.of_conversation(tx, conversation)
    if row is None or row.state == "closed":
        return rows, None
    position = handovers.position(tx, row) if row.state == "queued" else None
    at = row.callback_at.isoformat() if row.callback_at is not None else None
    return rows, Handover(state=row.state, position=position, callback_at=at)


def _told(row: LineRow, live: Live, token: str) -> Told:
    kind = LineKind(row.kind)
    if row.reply is not None:
        return Told(row.seq, kind, Reply(**row.reply, token=token))
    return Told(row.seq, kind, words_as_reply(row, live, token))


def words_as_reply(row: LineRow, live: Live, token: str) -> Reply:
    """Words of the desk as a reply object; the claim itself has none."""
    state = live.state
    joined = row.kind in (LineKind.COUNSELLOR, LineKind.CLAIMED)
    standing = "joined" if joined else row.detail
    return Reply(
        conversation=live.conversation.id,
        token=token,
        turn=state.turn,
        say=speak(row.text) if row.text else "",
        show=Show(text=row.text),
        handover=None if standing in (None, "closed") else Handover(state=standing),  # type: ignore[arg-type]
        remembered=state.remembers,
        pace=Pace(speed=state.pace.speed, volume_db=state.pace.volume_db),
    )
