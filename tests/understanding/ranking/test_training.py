"""Learning both stages: when the n-grams settle a thing alone, what variants add, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from tests.understanding.ranking.small import EXAMPLES, SENTENCES, by_words, embed, vectors

from donghaeng.understanding.ranking import training
from donghaeng.understanding.ranking.features import MANY_EXAMPLES, Strengths
from donghaeng.understanding.ranking.linear import Fitted, LinearModel
from donghaeng.understanding.ranking.ranker import Learnt, ServiceRanker
from donghaeng.understanding.ranking.training import NEVER, SURE, VARIANTS_STRENGTH, learn


def all_arrays(learnt: Learnt) -> list[np.ndarray]:
    assert learnt.deep is not None
    models = (learnt.cheap, learnt.deep.model)
    return [
        learnt.vocabulary.weights,
        learnt.deep.mean,
        *(part for one in models for part in (one.weights, one.bias)),
    ]


def test_both_stages_find_what_they_learnt() -> None:
    learnt = learn(EXAMPLES, vectors(), analyse=by_words)
    ranker = ServiceRanker(learnt, embed)
    for label, sentences in EXAMPLES.items():
        assert {ranker.rank(sentence).best[0] for sentence in sentences} == {label}
        assert {ranker.rank_cheaply(sentence).best[0] for sentence in sentences} == {label}
    assert learnt.labels == tuple(EXAMPLES)


def test_learning_is_the_same_twice() -> None:
    def vary(text: str) -> Sequence[str]:
        return [text.replace("요", "유")]

    first, second = (learn(EXAMPLES, vectors(), analyse=by_words, vary=vary) for _ in range(2))
    assert first.vocabulary.index == second.vocabulary.index
    assert (first.settles, first.deep and first.deep.cheap_share) == (
        second.settles,
        second.deep and second.deep.cheap_share,
    )
    assert all(
        np.array_equal(one, other) for one, other in zip(all_arrays(first), all_arrays(second), strict=True)
    )


def test_without_vectors_there_is_one_stage() -> None:
    learnt = learn(EXAMPLES, None, analyse=by_words)
    assert learnt.deep is None
    ranked = ServiceRanker(learnt, lambda text: pytest.fail("nothing is embedded")).rank("버스 언제 와요")
    assert (ranked.best[0], ranked.settled_by) == ("bus", "cheap")


def test_of_few_examples_nothing_is_settled_by_n_grams_alone() -> None:
    few = {label: sentences[:3] for label, sentences in EXAMPLES.items()}
    embedded = np.stack([embed(text) for label in few.values() for text in label])
    assert learn(few, embedded).settles == NEVER
    assert learn(EXAMPLES, vectors()).settles < NEVER


def test_words_of_variants_are_known_too_and_count_less() -> None:
    def vary(text: str) -> Sequence[str]:
        return [text.replace("버스", "뻐쓰")] if "버스" in text else []

    plain, varied = learn(EXAMPLES, None), learn(EXAMPLES, None, vary=vary)
    assert "뻐쓰" not in plain.vocabulary.index
    assert "뻐쓰" in varied.vocabulary.index
    assert plain.vocabulary.analyse is None
    embedless = ServiceRanker(varied, embed)
    assert embedless.rank_cheaply("뻐쓰").best[0] == "bus"
    assert embedless.rank_cheaply("뻐쓰").best[1] > 1 / 3
    weights = varied.cheap.weights[:, 0]
    index = varied.vocabulary.index
    assert 0 < weights[index["뻐쓰"]] < weights[index["버스"]]


def test_an_example_s_row_has_unit_length_with_its_variants_in_it() -> None:
    vocabulary = training.build_vocabulary(["가나", "다라", "마바"])
    rows = training._mixed(vocabulary, ["가나", "다라"], [["마바"], []])
    assert np.linalg.norm(rows.toarray(), axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    own, heard = rows[0, vocabulary.index["가나"]], rows[0, vocabulary.index["마바"]]
    assert heard / own == pytest.approx(VARIANTS_STRENGTH, abs=1e-5)
    unknown = training._mixed(vocabulary, ["", ""], [[""], []])
    assert np.isfinite(unknown.toarray()).all()


def test_many_examples_are_learnt_without_sounds_and_variants(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def vary(text: str) -> Sequence[str]:
        asked.append(text)
        return [text]

    assert learn(EXAMPLES, None, vary=vary).vocabulary.strengths == Strengths()
    assert asked == SENTENCES
    monkeypatch.setattr(training, "FEW_ROWS", len(SENTENCES) - 1)
    many = learn(EXAMPLES, None, vary=vary)
    assert many.vocabulary.strengths == MANY_EXAMPLES
    assert asked == SENTENCES


def test_every_step_is_told_in_order() -> None:
    told: list[tuple[int, int]] = []
    learn(EXAMPLES, vectors(), analyse=by_words, progress=lambda done, total: told.append((done, total)))
    assert {total for _, total in told} == {len(SENTENCES) + 1}
    assert told[-1][0] == told[-1][1]
    assert all(later == earlier + 1 for (earlier, _), (later, _) in pairwise(told))


def settles(best: Sequence[float], right: Sequence[bool]) -> float:
    """The bound where the n-grams take rows left out for ``a`` with these probabilities."""
    rows = sorted(zip(right, best, strict=True), reverse=True)
    logits = np.log(np.array([[chance, 1 - chance] for _, chance in rows], dtype=np.float32))
    model = LinearModel(np.zeros((1, 2), np.float32), np.zeros(2, np.float32))
    examples = {
        "a": [f"가{index}" for index, (good, _) in enumerate(rows) if good],
        "b": [f"나{index}" for index, (good, _) in enumerate(rows) if not good],
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training, "learn_sparse", lambda *_: Fitted(model, np.arange(len(rows)), logits))
        return learn(examples, None).settles


def test_the_bound_is_the_lowest_from_which_all_above_are_right_often_enough() -> None:
    best = np.linspace(0.99, 0.71, 100)
    assert settles(best, [True] * 97 + [False] * 3) == pytest.approx(best[97], abs=1e-4)
    assert settles(best, [True, False] + [True] * 98) == pytest.approx(best[99], abs=1e-4)
    assert settles(best, [True] * 20 + [False] * 80) == pytest.approx(best[19], abs=1e-4)
    assert settles(best, [False] * 100) == NEVER


def test_the_bound_is_never_under_what_is_sure() -> None:
    assert settles(np.linspace(0.59, 0.51, 50), [True] * 50) == SURE
