"""What was learnt comes back the same from disk, or not at all."""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.understanding.ranking.small import EXAMPLES, SENTENCES, by_words, embed, learnt

from donghaeng.korean.noise import Manners
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.load import learn_or_read
from donghaeng.understanding.ranking.features import Vocabulary
from donghaeng.understanding.ranking.kept import MOST_KEPT, key_of, read, write
from donghaeng.understanding.ranking.ranker import ServiceRanker
from donghaeng.understanding.ranking.training import NEVER

LEARNT = learnt()
KEY = "k"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, KEY, LEARNT)
    return tmp_path


@pytest.mark.parametrize("settles", [0.0, NEVER])
@pytest.mark.parametrize("deep", [True, False])
def test_what_comes_back_gives_the_same_probabilities(tmp_path: Path, settles: float, deep: bool) -> None:
    before = replace(LEARNT if deep else learnt(deep=False), settles=settles)
    write(tmp_path, KEY, before)
    after = read(tmp_path, KEY, by_words)
    assert after is not None
    assert after.labels == before.labels
    for text in [*SENTENCES, "", "뻐스 은제 온대유", "\U0001f642"]:
        assert ServiceRanker(after, embed).rank(text) == ServiceRanker(before, embed).rank(text)


def test_what_was_never_kept_is_absent(folder: Path) -> None:
    assert read(folder, "other", by_words) is None
    assert read(folder / "nowhere", KEY, by_words) is None


def test_nothing_learnt_comes_back_as_nothing(tmp_path: Path) -> None:
    nothing = replace(
        learnt(deep=False),
        vocabulary=Vocabulary({}, np.zeros(0, np.float32)),
        cheap=replace(LEARNT.cheap, weights=np.zeros((0, 3), np.float32)),
    )
    write(tmp_path, KEY, nothing)
    after = read(tmp_path, KEY, None)
    assert after is not None
    assert len(after.vocabulary) == 0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_counts_as_absent(folder: Path, share: float) -> None:
    file = folder / f"{KEY}.npz"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert read(folder, KEY, by_words) is None


def test_a_damaged_file_counts_as_absent_or_says_the_same(folder: Path) -> None:
    file = folder / f"{KEY}.npz"
    whole = file.read_bytes()
    wanted = ServiceRanker(LEARNT, embed).rank(SENTENCES[0])
    chance = random.Random(4)
    absent = 0
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 0xFF
        file.write_bytes(damaged)
        after = read(folder, KEY, by_words)
        absent += after is None
        assert after is None or ServiceRanker(after, embed).rank(SENTENCES[0]) == wanted
    assert absent > 40


def test_foreign_files_count_as_absent(folder: Path) -> None:
    file = folder / f"{KEY}.npz"
    for content in (b"", b"not numpy", b"PK\x03\x04 no archive"):
        file.write_bytes(content)
        assert read(folder, KEY, by_words) is None
    with file.open("wb") as stream:
        np.save(stream, np.zeros(3))
    assert read(folder, KEY, by_words) is None
    with file.open("wb") as stream:
        np.savez(stream, keys=np.zeros(3))
    assert read(folder, KEY, by_words) is None


@pytest.mark.parametrize(
    "part", ["labels", "rarity", "settles", "cheap_weights", "cheap_bias", "mean", "deep_weights", "shares"]
)
def test_parts_that_do_not_fit_together_count_as_absent(folder: Path, part: str) -> None:
    file = folder / f"{KEY}.npz"
    with np.load(file) as kept:
        arrays = dict(kept)
    arrays[part] = np.concatenate([np.atleast_1d(arrays[part])] * 2)
    with file.open("wb") as stream:
        np.savez(stream, **arrays)
    assert read(folder, KEY, by_words) is None


def test_files_not_used_for_longest_go_and_drafts_of_others_stay(tmp_path: Path) -> None:
    draft = tmp_path / ".1.other.npz"
    draft.write_bytes(b"half")
    for number in range(MOST_KEPT):
        write(tmp_path, f"k{number}", LEARNT)
        os.utime(tmp_path / f"k{number}.npz", (number, number))
    os.utime(draft, (0, 0))
    assert read(tmp_path, "k0", by_words) is not None
    write(tmp_path, "new", LEARNT)
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {draft.name, "new.npz", "k0.npz", *(f"k{number}.npz" for number in range(2, MOST_KEPT))}


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / f"{KEY}.npz").mkdir()
    with pytest.raises(OSError, match=KEY):
        write(tmp_path, KEY, LEARNT)
    assert [file.name for file in tmp_path.iterdir()] == [f"{KEY}.npz"]


def test_the_key_is_of_all_that_is_learnt_from() -> None:
    key = key_of(EXAMPLES, "e5", "manners")
    assert key == key_of({name: list(texts) for name, texts in EXAMPLES.items()}, "e5", "manners")
    others = [
        key_of({**EXAMPLES, "bus": [*EXAMPLES["bus"], "한 번 더"]}, "e5", "manners"),
        key_of({**EXAMPLES, "bus": EXAMPLES["bus"][::-1]}, "e5", "manners"),
        key_of(dict(reversed(EXAMPLES.items())), "e5", "manners"),
        key_of({f"{name}2": texts for name, texts in EXAMPLES.items()}, "e5", "manners"),
        key_of(EXAMPLES, "e6", "manners"),
        key_of(EXAMPLES, "e5", "other"),
        key_of(EXAMPLES, "e5"),
        key_of({"a": ["\ud800"]}, "e5"),
    ]
    assert len({key, *others}) == len(others) + 1


class Counting(HashingEmbedder):
    """Knows how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, sentences: object) -> Vectors:
        self.asked += 1
        return super().embed(sentences)  # type: ignore[arg-type]


@cache
def few() -> dict[str, list[str]]:
    return {label: sentences[:4] for label, sentences in EXAMPLES.items()}


def test_learning_happens_once_and_again_after_each_change(tmp_path: Path) -> None:
    embedder = Counting()
    first = learn_or_read(few(), embedder, cache=tmp_path)
    assert embedder.asked == 12
    again = learn_or_read(few(), embedder, cache=tmp_path)
    assert embedder.asked == 12
    assert np.array_equal(first.cheap.weights, again.cheap.weights)
    learn_or_read({**few(), "more": ["도서관 몇 시에 열어요"]}, embedder, cache=tmp_path)
    assert embedder.asked == 13
    learn_or_read(few(), embedder, manners=Manners(fillers=("음",)), cache=tmp_path)
    assert len(list((tmp_path / "learnt").iterdir())) == 3
    next((tmp_path / "learnt").iterdir()).write_bytes(b"damaged")
    for labelled in (few(), {**few(), "more": ["도서관 몇 시에 열어요"]}):
        assert learn_or_read(labelled, embedder, cache=tmp_path).labels == tuple(labelled)
    assert embedder.asked == 13


def test_without_a_cache_it_learns_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    kept = learn_or_read(few(), HashingEmbedder(), cache=tmp_path)
    free = learn_or_read(few(), HashingEmbedder())
    assert np.array_equal(kept.cheap.weights, free.cheap.weights)
    assert free.vocabulary.index == kept.vocabulary.index


def test_all_steps_of_learning_are_told_as_one(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    learn_or_read(
        few(), HashingEmbedder(), cache=tmp_path, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(done, 25) for done in range(1, 26)]
    told.clear()
    learn_or_read(
        few(), HashingEmbedder(), cache=tmp_path, progress=lambda done, total: told.append((done, total))
    )
    assert told == []


def test_two_who_learn_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    def one(number: int) -> tuple[str, ...]:
        labelled = {**few(), f"own{number % 2}": [f"도서관 {number % 2}층이 어디예요"]}
        return learn_or_read(labelled, HashingEmbedder(), cache=tmp_path).labels

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))
    assert [labels[-1] for labels in found] == ["own0", "own1", "own0", "own1"]
    assert len(list((tmp_path / "learnt").glob("[!.]*"))) == 2


def test_a_cache_that_takes_no_file_costs_time_and_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where a folder should be", encoding="utf-8")
    found = learn_or_read(EXAMPLES, HashingEmbedder(), cache=blocked)
    assert set(found.labels) == set(EXAMPLES)
