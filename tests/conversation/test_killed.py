"""A whole process is killed (SIGKILL) while it confirms a write; another one goes on with its database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT
from tests.conversation.killed import POINTS, world_in
from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import PLACES, ScriptedClock
from tests.databases import standing_for

from donghaeng.conversation.door import Said
from donghaeng.sandbox.inside import InsideCity
from donghaeng.store import outbox, requests

RECEIPT = "SEL-261123-0001"


def at(folder: Path) -> str:
    """The address of the folder's database."""
    return standing_for(f"sqlite:///{folder / 'donghaeng.db'}")


def killed_at(folder: Path, point: str) -> tuple[str, str]:
    """The conversation and token of a process that was killed at a point of its write."""
    command = [sys.executable, "-m", "tests.conversation.killed", str(folder), point, at(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        conversation, token = process.stdout.readline().split()
        reached = process.stdout.readline().strip()
        process.kill()
    assert reached == "here"
    return conversation, token


@pytest.mark.parametrize("point", POINTS)
async def test_a_killed_process_leaves_one_request_that_is_told(tmp_path: Path, point: str) -> None:
    whose = killed_at(tmp_path, point)
    store, sandbox = world_in(tmp_path, at(tmp_path))
    assert len(sandbox.ledger.entries()) <= 1
    runtime = runtime_on(store, InsideCity(sandbox, PLACES), ScriptedClock(), owner="new")
    await runtime._carrier.release_dead()
    await runtime.send_waiting()
    told = await runtime.turn(*whose, Said(text="confirm"), idempotency_key="yes")
    if RECEIPT not in told.show.text:
        told = await runtime.resume(whose[1])
    assert RECEIPT in told.show.text
    assert [entry.receipt for entry in sandbox.ledger.entries()] == [RECEIPT]
    assert store.look(outbox.pending) == []
    made = store.look(lambda tx: requests.of_conversation(tx, whose[0]))
    assert [one.receipt for one in made] == [RECEIPT]
    store.close()
    sandbox.ledger.close()
