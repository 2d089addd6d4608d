"""The whole thing in two windows: a citizen asks for a person, a counsellor takes over, both write or both
speak, the machine is silent, and has the conversation again afterwards."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import uvicorn

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import beside, chromium  # noqa: E402
from tests.databases import standing_for  # noqa: E402

from donghaeng.app.serving import open_web  # noqa: E402
from donghaeng.korean.sounds import SoundIndex  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.speech.audio import resample, write_wav  # noqa: E402
from donghaeng.speech.engines import Audio  # noqa: E402
from donghaeng.speech.load import load_recogniser, load_synthesiser  # noqa: E402
from donghaeng.web.app import SERVER_OPTIONS  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.audio, pytest.mark.timeout(420)]

PASSWORD = "비 오는 날의 우산 하나"
OWN = "맑은 날의 자전거 두 대"
chosen: set[str] = set()
"""Accounts whose owners have chosen a password of their own."""
READY_WITHIN_S = 300.0
SLOW_MS = 20_000
OPEN_HOURS = "2026-11-23T10:00:00+09:00"
"""A Monday morning."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server with the accounts that the command line made."""
    folder = tmp_path_factory.mktemp("data")
    program = Path(sys.executable).parent / "donghaeng"
    for name, role in (("kim", "counsellor"), ("lee", "supervisor")):
        command = [program, "staff", "add", name, "--role", role, "--password-stdin"]
        database = standing_for(f"sqlite:///{folder / 'donghaeng.db'}")
        environment = {**os.environ, "DONGHAENG_DATA": str(folder), "DONGHAENG_DATABASE": database}
        subprocess.run(command, env=environment, input=f"{PASSWORD}\n", text=True, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = load_settings(
        data=folder,
        allow_test_clock=True,
        rate_limit="off",
        city="sandbox",
        database=None,
        rehearse=False,
        second_factor=(),
    )
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        async with open_web(settings) as app:
            options = {**SERVER_OPTIONS, "log_level": "warning", "lifespan": "off"}
            config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, **options)
            servers.append(uvicorn.Server(config))
            await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    until = time.monotonic() + READY_WITHIN_S
    while not (servers and servers[0].started):
        assert thread.is_alive(), "the server ended"
        assert time.monotonic() < until
        threading.Event().wait(0.05)
    yield f"http://127.0.0.1:{port}"
    servers[0].should_exit = True
    servers[0].force_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def window(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR").new_page()
    page.set_default_timeout(SLOW_MS)
    return page


def at(page: Page, name: str):
    return page.get_by_test_id(name)


def write(page: Page, words: str) -> None:
    if not at(page, "text").is_visible():
        at(page, "write").click()
    at(page, "text").fill(words)
    at(page, "send").click()


def log_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/console/login?next=/console/desk")
    page.get_by_label("이름").fill(name)
    page.get_by_label("비밀번호").fill(OWN if name in chosen else PASSWORD)
    page.keyboard.press("Enter")
    if name not in chosen:  # the command line gives a first password, which its owner changes at once
        form = at(page, "password")
        for label, words in (
            ("지금 비밀번호", PASSWORD),
            ("새 비밀번호", OWN),
            ("새 비밀번호 한 번 더", OWN),
        ):
            form.get_by_label(label, exact=True).fill(words)
        form.get_by_role("button").click()
        expect(at(page, "alert")).to_contain_text("바꿨어요")
        chosen.add(name)
        page.goto(f"{address}/console/desk")
    expect(at(page, "queue")).to_be_visible()


def test_a_citizen_and_a_counsellor_talk_in_two_windows(browser: Browser, address: str) -> None:
    counsellor, citizen = window(browser), window(browser)
    log_in(counsellor, address, "kim")
    # The desk keeps the city's hours; the conversation is given a clock at which it is open.
    citizen.route(
        "**/v1/conversations",
        lambda route: route.continue_(
            post_data=json.dumps({**(route.request.post_data_json or {}), "now": OPEN_HOURS})
        ),
    )
    citizen.goto(address)
    citizen.wait_for_selector("html[data-ready]")
    write(citizen, "소파 하나 버리고 싶어요")
    expect(at(citizen, "answer")).to_contain_text(re.compile("구|주소|어디"))
    asked = at(citizen, "answer").inner_text()
    write(citizen, "상담사 바꿔 주세요")
    expect(at(citizen, "handover")).to_contain_text("상담사를 기다리고 있어요")

    row = at(counsellor, "queue").get_by_role("button")
    expect(row).to_have_count(1)
    row.click()
    expect(at(counsellor, "before")).to_contain_text("소파 하나 버리고 싶어요")
    at(counsellor, "claim").click()
    expect(at(counsellor, "words")).to_be_focused()
    expect(at(counsellor, "slots")).to_contain_text("소파")
    expect(at(citizen, "handover")).to_contain_text("상담사와 이어졌어요")

    at(counsellor, "words").fill("안녕하세요, 상담사예요. 무엇을 도와드릴까요?")
    at(counsellor, "send").click()
    expect(at(citizen, "answer")).to_have_text("안녕하세요, 상담사예요. 무엇을 도와드릴까요?")
    write(citizen, "혼자 못 들어서 그래요")
    expect(at(counsellor, "lines")).to_contain_text("혼자 못 들어서 그래요")
    expect(citizen.locator("#answer-box")).to_be_hidden()
    at(counsellor, "words").fill("들어다 드리는 분을 알아볼게요.")
    at(counsellor, "send").click()
    expect(at(citizen, "answer")).to_have_text("들어다 드리는 분을 알아볼게요.")
    said = counsellor.locator("#lines .line.machine")
    expect(said).to_have_count(0)

    at(counsellor, "hand-back").click()
    expect(at(counsellor, "case")).to_contain_text("기계에게 돌려주었어요")
    expect(at(citizen, "answer")).not_to_have_text("들어다 드리는 분을 알아볼게요.")
    expect(at(citizen, "answer")).to_contain_text(re.compile("소파|구|주소"))
    assert asked
    write(citizen, "마포구 양화로 사십오 삼백이 호")
    expect(at(citizen, "heard")).to_contain_text("양화로")
    expect(citizen.locator("#answer-box")).to_be_visible()


def test_a_supervisor_reads_the_transcript_and_a_counsellor_does_not(browser: Browser, address: str) -> None:
    opening = urllib.request.Request(
        f"{address}/v1/conversations", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(opening, timeout=30) as answer:
        conversation = json.loads(answer.read())["conversation"]
    read = """async (path) => {
      const got = await fetch(path);
      return [got.status, (await got.json()).turns?.length ?? null];
    }"""
    path = f"/v1/conversations/{conversation}?purpose=quality"
    for name, expected in (("lee", [200, 1]), ("kim", [403, None])):
        page = window(browser)
        log_in(page, address, name)
        assert page.evaluate(read, path) == expected


# Both speak

CITIZENS, COUNSELLORS = "상담사 연결해 주세요", "오늘은 날씨가 참 맑고 따뜻하네요"
MICROPHONE_RATE = 48_000
BEFORE_S, AFTER_S = 1.0, 2.5
"""Silence around a sentence: together longer than the machine waits for its end."""
HEARD_S = 5.0
"""Seconds of speech in which the sentence, said over and over, was whole at least once."""
MOST_HEARINGS = 6
VOICE_MS = 120_000
SOUNDS_ALIKE = 0.4
"""Distance up to which what the recogniser wrote is the sentence, and not the other one."""
TAP = """
window.tap = { on: false, voiced: 0, rate: 0, chunks: [] };
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...more) {
  const connected = connect.call(this, target, ...more);
  if (target instanceof AudioDestinationNode && !(this instanceof ScriptProcessorNode)) {
    const ear = this.context.createScriptProcessor(16384, 1, 1);
    window.tap.rate = this.context.sampleRate;
    ear.onaudioprocess = ({ inputBuffer }) => {
      if (!window.tap.on) return;
      const samples = inputBuffer.getChannelData(0).slice();
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      if (power > 1e-5) window.tap.voiced += inputBuffer.duration;
      window.tap.chunks.push(samples);
    };
    connect.call(this, ear);
    connect.call(ear, this.context.destination);
  }
  return connected;
};
"""
SOCKETS = """
window.joined = false;
window.machine = [];
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (window.joined && message.type === "reply" && message.say) window.machine.push(message.say);
      if (window.joined && message.type === "audio_start" && !message.live) window.machine.push("sound");
      if (message.handover?.state === "joined") window.joined = true;
    });
  }
};
"""
HEARD = """
() => {
  const { chunks, rate } = window.tap;
  const bytes = new Uint8Array(new Float32Array(chunks.flatMap((chunk) => [...chunk])).buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return [btoa(text), rate];
}
"""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each sentence in the agent's own voice, to be said over and over."""
    voice = load_synthesiser(load_settings())
    before, after = (np.zeros(int(seconds * MICROPHONE_RATE), np.float32) for seconds in (BEFORE_S, AFTER_S))
    found = {}
    for number, sentence in enumerate((CITIZENS, COUNSELLORS)):
        spoken = resample(voice.synthesise(sentence, speed=0.9), MICROPHONE_RATE).samples
        found[sentence] = tmp_path_factory.mktemp("sound") / f"{number}.wav"
        sound = np.concatenate([before, spoken, after])
        write_wav(Audio(sound, MICROPHONE_RATE), found[sentence])
    return found


def speaking_window(browser: Browser, script: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="ko-KR", permissions=["microphone"]
    )
    context.add_init_script(script)
    page = context.new_page()
    page.set_default_timeout(VOICE_MS)
    return page


def heard_in(page: Page) -> Audio:
    """What sounds in a window from now on."""
    page.evaluate("Object.assign(window.tap, { on: true, voiced: 0, chunks: [] })")
    page.wait_for_function("(seconds) => window.tap.voiced > seconds", arg=HEARD_S)
    encoded, rate = page.evaluate(HEARD)
    return Audio(np.frombuffer(base64.b64decode(encoded), np.float32), int(rate))


def test_a_citizen_and_a_counsellor_speak_to_each_other(
    browser: Browser, address: str, recordings: dict[str, Path]
) -> None:
    with (
        beside(browser, recordings[CITIZENS], repeated=True) as at_home,
        beside(browser, recordings[COUNSELLORS], repeated=True) as at_the_desk,
    ):
        counsellor, citizen = speaking_window(at_the_desk, TAP), speaking_window(at_home, TAP + SOCKETS)
        log_in(counsellor, address, "kim")
        citizen.goto(address)
        citizen.wait_for_selector("html[data-ready]")
        citizen.get_by_test_id("microphone").click()
        row = at(counsellor, "queue").get_by_role("button").filter(has_text="통화 중")
        row.wait_for(timeout=VOICE_MS)
        row.click()
        at(counsellor, "claim").click()
        expect(at(citizen, "handover")).to_contain_text("상담사와 이어졌어요", timeout=VOICE_MS)
        at(counsellor, "voice").click()
        expect(counsellor.locator("#voice-state")).to_contain_text("통화 중이에요", timeout=VOICE_MS)
        recogniser = load_recogniser(load_settings())
        sentences = SoundIndex([CITIZENS, COUNSELLORS])
        for page, sentence in ((counsellor, CITIZENS), (citizen, COUNSELLORS)):
            said: list[str] = []
            nearest: list[str] = []
            # A busy machine drops pieces of what is captured; the sentence comes again.
            while not nearest and len(said) < MOST_HEARINGS:
                said.append(recogniser.recognise(heard_in(page)).text)
                matches = sentences.find_in(said[-1], limit=1, max_distance=SOUNDS_ALIKE)
                nearest = [match.name for match in matches]
            assert nearest == [sentence], said
        assert citizen.evaluate("window.joined")
        assert citizen.evaluate("window.machine") == []
        expect(counsellor.locator("#lines .line.machine")).to_have_count(0)
