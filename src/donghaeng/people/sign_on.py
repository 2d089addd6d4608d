"""Login of staff by the organisation's own server: whose account it is, and what it may do.

Which role somebody has is the organisation's word where the settings map its groups to roles, and it counts
anew at each login. An account is known by issuer and subject, which are nobody else's ever again; its name
and address of mail decide nothing. Accounts are made only where the settings allow it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from donghaeng.errors import InputError, SignOnFailed, StoreError
from donghaeng.people.accounts import MOST_SHOWN, NAME, StaffAccounts
from donghaeng.people.oidc import Attempt, Claims, OidcClient
from donghaeng.store import Store, staff
from donghaeng.store.staff import StaffRow
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.tokens import make_id

MOST_NAMES: Final = 5
"""Names that are tried for a new account before chance names it."""
_PLACE: Final = "sign_on/attempt"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the organisation's word is worth here."""

    role_claim: str = "groups"
    """The claim that holds somebody's groups, a list or one text; with points into objects
    (``realm_access.roles``)."""
    roles: Mapping[str, Role] | None = None
    """Role by group; the first that somebody is in counts. Without any, accounts keep the roles that they
    were given here."""
    create_accounts: bool = False
    """Make an account for whoever has a mapped group and none yet."""


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Somebody who came back and may in."""

    token: str
    """Of the new session."""
    wanted: str


class SignOn:
    """Begins and ends logins by the organisation's server.

    Args:
        client: asks that server.
        accounts: of this installation.
        store: where whom the server knows is kept.
        sealer: seals an attempt for the browser that began it.
        rules: what the server's word is worth.
    """

    def __init__(
        self,
        client: OidcClient,
        accounts: StaffAccounts,
        store: Store,
        sealer: Sealer,
        rules: Rules,
    ) -> None:
        self._client = client
        self._accounts = accounts
        self._store = store
        self._sealer = sealer
        self._rules = rules

    async def begin(self, wanted: str) -> tuple[str, str]:
        """Where the browser is sent, and what it keeps meanwhile (sealed: it can neither read nor change it).

        Raises:
            SignOnFailed: the server does not answer as it should.
        """
        address, attempt = await self._client.begin(wanted)
        kept = base64.urlsafe_b64encode(self._sealer.seal(asdict(attempt), _PLACE))
        return address, kept.decode("ascii")

    async def finish(
        self, kept: str | None, answer: Mapping[str, str], *, ending: str | None = None
    ) -> SignedOn:
        """Let somebody in who came back.

        Args:
            kept: what the browser kept.
            answer: the parameters of the address that it came back to.
            ending: the token of the session that this one takes the place of.

        Raises:
            SignOnFailed: with the reason.
        """
        attempt = self._attempt(kept)
        claims = await self._client.finish(attempt, answer)
        identity = identity_hash(self._client.issuer, claims["sub"])
        row = await self._store.read(lambda tx: staff.by_identity(tx, identity))
        role = self._role(claims)
        if row is None:
            row = await self._create(claims, identity, role)
        elif role is not None and role is not row.role:
            known, changed = row, role
            await self._store.transact(lambda tx: staff.set_role(tx, known.id, changed))
        token = await self._accounts.begin_session(row.id, "oidc", ending=ending)
        if token is None:
            raise SignOnFailed("no_account", "the account was ended here")
        return SignedOn(token, attempt.wanted)

    async def logout_address(self, path: str) -> str | None:
        """Where the browser is sent so that the server's session ends as well; None where that is nowhere.

        Args:
            path: of the page that it comes back to, here.
        """
        return await self._client.logout_address(path)

    def _attempt(self, kept: str | None) -> Attempt:
        try:
            return Attempt(**self._sealer.open(base64.urlsafe_b64decode(kept or ""), _PLACE))
        except (StoreError, binascii.Error, ValueError, TypeError):
            raise SignOnFailed("expired", "this browser began no login") from None

    def _role(self, claims: Claims) -> Role | None:
        """The role that the organisation gives; None where it gives none of ours to anybody.

        Raises:
            SignOnFailed: it gives roles, but this person none.
        """
        if not self._rules.roles:
            return None
        groups = groups_of(claims, self._rules.role_claim)
        for group, role in self._rules.roles.items():
            if group in groups:
                return role
        raise SignOnFailed("no_role", "no group of theirs is mapped to a role")

    async def _create(self, claims: Claims, identity: str, role: Role | None) -> StaffRow:
        if not self._rules.create_accounts or role is None:
            raise SignOnFailed("no_account", "there is no account, and none is made")
        shown = shown_name(claims)
        wanted = account_name(str(claims.get("preferred_username", "")))
        names = [wanted, *(f"{wanted[:29]}-{number}" for number in range(2, MOST_NAMES + 1))]
        for name in [*names, make_id("s").replace("_", "-")]:
            # Refused where the name is somebody else's, for it gives no account away; and for the second of
            # two first logins at once, whose account is there then.
            with suppress(InputError):
                await self._accounts.add(name, shown, role, None, identity=identity)
            row = await self._store.read(lambda tx: staff.by_identity(tx, identity))
            if row is not None:
                return row
        raise SignOnFailed("no_account", "no name was free")


async def link(store: Store, issuer: str, name: str, subject: str, *, at: datetime) -> None:
    """Let who is ``subject`` for the issuer log in to the account ``name``.

    Raises:
        InputError: there is no such account, or the subject has one already.
    """
    row = await store.read(lambda tx: staff.by_name(tx, name))
    if row is None:
        raise InputError(f"there is no account {name}", remedy="see `donghaeng staff list`")
    identity = identity_hash(issuer, subject)
    if not await store.transact(lambda tx: staff.add_identity(tx, identity, row.id, at)):
        raise InputError("this subject has an account already", remedy="`donghaeng staff disable` ends it")


def identity_hash(issuer: str, subject: str) -> str:
    """By what somebody whom a login server knows is found again: SHA-256 of issuer and subject."""
    return hashlib.sha256(f"{issuer}\x00{subject}".encode()).hexdigest()


def groups_of(claims: Claims, place: str) -> frozenset[str]:
    """The texts that stand at ``place``, a claim's name with points into objects; none where it is absent."""
    found: Any = claims.get(place)
    if found is None:
        found = claims
        for part in place.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def shown_name(claims: Claims) -> str:
    """What colleagues and citizens read: the claim ``name``, else that of the login, else 직원."""
    for claim in ("name", "preferred_username"):
        raw = claims.get(claim)
        if isinstance(raw, str):
            printable = "".join(
                letter for letter in unicodedata.normalize("NFC", raw) if letter.isprintable()
            )
            if shown := " ".join(printable.split())[:MOST_SHOWN].strip():
                return shown
    return "직원"


def account_name(wanted: str) -> str:
    """A name of an account like the one that the server uses: the letters that names may have, up to an @."""
    plain = unicodedata.normalize("NFKD", wanted.partition("@")[0].lower())
    kept = re.sub(r"[^a-z0-9._-]", "", plain).lstrip("0123456789._-")[:32]
    return kept if NAME.fullmatch(kept) else f"staff-{kept}"[:32].rstrip("-._")
