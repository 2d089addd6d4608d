"""Officials' drafts in the database: no update is lost, nobody finds another's, what is due is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.store.conftest import KEY, NOW

from donghaeng.errors import RecordChanged, UnknownRecord
from donghaeng.store import Store, destructions, office_drafts, office_measures
from donghaeng.store.office_drafts import DraftRow, VersionRow
from donghaeng.store.office_measures import PairRow
from donghaeng.store.retaining import destroy_due
from donghaeng.store.writing_tables import office_draft_versions, office_judgements
from donghaeng.trust.retention import load_retention
from donghaeng.trust.sealing import Sealer

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
DRAFT = "dr_a"
WRITERS = 8


def version(number: int, by: str, words: str) -> VersionRow:
    return VersionRow(DRAFT, number, by, NOW, "saved", {"words": words}, over=number - 1)


@pytest.fixture
def kept(store: Store) -> Store:
    row = DraftRow(DRAFT, "letter", "kim", NOW)
    store.run(lambda tx: office_drafts.begin(tx, row, version(1, "kim", "처음")))
    return store


@pytest.fixture
def other(kept: Store, database: Path) -> Iterator[Store]:
    """The same database in another process's place."""
    with Store.open(f"sqlite:///{database}", Sealer([KEY])) as opened:
        yield opened


def test_of_many_who_save_over_one_version_one_is_kept_and_the_others_are_told(
    kept: Store, other: Store
) -> None:
    kept.run(lambda tx: office_drafts.share(tx, "kim", DRAFT, "lee"))

    def save(number: int) -> bool:
        by = "lee" if number % 2 else "kim"
        row = version(2, by, f"글 {number}")
        try:
            (other if number % 2 else kept).run(lambda tx: office_drafts.add(tx, by, row))
        except RecordChanged:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as threads:
        saved = list(threads.map(save, range(WRITERS)))
    assert saved.count(True) == 1
    newest = kept.look(lambda tx: office_drafts.newest(tx, DRAFT))
    assert newest is not None
    assert newest.content == {"words": f"글 {saved.index(True)}"}
    assert [row.version for row in kept.look(lambda tx: office_drafts.history(tx, DRAFT))] == [2, 1]


def test_nobody_finds_or_changes_what_is_not_theirs(kept: Store) -> None:
    def found(who: str, *, deleted: bool = False) -> bool:
        return kept.look(lambda tx: office_drafts.get(tx, who, DRAFT, deleted=deleted)) is not None

    assert (found("kim"), found("lee")) == (True, False)
    assert kept.look(lambda tx: office_drafts.listed(tx, "lee")) == []
    with pytest.raises(UnknownRecord):
        kept.run(lambda tx: office_drafts.add(tx, "lee", version(2, "lee", "남의 글")))
    assert not kept.run(lambda tx: office_drafts.share(tx, "lee", DRAFT, "lee"))
    assert kept.run(lambda tx: office_drafts.share(tx, "kim", DRAFT, "lee"))
    assert found("lee")
    assert not kept.run(lambda tx: office_drafts.set_deleted(tx, "lee", DRAFT, NOW))
    assert kept.run(lambda tx: office_drafts.set_deleted(tx, "kim", DRAFT, NOW))
    assert (found("kim"), found("lee"), found("kim", deleted=True)) == (False, False, True)
    assert not found("lee", deleted=True)
    with pytest.raises(UnknownRecord):
        kept.run(lambda tx: office_drafts.add(tx, "kim", version(2, "kim", "지운 글")))
    assert kept.run(lambda tx: office_drafts.set_deleted(tx, "kim", DRAFT, None))
    assert kept.run(lambda tx: office_drafts.unshare(tx, "kim", DRAFT, "lee"))
    assert (found("kim"), found("lee")) == (True, False)


@pytest.mark.sqlite
def test_no_text_lies_open_in_the_database(kept: Store, database: Path) -> None:
    kept.run(lambda tx: office_drafts.add(tx, "kim", version(2, "kim", "비밀스러운초안")))
    files = [file.read_bytes() for file in database.parent.iterdir()]
    assert not any("비밀스러운초안".encode() in data or b"\\ube44\\ubc00" in data for data in files)


@pytest.mark.parametrize(
    ("deleted", "days", "stays"), [(True, 29, True), (True, 31, False), (False, 366, False)]
)
def test_what_is_due_goes_with_its_versions_and_a_line(
    kept: Store, tmp_path: Path, *, deleted: bool, days: int, stays: bool
) -> None:
    if deleted:
        kept.run(lambda tx: office_drafts.set_deleted(tx, "kim", DRAFT, NOW))
    destroy_due(kept, load_retention(CATALOGUE), NOW + timedelta(days=days), tmp_path)
    count = kept.look(
        lambda tx: tx.connection.execute(select(func.count()).select_from(office_draft_versions)).scalar()
    )
    assert count == (1 if stays else 0)
    kinds = [line.kind for line in kept.look(destructions.newest)]
    assert kinds == ([] if stays else ["office_drafts"])


def test_a_pair_goes_with_its_judgements_and_keeps_its_order(store: Store) -> None:
    pair = PairRow("pa_a", "assistant", "kim", NOW, "부탁", "하나", "둘")
    store.run(lambda tx: office_measures.add_pair(tx, pair))
    assert store.look(lambda tx: office_measures.pair(tx, "pa_a")) == pair
    seen = store.run(lambda tx: office_measures.look_at(tx, "pa_a", "lee", turned=True))
    again = store.run(lambda tx: office_measures.look_at(tx, "pa_a", "lee", turned=False))
    assert seen == again
    assert store.run(lambda tx: office_measures.judge(tx, "pa_a", "lee", {"plain": "same"}))
    assert not store.run(lambda tx: office_measures.judge(tx, "pa_a", "lee", {"plain": "shown_first"}))
    assert not store.run(lambda tx: office_measures.judge(tx, "pa_a", "park", {"plain": "same"}))
    assert not store.run(lambda tx: office_measures.remove_pair(tx, "pa_a", "lee"))
    assert store.run(lambda tx: office_measures.remove_pair(tx, "pa_a", "kim"))
    assert store.look(lambda tx: tx.connection.execute(select(office_judgements)).all()) == []
