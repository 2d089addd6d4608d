"""The sender sends each message once; the file provider keeps them sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donghaeng.errors import MessageRefused, ProviderDenied, ProviderUnavailable, StoreError
from donghaeng.people.message_fake import FakeMessages
from donghaeng.people.message_file import MESSAGES_FILE, FileMessages, read_messages
from donghaeng.people.messages import MOST_ATTEMPTS, MessageSender
from donghaeng.store import Store, conversations, messages
from donghaeng.store.messages import LEASE, MessageRow
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SEALER = Sealer([b"k" * 32])
NUMBER, TEXT = "010-1234-5678", "[서울시 동행] 접수번호 SEL-1."


class Died(BaseException):
    """The process ends here: nothing catches it."""


class Clock:
    """A clock that stands until a test moves it."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", SEALER) as opened:
        talk = conversations.Conversation("c_1", "phone", NOW, "v1")
        opened.run(lambda tx: conversations.add(tx, talk, "token"))
        yield opened


def queue(store: Store, key: str, state: messages.State = "pending") -> None:
    row = MessageRow(key, "c_1", "accepted", "bulky_waste", NUMBER, TEXT, NOW, NOW, state=state)
    store.run(lambda tx: messages.add(tx, row))


def stored(store: Store, key: str = "m") -> MessageRow:
    row = store.look(lambda tx: messages.get(tx, key))
    assert row is not None
    return row


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider() -> FakeMessages:
    return FakeMessages()


def sender(store: Store, provider: FakeMessages, clock: Clock, owner: str = "one") -> MessageSender:
    return MessageSender(store, provider, owner=owner, clock=clock)


async def test_what_waits_is_sent_once(store: Store, provider: FakeMessages, clock: Clock) -> None:
    queue(store, "m")
    queue(store, "of-a-test", "held")
    work = sender(store, provider, clock)
    assert await work.send_waiting() == 1
    assert await work.send_waiting() == 0
    assert provider.sent == {"m": (NUMBER, TEXT)}
    assert (stored(store).state, stored(store).reference) == ("sent", "fake-1")
    assert stored(store, "of-a-test").state == "held"


async def test_a_provider_that_fails_is_tried_again_ever_later(
    store: Store, provider: FakeMessages, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ProviderUnavailable("messages", "no answer")

    provider.before = fail
    queue(store, "m")
    work = sender(store, provider, clock)
    waits = []
    for _ in range(4):
        assert await work.send_waiting() == 0
        waits.append(stored(store).next_attempt_at - clock.now)
        assert await work.send_waiting() == 0
        clock.now = stored(store).next_attempt_at
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    provider.before = lambda: None
    assert await work.send_waiting() == 1
    assert len(provider.sent) == 1
    assert NUMBER not in caplog.text


@pytest.mark.parametrize(
    ("error", "attempts"),
    [(MessageRefused("messages", "no such number"), 1), (ProviderDenied("m", "key"), MOST_ATTEMPTS)],
)
async def test_it_is_given_up_in_the_end(
    store: Store, provider: FakeMessages, clock: Clock, error: Exception, attempts: int
) -> None:
    def refuse() -> None:
        raise error

    provider.before = refuse
    queue(store, "m")
    work = sender(store, provider, clock)
    for _ in range(MOST_ATTEMPTS + 2):
        await work.send_waiting()
        clock.now += timedelta(hours=1)
    assert (stored(store).state, len(provider.tries)) == ("failed", attempts)
    assert stored(store).error == type(error).__name__


async def test_death_after_the_provider_took_it_sends_no_second_one(
    store: Store, provider: FakeMessages, clock: Clock
) -> None:
    def die() -> None:
        raise Died

    queue(store, "m")
    provider.after = die
    with pytest.raises(Died):
        await sender(store, provider, clock).send_waiting()
    provider.after = lambda: None
    new = sender(store, provider, clock, "new")
    assert await new.send_waiting() == 0
    clock.now += LEASE
    assert await new.send_waiting() == 1
    assert provider.tries == ["m", "m"]
    assert provider.sent == {"m": (NUMBER, TEXT)}
    assert stored(store).state == "sent"


async def test_two_senders_share_the_work(store: Store, provider: FakeMessages, clock: Clock) -> None:
    for number in range(5):
        queue(store, f"m_{number}")
    one, two = sender(store, provider, clock), sender(store, provider, clock, "two")
    await asyncio.gather(one.send_waiting(limit=3), two.send_waiting(limit=3))
    assert sorted(provider.tries) == [f"m_{number}" for number in range(5)]


async def test_the_file_keeps_each_message_once_and_sealed(tmp_path: Path) -> None:
    files = FileMessages(tmp_path / "data", SEALER)
    first = await files.send(NUMBER, TEXT, key="m")
    assert await files.send(NUMBER, TEXT, key="m") == first
    another_process = FileMessages(tmp_path / "data", SEALER)
    assert await another_process.send(NUMBER, TEXT, key="m") == first
    assert await another_process.send(NUMBER, "둘째", key="n") != first
    await files.send(NUMBER, "둘째", key="n")
    kept = list(read_messages(tmp_path / "data", SEALER))
    assert [(one.key, one.number, one.text) for one in kept] == [("m", NUMBER, TEXT), ("n", NUMBER, "둘째")]
    file = tmp_path / "data" / MESSAGES_FILE
    assert NUMBER.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert NUMBER not in repr(kept)


async def test_half_a_line_that_a_crash_left_is_cut_off(tmp_path: Path) -> None:
    files = FileMessages(tmp_path, SEALER)
    await files.send(NUMBER, TEXT, key="m")
    with (tmp_path / MESSAGES_FILE).open("ab") as file:
        file.write(b'{"key": "n", "at"')
    await FileMessages(tmp_path, SEALER).send(NUMBER, TEXT, key="n")
    assert [one.key for one in read_messages(tmp_path, SEALER)] == ["m", "n"]


async def test_a_file_that_was_put_away_begins_anew(tmp_path: Path) -> None:
    files = FileMessages(tmp_path, SEALER)
    await files.send(NUMBER, TEXT, key="m")
    await files.send(NUMBER, TEXT, key="n")
    (tmp_path / MESSAGES_FILE).unlink()
    await files.send(NUMBER, TEXT, key="o")
    assert [one.key for one in read_messages(tmp_path, SEALER)] == ["o"]


async def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / MESSAGES_FILE).mkdir()
    with pytest.raises(ProviderUnavailable):
        await FileMessages(tmp_path, SEALER).send(NUMBER, TEXT, key="m")


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    assert list(read_messages(tmp_path, SEALER)) == []
    (tmp_path / MESSAGES_FILE).write_text("nothing\n")
    with pytest.raises(StoreError, match="messages.jsonl:1"):
        list(read_messages(tmp_path, SEALER))
