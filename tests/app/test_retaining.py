"""The server destroys what is due once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donghaeng.app.retaining import Retainer
from donghaeng.errors import DonghaengError
from donghaeng.store import Store, conversations, destructions
from donghaeng.store.conversations import Conversation
from donghaeng.trust.sealing import Sealer

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
BEGAN = datetime(2018, 1, 1, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_over_years_each_day_destroys_what_is_due_and_nothing_else(tmp_path: Path) -> None:
    now = [BEGAN]
    with Store.open(f"sqlite:///{tmp_path}/d.db", Sealer([b"k" * 32])) as store:
        retainer = Retainer(store, CATALOGUE, tmp_path, clock=lambda: now[0])
        for month in range(36):
            at = BEGAN + month * 30 * DAY
            row = Conversation(f"c_{month}", "web", at, "v1", ended_at=at)
            store.run(lambda tx, row=row: conversations.add(tx, row, f"token {row.id}"))
        gone = []
        for day in range(0, 36 * 30 + 400, 10):
            now[0] = BEGAN + day * DAY
            gone.append(await retainer.once_a_day())
            assert await retainer.once_a_day() == 0, "once a day"
        assert sum(gone) == 36
        assert not any(gone[:36]), "nothing in the first year"
        assert max(gone) == 1
        lines = store.look(destructions.newest)
        assert sum(line.count for line in lines) == 36
        assert all(line.at - BEGAN >= 365 * DAY for line in lines)


async def test_it_waits_for_the_quiet_hour_and_wrong_rules_stop_nothing_else(tmp_path: Path) -> None:
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        row = Conversation("c_1", "web", BEGAN - 500 * DAY, "v1")
        store.run(lambda tx: conversations.add(tx, row, "token"))
        now = [BEGAN.replace(hour=1)]
        retainer = Retainer(store, CATALOGUE, tmp_path, clock=lambda: now[0])
        assert await retainer.once_a_day() == 0
        wrong = Retainer(store, tmp_path, tmp_path, clock=lambda: BEGAN)
        with pytest.raises(DonghaengError):
            await wrong.once_a_day()
        now[0] = BEGAN
        assert await retainer.once_a_day() == 1
