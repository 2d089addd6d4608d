"""Confirms a write in a process of its own, which stops at a point and waits to be killed."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import KEY, PLACES, ScriptedClock

from donghaeng.city.operations import Answer
from donghaeng.conversation.door import Opening, Said
from donghaeng.sandbox import clock as sandbox_clock
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.inside import InsideCity
from donghaeng.sandbox.ledger import Ledger
from donghaeng.store import Store
from donghaeng.store.process_names import process_name
from donghaeng.trust.sealing import Sealer

POINTS = ("before recording", "before sending", "after accepting", "before marking", "after the turn")


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Stopper:
    """Waits for ever at one point."""

    def __init__(self, point: str) -> None:
        self.point = point

    def reaches(self, point: str) -> None:
        if point == self.point:
            tell("here")
            signal.pause()


class StoppingCity(InsideCity):
    """A city on whose way the process stops."""

    stopper: Stopper

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        if idempotency_key is not None:
            self.stopper.reaches("before sending")
        answer = await super().call(operation, arguments, now=now, idempotency_key=idempotency_key)
        if idempotency_key is not None:
            self.stopper.reaches("after accepting")
        return answer


def world_in(folder: Path, address: str) -> tuple[Store, SandboxCity]:
    """The database and the city of a folder, which outlive every process."""
    store = Store.open(address, Sealer([KEY]))
    ledger = Ledger(folder / "city.db")
    return store, SandboxCity(7, PLACES, sandbox_clock.city_time, ledger=ledger)


async def main(folder: Path, stopper: Stopper, address: str) -> None:
    store, sandbox = world_in(folder, address)
    city = StoppingCity(sandbox, PLACES)
    city.stopper = stopper
    runtime = runtime_on(store, city, ScriptedClock(), owner=process_name())
    opened = await runtime.open(Opening(home_district="마포구"))
    tell(f"{opened.conversation} {opened.token}")
    await runtime.turn(opened.conversation, opened.token, Said(text="소파"))
    carrier = runtime._carrier
    record, mark = carrier.record, carrier.mark

    def stopping_record(*given: Any) -> None:
        stopper.reaches("before recording")
        record(*given)

    def stopping_mark(*given: Any, **options: Any) -> None:
        stopper.reaches("before marking")
        mark(*given, **options)

    carrier.record, carrier.mark = stopping_record, stopping_mark  # type: ignore[method-assign]
    yes = Said(text="confirm")
    await runtime.turn(opened.conversation, opened.token, yes, idempotency_key="yes")
    stopper.reaches("after the turn")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Stopper(sys.argv[2]), sys.argv[3]))
