"""The vault: telephone numbers by which somebody is reached, sealed under keys of their own.

Rows that need one (a text message, a call, a counsellor's call-back) hold its id. A value is bound to its
row, purpose and conversation, ends with its period, and goes with its conversation
(docs/decisions/0037-vault.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

import structlog
from sqlalchemy import Row, delete, func, insert, select, update

from donghaeng.errors import StoreError
from donghaeng.store.privacy_tables import vault_values as values
from donghaeng.store.store import Store, Transaction
from donghaeng.trust.masking import mask
from donghaeng.trust.tokens import make_id
from donghaeng.trust.vault_keys import Sealed

Purpose = Literal["message", "call", "call_back"]
LIFETIMES: Final[Mapping[Purpose, timedelta]] = {
    "message": timedelta(days=30),
    "call": timedelta(days=30),
    "call_back": timedelta(days=90),
}
"""How long a value is held: until nobody asks any more whether the message or the call came."""
BATCH: Final = 200
"""Values that one transaction seals anew."""

Progress = Callable[[int, int], None]
"""Is told how many values are done, and how many there are."""

_log = structlog.get_logger(__name__)


def put(tx: Transaction, value: str, purpose: Purpose, conversation_id: str, now: datetime) -> str:
    """Keep a value; gives its id.

    Raises:
        DonghaengError: there is no key to seal it with, and nothing is kept.
    """
    name = make_id("v")
    sealed = tx.vault.seal(mask(value).text, _bound(name, purpose, conversation_id))
    tx.connection.execute(
        insert(values).values(
            id=name,
            purpose=purpose,
            conversation_id=conversation_id,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
            made_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return name


def take(tx: Transaction, name: str, purpose: Purpose) -> str | None:
    """The value, for what it was kept for; None where its period is over, or its key is not here: whoever
    wants to reach somebody by it gives up, and `donghaeng doctor` tells why."""
    row = tx.connection.execute(select(values).where(values.c.id == name)).first()
    if row is None:
        return None
    try:
        return _open(tx, row, purpose)
    except StoreError as error:
        _log.error("vault.unreadable", kind=purpose, error=type(error).__name__)
        return None


def held(tx: Transaction, names: Collection[str]) -> frozenset[str]:
    """Which of these values are still kept, in one query and without opening any."""
    if not names:
        return frozenset()
    return frozenset(tx.connection.execute(select(values.c.id).where(values.c.id.in_(list(names)))).scalars())


def drop(tx: Transaction, name: str) -> bool:
    """Destroy one value; false where there was none."""
    return tx.connection.execute(delete(values).where(values.c.id == name)).rowcount > 0


def drop_of(tx: Transaction, conversation_id: str) -> int:
    """Destroy all values of a conversation; how many there were."""
    return tx.connection.execute(delete(values).where(values.c.conversation_id == conversation_id)).rowcount


def counts(tx: Transaction) -> dict[str, int]:
    """How many values each key seals, by the key's id."""
    rows = tx.connection.execute(select(values.c.key_id, func.count()).group_by(values.c.key_id))
    return {str(key): int(count) for key, count in rows}


def rotate(store: Store, progress: Progress = lambda done, total: None) -> int:
    """Seal every value anew with the key in force, some in a transaction; how many there were. What an
    interruption left is done by the next run, and every value opens all the time.

    Raises:
        VaultKeyMissing: a key that sealed some is not here; those before it in order are done.
        StoreError: a value is damaged, or the database refused.
    """
    total = store.look(lambda tx: sum(n for key, n in counts(tx).items() if key != tx.vault.current))
    done = 0
    while some := store.run(_rotate_some):
        done += some
        progress(done, max(total, done))
    return done


def _rotate_some(tx: Transaction) -> int:
    query = select(values).where(values.c.key_id != tx.vault.current).order_by(values.c.id).limit(BATCH)
    rows = tx.connection.execute(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        sealed = tx.vault.seal(_open(tx, row, row.purpose), _bound(row.id, row.purpose, row.conversation_id))
        unchanged = (values.c.id == row.id) & (values.c.key_id == row.key_id)
        anew = {"key_id": sealed.key_id, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext}
        tx.connection.execute(update(values).where(unchanged).values(**anew))
    return len(rows)


def _open(tx: Transaction, row: Row[tuple[object, ...]], purpose: str) -> str:
    sealed = Sealed(row.key_id, row.nonce, row.ciphertext)
    return tx.vault.open(sealed, _bound(row.id, purpose, row.conversation_id))


def _bound(name: str, purpose: str, conversation_id: str) -> str:
    return f"vault/{name}/{purpose}/{conversation_id}"
