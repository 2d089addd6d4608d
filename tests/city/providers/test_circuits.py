"""Circuit breakers: the machine alone, then in front of a provider."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.city.providers.test_transport import NOW, Line

from donghaeng.city.providers.circuits import FAILURES, OPEN_S, WINDOW_S, Circuit, Circuits, CircuitState
from donghaeng.city.providers.transport import ATTEMPTS, Reply, Request, check_status
from donghaeng.errors import MalformedAnswer, ProviderDenied, ProviderError, ProviderUnavailable


def opened(at: float = 0.0) -> Circuit:
    circuit = Circuit()
    for _ in range(FAILURES):
        assert circuit.lets_through(at)
        circuit.failed(at)
    assert circuit.state is CircuitState.OPEN
    return circuit


def test_failures_in_a_row_open_it_and_one_probe_closes_it() -> None:
    circuit = opened()
    assert not circuit.lets_through(OPEN_S - 0.1)
    assert circuit.lets_through(OPEN_S)
    assert not circuit.lets_through(OPEN_S + 1)
    circuit.answered()
    assert circuit.lets_through(OPEN_S + 1)
    circuit.failed(OPEN_S + 1)
    assert circuit.state is CircuitState.CLOSED


def test_a_probe_that_fails_opens_it_again_at_once() -> None:
    circuit = opened()
    assert circuit.lets_through(OPEN_S)
    circuit.failed(OPEN_S + 4)
    assert not circuit.lets_through(2 * OPEN_S + 3)
    assert circuit.lets_through(2 * OPEN_S + 4)


def test_a_probe_that_never_ends_keeps_nobody_out_for_ever() -> None:
    circuit = opened()
    assert circuit.lets_through(OPEN_S)
    assert circuit.lets_through(2 * OPEN_S)


def test_an_answer_between_or_a_long_pause_keeps_it_closed() -> None:
    circuit = Circuit()
    for at in range(4 * FAILURES):
        if at % (FAILURES - 1) == 0:
            circuit.answered()
        circuit.failed(at)
        assert circuit.state is CircuitState.CLOSED
    seldom = Circuit()
    for number in range(3 * FAILURES):
        seldom.failed(number * WINDOW_S)
        assert seldom.state is CircuitState.CLOSED


@given(
    st.lists(
        st.tuples(st.sampled_from(["ask", "answered", "failed"]), st.floats(-100, 100)),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_happens_it_lets_somebody_through_within_its_time(steps: list[tuple[str, float]]) -> None:
    """The clock may jump back too."""
    circuit, at, waiting = Circuit(), 0.0, 0
    for step, later in steps:
        at += later
        match step:
            case "ask":
                waiting += circuit.lets_through(at)
            case "answered" if waiting:
                waiting -= 1
                circuit.answered()
                assert circuit.lets_through(at)
            case "failed" if waiting:
                waiting -= 1
                circuit.failed(at)
    assert circuit.lets_through(at) or circuit.lets_through(at + OPEN_S)


class Provider(Line):
    """A provider behind circuits, and what was told of them."""

    def __init__(self, *answers: int | Exception) -> None:
        super().__init__(*answers)
        self.told: list[tuple[str, str]] = []
        self.transport._circuits = Circuits(lambda name, state: self.told.append((name, state.value)))

    async def send(self) -> str:
        request = Request("gateway", "POST", "http://x.invalid/v1", quota="gateway")
        return await self.transport.send(request, NOW, _taken)


def _taken(reply: Reply) -> str:
    if reply.status == 409:
        raise ProviderError("gateway", "refused")
    return check_status("gateway", reply)


async def test_while_it_is_open_nothing_is_sent() -> None:
    line = Provider(*[httpx.ConnectError("refused")] * ATTEMPTS * FAILURES, 200, 200)
    for _ in range(FAILURES):
        with pytest.raises(ProviderUnavailable):
            await line.read()
    asked = line.asked
    with pytest.raises(ProviderUnavailable, match="left alone"):
        await line.read()
    assert line.asked == asked
    assert await line.send()  # another provider's circuit
    line.now_s += OPEN_S
    assert await line.read() == "body"
    assert line.told == [("bus", "open"), ("bus", "half_open"), ("bus", "closed")]


async def test_broken_answers_count_and_refusals_do_not() -> None:
    def broken(body: str) -> str:
        raise MalformedAnswer("bus", "broken")

    line = Provider(*[200] * ATTEMPTS * FAILURES)
    for _ in range(FAILURES):
        with pytest.raises(MalformedAnswer):
            await line.read(broken)
    with pytest.raises(ProviderUnavailable, match="left alone"):
        await line.read()
    refused = Provider(*[401] * 3 * FAILURES)
    for _ in range(3 * FAILURES):
        with pytest.raises(ProviderDenied):
            await refused.read()


async def test_a_write_is_sent_once_and_counts_once() -> None:
    line = Provider(*[503] * FAILURES, 200)
    for number in range(1, FAILURES + 1):
        with pytest.raises(ProviderUnavailable):
            await line.send()
        assert line.asked == number
    with pytest.raises(ProviderUnavailable, match="left alone"):
        await line.send()
    assert line.asked == FAILURES


async def test_a_write_that_the_city_refused_is_an_answer() -> None:
    line = Provider(*[409] * 2 * FAILURES)
    for _ in range(2 * FAILURES):
        with pytest.raises(ProviderError, match="refused"):
            await line.send()
    assert line.told == []
