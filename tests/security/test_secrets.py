"""Secrets come from the environment or from files, and stand in no output."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
import structlog
from click.testing import CliRunner
from pydantic import SecretStr
from tests.databases import stored_bytes
from tests.security.conftest import HTML, Desk
from tests.security.login_server import LoginServer
from tests.web.conftest import PASSWORD

from donghaeng.cli.settings import settings as settings_command
from donghaeng.cli.staff import staff as staff_command
from donghaeng.errors import SettingsError
from donghaeng.settings import FILE_SUFFIX, MOST_SECRET_BYTES, PREFIX, Settings, load_settings, may_be_secret
from donghaeng.trust.logging import set_up_logging
from donghaeng.web.console.session import csrf_of

CANARY = "canary-5f1c9d77e2-{name}"
SECRETS = sorted(name for name, field in Settings.model_fields.items() if may_be_secret(name, field))


def planted(name: str) -> str:
    """A value that the setting takes, with a canary in it."""
    canary = CANARY.format(name=name.replace("_", "-"))
    if name == "key":
        return "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    if name == "database":
        return f"postgresql://donghaeng:{canary}@db.example/donghaeng?password={canary}"
    if get_args(Settings.model_fields[name].annotation) and "dict" in str(
        Settings.model_fields[name].annotation
    ):
        return json.dumps({"kakao": canary})
    return canary


def needle(name: str) -> str:
    return planted(name) if name == "key" else CANARY.format(name=name.replace("_", "-"))


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for variable in list(os.environ):
        if variable.startswith(PREFIX):
            monkeypatch.delenv(variable)
    return monkeypatch


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, down to the chatter of libraries."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    set_up_logging("debug", stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def test_every_key_and_token_is_a_secret() -> None:
    telling = ("key", "token", "secret", "password")
    named = {
        name
        for name in Settings.model_fields
        if any(name.endswith(one) or f"_{one}s" in f"_{name}" for one in telling)
    }
    assert named <= set(SECRETS)
    assert {"key", "oidc_client_secret", "mcp_token", "channel_secrets", "operation_keys", "database"} <= set(
        SECRETS
    )
    assert len(SECRETS) >= 15


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_the_file_that_the_environment_names(
    name: str, clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(planted(name) + "\n", "utf-8")
    clean.setenv(f"{PREFIX}{name.upper()}{FILE_SUFFIX}", str(file))
    value = getattr(load_settings(), name)
    if isinstance(value, dict):
        value = next(iter(value.values()))
    found = value.get_secret_value() if isinstance(value, SecretStr) else value
    assert needle(name) in found
    assert not found.endswith("\n")
    clean.setenv(f"{PREFIX}{name.upper()}", planted(name))
    with pytest.raises(SettingsError, match="both set") as refused:
        load_settings()
    assert needle(name) not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"\xff\xfe", "not UTF-8"), (b"x" * (MOST_SECRET_BYTES + 1), "no secret: over")],
)
def test_a_file_that_is_none_is_named_without_its_content(
    content: bytes | None, words: str, clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    clean.setenv("DONGHAENG_MCP_TOKEN_FILE", str(file))
    with pytest.raises(SettingsError, match=words) as refused:
        load_settings()
    assert "xxxx" not in str(refused.value)


def test_a_setting_that_is_no_secret_is_read_from_no_file(clean: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "city"
    file.write_text("live")
    clean.setenv("DONGHAENG_CITY_FILE", str(file))
    assert load_settings().city == "sandbox"


def test_no_secret_stands_in_the_list_of_settings(clean: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        clean.setenv(f"{PREFIX}{name.upper()}", planted(name))
    done = CliRunner().invoke(settings_command, env={"COLUMNS": "4000"})
    assert done.exit_code == 0, done.output
    settings = load_settings()
    shown = done.output + repr(settings.model_dump(exclude={"database"})) + str(settings.mcp_token)
    assert "donghaeng:(set)@db.example" in done.output
    assert [name for name in SECRETS if needle(name) in shown] == []


def test_an_impossible_secret_is_not_repeated(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("DONGHAENG_CHANNEL_SECRETS", '{"kakao": "canary-short"}')
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "canary-short" not in str(refused.value)


def test_passwords_tokens_and_codes_reach_no_log_and_no_page(
    make_desk: Callable[..., Desk], server: LoginServer, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = CANARY.format(name="client")
    desk = make_desk(server, oidc_client_secret=secret, mcp_token=CANARY.format(name="mcp"))
    shown: list[str] = []
    browser = desk.browser()
    for password in (PASSWORD, "canary of a wrong password"):
        shown.append(browser.log_in("counsellor", password).text)
    browser.log_in("counsellor", PASSWORD)
    token = browser.token
    shown += [browser.get(path).text for path in ("/console/", "/console/account", "/console/nowhere")]
    opened = browser.client.post("/v1/conversations", json={}).json()
    headers = {"authorization": f"Bearer {opened['token']}"}
    for path in (
        f"/v1/conversations/{opened['conversation']}",
        "/v1/conversations/c_x?token=canary-in-query",
    ):
        shown.append(browser.client.get(path, headers=headers).text)
    began = browser.get("/console/oidc/start")
    back = server.browse(began.headers["location"], "kim")
    code, state = back.params["code"], back.params["state"]
    attempt = began.headers["set-cookie"].partition("=")[2].partition(";")[0]
    # The secret is not the one that the server knows: the exchange fails, and says so without a secret.
    failed = browser.get(f"{back.path}?{back.query.decode()}")
    assert failed.status_code == 403
    shown.append(failed.text)
    asyncio.run(desk.accounts.login("counsellor", PASSWORD))
    captured = capsys.readouterr()
    # The login server runs in this process too, and what it writes is its own.
    theirs = {"django", "oauth2_provider", "oauthlib"}
    lines = log.getvalue().splitlines()
    ours = [line for line in lines if json.loads(line).get("logger", "").partition(".")[0] not in theirs]
    everything = "\n".join([*ours, captured.out, captured.err, *shown])
    assert '"login"' in log.getvalue()
    assert "/console/oidc/callback" in log.getvalue()
    hidden = {
        "client secret": secret,
        "password": PASSWORD,
        "wrong password": "canary of a wrong password",
        "session": token,
        "conversation": opened["token"],
        "query": "canary-in-query",
        "code": code,
        "state": state,
        "attempt": attempt,
        "mcp": CANARY.format(name="mcp"),
    }
    assert [name for name, value in hidden.items() if value in everything] == []
    assert csrf_of(token) not in log.getvalue()
    assert "counsellor" not in log.getvalue().replace("/counsellor", ""), "accounts are named by their ids"


def test_logins_and_refusals_are_logged_by_the_accounts_id(
    make_desk: Callable[..., Desk], server: LoginServer, log: io.StringIO
) -> None:
    desk = make_desk(server, rate_limit="on", limits=lambda: 0.0)
    browser = desk.browser()
    browser.log_in("counsellor", PASSWORD)
    assert browser.get("/console/accesses").status_code == 403
    assert browser.client.post("/console/account/leave", headers=HTML).status_code == 403
    browser.post("/console/logout")
    for _ in range(8):
        browser.log_in("admin", "wrong words here")
    browser.sign_on("lee")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    rows = {one.name: one for one in asyncio.run(desk.accounts.everyone())}
    row, tried = rows["counsellor"], rows["admin"]
    told = [(one["event"], one.get("outcome") or one.get("reason"), one.get("account")) for one in lines]
    for event in (
        ("login", "ok", row.id),
        ("refused", "forbidden", row.id),
        ("refused", "foreign", row.id),
        ("logout", None, row.id),
        ("login", "wrong", tried.id),
        ("login", "limited", None),
        ("login", "no_role", None),
    ):
        assert event in told
    assert all(one["timestamp"].endswith("Z") for one in lines)


def test_an_error_that_quotes_a_secret_is_told_without_it(log: io.StringIO) -> None:
    try:
        raise ValueError("canary in an exception")
    except ValueError:
        logging.getLogger("library").exception("canary %s", "x")
    assert "canary in an exception" not in log.getvalue()
    assert "ValueError" in log.getvalue()


def test_a_password_of_an_account_is_no_argument_and_shown_nowhere(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean.setenv("DONGHAENG_DATA", str(tmp_path))
    add = ["add", "kim", "--role", "admin", "--password-stdin"]
    done = CliRunner().invoke(staff_command, add, input=f"{PASSWORD}\n")
    listed = CliRunner().invoke(staff_command, ["list", "--json"])
    assert (done.exit_code, listed.exit_code) == (0, 0), done.output
    assert PASSWORD not in done.output + listed.output
    assert "argon2" not in listed.output
    kept = stored_bytes(tmp_path / "donghaeng.db")
    assert b"kim" in kept
    assert PASSWORD.encode() not in kept
    ended = CliRunner().invoke(staff_command, ["logout", "--everybody"])
    assert ended.output == "0 logins ended.\n"
    assert CliRunner().invoke(staff_command, ["logout"]).exit_code == 2
    assert CliRunner().invoke(staff_command, ["link", "kim", "sub"]).exit_code != 0
    clean.setenv("DONGHAENG_OIDC_ISSUER", "https://idp.example")
    linked = CliRunner().invoke(staff_command, ["link", "kim", "the-subject"])
    assert linked.exit_code == 0, linked.output
    assert b"the-subject" not in stored_bytes(tmp_path / "donghaeng.db")


def test_the_projects_own_files_hold_no_secret() -> None:
    """Nobody left a key in the checkout: names of settings never stand beside a value of some length."""
    import re

    root = Path(__file__).resolve().parents[2]
    told = re.compile(
        r"DONGHAENG_[A-Z_]*(?:KEY|TOKEN|SECRET|PASSWORD)S?\s*[=:]\s*['\"]?([A-Za-z0-9+/_-]{20,})"
    )
    looked = [
        *root.glob("*"),
        *(root / "docs").rglob("*.md"),
        *(root / "src").rglob("*.py"),
        *(root / "catalogue").rglob("*.yaml"),
    ]
    found = {
        file.name for file in looked if file.is_file() and told.search(file.read_text("utf-8", "ignore"))
    }
    assert found == set()
