"""Two server processes on one database: one command silences both, one brings both back."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed
from tests import postgres
from tests.dialogue.harness import policy
from tests.mcp.kit import PROGRAM, environment, running, small_catalogue
from websockets.sync.client import ClientConnection, connect

pytestmark = [pytest.mark.databases, pytest.mark.system, pytest.mark.timeout(300)]

OFF = policy().phrases("machine_off")
FAKES = {f"DONGHAENG_{name}": "fake" for name in ("RECOGNISER", "SYNTHESISER", "VOICE_ACTIVITY")}
PATIENCE_S = 60.0
"""For a machine that does other things; how often processes look is another test's."""


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings that both have in common."""
    small_catalogue(tmp_path)
    common = {name: value for name, value in environment(tmp_path).items() if name.startswith("DONGHAENG_")}
    common |= {**FAKES, "DONGHAENG_RATE_LIMIT": "off", "DONGHAENG_ALLOW_TEST_CLOCK": "1"}
    if request.param == "sqlite":
        yield common | {"DONGHAENG_DATABASE": f"sqlite:///{tmp_path}/data/donghaeng.db"}
        return
    with postgres.fresh() as address:
        yield common | {"DONGHAENG_DATABASE": address}


def asked(address: str, path: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
    request = urllib.request.Request(address + path, method="GET" if body is None else "POST")
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def until(holds: Callable[[], bool]) -> None:
    """Ask other processes again and again; raises :class:`tenacity.RetryError` where it never comes true."""
    again = Retrying(
        retry=retry_if_result(lambda held: not held), stop=stop_after_delay(PATIENCE_S), wait=wait_fixed(0.05)
    )
    again(holds)


def message(line: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    while True:
        data = line.recv(timeout=PATIENCE_S)
        if isinstance(data, str) and (found := json.loads(data))["type"] == kind:
            return dict(found)


def test_one_command_silences_every_process(tmp_path: Path, shared: dict[str, str]) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    def command(*arguments: str) -> None:
        env = environment(tmp_path, **shared)
        subprocess.run([PROGRAM, *arguments], env=env, check=True, capture_output=True)

    with (
        running(folders[0], "serve", **shared) as (one, _),
        running(folders[1], "serve", **shared) as (other, _),
        connect(f"ws{other[4:]}/v1/voice") as line,
    ):
        line.send(json.dumps({"type": "start", "sample_rate": 16000, "channel": "web"}))
        talks = [asked(address, "/v1/conversations", {"channel": "chat"}) for address in (one, other)]
        assert message(line, "reply")["say"] != OFF
        command("off", "--reason", "시험")
        told = message(line, "error")
        assert (told["code"], told["title"]) == ("machine_off", OFF)
        for address, talk in zip((one, other), talks, strict=True):
            until(lambda address=address: asked(address, "/healthz")["machine"] == "off")
            said = asked(
                address,
                f"/v1/conversations/{talk['conversation']}/turns",
                {"text": "강남역 따릉이 있어요?"},
                talk["token"],
            )
            assert said["show"]["text"] == OFF
            assert asked(address, "/readyz")["machine"] == "off"
        line.send(json.dumps({"type": "text", "text": "따릉이 있어요?"}))
        assert message(line, "reply")["show"]["text"] == OFF
        command("on")
        for address in (one, other):
            until(lambda address=address: asked(address, "/healthz")["machine"] == "on")
            assert asked(address, "/v1/conversations", {"channel": "chat"})["show"]["text"] != OFF
