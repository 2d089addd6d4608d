from __future__ import annotations

from dataclasses import replace

import httpx
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.web.app import create_app
from donghaeng.web.limits import LIMITS, MOST_KEYS, Limits, TokenBuckets, address_of
from donghaeng.web.services import WebServices


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(min_value=0, max_value=3), max_size=200))
def test_an_address_never_gets_more_than_burst_and_refill(pauses: list[float]) -> None:
    clock = Clock()
    buckets = TokenBuckets(burst=5, refill_per_second=2, clock=clock)
    granted = 0
    for pause in pauses:
        clock.now += pause
        granted += buckets.take("a") == 0.0
        assert granted <= 5 + 2 * clock.now + 1e-6


def test_the_wait_that_is_named_suffices() -> None:
    clock = Clock()
    buckets = TokenBuckets(burst=1, refill_per_second=4, clock=clock)
    assert buckets.take("a") == 0.0
    wait = buckets.take("a")
    assert wait > 0.0
    assert buckets.take("b") == 0.0
    clock.now += wait
    assert buckets.take("a") == 0.0


def test_memory_is_bounded() -> None:
    buckets = TokenBuckets(burst=1, refill_per_second=1, clock=Clock())
    for number in range(MOST_KEYS + 50):
        buckets.take(str(number))
    assert len(buckets) == MOST_KEYS


def test_limits_of_different_names_do_not_count_for_each_other() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    for name, limit in LIMITS.items():
        waits = [limits.take(name, "a") for _ in range(int(limit.burst) + 1)]
        assert waits[:-1] == [0.0] * int(limit.burst)
        assert waits[-1] == 1 / limit.per_second
        clock.now += waits[-1] * 1.001
        assert limits.take(name, "a") == 0.0
    assert all(Limits(on=False).take("codes", "a") == 0.0 for _ in range(100))


def test_one_network_of_ipv6_shares_a_bucket() -> None:
    first = address_of({"client": ("2001:db8:1:2::1", 1)})
    second = address_of({"client": ("2001:db8:1:2:ffff::9", 2)})
    other = address_of({"client": ("2001:db8:1:3::1", 3)})
    assert first == second != other
    assert address_of({"client": ("203.0.113.9", 1)}) == "203.0.113.9"
    assert address_of({"client": ("::ffff:203.0.113.9", 1)}) == "203.0.113.9"
    assert address_of({"client": None}) == "unknown"
    assert address_of({"client": ("testclient", 1)}) == "testclient"


async def test_calls_above_the_limit_are_told_when_to_come_back(services: WebServices, settings) -> None:
    strict = replace(services, settings=settings.model_copy(update={"rate_limit": "on"}))
    transport = httpx.ASGITransport(create_app(strict, clock=Clock()), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        burst = int(LIMITS["requests"].burst)
        statuses = [(await client.get("/v1/services")).status_code for _ in range(burst + 1)]
        refused = await client.get("/v1/services")
        assert statuses == [200] * burst + [429]
        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["x-content-type-options"] == "nosniff"
        assert (await client.get("/healthz")).status_code == 200
