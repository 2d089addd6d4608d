"""`donghaeng incidents`: an incident from the report to its end, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.test_tower import data as data  # noqa: PLC0414  the process with a service in it

from donghaeng.app.records import open_store
from donghaeng.cli.incidents import incidents
from donghaeng.errors import DonghaengError
from donghaeng.settings import load_settings
from donghaeng.store import leaks


def run(*words: str) -> str:
    done: Result = CliRunner().invoke(incidents, words, catch_exceptions=True)
    if done.exception is not None:
        raise done.exception
    return done.output


def refused(*words: str) -> str:
    with pytest.raises(DonghaengError) as caught:
        run(*words)
    return str(caught.value)


def the_only_one(*more: str) -> dict:
    return json.loads(run("list", "--json", *more))


def report(*more: str) -> str:
    run(
        "report",
        "service/weather",
        "--title",
        "틀린 날씨",
        "--severity",
        "3",
        "--words",
        "비가 왔어요",
        *more,
    )
    return str(the_only_one()["id"])


def test_from_the_report_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    name = report()
    assert the_only_one()["lacking"] == ["맡은 사람", "고친 것의 주소", "배운 것"]
    run("own", name, "날씨팀")
    run("note", name, "자료가 늦었어요")
    run("mend", name, "https://git.example/7", "--words", "시각을 봐요")
    run("learn", name, "예보 시각을 말해요")
    run("grade", name, "2", "--why", "적은 분이 들었어요")
    assert "다른 사람" in refused("close", name)
    assert "다른 사람" in refused("publish", name, "잘못 알려 드렸어요")
    monkeypatch.setenv("USER", "park")
    assert "park" in run("publish", name, "잘못 알려 드렸어요")
    assert "(closed)" in run("close", name)
    assert json.loads(run("show", name, "--json"))["public"] == "잘못 알려 드렸어요"
    assert run("list", "--open", "--json") == ""
    assert "(closed)" not in run("reopen", name, "--why", "또 났어요")
    run("publish", name, "--back", "다시 살펴요")
    assert the_only_one()["public"] is None


def test_a_leak_starts_its_clock_and_the_hour_reminds(data: Path) -> None:
    name = report("--leak", "--known", "2026-11-23T10:00", "--persons", "3")
    with open_store(load_settings()) as store:
        (clock,) = store.look(leaks.every)
    assert the_only_one()["leak"] == clock.id
    assert run("remind").startswith(("0", "1", "2"))
    assert name in run("show", name)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "inc_none"), "그런 일이 없어요"),
        (("report", "service/none", "--title", "a", "--severity", "1", "--words", "b"), "그런 대상이 없어요"),
        (("report", "spell/x", "--title", "a", "--severity", "1", "--words", "b"), "그런 대상이 없어요"),
        (("report", "service/weather", "--title", "a", "--severity", "9", "--words", "b"), "얼마나 무거운지"),
        (
            ("report", "service/weather", "--title", "a", "--severity", "1", "--words", "b", "--on", "내일"),
            "no day",
        ),
        (
            (
                "report", "service/weather", "--title", "a", "--severity", "1", "--words", "b", "--leak",
                "--known", "어제",
            ),
            "no moment",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_plainly(words: tuple[str, ...], why: str) -> None:
    assert why in refused(*words)
