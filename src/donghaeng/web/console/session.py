"""Who is logged in, what they may do, and that a request is really theirs.

The session's token lies in a cookie that no script reads; the database keeps its hash. A change also carries
a second token that is derived from the first and stands only in pages of ours (a synchroniser token), which
another site can neither read nor guess.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from donghaeng.people.accounts import Staff, StaffAccounts
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.attempts import mark_noted, source_of
from donghaeng.web.bodies import read_body
from donghaeng.web.origins import is_from_own_page
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import limits_of, services_of
from donghaeng.web.shell import route_of

COOKIE: Final = "donghaeng_staff"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HOME: Final = "/console/"
OFFICE: Final = "/office/"
LOGIN: Final = "/console/login"
ACCOUNT: Final = "/console/account"
FORM_LIMIT_BYTES: Final = 60_000
"""Room for the longest reply of a counsellor, each syllable written as nine characters."""
FORM_TYPE: Final = "application/x-www-form-urlencoded"


_log = structlog.get_logger(__name__)


class Reason(StrEnum):
    """Why a request to the console is refused."""

    LOGIN = "login"
    FORBIDDEN = "forbidden"
    FOREIGN = "foreign"
    """It does not come from a page of ours."""
    PASSWORD = "password"  # noqa: S105  it is no password
    """They choose a password of their own first."""
    FACTOR = "factor"
    """They take a second factor over first."""


class Refused(Exception):
    """A request that the console does not serve; :mod:`donghaeng.web.console.refusing` answers it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Requires:
    """A dependency of a route: somebody is logged in who has the permission, and changes are really theirs.

    Gives the :class:`~donghaeng.people.accounts.Staff`. Every route of the console has one; a test asks each.
    """

    permission: Permission
    doing: bool = True
    """Counts as something done; the page's own looking for news does not."""
    early: bool = False
    """Serves also who has something to do before anything else (:data:`donghaeng.people.accounts.Must`)."""

    async def __call__(self, connection: HTTPConnection) -> Staff:
        """Find out.

        Raises:
            Refused: nobody is logged in, the permission is missing, something else comes first, or the
                request is forged.
            ProblemError: the account makes too many requests.
        """
        token = session_token(connection)
        staff = None
        if token is not None:
            staff = await accounts_of(connection).find(token, doing=self.doing, early=True)
        if staff is None or token is None:
            raise Refused(Reason.LOGIN)
        if connection.scope["type"] == "http":
            limits_of(connection).check("staff", staff.id)
        if staff.must is not None and not self.early:
            raise Refused(Reason(staff.must))
        for reason, fine in (
            (Reason.FORBIDDEN, staff.may(self.permission)),
            (Reason.FOREIGN, _is_own(connection, token)),
        ):
            if not fine:
                _log.warning(
                    "refused",
                    reason=reason.value,
                    account=staff.id,
                    route=route_of(connection.scope),
                    source=source_of(connection.scope),
                )
                mark_noted(connection.scope)
                raise Refused(reason)
        return staff


def requires(permission: Permission, *, doing: bool = True, early: bool = False) -> Requires:
    """The dependency that lets through who has ``permission``."""
    return Requires(permission, doing, early)


def accounts_of(connection: HTTPConnection) -> StaffAccounts:
    """The accounts of this installation.

    Raises:
        ProblemError: there are none here.
    """
    accounts = services_of(connection).staff
    if accounts is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no accounts of staff")
    return accounts


def session_token(connection: HTTPConnection) -> str | None:
    """The token in the session's cookie."""
    return kept_in(connection, COOKIE)


def kept_in(connection: HTTPConnection, name: str) -> str | None:
    """What a cookie of ours holds."""
    return connection.cookies.get(_cookie_name(connection, name)) or None


def csrf_of(token: str) -> str:
    """The token that changes carry, derived from the session's."""
    return hmac.new(token.encode(), b"donghaeng csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    """Whether ``given`` was derived from ``token``, in constant time."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode())


def set_cookie(connection: HTTPConnection, response: Response, token: str, name: str = COOKIE) -> None:
    """Keep ``token`` in the browser until it closes; where the line is encrypted, on such lines alone."""
    response.set_cookie(
        _cookie_name(connection, name),
        token,
        path="/",
        secure=_encrypted(connection),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(connection: HTTPConnection, response: Response, name: str = COOKIE) -> None:
    """Let the browser forget the cookie."""
    response.delete_cookie(
        _cookie_name(connection, name),
        path="/",
        secure=_encrypted(connection),
        httponly=True,
        samesite="lax",
    )


def login_address(connection: HTTPConnection) -> str:
    """Where somebody logs in who then comes back to this page: for a part of one, the page that it is in."""
    page = urlsplit(connection.headers.get("hx-current-url", "")).path or connection.url.path
    return f"{LOGIN}?next={quote(page)}"


def own_address(wanted: str) -> str:
    """``wanted`` where it is a page for staff, else the console's first page."""
    parts = urlsplit(wanted)
    plain = not parts.scheme and not parts.netloc and "\\" not in wanted and wanted.isprintable()
    # A browser goes up at ".." and "%2e%2e", out of these pages.
    plain = plain and ".." not in unquote(parts.path) and "//" not in parts.path
    ours = parts.path.startswith((HOME, OFFICE)) and not parts.path.startswith(LOGIN)
    return wanted if plain and ours else HOME


async def read_fields(request: Request, *, limit: int = FORM_LIMIT_BYTES, most: int = 30) -> dict[str, str]:
    """The fields of a form, each once.

    Args:
        request: carries the form.
        limit: bytes that it may have.
        most: fields that it may have.

    Raises:
        ProblemError: another media type, too long, or no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise ProblemError(problems.WRONG_MEDIA, f"send Content-Type: {FORM_TYPE}")
    body = await read_body(request, limit)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most, errors="strict")
    except ValueError:
        raise ProblemError(problems.INVALID, "the body is no form in UTF-8") from None
    return dict(pairs)


def _is_own(connection: HTTPConnection, token: str) -> bool:
    if connection.scope["type"] == "websocket":
        # A handshake carries no header of ours, so the browser's word for where it comes from must do.
        return is_from_own_page(connection)
    if connection.scope["method"] in SAFE_METHODS:
        return True
    return csrf_matches(token, connection.headers.get(CSRF_HEADER, ""))


def _encrypted(connection: HTTPConnection) -> bool:
    return connection.url.scheme in {"https", "wss"}


def _cookie_name(connection: HTTPConnection, name: str) -> str:
    # With this prefix browsers take the cookie only from this very host and over an encrypted line.
    return f"__Host-{name}" if _encrypted(connection) else name
