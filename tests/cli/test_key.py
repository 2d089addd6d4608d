"""`donghaeng key …`: from one key to the next, and out with the old."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from donghaeng.app.records import open_store
from donghaeng.cli.key import key
from donghaeng.errors import SettingsError, StoreError
from donghaeng.settings import load_settings
from donghaeng.store import machine_switch, staff
from donghaeng.store.machine_switch import SwitchRow
from donghaeng.store.staff import StaffRow
from donghaeng.trust.permissions import Role

THEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    with open_store(load_settings()) as store:
        for number in range(3):
            row = StaffRow(f"st_{number}", f"kim{number}", f"김상담{number}", Role.ADMIN, "", THEN, THEN)
            store.run(lambda tx, one=row: staff.add(tx, one))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(key, list(arguments), catch_exceptions=False)


def counts() -> list[tuple[int, int]]:
    """Of each key, the one in force first."""
    told = json.loads(run("status", "--json").stdout)
    return [(one["values"], one["only_added"]) for one in told["keys"].values()]


def names() -> list[str]:
    with open_store(load_settings()) as store:
        return [row.shown_name for row in store.look(staff.everyone)]


def test_a_new_key_seals_and_the_old_one_goes(data: Path) -> None:
    assert counts() == [(3, 0)]
    before = (data / "key").read_text("ascii").split()
    made = run("new")
    keys = (data / "key").read_text("ascii").split()
    assert keys[1:] == before
    assert not any(one in made.output for one in keys), "no key is shown"
    assert (data / "key").stat().st_mode & 0o777 == 0o600
    assert counts() == [(0, 0), (3, 0)]
    done = run("reseal")
    assert "3 values were sealed anew" in done.output
    assert "seals nothing any more" in done.output
    assert counts() == [(3, 0), (0, 0)]
    (data / "key").write_text(f"{keys[0]}\n", "ascii")
    assert names() == ["김상담0", "김상담1", "김상담2"]
    assert run("status").exit_code == 0


def test_a_key_of_records_that_are_only_added_stays(data: Path) -> None:
    with open_store(load_settings()) as store:
        row = SwitchRow(True, THEN, "st_1", "까닭")
        store.run(lambda tx: machine_switch.note(tx, row))
    run("new")
    told = run("reseal").output
    assert "stays: 1 values, 1 of them only added" in told
    keys = (data / "key").read_text("ascii").split()
    (data / "key").write_text(f"{keys[0]}\n", "ascii")
    with pytest.raises(StoreError, match="another key"):
        names()


def test_a_key_that_is_gone_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from donghaeng.store import store as module

    run("new")
    keys = (data / "key").read_text("ascii").split()
    (data / "key").write_text(f"{keys[0]}\n", "ascii")
    monkeypatch.setattr(module, "_check_keys", lambda tx: None)  # which refuses to open at all
    told = run("status")
    assert told.exit_code == 1
    assert "3 values cannot be read" in told.output
    assert told.output.startswith("what citizens said, in the records\n")


def test_no_key_is_made_in_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_KEY", "a" * 64)
    with pytest.raises(SettingsError, match="DONGHAENG_KEY"):
        run("new")
