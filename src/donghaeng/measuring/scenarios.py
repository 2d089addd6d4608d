"""`donghaeng eval scenarios`: conversation tests, played once clean and again as a recogniser hears them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import TextIO

from donghaeng.conversation.scenario_report import Line, report
from donghaeng.conversation.scenario_runner import Agent, Verdict, play
from donghaeng.conversation.scenarios import Written
from donghaeng.measuring.cases import JsonObject, Progress, no_progress, write_prediction
from donghaeng.measuring.figures import pass_hat
from donghaeng.measuring.junit import Run
from donghaeng.measuring.sound_alike import sound_alike

Tell = Callable[[Sequence[Line]], None]


async def run(
    agent: Agent,
    scenarios: Sequence[Written],
    repeat: int,
    stream: TextIO,
    *,
    progress: Progress = no_progress,
    tell: Tell = lambda lines: None,
    keep: Callable[[Run], None] = lambda run: None,
) -> JsonObject:
    """Play each scenario ``repeat`` times and summarise.

    The first run is clean; in the others the citizen's words are distorted, the same way on every machine
    (:func:`noise_for`). ``tell`` gets the conversation of each run that failed, ``keep`` every run.
    """
    passes: list[tuple[int, int]] = []
    clean = 0
    for done, written in enumerate(scenarios):
        passed = 0
        scenario = written.scenario
        for number in range(1, repeat + 1):
            verdict = await play(scenario, agent, noise=noise_for(scenario.scenario, number))
            passed += verdict.passed
            clean += verdict.passed and number == 1
            write_prediction(stream, _prediction(verdict, number))
            keep(Run(written.suite, verdict, number, repeated=repeat > 1))
            if not verdict.passed:
                tell(report(verdict, scenario.scenario, run=number if repeat > 1 else None))
            progress(done * repeat + number, len(scenarios) * repeat)
        passes.append((passed, repeat))
    return {
        "kind": "scenarios",
        "scenarios": len(scenarios),
        "runs": len(scenarios) * repeat,
        "passed": sum(passed for passed, _ in passes),
        "passed_clean": clean,
        **{f"pass^{k}": round(pass_hat(passes, k), 4) for k in range(1, repeat + 1)},
    }


def noise_for(scenario: str, number: int) -> Callable[[str], str]:
    """What run ``number`` (from 1) of a scenario does to the citizen's words; nothing in the first."""
    if number == 1:
        return lambda text: text
    chance = Random(zlib.crc32(f"{scenario}/{number}".encode()))  # noqa: S311  repeatable, no secret
    return lambda text: sound_alike(text, chance)


def _prediction(verdict: Verdict, number: int) -> JsonObject:
    return {
        "scenario": verdict.scenario,
        "passed": verdict.passed,
        "failed_step": verdict.failed_step,
        "why": verdict.why,
        "run": number,
    }
