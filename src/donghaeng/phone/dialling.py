"""Calls to citizens over SIP: rings, and opens a conversation of its own for whoever answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from donghaeng.conversation.door import Conversations, Opening
from donghaeng.people.calling import Tried
from donghaeng.phone.line import PhoneDesk
from donghaeng.phone.sip import SipServer
from donghaeng.phone.sip_media import RATE, CallMedia
from donghaeng.store.outgoing_calls import BookedCall


@dataclass(frozen=True, slots=True)
class Trunk:
    """Where outgoing calls go, and the number that the other telephone shows: one that is published."""

    address: tuple[str, int]
    caller: str


class SipDialler:
    """A :class:`~donghaeng.people.calling.Dialler` over a :class:`SipServer` that listens."""

    def __init__(
        self, server: SipServer, desk: PhoneDesk, conversations: Conversations, trunk: Trunk
    ) -> None:
        self._server = server
        self._desk = desk
        self._conversations = conversations
        self._trunk = trunk

    @property
    def can_talk(self) -> bool:
        """Whether a place for live sound is free and nobody waits for it."""
        return self._desk.has_place

    async def dial(self, call: BookedCall, on_answer: Callable[[], Awaitable[bool]]) -> Tried:
        """Ring, and talk where somebody answers."""

        async def talk(media: CallMedia) -> Tried:
            if not await on_answer():
                return Tried.STOPPED
            opening = Opening(
                channel="phone",
                called_about=call.service,
                called_for=None if call.purpose == "call_back" else call.purpose,
                called_number=call.number_hash,
            )
            greeting = await self._conversations.open(opening)
            await self._desk.serve(media.heard(), media.write, rate=RATE, resume=greeting.token)
            return Tried.ANSWERED

        number = call.number.replace("-", "")
        return await self._server.ring(number, self._trunk.address, self._trunk.caller, talk)
