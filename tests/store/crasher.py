"""Takes turns for ever and tells each committed one; a test kills it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial

from donghaeng.store import Store, Transaction, conversations, events, outbox, replies
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def take(tx: Transaction, turn: int) -> None:
    private = {"text": f"차례 {turn}"}
    events.append(tx, "c_1", 4 * (turn - 1), [events.Event(turn, "said", NOW, {}, private)] * 4)
    replies.add(tx, "c_1", f"key {turn}", turn=turn, at=NOW, reply={"turn": turn})
    outbox.add(
        tx, outbox.OutboxRow(f"o_{turn}", "c_1", f"k_{turn}", "s", "o.p", private, f"i_{turn}", NOW, NOW)
    )


def main() -> None:
    store = Store.open(sys.argv[1], Sealer([b"k" * 32]))
    store.run(lambda tx: conversations.add(tx, conversations.Conversation("c_1", "chat", NOW, "v1"), "token"))
    turn = 0
    while True:
        turn += 1
        store.run(partial(take, turn=turn))
        sys.stdout.write(f"{turn}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
