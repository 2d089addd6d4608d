"""A tool desk on a real runtime with a scripted city, and the program itself for clients of the protocol."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conversation.scripted import KEY, PLACES, World
from tests.databases import standing_for
from tests.dialogue.harness import CATALOGUE, catalogue, emergencies, policy

from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.mcp.confirmation import Tokens
from donghaeng.mcp.desk import ToolDesk
from donghaeng.mcp.server import make_server
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from mcp import StdioServerParameters

PROGRAM = Path(sys.executable).parent / "donghaeng"
SERVICES = ("bike_station", "bulky_waste", "bus_arrival", "counsellor", "my_requests")
START_S = 90.0

SOFA: dict[str, Any] = {
    "item": "소파",
    "address": "서울특별시 마포구 양화로 45, 303호",
    "date": "2026-12-01",
    "phone": "010-1234-5678",
}


@contextmanager
def desk_of(world: World, owner: str = "one") -> Iterator[ToolDesk]:
    """The tools in a process that lives as long as the block."""
    sealer = Sealer([KEY])
    with Store.open(f"sqlite:///{world.database}", sealer) as store:
        yield ToolDesk(
            catalogue=catalogue(),
            phrases=policy().phrases,
            places=PLACES,
            conversations=world.runtime(store, owner),
            store=store,
            tokens=Tokens(sealer),
            clock=world.clock,
        )


def server_of(desk: ToolDesk) -> Any:
    return make_server(desk, emergencies=emergencies(), operations=OPERATIONS)


def small_catalogue(folder: Path) -> Path:
    """The catalogue with a few services: learning it takes seconds."""
    copy = Path(shutil.copytree(CATALOGUE, folder / "catalogue"))
    for service in (copy / "services").iterdir():
        if service.name not in SERVICES:
            shutil.rmtree(service)
    return copy


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("DONGHAENG_")},
        "DONGHAENG_CATALOGUE": str(folder / "catalogue"),
        "DONGHAENG_DATA": str(folder / "data"),
        "DONGHAENG_DATABASE": standing_for(f"sqlite:///{folder / 'data' / 'donghaeng.db'}"),
        "DONGHAENG_EMBEDDER": "fake",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }


def stdio(folder: Path) -> StdioServerParameters:
    """The program as a client starts it."""
    return StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment(folder))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, Path]]:
    """The program on a port of its own until the block ends: its address, and where its log goes."""
    port, log = free_port(), folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [PROGRAM, *arguments, "--port", str(port)],
            env=environment(folder, **more),
            stdout=out,
            stderr=out,
            cwd=folder,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address, log)
        yield address, log
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            urllib.request.urlopen(address + "/mcp", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start: " + log.read_text())
