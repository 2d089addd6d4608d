from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.tower.figures.sketch import RELATIVE_ERROR, ZERO, bucket, quantile, value_of

VALUES = st.lists(st.floats(0.002, 1e6), min_size=1, max_size=60)


@given(VALUES, st.sampled_from([0.01, 0.5, 0.95, 1.0]))
def test_a_quantile_is_as_near_as_promised(values: list[float], share: float) -> None:
    found = quantile(Counter(bucket(value) for value in values), share)
    ordered = sorted(values)
    place = next(n for n in range(len(ordered)) if n + 1 >= share * len(ordered))
    assert found == pytest.approx(ordered[place], rel=RELATIVE_ERROR * 1.0001)


@given(VALUES, VALUES)
def test_two_sketches_added_are_the_sketch_of_both(one: list[float], other: list[float]) -> None:
    whole = Counter(bucket(value) for value in [*one, *other])
    parts = Counter(bucket(value) for value in one) + Counter(bucket(value) for value in other)
    assert whole == parts


def test_the_edges() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({ZERO: 3}, 0.5) == 0.0
    assert bucket(0.0) == ZERO
    assert value_of(bucket(1e300)) == value_of(bucket(1e200))
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            bucket(wrong)
    with pytest.raises(ValueError, match="no bucket"):
        value_of("99999")
