"""`donghaeng bench start`: from a cold process to an agent that answers (CONTRACT 6)."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from donghaeng.errors import DonghaengError
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.figures import MEGABYTE
from donghaeng.measuring.own_server import Ask, is_ready, own_server


def run(
    serve: Sequence[str],
    environment: Mapping[str, str],
    *,
    answers: Ask,
    patience: float,
    idle_seconds: float,
    ready: Ask = is_ready,
) -> JsonObject:
    """Start a server, wait until it is ready and answers, let it idle, measure its memory, end it.

    Args:
        serve: the command, to which ``--port`` is added.
        environment: variables besides those of this process.
        answers: whether it answers a first request.
        patience: seconds after which a server that is not ready has failed.
        idle_seconds: rest before its memory is measured.
        ready: whether all of it is loaded.

    Raises:
        DonghaengError: it ended, was not ready in time, or did not answer.
    """
    began = time.perf_counter()
    with own_server(serve, environment, patience=patience, ready=ready) as server:
        ready_s = time.perf_counter() - began
        if not answers(server.address):
            raise DonghaengError("the server was ready but did not answer a first turn")
        answered_s = time.perf_counter() - began
        time.sleep(idle_seconds)
        process = psutil.Process(server.pid)
        family = [process, *process.children(recursive=True)]
        memory = sum(one.memory_info().rss for one in family)
        cpu = sum(sum(one.cpu_times()[:2]) for one in family)
    return {
        "kind": "start",
        "ready_s": round(ready_s, 2),
        "first_answer_s": round(answered_s, 2),
        "idle_memory_mb": round(memory / MEGABYTE, 1),
        "cpu_s": round(cpu, 2),
    }


def folder_megabytes(folder: Path) -> float:
    """Size of the files below ``folder``, hard links counted once."""
    sizes: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            state = (Path(place) / name).lstat()
            sizes[state.st_dev, state.st_ino] = state.st_blocks * 512
    return round(sum(sizes.values()) / MEGABYTE, 1)
