"""Accounts of staff: made and ended by the command line, logged into at the console."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from donghaeng.errors import InputError
from donghaeng.store import Store, Transaction, accesses, staff
from donghaeng.store.accesses import AccessRow, Action, Purpose
from donghaeng.store.staff import StaffRow
from donghaeng.trust.passwords import Passwords, check_password
from donghaeng.trust.permissions import Permission, Role, may
from donghaeng.trust.tokens import make_id, make_token

NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
MOST_SHOWN: Final = 40
"""Characters of the name that is shown."""
IDLE: Final = timedelta(hours=1)
"""A login ends when nobody has done anything for so long."""
WHOLE: Final = timedelta(hours=12)
"""A login ends after so long, whatever is done: a shift and its breaks."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last thing done is remembered; a write for every click would be many."""
HASHED_AT_ONCE: Final = 2
"""Passwords that are checked together; each takes 64 MB."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is logged in."""

    id: str
    name: str
    shown_name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether the permission table lets them."""
        return may(self.role, permission)


class StaffAccounts:
    """Every account of this installation."""

    def __init__(self, store: Store, passwords: Passwords, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)

    async def add(self, name: str, shown_name: str, role: Role, password: str) -> None:
        """Make an account.

        Raises:
            InputError: the name is malformed or taken, the shown name empty, or the password refused.
        """
        if not NAME.fullmatch(name):
            remedy = "2 to 32 small Latin letters, digits, points and hyphens, a letter first"
            raise InputError("the account's name is malformed", remedy=remedy)
        shown_name = " ".join(shown_name.split())
        if not 1 <= len(shown_name) <= MOST_SHOWN:
            raise InputError(f"the name that is shown has 1 to {MOST_SHOWN} characters")
        check_password(password, name)
        kept = await self._hash(password)
        now = self._clock()
        row = StaffRow(make_id("st"), name, shown_name, role, kept, now, now)
        await self._store.transact(lambda tx: staff.add(tx, row))

    async def everyone(self) -> list[StaffRow]:
        """Every account, by name."""
        return await self._store.read(staff.everyone)

    async def any(self) -> bool:
        """Whether somebody could log in at all."""
        return any(row.disabled_at is None for row in await self.everyone())

    async def set_password(self, name: str, password: str) -> None:
        """Give the account another password; every session of it ends.

        Raises:
            InputError: there is no such account, or the password is refused.
        """
        row = await self._account(name)
        check_password(password, name)
        kept = await self._hash(password)
        await self._store.transact(lambda tx: staff.set_password(tx, row.id, kept, self._clock()))

    async def disable(self, name: str) -> None:
        """Let the account log in no more; every session of it ends.

        Raises:
            InputError: there is no such account.
        """
        row = await self._account(name)
        await self._store.transact(lambda tx: staff.disable(tx, row.id, self._clock()))

    async def login(self, name: str, password: str, *, ending: str | None = None) -> str | None:
        """Begin a session; its token, or None where name and password do not fit. What is wrong of the two
        shows neither in the answer nor in the time that it takes.

        Args:
            name: as typed.
            password: as typed.
            ending: the token of the session that this one takes the place of.
        """
        row = await self._store.read(lambda tx: staff.by_name(tx, name.strip().lower()))
        kept = row.password_hash if row is not None and row.disabled_at is None else None
        async with self._hashing:
            fits = await asyncio.to_thread(self._passwords.matches, password, kept)
        if row is None or not fits:
            return None
        if self._passwords.outdated(row.password_hash):
            renewed = await self._hash(password)
            await self._store.transact(lambda tx: staff.renew_hash(tx, row.id, renewed))
        token, now = make_token(), self._clock()

        def begin(tx: Transaction) -> bool:
            staff.end_sessions_before(tx, began=now - WHOLE, seen=now - IDLE)
            if ending is not None:
                staff.end_session(tx, ending)
            return staff.begin_session(tx, token, row.id, now)

        return token if await self._store.transact(begin) else None

    async def find(self, token: str, *, doing: bool = True) -> Staff | None:
        """Who is logged in under ``token``; None where the session ended or is over.

        Args:
            token: of the session.
            doing: somebody does something; a page that only looks for news keeps no session alive.
        """
        row = await self._store.read(lambda tx: staff.session(tx, token))
        now = self._clock()
        if row is None or now - row.began_at >= WHOLE or now - row.seen_at >= IDLE:
            return None
        if doing and now - row.seen_at >= SEEN_EVERY:
            await self._store.transact(lambda tx: staff.see_session(tx, token, now))
        return Staff(row.staff.id, row.staff.name, row.staff.shown_name, row.staff.role)

    async def logout(self, token: str) -> None:
        """End the session."""
        await self._store.transact(lambda tx: staff.end_session(tx, token))

    async def note_access(
        self, who: Staff, address: str, conversation: str, action: Action, purpose: Purpose
    ) -> None:
        """Record that ``who`` looks at a conversation, before it is shown."""
        row = AccessRow(self._clock(), who.name, address[:64], conversation, action, purpose)
        await self._store.transact(lambda tx: accesses.note(tx, row))

    async def accesses(self) -> list[AccessRow]:
        """The last looks at conversations, newest first."""
        return await self._store.read(accesses.newest)

    async def _account(self, name: str) -> StaffRow:
        row = await self._store.read(lambda tx: staff.by_name(tx, name))
        if row is None:
            raise InputError(f"there is no account {name}", remedy="see `donghaeng staff list`")
        return row

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._passwords.hash, password)
