"""Login by the organisation's server: against a real one, and against one that lies."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.security.conftest import HTML, Desk
from tests.security.login_server import AFTER_LOGOUT, CLIENT, REDIRECT, SECRET, LoginServer

from donghaeng.app.sign_on import open_sign_on
from donghaeng.errors import InputError, SettingsError
from donghaeng.people.oidc import ALGORITHMS, ATTEMPT_SECONDS, LEEWAY_SECONDS, MOST_BYTES
from donghaeng.people.sign_on import account_name, groups_of, identity_hash, link, shown_name
from donghaeng.settings import load_settings
from donghaeng.store import staff
from donghaeng.trust.permissions import Role
from donghaeng.web.console.sign_on import WORDS

Change = Callable[[dict[str, Any], dict[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


def signed_anew(desk: Desk, change: Change, key: Any = None, alg: str | None = None) -> None:
    """Let the ID token that comes have another header and other claims, signed by the server's own key
    unless another is given."""
    assert desk.server is not None
    own = RSAKey.import_key(desk.server.key)

    def forge(answer: dict[str, Any]) -> dict[str, Any]:
        true = jwt.decode(answer["id_token"], own, algorithms=["RS256"])
        header, claims = change(dict(true.header), dict(true.claims))
        algorithms = [alg or header["alg"]]
        return {**answer, "id_token": jwt.encode(header, claims, key or own, algorithms=algorithms)}

    desk.wire.change_json("/token", forge)


def in_base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(answer: Any, reason: str) -> None:
    """The page says why in plain words, nobody is logged in, and the attempt is used up."""
    assert answer.status_code in {400, 403, 502}
    assert WORDS[reason] in answer.text  # type: ignore[index]
    cookies = answer.headers.get_list("set-cookie")
    assert not any("donghaeng_staff=" in cookie for cookie in cookies)
    assert any(cookie.startswith('__Host-donghaeng_oidc=""') for cookie in cookies)


# Logging in and out


def test_staff_log_in_by_a_real_server(desk: Desk) -> None:
    browser = desk.browser()
    assert "기관 계정으로 로그인" in browser.get("/console/login").text
    back = browser.sign_on("kim", wanted="/console/desk")
    assert (back.status_code, back.headers["location"]) == (303, "/console/desk")
    page = browser.get("/console/account").text
    assert "김기관 (상담사)" in page
    assert "기관 계정</td>" in page
    assert "비밀번호 바꾸기" not in page, "there is none to be changed here"
    (row,) = [one for one in asyncio.run(desk.accounts.everyone()) if one.name == "kim"]
    assert (row.role, row.shown_name, row.password_hash) == (Role.COUNSELLOR, "김기관", "")
    assert browser.get("/console/desk").status_code == 200
    assert browser.get("/console/accesses").status_code == 403


def test_the_browser_gets_a_challenge_and_never_a_token(desk: Desk) -> None:
    browser = desk.browser()
    began = browser.get("/console/oidc/start")
    sent = dict(httpx2.URL(began.headers["location"]).params)
    assert sent["code_challenge_method"] == "S256"
    assert sent["response_type"] == "code"
    assert (sent["client_id"], sent["redirect_uri"], sent["scope"]) == (CLIENT, REDIRECT, "openid profile")
    (cookie,) = began.headers.get_list("set-cookie")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} < set(cookie.split("; "))
    for secret in (sent["state"], sent["nonce"]):
        assert len(secret) >= 43
        assert secret not in cookie, "sealed"
    again = dict(httpx2.URL(browser.get("/console/oidc/start").headers["location"]).params)
    assert not {again["state"], again["nonce"], again["code_challenge"]} & set(sent.values())


def test_a_second_login_is_the_same_account_with_the_role_of_now(desk: Desk, server: LoginServer) -> None:
    server.add("moving", "120-counsellors")
    desk.browser().sign_on("moving")
    server.regroup("moving", "120-admins")
    browser = desk.browser()
    assert browser.sign_on("moving").status_code == 303
    rows = [row for row in asyncio.run(desk.accounts.everyone()) if row.name.startswith("moving")]
    assert [row.role for row in rows] == [Role.ADMIN]
    assert browser.get("/console/accesses").status_code == 200
    server.regroup("moving")
    refused(desk.browser().sign_on("moving"), "no_role")


def test_who_has_no_mapped_group_stays_out(desk: Desk) -> None:
    refused(desk.browser().sign_on("lee"), "no_role")
    assert not any(row.name == "lee" for row in asyncio.run(desk.accounts.everyone()))


def test_no_account_is_made_where_the_settings_do_not_allow_it(make_desk: Any, server: LoginServer) -> None:
    desk = make_desk(server, oidc_create_accounts=False)
    refused(desk.browser().sign_on("kim"), "no_account")
    assert not any(row.name == "kim" for row in asyncio.run(desk.accounts.everyone()))


def test_a_name_alone_gives_no_account_away(desk: Desk, server: LoginServer) -> None:
    server.add("admin", "120-counsellors")
    browser = desk.browser()
    assert browser.sign_on("admin").status_code == 303
    assert browser.get("/console/accesses").status_code == 403, "not the administrator of that name here"
    names = {row.name: row.role for row in asyncio.run(desk.accounts.everyone())}
    assert (names["admin"], names["admin-2"]) == (Role.ADMIN, Role.COUNSELLOR)


def test_an_account_that_was_linked_keeps_the_role_given_here(make_desk: Any, server: LoginServer) -> None:
    server.add("linked")
    from django.contrib.auth.models import User

    subject = str(User.objects.get(username="linked").pk)
    desk = make_desk(server, oidc_create_accounts=False, oidc_roles={})
    at = desk.clock()
    asyncio.run(link(desk.store, server.issuer, "reviewer", subject, at=at))
    with pytest.raises(InputError, match="already"):
        asyncio.run(link(desk.store, server.issuer, "supervisor", subject, at=at))
    with pytest.raises(InputError, match="no account"):
        asyncio.run(link(desk.store, server.issuer, "nobody", "x", at=at))
    browser = desk.browser()
    assert browser.sign_on("linked").status_code == 303
    assert "(검토자)" in browser.get("/console/account").text


def test_an_account_that_was_ended_here_stays_out(desk: Desk, server: LoginServer) -> None:
    server.add("leaver", "120-counsellors")
    inside = desk.browser()
    inside.sign_on("leaver")
    asyncio.run(desk.accounts.disable("leaver"))
    assert inside.get("/console/").status_code == 303
    refused(desk.browser().sign_on("leaver"), "no_account")


def test_a_login_begins_a_new_session_and_ends_the_old(desk: Desk) -> None:
    browser = desk.browser()
    browser.sign_on("kim")
    old = browser.token
    browser.sign_on("kim")
    assert browser.token != old
    assert asyncio.run(desk.accounts.find(old)) is None


def test_logging_out_ends_the_servers_session_as_well(desk: Desk) -> None:
    browser = desk.browser()
    browser.sign_on("kim")
    token = browser.token
    left = browser.post("/console/logout")
    where = httpx2.URL(left.headers["hx-redirect"])
    assert desk.server is not None
    assert str(where).startswith(f"{desk.server.issuer}/logout")
    assert where.params["post_logout_redirect_uri"] == AFTER_LOGOUT
    assert asyncio.run(desk.accounts.find(token)) is None
    with httpx2.Client(trust_env=False) as other:
        assert other.get(where).headers["location"] == AFTER_LOGOUT


def test_logging_out_works_while_the_server_is_gone(desk: Desk) -> None:
    browser = desk.browser()
    browser.sign_on("kim")
    desk.clock.ahead += timedelta(minutes=59)
    for _ in range(2):
        browser.get("/console/")
    desk.wire.change = lambda *_: httpx2.Response(503)
    desk.clock.ahead += timedelta(minutes=2)
    assert browser.post("/console/logout").headers["hx-redirect"] == "/console/login"


def test_without_passwords_only_the_server_lets_in(make_desk: Any, server: LoginServer) -> None:
    desk = make_desk(server, password_login=False)
    browser = desk.browser()
    page = browser.get("/console/login").text
    assert "기관 계정으로 로그인" in page
    assert 'type="password"' not in page
    assert browser.client.post("/console/login", data={"name": "admin"}).status_code == 403
    assert browser.sign_on("kim").status_code == 303


def test_an_account_without_a_password_has_none_that_fits(desk: Desk) -> None:
    desk.browser().sign_on("kim")
    for password in ("", "nobody has this password", " "):
        assert asyncio.run(desk.accounts.login("kim", password)) is None


# Attempts


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 303), ("none", 303), ("cross-site", 200), ("same-site", 200)]
)
def test_a_link_of_another_site_begins_no_login(desk: Desk, site: str, status: int) -> None:
    """Else whoever has a session at the login server is logged in here unasked."""
    answer = desk.browser().client.get("/console/oidc/start", headers={**HTML, "sec-fetch-site": site})
    assert answer.status_code == status
    assert ("donghaeng_oidc" in answer.headers.get("set-cookie", "")) == (status == 303)


def test_an_answer_to_another_browser_logs_nobody_in(desk: Desk) -> None:
    mine, theirs = desk.browser(), desk.browser()
    assert desk.server is not None
    began = mine.get("/console/oidc/start")
    theirs.get("/console/oidc/start")
    back = desk.server.browse(began.headers["location"], "kim")
    refused(theirs.get(f"{back.path}?{back.query.decode()}"), "expired")
    refused(desk.browser().get(f"{back.path}?{back.query.decode()}"), "expired")
    assert mine.get(f"{back.path}?{back.query.decode()}").status_code == 303
    refused(mine.get(f"{back.path}?{back.query.decode()}"), "expired")


def test_an_attempt_grows_old(desk: Desk) -> None:
    browser = desk.browser()
    assert desk.server is not None
    back = desk.server.browse(browser.get("/console/oidc/start").headers["location"], "kim")
    desk.clock.ahead += timedelta(seconds=ATTEMPT_SECONDS + 1)
    refused(browser.get(f"{back.path}?{back.query.decode()}"), "expired")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "expired"),
        ("state=x&code=y", "expired"),
        ("state={state}", "refused"),
        ("state={state}&error=access_denied", "refused"),
        ("state={state}&code=wrong", "refused"),
        ("state={state}&state={state}&code=x", "expired"),
        ("state={state}&code=x&iss=https://evil.example", "token"),
        ("state=%C3%A9&code=x", "expired"),
    ],
)
def test_answers_that_are_none_are_refused_with_a_page(desk: Desk, query: str, reason: str) -> None:
    browser = desk.browser()
    state = httpx2.URL(browser.get("/console/oidc/start").headers["location"]).params["state"]
    refused(browser.get(f"/console/oidc/callback?{query.format(state=state)}"), reason)


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "é", "A" * 5_000])
def test_an_attempt_that_was_not_sealed_here_is_none(desk: Desk, cookie: str) -> None:
    browser = desk.browser()
    headers = {**HTML, "cookie": f"__Host-donghaeng_oidc={cookie}".encode()}
    refused(browser.client.get("/console/oidc/callback?state=x&code=y", headers=headers), "expired")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/console/", "//evil.example", "/v1/x", "/console/\n"]
)
def test_the_login_leads_nowhere_else(desk: Desk, wanted: str) -> None:
    assert desk.browser().sign_on("kim", wanted).headers["location"] == "/console/"


# Tokens that lie


def keep(header: dict[str, Any], claims: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return header, claims


def test_a_token_signed_anew_with_the_servers_key_is_taken(desk: Desk) -> None:
    """What the refusals below are measured against."""
    signed_anew(desk, keep)
    assert desk.browser().sign_on("kim").status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": "another client", "azp": CLIENT},
        {"aud": None},
        {"aud": []},
        {"aud": [CLIENT, "another client"]},  # for both, and nobody says which asked
        {"aud": [CLIENT], "azp": "another client"},
        {"at_hash": "of another access token"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["1"]},
        {"iat": None},
        {"exp": None},
    ],
    ids=str,
)
def test_claims_for_somebody_else_are_refused(desk: Desk, claims: dict[str, Any]) -> None:
    def lie(header: dict[str, Any], true: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        return header, {name: value for name, value in {**true, **claims}.items() if value is not None}

    signed_anew(desk, lie)
    answer = desk.browser().sign_on("kim")
    assert answer.status_code == 403
    refused(answer, "clock" if claims.keys() & {"iat", "exp"} else "token")


def test_a_token_without_a_signature_is_refused(desk: Desk) -> None:
    def strip(answer: dict[str, Any]) -> dict[str, Any]:
        _, claims, _ = answer["id_token"].split(".")
        header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"  # {"alg":"none","typ":"JWT"}
        return {**answer, "id_token": f"{header}.{claims}."}

    desk.wire.change_json("/token", strip)
    refused(desk.browser().sign_on("kim"), "token")
    assert not any(name == "none" or name.startswith("HS") for name in ALGORITHMS)


@pytest.mark.parametrize("secret", [SECRET, "the public key"])
def test_a_token_signed_with_what_others_know_is_refused(desk: Desk, secret: str) -> None:
    """An HMAC under the client's secret, and under the public key that everybody may read (RFC 8725, 2.1)."""
    assert desk.server is not None
    if secret != SECRET:
        secret = RSAKey.import_key(desk.server.key).as_pem(private=False).decode()

    def forge(answer: dict[str, Any]) -> dict[str, Any]:
        # By hand, for the library does not let anybody do such a thing.
        header, claims, _ = answer["id_token"].split(".")
        known = json.loads(base64.urlsafe_b64decode(header + "=="))
        head = in_base64url(json.dumps({**known, "alg": "HS256"}).encode())
        signature = hmac.digest(secret.encode(), f"{head}.{claims}".encode(), "sha256")
        return {**answer, "id_token": f"{head}.{claims}.{in_base64url(signature)}"}

    desk.wire.change_json("/token", forge)
    refused(desk.browser().sign_on("kim"), "token")


@pytest.mark.parametrize("own", ["kid", "no kid", "jwk", "jku"])
def test_a_token_signed_with_a_key_of_its_own_is_refused(desk: Desk, own: str) -> None:
    key = RSAKey.generate_key(3072)

    def lie(header: dict[str, Any], claims: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if own == "no kid":
            header.pop("kid")
        if own == "jwk":
            header["jwk"] = key.as_dict(private=False)
        if own == "jku":
            header["jku"] = "https://evil.example/keys"
        return header, claims

    signed_anew(desk, lie, key)
    refused(desk.browser().sign_on("kim"), "token")
    assert not any("evil" in path for _, path in desk.wire.asked)


@pytest.mark.parametrize(
    "token",
    [None, "", "a", "a.b", "a.b.c", "." * 3, 7, ["x"], "e30.e30.e30", "x" * 50_000, "é.é.é"],
    ids=lambda token: repr(token)[:20],
)
def test_what_is_no_token_is_refused(desk: Desk, token: Any) -> None:
    desk.wire.change_json("/token", lambda answer: {**answer, "id_token": token})
    refused(desk.browser().sign_on("kim"), "token")


def test_a_changed_letter_of_a_token_is_noticed(desk: Desk) -> None:
    def change(answer: dict[str, Any]) -> dict[str, Any]:
        header, claims, signature = answer["id_token"].split(".")
        other = "A" if claims[10] != "A" else "B"
        return {**answer, "id_token": f"{header}.{claims[:10]}{other}{claims[11:]}.{signature}"}

    desk.wire.change_json("/token", change)
    refused(desk.browser().sign_on("kim"), "token")


# Clocks


@pytest.mark.parametrize("seconds", [-LEEWAY_SECONDS + 10, 0, LEEWAY_SECONDS - 10])
def test_clocks_that_are_a_little_apart_do_no_harm(desk: Desk, seconds: int) -> None:
    desk.clock.ahead = timedelta(seconds=seconds)
    assert desk.browser().sign_on("kim").status_code == 303


@pytest.mark.parametrize("seconds", [-LEEWAY_SECONDS - 30, 300 + LEEWAY_SECONDS + 30])
def test_clocks_that_are_far_apart_are_told_to_the_staff(desk: Desk, seconds: int) -> None:
    """Ours is behind (the token is of the future), or ahead by more than the token's 300 s of life."""
    desk.clock.ahead = timedelta(seconds=seconds)
    refused(desk.browser().sign_on("kim"), "clock")


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_of_the_future_is_refused(desk: Desk, claim: str) -> None:
    def lie(header: dict[str, Any], claims: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        return header, {**claims, claim: claims["iat"] + LEEWAY_SECONDS + 60}

    signed_anew(desk, lie)
    refused(desk.browser().sign_on("kim"), "clock")


# A server that lies about itself


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://192.0.2.7/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"end_session_endpoint": "http://192.0.2.7/"},
        {"token_endpoint": "https://user:word@idp.example/token"},
    ],
    ids=str,
)
def test_a_description_that_leads_elsewhere_is_refused(desk: Desk, metadata: dict[str, Any]) -> None:
    desk.wire.change_json("openid-configuration", lambda true: {**true, **metadata})
    answer = desk.browser().get("/console/oidc/start")
    assert answer.status_code == 502
    assert WORDS["server"] in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"7", b"{", b'{"a":' * 5_000, b" " * (MOST_BYTES + 1)], ids=range(7)
)
@pytest.mark.parametrize("path", ["openid-configuration", "jwks.json"])
def test_a_server_that_talks_nonsense_is_one_page(desk: Desk, body: bytes, path: str) -> None:
    desk.wire.change = lambda request, true: body if request.url.path.rstrip("/").endswith(path) else true
    answer = desk.browser().get("/console/oidc/start")
    assert (answer.status_code, WORDS["server"] in answer.text) == (502, True)


def test_redirects_of_the_server_are_not_followed(desk: Desk) -> None:
    desk.wire.change = lambda *_: httpx2.Response(302, headers={"location": "http://169.254.169.254/"})
    assert desk.browser().get("/console/oidc/start").status_code == 502
    assert len(desk.wire.asked) == 1


def test_a_new_key_of_the_server_is_asked_for_once_a_minute(desk: Desk) -> None:
    new = RSAKey.generate_key(3072, {"kid": "new"})
    assert desk.browser().sign_on("kim").status_code == 303
    asked = len(desk.wire.asked)
    signed_anew(desk, lambda header, claims: ({**header, "kid": "new"}, claims), new)
    refused(desk.browser().sign_on("kim"), "token")
    assert len(desk.wire.asked) == asked + 1, "the description is younger than a minute"
    forge = desk.wire.change
    assert forge is not None

    def with_key(request: httpx2.Request, body: bytes) -> bytes | httpx2.Response:
        if request.url.path.rstrip("/").endswith("jwks.json"):
            return json.dumps({"keys": [*json.loads(body)["keys"], new.as_dict(private=False)]}).encode()
        return forge(request, body)

    desk.wire.change = with_key
    desk.clock.ahead = timedelta(seconds=61)
    # A minute later our clock is a minute ahead of the server's, which the leeway allows.
    assert desk.browser().sign_on("kim").status_code == 303


@pytest.mark.parametrize(
    ("setting", "bits", "enters"), [(False, 2048, False), (True, 2048, True), (True, 1024, False)]
)
def test_keys_of_less_strength_than_asked_for_sign_nothing(
    make_desk: Any, server: LoginServer, *, setting: bool, bits: int, enters: bool
) -> None:
    weak = _weak_key(bits)
    desk = make_desk(server, oidc_rsa_2048=setting)
    signed_anew(desk, lambda header, claims: ({**header, "kid": "weak"}, claims), weak)
    forge = desk.wire.change
    alone = True

    def with_key(request: httpx2.Request, body: bytes) -> bytes | httpx2.Response:
        if request.url.path.rstrip("/").endswith("jwks.json"):
            others = [] if alone else json.loads(body)["keys"]
            return json.dumps({"keys": [*others, weak.as_dict(private=False)]}).encode()
        return forge(request, body)

    desk.wire.change = with_key
    browser = desk.browser()
    began = browser.get("/console/oidc/start")
    assert (began.status_code == 303) is enters, "where it is the only one, the login does not begin"
    alone = False
    desk.sign_on._client._known = None
    answer = browser.sign_on("kim")
    if enters:
        assert answer.status_code == 303
    else:
        refused(answer, "token")


def _weak_key(bits: int) -> RSAKey:
    made = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return RSAKey.import_key(pem, {"kid": "weak"})


def test_a_weaker_proof_than_asked_for_is_refused(make_desk: Any, server: LoginServer) -> None:
    desk = make_desk(server, oidc_acr=("urn:mfa",))
    browser = desk.browser()
    assert "acr_values=urn%3Amfa" in browser.get("/console/oidc/start").headers["location"]
    refused(browser.sign_on("kim"), "refused")
    signed_anew(desk, lambda header, claims: (header, {**claims, "acr": "urn:mfa"}))
    assert browser.sign_on("kim").status_code == 303


# Settings and small pieces


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"password_login": False}, "leaves nobody a way in"),
        ({"oidc_issuer": "https://idp.example"}, "CLIENT_ID"),
        ({"oidc_issuer": "http://idp.example"}, "OIDC_ISSUER is no https"),
        ({"oidc_redirect": "http://desk.example/console/oidc/callback"}, "OIDC_REDIRECT is no https"),
        ({"oidc_roles": {"a": "king"}}, "no role 'king'"),
        ({"oidc_create_accounts": True}, "needs roles"),
        ({"oidc_certificates": Path("/nonexistent")}, "OIDC_CERTIFICATES"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_impossible_settings_are_named(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    whole = {"oidc_issuer": "https://idp.example", "oidc_client_id": "d", "oidc_redirect": REDIRECT}
    given = (
        settings
        if settings.keys() <= {"password_login"} or len(settings) == 1 and words == "CLIENT_ID"
        else {**whole, **settings}
    )
    with pytest.raises(SettingsError, match=words):
        open_sign_on(load_settings(data=tmp_path, **given), None, None, clock=None)  # type: ignore[arg-type]


def test_no_login_server_is_no_such_page(make_desk: Any) -> None:
    browser = make_desk().browser()
    assert browser.get("/console/oidc/start").status_code == 404
    assert browser.get("/console/oidc/callback?state=x&code=y").status_code == 404
    assert "기관 계정" not in browser.get("/console/login").text


def test_an_identity_is_of_issuer_and_subject_both() -> None:
    assert identity_hash("https://a.example", "1") != identity_hash("https://b.example", "1")
    assert identity_hash("a", "bc") != identity_hash("ab", "c")
    assert re.fullmatch(r"[0-9a-f]{64}", identity_hash("a", "b"))


@pytest.mark.parametrize(
    ("claims", "place", "groups"),
    [
        ({"groups": ["a", "b", 7]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://x.example/roles": ["a"]}, "https://x.example/roles", {"a"}),
        ({"groups": {"a": 1}}, "groups", set()),
        ({"groups": None}, "groups.deeper", set()),
        ({}, "groups", set()),
    ],
)
def test_groups_stand_where_the_settings_say(claims: Any, place: str, groups: set[str]) -> None:
    assert groups_of(claims, place) == groups


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Kim.Sangdam@seoul.go.kr", "kim.sangdam"),
        ("김상담", "staff"),
        ("9kim", "kim"),
        ("", "staff"),
        ("k" * 90, "k" * 32),
    ],
)
def test_names_of_new_accounts_are_ours(wanted: str, name: str) -> None:
    assert account_name(wanted) == name


def test_a_shown_name_is_one_line_of_letters() -> None:
    assert shown_name({"name": "  김\u202e상담\n<b> "}) == "김상담<b>"
    assert shown_name({"name": " ", "preferred_username": "kim"}) == "kim"
    assert shown_name({"name": 7}) == "직원"
    assert len(shown_name({"name": "가" * 900})) == 40


def test_sessions_of_a_role_that_was_taken_away_are_narrowed_at_once(desk: Desk) -> None:
    browser = desk.browser()
    browser.sign_on("kim")
    row = desk.store.look(lambda tx: staff.by_name(tx, "kim"))
    assert row is not None
    desk.store.run(lambda tx: staff.set_role(tx, row.id, Role.OFFICIAL))
    assert browser.get("/console/desk").status_code == 403
    desk.store.run(lambda tx: staff.set_role(tx, row.id, Role.COUNSELLOR))
