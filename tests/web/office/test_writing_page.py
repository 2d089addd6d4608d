"""An official in a real browser: facts → draft → one-click fixes by keys → HWPX that another library reads
the same; a colleague in the same draft in a second window; a form filled and downloaded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hwpx
import pytest
import syhwp

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.office.form_files import grid  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.office.writing_site import with_writing  # noqa: E402

from donghaeng.office.drafts.model import MARK  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.trust.permissions import Role  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser
FACTS = {
    "행정기관명": "서울특별시",
    "수신": "마포구청장(디지털과장)",
    "제목": "디지털 안내사 배치 협조 요청",
    "본문": "안내사 배치 자료를 익일까지 보내 주시기 바랍니다.\n협조에 만전을 기해 주시기 바랍니다.",
    "발신명의": "서울특별시장",
    "기안자(직위와 이름)": "주무관 김하늘",
    "처리과": "디지털정책과",
    "전화번호": "02-2133-0000",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(web_kit, tmp_path: Path) -> Iterator[str]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as full, with_writing(full, tmp_path) as (services, _):
        accounts = services.staff
        assert accounts is not None

        async def colleague() -> None:
            await accounts.add("colleague", "박동료", Role.OFFICIAL, web_kit.password)

        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(colleague())).result()
        with web_kit.serving.served(create_app(services)) as address:
            yield address


def words(text: str) -> str:
    """A text without spaces, and without the bars of tables."""
    return "".join(text.replace("|", "").split())


def test_an_official_writes_mends_shares_and_takes_a_draft(
    browser: Browser, address: str, web_kit, tmp_path: Path
) -> None:
    with windows(browser, address, web_kit.password) as opened:
        official = opened(accept_downloads=True)
        official.log_in("official", "/office/drafts")
        fill_facts(official)
        mend(official)
        take(official, tmp_path)
        two_windows(official, opened())
        fill_form(official, tmp_path)


def fill_facts(official: Window) -> None:
    """Facts by the keyboard; what is missing is told, and the way leads to it."""
    page = official.page
    page.get_by_label("종류").select_option("letter")
    page.get_by_role("button", name="새 초안").press("Enter")
    for label, value in FACTS.items():
        page.get_by_label(label, exact=True).fill(value)
    expect(official.at("preview")).to_contain_text("［공개 구분］")
    expect(official.at("preview")).to_contain_text("1. 안내사 배치 자료를 익일까지")
    page.get_by_role("button", name="글 만들기").press("Enter")
    expect(official.at("faults")).to_be_focused()
    expect(official.at("faults")).to_contain_text("'공개 구분'이 비었어요")
    look_over(official, "office-draft-facts")
    official.at("faults").get_by_role("link").press("Enter")
    expect(page.get_by_label("공개 구분", exact=True)).to_be_focused()
    page.keyboard.type("대시민 공개")
    page.get_by_role("button", name="글 만들기").press("Enter")
    # The first look at a text builds the linter.
    expect(official.at("found")).to_have_text("다듬을 곳 2군데", timeout=30_000)


def mend(official: Window) -> None:
    """Each finding by one key; undone and done again."""
    page = official.page
    page.get_by_role("button", name="글에서 보기: 익일").press("Enter")
    chosen = "const box = document.getElementById('text'); [box.selectionStart, box.selectionEnd]"
    start, end = page.evaluate(chosen)
    assert official.at("text").input_value()[start:end] == "익일"
    look_over(official, "office-draft-text")
    official.at("fix").first.press("Enter")
    expect(official.at("found")).to_have_text("다듬을 곳 1군데")
    expect(page.locator("#findings-title")).to_be_focused()
    official.at("fix").first.press("Enter")
    expect(official.at("found")).to_have_text("다듬을 곳 0군데")
    mended = official.at("text").input_value()
    assert "다음 날까지" in mended
    official.at("undo").press("Enter")
    expect(official.at("found")).to_have_text("다듬을 곳 1군데")
    official.at("redo").press("Enter")
    expect(official.at("found")).to_have_text("다듬을 곳 0군데")
    assert official.at("text").input_value() == mended
    # The linter follows what is typed, before it is kept.
    official.at("text").press("ControlOrMeta+End")
    page.keyboard.type("\n2026년 12월 4일까지 부탁드립니다.")
    expect(official.at("found")).to_have_text("다듬을 곳 1군데")
    expect(page.locator("#unsaved")).to_have_text("저장하지 않은 것이 있어요.")
    official.at("fix").first.press("Enter")
    expect(official.at("text")).to_have_value(f"{mended}\n2026. 12. 4.까지 부탁드립니다.")


def take(official: Window, folder: Path) -> None:
    """The HWPX says what the page shows, then the question how long it took comes once."""
    with official.page.expect_download() as coming:
        official.at("export-hwpx").press("Enter")
    file = folder / "초안.hwpx"
    coming.value.save_as(file)
    told = words(syhwp.extract_text(str(file)))
    for line in official.at("text").input_value().split("\n"):
        for cell in line.split("|"):
            assert words(cell) in told
    assert words(MARK) in told
    form = official.at("minutes")
    form.get_by_label("이 초안에 몇 분").fill("15")
    form.get_by_label("도우미 없이").fill("40")
    form.get_by_role("button", name="알려 주기").press("Enter")
    expect(official.at("ask")).to_contain_text("고마워요")


def two_windows(official: Window, other: Window) -> None:
    """Two people in one draft: the second to save sees both texts, and nothing is lost."""
    page = official.page
    page.get_by_label("동료의 로그인 이름").fill("colleague")
    page.keyboard.press("Enter")
    expect(official.at("colleagues")).to_contain_text("박동료")
    path = page.url.removeprefix(official.address)
    other.log_in("colleague", path)
    text = other.at("text").input_value()
    other.at("text").fill(text.replace("마포구청장", "은평구청장").replace("만전", "힘"))
    other.at("save").press("Enter")
    expect(other.at("work-told")).to_have_text("저장했어요.")
    mine = text.replace("서울특별시장", "서울시장").replace("2026. 12. 4.까지", "2026. 12. 7.까지")
    official.at("text").fill(mine)
    official.at("save").press("Enter")
    expect(official.at("mine")).to_have_value(mine)
    expect(official.at("theirs")).to_have_value(other.at("text").input_value())
    look_over(official, "office-draft-two")
    official.at("merge").press("Enter")
    expect(official.at("work-told")).to_contain_text("합쳐")
    merged = official.at("text").input_value()
    assert all(one in merged for one in ("은평구청장", "서울시장", "2026. 12. 7.까지"))
    official.page.reload()
    expect(official.at("text")).to_have_value(merged)


def fill_form(official: Window, folder: Path) -> None:
    """A form's blanks by their labels; what it has not is told."""
    document = hwpx.HwpxDocument.new()
    grid(document, [["성  명", ""], ["생년월일", ""], ["주소", ""]])
    form = folder / "신청서.hwpx"
    form.write_bytes(document.to_bytes())
    official.go("/office/forms")
    official.at("form-file").set_input_files(form)
    expect(official.at("blanks").get_by_label("성 명")).to_be_focused()
    official.page.keyboard.type("홍길동")
    official.at("blanks").get_by_text("다른 이름표 더하기").click()
    official.at("blanks").get_by_label("이름표 (같은").fill("보호자")
    official.at("blanks").get_by_label("값", exact=True).fill("없음")
    look_over(official, "office-form")
    with official.page.expect_download() as coming:
        official.at("fill").press("Enter")
    filled = folder / "채움.hwpx"
    coming.value.save_as(filled)
    assert "홍길동" in syhwp.extract_text(str(filled))
    expect(official.at("form-told")).to_have_text(
        "1칸을 채워 내려받았어요. 이 서식에서 찾지 못한 이름표: 보호자"
    )
    official.go("/office/comparisons")
    expect(official.at("minutes-figure")).to_contain_text("평균 25.0분")
    look_over(official, "office-comparisons")
    official.go("/office/drafts")
    expect(official.at("drafts")).to_contain_text("디지털 안내사 배치 협조 요청")
    look_over(official, "office-drafts")
