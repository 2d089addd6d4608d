"""Each event is counted once: run twice, late, by two at once, after citizens left and came back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from sqlalchemy import delete
from tests.tower.figures.conftest import BULKY, DONE, NOW, OPENED, Talk

from donghaeng.people.cases import LineKind
from donghaeng.store import Store, events, figures, handover_lines, handovers
from donghaeng.store.events import Event
from donghaeng.store.tables import conversations
from donghaeng.tower.figures import rolling

DAY = date(2026, 11, 23)
HEARD = ("UtteranceHeard", {"acts": []})
RECALLED = {"home_district": "마포구", "speed": 0.8, "volume_db": None, "last_stop": None}


def roll(store: Store, **more) -> int:
    read = 0
    while step := store.run(lambda tx: rolling.roll(tx, **more)).conversations:
        read += step
    return read


def total(store: Store, metric: str, dimension: str = "all", key: str = "", **more) -> float:
    found = store.look(
        lambda tx: figures.sums(tx, [metric], DAY - timedelta(30), DAY, dimensions=[dimension], **more)
    )
    return sum(one.value for one in found if one.key == key)


def test_what_was_counted_is_not_counted_again_and_what_came_late_is(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, HEARD, BULKY)
    talk("c_2", OPENED, HEARD, BULKY, DONE, home_district="마포구")
    assert roll(store, limit=1) == 2
    assert roll(store) == 0
    assert total(store, "conversations") == 2
    assert total(store, "completed") == 1
    talk("c_1", DONE, at=NOW + timedelta(minutes=2))
    assert roll(store) == 1
    assert roll(store) == 0
    assert total(store, "completed", "service", "bulky_waste") == 2
    assert total(store, "conversations") == 2
    assert total(store, "conversations", "district", "마포구") == 1


def test_days_and_hours_tell_the_same(store: Store, talk: Talk) -> None:
    late = NOW.replace(hour=15, minute=5) - timedelta(days=1)  # five past midnight of the city's day
    talk("c_1", OPENED, at=late)
    talk("c_2", OPENED, at=late - timedelta(minutes=10))
    roll(store)
    by_day = store.look(lambda tx: figures.sums(tx, ["conversations"], DAY - timedelta(1), DAY, by_day=True))
    assert {(one.day, one.value) for one in by_day} == {(DAY, 1.0), (DAY - timedelta(1), 1.0)}
    hours = store.look(lambda tx: figures.by_hour(tx, "conversations", DAY, DAY))
    assert [n for n, value in enumerate(hours) if value] == [0]


def test_practice_and_tests_are_no_figures(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, practice=True)
    talk("c_2", OPENED, test_clock=NOW)
    assert roll(store) == 2
    assert total(store, "conversations") == 0


def test_who_came_to_practise_asked_for_nothing(store: Store, talk: Talk) -> None:
    practised = ("UtteranceHeard", {"acts": [{"kind": "practise"}]})
    bye = ("UtteranceHeard", {"acts": [{"kind": "goodbye"}]})
    asked = ("UtteranceHeard", {"acts": [{"kind": "ask"}]})
    talk("c_1", OPENED, practised, bye)
    talk("c_2", OPENED, practised, asked, BULKY, DONE)
    roll(store)
    assert total(store, "conversations") == 1
    assert total(store, "completed") == 1


def test_figures_outlive_the_conversations_that_they_come_from(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, HEARD, BULKY)
    roll(store)
    store.run(lambda tx: tx.connection.execute(delete(conversations)))
    talk("c_2", OPENED)
    roll(store)
    assert total(store, "conversations") == 2


def test_two_that_roll_at_once_count_once(store: Store, talk: Talk) -> None:
    for n in range(30):
        talk(f"c_{n}", OPENED, HEARD, BULKY, DONE)
    with ThreadPoolExecutor(3) as pool:
        read = sum(pool.map(lambda _: roll(store, limit=3), range(3)))
    assert read >= 30
    roll(store)
    assert total(store, "completed") == 30


def test_who_says_nothing_more_has_left_until_they_come_back(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, BULKY)
    roll(store)
    soon, later = NOW + timedelta(minutes=20), NOW + timedelta(minutes=31)
    assert store.run(lambda tx: rolling.count_left(tx, soon)) == 0
    assert store.run(lambda tx: rolling.count_left(tx, later)) == 1
    assert store.run(lambda tx: rolling.count_left(tx, later)) == 0
    assert total(store, "abandoned", "service", "bulky_waste") == 1
    talk("c_1", HEARD, DONE, at=NOW + timedelta(minutes=50))
    roll(store)
    assert total(store, "abandoned") == 1
    assert store.run(lambda tx: rolling.count_left(tx, later + timedelta(days=1))) == 0
    assert total(store, "completed") == 1


def test_an_answer_that_was_only_stored_late_takes_the_leaving_back(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, BULKY)
    roll(store)
    store.run(lambda tx: rolling.count_left(tx, NOW + timedelta(minutes=31)))
    talk("c_1", HEARD, DONE, at=NOW + timedelta(minutes=5))
    roll(store)
    assert total(store, "abandoned") == 0


def test_who_comes_again_is_counted_only_where_they_consented_to_be_known(store: Store, talk: Talk) -> None:
    known = ("ConversationOpened", {"known_again": True})
    for n, (days, recalled) in enumerate([(0, RECALLED), (3, RECALLED), (9, None), (20, RECALLED)]):
        at = NOW - timedelta(days=30 - days)
        talk(f"c_{n}", known, BULKY, at=at, recalled=recalled, person="hash of a key")
    roll(store)
    assert total(store, "contacts") == 3
    assert total(store, "contacts_again", "service", "bulky_waste") == 1
    assert total(store, "conversations", "cohort", rolling.COHORT_SLOW) == 3
    talk("c_1", DONE, at=NOW)
    roll(store)
    assert total(store, "contacts") == 3
    store.run(lambda tx: rolling.tidy(tx, NOW + timedelta(days=60)))


def test_two_free_questions_are_one_need_where_one_text_answers_both(store: Store, talk: Talk) -> None:
    known = ("ConversationOpened", {"known_again": True})
    ask = ("FrameOpened", {"service": "ask"})
    for n, passage in enumerate(["dentures", "passport", "dentures", None, None]):
        at = NOW + timedelta(hours=n)
        talk(f"c_{n}", known, ask, at=at, recalled=RECALLED, person="hash of a key")
        if passage is not None:
            row = Event(
                1, "AnswerSourced", at, {"service": "ask"}, {"rows": [{"id": passage, "source": "x"}]}
            )
            store.run(lambda tx, n=n, row=row: events.append(tx, f"c_{n}", 2, [row]))
        roll(store)
    assert total(store, "contacts", "service", "ask") == 5
    assert total(store, "contacts_again", "service", "ask") == 1


def test_whom_we_called_did_not_come_again(store: Store, talk: Talk) -> None:
    known = ("ConversationOpened", {"known_again": True})
    talk("c_1", known, BULKY, recalled=RECALLED, person="hash of a key")
    at = NOW + timedelta(days=1)
    talk("c_2", known, BULKY, at=at, recalled=RECALLED, person="hash of a key", called_number="hash")
    roll(store)
    assert total(store, "contacts") == 1
    assert total(store, "contacts_again") == 0


def test_the_wait_for_a_person_is_from_asking_to_the_first_counsellor(store: Store, talk: Talk) -> None:
    talk("c_1", OPENED, ("HandoverChanged", {"state": "queued"}))
    told = [(LineKind.QUEUED, 0), (LineKind.CLAIMED, 90), (LineKind.FORWARDED, 100), (LineKind.CLAIMED, 500)]

    def ask(tx) -> None:
        row = handovers.HandoverRow(id="h_1", conversation_id="c_1", requested_at=NOW)
        handovers.add(tx, row)
        for kind, seconds in told:
            at = NOW + timedelta(seconds=seconds)
            handover_lines.add(tx, handover_lines.LineRow("h_1", "c_1", kind.value, at))

    store.run(ask)
    assert store.run(rolling.count_waits) == 4
    assert store.run(rolling.count_waits) == 0
    assert total(store, "joined") == 1
    (wait,) = store.look(lambda tx: figures.sums(tx, ["handover_wait"], DAY, DAY, dimensions=["bucket"]))
    assert abs(rolling_value(wait.key) - 90) < 5


def rolling_value(key: str) -> float:
    from donghaeng.tower.figures.sketch import value_of

    return value_of(key)
