"""What a database's refusal means for whoever runs the program; nothing in it is a value of a row."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from donghaeng.errors import StoreError

_UNREACHABLE: Final = "start PostgreSQL, or look at DONGHAENG_DATABASE"
_REMEDIES: Final = {
    "57P01": _UNREACHABLE,  # admin_shutdown
    "57P02": _UNREACHABLE,  # crash_shutdown
    "57P03": _UNREACHABLE,  # cannot_connect_now
    "40P01": "try again",  # deadlock_detected
    "55P03": "try again",  # lock_not_available
    "57014": "try again; the statement took too long",  # query_canceled
    "53300": "raise max_connections of PostgreSQL, or run fewer processes",  # too_many_connections
    "53100": "make room on PostgreSQL's disk",  # disk_full
    "28P01": "set the password in DONGHAENG_DATABASE",  # invalid_password
    "28000": "look at pg_hba.conf and the user in DONGHAENG_DATABASE",  # invalid_authorization_specification
    "3D000": "make the database with createdb, see docs/operations.md",  # invalid_catalog_name
    "42501": "give the user its rights, see docs/operations.md",  # insufficient_privilege
    "25006": "DONGHAENG_DATABASE leads to a standby; name the primary",  # read_only_sql_transaction
}
"""By PostgreSQL's error code (its manual, appendix A)."""


def explained(error: SQLAlchemyError) -> StoreError:
    """Our error for one of SQLAlchemy's: the database's own first sentence, and what can be done."""
    cause: BaseException = getattr(error, "orig", None) or error
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is None:
        remedy = next((what for words, what in _SQLITE.items() if words in str(cause)), None)
        return StoreError(f"database: {type(cause).__name__}: {cause}", remedy=remedy)
    code = getattr(cause, "sqlstate", None) or diagnosis.sqlstate
    said = " ".join(str(cause).split())
    if code is None and not isinstance(error, OperationalError | InterfaceError):
        # The driver itself refused a value; its words do not repeat it.
        return StoreError(f"database: {type(cause).__name__}: {said}")
    if code is None:
        # The connection failed or broke: libpq's words name host, port and user, and no password.
        remedy = next((_REMEDIES[name] for words, name in _WORDS.items() if words in said), _UNREACHABLE)
        return StoreError(f"database: {type(cause).__name__}: {said}", remedy=remedy)
    said = diagnosis.message_primary or "no reason was given"
    return StoreError(f"database: {type(cause).__name__} ({code}): {said}", remedy=_REMEDIES.get(code))


_SQLITE: Final = {
    "locked": "try again",
    "is full": "make room on the disk of DONGHAENG_DATA; nothing was recorded",
    "readonly": "let this user write to the folder of DONGHAENG_DATA",
    "unable to open": "let this user write to the folder of DONGHAENG_DATA",
    "malformed": "stop the server and restore the last backup, see docs/operations.md",
    "not a database": "stop the server and restore the last backup, see docs/operations.md",
}
"""By SQLite's words; it has few codes."""
_WORDS: Final = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "pg_hba.conf": "28000",
    'role "': "28000",
    "too many clients": "53300",
    "remaining connection slots": "53300",
    "does not exist": "3D000",
}
"""Before a connection stands libpq gives words alone."""
