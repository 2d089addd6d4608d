"""What traces cost: CPU time of text turns with traces on and off, in turn, in one process.

``python bench/tracing.py [--rounds 20] [--json]``. On: every turn sampled, spans batched and encoded as for a
collector, whose answer costs nothing. CPU time of all threads, so another job on the machine hardly matters.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from donghaeng.app import open_for_tests
from donghaeng.app.application import Application
from donghaeng.conversation.door import Opening, Said
from donghaeng.trust import tracing
from donghaeng.trust.tracing import Key, Step, step
from donghaeng.web.figures import Figures

TURNS = (
    "마포구 날씨 어때요",
    "소파를 버리고 싶어요",
    "마포구 양화로 45",
    "아니 처음부터 다시",
    "합정역 근처 약국 알려 줘",
    "기초연금은 누가 받아요",
)
BARE_STEPS = 200_000


class Encoded(SpanExporter):
    """Does what sending does, up to the network."""

    def __init__(self) -> None:
        self.spans = 0
        self.bytes = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += len(spans)
        self.bytes += len(encode_spans(spans).SerializeToString())
        return SpanExportResult.SUCCESS


async def talk(application: Application) -> float:
    """CPU seconds of one conversation's turns."""
    opened = await application.conversations.open(Opening(home_district="마포구", practice=True))
    began = time.process_time()
    for text in TURNS:
        await application.conversations.turn(opened.conversation, opened.token, Said(text=text))
    return time.process_time() - began


async def traced(application: Application, provider: TracerProvider) -> float:
    """The same with traces, their encoding included."""
    tracing.switch_on(provider.get_tracer("bench"))
    spent = await talk(application)
    tracing.switch_off()
    began = time.process_time()
    provider.force_flush()
    return spent + time.process_time() - began


def bare_step_us() -> float:
    """CPU microseconds of a step where traces are off."""
    began = time.process_time()
    for _ in range(BARE_STEPS):
        with step(Step.CALL, {Key.SERVICE: "weather"}) as watch:
            watch.set(Key.OUTCOME, "ok")
    return (time.process_time() - began) / BARE_STEPS * 1e6


async def measure(rounds: int) -> dict[str, float]:
    """Medians over ``rounds`` pairs."""
    async with open_for_tests() as application:
        exporter = Encoded()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        stop = tracing.listen(Figures().step)
        for _ in range(2):
            await talk(application)
            await traced(application, provider)
        exporter.spans = exporter.bytes = 0
        pairs = []
        for at in range(rounds):
            if at % 2:
                on, off = await traced(application, provider), await talk(application)
            else:
                off, on = await talk(application), await traced(application, provider)
            pairs.append((off, on))
        stop()
        provider.shutdown()
    turns = rounds * len(TURNS)
    return {
        "turns": turns,
        "off_ms_a_turn": round(statistics.median(off for off, _ in pairs) / len(TURNS) * 1000, 2),
        "on_ms_a_turn": round(statistics.median(on for _, on in pairs) / len(TURNS) * 1000, 2),
        "ratio": round(statistics.median(on / off for off, on in pairs), 3),
        "spans_a_turn": round(exporter.spans / turns, 1),
        "bytes_a_turn": round(exporter.bytes / turns),
        "bare_step_us": round(bare_step_us(), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = asyncio.run(measure(given.rounds))
    print(json.dumps(found) if given.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
