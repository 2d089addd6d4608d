"""Attempts at going round what holds people out, as events of their own in the log.

One line for each request that was refused for what it is: past a limit, from a page of another site, without
a token, in a form that no page of ours sends. It tells the kind, the route and the digest of where it came
from (:mod:`donghaeng.trust.sources`), never what was sent. Where the refusal counts requests the line cannot
be more frequent than the line of each request that the log has anyway.
"""

from __future__ import annotations

import time
from typing import Final

import structlog
from starlette.types import Scope

from donghaeng.trust.sources import Sources
from donghaeng.web import problems
from donghaeng.web.limits import address_of

FOREIGN_ORIGIN: Final = "foreign-origin"
"""A page of another site asked."""
FORGED_FORM: Final = "forged-form"
"""A change without the token that stands in our own pages."""
ATTEMPTS: Final = frozenset(
    kind.name
    for kind in (
        problems.MALFORMED,
        problems.UNAUTHORISED,
        problems.NOT_ALLOWED,
        problems.NOT_OWNER,
        problems.CLOCK_FORBIDDEN,
        problems.UNKNOWN_CONVERSATION,
        problems.UNKNOWN_CODE,
        problems.UNKNOWN_GUARDIAN_CODE,
        problems.NO_GUARDIAN_SESSION,
        problems.TOO_MANY_CODES,
        problems.WRONG_METHOD,
        problems.TOO_SLOW,
        problems.TOO_LARGE,
        problems.WRONG_MEDIA,
        problems.INVALID,
        problems.TOO_MANY,
        problems.LONG_HEADERS,
    )
)
"""Problems that are logged so; the others are faults of ours or of the city, or chance."""
_BARE: Final = {401: "http-401", 403: "http-403", 429: problems.TOO_MANY.name}
"""Refusals before or by a part that knows no problem documents."""
_NOTED: Final = "donghaeng.attempt"
_UNMATCHED: Final = "(no route)"

_log = structlog.get_logger("donghaeng.web")


def note_attempt(scope: Scope, kind: str, *, account: str | None = None) -> None:
    """Log that a request was refused; once a request.

    Args:
        scope: of the request or live connection.
        kind: the problem's name, or one of the names above.
        account: the id of who is logged in.
    """
    if scope.get(_NOTED):
        return
    mark_noted(scope)
    route = str(getattr(scope.get("route"), "path", _UNMATCHED))
    _log.warning("attempt", kind=kind, route=route, account=account, source=source_of(scope))


def mark_noted(scope: Scope) -> None:
    """Say that the refusal of this request has a line already."""
    scope[_NOTED] = True


def note_problem(scope: Scope, kind: str) -> None:
    """Log the problem that answers a request, where it is one of :data:`ATTEMPTS`."""
    if kind in ATTEMPTS:
        note_attempt(scope, kind)


def note_status(scope: Scope, status: int) -> None:
    """Log a refusal that shows by its status alone and was noted nowhere else."""
    if status in _BARE and not scope.get(_NOTED):
        note_attempt(scope, _BARE[status])


def source_of(scope: Scope) -> str:
    """The digest of where a request or live connection comes from."""
    state = scope["app"].state
    if not hasattr(state, "sources"):
        state.sources = Sources(time.monotonic)
    sources: Sources = state.sources
    return sources.digest(address_of(scope))
