"""Login of staff by the organisation's server, as the settings want it: composition root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from donghaeng.errors import SettingsError
from donghaeng.people.accounts import StaffAccounts
from donghaeng.people.oidc import RSA_BITS, RSA_BITS_OF_MANY, OidcClient, OidcServer, Transport
from donghaeng.people.sign_on import Rules, SignOn
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.trust.passwords import Passwords
from donghaeng.trust.permissions import SECOND_FACTOR, Role
from donghaeng.trust.sealing import make_sealer


def second_factor_roles(settings: Settings) -> frozenset[Role]:
    """Roles that need a second factor: those that the setting names, else every one where the city is real.

    Raises:
        SettingsError: a role is none.
    """
    named = settings.second_factor
    if named is None:
        return SECOND_FACTOR if settings.city == "live" else frozenset()
    return frozenset(_role(one, "SECOND_FACTOR") for one in named)


def open_accounts(settings: Settings, store: Store, *, clock: Callable[[], datetime]) -> StaffAccounts:
    """The accounts of staff.

    Raises:
        SettingsError: a role is none.
    """
    return StaffAccounts(store, Passwords(), clock=clock, second_factor=second_factor_roles(settings))


def open_sign_on(
    settings: Settings,
    store: Store,
    accounts: StaffAccounts,
    *,
    clock: Callable[[], datetime],
    transport: Transport | None = None,
) -> SignOn | None:
    """The login, or None where no server is set. Nothing is asked before somebody logs in.

    Raises:
        SettingsError: a setting is missing, an address is not encrypted, or a role is none.
    """
    if settings.oidc_issuer is None:
        if not settings.password_login:
            raise SettingsError(
                "DONGHAENG_PASSWORD_LOGIN=off leaves nobody a way in", remedy="set DONGHAENG_OIDC_ISSUER"
            )
        return None
    if settings.oidc_client_id is None or settings.oidc_redirect is None:
        raise SettingsError(
            "DONGHAENG_OIDC_ISSUER alone is not enough",
            remedy="set DONGHAENG_OIDC_CLIENT_ID and DONGHAENG_OIDC_REDIRECT as well",
        )
    if settings.oidc_create_accounts and not settings.oidc_roles:
        raise SettingsError(
            "DONGHAENG_OIDC_CREATE_ACCOUNTS needs roles", remedy="map groups to roles: DONGHAENG_OIDC_ROLES"
        )
    secret = settings.oidc_client_secret
    server = OidcServer(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret is not None else None,
        redirect_uri=settings.oidc_redirect,
        scopes=settings.oidc_scopes,
        accepted_acr=settings.oidc_acr,
        certificates=settings.oidc_certificates,
        least_rsa_bits=RSA_BITS_OF_MANY if settings.oidc_rsa_2048 else RSA_BITS,
    )
    rules = Rules(
        role_claim=settings.oidc_role_claim,
        roles={group: _role(role) for group, role in settings.oidc_roles.items()},
        create_accounts=settings.oidc_create_accounts,
    )
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    client = OidcClient(server, clock=clock, transport=transport)
    return SignOn(client, accounts, store, sealer, rules)


def _role(name: str, setting: str = "OIDC_ROLES") -> Role:
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise SettingsError(f"DONGHAENG_{setting}: no role {name!r}", remedy=f"use one of {known}") from None
