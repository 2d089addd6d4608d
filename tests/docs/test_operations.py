"""The commands of the page on operations are run as they stand there, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from tests import postgres
from tests.docs.following import CHECKOUT

PAGE = CHECKOUT / "docs" / "operations.md"
TESTED = re.compile(r"\(\*tested\*\):\n\n```(?:sh|sql)\n(.*?)^```$", re.M | re.S)
PASSWORD = "비 오는 날의 우산 하나"
SECRET = "a long random password"


def blocks() -> list[str]:
    found = TESTED.findall(PAGE.read_text(encoding="utf-8"))
    # Running every engine is the doctor's own test; that the records open is what matters here.
    return [one.replace("donghaeng doctor", "donghaeng staff list --json") for one in found]


class Machine:
    """A machine with a data folder, as the page has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("data", "backup", "safe"):
            (folder / name).mkdir()

    def run(self, commands: str, given: str = "", **settings: str) -> str:
        commands = commands.replace("/backup/", f"{self.folder}/backup/").replace(
            "/safe/", f"{self.folder}/safe/"
        )
        path = f"{Path(sys.executable).parent}:{postgres.binaries()}:{os.environ['PATH']}"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DONGHAENG_")},
            "PATH": path,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DONGHAENG_DATA": str(self.folder / "data"),
            **settings,
        }
        done = subprocess.run(
            ["sh", "-e", "-c", commands],
            cwd=self.folder,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        assert SECRET not in done.stdout + done.stderr
        return done.stdout

    def add(self, name: str, **settings: str) -> None:
        self.run(
            f"donghaeng staff add {name} --role admin --password-stdin", given=f"{PASSWORD}\n", **settings
        )


@pytest.mark.databases
@pytest.mark.system
@pytest.mark.timeout(240)
def test_every_tested_step_works(tmp_path: Path, postgresql_server: postgres.Server) -> None:
    create, copy, back_up, restore, dump, undump = blocks()
    machine = Machine(tmp_path)
    machine.add("first")

    machine.run(back_up)
    machine.add("second")
    assert "second" in machine.run("donghaeng staff list --json")
    restored = machine.run(restore)
    assert '"first"' in restored
    assert '"second"' not in restored

    for statement in create.strip().split("\n"):
        postgresql_server.execute(statement)
    address = postgresql_server.address("donghaeng", user="donghaeng", password=quote(SECRET))
    copied = machine.run(copy.replace("postgresql://…", address))
    assert "tables are in postgresql" in copied
    assert '"first"' in copied
    machine.add("third", DONGHAENG_DATABASE=address)

    machine.run(dump, LIBPQ_ADDRESS=address)
    postgresql_server.execute("CREATE DATABASE anew OWNER donghaeng TEMPLATE template0")
    anew = address.replace("/donghaeng?", "/anew?")
    told = machine.run(undump, LIBPQ_ADDRESS_OF_NEW=anew, DONGHAENG_DATABASE=anew)
    assert '"third"' in told
    machine.add("fourth", DONGHAENG_DATABASE=anew)
