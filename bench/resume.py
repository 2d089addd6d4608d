"""How soon the page speaks again after the network was away: `donghaeng serve`, Chromium, a cut cable.

    python bench/resume.py --outages 5 25 84 --repeat 3

Real engines and real time. Prints a table and one JSON line: seconds from the network's return until the page
has its conversation back (``back_s``) and until the answer sounds again (``sound_s``).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from donghaeng.speech.audio import write_wav
from donghaeng.speech.engines import Audio

CABLE = Path(__file__).parents[1] / "tests" / "web" / "cable.py"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
WATCH = """
window.moments = {};
const note = (name) => (window.moments[name] ??= Date.now());
new MutationObserver(() => {
  const state = document.getElementById("microphone").dataset.state;
  if (state !== "reconnecting") note("back");
  if (Number(document.documentElement.dataset.playedSeconds) > window.before) note("sound");
}).observe(document.documentElement, { attributes: true, subtree: true });
"""
MICROPHONE_RATE = 48_000
PIECE_S = 0.2
"""The page notes a piece of sound when it has been played."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outages", type=float, nargs="+", default=[5.0, 25.0, 84.0])
    parser.add_argument("--repeat", type=int, default=3)
    wanted = parser.parse_args()
    spec = importlib.util.spec_from_file_location("cable", CABLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["cable"] = module
    spec.loader.exec_module(module)
    with tempfile.TemporaryDirectory() as data:
        server, address = _serve(data)
        try:
            with module.Cable(address).laid() as cable, sync_playwright() as playwright:
                flags = [*FLAGS, f"--use-file-for-fake-audio-capture={_silence(Path(data))}"]
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
                page = browser.new_context(permissions=["microphone"]).new_page()
                page.goto(cable.address)
                page.wait_for_selector("html[data-ready]")
                page.get_by_test_id("microphone").click()
                _write(page, "여권 만드는 데 며칠 걸려요")
                found = [
                    _outage(page, cable, seconds) for seconds in wanted.outages for _ in range(wanted.repeat)
                ]
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    print(f"{'away s':>8} {'back s':>8} {'sound s':>8}")
    for one in found:
        print(f"{one['away_s']:>8.0f} {one['back_s']:>8.2f} {one['sound_s']:>8.2f}")
    print(json.dumps({"bench": "resume", "runs": found}))


def _outage(page: Page, cable: Any, seconds: float) -> dict[str, float]:
    cable.pull()
    page.wait_for_selector("#microphone[data-state=reconnecting]")
    time.sleep(seconds)
    page.evaluate("window.before = Number(document.documentElement.dataset.playedSeconds)")
    page.evaluate(WATCH)
    began = time.time()
    cable.plug_in()
    page.wait_for_function("() => window.moments.sound", timeout=60_000)
    moments = page.evaluate("window.moments")
    page.wait_for_selector("#microphone[data-state=listening]", timeout=60_000)
    return {
        "away_s": seconds,
        "back_s": round(moments["back"] / 1000 - began, 2),
        "sound_s": round(moments["sound"] / 1000 - began - PIECE_S, 2),
    }


def _write(page: Page, words: str) -> None:
    page.wait_for_selector("#microphone[data-state=listening]", timeout=60_000)
    page.get_by_test_id("write").click()
    page.get_by_test_id("text").fill(words)
    page.get_by_test_id("send").click()
    page.wait_for_selector("#microphone[data-state=speaking]", timeout=60_000)
    page.wait_for_selector("#microphone[data-state=listening]", timeout=60_000)


def _silence(folder: Path) -> Path:
    """A microphone in a quiet room: what Chromium makes up itself beeps, and the agent would listen to it."""
    file = folder / "silence.wav"
    write_wav(Audio(np.zeros(10 * MICROPHONE_RATE, np.float32), MICROPHONE_RATE), file)
    return file


def _serve(data: str) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DONGHAENG_DATA": data, "DONGHAENG_REHEARSE": "0"}
    program = Path(sys.executable).parent / "donghaeng"
    command: list[str | Path] = [program, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment)  # noqa: S603  our own program
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 300
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310  our own server
                return server, address
        except OSError:
            time.sleep(0.5)
    server.terminate()
    raise SystemExit("the server did not get ready")


if __name__ == "__main__":
    main()
