"""Items of one meaning together."""

from __future__ import annotations

from random import Random

import numpy as np

from donghaeng.review.clustering import cluster
from donghaeng.understanding.embed.fake import HashingEmbedder

WASTE = ["밥솥 버려 주세요", "밥솥 버려 주세요", "밥솥 좀 버려 주세요", "밥솥 버려 주세요 좀"]
LIBRARY = ["도서관 몇 시까지 해요", "도서관 몇 시까지 하나요"]
ALONE = ["우리 강아지가 아파요"]


def labels(texts: list[str]) -> list[tuple[str, list[str]]]:
    found = cluster(texts, HashingEmbedder().embed(texts), farthest=0.4)
    return [(one.label, [texts[place] for place in one.members]) for one in found]


def test_texts_of_one_meaning_are_together_under_the_most_central_one() -> None:
    texts = [*WASTE, *LIBRARY, *ALONE]
    found = labels(texts)
    assert [sorted(members) for _, members in found] == [sorted(WASTE), sorted(LIBRARY), ALONE]
    assert found[0][0] == "밥솥 버려 주세요"
    assert found[2][0] == ALONE[0]


def test_the_order_in_which_they_come_changes_nothing() -> None:
    texts = [*WASTE, *LIBRARY, *ALONE]
    expected = [(label, sorted(members)) for label, members in labels(texts)]
    for seed in range(5):
        mixed = texts.copy()
        Random(seed).shuffle(mixed)
        assert [(label, sorted(members)) for label, members in labels(mixed)] == expected


def test_nothing_and_one_are_no_trouble() -> None:
    assert cluster([], np.zeros((0, 4), dtype=np.float32)) == []
    (one,) = cluster(["가"], np.ones((1, 4), dtype=np.float32) / 2)
    assert (one.label, one.members) == ("가", (0,))


def test_every_item_is_in_exactly_one_cluster() -> None:
    texts = [f"{a} {b}" for a in ("버스", "약국", "날씨") for b in ("언제", "어디", "어때", "있나")] * 2
    found = cluster(texts, HashingEmbedder().embed(texts), farthest=0.3)
    assert sorted(place for one in found for place in one.members) == list(range(len(texts)))
