"""Accounts of staff: made and ended by the command line, logged into at the console.

The limits of a session are the named numbers below (docs/decisions/0034-access.md).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from donghaeng.errors import InputError
from donghaeng.people.second_factor import SecondFactors
from donghaeng.store import Store, Transaction, accesses, factors, staff
from donghaeng.store.accesses import AccessRow, Action, Purpose
from donghaeng.store.staff import NO_PASSWORD, SessionRow, ShownSession, StaffRow, Way
from donghaeng.trust.passwords import Passwords, check_password
from donghaeng.trust.permissions import SECOND_FACTOR, Permission, Role, may
from donghaeng.trust.tokens import make_id, make_token

NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
MOST_SHOWN: Final = 40
"""Characters of the name that is shown."""
MOST_DEPARTMENT: Final = 60
IDLE: Final = timedelta(hours=1)
"""A login ends when nobody has done anything for so long."""
WHOLE: Final = timedelta(hours=12)
"""A login ends after so long, whatever is done: a shift and its breaks."""
MOST_SESSIONS: Final = 5
"""Logins that one account has at a time: a desk, a laptop, and some that nobody ended. The one that nobody
used for longest ends when one more begins."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last thing done is remembered; a write for every click would be many."""
HASHED_AT_ONCE: Final = 2
"""Passwords that are checked together; each takes 64 MB."""
FIRST_LASTS: Final = timedelta(hours=72)
"""A password that an operator set opens for so long: a weekend, and a day to come in."""
PROVED_LATELY: Final = timedelta(minutes=5)
"""Who logged in by the organisation's server within this time need not prove it again."""

Must = Literal["password", "factor"]
"""What somebody who is logged in does before anything else: choose a password of their own, or take a second
factor over."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is logged in."""

    id: str
    name: str
    shown_name: str
    role: Role
    way: Way = "password"
    """How they logged in."""
    must: Must | None = None
    lately: bool = False
    """They logged in within :data:`PROVED_LATELY`."""

    def may(self, permission: Permission) -> bool:
        """Whether the permission table lets them."""
        return may(self.role, permission)


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a name and a password."""

    outcome: Literal["ok", "factor", "expired", "wrong"]
    """Right; right, and the second factor is next; right, but the first password is too old; not right."""
    staff_id: str | None
    """The account of that name, also where the password is not its; None where there is none."""
    password_at: datetime | None = None
    """When the password was set, by which a second step knows that it is still the same."""


def department_name(given: str | None) -> str | None:
    """A department's name as it is kept; None where it is empty.

    Raises:
        InputError: it is too long.
    """
    told = " ".join((given or "").split())
    if len(told) > MOST_DEPARTMENT:
        raise InputError(f"a department's name has up to {MOST_DEPARTMENT} characters")
    return told or None


class StaffAccounts:
    """Every account of this installation.

    Args:
        store: where they are kept.
        passwords: hashes and checks.
        clock: the time.
        second_factor: roles that need a second factor beside a password.
    """

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        *,
        clock: Callable[[], datetime],
        second_factor: frozenset[Role] = SECOND_FACTOR,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._second_factor = second_factor
        self.factors = SecondFactors(store, clock)
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)

    async def add(
        self,
        name: str,
        shown_name: str,
        role: Role,
        password: str | None,
        *,
        identity: str | None = None,
        first: bool = False,
        department: str | None = None,
    ) -> str:
        """Make an account; its id.

        Args:
            name: what is typed at the login.
            shown_name: what colleagues and citizens read.
            role: what it may do.
            password: None for an account that only the login server lets in.
            identity: by what that server knows who it is for
                (:func:`donghaeng.people.sign_on.identity_hash`).
            first: somebody else chose the password: it opens for :data:`FIRST_LASTS`, and its owner chooses
                another at the first login.
            department: whose shared documents it reads.

        Raises:
            InputError: the name is malformed or taken, the shown name empty, the password refused, or who has
                the identity has an account already.
        """
        if not NAME.fullmatch(name):
            remedy = "2 to 32 small Latin letters, digits, points and hyphens, a letter first"
            raise InputError("the account's name is malformed", remedy=remedy)
        shown_name = " ".join(shown_name.split())
        if not 1 <= len(shown_name) <= MOST_SHOWN:
            raise InputError(f"the name that is shown has 1 to {MOST_SHOWN} characters")
        department = department_name(department)
        kept = NO_PASSWORD
        if password is not None:
            check_password(password, name)
            kept = await self._hash(password)
        now = self._clock()
        row = StaffRow(make_id("st"), name, shown_name, role, kept, now, now, department=department)

        def add(tx: Transaction) -> None:
            staff.add(tx, row)
            if first and password is not None:
                staff.set_first_password(tx, row.id, now + FIRST_LASTS)
            if identity is not None and not staff.add_identity(tx, identity, row.id, now):
                raise InputError("whom the login server knows has an account already")

        await self._store.transact(add)
        return row.id

    async def everyone(self) -> list[StaffRow]:
        """Every account, by name."""
        return await self._store.read(staff.everyone)

    async def any(self) -> bool:
        """Whether somebody could log in at all."""
        return any(row.disabled_at is None for row in await self.everyone())

    async def set_password(self, name: str, password: str) -> None:
        """Give the account another first password, which its owner changes at the next login; every session
        of it ends.

        Raises:
            InputError: there is no such account, or the password is refused.
        """
        row = await self._account(name)
        check_password(password, name)
        kept = await self._hash(password)

        def change(tx: Transaction) -> None:
            now = self._clock()
            staff.set_password(tx, row.id, kept, now)
            staff.set_first_password(tx, row.id, now + FIRST_LASTS)

        await self._store.transact(change)

    async def change_password(self, who: Staff, old: str, new: str, *, keeping: str) -> bool:
        """Take a new password of somebody who is logged in; false where the old one is wrong.

        Args:
            who: whose it is.
            old: as typed.
            new: as typed.
            keeping: the token of the session that goes on; every other session of the account ends.

        Raises:
            InputError: the new password is refused, or it is the old one.
        """
        row = await self._account(who.name)
        if not await self._fits(old, row):
            return False
        check_password(new, who.name)
        if await self._fits(new, row):
            raise InputError("the new password is the old one", remedy="choose another")
        kept = await self._hash(new)

        def change(tx: Transaction) -> None:
            staff.choose_password(tx, row.id, kept, self._clock())
            staff.end_sessions_of(tx, row.id, but=keeping)

        await self._store.transact(change)
        return True

    async def set_department(self, name: str, department: str | None) -> None:
        """Put the account into a department, or into none.

        Raises:
            InputError: there is no such account, or the department's name is too long.
        """
        told = department_name(department)
        row = await self._account(name)
        await self._store.transact(lambda tx: staff.set_department(tx, row.id, told))

    async def disable(self, name: str) -> None:
        """Let the account log in no more; every session of it ends.

        Raises:
            InputError: there is no such account.
        """
        row = await self._account(name)
        await self._store.transact(lambda tx: staff.disable(tx, row.id, self._clock()))

    async def login(self, name: str, password: str, *, ending: str | None = None) -> str | None:
        """Begin a session of an account without a second factor; its token, or None where that is not all
        that it takes.

        Args:
            name: as typed.
            password: as typed.
            ending: the token of the session that this one takes the place of.
        """
        proof = await self.prove(name, password)
        if proof.outcome != "ok" or proof.staff_id is None:
            return None
        return await self.begin_session(proof.staff_id, "password", ending=ending)

    async def prove(self, name: str, password: str) -> Proof:
        """Check name and password. What is wrong of the two shows to nobody outside: neither by ``outcome``
        nor by the time that it takes.

        Args:
            name: as typed.
            password: as typed.
        """
        row = await self._store.read(lambda tx: staff.by_name(tx, name.strip().lower()))
        able = row if row is not None and row.disabled_at is None else None
        fits = await self._fits(password, able)
        if row is None or not fits:
            return Proof("wrong", row.id if row is not None else None)
        if self._passwords.outdated(row.password_hash):
            renewed = await self._hash(password)
            await self._store.transact(lambda tx: staff.renew_hash(tx, row.id, renewed))
        known = row
        until, factor = await self._store.read(
            lambda tx: (staff.first_password_until(tx, known.id), factors.get(tx, known.id))
        )
        if until is not None and self._clock() >= until:
            return Proof("expired", row.id)
        more = factor is not None and factor.secret is not None
        return Proof("factor" if more else "ok", row.id, row.password_at)

    async def proves(self, who: Staff, password: str) -> bool:
        """Whether somebody who is logged in is still at the keyboard: they type their password, or logged in
        by the organisation's server just now."""
        if who.way == "oidc":
            return who.lately
        return await self._fits(password, await self._account(who.name))

    async def begin_session(self, staff_id: str, way: Way, *, ending: str | None = None) -> str | None:
        """Begin a session of somebody who has proved who they are, under a token that nobody has seen before;
        None where the account was disabled meanwhile.

        Args:
            staff_id: the account.
            way: how they proved it.
            ending: the token of the session that this one takes the place of.
        """
        token, now = make_token(), self._clock()

        def begin(tx: Transaction) -> bool:
            staff.end_sessions_before(tx, began=now - WHOLE, seen=now - IDLE)
            if ending is not None:
                staff.end_session(tx, ending)
            return staff.begin_session(tx, token, staff_id, now, way, most=MOST_SESSIONS)

        return token if await self._store.transact(begin) else None

    async def find(self, token: str, *, doing: bool = True, early: bool = False) -> Staff | None:
        """Who is logged in under ``token``; None where the session ended or is over.

        Args:
            token: of the session.
            doing: somebody does something; a page that only looks for news keeps no session alive.
            early: also who has something to do before anything else (:data:`Must`).
        """
        row = await self._store.read(lambda tx: staff.session(tx, token))
        now = self._clock()
        if row is None or now - row.began_at >= WHOLE or now - row.seen_at >= IDLE:
            return None
        if doing and now - row.seen_at >= SEEN_EVERY:
            await self._store.transact(lambda tx: staff.see_session(tx, token, now))
        must = self._must(row)
        if must is not None and not early:
            return None
        lately = now - row.began_at < PROVED_LATELY
        who = row.staff
        return Staff(who.id, who.name, who.shown_name, who.role, row.way, must, lately)

    async def logout(self, token: str) -> None:
        """End the session."""
        await self._store.transact(lambda tx: staff.end_session(tx, token))

    async def sessions(self, who: Staff) -> list[ShownSession]:
        """The logins of somebody that hold, the newest first."""
        now = self._clock()
        rows = await self._store.read(lambda tx: staff.sessions_of(tx, who.id))
        return [row for row in rows if now - row.began_at < WHOLE and now - row.seen_at < IDLE]

    async def end_session(self, who: Staff, shown: str) -> bool:
        """End the one login of somebody that :meth:`sessions` names so; false where it is over."""
        return await self._store.transact(lambda tx: staff.end_session_of(tx, who.id, shown))

    async def logout_everywhere(self, who: Staff) -> int:
        """End every session of somebody, this one too; how many there were."""
        return await self._store.transact(lambda tx: staff.end_sessions_of(tx, who.id))

    async def end_sessions(self, name: str | None) -> int:
        """End every session of an account, or of everybody; how many there were.

        Raises:
            InputError: there is no such account.
        """
        if name is None:
            return await self._store.transact(staff.end_all_sessions)
        row = await self._account(name)
        return await self._store.transact(lambda tx: staff.end_sessions_of(tx, row.id))

    async def note_access(
        self, who: Staff, address: str, conversation: str, action: Action, purpose: Purpose
    ) -> None:
        """Record that ``who`` looks at a conversation, before it is shown."""
        row = AccessRow(self._clock(), who.name, address[:64], conversation, action, purpose)
        await self._store.transact(lambda tx: accesses.note(tx, row))

    async def accesses(self) -> list[AccessRow]:
        """The last looks at conversations, newest first."""
        return await self._store.read(accesses.newest)

    def _must(self, row: SessionRow) -> Must | None:
        if row.way != "password":
            return None
        if row.first_password:
            return "password"
        return "factor" if row.staff.role in self._second_factor and not row.factor else None

    async def _account(self, name: str) -> StaffRow:
        row = await self._store.read(lambda tx: staff.by_name(tx, name))
        if row is None:
            raise InputError(f"there is no account {name}", remedy="see `donghaeng staff list`")
        return row

    async def _fits(self, password: str, row: StaffRow | None) -> bool:
        """Whether the password is the account's; without an account, or one without a password, the answer is
        no after the same work."""
        kept = None if row is None or row.password_hash == NO_PASSWORD else row.password_hash
        async with self._hashing:
            return await asyncio.to_thread(self._passwords.matches, password, kept)

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._passwords.hash, password)
