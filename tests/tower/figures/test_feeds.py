"""Feeds of other systems: each batch once, each wrong row named, clocks held against ours."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tower.figures.conftest import NOW

from donghaeng.errors import InputError
from donghaeng.store import Store, figures
from donghaeng.tower.figures import feeds, otlp
from donghaeng.tower.figures.points import MOST_POINTS, take

POINT = {"metric": "conversations", "at": NOW.isoformat(), "value": 12}
CUT = {**POINT, "dimension": "channel", "key": "전화"}


@pytest.fixture
def system(store: Store) -> feeds.System:
    token = store.run(lambda tx: feeds.register(tx, "parking", "주차 안내", NOW, every_seconds=600))
    found = store.look(lambda tx: feeds.bearer(tx, "parking", token))
    assert found is not None
    return found


def accept(store: Store, system: feeds.System, batch: str, *points: Any, late: float = 0.0) -> feeds.Receipt:
    sent = NOW - timedelta(seconds=late)
    return store.run(lambda tx: feeds.accept(tx, system, batch, sent, points, now=NOW))


def total(store: Store, metric: str = "conversations", dimension: str = "all", key: str = "") -> float:
    day = NOW.date()
    found = store.look(
        lambda tx: figures.sums(tx, [metric], day, day, dimensions=[dimension], system="parking")
    )
    return sum(one.value for one in found if key in {"", one.key})


def test_a_batch_counts_once_and_its_receipt_is_given_again(store: Store, system: feeds.System) -> None:
    first = accept(store, system, "b1", POINT, CUT, {"metric": "vibes"})
    assert (first.accepted, [one.row for one in first.refused], first.replayed) == (2, [2], False)
    again = accept(store, system, "b1", POINT, CUT, {"metric": "vibes"}, late=3600)
    assert (again.accepted, again.refused, again.replayed) == (2, first.refused, True)
    assert (total(store), total(store, dimension="channel", key="전화")) == (12, 12)
    accept(store, system, "b2", POINT)
    assert total(store) == 24
    assert store.look(lambda tx: figures.sums(tx, ["conversations"], NOW.date(), NOW.date())) == []


def test_a_clock_that_is_off_is_told_and_nothing_counted(store: Store, system: feeds.System) -> None:
    assert accept(store, system, "b1", POINT, late=200).skew_seconds == -200
    with pytest.raises(InputError, match="-301 seconds off"):
        accept(store, system, "b2", POINT, late=301)
    with pytest.raises(InputError, match=r"\+301 seconds off"):
        accept(store, system, "b2", POINT, late=-301)
    assert total(store) == 12


def test_a_token_opens_its_own_system_until_it_is_taken_back(store: Store) -> None:
    def given(name: str, **more: Any) -> str:
        return store.run(lambda tx: feeds.register(tx, name, name, NOW, every_seconds=60, **more))

    old, other = given("a"), given("b")
    new = given("a", metrics=["turns"])

    def opens(name: str, token: str) -> bool:
        return store.look(lambda tx: feeds.bearer(tx, name, token)) is not None

    assert [opens("a", old), opens("a", other), opens("a", new), opens("b", other)] == [
        False,
        False,
        True,
        True,
    ]
    assert store.run(lambda tx: feeds.stop(tx, "a", NOW))
    assert not opens("a", new)
    with pytest.raises(InputError, match="counts its own events"):
        given(figures.OWN)
    with pytest.raises(InputError, match="no metric vibes"):
        given("c", metrics=["vibes"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"metric": "vibes"}, "metric: one of"),
        ({"at": "yesterday"}, "at: an ISO 8601"),
        ({"at": "2026-11-23T10:00:00"}, "offset is missing"),
        ({"at": "2026-02-30T10:00:00+09:00"}, "at: an ISO 8601"),
        ({"at": "0001-01-01T00:00:00+23:00"}, "no moment of this calendar"),
        ({"at": (NOW + timedelta(minutes=6)).isoformat()}, "in the future by 360 seconds"),
        ({"at": (NOW - timedelta(days=32)).isoformat()}, "more than 31 days ago"),
        ({"value": -1}, "value: from 0"),
        ({"value": float("nan")}, "value: from 0"),
        ({"value": True}, "value: a number"),
        ({"value": "12"}, "value: a number"),
        ({"dimension": "person", "key": "x"}, "dimension: one of"),
        ({"dimension": "bucket", "key": "3"}, "dimension: one of"),
        ({"key": "x"}, "key: none"),
        ({"dimension": "channel", "key": "=cmd()"}, "key: a name"),
        ({"dimension": "channel", "key": "010-1234-5678"}, "looks like personal data"),
        ({"name": "김복순"}, "unknown members"),
        ({"count": 3}, "only a measured value"),
    ],
)
def test_each_wrong_row_says_what_is_wrong(change: dict[str, Any], why: str) -> None:
    taken = take([POINT, {**POINT, **change}], NOW)
    assert taken.accepted == 1
    ((row, said),) = [(one.row, one.why) for one in taken.refused]
    assert row == 1
    assert why in said


def test_a_token_of_some_metrics_reports_no_other() -> None:
    assert take([POINT], NOW, ["turns"]).refused[0].why == "metric: the token may not report it"


def test_measured_values_become_a_sketch() -> None:
    taken = take([{"metric": "turn_seconds", "at": NOW.isoformat(), "value": 1.5, "count": 4}], NOW)
    ((cell, count),) = taken.cells.items()
    assert (cell.dimension, count) == ("bucket", 4)


def test_a_batch_has_a_size(store: Store, system: feeds.System) -> None:
    with pytest.raises(InputError, match="5000 at most"):
        accept(store, system, "b", *([POINT] * (MOST_POINTS + 1)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["metric", "at", "value", "dimension", "key", "count", "sum", "dataPoints"]),
            inner,
        )
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4))
def test_no_row_breaks_the_batch(points: list[Any]) -> None:
    taken = take(points, NOW)
    assert taken.accepted + len(taken.refused) == len(points)


def nano(minutes: float) -> str:
    return str(int((NOW + timedelta(minutes=minutes)).timestamp() * 1e9))


def request(
    kind: str, point: dict[str, Any], temporality: Any = 2, name: str = "donghaeng.conversations"
) -> Any:
    data = {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": [point]}
    metric = {"name": name, kind: data}
    return {"resourceMetrics": [{"resource": {}, "scopeMetrics": [{"metrics": [metric]}]}]}


def counter(value: int, at: float, began: float = -60, **more: Any) -> dict[str, Any]:
    key = {"key": "channel", "value": {"stringValue": "phone"}}
    return {
        "asInt": str(value),
        "startTimeUnixNano": nano(began),
        "timeUnixNano": nano(at),
        "attributes": [key],
    } | more


def send(store: Store, system: feeds.System, document: Any) -> feeds.Receipt:
    body = json.dumps(document).encode()
    return store.run(lambda tx: feeds.accept_otlp(tx, system, body, document, NOW))


def test_a_cumulative_counter_adds_what_it_grew_by(store: Store, system: feeds.System) -> None:
    for value, at in [(10, -30), (10, -20), (14, -10)]:
        assert send(store, system, request("sum", counter(value, at))).accepted == 1
    assert (total(store), total(store, dimension="channel", key="phone")) == (14, 14)
    send(store, system, request("sum", counter(12, -25)))  # an old report that comes late
    assert total(store) == 14
    send(store, system, request("sum", counter(3, -5, began=-6)))  # the counter began anew
    assert total(store) == 17


def test_a_retry_of_a_delta_counts_once(store: Store, system: feeds.System) -> None:
    document = request("sum", counter(5, -1), 1)
    assert not send(store, system, document).replayed
    assert send(store, system, deepcopy(document)).replayed
    assert total(store) == 5


def test_a_histogram_becomes_a_sketch(store: Store, system: feeds.System) -> None:
    point = {"bucketCounts": ["2", "3", "1"], "explicitBounds": [1, 3], "timeUnixNano": nano(-1)}
    receipt = send(store, system, request("histogram", point, 1, "donghaeng.turn_seconds"))
    assert receipt.accepted == 1
    assert total(store, "turn_seconds", "bucket") == 6


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (request("gauge", counter(1, -1)), "only sums and histograms"),
        (request("sum", counter(1, -1), 7), "aggregationTemporality"),
        (request("sum", {"asInt": "x", "timeUnixNano": nano(-1)}), "no number"),
        (request("sum", {"asInt": "1"}), "no number"),
        (request("sum", counter(1, 60)), "in the future"),
        (request("sum", counter(1, -1), name="vibes"), "metric: one of"),
        (
            request("histogram", {"bucketCounts": [1], "explicitBounds": [1], "timeUnixNano": nano(-1)}),
            "no number",
        ),
    ],
)
def test_a_wrong_data_point_is_named(store: Store, system: feeds.System, document: Any, why: str) -> None:
    receipt = send(store, system, document)
    assert receipt.accepted == 0
    assert why in receipt.refused[0].why


@pytest.mark.parametrize("document", [None, [], {"resourceMetrics": 3}, {"resourceMetrics": [3]}])
def test_what_is_no_request_of_metrics_is_refused(store: Store, system: feeds.System, document: Any) -> None:
    with pytest.raises(InputError, match="no metrics of OTLP"):
        send(store, system, document)


@given(JSON)
def test_no_document_breaks_the_reader(document: Any) -> None:
    with suppress(ValueError):
        otlp.readings(
            {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "x", "sum": document}]}]}]}
        )
