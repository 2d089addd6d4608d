"""The whole thing: `donghaeng serve`, headless Chromium, a microphone that plays a request, real engines."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.korean.reading import read_aloud  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.speech.audio import resample, write_wav  # noqa: E402
from donghaeng.speech.engines import Audio  # noqa: E402
from donghaeng.speech.load import load_synthesiser  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.audio, pytest.mark.timeout(420)]

REQUEST = "강남역 지하철 언제 와요"
MICROPHONE_RATE = 48_000
BEFORE_S, AFTER_S = 4.0, 90.0
READY_WITHIN_S = 120.0
ANSWERED_WITHIN_MS = 120_000
MORE_THAN_THE_GREETING = re.compile(r"^(1[2-9]|[2-9]\d)(\.\d+)?$")
"""Seconds of sound played: the greeting alone lasts under 12."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The request in the agent's own voice, between silences."""
    voice = load_synthesiser(load_settings())
    spoken = voice.synthesise(read_aloud(REQUEST), speed=0.9)
    request = resample(spoken, MICROPHONE_RATE).samples
    silence = [np.zeros(int(seconds * MICROPHONE_RATE), np.float32) for seconds in (BEFORE_S, AFTER_S)]
    path = tmp_path_factory.mktemp("sound") / "request.wav"
    write_wav(Audio(np.concatenate([silence[0], request, silence[1]]), MICROPHONE_RATE), path)
    return path


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server started as a user starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DONGHAENG_DATA": str(tmp_path_factory.mktemp("data")),
        "DONGHAENG_REHEARSE": "0",
    }
    program = Path(sys.executable).parent / "donghaeng"
    server = subprocess.Popen(
        [program, "serve", "--port", str(port)], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield _ready(server, f"http://localhost:{port}")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _ready(server: subprocess.Popen[str], address: str) -> str:
    """Wait on the server's own readiness report."""
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"the server ended: {server.stderr.read() if server.stderr else ''}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return address
        except OSError:
            server_is_starting = server.poll() is None
            assert server_is_starting
    raise AssertionError(f"not ready within {READY_WITHIN_S} s")


def test_a_spoken_request_is_shown_and_answered_aloud(address: str, recording: Path) -> None:
    with chromium(recording, flags=("--autoplay-policy=no-user-gesture-required",)) as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["microphone"])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        page.get_by_test_id("microphone").click()
        answer = page.get_by_test_id("answer")
        expect(answer).to_contain_text("강남역", timeout=ANSWERED_WITHIN_MS)
        expect(page.get_by_test_id("heard")).to_contain_text("지하철")
        expect(page.locator("html")).to_have_attribute(
            "data-played-seconds", MORE_THAN_THE_GREETING, timeout=ANSWERED_WITHIN_MS
        )
        page.screenshot(path=str(recording.parent / "answered.png"))
        assert errors == []
