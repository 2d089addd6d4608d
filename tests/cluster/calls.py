"""A caller on a voice line of the cluster, and a city whose answers to writes can be held back."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from tests.dialogue.harness import CATALOGUE
from websockets.sync.client import ClientConnection, connect

from donghaeng.app import seoul_now
from donghaeng.city.places import load_builtin
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.ledger import Ledger

PATIENCE_S = 60.0
"""For a machine that does other things."""


class HeldCity:
    """A sandbox city that, when told to, accepts a write and does not answer until it is let go."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder / "city.db")
        city = SandboxCity(7, load_builtin(CATALOGUE / "places"), seoul_now, ledger=self.ledger)
        self._app = create_app(city)
        self.hold = False
        self.accepted = threading.Event()
        self.go = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, keep)
        if self.hold and scope["method"] == "POST" and scope["path"].startswith("/gateway/v1/requests/"):
            self.accepted.set()
            await asyncio.to_thread(self.go.wait, PATIENCE_S)
        for message in sent:
            await send(message)


class Line:
    """One connection of a caller to `/v1/voice`."""

    def __init__(self, address: str, resume: str | None = None) -> None:
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(f"ws{address[4:]}/v1/voice", open_timeout=PATIENCE_S)
        )
        start = {"type": "start", "sample_rate": 16_000, "channel": "web"}
        self.send(start if resume is None else {**start, "resume": resume})
        self.ready = self.next("ready")
        self.first = self.next("reply")

    @property
    def token(self) -> str:
        return str(self.ready["token"])

    def send(self, message: dict[str, Any]) -> None:
        self._socket.send(json.dumps(message))

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of these kinds."""
        while True:
            data = self._socket.recv(timeout=PATIENCE_S)
            if isinstance(data, str) and (found := json.loads(data))["type"] in kinds:
                return dict(found)

    def sound(self) -> bytes:
        """The next sound."""
        while True:
            data = self._socket.recv(timeout=PATIENCE_S)
            if isinstance(data, bytes):
                return data

    def say(self, text: str, key: str | None = None) -> dict[str, Any]:
        """Type words and read what is answered."""
        self.send({"type": "text", "text": text, **({"key": key} if key else {})})
        return self.next("reply", "error")

    def close(self) -> None:
        self._open.close()


def opened(client: httpx.Client) -> tuple[str, dict[str, str]]:
    """A new conversation in writing: its address and its header."""
    reply = client.post("/v1/conversations", json={"channel": "chat"}).raise_for_status().json()
    return f"/v1/conversations/{reply['conversation']}", {"Authorization": f"Bearer {reply['token']}"}
