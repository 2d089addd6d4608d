"""`donghaeng vault …` and what `doctor` says of the keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from donghaeng.app.records import open_store
from donghaeng.cli.doctor_records import vault_of_numbers
from donghaeng.cli.vault import vault
from donghaeng.errors import SettingsError
from donghaeng.settings import load_settings
from donghaeng.store import conversations
from donghaeng.store import vault as values
from donghaeng.store.conversations import Conversation

THEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OTHER_KEY = "b" * 64


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    with open_store(load_settings()) as store:
        store.run(lambda tx: conversations.add(tx, Conversation("c_1", "web", THEN, "v1"), "token"))
        for number in range(3):
            store.run(lambda tx, n=number: values.put(tx, f"010-0000-000{n}", "call", "c_1", THEN))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(vault, list(arguments), catch_exceptions=False)


def counts() -> list[int]:
    told = json.loads(run("status", "--json").stdout)
    assert not told["missing"]
    return list(told["keys"].values())


def test_a_rotation_takes_a_new_key_and_leaves_nothing_under_the_old(data: Path) -> None:
    assert counts() == [3]
    assert "3 values are under key" in run("rotate").stdout
    assert counts() == [3, 0]
    assert vault_of_numbers(load_settings()).state == "ok"


def test_keys_from_a_setting_are_rotated_after_they_were_changed_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = (data / "vault.keys").read_text().strip()
    monkeypatch.setenv("DONGHAENG_VAULT_KEYS", old)
    with pytest.raises(SettingsError, match="no key is made in a setting"):
        run("rotate")
    monkeypatch.setenv("DONGHAENG_VAULT_KEYS", f"{OTHER_KEY},{old}")
    finding = vault_of_numbers(load_settings())
    assert (finding.state, finding.remedy) == ("absent", "donghaeng vault rotate")
    run("rotate")
    assert counts() == [3, 0]


def test_a_lost_key_and_one_that_others_read_are_named_with_their_remedy(data: Path) -> None:
    file = data / "vault.keys"
    kept = file.read_text()
    file.unlink()
    finding = vault_of_numbers(load_settings())
    assert (finding.state, "3 under" in finding.detail) == ("broken", True)
    assert "give the key back" in str(finding.remedy)
    shown = run("status")
    assert (shown.exit_code, "3 values cannot be read" in shown.stdout) == (1, True)
    assert shown.stdout.startswith("telephone numbers, in the vault\n")
    file.write_text(file.read_text() + kept)
    assert vault_of_numbers(load_settings()).state == "absent"
    file.chmod(0o644)
    finding = vault_of_numbers(load_settings())
    assert (finding.state, finding.remedy) == ("broken", f"chmod 600 {file}")
