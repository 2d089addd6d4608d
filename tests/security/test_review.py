"""The security review is whole, its evidence exists, its page is current; and what only source can show."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import ValidationError
from tests.security.conftest import Desk
from tests.web.conftest import PASSWORD

from donghaeng.trust.logging import set_up_logging
from tools.security_review import CHECKOUT, PAGE, Line, counts, expected, load, page

SOURCES = sorted((CHECKOUT / "src" / "donghaeng").rglob("*.py"))
REVIEW = load()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    found = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return tuple((dotted(node.func), node) for node in found)


def dotted(node: ast.expr) -> str:
    """``hashlib.new`` of such an expression; what is called by other means has a name as far as it goes."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def imports(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return frozenset(found)


def test_no_line_of_the_standard_is_left_out() -> None:
    assert list(REVIEW.lines) == expected()
    assert len(expected()) == 253, "70 of level 1 and 183 of level 2"
    assert counts(REVIEW)["met"] > len(expected()) / 2


def test_every_named_test_exists() -> None:
    defined = {
        file: {
            node.name
            for node in ast.walk(ast.parse((CHECKOUT / file).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for file in REVIEW.files.values()
    }
    absent = sorted({f"{file}::{name}" for file, name in REVIEW.every_test() if name not in defined[file]})
    assert absent == []
    assert {file for file, _ in REVIEW.every_test()} == set(defined), "every file is of use"


def test_every_named_page_and_heading_exists() -> None:
    for line in REVIEW.lines.values():
        for one in line.pages:
            file, _, anchor = one.partition("#")
            text = (CHECKOUT / file).read_text("utf-8")
            headings = re.findall(r"^#+ (.*)$", text, re.M)
            anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert not anchor or anchor in anchors, one


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(REVIEW), "python -m tools.write_security"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"tests": ["a::test_b"], "open": "x"},
        {"not_applicable": "x", "operator": "y"},
        {"tests": []},
        {"met": True},
    ],
)
def test_a_line_has_exactly_one_answer(answer: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Line.model_validate({"says": "something", **answer})


# What only the source can show


def test_no_weak_hash_is_used() -> None:
    weak = re.compile(r"\b(md5|sha1|md4)\b", re.I)
    used = {path.name for path in SOURCES for name, _ in calls(path) if weak.search(name)}
    asked = {
        path.name
        for path in SOURCES
        for name, node in calls(path)
        if name in {"hashlib.new", "hmac.new", "hmac.digest"} and weak.search(ast.unparse(node))
    }
    assert used | asked == set()


def test_no_client_switches_off_the_check_of_certificates() -> None:
    for path in SOURCES:
        for name, node in calls(path):
            for keyword in node.keywords:
                off = isinstance(keyword.value, ast.Constant) and keyword.value.value in {False, None}
                assert not (keyword.arg in {"verify", "check_hostname"} and off), (path, name)
        assert "CERT_NONE" not in path.read_text("utf-8")
        assert "_create_unverified_context" not in path.read_text("utf-8")


def test_cryptography_comes_from_known_libraries() -> None:
    known = {"cryptography", "argon2", "joserfc", "authlib", "hashlib", "hmac", "secrets", "ssl"}
    others = {"Crypto", "Cryptodome", "nacl", "rsa", "jwt", "pyaes", "bcrypt", "passlib", "OpenSSL"}
    used = set().union(*map(imports, SOURCES))
    assert known & used >= {"cryptography", "argon2", "joserfc", "hashlib", "hmac"}
    assert others & used == set()


def test_chance_of_secrets_comes_from_the_system() -> None:
    """Tokens, keys and codes are made without `random`, whose next number can be computed."""
    makers = [
        path
        for path in SOURCES
        if path.parent.name == "trust" or path.name in {"oidc.py", "session.py", "accounts.py"}
    ]
    assert len(makers) > 10
    assert [path.name for path in makers if "random" in imports(path)] == []


def test_nothing_is_unpickled() -> None:
    """Pickled values run what they like. Vectors and models that were learnt here are read by other means."""
    assert [path.name for path in SOURCES if {"pickle", "marshal", "shelve", "dill"} & imports(path)] == []
    for path in SOURCES:
        for name, node in calls(path):
            if name.endswith(("np.load", "numpy.load")):
                assert "allow_pickle=True" not in ast.unparse(node), path
            assert name not in {"eval", "exec", "os.system", "os.popen"}, path
            shell = [keyword for keyword in node.keywords if keyword.arg == "shell"]
            assert not shell, path


def test_a_line_feed_makes_no_second_log_line() -> None:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    try:
        set_up_logging("info", stream=stream)
        logging.getLogger("library").warning('x\n{"event": "login", "outcome": "ok"}\r\n\x1b[2J%s', "\u2028y")
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    line = stream.getvalue().split("\n")[0]
    assert stream.getvalue().count("\n") == 1
    assert json.loads(line)["level"] == "warning"
    assert "\x1b" not in stream.getvalue()


def test_every_cookie_of_an_encrypted_line_is_bound_to_this_host(desk: Desk) -> None:
    browser = desk.browser()
    answers = [
        browser.get("/console/login"),
        browser.log_in("counsellor", PASSWORD),
        browser.get("/console/oidc/start"),
        browser.post("/console/logout"),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert names == {"__Host-donghaeng_login", "__Host-donghaeng_staff", "__Host-donghaeng_oidc"}
    for cookie in cookies:
        attributes = set(cookie.split("; ")[1:])
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= attributes, cookie
        assert not any(one.startswith("Domain") for one in attributes)
        assert len(cookie) < 4_096
