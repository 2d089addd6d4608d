"""The lessons in force follow the catalogue's files; a broken one leaves those before in force."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from donghaeng.app.learning import CurrentLearning, open_learning
from donghaeng.errors import CatalogueError
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    for part in ("learning", "lexicon"):
        shutil.copytree(CHECKOUT / "catalogue" / part, folder / part)
    return folder


def test_lessons_follow_their_files(catalogue: Path) -> None:
    learning = CurrentLearning(catalogue)
    first = learning()
    assert learning() is first, "nothing is read twice"
    lessons = catalogue / "learning" / "lessons"
    (lessons / "ai_limits.yaml").unlink()
    assert "ai_limits" not in learning().lessons
    file = lessons / "never_collect.yaml"
    kept = file.read_text("utf-8")
    file.write_text("id: [", "utf-8")
    assert "never_collect" in learning().lessons, "the lessons before stay in force"
    file.write_text(kept.replace("version: 1", "version: 2", 1), "utf-8")
    assert learning().lessons["never_collect"].version == 2


def test_it_opens_with_the_letters_of_certificates(catalogue: Path) -> None:
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        here = open_learning(catalogue, store, clock=lambda: datetime(2026, 11, 23, 16, tzinfo=UTC))
        assert here.fonts.plain.is_file()
        assert here.fonts.bold.is_file()
        assert str(here.desk.today) == "2026-11-24", "in Seoul it is the next day"


def test_a_catalogue_without_lessons_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        CurrentLearning(tmp_path)
