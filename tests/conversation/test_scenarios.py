"""Reading conversation tests and playing them: whose words come next, and what fails a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from donghaeng.conversation.scenario_report import plain, report
from donghaeng.conversation.scenario_runner import MAX_TURNS, play
from donghaeng.conversation.scenarios import Scenario, read_scenarios
from donghaeng.errors import CatalogueError, ProviderTimeout

WRITE = {"service": "x", "arguments": {"a": "1"}}


class Script:
    """An agent that answers each utterance with the next reply of a list."""

    def __init__(self, *replies: dict[str, Any], writes: list[dict[str, Any]] | None = None) -> None:
        self.replies = list(replies)
        self.heard: list[str] = []
        self.accepted = writes or []
        self.stored = {"conversation": "비밀", "turns": [{"heard": "저장된 말", "digits": 470815}]}

    async def open(self, scenario: Scenario) -> dict[str, Any]:
        return reply(say="안녕하세요")

    async def say(self, before: dict[str, Any], text: str) -> dict[str, Any]:
        self.heard.append(text)
        return self.replies.pop(0) if self.replies else reply()

    async def writes(self, last: dict[str, Any]) -> list[dict[str, Any]]:
        return self.accepted

    async def transcript(self, last: dict[str, Any]) -> dict[str, Any]:
        return self.stored


def reply(**fields: Any) -> dict[str, Any]:
    return {
        "say": "네",
        "asks": None,
        "expects": "open",
        "handover": None,
        "ended": False,
        "slots": {},
        **fields,
    }


def scenario(*turns: Any, **more: Any) -> Scenario:
    steps = [{"citizen": turn} if isinstance(turn, str) else turn for turn in turns]
    return Scenario.model_validate({"scenario": "하나", "turns": steps, **more})


async def test_the_script_is_said_in_order_and_a_yes_closes_a_confirmation() -> None:
    agent = Script(reply(), reply(expects="confirm"), reply())
    verdict = await play(scenario("하나", "둘"), agent)
    assert verdict.passed
    assert agent.heard == ["하나", "둘", "네"]


async def test_scripted_answers_come_before_the_next_turn() -> None:
    agent = Script(reply(asks="phone", expects="slot"), reply(), reply())
    await play(scenario("하나", "둘", answers={"phone": "공일공"}), agent)
    assert agent.heard == ["하나", "공일공", "둘"]


@pytest.mark.parametrize(("expects", "heard"), [("slot", "공일공"), ("choice", "공일공"), ("open", "둘")])
async def test_a_scripted_answer_goes_before_a_turn_whenever_its_slot_is_asked(
    expects: str, heard: str
) -> None:
    agent = Script(reply(asks="phone", expects=expects), reply())
    turns = ["하나", {"citizen": "둘", "expect": {}}]
    await play(scenario(*turns, answers={"phone": "공일공"}), agent)
    assert agent.heard[1] == heard


async def test_a_confirmation_waits_for_the_turns_that_are_left() -> None:
    agent = Script(reply(expects="confirm"), reply(expects="confirm"), reply())
    await play(scenario("하나", "아니 둘", answers={"phone": "공일공"}), agent)
    assert agent.heard == ["하나", "아니 둘", "네"]


async def test_an_offer_of_a_person_is_not_answered_for_the_citizen() -> None:
    agent = Script(reply(expects="choice"))
    await play(scenario("하나"), agent)
    assert agent.heard == ["하나"]


async def test_an_expectation_is_judged_on_the_reply_to_that_very_turn() -> None:
    turn = {"citizen": "하나", "expect": {"service": "weather"}}
    verdict = await play(scenario("영", turn), Script(reply(), reply(service="bus_arrival")))
    assert (verdict.passed, verdict.failed_step) == (False, 2)
    assert "weather" in (verdict.why or "")


@pytest.mark.parametrize(
    ("last", "why"),
    [({"ended": True}, "never came"), ({"handover": {"state": "queued"}}, "never came")],
)
async def test_an_expectation_that_is_never_reached_fails(last: dict[str, Any], why: str) -> None:
    turn = {"citizen": "둘", "expect": {"service": "weather"}}
    verdict = await play(scenario("하나", turn), Script(reply(**last)))
    assert not verdict.passed
    assert why in (verdict.why or "")


async def test_a_call_back_does_not_end_the_talk() -> None:
    agent = Script(reply(handover={"state": "callback"}), reply())
    await play(scenario("하나", "둘"), agent)
    assert agent.heard == ["하나", "둘"]


async def test_a_conversation_that_goes_astray_is_stopped() -> None:
    agent = Script(*[reply(asks="phone", expects="slot") for _ in range(100)])
    await play(scenario("하나", answers={"phone": "공일공"}), agent)
    assert len(agent.heard) == MAX_TURNS


@pytest.mark.parametrize(
    ("end", "writes", "passes"),
    [
        ({}, [{"service": "x", "arguments": {}}], True),
        ({"calls": []}, [{"service": "x", "arguments": {}}], False),
        ({"calls": []}, [], True),
        (
            {"calls": [{"service": "x", "arguments": {"a": "1"}}]},
            [{"service": "x", "arguments": {"a": "1"}}],
            True,
        ),
        ({"calls": [{"service": "x"}]}, [{"service": "x", "arguments": {}}] * 2, False),
        ({"said": ["안녕"]}, [], True),
        ({"said": ["잘 가"]}, [], False),
        ({"calls": [{"service": "x", "outcome": "ok"}]}, [{"service": "x", "arguments": {}}], True),
        ({"calls": [{"service": "x", "cancelled": True}]}, [{"service": "x", "cancelled": False}], False),
        (
            {"calls": [{"service": "x"}, {"service": "x", "arguments": {"a": "1"}}]},
            [{"service": "x", "arguments": {"a": "1"}}, {"service": "x", "arguments": {"a": "2"}}],
            True,
        ),
        ({"said": ["!안녕"]}, [], False),
        ({"said": ["/안녕|잘 가/"]}, [], True),
        ({"never": ["저장된"]}, [], False),
        ({"never": ["470815"]}, [], False),
        ({"never": ["비밀"]}, [], True),
        ({"handover": True}, [], False),
        ({"handover": False}, [], True),
        ({"citations": [{"title": "쪽지"}]}, [], False),
        ({"citations": []}, [], True),
    ],
)
async def test_the_end_is_judged(end: dict[str, Any], writes: list[dict[str, Any]], passes: bool) -> None:
    verdict = await play(scenario("하나", end=end), Script(reply(), writes=writes))
    assert verdict.passed == passes


@pytest.mark.parametrize("asked_first", [True, False])
@pytest.mark.parametrize("title", ["쪽지", "딴 글"])
async def test_what_is_cited_counts_whether_it_was_asked_about_first_or_not(
    asked_first: bool, title: str
) -> None:
    asking = [reply(asks="passage", expects="choice")] if asked_first else []
    agent = Script(*asking, reply(citations=[{"id": "p", "title": title}]))
    told = {"answers": {"passage": "쪽지"}, "end": {"citations": [{"title": "쪽지"}]}}
    verdict = await play(scenario("어떻게 해요", **told), agent)
    assert verdict.passed == (title == "쪽지")
    assert agent.heard == (["어떻게 해요", "쪽지"] if asked_first else ["어떻게 해요"])


async def test_an_error_of_the_agent_is_a_failure_and_no_exception() -> None:
    agent = Script()

    async def broken(*_: Any) -> Any:
        raise ProviderTimeout("gateway", "no answer")

    agent.say = broken  # type: ignore[method-assign]
    verdict = await play(scenario("하나"), agent)
    assert not verdict.passed
    assert "ProviderTimeout" in (verdict.why or "")


async def test_every_difference_of_the_failed_turn_stands_beside_what_came() -> None:
    turn = {
        "citizen": "둘",
        "expect": {"service": "weather", "asks": "date", "slots": {"district": "마포구"}},
    }
    came = reply(service="bus_arrival", slots={"district": "노원구"}, asks="stop", expects="slot")
    verdict = await play(scenario("하나", turn, "셋"), Script(reply(), came))
    text = plain(report(verdict, "버스 / 하나", run=2))
    assert text.startswith("FAILED: 버스 / 하나 (run 2)")
    assert [word for word in ("안녕하세요", "citizen  하나", "citizen  둘", "셋") if word in text] == [
        "안녕하세요",
        "citizen  하나",
        "citizen  둘",
    ]
    for path, wanted, got in (
        ("service", "weather", "bus_arrival"),
        ("asks", "date", "stop"),
        ("slots.district", "마포구", "노원구"),
    ):
        line = next(line for line in text.splitlines() if f"✗ {path}:" in line)
        assert line.index(wanted) < line.index("│") < line.index(got)


async def test_a_long_difference_takes_two_lines() -> None:
    turn = {"citizen": "하나", "expect": {"say": ["접수번호는 일이삼사오육칠팔이고 화요일에 내놓으세요"]}}
    verdict = await play(scenario(turn), Script(reply()))
    text = plain(report(verdict, "긴"))
    assert "│" not in text
    assert "got '네'" in text.splitlines()[-2]


async def test_noise_distorts_what_is_said() -> None:
    agent = Script()
    await play(scenario("하나"), agent, noise=lambda text: text + "?")
    assert agent.heard == ["하나?"]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("scenario: a\nturns: []\n", 2, "turns"),
        ("scenario: a\ntruns:\n  - citizen: b\n", 2, "truns"),
        (
            "- scenario: a\n  turns: [{citizen: b}]\n- scenario: a\n  turns: [{citizen: b}]\n",
            3,
            "second scenario",
        ),
        ("- scenario: a\n  turns:\n    - citizen: b\n      expects: {}\n", 4, "expects"),
        ("- scenario: a\n  turns:\n    - citizen: b\n      expect: {ask: c}\n", 4, "ask: no field"),
        ("- scenario: a\n  turns:\n    - citizen: b\n      expect: {say: [/(/]}\n", 4, "no regular"),
        ("scenario: a\nend: {said: ['!/[/']}\nturns: [{citizen: b}]\n", 2, "no regular"),
        ("scenario: a\nnow: 2026-11-23T10:00:00\nturns: [{citizen: b}]\n", 2, "now"),
        ("scenario: a\nnow: gestern\nturns: [{citizen: b}]\n", 2, "now"),
        ("5\n", 1, "scenario"),
    ],
)
def test_a_wrong_file_is_said_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why) as caught:
        read_scenarios([file])
    assert caught.value.line == line


def test_files_below_a_folder_are_read_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(
            f"scenario: {name}\nturns: [{{citizen: x}}]\n", encoding="utf-8"
        )
    assert [one.scenario for one in read_scenarios([tmp_path])] == ["a", "b"]
