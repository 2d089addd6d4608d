"""The second factor of accounts that log in by a password: an authenticator's codes, and recovery codes.

What is right is decided in the database, so several processes together take a code once and count one row of
failures. Who knows a password and guesses codes has :data:`MOST_FAILURES` tries in all; afterwards only a
recovery code opens, or an operator takes the factor away (`donghaeng staff reset-factor`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from donghaeng.errors import InputError, StoreError
from donghaeng.store import Store, Transaction, factors, staff
from donghaeng.trust.one_time_codes import (
    address_of,
    is_code,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    shown,
    step_of,
)

OFFER_LASTS: Final = timedelta(minutes=10)
"""So long somebody has to take a secret into the authenticator."""
ASKED_LASTS: Final = timedelta(minutes=5)
"""So long after the password the code may come."""
MOST_FAILURES: Final = 20
"""Wrong codes in a row; one more try at a million values is refused whatever it is (NIST SP 800-63B 5.2.2
allows 100)."""

_ASKED: Final = "staff_factors/asked"

Verdict = Literal["code", "recovery", "wrong", "locked"]
"""What somebody typed: the authenticator's code, a recovery code, neither, or too many were neither."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the factor of an account stands."""

    since: datetime | None
    """None where there is none."""
    codes: int = 0
    """Recovery codes that are left."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for the authenticator; shown once, over the line that its owner is logged in on."""

    secret: str
    """In base32, to be typed where no camera is."""
    address: str
    """For a QR code."""


class SecondFactors:
    """The factors of every account.

    Args:
        store: where they are kept.
        clock: the time of the server, by which codes are checked.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def standing(self, staff_id: str) -> Standing:
        """How the account's factor stands."""
        row = await self._store.read(lambda tx: factors.get(tx, staff_id))
        return Standing(None) if row is None or row.secret is None else Standing(row.since, row.codes)

    async def with_factor(self) -> frozenset[str]:
        """The ids of accounts that have one."""
        return await self._store.read(factors.with_factor)

    async def offer(self, staff_id: str, name: str) -> Offer:
        """A new secret for the account; the one in force stays until the new one is shown to work."""
        secret = new_secret()
        await self._store.transact(lambda tx: factors.offer(tx, staff_id, secret, self._clock()))
        return Offer(shown(secret), address_of(secret, name))

    async def confirm(self, staff_id: str, typed: str, *, keeping: str) -> list[str] | None:
        """Take the offered secret into force; recovery codes in clear, or None where the code is wrong or the
        offer too old. Other sessions of the account end.

        Args:
            staff_id: the account.
            typed: the code that the authenticator shows for the offered secret.
            keeping: the token of the session that goes on.
        """
        now = self._clock()
        codes = new_recovery_codes()

        def confirm(tx: Transaction) -> bool:
            row = factors.get(tx, staff_id)
            if row is None or row.offered is None or row.offered_at is None:
                return False
            if now - row.offered_at >= OFFER_LASTS or not is_code(row.offered, typed, step_of(now)):
                return False
            factors.confirm(tx, staff_id, row.offered, codes, step=step_of(now), at=now)
            staff.end_sessions_of(tx, staff_id, but=keeping)
            return True

        return codes if await self._store.transact(confirm) else None

    async def new_codes(self, staff_id: str) -> list[str]:
        """New recovery codes in clear; those from before are over."""
        codes = new_recovery_codes()
        await self._store.transact(lambda tx: factors.put_codes(tx, staff_id, codes))
        return codes

    async def ask(self, staff_id: str, password_at: datetime) -> str:
        """What the browser of somebody whose password was right keeps until the code (sealed: it can neither
        read nor change it)."""
        asked = {"staff": staff_id, "password_at": _instant(password_at), "at": _instant(self._clock())}
        sealed = await self._store.read(lambda tx: tx.sealer.seal(asked, _ASKED))
        return base64.urlsafe_b64encode(sealed).decode("ascii")

    async def asked(self, kept: str | None) -> str | None:
        """The account whose password was right in this browser; None where that was :data:`ASKED_LASTS` ago,
        or the account was ended or has another password by now."""

        def read(tx: Transaction) -> str | None:
            asked = tx.sealer.open(base64.urlsafe_b64decode(kept or ""), _ASKED)
            row = staff.by_id(tx, asked["staff"])
            if (
                row is None
                or row.disabled_at is not None
                or _instant(row.password_at) != asked["password_at"]
            ):
                return None
            fresh = _instant(self._clock()) - asked["at"] < ASKED_LASTS.total_seconds()
            return row.id if fresh else None

        try:
            return await self._store.read(read)
        except (StoreError, binascii.Error, ValueError, KeyError, TypeError):
            return None

    async def check(self, staff_id: str, typed: str) -> Verdict:
        """Use what was typed: a code opens once, also where it is sent twice at the same moment."""
        now = self._clock()

        def check(tx: Transaction) -> Verdict:
            row = factors.get(tx, staff_id)
            if row is None or row.secret is None:
                return "wrong"
            if factors.use_code(tx, staff_id, plain_recovery_code(typed)):
                return "recovery"
            if row.failures >= MOST_FAILURES:
                return "locked"
            step = step_of(now)
            if is_code(row.secret, typed, step) and factors.use_step(tx, staff_id, step):
                return "code"
            factors.fail(tx, staff_id)
            return "wrong"

        return await self._store.transact(check)

    async def reset(self, name: str) -> bool:
        """Take the factor of an account away and end its sessions; false where it had none.

        Raises:
            InputError: there is no such account.
        """

        def reset(tx: Transaction) -> bool:
            row = staff.by_name(tx, name)
            if row is None:
                raise InputError(f"there is no account {name}", remedy="see `donghaeng staff list`")
            staff.end_sessions_of(tx, row.id)
            return factors.forget(tx, row.id)

        return await self._store.transact(reset)


def _instant(at: datetime) -> float:
    return at.timestamp()
