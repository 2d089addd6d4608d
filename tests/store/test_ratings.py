"""Ratings are kept by round, up to a bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from donghaeng.store import ratings

ROW = ratings.RatingRow(
    round="r1",
    rater="0" * 32,
    kind="score",
    subject="served",
    sentence="bus",
    value=4,
    at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
)


def test_ratings_come_back_by_round_and_in_order(store) -> None:
    later = replace(ROW, value=-1, kind="preference", subject="joints")
    for row in (ROW, later, replace(ROW, round="r2")):
        assert store.run(lambda tx, row=row: ratings.keep(tx, row, most=10))
    assert store.look(lambda tx: ratings.of_round(tx, "r1")) == [ROW, later]
    assert store.look(lambda tx: ratings.of_round(tx, "r3")) == []


def test_a_full_table_takes_no_more(store) -> None:
    for expected in (True, True, False):
        assert store.run(lambda tx: ratings.keep(tx, ROW, most=2)) is expected
    assert len(store.look(lambda tx: ratings.of_round(tx, "r1"))) == 2
