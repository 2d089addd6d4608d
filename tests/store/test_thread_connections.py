"""Connections that threads keep."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from donghaeng.store.thread_connections import FRESH_SECONDS, ThreadConnections, has_news


class Now:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://", poolclass=QueuePool)
    yield made
    made.dispose()


@pytest.fixture
def taken(engine: Engine) -> list[int]:
    found: list[int] = []
    event.listen(engine, "checkout", lambda *_: found.append(1))
    return found


def use(kept: ThreadConnections) -> Connection:
    with kept.connection() as connection, connection.begin():
        assert connection.execute(text("SELECT 1")).scalar() == 1
        return connection


def test_a_thread_at_work_keeps_its_connection_and_an_idle_one_asks_the_pool(
    engine: Engine, taken: list[int]
) -> None:
    now = Now()
    kept = ThreadConnections(engine, {}, clock=now)
    first = use(kept)
    now.seconds += FRESH_SECONDS / 2
    assert use(kept) is first
    now.seconds += FRESH_SECONDS
    assert use(kept) is not first
    assert len(taken) == 2
    kept.close()
    assert first.closed


def test_a_connection_on_which_something_failed_goes_back_to_the_pool(engine: Engine) -> None:
    kept = ThreadConnections(engine, {}, clock=Now())
    first = use(kept)
    with pytest.raises(KeyError), kept.connection(), first.begin():
        raise KeyError
    assert first.closed
    assert use(kept) is not first
    kept.close()


class Line(socket.socket):
    closed = False


def test_a_server_that_hangs_up_is_noticed_without_asking_it() -> None:
    server, line = socket.socketpair()
    with Line(fileno=line.detach()) as ours, server:
        assert not has_news(ours)
        server.close()
        assert has_news(ours)
        ours.closed = True
        assert has_news(ours)
    assert not has_news(object())
