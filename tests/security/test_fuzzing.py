"""Bytes of anybody crash nothing: a few hundred made from each target's examples."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.measuring.fuzz_targets import TARGETS, Target, tried

EXAMPLES = 120


def spoilt(examples: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """An example with a piece taken out, put in or written over, or any bytes."""

    @st.composite
    def one(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from(examples))
        for _ in range(draw(st.integers(1, 4))):
            begin = draw(st.integers(0, len(data)))
            end = draw(st.integers(begin, min(len(data), begin + 12)))
            data = data[:begin] + draw(st.binary(max_size=12) | st.sampled_from(examples)) + data[end:]
        return data

    return one() | st.binary(max_size=300) | st.text(max_size=100).map(str.encode)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_nothing_that_anybody_sends_crashes(name: str) -> None:
    target = TARGETS[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(spoilt(target.examples))
    def check(data: bytes) -> None:
        tried(target, data)

    check()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_examples_are_taken(name: str) -> None:
    for example in TARGETS[name].examples:
        tried(TARGETS[name], example)


def test_an_error_of_ours_is_an_answer_and_any_other_is_a_crash() -> None:
    def refuse(data: bytes) -> None:
        raise InputError("no")

    def crash(data: bytes) -> None:
        raise ZeroDivisionError

    tried(Target(refuse, ()), b"")
    with pytest.raises(ZeroDivisionError):
        tried(Target(crash, ()), b"")
