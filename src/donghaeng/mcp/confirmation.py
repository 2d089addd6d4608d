"""Tokens of this channel: sealed, so that they outlive the process and no table holds them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from donghaeng.errors import InputError, StoreError
from donghaeng.trust.sealing import Sealer

LIFETIME: Final = timedelta(minutes=10)
"""How long a read-back may wait for its yes: fees and free days change."""

_CONFIRMATION = "mcp/confirmation"
_CONVERSATION = "mcp/conversation"


@dataclass(frozen=True, slots=True)
class Handle:
    """A conversation, for whoever holds the handle."""

    conversation: str
    token: str
    digest: str
    """Of the arguments of the call that it answered."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that was read back and waits for its yes."""

    conversation: str
    token: str
    turn: int
    """The turn that read it back: the yes must be the next one."""
    service: str
    digest: str
    """Of the arguments, see :func:`donghaeng.mcp.arguments.digest_of`."""
    session: str
    """The client's session where its transport has one; empty otherwise."""
    expires_at: str

    def is_live(self, session: str, now: datetime) -> bool:
        """Whether a yes may still let it go out."""
        return self.session == session and now < datetime.fromisoformat(self.expires_at)


class Tokens:
    """Makes and opens tokens. Nobody without the installation's key can make one or read what is in it."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def of_pending(self, pending: Pending) -> str:
        """A confirmation token."""
        return self._make(asdict(pending), _CONFIRMATION)

    def of_handle(self, handle: Handle) -> str:
        """A conversation's handle."""
        return self._make(asdict(handle), _CONVERSATION)

    def pending(self, token: str) -> Pending:
        """What a confirmation token is for.

        Raises:
            InputError: it is none of this installation's.
        """
        return Pending(**self._open(token, _CONFIRMATION, "confirmation"))

    def handle(self, token: str) -> Handle:
        """The conversation of a handle.

        Raises:
            InputError: it is none of this installation's.
        """
        return Handle(**self._open(token, _CONVERSATION, "conversation"))

    def _make(self, value: dict[str, Any], place: str) -> str:
        return base64.urlsafe_b64encode(self._sealer.seal(value, place)).decode().rstrip("=")

    def _open(self, token: str, place: str, name: str) -> dict[str, Any]:
        try:
            blob = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            value: dict[str, Any] = self._sealer.open(blob, place)
        except (StoreError, binascii.Error, ValueError):
            remedy = "give it exactly as an answer had it, or leave it out"
            raise InputError(f"{name}: is not known here", remedy=remedy) from None
        return value


def key_of(token: str) -> str:
    """The idempotency key of the turn that a confirmation token stands for."""
    return "mcp/" + hashlib.sha256(token.encode()).hexdigest()
