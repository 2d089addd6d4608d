"""What targets are counted from beside runs and the alliance: completed courses and survey answers.

A learner is a keyed fingerprint of the number that the teaching body gave: it tells two courses of one person
and nobody's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from donghaeng.store.store import Transaction
from donghaeng.store.tower_tables import learning_records, survey_answers
from donghaeng.store.upserts import insert_new


@dataclass(frozen=True, slots=True)
class Completed:
    """One person completed one course."""

    programme: str
    number: str
    """The teaching body's own number of the person; only its fingerprint is kept."""
    course: str
    on: date
    district: str | None = None


def add_completed(tx: Transaction, row: Completed, source: str, at: datetime) -> bool:
    """Keep a completion; false where it is known."""
    learner = tx.sealer.fingerprint(row.number, f"learning_records/{row.programme}")
    return insert_new(
        tx,
        learning_records,
        {
            "programme": row.programme,
            "learner": learner[:64],
            "course": row.course,
            "completed_on": row.on,
            "district": row.district,
            "source": source,
            "imported_at": at,
        },
    )


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


def add_answers(
    tx: Transaction,
    survey: str,
    number: str,
    answers: Mapping[str, int],
    on: date,
    *,
    source: str,
    at: datetime,
) -> bool:
    """Keep one respondent's answers of a year; false where they are known."""
    respondent = tx.sealer.fingerprint(number, f"survey_answers/{survey}/{on.year}")[:64]
    known = (
        (survey_answers.c.survey == survey)
        & (survey_answers.c.year == on.year)
        & (survey_answers.c.respondent == respondent)
    )
    if tx.connection.execute(select(survey_answers.c.year).where(known)).first() is not None:
        return False
    values: dict[str, Any] = {
        "survey": survey,
        "year": on.year,
        "respondent": respondent,
        "answered_on": on,
        "answers": dict(answers),
        "source": source,
        "imported_at": at,
    }
    tx.connection.execute(insert(survey_answers).values(**values))
    return True


def answers_of(tx: Transaction, survey: str, year: int) -> list[dict[str, int]]:
    """Every respondent's answers of a year."""
    rows = tx.connection.execute(
        select(survey_answers.c.answers)
        .where(survey_answers.c.survey == survey, survey_answers.c.year == year)
        .order_by(survey_answers.c.respondent)
    )
    return [dict(row.answers) for row in rows]
