"""What a conversation's events add to the figures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from donghaeng.tower.figures.folding import ABANDONED_AFTER, Cell, Happened, Talk, added, fold

BEGAN = datetime(2026, 11, 23, 1, 58, tzinfo=UTC)
TALK = Talk("phone", "마포구", "slow")
Told = tuple[str, dict[str, Any]]

OPENED: Told = ("ConversationOpened", {"channel": "phone"})
HEARD: Told = ("UtteranceHeard", {"acts": [{"kind": "ask"}]})
BULKY: Told = ("FrameOpened", {"service": "bulky_waste"})
BUS: Told = ("FrameOpened", {"service": "bus_arrival"})
DONE: Told = ("FrameClosed", {"outcome": "completed"})
CLOSED: Told = ("ConversationEnded", {"reason": "closed"})
GOODBYE: Told = ("ConversationEnded", {"reason": "goodbye"})


def happened(*told: Told, minutes: float = 1.0) -> list[Happened]:
    return [
        Happened(n, kind, BEGAN + timedelta(minutes=n * minutes), public)
        for n, (kind, public) in enumerate(told)
    ]


def total(events: list[Happened], metric: str, dimension: str = "all", key: str = "") -> int:
    counts = fold(TALK, events).counts
    return sum(
        n for cell, n in counts.items() if (cell.metric, cell.dimension, cell.key) == (metric, dimension, key)
    )


def test_one_conversation_is_counted_under_everything_it_is_cut_by() -> None:
    found = {(c.dimension, c.key) for c in fold(TALK, happened(OPENED)).counts}
    assert found == {("all", ""), ("channel", "phone"), ("district", "마포구"), ("cohort", "slow")}


def test_without_a_district_and_without_consent_neither_is_counted() -> None:
    found = {cell.dimension for cell in fold(Talk("web"), happened(OPENED, HEARD, BULKY)).counts}
    assert found == {"all", "channel", "service"}


def test_each_event_is_counted_in_its_own_hour() -> None:
    counts = fold(TALK, happened(OPENED, HEARD, HEARD, HEARD)).counts
    turns = {
        cell.hour.hour: n for cell, n in counts.items() if (cell.metric, cell.dimension) == ("turns", "all")
    }
    assert turns == {1: 1, 2: 2}


def test_a_service_is_done_under_its_own_name_also_where_another_waits() -> None:
    events = happened(OPENED, BULKY, BUS, DONE, ("FrameRaised", {"service": "bulky_waste"}), DONE)
    assert total(events, "taken") == 2
    assert total(events, "completed", "service", "bus_arrival") == 1
    assert total(events, "completed", "service", "bulky_waste") == 1


def test_a_conversation_is_counted_once_under_each_service_that_it_took() -> None:
    events = happened(OPENED, BULKY, DONE, BUS, DONE, BULKY, DONE)
    assert total(events, "conversations") == 1
    assert total(events, "conversations", "service", "bulky_waste") == 1
    assert total(events, "conversations", "service", "bus_arrival") == 1
    assert total(happened(OPENED, HEARD), "conversations", "service", "none") == 0


def test_who_closes_with_a_service_in_hand_has_left_and_who_says_goodbye_has_not() -> None:
    assert total(happened(OPENED, BULKY, CLOSED), "abandoned", "service", "bulky_waste") == 1
    assert total(happened(OPENED, BULKY, GOODBYE), "abandoned") == 0
    assert total(happened(OPENED, BULKY, DONE, CLOSED), "abandoned") == 0


def test_who_waits_for_a_person_has_not_left() -> None:
    events = happened(OPENED, BULKY, ("HandoverChanged", {"state": "queued"}), CLOSED)
    assert total(events, "abandoned") == 0
    assert total(events, "handovers") == 1


def test_a_handover_that_moves_on_is_one() -> None:
    states = ("queued", "queued", "joined", "closed", "callback")
    events = happened(OPENED, *(("HandoverChanged", {"state": state}) for state in states))
    assert total(events, "handovers") == 2


def test_who_comes_back_late_had_left_once_and_is_counted_once_at_the_end() -> None:
    long = ABANDONED_AFTER / timedelta(minutes=1) + 1
    assert total(happened(OPENED, BULKY, HEARD, DONE, minutes=long), "abandoned") == 2
    assert total(happened(OPENED, BULKY, CLOSED, minutes=long), "abandoned") == 1


def test_a_conversation_with_a_service_in_hand_stands_open() -> None:
    assert fold(TALK, happened(OPENED, BULKY)).left == "bulky_waste"
    assert fold(TALK, happened(OPENED, BULKY, DONE)).left is None
    assert fold(TALK, happened(OPENED, BULKY, CLOSED)).left is None


def test_what_was_said_again_slower_and_not_understood() -> None:
    again: Told = ("UtteranceHeard", {"acts": [{"kind": "repeat"}, {"kind": "slower"}]})
    events = happened(OPENED, again, ("Missed", {}), BULKY, ("Asked", {"kind": "slot", "attempt": 1}), again)
    assert (total(events, "repeats"), total(events, "slow_downs")) == (2, 2)
    assert total(events, "no_match", "service", "none") == 1
    assert total(events, "reprompts", "service", "bulky_waste") == 1


def test_calls_are_counted_by_provider_and_answers_by_whether_they_name_their_source() -> None:
    def call(name: str, service: str, operation: str, outcome: str) -> tuple[Told, Told]:
        asked = {"call": name, "service": service, "operation": operation}
        return ("CallRequested", asked), ("CallFinished", {"call": name, "outcome": outcome})

    events = happened(
        OPENED,
        *call("1", "bus_arrival", "bus.arrivals", "failed"),
        *call("2", "bus_arrival", "bus.arrivals", "ok"),
        *call("3", "ask", "knowledge.answer", "ok"),
        ("AnswerSourced", {"service": "ask"}),
        *call("4", "ask", "knowledge.answer", "empty"),
        *call("5", "bulky_waste", "gateway.create", "refused"),
    )
    assert total(events, "calls_failed", "provider", "bus") == 1
    assert total(events, "calls", "provider", "bus") == 2
    assert total(events, "calls_failed") == 1
    assert (total(events, "answers"), total(events, "answers_cited")) == (1, 1)


STEPS = st.lists(
    st.sampled_from([
        HEARD, BULKY, BUS, DONE, CLOSED, ("Missed", {}), ("FrameRaised", {"service": "bulky_waste"}),
        ("HandoverChanged", {"state": "queued"}), ("HandoverChanged", {"state": "closed"}),
    ]),
    max_size=12,
)  # fmt: skip


@given(STEPS, st.integers(0, 12), st.sampled_from([1.0, 45.0]))
def test_counted_in_two_steps_is_counted_at_once(told: list[Told], cut: int, minutes: float) -> None:
    events = happened(OPENED, *told, minutes=minutes)
    whole, begun = fold(TALK, events), fold(TALK, events[:cut])
    together: Counter[Cell] = Counter(begun.counts)
    together.update(added(whole, begun))
    assert +together == whole.counts
    assert all(n >= 0 for n in added(whole, begun).values())
