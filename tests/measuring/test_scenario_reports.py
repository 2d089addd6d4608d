"""JUnit XML of conversation tests, and what they reach of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from tests.dialogue.harness import Talk, ask, catalogue, emergencies, fills, policy

from donghaeng.conversation.scenario_runner import Exchange, Verdict
from donghaeng.dialogue.events import to_record
from donghaeng.dialogue.policy import Policy
from donghaeng.errors import InputError
from donghaeng.measuring.junit import Run, write_junit
from donghaeng.measuring.scenario_coverage import cover, reached, table
from donghaeng.understanding.acts import Act, ActKind


def _verdict(name: str, why: str | None = None) -> Verdict:
    verdict = Verdict(name, seconds=0.25, greeting={"say": "안녕하세요."})
    verdict.exchanges.append(Exchange(1, "버스\x00 <b>&", {"say": "네."}))
    if why is not None:
        verdict.fail(1, why)
    return verdict


def test_each_run_is_a_case_and_each_service_a_suite(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "j.xml"
    runs = [
        Run("weather", _verdict("하나")),
        Run("weather", _verdict("둘", "say: expected 'a', got \x07"), 2, repeated=True),
        Run("bus_arrival", _verdict("셋")),
    ]
    write_junit(file, runs)
    root = ElementTree.parse(file).getroot()
    assert (root.get("tests"), root.get("failures"), root.get("time")) == ("3", "1", "0.750")
    assert [suite.get("name") for suite in root] == ["weather", "bus_arrival"]
    failed = root[0][1]
    assert (failed.get("classname"), failed.get("name")) == ("weather", "둘 (run 2)")
    failure = failed.find("failure")
    assert failure.get("message") == "turn 1: say: expected 'a', got �"
    assert "citizen  버스� <b>&" in failure.text
    assert "passed: 하나" in root[0][0].find("system-out").text


def test_a_file_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_junit(tmp_path, [])


def _played(talk: Talk) -> Verdict:
    rows = [to_record(event) for event in talk.events]
    shown = [{"event": kind, "kind": kind} | public | private for kind, public, private in rows]
    return Verdict("한 번", transcript={"events": shown})


def _talk() -> Talk:
    talk = Talk()
    talk.asks("bulky_waste")
    talk.says(ActKind.UNCLEAR)
    talk.fills(item="소파")
    talk.says(ActKind.DONT_KNOW)
    talk.asks("weather")
    talk.does(
        Act(ActKind.FILL, slots=fills({"address": "가", "date": "2026-12-01", "phone": "010-1234-5678"}))
    )
    talk.says(ActKind.CONFIRM)
    talk.says(ActKind.EMERGENCY, "fire")
    return talk


def test_events_tell_what_was_reached() -> None:
    found = reached(catalogue(), _played(_talk()))
    assert found.prompts == {
        "bulky_waste.item.first",
        "bulky_waste.item.again",
        "bulky_waste.address.first",
        "bulky_waste.address.again",
        "bulky_waste.address.help",
        "bulky_waste.confirm",
        "bulky_waste.reply.ok",
        "weather.reply.ok",
    }
    assert {"bulky_waste.item", "bulky_waste.phone", "weather.date"} <= found.slots
    assert {"again", "help", "digression", "emergency", "unclear"} <= found.repairs
    assert "undo" not in found.repairs
    assert found.emergencies == {"fire"}
    assert {"sorry", "back_to"} <= found.phrases
    assert {"ask", "fill", "confirm"} <= found.acts


def test_what_was_never_reached_is_named() -> None:
    rules: Policy = policy()
    verdicts = [_played(_talk()), Verdict("ohne Abschrift")]
    found: dict[str, Any] = cover(catalogue(), rules.phrases, emergencies(), verdicts, ["bulky_waste"])
    assert found["services"] == {"all": 1, "reached": 0, "never": ["bulky_waste"]}
    assert "bulky_waste.phone.again" in found["prompts"]["never"]
    assert "bulky_waste.confirm" not in found["prompts"]["never"]
    assert not [name for name in found["prompts"]["never"] if not name.startswith("bulky_waste.")]
    assert "guess_two" in found["phrases"]["never"]
    lines = table(found)
    assert any(line.startswith("prompts") for line in lines)
    assert any(line.startswith("  bulky_waste: ") and "phone.again" in line for line in lines)


def test_empty_and_failed_answers_are_told_apart() -> None:
    from tests.dialogue.harness import comes_to

    from donghaeng.dialogue.effects import OutcomeKind

    for kind, name in ((OutcomeKind.EMPTY, "empty"), (OutcomeKind.FAILED, "failed")):
        talk = Talk(comes_to(kind))
        talk.does(ask("weather"))
        found = reached(catalogue(), _played(talk))
        assert f"weather.reply.{name}" in found.prompts
        assert name in found.repairs
