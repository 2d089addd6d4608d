"""What the runbooks, alerts and the doctor say exists: commands, options, figures, pages."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML
from tests.docs.following import CHECKOUT

from donghaeng.cli.finding import GUIDES
from donghaeng.cli.main import cli
from donghaeng.web.figures import Figures

RUNBOOKS = CHECKOUT / "docs" / "runbooks"
PAGES = sorted(RUNBOOKS.glob("*.md"))
ALERTS = YAML(typ="safe").load((RUNBOOKS / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
OPERATIONS = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
WANTED = {"turn-it-off", "provider-down", "database-gone", "disk-full", "leak", "restore", "voice-slow"}
SUFFIXES = ("_total", "_bucket", "_sum", "_count", "_info")


def commands_of(text: str) -> list[str]:
    """Each `donghaeng …` of a page: lines of its blocks, and words set as code."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(donghaeng [^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [one for one in [*lines, *inline] if one.startswith("donghaeng ")]


def parse(line: str) -> None:
    """Fail where the program has no such command or option."""
    _, *words = shlex.split(line, comments=True)
    command: click.Command = cli
    context = click.Context(cli, info_name="donghaeng")
    while isinstance(command, click.Group):
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{line}: no command {name}"
        command, context = found, click.Context(found, info_name=name, parent=context)
    command.make_context("x", words, parent=context.parent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_runbook_is_one_of_the_program(page: Path) -> None:
    for line in commands_of(page.read_text(encoding="utf-8")):
        parse(line)


@pytest.mark.parametrize("line", ["donghaeng offf", "donghaeng off --why x", "donghaeng leak shut a"])
def test_a_command_that_is_none_is_found(line: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        parse(line)


def test_there_is_a_runbook_for_everything_that_is_to_be_expected() -> None:
    assert {page.stem for page in PAGES} == WANTED | {"README"}
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 60, f"{page.name} is not short"
        assert page.stem == "README" or f"({page.name})" in index
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"
    assert all(commands_of((RUNBOOKS / f"{one}.md").read_text(encoding="utf-8")) for one in WANTED)


def names_of_figures() -> set[str]:
    return {family.name for family in Figures().registry.collect()}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_a_figure_that_there_is_and_names_a_runbook(rule: dict) -> None:
    known = names_of_figures()
    asked = set(re.findall(r"\bdonghaeng_\w+", rule["expr"]))
    assert asked or "up{" in rule["expr"]
    for name in asked:
        base = next((name.removesuffix(one) for one in SUFFIXES if name.removesuffix(one) in known), name)
        assert base in known, name
    assert (CHECKOUT / rule["annotations"]["runbook"]).is_file()
    assert rule["annotations"]["summary"]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("part", sorted(GUIDES))
def test_a_part_of_the_doctor_has_a_page(part: str) -> None:
    path, _, anchor = GUIDES[part].partition("#")
    assert (CHECKOUT / path).is_file()
    assert not anchor or anchor in anchors(CHECKOUT / path)


def test_every_finding_of_the_doctor_has_a_page_and_every_bad_one_a_remedy() -> None:
    parts: set[str] = set()
    for file in (CHECKOUT / "src/donghaeng/cli").glob("doctor*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Finding":
                continue
            part, state = call.args[0], call.args[1]
            if isinstance(part, ast.Constant):
                parts.add(str(part.value))
            if isinstance(state, ast.Constant) and state.value != "ok":
                remedy = call.args[3:4] or [one.value for one in call.keywords if one.arg == "remedy"]
                assert remedy, f"{file.name}:{call.lineno}"
                assert not (isinstance(remedy[0], ast.Constant) and remedy[0].value is None)
    assert {"database", "backup", "incidents", "traces", "data folder"} <= parts
    assert parts <= set(GUIDES)


def test_what_the_status_page_points_to_is_there() -> None:
    words = (CHECKOUT / "src/donghaeng/web/console/status_words.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"([a-z-]+\.md)"', words))
    assert len(named) >= 6
    assert {name for name in named if not (RUNBOOKS / name).is_file()} == set()


def test_operations_lists_every_figure_with_its_labels() -> None:
    figures = Figures()
    rows = {
        f"| `{collector._name}` | {', '.join(collector._labelnames) or '-'} | {collector._documentation} |"
        for collector in figures.registry._collector_to_names
    }
    listed = set(re.findall(r"^\| `donghaeng_\w+` \|.*\|$", OPERATIONS, re.M))
    assert listed == rows, "\n".join(sorted(rows))
