"""What somebody said to a question of the intake, as the values of its answer. Pure.

Words are matched by the patterns of ``catalogue/learning/intake.yaml``. What fits two answers fills in none:
the learner sees everything before it is sent, and corrects it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from donghaeng.korean.dates import find_durations
from donghaeng.korean.numbers import find_numbers
from donghaeng.learning.elder import occurs
from donghaeng.learning.intake import MOST_TASKS, Question

TASKS: Final = "tasks"
WORKING_DAYS: Final = 5
_TIMES: Final = re.compile(r"(?:번|건|통|회|차례|장)(?!에)")
"""Counters of how often something is done; "한 번에" says how long it takes each time."""
_DAILY: Final = re.compile(r"하루|날마다|매일")


def heard_answer(question: Question, words: str) -> dict[str, str]:
    """Fields of the intake's form that were said; empty where it is not certain.

    Args:
        question: which was asked.
        words: what was heard.
    """
    if question.id == TASKS:
        return _tasks(question, words)
    said = question.said.items()
    found = [value for value, patterns in said if any(occurs(one, words) for one in patterns)]
    return {question.id: found[0]} if len(found) == 1 else {}


def _tasks(question: Question, words: str) -> dict[str, str]:
    """Each task with the first count and the first length of time that follow its name."""
    named = sorted(_named(question.said, words).items(), key=lambda one: one[1])[:MOST_TASKS]
    fields: dict[str, str] = {}
    for place, (task, begin) in enumerate(named):
        end = named[place + 1][1] if place + 1 < len(named) else len(words)
        part = words[begin:end]
        fields[f"task{place}"] = task
        times = _times(part)
        if times:
            fields[f"times{place}"] = str(times)
        minutes = _minutes(part)
        if minutes:
            fields[f"minutes{place}"] = str(minutes)
    return fields


def _named(said: Mapping[str, tuple[str, ...]], words: str) -> dict[str, int]:
    """Where each task is named first."""
    found: dict[str, int] = {}
    for task, patterns in said.items():
        starts = [match.start() for one in patterns for match in re.finditer(one.strip("/"), words)]
        if starts:
            found[task] = min(starts)
    return found


def _times(part: str) -> int | None:
    for match in find_numbers(part):
        if isinstance(match.value, int) and _TIMES.search(part[match.start : match.end + 2]):
            return match.value * (WORKING_DAYS if _DAILY.search(part[: match.start]) else 1)
    return None


def _minutes(part: str) -> int | None:
    for match in find_durations(part):
        minutes = match.value.hours * 60 + match.value.minutes
        if minutes:
            return int(minutes)
    return None
