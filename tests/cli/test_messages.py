"""`donghaeng messages list`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from donghaeng.app.records import open_store
from donghaeng.cli.messages import messages as command
from donghaeng.settings import load_settings
from donghaeng.store import conversations, messages
from donghaeng.store.messages import MessageRow

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    settings = load_settings()
    text = "[서울시 동행] 010-1234-5678 접수번호 SEL-1."
    with open_store(settings) as store:
        talk = conversations.Conversation("c_1", "phone", NOW, "v1")
        store.run(lambda tx: conversations.add(tx, talk, "token"))
        for key, state in (("m_1", "pending"), ("m_2", "failed")):
            row = MessageRow(key, "c_1", "accepted", "bulky_waste", "010-1234-5678", text, NOW, NOW, state)
            store.run(lambda tx, row=row: messages.add(tx, row))
    return tmp_path


def test_messages_are_listed_without_their_numbers(folder: Path) -> None:
    shown = CliRunner().invoke(command, ["list"], catch_exceptions=False)
    assert shown.exit_code == 0
    assert "1234" not in shown.output
    for part in ("010-****-5678", "pending", "failed", "bulky_waste"):
        assert part in shown.output


def test_they_can_be_sifted_and_read_by_programs(folder: Path) -> None:
    shown = CliRunner().invoke(command, ["list", "--state", "failed", "--json"], catch_exceptions=False)
    (entry,) = [json.loads(line) for line in shown.output.splitlines()]
    assert (entry["state"], entry["to"], entry["kind"]) == ("failed", "010-****-5678", "accepted")
    assert "1234" not in entry["text"]


def test_a_state_that_does_not_exist_is_refused(folder: Path) -> None:
    assert CliRunner().invoke(command, ["list", "--state", "lost"]).exit_code == 2
