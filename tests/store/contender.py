"""One of several processes that want the same writes and the same turns; tells what it got.

Each line is ``sent ID`` for a row of the outbox, ``took TURN`` for a turn of the one conversation.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from donghaeng.errors import ConversationBusy
from donghaeng.store import Store, Transaction, conversations, events, messages, outbox, replies
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = b"k" * 32
TURNS = 30


def fill(store: Store, rows: int) -> None:
    """A conversation without a turn, and so many writes that wait."""

    def work(tx: Transaction) -> None:
        conversations.add(tx, conversations.Conversation("c_1", "chat", NOW, "v1"), "token")
        for number in range(rows):
            one = outbox.OutboxRow(f"o_{number}", "c_1", "k", "s", "o.p", {}, f"i_{number}", NOW, NOW)
            outbox.add(tx, one)

    store.run(work)


def take_turn(tx: Transaction, turn: int, expected: int) -> None:
    events.append(tx, "c_1", expected, [events.Event(turn, "said", NOW)])
    replies.add(tx, "c_1", f"key {turn}", turn=turn, at=NOW, reply={"turn": turn})
    said = messages.MessageRow(f"m_{turn}", "c_1", "accepted", "s", "010-1234-5678", "말", NOW, NOW)
    assert messages.add(tx, said)


def main(address: str, name: str) -> None:
    with Store.open(address, Sealer([KEY])) as store:
        say("ready")
        sys.stdin.readline()
        while claimed := store.run(lambda tx: outbox.claim(tx, name, NOW, limit=3)):
            for row in claimed:
                assert store.run(partial(outbox.mark_done, row_id=row.id, receipt=name, at=NOW))
                say(f"sent {row.id}")
        for turn in range(1, TURNS + 1):
            last = store.look(lambda tx: conversations.get(tx, "c_1", "token")).last_seq
            if last >= turn:
                continue
            with suppress(ConversationBusy):
                store.run(partial(take_turn, turn=turn, expected=turn - 1))
                say(f"took {turn}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
