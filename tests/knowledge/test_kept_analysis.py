"""Morphemes are found once a text, over restarts too, and a damaged cache costs time alone."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.knowledge.conftest import words_only

from donghaeng.knowledge import kept_analysis
from donghaeng.knowledge.kept_analysis import KeptAnalysis, kept_analyser
from donghaeng.korean.morphemes import Morpheme

TEXTS = ("주민센터에서 신청해요.", "신분증을 가져오세요.")


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> Sequence[Morpheme]:
        self.asked.append(text)
        return words_only(text)


def test_prepared_texts_are_analysed_once_over_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_analysis, "SAVE_EVERY", 1)
    first, second = Counting(), Counting()
    for counting in (first, second):
        analyse = KeptAnalysis(counting, tmp_path / "a" / "b.db")
        analyse.prepare(TEXTS)
        assert [list(analyse(text)) for text in TEXTS] == [words_only(text) for text in TEXTS]
    assert first.asked == list(TEXTS)
    assert second.asked == []


def test_what_is_asked_for_again_is_remembered() -> None:
    counting = Counting()
    analyse = KeptAnalysis(counting, None)
    for _ in range(3):
        assert list(analyse("물음")) == words_only("물음")
    assert counting.asked == ["물음"]


@pytest.mark.parametrize("row", [b"no json", b"[1]", b"{}x"])
def test_a_damaged_row_is_found_anew(tmp_path: Path, row: bytes) -> None:
    file = tmp_path / "b.db"
    KeptAnalysis(words_only, file).prepare(TEXTS)
    with sqlite3.connect(file) as database:
        database.execute("UPDATE checked SET row = ?, crc = ?", (row, zlib.crc32(row)))
    counting = Counting()
    analyse = KeptAnalysis(counting, file)
    analyse.prepare(TEXTS)
    assert list(analyse(TEXTS[0])) == words_only(TEXTS[0])
    assert counting.asked == list(TEXTS)


def test_the_analyser_of_this_machine_is_kept_by_its_version(tmp_path: Path) -> None:
    kept_analyser(tmp_path).prepare(TEXTS)
    (file,) = (tmp_path / "morphemes").iterdir()
    assert file.name.startswith("kiwipiepy-")
    assert kept_analyser(None)("버스")[0].form == "버스"
