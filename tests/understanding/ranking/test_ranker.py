"""Ranking with what was learnt: which stage had the last word, and how often the embedder is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understanding.ranking.small import embed, learnt

from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.ranking.ranker import Ranked, ServiceRanker, centred, together
from donghaeng.understanding.ranking.training import NEVER

LEARNT = learnt()
CLEAR, UNCLEAR = "합정역 버스 언제 와요", "그거 언제 되나요"


def test_the_first_stage_settles_what_it_is_sure_of_and_asks_no_embedder() -> None:
    ranker = ServiceRanker(replace(LEARNT, settles=0.0), lambda text: pytest.fail("not asked"))
    ranked = ranker.rank(UNCLEAR)
    assert ranked.settled_by == "cheap"
    assert ranked == ranker.rank_cheaply(UNCLEAR)
    assert ranker.embedded == 0


def test_the_embedder_is_asked_once_for_the_same_words() -> None:
    asked: list[str] = []

    def noting(text: str) -> Vectors:
        asked.append(text)
        return embed(text)

    ranker = ServiceRanker(replace(LEARNT, settles=NEVER), noting)
    assert [ranker.rank(CLEAR).settled_by for _ in range(3)] == ["embedding"] * 3
    ranker.rank(UNCLEAR)
    assert asked == [CLEAR, UNCLEAR]
    assert ranker.embedded == 2


def test_the_bound_decides_which_stage_has_the_last_word() -> None:
    chance = ServiceRanker(LEARNT, embed).rank_cheaply(UNCLEAR).best[1]
    below, above = (
        ServiceRanker(replace(LEARNT, settles=chance + step), embed).rank(UNCLEAR).settled_by
        for step in (-1e-4, 1e-4)
    )
    assert (below, above) == ("cheap", "embedding")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_ranked_whole(text: str) -> None:
    for settled in (0.0, NEVER):
        ranked = ServiceRanker(replace(LEARNT, settles=settled), embed).rank(text)
        chances = [chance for _, chance in ranked.services]
        assert sorted(label for label, _ in ranked.services) == sorted(LEARNT.labels)
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1.0, abs=1e-4)
        assert ranked.lead >= 1.0


def test_the_lead_is_how_many_times_likelier_the_best_is() -> None:
    assert Ranked((("a", 0.8), ("b", 0.2)), "cheap").lead == pytest.approx(4.0)
    assert Ranked((("a", 1.0), ("b", 0.0)), "cheap").lead > 1e6
    assert Ranked((("a", 0.8), ("b", 0.2)), "cheap").best == ("a", 0.8)


def test_the_shares_decide_how_much_each_stage_counts() -> None:
    assert LEARNT.deep is not None
    cheap, deep = np.array([4.0, 0.0], np.float32), np.array([0.0, 2.0], np.float32)
    only = [together(replace(LEARNT.deep, cheap_share=one, scale=2.0), cheap, deep) for one in (1.0, 0.0)]
    assert [one.tolist() for one in only] == [[8.0, 0.0], [0.0, 4.0]]


def test_centred_vectors_have_unit_length_and_the_mean_is_nothing() -> None:
    chance = np.random.default_rng(2)
    rows = (chance.random((9, 16)) + 5).astype(np.float32)
    mean = rows.mean(axis=0)
    found = centred(np.vstack([rows, mean]), mean)
    assert np.linalg.norm(found[:-1], axis=1) == pytest.approx(np.ones(9), abs=1e-4)
    assert np.linalg.norm(found[-1]) == pytest.approx(0.0, abs=1e-3)
    assert found.dtype == np.float32
