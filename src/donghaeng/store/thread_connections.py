"""Connections that worker threads keep from one transaction to the next.

Taking a connection from the pool and giving it back costs as much as a statement, and on PostgreSQL a ping
to the server and back. A thread that is at work all the time keeps its own.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine

FRESH_SECONDS: Final = 1.0
"""A connection that was not used for so long goes through the pool, which looks whether it still works."""


class ThreadConnections:
    """One connection for each thread that asks.

    Args:
        engine: whose pool they come from.
        options: execution options of all of them.
        clock: seconds that only go forward.
    """

    def __init__(
        self, engine: Engine, options: Mapping[str, Any], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._options = dict(options)
        self._clock = clock
        self._own = threading.local()
        self._kept: set[Connection] = set()
        self._lock = threading.Lock()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """This thread's connection, outside a transaction. One on which something failed goes back to the
        pool, which throws away what is broken."""
        connection = self._fresh()
        try:
            yield connection
        except BaseException:
            self._let_go(connection)
            raise
        self._own.used = self._clock()

    def close(self) -> None:
        """Give all of them back, once their threads are done."""
        for connection in list(self._kept):
            self._let_go(connection)

    def _fresh(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is not None and connection in self._kept:
            raw = connection.connection.dbapi_connection
            if self._clock() - self._own.used < FRESH_SECONDS and not has_news(raw):
                return connection
            self._let_go(connection)
        made = self._engine.connect().execution_options(**self._options)
        with self._lock:
            self._kept.add(made)
        self._own.connection = made
        return made

    def _let_go(self, connection: Connection) -> None:
        with self._lock:
            self._kept.discard(connection)
        connection.close()


def has_news(raw: Any) -> bool:
    """Whether the server has said something unasked on a driver's connection that nobody uses: that it ends.
    A connection without a socket has none; no round trip is needed."""
    if not hasattr(raw, "fileno"):
        return False
    if raw.closed:
        return True
    look = select.poll()
    look.register(raw.fileno(), select.POLLIN)
    return bool(look.poll(0))
