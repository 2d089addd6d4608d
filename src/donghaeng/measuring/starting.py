"""`donghaeng bench start`: from a cold process to an agent that answers (CONTRACT 6)."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from donghaeng.errors import DonghaengError
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.figures import MEGABYTE

POLL_SECONDS: Final = 0.05
STOP_SECONDS: Final = 20.0

Ask = Callable[[str], bool]
"""Whether the server at this address does what is asked of it."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(
    serve: Sequence[str],
    environment: Mapping[str, str],
    *,
    ready: Ask,
    answers: Ask,
    patience: float,
    idle_seconds: float,
) -> JsonObject:
    """Start a server, wait until it is ready and answers, let it idle, measure its memory, end it.

    Args:
        serve: the command, to which ``--port`` is added.
        environment: variables besides those of this process.
        ready: whether all of it is loaded.
        answers: whether it answers a first request.
        patience: seconds after which a server that is not ready has failed.
        idle_seconds: rest before its memory is measured.

    Raises:
        DonghaengError: it ended, was not ready in time, or did not answer.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  our own program
        [*serve, "--port", str(port)],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait(server, lambda: ready(address), began + patience)
            ready_s = time.perf_counter() - began
            if not answers(address):
                raise DonghaengError("the server was ready but did not answer a first turn")
            answered_s = time.perf_counter() - began
            time.sleep(idle_seconds)
            process = psutil.Process(server.pid)
            family = [process, *process.children(recursive=True)]
            memory = sum(one.memory_info().rss for one in family)
            cpu = sum(sum(one.cpu_times()[:2]) for one in family)
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
    return {
        "kind": "start",
        "ready_s": round(ready_s, 2),
        "first_answer_s": round(answered_s, 2),
        "idle_memory_mb": round(memory / MEGABYTE, 1),
        "cpu_s": round(cpu, 2),
    }


def _wait(server: subprocess.Popen[bytes], reached: Callable[[], bool], deadline: float) -> None:
    while not reached():
        if server.poll() is not None:
            remedy = "run `donghaeng serve` and read what it says"
            raise DonghaengError(f"the server ended with status {server.returncode}", remedy=remedy)
        if time.perf_counter() > deadline:
            raise DonghaengError("the server was not ready in time", remedy="allow more with --patience")
        time.sleep(POLL_SECONDS)


def folder_megabytes(folder: Path) -> float:
    """Size of the files below ``folder``, hard links counted once."""
    sizes: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            state = (Path(place) / name).lstat()
            sizes[state.st_dev, state.st_ino] = state.st_blocks * 512
    return round(sum(sizes.values()) / MEGABYTE, 1)
