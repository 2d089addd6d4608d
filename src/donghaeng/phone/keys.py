"""Keys of a telephone out of RTP (RFC 4733), each press counted once however its packets arrive. Pure.

A press is a row of packets that all tell it, the last of them three times. One that arrives is enough, so a
press counts with the first, and the others only go on with it.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

DIGITS: Final = "0123456789*#"
"""By number of the event (RFC 4733 section 3.2); the events after them are no keys of a telephone."""
REMEMBERED: Final = 16
"""Presses whose stragglers are known; none comes later than some packets."""
_EVENT: Final = struct.Struct("!BBH")
_CLOCK: Final = 2**32


class Packet(Protocol):
    """What is looked at of an RTP packet."""

    payload: bytes
    timestamp: int


class KeyPresses:
    """Counts presses."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        """``pressed`` is told each key."""
        self._pressed = pressed
        self._begun: deque[int] = deque(maxlen=REMEMBERED)
        self._event, self._at, self._length = -1, 0, 0

    def handle_packet(self, packet: Packet) -> None:
        """Take one packet of events; what is none is passed over."""
        if len(packet.payload) < _EVENT.size:
            return
        event, _, length = _EVENT.unpack_from(packet.payload)
        at = packet.timestamp
        if event >= len(DIGITS) or at in self._begun:
            if event == self._event and at == self._at:
                self._length = max(self._length, length)
            return
        # A long press goes on as an event of its own; some telephones count their clock on in each packet.
        goes_on = event == self._event and (at - self._at) % _CLOCK <= self._length
        self._begun.append(at)
        self._event, self._at, self._length = event, at, length
        if not goes_on:
            self._pressed(DIGITS[event])
