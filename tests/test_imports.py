"""The pure core asks for no clock, chance, file, network or loop; .importlinter holds the folder rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.pure_core import PACKAGE, pure_modules

FORBIDDEN_MODULES = {
    "asyncio",
    "ctypes",
    "httpx",
    "io",
    "multiprocessing",
    "os",
    "requests",
    "secrets",
    "shutil",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
}
CLOCK_READINGS = {"now", "utcnow", "today"}
FILE_METHODS = {
    "exists",
    "glob",
    "is_dir",
    "is_file",
    "iterdir",
    "mkdir",
    "read_bytes",
    "read_text",
    "rglob",
    "write_bytes",
    "write_text",
}
OWN_CHANCE = {"Random"}
"""A generator that is seeded by an argument is no chance of the module's own."""


def impurities(source: str) -> list[str]:
    """Each forbidden thing in a module, as ``line: what``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".")[0] for alias in node.names]
            found += [(node.lineno, f"import {name}") for name in names if name in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = (node.module or "").split(".")[0]
            if module in FORBIDDEN_MODULES:
                found.append((node.lineno, f"from {module} import"))
            if module == "random":
                names = [alias.name for alias in node.names if alias.name not in OWN_CHANCE]
                found += [(node.lineno, f"random.{name}") for name in names]
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner == "random" and node.attr not in OWN_CHANCE:
                found.append((node.lineno, f"random.{node.attr}"))
        elif isinstance(node, ast.Call):
            found += [(node.lineno, what) for what in _impure_call(node)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def _impure_call(call: ast.Call) -> list[str]:
    function = call.func
    if isinstance(function, ast.Name) and function.id in {"open", "input", "print"}:
        return [f"{function.id}()"]
    if isinstance(function, ast.Attribute):
        if function.attr in FILE_METHODS:
            return [f".{function.attr}()"]
        owner = function.value
        owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if function.attr in CLOCK_READINGS and owner_name in {"date", "datetime"}:
            return [f"{owner_name}.{function.attr}()"]
    return []


@pytest.mark.parametrize("module", pure_modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_core_module_is_pure(module: Path) -> None:
    assert impurities(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import asyncio", "1: import asyncio"),
        ("import os.path", "1: import os"),
        ("from time import sleep", "1: from time import"),
        ("from random import choice", "1: random.choice"),
        ("import random\nx = random.random()", "2: random.random"),
        ("from datetime import datetime\nx = datetime.now(tz)", "2: datetime.now()"),
        ("import datetime\nx = datetime.datetime.utcnow()", "2: datetime.utcnow()"),
        ("from datetime import date\nx = date.today()", "2: date.today()"),
        ("x = open('a')", "1: open()"),
        ("x = place.read_text()", "1: .read_text()"),
    ],
)
def test_impure_source_is_found(source: str, what: str) -> None:
    assert impurities(source) == [what]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime, time\nx = datetime(2026, 1, 1)\ny = time(9)",
        "from random import Random\nx = Random(7).random()",
        "def f(now): return now.date()",
        "from .times import now_of",
    ],
)
def test_pure_source_passes(source: str) -> None:
    assert impurities(source) == []
