"""Learners' records on both databases: nothing twice, nothing lost; and from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import IntegrityError
from tests import postgres
from tests.store.several import opened

from donghaeng.cli.learning import learning
from donghaeng.errors import StoreError
from donghaeng.settings import load_settings
from donghaeng.store import Store, learner_projects, learners, staff
from donghaeng.store.learner_projects import ProjectRow
from donghaeng.store.learners import Entry
from donghaeng.store.staff import StaffRow
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import make_sealer

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TOGETHER = 8


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.databases)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Store]]:
    """One for each of several processes."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path}/a.db")
        return
    with postgres.fresh() as made:
        yield from opened(made)


def test_of_many_who_change_a_plan_at_once_one_comes_first(stores: list[Store]) -> None:
    def first(number: int) -> bool:
        return stores[number % 4].run(lambda tx: learners.put_plan(tx, "s_1", {"n": number}, NOW, after=0))

    def second(number: int) -> bool:
        return stores[number % 4].run(lambda tx: learners.put_plan(tx, "s_1", {"n": number}, NOW, after=1))

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sum(pool.map(first, range(TOGETHER))) == 1
        done = list(pool.map(second, range(TOGETHER)))
    assert sum(done) == 1
    plan = stores[0].look(lambda tx: learners.plan_of(tx, "s_1"))
    assert plan is not None
    assert (plan.version, plan.told) == (2, {"n": done.index(True)})


def test_what_is_passed_twice_at_once_is_kept_once_and_first_tries_are_all_counted(
    stores: list[Store],
) -> None:
    def passed(number: int) -> bool:
        entry = Entry("quiz", "ai_limits", 1, NOW, None, {"title": "강의"})
        return stores[number % 4].run(lambda tx: learners.add(tx, "s_1", entry))

    def tried(number: int) -> None:
        stores[number % 4].run(lambda tx: learners.count_answers(tx, "ai_limits", 1, "1,2,-"))

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sum(pool.map(passed, range(TOGETHER))) == 1
        list(pool.map(tried, range(20)))
    assert stores[0].look(lambda tx: learners.answers_of(tx, "ai_limits", 1)) == [("1,2,-", 20)]
    assert stores[0].look(learners.everybody) == ["s_1"]


def test_of_two_reviewers_one_judges_and_the_database_refuses_the_author(stores: list[Store]) -> None:
    row = ProjectRow("p_1", 1, "s_1", "waiting", NOW, "제목", "내용")
    assert stores[0].run(lambda tx: learner_projects.hand_in(tx, row))

    def judged(number: int) -> bool:
        return stores[number % 4].run(
            lambda tx: learner_projects.judge(
                tx, row, reviewer=f"s_{number + 2}", state="passed", review={"by": number}, at=NOW
            )
        )

    with pytest.raises((StoreError, IntegrityError)):
        stores[0].run(
            lambda tx: learner_projects.judge(tx, row, reviewer="s_1", state="passed", review={}, at=NOW)
        )
    with ThreadPoolExecutor(TOGETHER) as pool:
        done = list(pool.map(judged, range(TOGETHER)))
    assert sum(done) == 1
    (kept,) = stores[0].look(lambda tx: learner_projects.versions(tx, "p_1"))
    assert kept.review == {"by": done.index(True)}


# The command line


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account that has passed a lesson."""
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    settings = load_settings()
    row = StaffRow("s_1", "kim", "김상담", Role.OFFICIAL, "x", NOW, NOW)
    with Store.open(settings.database_url, make_sealer(None, settings.data)) as store:
        store.run(lambda tx: staff.add(tx, row))
        entry = Entry("quiz", "ai_limits", 1, NOW, None, {"title": "인공지능은 왜 그럴듯하게 틀릴까요"})
        store.run(lambda tx: learners.add(tx, "s_1", entry))
    return "kim"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(learning, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_records_are_exported_without_names_and_erased(account: str, tmp_path: Path) -> None:
    out = tmp_path / "statements.json"
    run("export", "--xapi", "--home", "https://desk.city.example", "--out", str(out))
    (told,) = json.loads(out.read_text("utf-8"))
    assert told["verb"]["id"].endswith("/passed")
    assert "kim" not in out.read_text("utf-8")
    again = json.loads(run("export", "--xapi", "--home", "https://desk.city.example", "--account", account))
    assert [one["id"] for one in again] == [told["id"]]
    newer = run("export", "--xapi", "--home", "https://desk.city.example", "--version", "2.0.0")
    assert json.loads(newer)[0]["version"] == "2.0.0"
    assert json.loads(run("export", "--account", account))["records"][0]["what"] == "ai_limits"
    assert run("erase", account, "--yes") == "1 records erased\n"
    assert json.loads(run("export", "--account", account))["records"] == []


@pytest.mark.parametrize(
    "wrong",
    [("export",), ("export", "--xapi"), ("export", "--account", "nobody"), ("erase", "nobody", "--yes")],
)
def test_what_cannot_be_exported_is_said(account: str, wrong: tuple[str, ...]) -> None:
    result = CliRunner().invoke(learning, list(wrong))
    assert result.exception is not None
    assert getattr(result.exception, "exit_status", None) == 2
