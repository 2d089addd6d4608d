"""Takes down the number of a caller who does not want to wait, as any other wish for a person."""

from __future__ import annotations

import uuid

import structlog

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.live_messages import Start
from donghaeng.conversation.reply import Reply
from donghaeng.errors import DonghaengError, UnknownConversation

WISH = "{phone} 번호로 상담사가 나중에 전화 주세요"
"""What is said for the caller; the number is sealed with the wish (``people/desk.py``)."""

_log = structlog.get_logger(__name__)


class Callbacks:
    """Books call-backs through the door that every channel uses."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def book(self, start: Start, phone: str) -> bool:
        """Keep ``phone`` (``010-1234-5678``) for a counsellor; false where that failed.

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
            return False
        return answer.handover is not None and answer.handover.state == "callback"

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
