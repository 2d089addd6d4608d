"""The documents' pages in a real browser: files chosen and dropped, keys alone, every set of colours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.knowledge.made import TEXT  # noqa: E402
from tests.web.console_window import MODES, PICTURES, Window, faults, windows  # noqa: E402
from tests.web.test_knowledge_console import Measured  # noqa: E402
from tests.web.test_knowledge_console import second_owner as second_owner_of  # noqa: E402

from donghaeng.knowledge.details import Details
from donghaeng.knowledge.library import Library  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
DAY = NOW.date()
WELFARE = (
    "# 효도안경\n\n효도안경은 만 70세부터 받으실 수 있어요.\n\n## 신청\n\n신청은 동 주민센터에서 받아요.\n"
)
PASSPORT = "# 여권\n\n여권은 구청에서 만들어요. 신분증을 가져오세요.\n"
DROP = """
([zone, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}
"""
# The observer runs when the task that changed the page is over: no hand is quicker.
PRESS_AS_SOON_AS_SHOWN = """
(name) => new MutationObserver((_, watch) => {
  const button = document.querySelector(`[data-testid=${name}]`);
  if (!button) return;
  watch.disconnect();
  button.click();
}).observe(document.body, { childList: true, subtree: true })
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def library_and_address(web_kit, tmp_path: Path) -> Iterator[tuple]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    # A login of long ago would be over for the server's own time, which is that of the accounts too.
    with (
        web_kit.with_console(plain, tmp_path, lambda: NOW) as services,
        web_kit.serving.served(create_app(replace(services, document_effects=Measured()))) as address,
    ):
        with ThreadPoolExecutor(1) as apart:  # this thread has a loop of Playwright's
            name = apart.submit(second_owner_of, services, web_kit.password).result()
        yield services.shelf._library, address, name


@pytest.fixture
def library(library_and_address) -> Library:
    return library_and_address[0]


@pytest.fixture
def second_owner(library_and_address) -> str:
    return library_and_address[2]


@pytest.fixture
def window(browser: Browser, library_and_address, web_kit) -> Iterator[Callable[..., Window]]:
    with windows(browser, library_and_address[1], web_kit.password) as opened:
        yield opened


def fill(library: Library) -> None:
    for name, text, review, until in (
        ("복지/효도안경.md", WELFARE, DAY + timedelta(days=200), None),
        ("민원/여권.md", PASSPORT, DAY - timedelta(days=3), None),
        ("행사/가을 축제.md", "# 가을 축제\n\n축제는 10월에 해요.\n", None, DAY - timedelta(days=20)),
        ("복지/틀니.md", TEXT, DAY + timedelta(days=12), date(2027, 12, 31)),
    ):
        said = Details("복지정책과", "어르신복지팀", review_by=review, valid_until=until, verified=True)
        library.add(name, text.encode(), said)
    library.add(
        "복지/효도안경.md", WELFARE.replace("70", "65").encode(), Details("복지정책과"), publish=False
    )
    library.verify(library.version("복지/틀니.md"), [2], verified=False)


def file(name: str, text: str) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


@pytest.mark.parametrize("mode", MODES)
def test_the_pages_are_accessible(window, library: Library, mode: str) -> None:
    here = window(**MODES[mode])
    here.log_in("knowledge_owner", "/console/knowledge")
    assert faults(here.page) == []
    fill(library)
    here.go("/console/")
    expect(here.at("due")).to_be_visible()
    assert faults(here.page) == []
    here.go("/console/knowledge")
    here.page.locator("#uploading summary").click()
    expect(here.at("document")).to_have_count(4)
    here.page.locator("#files").set_input_files(file("빈.md", ""))
    here.page.get_by_label("책임지는 부서").fill("과")
    here.page.get_by_role("button", name="올리기", exact=True).click()
    expect(here.at("uploads")).to_contain_text("빈 파일이에요")
    assert faults(here.page) == []
    here.page.get_by_role("link", name="틀니").click()
    expect(here.at("passage")).to_have_count(2)
    here.at("history").locator("summary").click()
    here.page.locator("#uploading summary").click()
    assert faults(here.page) == []
    here.at("withdraw").click()
    expect(here.at("undo")).to_be_visible()
    assert faults(here.page) == []


def test_several_files_are_dropped_and_each_says_what_came_of_it(window, library: Library) -> None:
    here = window()
    here.log_in("knowledge_owner", "/console/knowledge")
    page = here.page
    files = [["효도안경.md", WELFARE], ["그림.png", "\x00PNG"], ["여권.md", PASSPORT]]
    page.evaluate(DROP, [page.locator("#drop").element_handle(), files])
    expect(here.at("uploaded")).to_contain_text("파일 3개를 골랐어요")
    page.get_by_label("책임지는 부서").fill("복지정책과")
    page.get_by_label("원문을 모두 읽고 확인했어요").check()
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(here.at("uploaded")).to_have_text("2개를 넣었어요. 1개는 넣지 못했어요.")
    lines = here.at("uploads").get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("넣어 두었어요. 다른 담당자가 살펴보고")
    expect(lines.nth(0)).to_contain_text("대목 2개, 모두 확인됨.")
    expect(lines.nth(1)).to_contain_text("읽을 수 없는 종류예요")
    expect(here.at("document")).to_have_count(2)
    assert sorted(one.current.name for one in library.entries()) == ["여권.md", "효도안경.md"]


def test_a_file_that_is_too_large_never_leaves_the_browser(window, library: Library) -> None:
    here = window()
    here.log_in("knowledge_owner", "/console/knowledge")
    page = here.page
    page.evaluate("document.getElementById('upload').dataset.mostMb = '0.001'")
    page.on("request", lambda request: request.method == "POST" and pytest.fail("it was sent"))
    page.locator("#files").set_input_files(file("큰.md", "x" * 2_000))
    page.get_by_label("책임지는 부서").fill("과")
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(here.at("uploads")).to_contain_text("파일이 너무 커요")


def test_a_button_answers_from_the_moment_it_is_shown(window, library: Library) -> None:
    fill(library)
    here = window()
    here.log_in("knowledge_owner", "/console/knowledge")
    here.page.get_by_role("link", name="틀니").click()
    expect(here.at("passage")).to_have_count(2)
    here.page.evaluate(PRESS_AS_SOON_AS_SHOWN, "undo")
    with here.page.expect_response(lambda answer: answer.url.endswith("/publish"), timeout=5_000) as answer:
        here.at("withdraw").click()
    assert answer.value.ok
    expect(here.at("shown")).to_have_attribute("data-state", "published")


def test_a_document_goes_its_way_by_keys_alone(window, library: Library) -> None:
    fill(library)
    here = window()
    here.log_in("knowledge_owner", "/console/knowledge")
    page, keys = here.page, here.page.keyboard
    page.get_by_label("찾기", exact=True).focus()
    keys.type("주민센터 신청")
    expect(here.at("document")).to_have_count(2)
    keys.press("Control+A")
    keys.type("효도안경 70")
    expect(here.at("document")).to_have_count(1)
    page.get_by_role("link", name="효도안경").focus()
    keys.press("Enter")
    expect(here.at("shown")).to_have_attribute("data-version", "1")
    page.get_by_role("link", name="2판", exact=True).focus()
    keys.press("Enter")
    expect(here.at("shown")).to_have_attribute("data-state", "draft")
    page.locator("#verify-1").press("Enter")
    expect(here.at("counts")).to_contain_text("2개 가운데 1개를 확인했어요")
    expect(page.locator("#verify-1")).to_be_focused()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#verify-all").press("Enter")
    expect(here.at("counts")).to_contain_text("2개 가운데 2개를 확인했어요")
    expect(here.at("told")).to_be_focused()
    page.locator("#publish").press("Enter")
    expect(here.at("shown")).to_have_attribute("data-state", "published")
    expect(here.at("told")).to_be_focused()
    page.locator("#withdraw").press("Enter")
    expect(here.at("shown")).to_have_attribute("data-state", "withdrawn")
    expect(here.at("told")).to_be_focused()
    keys.press("Tab")
    expect(here.at("undo")).to_be_focused()
    keys.press("Enter")
    expect(here.at("shown")).to_have_attribute("data-state", "published")
    assert library.version("복지/효도안경.md").version == 2


def test_a_broken_line_and_an_ended_login_are_told(window, library: Library) -> None:
    del library
    here = window()
    here.log_in("knowledge_owner", "/console/knowledge")
    page = here.page

    def send() -> None:
        page.locator("#files").set_input_files(file("글.md", WELFARE))
        page.get_by_label("책임지는 부서").fill("과")
        page.get_by_role("button", name="올리기", exact=True).click()

    page.route("**/console/knowledge/files", lambda route: route.abort())
    send()
    expect(here.at("uploads")).to_contain_text("서버와 연결이 끊겼어요")
    here.complaints.clear()
    page.unroute("**/console/knowledge/files")
    page.context.clear_cookies()
    send()
    page.wait_for_url("**/console/login?next=/console/knowledge")


def test_pictures_for_the_guide(window, library: Library, tmp_path: Path) -> None:
    fill(library)
    here = window(color_scheme="light")
    here.log_in("knowledge_owner", "/console/knowledge")
    page = here.page
    expect(here.at("document")).to_have_count(4)
    page.screenshot(path=tmp_path / "knowledge-list.png")
    page.locator("#uploading summary").click()
    page.locator("#files").set_input_files(
        [file("경로당.md", "# 경로당\n\n경로당은 9시에 열어요.\n"), file("그림.png", "\x00PNG")]
    )
    page.get_by_label("책임지는 부서").fill("복지정책과")
    page.get_by_label("다시 살펴볼 담당").fill("어르신복지팀")
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(here.at("uploaded")).to_have_text("1개를 넣었어요. 1개는 넣지 못했어요.")
    page.locator("#uploading").screenshot(path=tmp_path / "knowledge-upload.png")
    page.get_by_role("link", name="틀니").click()
    expect(here.at("passage")).to_have_count(2)
    page.screenshot(path=tmp_path / "knowledge-document.png")
    made = sorted(path.name for path in tmp_path.glob("*.png"))
    assert made == ["knowledge-document.png", "knowledge-list.png", "knowledge-upload.png"]
    if PICTURES:
        for name in made:
            shutil.copy(tmp_path / name, Path(PICTURES) / name)


def test_one_person_adds_and_another_publishes(window, library: Library, second_owner: str) -> None:
    first, second = window(), window()
    first.log_in("knowledge_owner", "/console/knowledge")
    first.page.locator("#files").set_input_files(file("여권.md", PASSPORT))
    first.page.get_by_label("책임지는 부서").fill("민원과")
    first.page.get_by_role("button", name="올리기", exact=True).click()
    expect(first.at("uploads")).to_contain_text("다른 담당자가 살펴보고")
    first.page.get_by_role("link", name="여권").click()
    expect(first.at("own")).to_contain_text("직접 올린 판이에요")
    expect(first.at("publish")).to_have_count(0)
    assert faults(first.page) == []
    second.log_in(second_owner, "/console/knowledge")
    expect(second.at("to-look-at")).to_contain_text("1개")
    assert faults(second.page) == []
    second.page.get_by_role("link", name="여권").click()
    second.at("measure").click()
    expect(second.at("effect")).to_have_attribute("data-state", "done")
    expect(second.at("answers")).to_contain_text("답이 달라지는 것 1")
    assert faults(second.page) == []
    # The page asks before an unmeasured version is published; this one was measured before it was opened.
    second.page.reload()
    expect(second.at("effect")).to_have_attribute("data-state", "done")
    second.at("publish").click()
    expect(second.at("shown")).to_have_attribute("data-state", "published")
    assert library.version("여권.md").published_by != library.version("여권.md").added_by
