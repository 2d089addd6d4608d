"""Clauses are made in the order in which they are needed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from donghaeng.errors import EngineError
from donghaeng.speech.engines import Audio
from donghaeng.speech.synthesise.fake import FakeSynthesiser
from donghaeng.speech.synthesise.queue import EngineQueue, due_by


class Gate(FakeSynthesiser):
    """Makes nothing until it is opened; notes what is made at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()
        self.begun = threading.Semaphore(0)
        self.order: list[str] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        with self._lock:
            self.order.append(clause)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.release()
        assert self.open.wait(10)
        with self._lock:
            self.at_once -= 1
        if clause == "고장":
            raise EngineError("broken")
        return super().synthesise(clause, speed=speed)


def test_what_is_due_first_is_made_first_and_a_failure_blocks_nobody() -> None:
    engine = Gate()
    queue = EngineQueue(engine, 1)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(due_by, 9.0, queue.synthesise, "고장")]
        assert engine.begun.acquire(timeout=10)
        wanted = [(30.0, "셋"), (5.0, "하나"), (30.0, "넷"), (20.0, "둘")]
        for number, (due, clause) in enumerate(wanted):
            asked.append(threads.submit(due_by, due, queue.synthesise, clause))
            while len(queue._waiting) <= number:
                pass
        engine.open.set()
        with pytest.raises(EngineError):
            asked[0].result(10)
        assert all(one.result(10).seconds > 0 for one in asked[1:])
    assert engine.order == ["고장", "하나", "둘", "셋", "넷"]
    assert engine.most_at_once == 1
    assert (queue.info.name, queue.rate) == (engine.info.name, engine.rate)


def test_so_many_are_made_at_a_time() -> None:
    engine = Gate()
    queue = EngineQueue(engine, 2)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(queue.synthesise, "네") for _ in range(6)]
        for _ in range(2):
            assert engine.begun.acquire(timeout=10)
        engine.open.set()
        assert all(one.result(10) for one in asked)
    assert engine.most_at_once == 2
