"""The command line as its users meet it: help, exit status, one line for what is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from donghaeng.cli import main
from donghaeng.errors import InputError

CHECKOUT = Path(__file__).resolve().parents[2]
COMMANDS = ["serve", "chat", "call", "talk", "services", "places", "mcp", "sandbox"]
COMMANDS += ["eval", "bench", "doctor", "settings"]
PROGRAM = Path(sys.executable).parent / "donghaeng"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", **environment},
        cwd="/tmp",
        check=False,
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "catalogue", tmp_path / "catalogue"))


def test_help_names_every_command_of_the_contract() -> None:
    shown = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command}" in shown


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["serve", "--port", "x"], ["services", "show"], ["places", "import"]]
)
def test_wrong_usage_leaves_with_two(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Usage" in done.stderr


@pytest.mark.parametrize(
    ("leaving", "status"),
    [
        (lambda ctx: ctx.exit(1), 1),
        (lambda ctx: ctx.exit(0), 0),
        (lambda ctx: ctx.exit(3), 3),
        (lambda ctx: None, 0),
        (lambda ctx: _raise(click.exceptions.Exit(4)), 4),
        (lambda ctx: _raise(click.Abort()), 130),
        (lambda ctx: _raise(InputError("no such thing")), 2),
        (lambda ctx: _raise(BrokenPipeError()), 0),
    ],
)
def test_the_status_that_a_command_leaves_with_is_the_programs(
    leaving: Callable[[click.Context], None], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    @click.pass_context
    def command(ctx: click.Context) -> None:
        leaving(ctx)

    module = ModuleType("leaving")
    module.leaving = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "donghaeng.cli.leaving", module)
    monkeypatch.setitem(main._COMMANDS, "leaving", ("leaving", "leaves"))
    monkeypatch.setattr(sys, "argv", ["donghaeng", "leaving"])
    monkeypatch.setattr("donghaeng.trust.logging.set_up_logging", lambda level: None)
    found = 0
    try:
        main.main()
    except SystemExit as left:
        found = int(left.code or 0)
    assert found == status


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["services", "show", "teleport"], "no service 'teleport'; one of: air_quality"),
        (["places", "import", "/tmp/no-such-table.csv"], "no such file"),
        (["chat", "--now", "yesterday"], "is no time"),
        (["call", "/tmp/no-such-sound.wav"], "no-such-sound.wav"),
    ],
)
def test_bad_input_is_one_line_and_leaves_with_two(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_impossible_setting_is_named() -> None:
    done = run("settings", DONGHAENG_RATE_LIMIT="off")
    assert done.returncode == 2
    assert "DONGHAENG_RATE_LIMIT=off" in done.stderr


def test_settings_lists_all_and_shows_no_secret() -> None:
    done = run("settings", DONGHAENG_SEOUL_OPENAPI_KEY="tell-nobody", COLUMNS="200")
    assert done.returncode == 0
    assert "DONGHAENG_ALLOW_TEST_CLOCK" in done.stdout
    assert "tell-nobody" not in done.stdout


def test_the_shipped_catalogue_is_in_order() -> None:
    done = run("services", "check")
    assert done.returncode == 0
    assert all(line.startswith("warning: ") for line in done.stderr.splitlines())
    assert "42 services are in order" in done.stdout


def test_a_wrong_service_file_is_named_with_its_line(catalogue: Path) -> None:
    file = catalogue / "services" / "weather" / "service.yaml"
    file.write_text(file.read_text("utf-8").replace("weather.day", "weather.week"), "utf-8")
    done = run("services", "check", DONGHAENG_CATALOGUE=str(catalogue))
    line = file.read_text("utf-8").splitlines().index("  operation: weather.week") + 1
    assert done.returncode == 2
    assert f"{file}:{line}: unknown operation 'weather.week'; one of: " in done.stderr


def test_an_example_that_another_service_has_is_a_warning(catalogue: Path) -> None:
    file = catalogue / "services" / "weather" / "service.yaml"
    lines = file.read_text("utf-8").splitlines()
    place = lines.index("examples:") + 1
    lines[place] = "  - 지금 미세먼지 어때요?"
    file.write_text("\n".join(lines), "utf-8")
    done = run("services", "check", "weather", DONGHAENG_CATALOGUE=str(catalogue))
    assert done.returncode == 0
    assert f"warning: {file}:{place + 1}: example '지금 미세먼지 어때요?' is also" in done.stderr
    assert "air_quality; keep it in one of the two services" in done.stderr
    assert "1 service is in order, " in done.stdout
    strict = run("services", "check", "--strict", "weather", DONGHAENG_CATALOGUE=str(catalogue))
    assert strict.returncode == 2
    assert "findings; mend the lines above" in strict.stderr


def test_a_wrong_table_of_dialects_is_an_error(catalogue: Path) -> None:
    file = catalogue / "lexicon" / "dialect.yaml"
    file.write_text("regions:\n  busan:\n    name: 부산\n    endings: {yo: [예]}\n", "utf-8")
    done = run("services", "check", DONGHAENG_CATALOGUE=str(catalogue))
    assert done.returncode == 2
    assert f"{file}:4: regions.busan.endings.yo: 'yo' is no ending" in done.stderr


def test_a_service_is_shown_with_its_slots() -> None:
    done = run("services", "show", "bulky_waste")
    assert done.returncode == 0
    assert '"lexicon": "bulky_items"' in done.stdout
