"""A child or social worker who sees receipt and status of a citizen's requests: given, taken back and told of
by voice, looked at on a page, every look recorded (docs/decisions/0036-guardian-view.md)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from donghaeng.city.guardians import GuardianRules
from donghaeng.conversation.cities import Cities
from donghaeng.conversation.editions import Editions
from donghaeng.conversation.how_far import TELL, Status, statuses
from donghaeng.dialogue.effects import GuardianOutcome, GuardianRequest, Guarding, Seeing
from donghaeng.errors import GuardianEnded, UnknownCode
from donghaeng.people.calling import SEOUL
from donghaeng.store import Store, Transaction, accesses, conversations, guardians, requests
from donghaeng.store.accesses import AccessRow, Action
from donghaeng.store.conversations import Conversation
from donghaeng.store.guardians import Guardian
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.page_codes import code_hash, make_code, read_code
from donghaeng.trust.retention import Period
from donghaeng.trust.tokens import make_id, make_token, token_hash

CODE_TRIES: Final = 10
"""Codes drawn until one is free."""
PURPOSES: Final = ("guardian_view",)


@dataclass(frozen=True, slots=True)
class Row:
    """All that is seen of a request."""

    receipt: str
    service: str
    """Its name."""
    status: Status
    made_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class View:
    """What somebody sees."""

    until: datetime
    rows: tuple[Row, ...]


class Guardianship:
    """Gives, takes back, tells and shows, for one process."""

    def __init__(
        self,
        store: Store,
        editions: Editions,
        rules: GuardianRules,
        *,
        clock: Callable[[], datetime],
        cities: Cities | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._cities = cities
        self._store = store
        self._editions = editions
        self._rules = rules
        self._clock = clock
        self._entropy = entropy

    async def do(self, wish: GuardianRequest, conversation: Conversation) -> GuardianOutcome:
        """Carry out what a citizen wishes."""
        if wish.wish is Guarding.ALLOW:
            return await self._allow(wish, conversation)
        return await self._store.transact(lambda tx: self._stop_or_list(tx, wish, conversation))

    async def reminder(self, person: str) -> dict[str, Any] | None:
        """Of whom it soon ends that they see, and when; None where the citizen was told already. Note it with
        :meth:`began`."""
        now = self._clock()
        until = now + timedelta(days=self._rules.remind_days)
        found = await self._store.read(lambda tx: guardians.due_reminder(tx, person, now, until))
        return None if found is None else {"id": found.id, "who": found.who, "on": _day(found.ends_at)}

    def began(self, tx: Transaction, conversation: str, person: str, reminded: dict[str, Any] | None) -> None:
        """Let a new conversation of a person belong to their consents, in the transaction that opens it."""
        now = self._clock()
        guardians.follow(tx, conversation, person, now)
        if reminded is not None:
            guardians.note_reminded(tx, reminded["id"], now)

    async def open(self, code: str, address: str) -> str:
        """Begin a session by the code that the citizen told; gives its token.

        Raises:
            UnknownCode: there is no such code, or no more.
        """
        digits, now = read_code(code), self._clock()
        if digits is None:
            raise UnknownCode("no code of six digits")
        hashed, token = await asyncio.to_thread(code_hash, digits), make_token(self._entropy)

        def work(tx: Transaction) -> Guardian | None:
            found = guardians.use_code(tx, hashed, token_hash(token), now)
            if found is not None:
                talk = found.conversation_id
                accesses.note(tx, _look(found, now, address, talk, "guardian_opened"))
            return found

        if await self._store.transact(work) is None:
            raise UnknownCode("no such code, or used, or too old")
        return token

    async def look(self, token: str, address: str) -> View:
        """What a session shows now; the look is recorded for every conversation of which something is shown.
        The city is asked how far it is, after the record.

        Raises:
            UnknownCode: no session has this token.
            GuardianEnded: the consent was taken back or is over.
        """
        now = self._clock()

        def work(tx: Transaction) -> tuple[Guardian, list[guardians.Shown], dict[str, Conversation]]:
            found = guardians.by_session(tx, token_hash(token))
            if found is None:
                raise UnknownCode("no session has this token")
            if not found.holds(now):
                raise GuardianEnded("the consent has ended")
            rows = guardians.shown(tx, found.id)
            for talk in sorted({row.conversation_id for row in rows}) or [found.conversation_id]:
                accesses.note(tx, _look(found, now, address, talk, "guardian_looked"))
            guardians.seen(tx, found.id, now)
            asked = {row.conversation_id for row in rows if row.service in TELL}
            return found, rows, {talk: conversations.get_as_staff(tx, talk) for talk in asked}

        found, rows, talks = await self._store.transact(work)
        told = await statuses(self._cities, talks, rows, now)
        return View(found.ends_at, tuple(map(self._row, rows, told)))

    async def leave(self, token: str) -> None:
        """End a session."""
        await self._store.transact(lambda tx: guardians.leave(tx, token_hash(token)))

    def _row(self, row: guardians.Shown, status: Status) -> Row:
        service = self._editions.current.catalogue.get(row.service)
        name = service.name if service is not None else row.service
        return Row(row.receipt, name, status, row.made_at, row.cancelled_at)

    async def _allow(self, wish: GuardianRequest, conversation: Conversation) -> GuardianOutcome:
        for _ in range(CODE_TRIES):
            code = make_code(self._entropy)
            hashed = await asyncio.to_thread(code_hash, code)
            kept = await self._store.transact(partial(self._keep, wish, conversation, hashed))
            if isinstance(kept, GuardianOutcome):
                return kept
            if kept:
                return GuardianOutcome(wish.wish, wish.who, code=code)
        return GuardianOutcome(wish.wish, wish.who)

    def _keep(
        self, wish: GuardianRequest, conversation: Conversation, hashed: str, tx: Transaction
    ) -> bool | GuardianOutcome:
        """Keep consent and code; false where the code is somebody else's; an outcome where no room is."""
        now = self._clock()
        who = wish.who or self._rules.someone
        standing = guardians.of_citizen(tx, [conversation.id], conversation.person, now)
        before = next((one for one in standing if one.who == who), None)
        if before is None and len(standing) >= self._rules.most:
            return GuardianOutcome(wish.wish, who, seeing=_seeing(standing))
        consent = SpokenConsent(wish.script, wish.asked, wish.said, now, PURPOSES)
        ends = _months_after(now, self._rules.months)
        if before is None:
            row = Guardian(
                make_id("g", self._entropy), conversation.id, who, consent, ends, conversation.person
            )
        else:
            row = before
        until = now + timedelta(minutes=self._rules.code_minutes)
        if before is None:
            guardians.add(tx, row)
        else:
            guardians.renew(tx, row, consent, ends, conversation.id)
        return guardians.keep_code(tx, row.id, hashed, until, now)

    def _stop_or_list(
        self, tx: Transaction, wish: GuardianRequest, conversation: Conversation
    ) -> GuardianOutcome:
        now = self._clock()
        proven = _proven(tx, wish)
        standing = guardians.of_citizen(tx, [conversation.id, *proven], conversation.person, now)
        ours = standing or proven or guardians.all_of_conversation(tx, conversation.id)
        known = bool(ours) or conversation.person is not None
        if wish.wish is Guarding.LIST:
            return GuardianOutcome(wish.wish, seeing=_seeing(standing), known=known)
        meant = [one for one in standing if wish.who is None or one.who == wish.who]
        for one in meant:
            guardians.end(tx, one.id, now)
        left = [one for one in standing if one not in meant]
        stopped = tuple(one.who for one in meant)
        return GuardianOutcome(wish.wish, wish.who, stopped=stopped, seeing=_seeing(left), known=known)


def _proven(tx: Transaction, wish: GuardianRequest) -> list[str]:
    """The conversations whose request the citizen proved to be theirs: receipt and the number on it."""
    if wish.receipt is None or wish.phone is None:
        return []
    found = requests.by_receipt(tx, wish.receipt)
    return [one.conversation_id for one in found if one.summary.get("phone") == wish.phone]


def _seeing(standing: list[Guardian]) -> tuple[Seeing, ...]:
    return tuple(Seeing(one.who, _day(one.ends_at)) for one in standing)


def _day(moment: datetime) -> str:
    return moment.astimezone(SEOUL).date().isoformat()


def _months_after(moment: datetime, months: int) -> datetime:
    return Period(months=-months).before(moment)


def _look(found: Guardian, at: datetime, address: str, talk: str, action: Action) -> AccessRow:
    """A line of the record of accesses: the consent's id stands for the account."""
    return AccessRow(at, found.id, address, talk, action, "guardian")
