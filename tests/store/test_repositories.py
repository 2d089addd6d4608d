"""Conversations, events, replies, requests, hand-overs, places and quotas."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.databases import stored_bytes

from donghaeng.errors import ConversationBusy, InputError, StoreError, UnknownConversation
from donghaeng.store import (
    Store,
    Transaction,
    conversations,
    events,
    handovers,
    places,
    quotas,
    replies,
    requests,
)

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
RESIDENT = "4708152345678"


def said(turn: int, text: str = "소파요") -> events.Event:
    return events.Event(turn, "said", NOW, {"act": "ask", "score": 0.9}, {"text": text})


def test_a_conversation_comes_back_as_it_was(store: Store) -> None:
    given = conversations.Conversation(
        id="c_2", channel="web", opened_at=NOW, catalogue_version="v1", practice=True, home_district="마포구",
        location=(37.55, 126.91), test_clock=NOW, test_city={"seed": 7, "faults": []},
    )  # fmt: skip
    store.run(lambda tx: conversations.add(tx, given, "secret"))
    found = store.look(lambda tx: conversations.get(tx, "c_2", "secret"))
    assert found == given
    assert found.test_clock is not None
    assert found.test_clock.utcoffset() == timedelta(hours=9)
    assert store.look(lambda tx: conversations.by_token(tx, "secret")) == given


def test_a_wrong_token_and_an_unknown_id_look_alike(store: Store, talk: str) -> None:
    messages = []
    for conversation, token in ((talk, "wrong"), ("c_none", "token")):
        with pytest.raises(UnknownConversation) as caught:
            store.look(lambda tx, c=conversation, t=token: conversations.get(tx, c, t))
        messages.append(str(caught.value).replace(conversation, ""))
    assert messages[0] == messages[1]
    with pytest.raises(UnknownConversation):
        store.look(lambda tx: conversations.by_token(tx, "wrong"))


def test_a_naive_time_is_refused(store: Store, talk: str) -> None:
    with pytest.raises(StoreError, match="naive"):
        store.run(lambda tx: conversations.end(tx, talk, NOW.replace(tzinfo=None)))


def test_a_conversation_ends_once(store: Store, talk: str) -> None:
    assert store.run(lambda tx: conversations.end(tx, talk, NOW))
    assert not store.run(lambda tx: conversations.end(tx, talk, NOW))


def test_events_are_appended_in_order(store: Store, talk: str) -> None:
    assert store.run(lambda tx: events.append(tx, talk, 0, [said(1), said(1, "마포구요")])) == 2
    assert store.run(lambda tx: events.append(tx, talk, 2, [said(2)])) == 3
    found = store.look(lambda tx: events.of_conversation(tx, talk))
    assert [(event.seq, event.turn, event.private["text"]) for event in found] == [
        (1, 1, "소파요"), (2, 1, "마포구요"), (3, 2, "소파요"),
    ]  # fmt: skip
    assert found[0].at == NOW
    assert [event.seq for event in store.look(lambda tx: events.of_conversation(tx, talk, after=2))] == [3]


def test_of_two_turns_at_once_one_is_taken(store: Store, talk: str) -> None:
    def take(_: int) -> bool:
        try:
            store.run(lambda tx: events.append(tx, talk, 0, [said(1)]))
        except ConversationBusy:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]
    assert len(store.look(lambda tx: events.of_conversation(tx, talk))) == 1
    with pytest.raises(UnknownConversation):
        store.run(lambda tx: events.append(tx, "c_none", 0, [said(1)]))


def test_a_reply_is_found_by_its_key_without_the_token(store: Store, talk: str) -> None:
    reply = {"say": "네", "token": "secret", "slots": {"phone": "010-1234-5678"}}
    store.run(lambda tx: replies.add(tx, talk, "key", turn=1, at=NOW, reply=reply))
    store.run(lambda tx: replies.add(tx, talk, "key 2", turn=2, at=NOW, reply={"say": "또요"}))
    assert store.look(lambda tx: replies.find(tx, talk, "key")) == {
        "say": "네",
        "slots": {"phone": "010-1234-5678"},
    }
    assert store.look(lambda tx: replies.find(tx, talk, "other")) is None
    assert store.look(lambda tx: replies.last(tx, talk)) == {"say": "또요"}
    assert store.look(lambda tx: replies.last(tx, "c_none")) is None
    with pytest.raises(StoreError):
        store.run(lambda tx: replies.add(tx, talk, "key", turn=3, at=NOW, reply={}))


def test_requests_are_listed_found_and_cancelled_once(store: Store, talk: str) -> None:
    first = requests.Request(talk, "R-1", "bulky_waste", {"phone": "010-1234-5678"}, NOW)
    second = requests.Request(talk, "R-2", "meter_freeze", {}, NOW + timedelta(minutes=1))
    for request in (first, second):
        store.run(lambda tx, r=request: requests.add(tx, r))
    assert store.look(lambda tx: requests.of_conversation(tx, talk)) == [second, first]
    assert store.look(lambda tx: requests.by_receipt(tx, "R-1")) == [first]
    assert store.run(lambda tx: requests.cancel(tx, "R-1", NOW, conversation_id=talk))
    assert not store.run(lambda tx: requests.cancel(tx, "R-1", NOW, conversation_id=talk))
    assert not store.run(lambda tx: requests.cancel(tx, "R-2", NOW, conversation_id="c_other"))
    assert store.look(lambda tx: requests.by_receipt(tx, "R-1"))[0].cancelled_at == NOW


def test_the_queue_counts_those_before(store: Store, talk: str) -> None:
    rows = [handovers.HandoverRow(f"h_{n}", talk, NOW + timedelta(seconds=n // 2)) for n in range(4)]
    for row in rows:
        store.run(lambda tx, r=row: handovers.add(tx, r))

    def positions(tx: Transaction) -> list[int]:
        return [handovers.position(tx, row) for row in rows]

    assert store.look(positions) == [1, 2, 3, 4]
    store.run(lambda tx: handovers.move(tx, "h_0", "joined", NOW))
    assert store.look(positions)[1:] == [1, 2, 3]
    assert [row.id for row in store.look(handovers.waiting)] == ["h_1", "h_2", "h_3"]
    newest = store.look(lambda tx: handovers.of_conversation(tx, talk))
    assert newest is not None
    assert newest.id == "h_3"


def test_a_hand_over_goes_only_where_it_may(store: Store, talk: str) -> None:
    store.run(
        lambda tx: handovers.add(tx, handovers.HandoverRow("h_1", talk, NOW, topic="요금", phone="010-1-1"))
    )
    wanted = NOW + timedelta(hours=1)
    row = store.run(lambda tx: handovers.move(tx, "h_1", "callback", NOW, callback_at=wanted))
    assert (row.state, row.callback_at, row.topic) == ("callback", wanted, "요금")
    (listed,) = store.look(lambda tx: handovers.waiting(tx, "callback"))
    assert listed == replace(row, phone=None)
    assert listed.has_phone
    store.run(lambda tx: handovers.set_details(tx, "h_1", topic="수도 요금", phone=None, at=NOW))
    assert store.run(lambda tx: handovers.move(tx, "h_1", "closed", NOW)).topic == "수도 요금"
    for state in ("queued", "joined", "callback", "closed"):
        with pytest.raises(InputError, match="closed"):
            store.run(lambda tx, s=state: handovers.move(tx, "h_1", s, NOW))
    with pytest.raises(InputError, match="unknown"):
        store.run(lambda tx: handovers.move(tx, "h_none", "closed", NOW))
    with pytest.raises(InputError):
        store.run(lambda tx: handovers.set_details(tx, "h_none", topic=None, phone=None, at=NOW))


def test_of_two_counsellors_one_joins(store: Store, talk: str) -> None:
    store.run(lambda tx: handovers.add(tx, handovers.HandoverRow("h_1", talk, NOW)))
    store.run(lambda tx: handovers.move(tx, "h_1", "joined", NOW))
    with pytest.raises(InputError, match="joined"):
        store.run(lambda tx: handovers.move(tx, "h_1", "joined", NOW))


def test_a_source_of_places_is_replaced_as_a_whole(store: Store) -> None:
    def stop(n: int, name: str = "합정역") -> places.PlaceRow:
        return places.PlaceRow("stop", f"{n:05}", name, 37.5, 126.9, "마포구", {"ars_id": n}, "stops.csv")

    assert (
        store.run(lambda tx: places.replace_source(tx, "stops.csv", (stop(n) for n in range(4500)))) == 4500
    )
    library = places.PlaceRow("library", "1", "마포중앙도서관", source="libraries.csv")
    store.run(lambda tx: places.replace_source(tx, "libraries.csv", [library]))
    assert store.look(places.counts) == {("stops.csv", "stop"): 4500, ("libraries.csv", "library"): 1}
    store.run(lambda tx: places.replace_source(tx, "stops.csv", [stop(1), stop(2, "홍대입구역")]))
    assert store.look(lambda tx: places.load(tx, ["stop"])) == [stop(1), stop(2, "홍대입구역")]
    assert len(store.look(places.load)) == 3
    assert store.look(lambda tx: places.named(tx, "stop", "합정역")) == [stop(1)]
    with pytest.raises(StoreError):
        store.run(lambda tx: places.replace_source(tx, "stops.csv", [stop(3), stop(3)]))
    assert len(store.look(places.load)) == 3


def test_a_quota_is_never_passed(store: Store) -> None:
    key, day = quotas.key_id("bus", "my key"), date(2026, 11, 23)
    assert "my key" not in key

    def spend(_: int) -> bool:
        return store.run(lambda tx: quotas.spend(tx, key, day, 10))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(25))) == 10
    assert store.look(lambda tx: quotas.used(tx, key, day)) == 10
    assert store.look(lambda tx: quotas.used(tx, key, date(2026, 11, 24))) == 0
    assert store.run(lambda tx: quotas.spend(tx, key, date(2026, 11, 24), 10, calls=10))
    assert not store.run(lambda tx: quotas.spend(tx, key, date(2026, 11, 25), 10, calls=11))


def test_nothing_personal_and_no_masked_number_is_in_the_files(
    store: Store, talk: str, database: Path
) -> None:
    """Everything that the repositories store is looked for in the bytes on disk."""
    name, phone, utterance = "김복순", "010-1234-5678", f"제 주민번호는 {RESIDENT}이에요"
    private = {"name": name, "phone": phone, "text": utterance}
    store.run(lambda tx: events.append(tx, talk, 0, [events.Event(1, "said", NOW, {"n": RESIDENT}, private)]))
    store.run(lambda tx: replies.add(tx, talk, name, turn=1, at=NOW, reply=private | {"token": "tok-en"}))
    store.run(lambda tx: requests.add(tx, requests.Request(talk, "R-1", "s", private, NOW)))
    store.run(
        lambda tx: handovers.add(tx, handovers.HandoverRow("h", talk, NOW, topic=utterance, phone=phone))
    )
    located = conversations.Conversation("c_3", "web", NOW, "v1", location=(37.123456, 126.654321))
    store.run(lambda tx: conversations.add(tx, located, "tok-en"))
    stored = stored_bytes(database)
    for word in (name, phone, RESIDENT, RESIDENT[6:], "tok-en", "37.123456"):
        assert word.encode() not in stored
    found = store.look(lambda tx: events.of_conversation(tx, talk))[0]
    assert found.private == {"name": name, "phone": phone, "text": "제 주민번호는 [가림]이에요"}
    assert found.public == {"n": "[가림]"}


def test_a_sealed_value_moved_to_another_row_does_not_open(store: Store, talk: str) -> None:
    store.run(lambda tx: events.append(tx, talk, 0, [said(1), said(1)]))
    move = text("UPDATE events SET sealed = (SELECT sealed FROM events WHERE seq = 1) WHERE seq = 2")
    store.run(lambda tx: tx.connection.execute(move))
    with pytest.raises(StoreError, match="moved"):
        store.look(lambda tx: events.of_conversation(tx, talk))
