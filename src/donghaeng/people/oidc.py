"""Who somebody is by the word of the organisation's own login server (OpenID Connect Core 1.0): discovery,
the authorization code with PKCE (RFC 7636), and the signed ID token that comes of it.

The browser is sent there and comes back with a code; the code is exchanged from here, so no token is ever in
a browser. What the server says is believed only where the token is signed with a key of the configured issuer
under an algorithm of :data:`ALGORITHMS`, made for this client, for this very attempt (nonce), and now.
"""

from __future__ import annotations

import hmac
import json
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet, RSAKey

from donghaeng.errors import SettingsError, SignOnFailed
from donghaeng.trust.tokens import make_token

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""Signatures that are taken: of public keys alone, so that nobody signs with what everybody may read, and
never none."""
LEEWAY_SECONDS: Final = 60
"""How far the two clocks may be apart; beyond it the login is refused and the page says why."""
ATTEMPT_SECONDS: Final = 600
"""A login that was begun so long ago has to be begun again."""
METADATA_SECONDS: Final = 3_600.0
"""How long the server's description and keys are believed unasked; an unknown key is asked for at once."""
KEYS_SECONDS: Final = 60.0
"""At most so often is the server asked for keys because of a token."""
TIMEOUT_SECONDS: Final = 5.0
MOST_BYTES: Final = 256_000
"""Of a description or of keys."""
MOST_TOKEN: Final = 20_000
"""Characters of an ID token."""
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_CLOCK_CLAIMS: Final = frozenset({"iat", "nbf", "exp"})

Transport = Callable[[], httpx2.AsyncBaseTransport]
Claims = Mapping[str, Any]


RSA_BITS: Final = 3072
"""Of an RSA key with 128 bits of strength (NIST SP 800-57 Part 1, table 2)."""
RSA_BITS_OF_MANY: Final = 2048
"""Of the RSA keys that most login servers have: 112 bits of strength, which NIST allows until 2030."""
_log = structlog.get_logger(__name__)
_WEAK_REMEDY: Final = "keys of 3072 bits or P-256 at the login server, or DONGHAENG_OIDC_RSA_2048=1"


@dataclass(frozen=True, slots=True)
class OidcServer:
    """The login server and what it knows of us."""

    issuer: str
    """Exactly as the server writes it."""
    client_id: str
    client_secret: str | None
    """None for a client without a secret; PKCE protects both kinds."""
    redirect_uri: str
    """Where browsers come back to: `https://…/console/oidc/callback`."""
    scopes: tuple[str, ...] = ("openid", "profile")
    accepted_acr: tuple[str, ...] = ()
    """How strongly somebody must have proved who they are (claim ``acr``); whatever the server does when
    empty."""
    certificates: Path | None = None
    """Certificates that the server's is signed by; the usual ones when None."""
    least_rsa_bits: int = RSA_BITS
    """RSA keys of fewer bits sign nothing here."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One login that was begun in one browser; it alone can end it."""

    state: str
    nonce: str
    verifier: str
    began_at: float
    """Seconds since 1970."""
    wanted: str
    """The page that somebody goes on to."""


@dataclass(slots=True)
class _Known:
    """What the server said of itself."""

    metadata: Mapping[str, Any]
    keys: KeySet
    at: float


class OidcClient:
    """Asks the login server. One for the process; nothing of one login stays in it.

    Args:
        server: whom to ask.
        clock: the time, with its zone.
        entropy: gives random bytes.
        transport: carries requests; the network when None.

    Raises:
        SettingsError: an address is not encrypted and leads out of this machine, or certificates are no file.
    """

    def __init__(
        self,
        server: OidcServer,
        *,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = os.urandom,
        transport: Transport | None = None,
    ) -> None:
        for name, address in (("ISSUER", server.issuer), ("REDIRECT", server.redirect_uri)):
            if not _is_safe(address):
                raise SettingsError(
                    f"DONGHAENG_OIDC_{name} is no https address",
                    remedy="write it with https://, without ? and #; http is for this machine alone",
                )
        self._server = server
        self._clock = clock
        self._entropy = entropy
        self._transport = transport
        self._known: _Known | None = None
        try:
            self._tls = ssl.create_default_context(cafile=server.certificates)
        except OSError as error:
            raise SettingsError(
                f"DONGHAENG_OIDC_CERTIFICATES: {error.strerror or 'no certificates'}"
            ) from None

    @property
    def issuer(self) -> str:
        """The server's name."""
        return self._server.issuer

    async def begin(self, wanted: str) -> tuple[str, Attempt]:
        """Where the browser is sent, and what it must bring back.

        Raises:
            SignOnFailed: the server does not answer as it should.
        """
        known = await self._ask()
        attempt = Attempt(
            state=make_token(self._entropy),
            nonce=make_token(self._entropy),
            verifier=make_token(self._entropy),
            began_at=self._now(),
            wanted=wanted,
        )
        more = {"acr_values": " ".join(self._server.accepted_acr)} if self._server.accepted_acr else {}
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                known.metadata["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
                **more,
            )
        return str(address), attempt

    async def finish(self, attempt: Attempt, answer: Mapping[str, str]) -> Claims:
        """What the server says of somebody who has come back.

        Args:
            attempt: as it was begun in this browser.
            answer: the parameters of the address that they came back to.

        Raises:
            SignOnFailed: with the reason.
        """
        if not hmac.compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
            raise SignOnFailed("expired", "the answer belongs to another attempt")
        if not -LEEWAY_SECONDS <= self._now() - attempt.began_at <= ATTEMPT_SECONDS:
            raise SignOnFailed("expired", "the attempt was begun too long ago")
        if answer.get("iss", self.issuer) != self.issuer:
            # RFC 9207: another server answers in the place of ours.
            raise SignOnFailed("token", "the answer names another issuer")
        if "error" in answer or not answer.get("code"):
            raise SignOnFailed("refused", "the login server refused")
        token = await self._exchange(answer["code"], attempt.verifier)
        claims = await self._read(token, attempt.nonce)
        accepted = self._server.accepted_acr
        if accepted and claims.get("acr") not in accepted:
            raise SignOnFailed("refused", "the proof of identity is weaker than asked for")
        return claims

    async def logout_address(self, path: str) -> str | None:
        """Where a browser is sent so that the server's own session ends too; None where it has no such place,
        or does not answer: then the session here has ended all the same.

        Args:
            path: of the page that it comes back to, at the host of the redirect address.
        """
        try:
            known = await self._ask()
        except SignOnFailed:
            return None
        place = known.metadata.get("end_session_endpoint")
        if not isinstance(place, str):
            return None
        back = urljoin(self._server.redirect_uri, path)
        query = urlencode({"client_id": self._server.client_id, "post_logout_redirect_uri": back})
        return f"{place}{'&' if '?' in place else '?'}{query}"

    # --- the ID token --------------------------------------------------------------------------------

    async def _exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        known = await self._ask()
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self._server.redirect_uri,
                    code_verifier=verifier,
                )
        except OAuthError as error:
            raise SignOnFailed("refused", f"the code was refused ({type(error).__name__})") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, KeyError, TypeError) as error:
            raise SignOnFailed("server", f"no token came ({type(error).__name__})") from None
        if not isinstance(token.get("id_token"), str) or len(token["id_token"]) > MOST_TOKEN:
            raise SignOnFailed("token", "the answer holds no ID token")
        return dict(token)

    async def _read(self, token: Mapping[str, Any], nonce: str) -> Claims:
        try:
            signed = jwt.decode(token["id_token"], (await self._ask()).keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            # The server has a new key since it was asked last.
            signed = await self._read_with_new_keys(token["id_token"])
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignOnFailed("token", f"the ID token's signature ({type(error).__name__})") from None
        client = self._server.client_id
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            options={
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": client},
                "sub": {"essential": True},
            },
            params={"nonce": nonce, "client_id": client, "access_token": token.get("access_token")},
        )
        try:
            claims.validate(now=int(self._now()), leeway=LEEWAY_SECONDS)
        except ExpiredTokenError:
            raise SignOnFailed("clock", "the ID token is over") from None
        except (JoseError, ValueError, TypeError) as error:
            claim = getattr(error, "claim", "")
            reason: Final = "clock" if claim in _CLOCK_CLAIMS else "token"
            raise SignOnFailed(reason, f"the ID token's claims ({claim or type(error).__name__})") from None
        if not isinstance(claims["sub"], str):
            raise SignOnFailed("token", "the ID token's claims (sub)")
        return dict(claims)

    async def _read_with_new_keys(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, (await self._ask(KEYS_SECONDS)).keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignOnFailed("token", f"the ID token's key ({type(error).__name__})") from None

    # --- what the server says of itself ----------------------------------------------------------------

    async def _ask(self, seconds: float = METADATA_SECONDS) -> _Known:
        """The server's description and keys, at most so many seconds old."""
        known, now = self._known, self._now()
        if known is not None and 0 <= now - known.at < seconds:
            return known
        metadata = await self._get(self.issuer.rstrip("/") + _WELL_KNOWN)
        if metadata.get("issuer") != self.issuer:
            raise SignOnFailed("server", "the description is of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
            address = metadata.get(name)
            if name == "end_session_endpoint" and address is None:
                continue
            if not isinstance(address, str) or not _is_safe(address, query=True):
                raise SignOnFailed("server", f"the description's {name} is no https address")
        try:
            given = KeySet.import_key_set(await self._get(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignOnFailed("server", f"the keys cannot be read ({type(error).__name__})") from None
        strong = [key for key in given.keys if _is_strong(key, self._server.least_rsa_bits)]
        if given.keys and not strong:
            bits = self._server.least_rsa_bits
            _log.warning("login server's keys", outcome="weak", limit=bits, remedy=_WEAK_REMEDY)
            raise SignOnFailed("server", f"every key of the login server has fewer than {bits} bits")
        self._known = _Known(metadata, KeySet(strong), now)
        return self._known

    async def _get(self, address: str) -> dict[str, Any]:
        try:
            async with self._http() as client, client.stream("GET", address) as answer:
                if answer.status_code != httpx2.codes.OK:
                    raise SignOnFailed("server", f"the login server answered {answer.status_code}")
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise SignOnFailed("server", "the login server's answer is packed")
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise SignOnFailed("server", "the login server's answer is too long")
            found = json.loads(body)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, RecursionError) as error:
            raise SignOnFailed("server", f"no answer ({type(error).__name__})") from None
        if not isinstance(found, dict):
            raise SignOnFailed("server", "the login server's answer is no object")
        return found

    def _http(self) -> httpx2.AsyncClient:
        # Packed answers could grow without bound, and what a proxy of the environment reads is nobody's.
        return httpx2.AsyncClient(headers={"Accept-Encoding": "identity"}, **self._options())

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            client_id=self._server.client_id,
            client_secret=self._server.client_secret,
            token_endpoint_auth_method="client_secret_basic" if self._server.client_secret else "none",
            scope=" ".join(self._server.scopes),
            redirect_uri=self._server.redirect_uri,
            code_challenge_method="S256",
            **self._options(),
        )

    def _options(self) -> dict[str, Any]:
        return {
            "transport": self._transport() if self._transport is not None else None,
            "verify": self._tls,
            "timeout": TIMEOUT_SECONDS,
            "follow_redirects": False,
            "trust_env": False,
        }

    def _now(self) -> float:
        return self._clock().timestamp()


def _is_safe(address: str, *, query: bool = False) -> bool:
    """Whether an address is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or (parts.query and not query):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def _is_strong(key: Key, least_rsa_bits: int) -> bool:
    """Whether a key has the strength that is asked for: every curve that is read here has 128 bits."""
    return not isinstance(key, RSAKey) or key.public_key.key_size >= least_rsa_bits
