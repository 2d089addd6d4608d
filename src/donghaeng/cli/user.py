"""Who runs a command, for the records."""

from __future__ import annotations

import getpass


def user_name() -> str:
    """The account on this machine; ``unknown`` where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
