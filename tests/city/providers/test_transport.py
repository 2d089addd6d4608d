from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from tests.spans import kept_spans

from donghaeng.city.providers.cache import AnswerCache
from donghaeng.city.providers.quota import DailyQuota
from donghaeng.city.providers.transport import ATTEMPTS, FIRST_WAIT_S, Request, Transport
from donghaeng.city.waiting import Wait, somebody_waits
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaUsedUp,
)

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
SECRET = "s3cretkey"


class Line:
    """A transport over answers given one after the other; records pauses."""

    def __init__(self, *answers: int | Exception, limits: dict[str, int] | None = None) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.pauses: list[float] = []
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.now_s = 0.0
        self.transport = Transport(
            self.client,
            DailyQuota(limits or {}),
            sleep=self._sleep,
            rng=random.Random(1),
            tick=lambda: self.now_s,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, text="body")

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def read(self, parse: Callable[[str], str] = str) -> str:
        request = Request(
            "bus", "GET", f"http://x.invalid/{SECRET}/json", quota="bus", params={"serviceKey": SECRET}
        )
        return await self.transport.read(request, NOW, parse)


async def test_a_read_is_tried_again_with_growing_jitter() -> None:
    line = Line(503, httpx.ReadTimeout("slow"), 200)
    assert await line.read() == "body"
    assert line.asked == 3
    assert 0 <= line.pauses[0] <= FIRST_WAIT_S
    assert 0 <= line.pauses[1] <= 2 * FIRST_WAIT_S


async def test_a_broken_answer_is_tried_again() -> None:
    line = Line(200, 200)
    seen = []

    def parse(body: str) -> str:
        seen.append(body)
        if len(seen) == 1:
            raise MalformedAnswer("bus", "broken")
        return "rows"

    assert await line.read(parse) == "rows"


@pytest.mark.parametrize(
    ("answers", "error", "asked"),
    [
        ((500,) * 5, ProviderUnavailable, ATTEMPTS),
        ((httpx.ConnectError("refused"),) * 5, ProviderUnavailable, ATTEMPTS),
        ((httpx.ReadTimeout("slow"),) * 5, ProviderTimeout, ATTEMPTS),
        ((401,), ProviderDenied, 1),
        ((403,), ProviderDenied, 1),
        ((429,), QuotaUsedUp, 1),
        ((404,), ProviderError, 1),
        ((302,), ProviderError, 1),
    ],
)
async def test_http_faults_in_our_tree(
    answers: tuple[int | Exception, ...], error: type[ProviderError], asked: int
) -> None:
    line = Line(*answers)
    with pytest.raises(error) as raised:
        await line.read()
    assert type(raised.value) is error
    assert line.asked == asked
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_no_new_attempt_begins_when_somebody_has_waited_long() -> None:
    line = Line(500, 500, 500)

    async def slow(seconds: float) -> None:
        line.now_s += 20

    line.transport._sleep = slow
    with pytest.raises(ProviderUnavailable):
        await line.read()
    assert line.asked == 2


async def test_a_time_that_ran_out_is_not_tried_again_but_a_quick_failure_is() -> None:
    hangs = Line(httpx.ReadTimeout("late"), 200)
    real = hangs._answer

    def late(request: httpx.Request) -> httpx.Response:
        hangs.now_s += 4
        return real(request)

    hangs.client._transport = httpx.MockTransport(late)
    with pytest.raises(ProviderTimeout):
        await hangs.read()
    assert hangs.asked == 1
    quick = Line(500, 200)
    assert await quick.read() == "body"


async def test_reads_of_one_turn_share_its_time() -> None:
    """The first takes nearly all of it, so the second is not sent; for the next turn it is."""
    line = Line(200, 200)
    turn = Wait(4.5)
    with somebody_waits(turn):
        assert await line.read() == "body"
        line.now_s += 4.4
        with pytest.raises(ProviderTimeout):
            await line.read()
    assert line.asked == 1
    with somebody_waits(Wait(4.5)):
        assert await line.read() == "body"
    assert await Line(200).read() == "body", "nobody waits for what is done in the background"


async def test_what_is_not_sent_for_want_of_time_counts_against_no_provider() -> None:
    line = Line(200)
    with somebody_waits(Wait(0.1)):
        for _ in range(20):
            with pytest.raises(ProviderTimeout):
                await line.read()
    assert await line.read() == "body"


async def test_every_attempt_counts_against_the_quota() -> None:
    line = Line(500, 500, 200, limits={"bus": 2})
    with pytest.raises(QuotaUsedUp):
        await line.read()
    assert line.asked == 2


async def test_the_quota_starts_anew_at_midnight_in_korea() -> None:
    quota = DailyQuota({"bus": 1})
    late = datetime.fromisoformat("2026-11-23T14:59:59+00:00")
    await quota.take("bus", late)
    with pytest.raises(QuotaUsedUp):
        await quota.take("bus", late)
    await quota.take("bus", late + timedelta(seconds=1))
    await quota.take("free", late)
    assert quota.used("bus", late) == 0


async def test_keys_do_not_reach_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert await Line(200).read() == "body"
    assert SECRET not in caplog.text


async def test_the_cache_serves_for_the_refresh_time_and_no_longer() -> None:
    cache, calls = AnswerCache(max_entries=2), []

    async def fetch() -> int:
        calls.append(1)
        return len(calls)

    assert await cache.get("a", 10, NOW, fetch) == 1
    assert await cache.get("a", 10, NOW + timedelta(seconds=9), fetch) == 1
    assert await cache.get("a", 10, NOW + timedelta(seconds=10), fetch) == 2
    assert await cache.get("a", 10, NOW, fetch) == 3  # a clock set back
    await cache.get("b", 10, NOW, fetch)
    await cache.get("c", 10, NOW, fetch)
    assert await cache.get("a", 10, NOW, fetch) == 6
    assert not cache._fetching


async def test_callers_that_miss_at_once_share_one_fetch_and_its_end() -> None:
    """Nobody waits for one slow failure after the other."""
    cache, calls, gate = AnswerCache(), [], asyncio.Event()

    async def fetch() -> int:
        calls.append(1)
        await gate.wait()
        if len(calls) == 1:
            raise ProviderTimeout("bus", "slow")
        return len(calls)

    async def all_at_once() -> list[int | BaseException]:
        waiting = [asyncio.create_task(cache.get("a", 10, NOW, fetch)) for _ in range(3)]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert {type(one) for one in await all_at_once()} == {ProviderTimeout}
    assert len(calls) == 1
    assert await all_at_once() == [2, 2, 2]
    assert not cache._fetching


async def test_a_caller_that_goes_away_takes_the_fetch_from_nobody() -> None:
    cache, gate = AnswerCache(), asyncio.Event()

    async def fetch() -> int:
        await gate.wait()
        return 1

    first, second = (asyncio.create_task(cache.get("a", 10, NOW, fetch)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await second == 1
    assert first.cancelled()


@pytest.mark.parametrize(("provider", "told"), [("gateway", True), ("bus", False), ("seoul", False)])
async def test_a_trace_goes_on_at_the_citys_own_gateway_and_nobody_elses(provider: str, told: bool) -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(503 if len(seen) == 1 else 200, text="body")

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    transport = Transport(client, DailyQuota({}), sleep=lambda _: asyncio.sleep(0))
    request = Request(
        provider, "GET", f"http://x.invalid/{SECRET}", quota=f"{provider} a/b", params={"k": SECRET}
    )
    with kept_spans() as kept:
        await transport.read(request, NOW, str)
    await transport.read(request, NOW, str)
    spans = kept.get_finished_spans()
    assert [dict(span.attributes or {}) for span in spans] == [
        {
            "donghaeng.provider": provider,
            "donghaeng.interface": f"{provider} a/b",
            "http.request.method": "GET",
            "http.response.status_code": status,
        }
        for status in (503, 200)
    ]
    assert SECRET not in "".join(span.to_json() for span in spans)
    assert [("traceparent" in headers) for headers in seen] == [told, told, False]
