"""What targets are counted from beside runs and the alliance: completed courses and survey answers.

A learner is a keyed fingerprint of the number that the teaching body gave: it tells two courses of one person
and nobody's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import learning_records, survey_answers
from donghaeng.store.upserts import insert_new_rows
from donghaeng.trust.sealing import Sealer


class Completed(NamedTuple):
    """One person completed one course."""

    programme: str
    learner: str
    """By :func:`learner_mark`."""
    course: str
    on: date
    district: str | None = None


class Answered(NamedTuple):
    """What one respondent answered."""

    respondent: str
    """By :func:`respondent_mark`."""
    on: date
    answers: Mapping[str, int]


def learner_mark(sealer: Sealer, programme: str, number: str) -> str:
    """The fingerprint of the teaching body's own number of a person, which is kept in its place."""
    return sealer.fingerprint(number, f"learning_records/{programme}")


def respondent_mark(sealer: Sealer, survey: str, year: int, number: str) -> str:
    """The fingerprint of the survey's own number of a respondent, which is kept in its place."""
    return sealer.fingerprint(number, f"survey_answers/{survey}/{year}")


def add_completed(tx: Transaction, rows: Sequence[Completed], source: str, at: datetime) -> int:
    """Keep completions; how many are new."""
    kept = [
        {
            "programme": row.programme,
            "learner": row.learner,
            "course": row.course,
            "completed_on": row.on,
            "district": row.district,
            "source": source,
            "imported_at": at,
        }
        for row in rows
    ]
    return insert_new_rows(tx, learning_records, kept)


def learners_by_day(tx: Transaction, programme: str, begins: date, ends: date) -> dict[date, int]:
    """Persons by the day of their first completion in a time; each counts once."""
    first = (
        select(func.min(learning_records.c.completed_on).label("day"))
        .where(
            learning_records.c.programme == programme,
            learning_records.c.completed_on >= begins,
            learning_records.c.completed_on <= ends,
        )
        .group_by(learning_records.c.learner)
        .subquery()
    )
    rows = tx.connection.execute(select(first.c.day, func.count()).group_by(first.c.day))
    return {row[0]: int(row[1]) for row in rows}


def courses(tx: Transaction, programme: str, begins: date, ends: date) -> list[tuple[str, str, int]]:
    """Course, file it came from, and completions, the most first."""
    counted = func.count()
    rows = tx.connection.execute(
        select(learning_records.c.course, learning_records.c.source, counted)
        .where(
            learning_records.c.programme == programme,
            learning_records.c.completed_on >= begins,
            learning_records.c.completed_on <= ends,
        )
        .group_by(learning_records.c.course, learning_records.c.source)
        .order_by(counted.desc(), learning_records.c.course)
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def add_answers(tx: Transaction, survey: str, rows: Sequence[Answered], *, source: str, at: datetime) -> int:
    """Keep respondents' answers, each once a year; how many are new."""
    kept = [
        {
            "survey": survey,
            "year": row.on.year,
            "respondent": row.respondent,
            "answered_on": row.on,
            "answers": dict(row.answers),
            "source": source,
            "imported_at": at,
        }
        for row in rows
    ]
    return insert_new_rows(tx, survey_answers, kept)


def answers_of(tx: Transaction, survey: str, year: int) -> list[dict[str, int]]:
    """Every respondent's answers of a year."""
    rows = tx.connection.execute(
        select(survey_answers.c.answers)
        .where(survey_answers.c.survey == survey, survey_answers.c.year == year)
        .order_by(survey_answers.c.respondent)
    )
    return [dict(row.answers) for row in rows]
