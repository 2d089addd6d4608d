"""`donghaeng privacy …` on a database of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from tests.databases import drop_trigger

from donghaeng.cli.privacy import privacy
from donghaeng.errors import InputError
from donghaeng.settings import load_settings
from donghaeng.store import Store, accesses, conversations, requests
from donghaeng.store.accesses import AccessRow
from donghaeng.store.conversations import Conversation
from donghaeng.store.requests import Request
from donghaeng.trust.sealing import make_sealer

THEN = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
RECEIPT = "DH/SEL-20180301-0001"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    with open_store() as store:
        store.run(lambda tx: conversations.add(tx, Conversation("c_1", "web", THEN, "v1"), "token"))
        store.run(lambda tx: requests.add(tx, Request("c_1", RECEIPT, "road", {"phone": "010-1"}, THEN)))
    return tmp_path


def open_store() -> Store:
    settings = load_settings()
    return Store.open(settings.database_url, make_sealer(None, settings.data))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(privacy, list(arguments), catch_exceptions=False)


def test_what_is_due_is_counted_then_destroyed_and_told_in_the_ledger(data: Path) -> None:
    def counts(*more: str) -> dict[str, int]:
        lines = [json.loads(line) for line in run("retain", "--json", *more).stdout.splitlines()]
        return {line["kind"]: line["count"] for line in lines if line["count"]}

    assert counts("--dry-run") == {"conversations": 1}
    assert counts() == {"conversations": 1}
    assert counts() == {}
    (line,) = [json.loads(line) for line in run("ledger").stdout.splitlines()]
    assert (line["rule"], line["count"], line["reason"]) == ("conversations", 1, "expired")
    assert "conversations" in run("retain").stdout


def test_a_copy_goes_into_a_new_file_of_the_owner_alone(data: Path) -> None:
    out = data / "copy.json"
    assert run("export", RECEIPT, "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    (copy,) = json.loads(out.read_text("utf-8"))
    assert copy["requests"][0]["receipt"] == RECEIPT
    with pytest.raises(InputError, match="File exists"):
        run("export", RECEIPT, "--out", str(out))
    assert json.loads(run("export", "c_1").stdout)[0]["conversation"]["id"] == "c_1"


def test_an_erasure_is_asked_for_twice_and_names_what_stays(data: Path) -> None:
    refused = CliRunner().invoke(privacy, ["erase", RECEIPT], input="n\n")
    assert refused.exit_code != 0
    told = run("erase", RECEIPT, "--yes").stdout
    assert "제8조" in told
    with open_store() as store:
        assert store.look(lambda tx: requests.by_receipt(tx, RECEIPT)) == []


def test_verify_names_the_first_broken_line_and_leaves_with_1(data: Path) -> None:
    row = AccessRow(THEN, "kim", "203.0.113.7", "c_1", "open_case", "handover")
    with open_store() as store:
        for _ in range(3):
            store.run(lambda tx: accesses.note(tx, row))
    assert run("verify").exit_code == 0
    with open_store() as store:
        store.run(lambda tx: drop_trigger(tx, "accesses", "accesses_stay"))
        store.run(lambda tx: tx.connection.execute(text("UPDATE accesses SET address = 'x' WHERE id = 2")))
    broken = run("verify")
    assert broken.exit_code == 1
    assert "accesses: line 2 does not hold" in broken.stdout
    assert json.loads(run("verify", "--json").stdout.splitlines()[0])["broken"] == 2
