"""The way to a person: places in the queue, call-backs, topics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from donghaeng.people.desk import Reception, Standing, Wish, request_person
from donghaeng.people.hours import DAYS, Hours, Span
from donghaeng.store import Store, conversations, handovers, presence
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as opened:
        for number in (1, 2):
            talk = conversations.Conversation(f"c_{number}", "chat", NOW, "v1")
            opened.run(lambda tx, talk=talk: conversations.add(tx, talk, talk.id))
        yield opened


def wish(
    store: Store, talk: str, new: str, *, topic: str | None = None, phone: str | None = None
) -> Standing:
    at = NOW + timedelta(seconds=int(new))
    return store.run(
        lambda tx: request_person(
            tx, conversation_id=talk, new_id=f"h_{new}", wish=Wish(topic, phone), now=at
        )
    )


def test_first_come_first_served_and_a_second_wish_keeps_its_place(store: Store) -> None:
    assert wish(store, "c_1", "1", topic="연금").position == 1
    assert wish(store, "c_2", "2").position == 2
    assert wish(store, "c_1", "3").position == 1
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.id, row.topic) == ("h_1", "연금")


def test_a_number_turns_the_place_into_a_call_back(store: Store) -> None:
    wish(store, "c_1", "1", topic="연금")
    standing = wish(store, "c_1", "2", phone="010-1234-5678")
    assert (standing.state, standing.position) == ("callback", None)
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.phone, row.topic) == ("010-1234-5678", "연금")
    assert wish(store, "c_2", "3").position == 1


def test_after_one_was_closed_a_new_one_begins(store: Store) -> None:
    wish(store, "c_1", "1")
    store.run(lambda tx: handovers.move(tx, "h_1", "closed", NOW))
    wish(store, "c_1", "2")
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.id, row.state) == ("h_2", "queued")


HOURS = Reception(Hours({day: Span(time(9), time(18)) for day in DAYS[:5]}), busy_from=2)


def request(store: Store, talk: str, new: str, at: datetime, wish: Wish) -> Standing:
    return store.run(
        lambda tx: request_person(tx, conversation_id=talk, new_id=new, wish=wish, now=at, reception=HOURS)
    )


def test_out_of_hours_it_is_said_when_somebody_is_there_again(store: Store) -> None:
    evening = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    standing = request(store, "c_1", "h_1", evening, Wish())
    assert (standing.state, standing.desk) == ("queued", "closed")
    assert standing.opens_at == datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    booked = request(store, "c_1", "h_2", evening, Wish(callback_phone="010-1234-5678"))
    assert (booked.state, booked.callback_at) == ("callback", datetime(2026, 11, 30, 0, 0, tzinfo=UTC))


def test_in_hours_a_call_back_is_due_at_once(store: Store) -> None:
    booked = request(store, "c_1", "h_1", NOW, Wish(callback_phone="010-1234-5678"))
    assert (booked.desk, booked.callback_at, booked.opens_at) == ("open", NOW, None)


def test_it_is_busy_only_where_somebody_is_there(store: Store) -> None:
    later = NOW + timedelta(seconds=1)
    for number in range(3):
        talk = conversations.Conversation(f"c_9{number}", "chat", NOW, "v1")
        store.run(lambda tx, talk=talk: conversations.add(tx, talk, talk.id))
        request(store, talk.id, f"h_9{number}", NOW, Wish())
    assert request(store, "c_1", "h_1", later, Wish()).desk == "open"
    store.run(lambda tx: presence.note(tx, presence.PresentRow("kim", ready=True, seen_at=NOW)))
    assert request(store, "c_1", "h_1", later, Wish()).desk == "busy"
    store.run(lambda tx: presence.note(tx, presence.PresentRow("lee", ready=True, seen_at=NOW)))
    assert request(store, "c_1", "h_1", later, Wish()).desk == "open"


def test_what_is_urgent_goes_first(store: Store) -> None:
    assert request(store, "c_1", "h_1", NOW, Wish()).position == 1
    urgent = request(store, "c_2", "h_2", NOW + timedelta(hours=1), Wish(urgent=True, reason="rule:x"))
    assert urgent.position == 1
    assert request(store, "c_1", "h_3", NOW, Wish()).position == 2
    assert request(store, "c_1", "h_3", NOW, Wish(urgent=True)).position == 1


PHONE = "010-1234-5678"


def hours_later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def test_a_time_that_was_named_is_offered_and_kept_only_when_it_was_agreed_to(store: Store) -> None:
    wanted = hours_later(24)
    offered = request(store, "c_1", "h_1", NOW, Wish(callback_phone=PHONE, times=(wanted,)))
    assert (offered.state, offered.callback_at) == ("callback", NOW), "booked whatever becomes of the time"
    assert (offered.offered, offered.unfit) == ((wanted,), None)
    agreed = request(store, "c_1", "h_2", NOW, Wish(times=(wanted,), agreed=True))
    assert (agreed.callback_at, agreed.offered) == (wanted, ())
    row = store.look(lambda tx: handovers.of_conversation(tx, "c_1"))
    assert row is not None
    assert (row.phone, row.callback_at) == (PHONE, wanted)


def test_a_time_without_counsellors_is_not_kept_even_where_it_was_agreed_to(store: Store) -> None:
    night = hours_later(10)
    for agreed in (False, True):
        wish = Wish(callback_phone=PHONE, times=(night,), agreed=agreed)
        standing = request(store, "c_1", "h_1", NOW, wish)
        assert (standing.callback_at, standing.unfit) == (NOW, "hours")
        assert standing.offered == (hours_later(7.75),)


def test_of_several_times_those_that_fit_are_offered(store: Store) -> None:
    wanted = (hours_later(2), hours_later(10), hours_later(4))
    standing = request(store, "c_1", "h_1", NOW, Wish(callback_phone=PHONE, times=wanted))
    assert (standing.offered, standing.unfit) == ((wanted[0], wanted[2]), None)


def test_without_a_number_no_time_is_offered(store: Store) -> None:
    standing = request(store, "c_1", "h_1", NOW, Wish(times=(hours_later(2),)))
    assert (standing.state, standing.offered) == ("queued", ())


def test_a_counsellor_who_is_faster_is_not_sent_away_by_a_time(store: Store) -> None:
    request(store, "c_1", "h_1", NOW, Wish(callback_phone=PHONE))
    assert store.run(lambda tx: handovers.claim(tx, "h_1", "kim", NOW))
    wish = Wish(times=(hours_later(2),), agreed=True)
    assert request(store, "c_1", "h_2", NOW, wish).state == "joined"
