"""The register's pages in a real browser: every set of colours, keys alone, pictures for the guide."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.web.console_window import MODES, PICTURES, Window, faults, windows  # noqa: E402
from tests.web.towering import Tower, with_tower  # noqa: E402

from donghaeng.app.own_record import keep_own  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.store import Store  # noqa: E402
from donghaeng.tower.incidents import incident as steps  # noqa: E402
from donghaeng.tower.process.rules import Kind  # noqa: E402
from donghaeng.tower.process.state import Subject  # noqa: E402
from donghaeng.tower.register.loading import load_schema  # noqa: E402
from donghaeng.tower.register.own import Model, Running, Source  # noqa: E402
from donghaeng.tower.register.register import Register  # noqa: E402
from donghaeng.trust.sealing import Sealer  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
GREETING = "안녕하세요. 서울시 인공지능 상담원이에요. 사람을 원하시면 '상담사'라고 하세요."
WHISPER = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
RUNNING = Running(
    models=(Model("말소리 알아듣기", "Whisper base", "ctranslate2 4.6", "MIT", "OpenAI", WHISPER),),
    channels=("kiosk", "web", "console"),
    notices=(("kiosk", GREETING), ("web", GREETING)),
    sources=(Source("openapi.seoul", ("미세먼지", "따릉이 대여소"), ("bikeList",), 60.0),),
    passages=90,
    suppliers=(),
    live=False,
)


CHANGED = {
    "name_ko": "수도계량기 동파 예측",
    "organisation": "서울아리수본부",
    "description": "날씨와 건물, 보일러실의 보온에 따라 수도계량기가 얼 만한 집을 미리 찾아 먼저 전화드려요.",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


async def tell_of_an_incident(tower: Tower) -> None:
    """One that the public may read of."""
    freeze = Subject(Kind.SYSTEM, "freeze")
    await tower.desk.create(freeze, "kim", name="수도계량기 동파 예측", owner="서울아리수본부", words="")
    one = await tower.incidents.report(
        "kim",
        freeze,
        title="열두 집에 늦게 전화함",
        severity=3,
        happened_on=date(2026, 11, 20),
        words="기온표가 하루 늦게 들어와 예측도 늦었다.",
    )
    public = "기온표가 늦게 들어와 열두 집에 하루 늦게 전화했어요. 표가 늦으면 알리도록 고쳤어요."
    await tower.incidents.act(one.id, "lee", lambda it: steps.publish(it, "lee", public))


@pytest.fixture(scope="module")
def register_and_address(web_kit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    folder = tmp_path_factory.mktemp("register")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    stages = {"donghaeng": "test", "freeze": "pilot"}
    with (
        web_kit.with_console(plain, folder) as services,
        Store.open(f"sqlite:///{folder}/r.db", Sealer([b"k" * 32])) as store,
    ):
        register = Register(store, load_schema(), clock=lambda: NOW, stages=lambda: stages)
        keep_own(register, RUNNING)
        told = "날씨와 건물에 따라 수도계량기가 얼 만한 집을 미리 찾아 먼저 전화드려요."
        values = {"name_ko": "수도계량기 동파 예측", "organisation": "서울아리수본부", "description": told}
        register.save("freeze", values, by="st_x", base=0)
        register.publish("freeze", 1, by="st_y")
        with with_tower(replace(services, register=register), folder) as (full, tower):
            with ThreadPoolExecutor(1) as apart:
                apart.submit(lambda: asyncio.run(tell_of_an_incident(tower))).result()
            with web_kit.serving.served(create_app(full)) as address:
                yield register, address


@pytest.fixture
def window(browser: Browser, register_and_address, web_kit) -> Iterator[Callable[..., Window]]:
    with windows(browser, register_and_address[1], web_kit.password) as opened:
        yield opened


@pytest.mark.parametrize("mode", MODES)
def test_the_pages_are_accessible(window, mode: str) -> None:
    here = window(**MODES[mode])
    for path in ("/registry", "/registry/donghaeng", "/registry/donghaeng?lang=en", "/registry/none"):
        here.go(path)
        assert faults(here.page) == [], path
    here.complaints.clear()
    here.log_in("official", "/console/register")
    assert faults(here.page) == []
    here.go("/console/register-opinions")
    assert faults(here.page) == []
    for path in ("", "/edit/overview", "/edit/risks", "/versions/1"):
        here.go(f"/console/register/donghaeng{path}")
        here.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert faults(here.page) == [], path


def test_a_citizen_finds_a_record_and_sends_an_opinion_by_keys_alone(window, register_and_address) -> None:
    here = window()
    page, keys = here.page, here.page.keyboard
    here.go("/registry")
    expect(here.at("record")).to_have_count(2)
    page.get_by_label("찾을 말").focus()
    keys.type("동파")
    keys.press("Enter")
    expect(here.at("record")).to_have_count(1)
    page.get_by_role("link", name="수도계량기 동파 예측").press("Enter")
    expect(here.at("stage")).to_contain_text("시범")
    expect(here.at("feedback-call")).to_have_attribute("href", "tel:120")
    page.get_by_label("무엇에 대한").focus()
    keys.press("ArrowDown")
    page.get_by_label("하실 말씀").focus()
    keys.type("우리 동네가 빠져 있어요")
    keys.press("Tab")
    keys.press("Enter")
    expect(here.at("sent")).to_contain_text("고맙습니다")
    told = [(one.record, one.kind, one.text) for one in register_and_address[0].opinions()]
    assert told == [("freeze", "wrong", "우리 동네가 빠져 있어요")]
    here.log_in("reviewer", "/console/register-opinions")
    here.at("opinion").get_by_label("한 일").fill("다음 판에서 고쳐요")
    here.at("opinion").get_by_role("button", name="살폈어요").press("Enter")
    expect(here.at("opinion")).to_have_attribute("data-state", "done")
    assert faults(page) == []


def test_an_official_corrects_a_record_and_a_reviewer_lets_it_out(window, register_and_address) -> None:
    register = register_and_address[0]
    writer, reviewer = window(), window()
    writer.log_in("official", "/console/register")
    page = writer.page
    page.get_by_role("link", name="수도계량기 동파 예측").click()
    writer.at("edit-overview").click()
    page.get_by_label("더 알아볼 누리집").fill("seoul.go.kr")
    writer.at("save").press("Enter")
    expect(writer.at("faults")).to_contain_text("https://로 시작하는 주소")
    page.get_by_label("더 알아볼 누리집").fill("https://www.seoul.go.kr")
    page.get_by_label("왜 고치나요").fill("누리집을 적음")
    writer.at("save").press("Enter")
    page.wait_for_url("**/console/register/freeze#s-overview")
    expect(writer.at("versions")).to_contain_text("누리집을 적음")
    expect(writer.at("publish")).to_have_count(0)
    reviewer.log_in("reviewer", "/console/register/freeze")
    reviewer.at("publish").press("Enter")
    expect(reviewer.at("standing")).to_contain_text("공개한 판 2판")
    reviewer.go("/registry/freeze")
    expect(reviewer.page.get_by_role("link", name="https://www.seoul.go.kr")).to_be_visible()
    assert register.version("freeze")[0].version == 2


def test_pictures_for_the_guide(window, register_and_address, tmp_path: Path) -> None:
    register = register_and_address[0]
    register.say(register.published("freeze")[0], "idea", "문자로도 미리 알려 주시면 좋겠어요")
    here = window(color_scheme="light")
    here.go("/registry")
    here.page.screenshot(path=tmp_path / "registry.png")
    here.go("/registry/donghaeng")
    here.page.screenshot(path=tmp_path / "registry-record.png")
    here.at("opinion").screenshot(path=tmp_path / "registry-opinion.png")
    here.go("/registry/donghaeng?lang=en")
    here.page.screenshot(path=tmp_path / "registry-english.png")
    here.log_in("reviewer", "/console/register")
    here.page.screenshot(path=tmp_path / "register-list.png")
    here.go("/console/register-opinions")
    here.page.screenshot(path=tmp_path / "register-opinions.png")
    here.go("/console/register/donghaeng")
    here.page.screenshot(path=tmp_path / "register-record.png")
    here.go("/console/register/donghaeng/edit/overview")
    here.page.screenshot(path=tmp_path / "register-form.png")
    register.save("freeze", CHANGED, by="st_x", base=register.version("freeze")[0].version)
    newest = register.version("freeze")[0].version
    here.go(f"/console/register/freeze/versions/{newest}")
    expect(here.page.get_by_role("main")).to_contain_text("보일러실")
    here.page.set_viewport_size({"width": 1200, "height": 300})
    here.page.screenshot(path=tmp_path / "register-difference.png")
    here.go("/registry/freeze")
    assert faults(here.page) == []
    here.at("incidents").locator("xpath=..").screenshot(path=tmp_path / "registry-incidents.png")
    made = sorted(path.name for path in tmp_path.glob("*.png"))
    assert len(made) == 10
    if PICTURES:
        for name in made:
            shutil.copy(tmp_path / name, Path(PICTURES) / name)
