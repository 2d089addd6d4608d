"""What somebody came for, so that two conversations can be told to be about one need. Pure."""

from __future__ import annotations

import hashlib


def need_of(service: str, answered_from: str | None = None) -> str:
    """What somebody came for.

    Args:
        service: what was taken in hand.
        answered_from: id of what a free question was answered from: two questions are one need where one
            text answers both.
    """
    if answered_from is None:
        return service
    return f"{service}/{hashlib.sha256(answered_from.encode()).hexdigest()[:24]}"
