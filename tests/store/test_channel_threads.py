"""Threads of messengers are found by a fingerprint, and for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from donghaeng.store import Store, channel_threads, conversations
from donghaeng.store.channel_threads import LASTS, NOTHING, Thread
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def thread(store: Store, talk: str) -> Thread:
    return store.run(
        lambda tx: channel_threads.begin(tx, "kakao", "user", conversation=talk, token="token", now=NOW)
    )


def found(store: Store, channel: str = "kakao", user: str = "user", at: datetime = NOW) -> Thread | None:
    return store.look(lambda tx: channel_threads.find(tx, channel, user, at))


def test_a_thread_is_the_channels_and_the_users(store: Store, thread: Thread, talk: str) -> None:
    assert found(store) == thread == Thread(talk, "token", NOTHING, 0)
    assert found(store, user="another") is None
    assert found(store, channel="line") is None


def test_what_was_told_is_noted_of_that_conversation_alone(store: Store, thread: Thread, talk: str) -> None:
    def tell(conversation: str, turn: int) -> bool:
        return store.run(
            lambda tx: channel_threads.tell(
                tx,
                "kakao",
                "user",
                conversation=conversation,
                turn=turn,
                line=7,
                now=NOW + timedelta(hours=1),
            )
        )

    assert tell(talk, 3)
    assert not tell("c_other", 4)
    kept = found(store, at=NOW + LASTS)
    assert kept is not None
    assert (kept.told, kept.told_line) == (3, 7)


def test_a_thread_lasts_a_day(store: Store, thread: Thread) -> None:
    assert found(store, at=NOW + LASTS - timedelta(seconds=1)) is not None
    assert found(store, at=NOW + LASTS) is None


def test_a_new_thread_replaces_the_users_and_drops_those_of_the_silent(store: Store, thread: Thread) -> None:
    later = NOW + LASTS + timedelta(minutes=1)
    store.run(lambda tx: conversations.add(tx, conversations.Conversation("c_2", "chat", later, "v1"), "two"))

    def begin(user: str, at: datetime) -> Thread:
        return store.run(
            lambda tx: channel_threads.begin(tx, "kakao", user, conversation="c_2", token="two", now=at)
        )

    assert found(store) is not None
    assert begin("user", NOW) == found(store)
    begin("another", later)
    assert found(store) is None


def test_another_key_finds_no_thread() -> None:
    one, other = Sealer([b"k" * 32]), Sealer([b"o" * 32])
    assert one.fingerprint("user", "channel_threads/kakao") != other.fingerprint(
        "user", "channel_threads/kakao"
    )
    assert one.fingerprint("user", "channel_threads/kakao") != one.fingerprint("user", "channel_threads/line")
    assert len(one.fingerprint("user", "a")) == 64
