"""By what log lines of one source are found together, without saying who or where it is.

An address is a person's datum, and a log is read by many and kept long. So a line names a digest of it
under a random key that lives in this process alone, is written nowhere, and is forgotten after a day: lines
of one day and one process that come from one place bear one digest, and afterwards nobody can tell the
address from it, not even by trying all of them. Whoever must find the address itself asks the proxy's own log
by the moment.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from typing import Final

from donghaeng.trust.tokens import in_letters

ROTATED_SECONDS: Final = 24 * 60 * 60.0
"""So long a key is used."""
DIGEST_BYTES: Final = 6
"""Of the HMAC: enough to keep the addresses of a day apart."""
_KEY_BYTES: Final = 32


class Sources:
    """Digests of addresses.

    Args:
        clock: seconds that only go forward.
        entropy: gives that many random bytes.
    """

    def __init__(self, clock: Callable[[], float], *, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._entropy = entropy
        self._key = entropy(_KEY_BYTES)
        self._since = clock()

    def digest(self, address: str) -> str:
        """What a log line may say of ``address``: 12 letters, others tomorrow."""
        now = self._clock()
        if now - self._since >= ROTATED_SECONDS:
            self._key, self._since = self._entropy(_KEY_BYTES), now
        return in_letters(hmac.digest(self._key, address.encode(), "sha256")[:DIGEST_BYTES])
