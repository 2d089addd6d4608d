"""The catalogue's passages have owners and days, and say when somebody has to look."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from donghaeng.knowledge.catalogue_sets import catalogue_sets
from donghaeng.knowledge.due import Due

DAY = date(2026, 11, 23)
FILE = """
topic: ask
shared:
  department: 과
  source: 시
  document: 안내
  {shared}
passages:
  - {{id: one, title: 하나, spoken: 하나예요., verified: true, {own}}}
  - {{id: two, title: 둘, spoken: 둘이에요., verified: false, review_by: 2020-01-01, valid_until: 2020-01-01}}
"""


def made(folder: Path, shared: str, own: str = "names: [일]") -> Path:
    (folder / "a.yaml").write_text(FILE.format(shared=shared, own=own), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("own", "standing"),
    [
        ("valid_until: 2026-11-22", Due.EXPIRED),
        ("review_by: 2026-11-22", Due.OVERDUE),
        ("review_by: 2026-12-20", Due.SOON),
        ("review_by: 2027-12-20", Due.NOT),
    ],
)
def test_a_set_stands_as_the_most_urgent_passage_that_is_spoken(
    tmp_path: Path, own: str, standing: Due
) -> None:
    (one,) = catalogue_sets(made(tmp_path, "owner: 지식 담당", own), DAY)
    assert one.standing is standing
    assert (one.name, one.passages, one.verified, one.owners) == ("a", 2, 1, ("지식 담당",))


def test_what_nobody_looks_at_again_is_told_and_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    (one,) = catalogue_sets(made(tmp_path, "section: 제1조"), DAY)
    assert one.ownerless == 1
    (one,) = catalogue_sets(made(tmp_path, "owner: 담당\n  review_by: 2027-01-01"), DAY)
    assert one.ownerless == 0


def test_every_spoken_passage_of_ours_has_an_owner_and_a_day() -> None:
    sets = catalogue_sets(CHECKOUT / "catalogue" / "knowledge", DAY)
    assert sum(one.ownerless for one in sets) == 0
    assert all(one.review_by is not None and one.review_by > DAY + timedelta(days=30) for one in sets)
