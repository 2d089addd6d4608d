"""Counts each target from its records, and the records behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from donghaeng.store import Transaction, alliance, case_lines, case_runs, learning_records
from donghaeng.store.case_lines import CaseLine
from donghaeng.tower.cases.reviewing import standing, stands
from donghaeng.tower.targets.definition import Survey, Target, TargetYear, load_survey, load_targets
from donghaeng.tower.targets.pace import Pace, Score, pace, score

SEOUL: Final = ZoneInfo("Asia/Seoul")
PROGRAMMES: Final = {"ai_learners": "ai", "companion_learners": "digital_companion"}
"""Programme of the learning records by what a target is counted from."""
MOST_RECORDS: Final = 1_000

Row = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One target as it stands."""

    target: Target
    pace: Pace | None
    """Of a count."""
    score: Score | None
    """Of a survey; None where too few answered."""
    answers: int = 0
    """Of a survey."""

    @property
    def is_score(self) -> bool:
        """Whether it is a survey's score."""
        return self.target.counted_from == "survey"


@dataclass(frozen=True, slots=True)
class Records:
    """What a target is counted from."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Board:
    """The year's targets over the records.

    Args:
        catalogue: folder with ``targets``.
        today: in Seoul.
    """

    def __init__(self, catalogue: Path, today: date) -> None:
        self.today = today
        self.year: TargetYear = load_targets(catalogue, today.year)
        self.survey: Survey = load_survey(catalogue)

    def target(self, name: str) -> Target | None:
        """The target of that id."""
        return next((one for one in self.year.targets if one.id == name), None)

    def standings(self, tx: Transaction) -> list[Standing]:
        """Every target, in the order of its file."""
        return [self.standing(tx, target) for target in self.year.targets]

    def standing(self, tx: Transaction, target: Target) -> Standing:
        """One target."""
        if target.counted_from == "survey":
            answers = learning_records.answers_of(tx, self.survey.id, self.year.year)
            return Standing(target, None, score(self.survey, answers), len(answers))
        counts = self._counts(tx, target)
        own = pace(counts, target.goal, self.year.begins, self.year.ends, self.today)
        return Standing(target, own, None)

    def records(self, tx: Transaction, target: Target) -> Records:
        """The records that a target is counted from; of persons only how many."""
        begins, ends = self.year.begins, self._last
        if target.counted_from == "data_cases":
            rows = [(day.isoformat(), name) for name, day in self._cases(tx)]
            return Records(("센 날", "사례"), tuple(rows[:MOST_RECORDS]))
        if target.counted_from == "member_bodies":
            bodies = [(day.isoformat(), name) for name, day in alliance.participants(tx, begins, ends)]
            return Records(("처음 온 날", "기관"), tuple(bodies[:MOST_RECORDS]))
        if target.counted_from == "survey":
            answers = learning_records.answers_of(tx, self.survey.id, self.year.year)
            rated = score(self.survey, answers)
            shown = () if rated is None else rated.dimensions
            return Records(("영역", "점수"), tuple((name, f"{value:.1f}") for name, value in shown))
        programme = PROGRAMMES[target.counted_from]
        return Records(
            ("과정", "받은 파일", "수료 (건)"),
            tuple(learning_records.courses(tx, programme, begins, ends)[:MOST_RECORDS]),
        )

    @property
    def _last(self) -> date:
        return min(self.today, self.year.ends)

    def _counts(self, tx: Transaction, target: Target) -> dict[date, int]:
        begins, ends = self.year.begins, self._last
        if target.counted_from == "data_cases":
            return dict(Counter(day for _, day in self._cases(tx)))
        if target.counted_from == "member_bodies":
            return dict(Counter(day for _, day in alliance.participants(tx, begins, ends)))
        return learning_records.learners_by_day(tx, PROGRAMMES[target.counted_from], begins, ends)

    def _cases(self, tx: Transaction) -> list[tuple[str, date]]:
        """Cases with the day from which they count: run this year, in a version that another department
        accepted, in its file or on the console."""
        lines: dict[str, list[CaseLine]] = {}
        for line in case_lines.listed(tx):
            lines.setdefault(line.case, []).append(line)
        first: dict[str, date] = {}
        for run in case_runs.listed(tx):
            day = run.at.astimezone(SEOUL).date()
            if not self.year.begins <= day <= self._last:
                continue
            said = lines.get(run.case, [])
            verdict = stands(said, run.version)
            if verdict is not None:
                day = max(day, verdict.on)
            elif not run.accepted or standing(said, run.version) is not None:
                continue
            if day <= self._last:
                first[run.case] = min(day, first.get(run.case, day))
        return sorted(first.items(), key=lambda item: (item[1], item[0]))
