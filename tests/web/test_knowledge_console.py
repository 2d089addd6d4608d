"""The documents' pages over HTTP: what is taken, what is refused and in which words, what is changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import quote, urlencode

import pytest
from tests.knowledge.made import TEXT
from tests.web.staff_browser import StaffBrowser

from donghaeng.errors import DocumentFault
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.due import Due
from donghaeng.knowledge.library import Library, Outcome
from donghaeng.knowledge.shelf import Shelf
from donghaeng.review.document_effects import DocumentEffect
from donghaeng.review.effects import Answered
from donghaeng.review.rules import ReviewRefused
from donghaeng.settings import load_settings
from donghaeng.store.document_effects import DocumentEffectRow
from donghaeng.store.knowledge import STATES
from donghaeng.trust.permissions import Role
from donghaeng.web.app import create_app
from donghaeng.web.console import knowledge, knowledge_upload, knowledge_words
from donghaeng.web.console.knowledge_upload import file_name

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DETAILS = {"department": "복지정책과", "owner": "복지상담팀"}
HTML = {"accept": "text/html"}
HTMX = {"HX-Request": "true"}
FILES = "/console/knowledge/files"


@pytest.fixture
def services(web_kit, tmp_path: Path) -> Iterator:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path, lambda: NOW) as full:
        yield full


@pytest.fixture
def library(services) -> Library:
    return services.shelf._library


def second_owner(services, password: str) -> str:
    """Another account that keeps documents; its name."""
    accounts = services.staff
    asyncio.run(accounts.add("second_owner", "이지식", Role.KNOWLEDGE_OWNER, password))
    return "second_owner"


@pytest.fixture
def browser(services, web_kit) -> StaffBrowser:
    browser = StaffBrowser(create_app(services), web_kit.password)
    assert browser.log_in("knowledge_owner").status_code == 303
    return browser


@pytest.fixture
def other(services, web_kit) -> StaffBrowser:
    """Another knowledge owner."""
    browser = StaffBrowser(create_app(services), web_kit.password)
    assert browser.log_in(second_owner(services, web_kit.password)).status_code == 303
    return browser


def send(browser: StaffBrowser, name: str, data: bytes | Iterator[bytes], **changes: str):
    details = {**DETAILS, **changes}
    headers = {"X-File-Name": quote(name), "X-Details": urlencode(details), **browser.headers}
    return browser.client.post(FILES, content=data, headers=headers)


def look(browser: StaffBrowser, path: str) -> str:
    answer = browser.client.get(path, headers=HTML)
    assert answer.status_code == 200
    return answer.text


def test_a_file_is_taken_read_verified_and_withdrawn(
    browser: StaffBrowser, other: StaffBrowser, library: Library
) -> None:
    taken = send(browser, "안내/틀니 지원.md", TEXT.encode(), review_by="2027-03-31")
    assert taken.status_code == 200
    assert "다른 담당자가 살펴보고 써야 답에 나와요. 대목 2개, 확인할 대목 2개." in taken.text
    row = library.version("틀니 지원.md")
    assert (row.owner, row.state, row.verified, str(row.review_by)) == (
        "복지상담팀",
        "draft",
        0,
        "2027-03-31",
    )
    at = f"/console/knowledge/{row.document_id}"
    assert f'href="{at}?version=1"' in taken.text
    page = look(browser, at)
    assert "대목 2개 가운데 0개를 확인했어요" in page
    assert page.count("확인 전") == 2
    one = browser.post(f"{at}/versions/1/passages/2", verified="1").text
    assert "확인함" in one
    assert "대목 2개 가운데 1개를 확인했어요" in one
    assert [each.verified for each in library.passages(row)] == [False, True]
    browser.post(f"{at}/versions/1/passages/2", verified="0")
    assert library.version(row.document_id).verified == 0
    assert "대목 2개를 확인했다고 적었어요" in browser.post(f"{at}/versions/1/verify").text
    assert "1판을 써요" in other.post(f"{at}/versions/1/publish").text
    gone = browser.post(f"{at}/withdraw").text
    assert library.version(row.document_id).state == "withdrawn"
    undo = re.search(r'data-testid="undo" hx-post="([^"]+)"', gone)
    assert undo is not None
    assert "1판을 써요" in browser.post(undo[1]).text
    assert library.version(row.document_id).state == "published"
    assert library.version(row.document_id).verified == 2


def test_who_added_a_version_does_not_publish_it(
    browser: StaffBrowser, other: StaffBrowser, library: Library, services
) -> None:
    send(browser, "틀니.md", TEXT.encode())
    document = library.version("틀니.md").document_id
    at = f"/console/knowledge/{document}"
    page = look(browser, at)
    assert 'data-testid="own"' in page
    assert 'data-testid="publish"' not in page
    alone = browser.post(f"{at}/versions/1/publish")
    assert (alone.status_code, "다른 담당자가 살펴보고" in alone.text) == (403, True)
    assert library.version("틀니.md").state == "draft"
    # Neither by marks that come after somebody else has looked at it.
    assert "기다리는 판이 1개" in look(other, "/console/knowledge")
    assert "기다리는 판" not in look(browser, "/console/knowledge")
    assert "1판을 써요" in other.post(f"{at}/versions/1/publish").text
    for path in (f"{at}/versions/1/verify", f"{at}/versions/1/passages/1"):
        assert browser.post(path, verified="1").status_code == 403
    assert library.version("틀니.md").verified == 0
    assert "원문과 맞아요" not in look(browser, at)
    assert "확인함" in other.post(f"{at}/versions/1/passages/1", verified="1").text
    assert "확인 전" in browser.post(f"{at}/versions/1/passages/1", verified="0").text
    # What two have let be served, each withdraws and brings back.
    assert 'data-testid="undo"' in browser.post(f"{at}/withdraw").text
    assert "1판을 써요" in browser.post(f"{at}/versions/1/publish").text
    by = {row.name: row.id for row in asyncio.run(services.staff.everyone())}
    assert [(step.action, step.version, step.staff) for step in library.history("틀니.md")] == [
        ("published", 1, by["knowledge_owner"]),
        ("withdrawn", 1, by["knowledge_owner"]),
        ("published", 1, by["second_owner"]),
        ("added", 1, by["knowledge_owner"]),
    ]
    assert "이지식" in look(browser, at).partition("누가 언제 했나요")[2]


class Measured:
    """Measures at once: one answer changes."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], DocumentEffect] = {}
        self.refuses = False

    async def begin(self, document: str, version: int) -> None:
        if self.refuses:
            raise ReviewRefused("이미 재고 있어요. 잠시 기다려 주세요")
        row = DocumentEffectRow(document, version, "done", "b", NOW)
        answers = (Answered("틀니 <값>은요", None, "50만 원이에요."),)
        self.found[document, version] = DocumentEffect(row, True, 7, {"하나": "2: 아니에요"}, (), 3, answers)

    async def look(self, document: str, version: int) -> DocumentEffect | None:
        return self.found.get((document, version))


def test_what_publishing_would_change_is_shown_before(services, web_kit, library: Library) -> None:
    effects = Measured()
    browser = StaffBrowser(create_app(replace(services, document_effects=effects)), web_kit.password)
    browser.log_in("knowledge_owner")
    version = library.add("틀니.md", TEXT.encode(), Details("과"), publish=False, staff="st_1").version
    at = f"/console/knowledge/{version.document_id}"
    page = look(browser, at)
    assert f'hx-get="{at}/versions/1/effect"' in page
    assert "아직 재지 않았어요. 그래도 쓸까요?" in page
    assert 'data-state="none"' in look(browser, f"{at}/versions/1/effect")
    told = browser.post(f"{at}/versions/1/effect").text
    for words in (
        "3개 가운데 답이 달라지는 것 <b>1</b>",
        "틀니 &lt;값&gt;은요",
        "모른다고 답해요",
        "깨지는 것 <b>1</b>",
    ):
        assert words in told
    assert "그래도 쓸까요?" not in look(browser, at)
    effects.refuses = True
    refused = browser.post(f"{at}/versions/1/effect")
    assert (refused.status_code, "이미 재고 있어요" in refused.text) == (409, True)
    library.publish("틀니.md")
    assert "/effect" not in look(browser, at)


def test_a_new_version_takes_the_documents_name_whatever_its_files_name(
    browser: StaffBrowser, other: StaffBrowser, library: Library
) -> None:
    document = library.add("안내/틀니.md", TEXT.encode(), Details(department="과")).version.document_id
    again = send(browser, "틀니(수정).md", TEXT.replace("50", "60").encode(), document=document)
    assert "다른 담당자가 살펴보고" in again.text
    assert "2판을 써요" in other.post(f"/console/knowledge/{document}/versions/2/publish").text
    assert [row.version for row in library.versions("안내/틀니.md")] == [2, 1]
    page = look(browser, f"/console/knowledge/{document}?version=1")
    assert "50만 원" in page
    assert "지난 판" in page
    back = browser.post(f"/console/knowledge/{document}/versions/1/publish").text
    assert "1판을 써요" in back
    assert library.version(document).version == 1


def test_a_draft_is_kept_and_withdrawing_it_offers_no_way_into_answers(
    browser: StaffBrowser, library: Library
) -> None:
    assert "다른 담당자가 살펴보고" in send(browser, "틀니.md", TEXT.encode()).text
    row = library.version("틀니.md")
    assert row.state == "draft"
    assert "undo" not in browser.post(f"/console/knowledge/{row.document_id}/withdraw").text
    assert library.version("틀니.md").state == "withdrawn"


def test_the_same_file_again_says_so(browser: StaffBrowser) -> None:
    send(browser, "틀니.md", TEXT.encode())
    assert "같은 파일이 이미 있어서" in send(browser, "다른 이름.md", TEXT.encode()).text


@pytest.mark.parametrize(
    ("name", "data", "changes", "status", "words"),
    [
        ("빈.md", b"", {}, 422, "빈 파일이에요"),
        ("그림.png", b"\x89PNG\x00\x00", {}, 422, "읽을 수 없는 종류예요"),
        ("옛.doc", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), {}, 422, "옛 오피스 파일"),
        ("깨짐.hwpx", b"PK\x03\x04xx", {}, 422, "깨져 있어요"),
        ("틀니.md", TEXT.encode(), {"department": " "}, 422, "부서를 적어 주세요"),
        ("틀니.md", TEXT.encode(), {"source": "javascript:alert(1)"}, 422, "https://로"),
        ("틀니.md", TEXT.encode(), {"review_by": "내일"}, 422, "날짜를 다시"),
        ("틀니.md", TEXT.encode(), {"valid_from": "2027-02-01", "valid_until": "2027-01-01"}, 422, "앞서요"),
        ("틀니.md", TEXT.encode(), {"owner": "가" * 101}, 422, "담당을"),
        ("틀니.md", TEXT.encode(), {"document": "d_none"}, 404, "그 문서를 찾을 수 없어요"),
        ("..", TEXT.encode(), {}, 422, "파일 이름이"),
        ("a" * 301 + ".md", TEXT.encode(), {}, 422, "파일 이름이"),
    ],
)
def test_what_cannot_be_taken_is_said_in_korean(
    browser: StaffBrowser,
    library: Library,
    name: str,
    data: bytes,
    changes: dict[str, str],
    status: int,
    words: str,
) -> None:
    refused = send(browser, name, data, **changes)
    assert refused.status_code == status
    assert words in refused.text
    assert 'data-outcome="refused"' in refused.text
    assert library.listed(STATES) == []


def test_a_file_that_is_too_large_is_not_even_received(
    browser: StaffBrowser, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(knowledge_upload.LIMITS, file_bytes=1_000)
    monkeypatch.setattr(knowledge_upload, "LIMITS", few)
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100
            yield b"x" * 100

    assert send(browser, "큰.md", b"x" * 1_001).status_code == 413
    refused = send(browser, "큰.md", chunks())
    assert (refused.status_code, "파일이 너무 커요" in refused.text) == (413, True)
    assert library.listed(STATES) == []
    assert send(browser, "틀니.md", TEXT.encode()).status_code == 200


def test_while_others_files_are_read_it_says_when_to_come_again(services, web_kit) -> None:
    full = Shelf(services.shelf._library, services.shelf._reader, most_at_once=0)
    browser = StaffBrowser(create_app(replace(services, shelf=full)), web_kit.password)
    browser.log_in("knowledge_owner")
    refused = send(browser, "틀니.md", TEXT.encode())
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "잠시 뒤에 다시" in refused.text


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("틀니.md", "틀니.md"),
        (quote("틀니.md"), "틀니.md"),
        (quote("C:\\문서\\틀니.hwp"), "틀니.hwp"),
        (quote("../../etc/틀니.md"), "틀니.md"),
    ],
)
def test_names_of_files_are_composed_and_without_folders(given: str, name: str) -> None:
    assert file_name(given) == name


def test_the_list_is_searched_filtered_and_warns(browser: StaffBrowser, library: Library) -> None:
    day = NOW.date()
    library.add("틀니.md", TEXT.encode(), Details(department="과", valid_until=day - timedelta(days=1)))
    library.add("여권.md", "# 여권\n\n여권은 구청에서 만들어요.\n".encode(), Details(department="민원과"))
    home = look(browser, "/console/")
    assert "기한이 지나 답에 쓰지 않는 문서가 1개" in home
    assert "다시 볼 날이 지난" not in home
    page = look(browser, "/console/knowledge")
    assert page.index("틀니.md") < page.index("여권.md")
    assert "기한 지남" in page
    for query, names in (
        ("q=구청", ["여권"]),
        ("q=틀니+신청", ["틀니"]),
        ("only=due", ["틀니"]),
        ("only=silent", ["틀니", "여권"]),
        ("only=withdrawn", []),
        ("q=<b>", []),
    ):
        found = browser.client.get(f"/console/knowledge?{query}", headers=HTMX).text
        assert "<html" not in found
        assert re.findall(r">([가-힣]+)</a>", found) == names, query


def test_the_catalogues_own_passages_show_their_owner_and_days(services, web_kit, tmp_path: Path) -> None:
    folder = tmp_path / "own" / "knowledge"
    folder.mkdir(parents=True)
    text = """
topic: ask
shared: {department: 과, source: 시, document: 안내, owner: 지식 담당, review_by: 2026-11-01, verified: true}
passages: [{id: one, title: 하나, spoken: 하나예요.}]
"""
    (folder / "tax.yaml").write_text(text, encoding="utf-8")
    settings = services.settings.model_copy(update={"catalogue": folder.parent})
    browser = StaffBrowser(create_app(replace(services, settings=settings)), web_kit.password)
    browser.log_in("knowledge_owner")
    page = look(browser, "/console/knowledge").partition('data-testid="sets"')[2]
    for words in ("tax", "지식 담당", "2026. 11. 1.", "다시 볼 날 지남", "지난 기본 자료가 1묶음"):
        assert words in page
    assert "기본 자료가 1묶음" in look(browser, "/console/")
    # A file that was spoilt while the server runs stops no page.
    (folder / "tax.yaml").write_text("passages: no", encoding="utf-8")
    assert "지식 담당" not in look(browser, "/console/knowledge").partition('data-testid="sets"')[2]


def test_a_warning_is_for_those_who_keep_documents(services, web_kit, library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), Details(department="과", review_by=NOW.date() - timedelta(days=1)))
    app = create_app(services)
    for name, warned in (("knowledge_owner", True), ("counsellor", False), ("admin", False)):
        browser = StaffBrowser(app, web_kit.password)
        browser.log_in(name)
        assert ("다시 볼 날이 지난 문서가 1개" in look(browser, "/console/")) == warned
        assert ('href="/console/knowledge"' in look(browser, "/console/")) == warned


def test_many_passages_come_in_parts_and_are_searched(browser: StaffBrowser, library: Library) -> None:
    text = "".join(f"## 제목{number}\n\n대목 {number}은 여기예요.\n\n" for number in range(1, 121))
    row = library.add("긴 글.md", text.encode(), Details(department="과")).version
    at = f"/console/knowledge/{row.document_id}"
    first = look(browser, at)
    assert first.count('data-testid="passage"') == knowledge.ROWS_SHOWN
    assert "다음 50개" in first
    last = browser.client.get(f"{at}?version=1&from=100", headers=HTMX).text
    assert last.count('data-testid="passage"') == row.passages - 100
    found = browser.client.get(f"{at}?version=1&q=제목7+여기", headers=HTMX).text
    assert found.count('data-testid="passage"') == 11
    browser.post(f"{at}/versions/1/passages/1", verified="1")
    silent = browser.client.get(f"{at}?version=1&only=unverified", headers=HTMX).text
    assert 'id="passage-1"' not in silent


def test_what_cannot_be_done_is_said_in_place(browser: StaffBrowser, library: Library) -> None:
    row = library.add("틀니.md", TEXT.encode(), Details(department="과")).version
    long = library.add("긴.md", ("가" * 450).encode(), Details(department="과")).version
    at = f"/console/knowledge/{row.document_id}"
    for path, fields, status, words in (
        (f"{at}/versions/9/publish", {}, 404, "그 판을 찾을 수 없어요"),
        (f"{at}/versions/1/passages/9", {"verified": "1"}, 404, "그 대목을 찾을 수 없어요"),
        (f"{at}/versions/1/review", {"review_by": "x"}, 422, "날짜를 다시"),
        (f"{at}/versions/1/review", {}, 422, "날짜를 다시"),
        ("/console/knowledge/d_none/withdraw", {}, 404, "그 문서를 찾을 수 없어요"),
        (
            f"/console/knowledge/{long.document_id}/versions/1/passages/1",
            {"verified": "1"},
            422,
            "너무 길어서",
        ),
    ):
        answer = browser.post(path, **fields)
        assert (answer.status_code, words in answer.text, answer.text.startswith("<p")) == (
            status,
            True,
            True,
        )
    missing = browser.client.get("/console/knowledge/d_none", headers=HTML)
    assert (missing.status_code, "그 문서를 찾을 수 없어요" in missing.text) == (404, True)
    assert "다시 볼 날을 적었어요" in browser.post(f"{at}/versions/1/review", review_by="2027-11-30").text
    assert str(library.version("틀니.md").review_by) == "2027-11-30"


def test_words_of_documents_run_nothing(browser: StaffBrowser, library: Library) -> None:
    text = "# <script>alert(1)</script>\n\n<img src=x onerror=alert(2)> 이 문장은 글이에요.\n"
    said = Details(department="<b>과</b>", owner='"><script>')
    row = library.add("<i>.md", text.encode(), said).version
    for path in ("/console/knowledge", f"/console/knowledge/{row.document_id}"):
        page = look(browser, path)
        for wrong in ("<script>alert", "<img src=x", "<b>과", '"><script>', "<i>.md"):
            assert wrong not in page


def test_every_code_has_korean_words() -> None:
    assert set(knowledge_words.FAULTS) == set(get_args(DocumentFault))
    assert set(knowledge_words.STATES) == set(STATES)
    assert set(knowledge_words.OUTCOMES) == set(get_args(Outcome))
    assert set(knowledge_words.DUE) == set(Due)
