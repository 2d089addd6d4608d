"""The whole thing in two windows: a citizen asks for a person, a counsellor takes over, both write, the
machine is silent, and has the conversation again afterwards."""

from __future__ import annotations

import asyncio
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

import pytest
import uvicorn

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.app.serving import open_web  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import SERVER_OPTIONS  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.timeout(420)]

PASSWORD = "비 오는 날의 우산 하나"
READY_WITHIN_S = 300.0
SLOW_MS = 20_000
OPEN_HOURS = "2026-11-23T10:00:00+09:00"
"""A Monday morning."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server without ears and mouth, with the accounts that the command line made."""
    folder = tmp_path_factory.mktemp("data")
    program = Path(sys.executable).parent / "donghaeng"
    for name, role in (("kim", "counsellor"), ("lee", "supervisor")):
        command = [program, "staff", "add", name, "--role", role, "--password-stdin"]
        environment = {**os.environ, "DONGHAENG_DATA": str(folder)}
        subprocess.run(command, env=environment, input=f"{PASSWORD}\n", text=True, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = load_settings(
        data=folder, allow_test_clock=True, rate_limit="off", city="sandbox", database=None, rehearse=False
    )
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        async with open_web(settings, speech=False) as app:
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
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.keyboard.press("Enter")
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
