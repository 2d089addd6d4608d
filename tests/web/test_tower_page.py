"""The control tower in a real browser: one service from a draft to operation, to an incident, to its end, by
four people with four roles, and what a citizen hears meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.conversation.scripted import World  # noqa: E402
from tests.tower.process.office import RULES, piece  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.towering import Tower, with_tower  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.tower.process.gate import ProcessGate  # noqa: E402
from donghaeng.tower.process.gates import missing  # noqa: E402
from donghaeng.tower.process.rules import Kind  # noqa: E402
from donghaeng.tower.process.state import Subject  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

WEATHER = "/console/tower/service/weather"
ROLES = ("official", "reviewer", "supervisor", "admin")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Looking:
    """A runtime that has looked at the process before each turn, as a program does each second."""

    def __init__(self, runtime: Any, gate: ProcessGate) -> None:
        self._runtime = runtime
        self._gate = gate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._runtime, name)

    async def turn(self, *arguments: Any, **others: Any) -> Any:
        await self._gate.look()
        return await self._runtime.turn(*arguments, **others)


@pytest.fixture
def city(web_kit, tmp_path: Path) -> Iterator[tuple[str, Tower]]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as services, with_tower(services, tmp_path) as (full, tower):
        gate = ProcessGate(tower.store, RULES, live=True)
        runtime = World(tmp_path).runtime(tower.store, "one", withheld=gate.services)
        conversations = web_kit.services_over(Looking(runtime, gate), settings).conversations
        app = create_app(_replaced(full, conversations))
        with web_kit.serving.served(app) as address:
            yield address, tower


def _replaced(services: Any, conversations: Any) -> Any:

    return replace(services, conversations=conversations)


class Citizen:
    """Talks by HTTP."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address)
        opened = self.client.post("/v1/conversations", json={"channel": "chat"}).json()
        self.path = f"/v1/conversations/{opened['conversation']}/turns"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        self.said = 0

    def says(self, words: str) -> dict[str, Any]:
        self.said += 1
        headers = {**self.headers, "Idempotency-Key": str(self.said)}
        reply: dict[str, Any] = self.client.post(self.path, json={"text": words}, headers=headers).json()
        return reply


def fill_gate(tower: Tower, to: str) -> None:
    """Bring what a stage still wants, past the page."""

    async def work() -> None:
        subject = Subject(Kind.SERVICE, "weather")
        for kind in missing(RULES, await tower.desk.subject(subject), to):
            await tower.desk.add_evidence(subject, "lee", piece(kind))

    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(work())).result()


def move(official: Window, to: str, why: str = "") -> None:
    official.go(WEATHER)
    form = official.page.get_by_test_id(f"move-{to}")
    panel = official.page.locator(f"details[data-move={to}]")
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    if why:
        form.get_by_role("textbox").fill(why)
    form.get_by_role("button").click()
    expect(official.at("said")).to_have_text("올렸어요.")


def approve(reviewer: Window, to: str) -> None:
    reviewer.go("/console/tower")
    reviewer.at("reviewing").get_by_role("link", name="오늘 날씨").click()
    reviewer.at("approve").get_by_role("button").click()
    expect(reviewer.at("subject")).to_have_attribute("data-stage", to)


def open_panel(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).click()


def test_a_service_from_a_draft_to_its_end_and_what_a_citizen_hears(
    browser: Browser, city: tuple[str, Tower], web_kit, tmp_path: Path
) -> None:
    address, tower = city
    with windows(browser, address, web_kit.password) as opened:
        people = {role: opened() for role in ROLES}
        for role, here in people.items():
            here.log_in(role, "/console/tower")
        official, reviewer = people["official"], people["reviewer"]
        citizen = Citizen(address)
        assert "쉬고 있어요" in citizen.says("날씨")["show"]["text"], "nobody has reviewed it"

        page = official.page
        open_panel(page, "새로 등록하기")
        page.get_by_label("무엇인가요").select_option("service")
        page.get_by_label("영문 이름").fill("weather")
        page.get_by_label("우리말 이름").fill("오늘 날씨")
        official.at("new").get_by_role("button").click()
        page.wait_for_url(f"**{WEATHER}")
        page.get_by_role("link", name="위험 등급 매기기").click()
        page.wait_for_url("**/risk")
        page.evaluate(
            "document.querySelectorAll('fieldset').forEach((one) => one.querySelector('input').click())"
        )
        look_over(official, "tower-risk")
        page.get_by_role("button", name="등급 매기기").click()
        page.wait_for_url(f"**{WEATHER}")
        expect(official.at("about")).to_contain_text("1등급 (낮음)")
        move(official, "prior_review")

        report = tmp_path / "검토서.pdf"
        report.write_bytes(b"%PDF-1.7 test")
        open_panel(page, "근거 붙이기")
        page.get_by_label("무엇의 근거인가요").select_option("legal_review")
        page.get_by_label("제목").fill("법무 검토서")
        official.at("file").set_input_files(report)
        official.at("attach").get_by_role("button", name="붙이기").click()
        expect(official.at("evidence")).to_contain_text("법무 검토서")
        expect(official.at("gate-test").locator("[data-evidence=legal_review]")).to_have_attribute(
            "data-there", "yes"
        )

        for to in ("test", "pilot", "operation"):
            fill_gate(tower, to)
            move(official, to)
            approve(reviewer, to)
            heard = citizen.says("날씨")["show"]["text"]
            assert ("쉬고 있어요" in heard) == (to == "test"), to

        supervisor = people["supervisor"]
        supervisor.go("/console/tower/incidents")
        look_over(supervisor, "tower-incidents")
        supervisor.page.get_by_label("무슨 일인가요 (한 줄)").fill("비가 오는데 맑다고 했어요")
        supervisor.page.get_by_label("어디에서 났나요").select_option("service/weather")
        supervisor.page.get_by_label("얼마나 무거운가요").select_option("3")
        supervisor.page.get_by_label("있었던 일").fill("오전에 세 분이 틀린 날씨를 들었어요")
        supervisor.at("report").get_by_role("button").click()
        supervisor.page.wait_for_url("**/console/tower/incidents/inc_*")
        supervisor.at("own").get_by_role("textbox").fill("기후환경본부")
        supervisor.at("own").get_by_role("button").click()
        expect(supervisor.at("lacking")).not_to_contain_text("맡은 사람")
        look_over(supervisor, "tower-incident")
        supervisor.go(WEATHER)
        expect(supervisor.at("due")).to_contain_text("사고가 남")
        assert "쉬고" not in citizen.says("날씨")["show"]["text"], "it answers until its day"
        look_over(supervisor, "tower-subject")
        supervisor.go("/console/tower")
        look_over(supervisor, "tower-board")

        admin = people["admin"]
        admin.go(WEATHER)
        admin.page.get_by_text("지금 멈추기", exact=True).first.click()
        admin.at("stop").get_by_role("textbox").fill("틀린 안내")
        admin.at("stop").get_by_role("button").click()
        expect(admin.at("subject")).to_have_attribute("data-stage", "suspended")
        stopped = citizen.says("날씨")
        assert "지금 잠시 쉬고 있어요" in stopped["show"]["text"]
        assert stopped["expects"] == "choice", "a person is offered"

        move(official, "retired", "다시 쓰지 않아요")
        approve(reviewer, "retired")
        assert "쉬고 있어요" in Citizen(address).says("날씨")["show"]["text"]
        reviewer.go("/console/tower/ideas")
        reviewer.page.get_by_label("제안 이름").fill("경로당에 키오스크")
        reviewer.page.get_by_label("낸 부서").fill("어르신복지과")
        reviewer.page.get_by_label("어떤 불편을").fill("걸어서 갈 수 있는 곳에서 물어볼 수 있게")
        reviewer.at("propose").get_by_role("button").click()
        reviewer.page.wait_for_url("**/console/tower/idea/*")
        reviewer.go("/console/tower/ideas")
        look_over(reviewer, "tower-ideas")
