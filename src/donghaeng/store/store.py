"""The database behind one door: transactions, in a small thread pool, with errors of our own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from donghaeng.errors import StoreError
from donghaeng.store.database_errors import explained
from donghaeng.store.engine import BUSY_TIMEOUT_S, READ_ONLY, Synchronous, is_memory, make_engine
from donghaeng.store.migrate import migrate
from donghaeng.store.tables import store_facts
from donghaeng.store.thread_connections import ThreadConnections
from donghaeng.trust.masking import mask_value
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.vault_keys import FixedKeys, VaultKeys

T = TypeVar("T")

_READERS = 2
_POSTGRES_WRITERS = 4
_POSTGRES_GLANCE = {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": True}
_POSTGRES_LOOK = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All statements of one look see one state, as they do on SQLite."""
KEY_CHECK = "key_check/"
"""Facts that show that every key is at hand, each under its own."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What repositories work on: a connection inside a transaction, the sealer, and the vault's keys."""

    connection: Connection
    sealer: Sealer
    vault: VaultKeys

    def seal(self, value: Any, place: str) -> bytes:
        """Seal a JSON value for a row. Never-collected numbers in its texts are masked here once more,
        so that no caller can store one."""
        return self.sealer.seal(mask_value(value), place)

    def unseal(self, blob: bytes, place: str) -> Any:
        """The JSON value of a row's sealed column.

        Raises:
            StoreError: as :meth:`Sealer.open`.
        """
        return self.sealer.open(blob, place)


class Store:
    """One database. Open with :meth:`open`, close with :meth:`close` (or use it in ``with``)."""

    def __init__(self, engine: Engine, sealer: Sealer, vault: VaultKeys | None = None) -> None:
        self._engine = engine
        self._sealer = sealer
        self._vault = vault or VaultKeys(FixedKeys(sealer.derived(b"donghaeng vault")))
        # SQLite has one writer: a queue in front of it is fairer and cheaper than its busy polling.
        single = engine.dialect.name == "sqlite"
        self._write_lock = threading.Lock() if single else None
        self._looking: dict[str, Any] = {READ_ONLY: True} if single else _POSTGRES_LOOK
        self._read_lock = self._write_lock if is_memory(engine) else None
        self._writers = ThreadPoolExecutor(1 if single else _POSTGRES_WRITERS, "store-write")
        self._readers = ThreadPoolExecutor(_READERS, "store-read")
        self._glancers = ThreadPoolExecutor(1, "store-glance")
        self._kept = {
            self._writers: ThreadConnections(engine, {}),
            self._readers: ThreadConnections(engine, self._looking),
            self._glancers: ThreadConnections(engine, {READ_ONLY: True} if single else _POSTGRES_GLANCE),
        }

    @classmethod
    def open(
        cls,
        url: str,
        sealer: Sealer,
        *,
        synchronous: Synchronous = "FULL",
        vault: VaultKeys | None = None,
    ) -> Self:
        """Open the database at an SQLAlchemy address and bring its tables to this version.

        Args:
            url: ``sqlite:///FILE``, ``sqlite://`` (in memory) or ``postgresql://…``.
            sealer: must hold the key that sealed what is in the database.
            synchronous: SQLite's durability. FULL: a committed turn outlives a power cut. NORMAL: it
                outlives a crash of the program alone (docs/decisions/0003-storage.md has the cost).
            vault: the vault's keys (:func:`donghaeng.trust.vault_keys.vault_keys_of`); without them, for who
                touches nothing of the vault, keys that follow from the sealer's.

        Raises:
            StoreError: the database is absent, locked, of a newer version, or sealed with another key.
            SettingsError: the address is malformed.
        """
        engine = make_engine(url, synchronous=synchronous)
        try:
            with _own_errors():
                migrate(engine)
            store = cls(engine, sealer, vault)
            store.run(_check_keys)
        except BaseException:
            engine.dispose()
            raise
        return store

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one transaction on a writer thread; committed when it returns.

        Once handed over it runs to its end even if the caller is cancelled: a barge-in takes back no turn.

        Raises:
            StoreError: the database refused; nothing of it is stored. Errors of ``work`` pass through.
        """
        return await self._hop(self._writers, self._write_lock, work)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work``, which only reads, in one transaction that sees one state and blocks no writer.

        Raises:
            StoreError: the database refused. Errors of ``work`` pass through.
        """
        return await self._hop(self._readers, self._read_lock, work)

    async def glance(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work``, which reads with a single statement: such a one sees one state by itself, and goes to
        the server and back once.

        Raises:
            StoreError: the database refused. Errors of ``work`` pass through.
        """
        return await self._hop(self._glancers, self._read_lock, work)

    def run(self, work: Callable[[Transaction], T]) -> T:
        """:meth:`transact` on the caller's thread, for tools and tests."""
        with _held(self._write_lock), _own_errors(), self._engine.begin() as connection:
            return work(Transaction(connection, self._sealer, self._vault))

    def look(self, work: Callable[[Transaction], T]) -> T:
        """:meth:`read` on the caller's thread, for tools and tests."""
        with _held(self._read_lock), _own_errors(), self._engine.connect() as plain:
            connection = plain.execution_options(**self._looking)
            with connection.begin():
                return work(Transaction(connection, self._sealer, self._vault))

    def ping(self) -> None:
        """Check that the database answers.

        Raises:
            StoreError: it does not.
        """
        self.look(lambda tx: tx.connection.execute(text("SELECT 1")).scalar())

    def forget_deleted(self) -> None:
        """Let the write-ahead log of SQLite go, which still holds rows as they were before they were deleted;
        readers at work make that wait for the next time. PostgreSQL's own vacuum and archive are its
        operator's."""
        if self._engine.dialect.name != "sqlite" or is_memory(self._engine):
            return
        with _held(self._write_lock), _own_errors():
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def close(self) -> None:
        """Finish what was handed over, then let the database go."""
        for pool, kept in self._kept.items():
            pool.shutdown()
            kept.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hop(
        self, pool: ThreadPoolExecutor, lock: threading.Lock | None, work: Callable[[Transaction], T]
    ) -> Awaitable[T]:
        def on_thread() -> T:
            with _held(lock), _own_errors(), self._kept[pool].connection() as connection, connection.begin():
                return work(Transaction(connection, self._sealer, self._vault))

        return asyncio.get_running_loop().run_in_executor(pool, on_thread)


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # Without its cause: PostgreSQL puts the values of a refused row into the words of its error.
        raise explained(error) from None


@contextmanager
def _held(lock: threading.Lock | None) -> Iterator[None]:
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=BUSY_TIMEOUT_S):
        raise StoreError("database is locked by another transaction of this process", remedy="try again")
    try:
        yield
    finally:
        lock.release()


def _check_keys(tx: Transaction) -> None:
    """Fail at the start, not in a citizen's turn, when a key that sealed the data is missing.

    Every key that was ever in force leaves a sealed row; each must still open.
    """
    rows = tx.connection.execute(
        select(store_facts.c.name, store_facts.c.sealed).where(store_facts.c.name.startswith(KEY_CHECK))
    ).all()
    for name, blob in rows:
        tx.unseal(blob, f"store_facts/{name}")
    current = f"{KEY_CHECK}{tx.sealer.key_id}"
    if current not in {name for name, _ in rows}:
        sealed = tx.seal("donghaeng", f"store_facts/{current}")
        # Another process that starts now may have written the same row.
        with suppress(IntegrityError), tx.connection.begin_nested():
            tx.connection.execute(insert(store_facts).values(name=current, sealed=sealed))
