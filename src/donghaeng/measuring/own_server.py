"""A server process of our own, from its start until it is ready and to its end."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from donghaeng.errors import DonghaengError

POLL_SECONDS: Final = 0.05
STOP_SECONDS: Final = 20.0
ANSWER_SECONDS: Final = 2.0
"""How long one look whether it is ready may take."""

Ask = Callable[[str], bool]
"""Whether the server at this address does what is asked of it."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server that is ready."""

    address: str
    pid: int


def is_ready(address: str) -> bool:
    """Whether all of the server is loaded."""
    try:
        return httpx.get(f"{address}/readyz", timeout=ANSWER_SECONDS, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def own_server(
    serve: Sequence[str], environment: Mapping[str, str], *, patience: float, ready: Ask = is_ready
) -> Iterator[OwnServer]:
    """A server that is ready, until the block ends.

    Args:
        serve: the command, to which ``--port`` is added.
        environment: variables besides those of this process.
        patience: seconds after which a server that is not ready has failed.
        ready: whether it is.

    Raises:
        DonghaengError: it ended or was not ready in time.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + patience
    process = subprocess.Popen(  # noqa: S603  our own program
        [*serve, "--port", str(port)],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not ready(address):
            if process.poll() is not None:
                remedy = "run `donghaeng serve` and read what it says"
                raise DonghaengError(f"the server ended with status {process.returncode}", remedy=remedy)
            if time.monotonic() > deadline:
                raise DonghaengError("the server was not ready in time", remedy="allow more with --patience")
            time.sleep(POLL_SECONDS)
        yield OwnServer(address, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
