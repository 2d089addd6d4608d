"""`donghaeng bench tower`: a generated year of conversations, counted, and the pages over it timed.

The conversations are made up from a seed: kinds of events, services and outcomes, no words and no persons.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import insert, select

from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.figures import cpu_seconds
from donghaeng.store import Store, figures
from donghaeng.store.tables import conversations, events
from donghaeng.tower.figures import rolling
from donghaeng.tower.figures.asking import Range, cuts_of
from donghaeng.tower.figures.definitions import Definitions
from donghaeng.tower.figures.drilling import conversations_of
from donghaeng.tower.figures.folding import Cell, hour_of
from donghaeng.tower.figures.sketch import bucket
from donghaeng.tower.figures.viewing import Wanted, cards, draw, series

YEAR_FROM: Final = date(2026, 1, 1)
DAYS: Final = 365
CHUNK: Final = 2_000
SEED: Final = 11
_NAMES: Final = (
    "종로구 중구 용산구 성동구 광진구 동대문구 중랑구 성북구 강북구 도봉구 노원구 은평구 서대문구 마포구 "
    "양천구 강서구 구로구 금천구 영등포구 동작구 관악구 서초구 강남구 송파구 강동구"
)
DISTRICTS: Final = tuple(_NAMES.split(" "))
_HOURS: Final = (1, 1, 1, 1, 2, 5, 9, 14, 20, 22, 20, 16, 14, 16, 16, 14, 12, 10, 8, 6, 5, 4, 3, 2)
_PROVIDERS: Final = ("bus", "gateway", "kma", "knowledge", "welfare")

Told = tuple[str, dict[str, Any]]


def made_events(chance: Random, services: list[str]) -> list[Told]:
    """The events of one conversation, ten on average: one service, sometimes not understood or left."""
    service = chance.choice(services)
    provider = chance.choice(_PROVIDERS)
    failed = chance.random() < 0.03
    told: list[Told] = [
        ("ConversationOpened", {"channel": "web", "known_again": False}),
        ("UtteranceHeard", {"acts": [{"kind": "ask", "service": service, "score": 0.9}]}),
    ]
    if chance.random() < 0.15:
        told += [
            ("Missed", {}),
            ("Replied", {"phrases": []}),
            ("UtteranceHeard", {"acts": [{"kind": "repeat"}]}),
        ]
    told += [
        ("FrameOpened", {"service": service, "about_answer": False}),
        ("Asked", {"kind": "slot", "slot": "stop", "attempt": int(chance.random() < 0.1)}),
        ("Replied", {"phrases": []}),
    ]
    if chance.random() < 0.12:
        return told
    told += [
        ("UtteranceHeard", {"acts": [{"kind": "fill", "score": 0.8}]}),
        ("CallRequested", {"call": "k", "service": service, "operation": f"{provider}.x", "effect": "read"}),
        ("CallFinished", {"call": "k", "outcome": "failed" if failed else "ok"}),
        ("FrameClosed", {"outcome": "failed" if failed else "completed"}),
        ("Replied", {"phrases": []}),
    ]
    if failed or chance.random() < 0.05:
        told.append(("HandoverChanged", {"state": "queued"}))
    return told


def fill(store: Store, count: int, services: list[str], progress: Progress = no_progress) -> int:
    """Put ``count`` conversations over a year into the log; how many events they have."""
    chance = Random(SEED)  # noqa: S311  repeatable, no secret
    total = 0
    for begin in range(0, count, CHUNK):
        rows, happened = _chunk(chance, range(begin, min(count, begin + CHUNK)), services)

        def work(tx: Any, rows: Any = rows, happened: Any = happened) -> None:
            tx.connection.execute(insert(conversations), rows)
            tx.connection.execute(insert(events), happened)

        store.run(work)
        total += len(happened)
        progress(begin + len(rows), count)
    return total


def _chunk(chance: Random, numbers: range, services: list[str]) -> tuple[list[Any], list[Any]]:
    rows, happened = [], []
    start = datetime(YEAR_FROM.year, 1, 1, tzinfo=figures.CITY_TIME).astimezone(UTC)
    for number in numbers:
        name = f"c_made_{number:09d}"
        hour = chance.choices(range(24), _HOURS)[0]
        at = start + timedelta(days=chance.randrange(DAYS), hours=hour, seconds=chance.randrange(3600))
        told = made_events(chance, services)
        rows.append(
            {
                "id": name,
                "token_hash": name,
                "channel": chance.choices(("phone", "kiosk", "web", "chat"), (5, 2, 2, 1))[0],
                "opened_at": at,
                "practice": False,
                "home_district": chance.choice(DISTRICTS) if chance.random() < 0.7 else None,
                "catalogue_version": "made",
                "last_seq": len(told),
            }
        )
        happened += [
            {
                "conversation_id": name,
                "seq": seq,
                "turn": 1,
                "kind": kind,
                "at": at + timedelta(seconds=5 * seq),
                "public": public,
            }
            for seq, (kind, public) in enumerate(told, 1)
        ]
    return rows, happened


def roll_all(store: Store, count: int, progress: Progress = no_progress) -> tuple[int, float, float]:
    """Count all that is new: events, seconds, and seconds of processor."""
    began, cpu, read, done = time.perf_counter(), cpu_seconds(), 0, 0
    while True:
        step = store.run(rolling.roll)
        read, done = read + step.events, done + step.conversations
        progress(done, count)
        if not step.conversations:
            break
    while store.run(lambda tx: rolling.count_left(tx, datetime(YEAR_FROM.year + 1, 1, 2, tzinfo=UTC))):
        pass
    return read, time.perf_counter() - began, cpu_seconds() - cpu


def measure_seconds(store: Store) -> None:
    """A year of measured seconds and confidences, forty an hour."""
    chance = Random(SEED)  # noqa: S311
    start = hour_of(datetime(YEAR_FROM.year, 1, 1, tzinfo=UTC))
    for day in range(DAYS):
        cells: dict[Cell, float] = {}
        for hour in range(24):
            at = start + timedelta(days=day, hours=hour)
            for measure, middle in (("turn_seconds", 0.1), ("first_sound", 1.2), ("confidence", 0.7)):
                for _ in range(40):
                    cell = Cell(at, measure, "bucket", bucket(middle * chance.lognormvariate(0, 0.5)))
                    cells[cell] = cells.get(cell, 0) + 1
        store.run(partial(figures.add, cells=cells))


def pages(store: Store, definitions: Definitions, services: list[str]) -> Iterator[tuple[str, float, float]]:
    """The seconds of every page, by the clock and of processor: a year's cards, and each metric with each of
    its cuts drawn."""
    year = Range(YEAR_FROM, YEAR_FROM + timedelta(DAYS - 1))
    names = {service: service for service in services}

    def whole(metric: str, cut: str) -> None:
        wanted = Wanted(year, metric, cut)
        store.look(lambda tx: cards(tx, definitions, wanted))
        for name, one in store.look(lambda tx: series(tx, definitions, wanted, names)).items():
            draw(name, one)

    whole("conversations", "channel")  # the first chart of a process loads its library
    for metric in definitions.metrics:
        for cut in cuts_of(metric) or ("",):
            yield f"{metric.id} {cut}".strip(), *_seconds(partial(whole, metric.id, cut))
    day = YEAR_FROM + timedelta(200)
    for metric in definitions.metrics:
        if metric.formula.kind != "quantile":
            drilled = partial(conversations_of, metric=metric, day=day)
            yield f"conversations of {metric.id}", *_seconds(partial(store.look, drilled))


def run(
    store: Store,
    definitions: Definitions,
    services: list[str],
    *,
    count: int,
    progress: Progress = no_progress,
) -> JsonObject:
    """Make, count and look; the figures of all three."""
    filled = store.look(lambda tx: tx.connection.execute(select(conversations.c.id).limit(1)).first())
    if filled is None:
        fill(store, count, services, progress)
        measure_seconds(store)
    read, seconds, cpu = roll_all(store, count, progress)
    timed = sorted(pages(store, definitions, services), key=lambda one: -one[1])
    every = [value for _, value, _ in timed]
    costly = sorted(timed, key=lambda one: -one[2])
    return {
        "conversations": count,
        "events_counted": read,
        "roll_seconds": round(seconds, 1),
        "events_per_s": round(read / seconds) if read else None,
        "cpu_us_per_event": round(cpu / read * 1e6, 1) if read else None,
        "pages": len(every),
        "slowest_page_s": round(every[0], 3),
        "slowest_page": timed[0][0],
        "median_page_s": round(every[len(every) // 2], 3),
        "slowest": [[name, round(value, 3)] for name, value, _ in timed[:8]],
        "most_cpu_page_s": round(costly[0][2], 3),
        "most_cpu": [[name, round(cpu, 3)] for name, _, cpu in costly[:8]],
    }


def _seconds(work: Callable[[], Any]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), cpu_seconds()
    work()
    return time.perf_counter() - began, cpu_seconds() - cpu
