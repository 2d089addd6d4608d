"""Where a live connection comes from: browsers say it, and pages of other sites are not let in.

Same-origin rules do not hold for WebSockets, so any page may open one (cross-site WebSocket hijacking); only
the header ``Origin``, which no script can set, tells.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def origin_of(connection: HTTPConnection) -> str | None:
    """The host and port of the page that opened it; None for a program that names none."""
    given = connection.headers.get("origin")
    if given is None:
        return None
    try:
        return urlsplit(given).netloc.lower()
    except ValueError:
        return ""


def is_from_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of this very server opened it."""
    return origin_of(connection) == connection.headers.get("host", "").lower() != ""


def is_from_foreign_page(connection: HTTPConnection) -> bool:
    """Whether a page of another server opened it. A program that is no browser names no page."""
    return origin_of(connection) is not None and not is_from_own_page(connection)
