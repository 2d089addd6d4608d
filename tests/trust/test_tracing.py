"""Spans carry keys of one list and values that tell of nobody; where they are off, nothing is made."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import get_tracer_provider
from tests.spans import kept_spans

from donghaeng.errors import InputError
from donghaeng.trust import tracing
from donghaeng.trust.tracing import LEFT_OUT, Key, Step, clean, context_from, outgoing, running_trace, step

UTTERANCE = "쇼파를 내다 버려야 쓰겄는디"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = (b"traceparent", f"00-{TRACE}-b7ad6b7169203331-01".encode())


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    with kept_spans() as kept:
        yield kept


def one(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


@pytest.mark.parametrize(
    "value",
    [
        "bulky_waste",
        "data.go.kr 1360000/VilageFcstInfoService_2.0/getVilageFcst",
        "/v1/conversations/{conversation}/turns",
        "ProviderTimeout",
        "(no route)",
        0.93,
        3,
        True,
    ],
)
def test_what_is_ours_is_told(value: object) -> None:
    assert clean(value) == value


@pytest.mark.parametrize(
    "value",
    [
        UTTERANCE,
        "900101-1234567",
        "card 5274930188462713",
        "010-1234-5678",
        "call 01012345678",
        "kim@example.com",
        9001011234567,
        821012345678,
        -1e12,
        "a" * 200,
        "",
        "two\nlines",
    ],
)
def test_what_could_tell_of_somebody_is_left_out(value: object) -> None:
    assert clean(value) == LEFT_OUT


def test_an_error_tells_its_class_not_its_words(spans: InMemorySpanExporter) -> None:
    def fail() -> None:
        with step(Step.TURN, {Key.MEDIUM: "text"}) as watch:
            watch.set(Key.SERVICE, UTTERANCE)
            raise InputError(UTTERANCE)

    with pytest.raises(InputError):
        fail()
    span = one(spans)
    assert span.name == "donghaeng.turn"
    assert dict(span.attributes or {}) == {
        Key.MEDIUM: "text",
        Key.SERVICE: LEFT_OUT,
        Key.ERROR: "InputError",
    }
    assert not span.status.is_ok
    assert span.events == ()
    assert UTTERANCE not in span.to_json()


async def test_steps_belong_to_the_step_around_them_in_tasks_and_threads_too(
    spans: InMemorySpanExporter,
) -> None:
    def masked() -> None:
        with step(Step.MASK):
            pass

    async def called() -> None:
        with step(Step.CALL):
            await asyncio.to_thread(masked)

    with step(Step.TURN):
        await asyncio.gather(called(), called())
    found = spans.get_finished_spans()
    (turn,) = [span for span in found if span.name == "donghaeng.turn"]
    calls = [span for span in found if span.name == "donghaeng.call"]
    masks = [span for span in found if span.name == "donghaeng.mask"]
    assert len(calls) == len(masks) == 2
    assert {span.parent.span_id for span in calls if span.parent} == {turn.context.span_id}
    assert {span.parent.span_id for span in masks if span.parent} == {span.context.span_id for span in calls}


def test_a_callers_traceparent_is_gone_on_with_and_nothing_else_of_theirs(
    spans: InMemorySpanExporter,
) -> None:
    parent = context_from([PARENT, (b"baggage", b"phone=01012345678")])
    with step(Step.REQUEST, parent=parent):
        assert running_trace() == TRACE
        assert list(outgoing()) == ["traceparent"]
        assert TRACE in outgoing()["traceparent"]
    assert f"{one(spans).context.trace_id:032x}" == TRACE
    assert running_trace() is None


def test_a_traceparent_that_is_none_begins_a_trace_of_ours(spans: InMemorySpanExporter) -> None:
    for header in (b"", b"00-zz-1-01", b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", "가".encode()):
        with step(Step.REQUEST, parent=context_from([(b"traceparent", header)])):
            pass
    numbers = {span.context.trace_id for span in spans.get_finished_spans()}
    assert len(numbers) == 4
    assert 0 not in numbers


def test_steps_are_timed_whether_traced_or_not() -> None:
    told: list[tuple[Step, float]] = []
    stop = tracing.listen(lambda what, seconds: told.append((what, seconds)))
    with step(Step.MASK):
        pass
    stop()
    with step(Step.DECIDE):
        pass
    ((what, seconds),) = told
    assert what is Step.MASK
    assert seconds >= 0


def test_off_nothing_of_opentelemetry_is_loaded_and_no_header_read() -> None:
    program = (
        "import sys\n"
        "from donghaeng.trust.tracing import *\n"
        "with step(Step.TURN, {Key.MEDIUM: 'text'}) as watch:\n"
        "    watch.set(Key.SERVICE, 'ask')\n"
        "assert context_from([(b'traceparent', b'x')]) is None and outgoing() == {}\n"
        "assert running_trace() is None\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_library_finds_a_provider_of_ours(spans: InMemorySpanExporter) -> None:
    with step(Step.TURN):
        assert type(get_tracer_provider()).__name__ == "ProxyTracerProvider"
