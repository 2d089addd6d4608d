"""`donghaeng tower` as its users call it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from donghaeng.cli import bench_tower
from donghaeng.cli.bench import bench
from donghaeng.cli.tower import tower
from donghaeng.errors import InputError
from donghaeng.measuring import tower_figures
from donghaeng.store import Store, conversations, events
from donghaeng.tower.figures.definitions import Definitions, load_definitions
from donghaeng.trust.sealing import make_sealer


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(tower, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_a_months_report_counts_what_no_server_has_counted_yet(data: Path) -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    with Store.open(f"sqlite:///{data}/donghaeng.db", make_sealer(None, data)) as store:
        talk = conversations.Conversation("c_1", "web", at, "v1")
        store.run(lambda tx: conversations.add(tx, talk, "token"))
        opened = events.Event(0, "ConversationOpened", at, {"known_again": False})
        store.run(lambda tx: events.append(tx, "c_1", 0, [opened]))
    out = run("report", "2026-11", "--out", str(data / "reports"))
    assert out.split() == [str(data / "reports" / f"donghaeng-2026-11.{kind}") for kind in ("pdf", "hwpx")]
    assert (data / "reports" / "donghaeng-2026-11.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(InputError, match="no month"):
        run("report", "November")


def test_systems_are_let_report_and_stopped(data: Path) -> None:
    token = run("feed", "add", "parking", "--name", "주차 안내", "--every", "60").strip()
    assert len(token) == 64
    assert "parking" in run("feed", "list")
    run("feed", "stop", "parking")
    assert "stopped" in run("feed", "list")
    for wrong in (["feed", "stop", "nobody"], ["feed", "add", "Par king", "--name", "x"]):
        with pytest.raises(InputError):
            run(*wrong)


def test_the_bench_counts_every_event_and_times_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def few(catalogue: Path) -> Definitions:
        found = load_definitions(catalogue)
        return found.model_copy(update={"metrics": found.metrics[:1]})

    monkeypatch.setattr(bench_tower, "load_definitions", few)
    monkeypatch.setattr(tower_figures, "DAYS", 20)
    result = CliRunner().invoke(bench, ["tower", "--conversations", "100", "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    assert '"events_counted": 9' in result.stdout or '"events_counted": 10' in result.stdout
    assert '"slowest_page_s"' in result.stdout
