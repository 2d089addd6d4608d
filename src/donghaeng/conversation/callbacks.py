"""Takes down the number of a caller who does not want to wait, as any other wish for a person."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

import structlog

from donghaeng.conversation.callback_time import Promise
from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.live_messages import Start
from donghaeng.conversation.reply import Reply
from donghaeng.errors import DonghaengError, UnknownConversation

WISH = "{phone} 번호로 상담사가 나중에 전화 주세요"
"""What is said for the caller; the number is sealed with the wish (``people/desk.py``)."""
TIME: Final = "{time}요"
YES: Final = "네"

_log = structlog.get_logger(__name__)


class Booked:
    """A call-back that is booked for the first time at which counsellors are there."""

    def __init__(self, conversations: Conversations, reply: Reply) -> None:
        self._conversations = conversations
        self._reply = reply

    async def move(self, promise: Promise) -> bool:
        """Call at another time, which was read back and agreed to; false where that failed: the call comes at
        the first time."""
        try:
            offer = await self._say(TIME.format(time=promise.written))
            if offer.expects != "choice":
                return False
            answer = await self._say(YES)
        except DonghaengError as error:
            _log.warning("a call-back was not moved", error=type(error).__name__)
            return False
        at = answer.handover.callback_at if answer.handover is not None else None
        return at is not None and datetime.fromisoformat(at) == promise.at

    async def _say(self, text: str) -> Reply:
        key = f"callback-{uuid.uuid4().hex}"
        reply = self._reply
        return await self._conversations.turn(
            reply.conversation, reply.token, Said(text=text), idempotency_key=key
        )


class Callbacks:
    """Books call-backs through the door that every channel uses."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def book(self, start: Start, phone: str) -> Booked | None:
        """Keep ``phone`` (``010-1234-5678``) for a counsellor; None where that failed.

        A caller whose line was lost keeps the conversation, so that the counsellor knows what it was about.
        """
        try:
            reply = await self._conversation(start)
            answer = await self._conversations.turn(
                reply.conversation,
                reply.token,
                Said(text=WISH.format(phone=phone)),
                idempotency_key=f"callback-{uuid.uuid4().hex}",
            )
        except DonghaengError as error:
            _log.warning("a call-back was not booked", error=type(error).__name__)
            return None
        kept = answer.handover is not None and answer.handover.state == "callback"
        return Booked(self._conversations, reply) if kept else None

    async def _conversation(self, start: Start) -> Reply:
        if start.resume is not None:
            try:
                return await self._conversations.resume(start.resume)
            except UnknownConversation:
                _log.info("a caller came back to a conversation that is gone")
        opening = Opening(
            channel=start.channel,
            location=start.location,
            home_district=start.home_district,
            practice=start.practice,
        )
        return await self._conversations.open(opening)
