"""Real servers die at random points while citizens ask, agree and take back: the crashes of ten bad minutes
in one. ``donghaeng bench chaos --kills 1000`` does more of it by hand."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests import postgres

from donghaeng.cli.bench_chaos import holds, measure
from donghaeng.measuring.cases import JsonObject

pytestmark = [pytest.mark.databases, pytest.mark.system, pytest.mark.timeout(600)]

RESUMED_S = 3.0
ANSWER_S = 5.0


def nothing_is_wrong(figures: JsonObject) -> None:
    assert holds(figures), json.dumps(figures, ensure_ascii=False)
    assert figures["agreed"] >= figures["citizens"], figures
    assert figures["held"] >= figures["citizens"], figures
    assert figures["unanswered"] > 0, "no kill met anybody"


def test_kills_on_sqlite_lose_and_double_nothing(tmp_path: Path) -> None:
    figures = measure(kills=24, whole=1, seed=1, citizens=6, folder=tmp_path)
    nothing_is_wrong(figures)
    assert figures["taken_back"] > 0, figures
    assert figures["resumed_p50_s"] <= RESUMED_S, figures
    assert figures["answer_p50_s"] <= ANSWER_S, figures


def test_kills_of_servers_and_of_the_database_on_postgresql(
    tmp_path: Path, postgresql_server: postgres.Server
) -> None:
    crashes = 0

    async def crash(number: int) -> None:
        """PostgreSQL crashes in the middle of the turns, and comes back before or after the server dies."""
        nonlocal crashes
        if number % 4 == 1:
            crashes += 1
            await asyncio.to_thread(postgresql_server.stop, "immediate")
            await asyncio.to_thread(postgresql_server.start)

    figures = measure(
        kills=8,
        whole=0,
        seed=2,
        citizens=6,
        database=postgresql_server.address(postgresql_server.migrated()),
        folder=tmp_path,
        meanwhile=crash,
    )
    nothing_is_wrong(figures)
    assert crashes == 2
