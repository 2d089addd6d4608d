"""Digests of addresses in log lines: they bind lines of a day together and tell nobody the address."""

from __future__ import annotations

import itertools

from donghaeng.trust.sources import ROTATED_SECONDS, Sources

ADDRESS = "203.0.113.7"


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_address_has_one_digest_for_a_day_and_another_one_then() -> None:
    time = Time()
    sources = Sources(time)
    first = sources.digest(ADDRESS)
    assert first != sources.digest("203.0.113.8")
    time.now = ROTATED_SECONDS - 1
    assert sources.digest(ADDRESS) == first
    time.now = ROTATED_SECONDS
    assert sources.digest(ADDRESS) != first
    assert sources.digest(ADDRESS) != Sources(time).digest(ADDRESS), "another process has another key"


def test_the_key_is_chance_and_a_digest_is_letters_that_no_number_looks_like() -> None:
    keys = itertools.count(1)
    sources = Sources(Time(), entropy=lambda size: bytes([next(keys)]) * size)
    assert sources.digest(ADDRESS) != Sources(Time(), entropy=lambda size: b"\x09" * size).digest(ADDRESS)
    digests = {sources.digest(f"198.51.100.{last}") for last in range(256)}
    assert len(digests) == 256
    assert all(len(one) == 12 and one.isalpha() for one in digests)
