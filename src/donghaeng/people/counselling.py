"""The desk of the counsellors: the queue, one owner for each conversation, and what is said.

:class:`CounsellorDesk` is the door that the page ``/console/desk`` goes through; who may come through it
(accounts, roles, CSRF) is decided before it. The program's own stands at ``Application.desk``. A counsellor
is an id of at most 64 characters, a department a short key. Everything that happens to a hand-over is a
*line* of one numbered list, so that whoever watches can go on after the last number it saw.

States of a hand-over::

    queued ──claim──▶ joined ──close──▶ closed (outcome)
      ▲  ▲              │ ├──hand_back─▶ closed (handed_back): the machine goes on
      │  └───forward────┘ │
      └──── grace over ───┘            callback ──claim──▶ joined
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final, Literal, Protocol

from donghaeng.people.cases import (
    Canned,
    Case,
    Counsellor,
    Department,
    Figures,
    Forward,
    Line,
    Opening,
    OutcomeCode,
    Waiting,
)

BEAT_SECONDS: Final = 10.0
"""Pause between two heartbeats of a counsellor's page."""
GRACE_SECONDS: Final = 45.0
"""A counsellor whose page was silent for so long is gone. A page in the background may beat only once a
minute where it neither sounds nor keeps a connection open; the desk's does both."""


class VoiceLine(Protocol):
    """A counsellor's ear and mouth on the caller's line. Sound is mono PCM, 16 bit, little-endian, at
    ``sample_rate``."""

    @property
    def sample_rate(self) -> int:
        """Of both directions: what the counsellor's page asked for."""
        ...

    def speak(self, pcm: bytes) -> None:
        """What the counsellor says, 10 to 200 ms; never waits. What comes faster than time is dropped.

        Raises:
            InputError: half a sample, or a frame that is too long.
        """
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """What the caller says; ends when the caller hangs up or the hand-over is no longer this
        counsellor's. Where the page is slow the oldest sound is dropped."""
        ...


class CounsellorDesk(Protocol):
    """The desk. Every call may raise StoreError; those that name a hand-over raise UnknownHandover, and those
    that only its owner may make NotTheOwner."""

    # The queue

    async def queue(self) -> tuple[Waiting, ...]:
        """Who waits, the most urgent first, then by the time of asking; at most 200."""
        ...

    async def mine(self, staff: str) -> tuple[Waiting, ...]:
        """The hand-overs that a counsellor owns, the oldest claim first."""
        ...

    async def callbacks(self) -> tuple[Waiting, ...]:
        """Call-backs by their time, those that are due (``callback_at`` not after now) first."""
        ...

    async def claim(self, handover: str, staff: str) -> Case:
        """Take a waiting hand-over or a call-back. From here on the machine is silent.

        Raises:
            HandoverTaken: another was faster, or it is closed. One's own is given again.
        """
        ...

    async def claim_next(self, staff: str, *, department: str | None = None) -> Case | None:
        """Take whoever is first among those that are for this counsellor, ``department`` or anybody."""
        ...

    def changes(self, after: int | None = None) -> AsyncIterator[Line]:
        """Every line of every hand-over after number ``after`` (None: from now on), as it happens, for ever.
        Lines of this process come at once, those of others within a second. Words are in it: whoever passes
        it on to a page sends text only to the owner."""
        ...

    async def last_seq(self) -> int:
        """Number of the newest line: what :meth:`changes` begins after."""
        ...

    # One conversation

    async def case(self, handover: str, staff: str) -> Case:
        """All about a hand-over; only its owner sees one that is joined."""
        ...

    async def say(self, handover: str, staff: str, text: str, *, key: str | None = None) -> Line:
        """Say something to the citizen: shown, and spoken on voice channels. The same ``key`` again says
        nothing twice.

        Raises:
            InputError: nothing, or more than :data:`LONGEST_WORDS` characters.
        """
        ...

    async def note(self, handover: str, staff: str, text: str) -> Line:
        """Write something for counsellors alone; also on a hand-over that is closed."""
        ...

    async def forward(self, handover: str, staff: str, to: Forward, note: str = "") -> None:
        """Put it back into the queue for somebody else, with a note; the citizen is told.

        Raises:
            InputError: an unknown department, or both a counsellor and a department.
        """
        ...

    async def hand_back(self, handover: str, staff: str) -> None:
        """Let the machine go on where it was: it says in one line what is in hand and asks again."""
        ...

    async def close(self, handover: str, staff: str, outcome: str, note: str = "") -> None:
        """End it with a code of :meth:`outcomes`; the citizen may go on with the machine.

        Raises:
            InputError: no such outcome.
        """
        ...

    async def judge(
        self,
        handover: str,
        staff: str,
        suggestion: str,
        verdict: Literal["used", "edited", "rejected"],
        text: str = "",
    ) -> None:
        """Note what a counsellor made of a suggested answer; ``text`` is what was said instead of it. To say
        it is :meth:`say`."""
        ...

    def voice(self, handover: str, staff: str, sample_rate: int) -> AbstractAsyncContextManager[VoiceLine]:
        """Join the caller's live voice line; while the block runs, the caller hears the counsellor's voice.

        Raises:
            UnknownHandover: also where the caller is on no live line of this process.
            InputError: a rate outside 8,000 to 48,000 Hz.
        """
        ...

    # The desk itself

    async def beat(self, staff: str, *, ready: bool = True) -> None:
        """The counsellor's page is open. To be called every :data:`BEAT_SECONDS`."""
        ...

    async def leave(self, staff: str) -> None:
        """The counsellor logs out: what they own goes back to the front of the queue at once."""
        ...

    async def present(self) -> tuple[Counsellor, ...]:
        """The counsellors whose pages are open."""
        ...

    async def release_absent(self) -> int:
        """Put back what absent counsellors own, and tell the citizens; how many. The program runs
        it now and then."""
        ...

    async def figures(self) -> Figures:
        """Today's figures."""
        ...

    def opening(self) -> Opening:
        """Whether the desk works now."""
        ...

    def canned(self) -> tuple[Canned, ...]:
        """Ready-made answers."""
        ...

    def outcomes(self) -> tuple[OutcomeCode, ...]:
        """How a hand-over may be closed."""
        ...

    def departments(self) -> tuple[Department, ...]:
        """Where one may be forwarded to."""
        ...
