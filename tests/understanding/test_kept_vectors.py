"""Vectors are made once, kept as they are made, and never stand in the way where they cannot be kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from donghaeng.errors import EngineError
from donghaeng.understanding.embed import kept_vectors
from donghaeng.understanding.embed.kept_vectors import KeptVectors
from donghaeng.understanding.embed.protocol import Vectors


class Lengths:
    """A sentence is its length; fails after so many."""

    name = "lengths"
    dimension = 2

    def __init__(self, most: int = 1_000_000) -> None:
        self.asked: list[str] = []
        self.most = most

    def embed(self, sentences: Sequence[str]) -> Vectors:
        if len(self.asked) >= self.most:
            raise EngineError("no more")
        self.asked += sentences
        return np.array([[len(one), 1] for one in sentences], np.float32)


TEXTS = ["가", "나나", "가", "다다다"]


def test_each_text_is_made_once_and_the_rows_are_in_order(tmp_path: Path) -> None:
    first, second = Lengths(), Lengths()
    told: list[tuple[int, int]] = []
    rows = KeptVectors(first, tmp_path, kept_as="texts").vectors(TEXTS, lambda *done: told.append(done))
    assert rows.tolist() == [[1, 1], [2, 1], [1, 1], [3, 1]]
    assert (first.asked, told) == (["가", "나나", "다다다"], [(1, 3), (2, 3), (3, 3)])
    again = KeptVectors(second, tmp_path, kept_as="texts")
    assert again.vectors(TEXTS).tolist() == rows.tolist()
    assert again.vectors([]).shape == (0, 2)
    assert second.asked == []


def test_work_that_is_broken_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_vectors, "SAVE_EVERY", 2)
    texts = [f"글 {number}" for number in range(9)]
    with pytest.raises(EngineError):
        KeptVectors(Lengths(5), tmp_path, kept_as="texts").vectors(texts)
    second = Lengths()
    KeptVectors(second, tmp_path, kept_as="texts").vectors(texts)
    assert second.asked == texts[5:]


def test_other_texts_stay_kept(tmp_path: Path) -> None:
    KeptVectors(Lengths(), tmp_path, kept_as="texts").vectors(["가"])
    KeptVectors(Lengths(), tmp_path, kept_as="texts").vectors(["나"])
    last = Lengths()
    KeptVectors(last, tmp_path, kept_as="texts").vectors(["가", "나"])
    assert last.asked == []


def test_a_damaged_file_is_begun_anew_and_rows_of_another_length_are_made_again(tmp_path: Path) -> None:
    kept = KeptVectors(Lengths(), tmp_path, kept_as="texts")
    kept.vectors(TEXTS)
    (file,) = (tmp_path / "vectors").iterdir()
    with sqlite3.connect(file) as database:
        database.execute("UPDATE checked SET row = x'00'")
    again = Lengths()
    KeptVectors(again, tmp_path, kept_as="texts").vectors(TEXTS)
    assert len(again.asked) == 3
    file.write_bytes(b"no database at all " * 100)
    assert kept.vectors(TEXTS).shape == (4, 2)
    assert kept.vectors(TEXTS).shape == (4, 2)


def test_a_vector_of_which_one_bit_was_turned_is_made_again(tmp_path: Path) -> None:
    kept = KeptVectors(Lengths(), tmp_path, kept_as="texts")
    right = kept.vectors(TEXTS)
    (file,) = (tmp_path / "vectors").iterdir()
    with sqlite3.connect(file) as database:
        for key, row in database.execute("SELECT key, row FROM checked").fetchall():
            turned = bytes([row[0] ^ 1, *row[1:]])
            database.execute("UPDATE checked SET row = ? WHERE key = ?", (turned, key))
    again = Lengths()
    assert KeptVectors(again, tmp_path, kept_as="texts").vectors(TEXTS).tolist() == right.tolist()
    assert len(again.asked) == 3


def test_a_folder_that_takes_no_file_costs_time_alone(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("a file")
    assert KeptVectors(Lengths(), tmp_path, kept_as="texts").vectors(TEXTS).shape == (4, 2)
    assert KeptVectors(Lengths(), None, kept_as="texts").vectors(TEXTS).shape == (4, 2)
