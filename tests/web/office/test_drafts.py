"""Drafts over HTTP: what is missing is told in place, nobody overwrites anybody, nobody sees another's."""

from __future__ import annotations

import asyncio
import html
import io
import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import quote, unquote

import hwpx
import pytest
from tests.office.drafts.conftest import FACTS
from tests.office.form_files import grid
from tests.web.office.writing_site import with_writing
from tests.web.staff_browser import StaffBrowser

from donghaeng.office.drafts.model import Extract
from donghaeng.settings import load_settings
from donghaeng.trust.permissions import Role
from donghaeng.web.app import create_app

LETTER = {
    **{name: value for name, value in FACTS["letter"].items() if isinstance(value, str)},
    "points": "자료를 익일까지 보내 주시기 바랍니다.\n담당자를 정해 주시기 바랍니다.",
}


class Rewriter:
    """A language model that always answers the same."""

    name = "rewriter"

    def __init__(self) -> None:
        self.answer = ""
        self.asked: list[str] = []

    async def complete(self, prompt) -> str:
        self.asked.append(json.loads(prompt.user)["passage"])
        return self.answer


@pytest.fixture(scope="module")
def model() -> Rewriter:
    return Rewriter()


@pytest.fixture(scope="module")
def site(web_kit, model: Rewriter, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    folder = tmp_path_factory.mktemp("drafts")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, folder) as full,
        with_writing(full, folder, model=model) as (services, writing),
    ):
        accounts = services.staff
        assert accounts is not None

        async def colleague() -> None:
            await accounts.add("colleague", "박동료", Role.OFFICIAL, web_kit.password)

        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(colleague())).result()
        yield create_app(services), writing


@pytest.fixture
def official(site, web_kit) -> StaffBrowser:
    return StaffBrowser.of(site[0], Role.OFFICIAL.value, web_kit.password, within="/office")


@pytest.fixture
def colleague(site, web_kit) -> StaffBrowser:
    return StaffBrowser.of(site[0], "colleague", web_kit.password, within="/office")


def begun(who: StaffBrowser, kind: str = "letter") -> str:
    answer = who.post("/drafts", kind=kind)
    assert answer.status_code == 204
    return answer.headers["hx-redirect"].removeprefix("/office")


def facts(values: dict[str, str]) -> dict[str, str]:
    return {f"f.{name}": value for name, value in values.items()}


def composed(who: StaffBrowser) -> str:
    draft = begun(who)
    answer = who.post(f"{draft}/facts", version="1", do="compose", **facts(LETTER))
    assert answer.headers["hx-redirect"] == f"/office{draft}/text"
    return draft


def text_in(shown: str, name: str = "text") -> str:
    found = re.search(rf'<textarea id="{name}"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    assert found is not None, shown
    return html.unescape(found[1])


def version_in(shown: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', shown)
    assert found is not None
    return found[1]


def test_what_is_missing_is_told_beside_its_field_and_nothing_is_lost(official: StaffBrowser) -> None:
    draft = begun(official, "plan")
    typed = {
        "title": "안내사 계획",
        "starts": "내일",
        "budget": "1,000,000원",
        "work": "뽑습니다.\n- 교육합니다.",
    }
    shown = official.post(f"{draft}/facts", version="1", do="compose", **facts(typed)).text
    assert "적은 것은 저장했어요" in shown
    assert 'id="w-f-purpose"' in shown
    assert "같은 날짜" in re.search(r'id="w-f-starts">([^<]*)', shown)[1]  # type: ignore[index]
    assert 'id="w-f-title"' not in shown
    assert 'id="w-f-budget"' not in shown
    again = official.get(draft).text
    assert all(html.escape(value) in again for value in typed.values())
    preview = official.post(f"{draft}/preview", **facts(typed)).text
    assert "［목적］" in preview
    assert "금1,000,000원(금일백만원)" in preview


def test_a_passage_stands_word_for_word_and_comes_from_other_pages_too(official: StaffBrowser) -> None:
    draft = begun(official, "report")
    passage = {"text": "교육은 <무료>입니다.", "source": "교육 계획", "place": "3쪽"}
    chosen = official.post("/drafts/passages", **passage).text
    name = draft.removeprefix("/drafts/")
    assert f'value="{name}"' in chosen
    assert "넣었어요" in official.post("/drafts/passages", draft=name, **passage).text
    assert "교육은 &lt;무료&gt;입니다." in official.get(draft).text
    assert "교육은 &lt;무료&gt;입니다. (근거: 교육 계획, 3쪽)" in official.post(f"{draft}/preview").text
    assert "비었거나" in official.post(f"{draft}/passages", text="글", source="").text
    dropped = official.post(f"{draft}/passages/drop", **passage).text
    assert "무료" not in dropped


def test_a_fix_changes_one_place_and_is_undone_and_done_again(official: StaffBrowser) -> None:
    draft = composed(official)
    shown = official.get(f"{draft}/text").text
    text, version = text_in(shown), version_in(shown)
    start = text.index("익일")
    assert "다듬을 곳 1군데" in shown
    assert f'"start": "{start}"' in html.unescape(shown)
    fix = {"start": str(start), "end": str(start + 2), "was": "익일", "to": "다음 날"}
    fixed = official.post(f"{draft}/text", do="fix", version=version, text=text, **fix).text
    assert text_in(fixed) == text.replace("익일", "다음 날")
    stale = official.post(
        f"{draft}/text", do="fix", version=version_in(fixed), text=text_in(fixed), **fix
    ).text
    assert "그 자리의 글이 바뀌어서" in stale
    undone = official.post(f"{draft}/text", do="back", version=version_in(fixed), text=text_in(fixed)).text
    assert text_in(undone) == text
    redone = official.post(f"{draft}/text", do="on", version=version_in(undone), text=text_in(undone)).text
    assert text_in(redone) == text_in(fixed)
    history = official.get(f"{draft}/history").text
    assert all(step in history for step in ("글을 만듦", "다듬기를 적용함", "되돌림", "다시 함"))


def test_the_second_of_two_is_refused_and_both_texts_are_put_together(
    official: StaffBrowser, colleague: StaffBrowser
) -> None:
    draft = composed(official)
    assert colleague.get(draft).status_code == 404
    assert "없어요" in official.post(f"{draft}/share", name="nobody").text
    assert "박동료" in official.post(f"{draft}/share", name="colleague").text
    shown = official.get(f"{draft}/text").text
    text, version = text_in(shown), version_in(shown)
    mine = text.replace("담당자를 정해", "담당자를 빨리 정해")
    theirs = text.replace("마포구청장", "서대문구청장")
    assert "저장했어요" in colleague.post(f"{draft}/text", version=version, text=theirs).text
    met = official.post(f"{draft}/text", version=version, text=mine).text
    assert (text_in(met, "mine"), text_in(met, "theirs-text")) == (mine, theirs)
    assert "그대로 합칠 수 있어요" in met
    newest = re.search(r'name="theirs" value="(\d+)"', met)[1]  # type: ignore[index]
    merged = official.post(f"{draft}/text/merge", version=version, theirs=newest, text=mine).text
    assert text_in(merged) == mine.replace("마포구청장", "서대문구청장")

    text, version = text_in(merged), version_in(merged)
    colleague.post(f"{draft}/text", version=version, text=text.replace("담당자를 빨리", "담당자를 곧"))
    met = official.post(
        f"{draft}/text", version=version, text=text.replace("담당자를 빨리", "맡을 분을")
    ).text
    assert met.count('data-testid="clash"') == 1
    newest = re.search(r'name="theirs" value="(\d+)"', met)[1]  # type: ignore[index]
    kept = {"version": version, "theirs": newest, "text": text_in(met, "mine"), "choice-0": "theirs"}
    assert "담당자를 곧" in text_in(official.post(f"{draft}/text/merge", **kept).text)


def test_two_who_fill_facts_at_once_lose_nothing(official: StaffBrowser, colleague: StaffBrowser) -> None:
    draft = begun(official, "plan")
    official.post(f"{draft}/share", name="colleague")
    colleague.post(f"{draft}/facts", version="1", **facts({"title": "동료의 제목", "purpose": "동료의 목적"}))
    shown = official.post(
        f"{draft}/facts", version="1", **facts({"title": "나의 제목", "audience": "시민"})
    ).text
    assert "아직 저장하지 않았어요" in shown
    for words in ("나의 제목", "동료의 제목", "동료의 목적", "시민"):
        assert words in shown
    assert version_in(shown) == "2"


def test_facts_that_change_later_keep_the_officials_own_words(official: StaffBrowser) -> None:
    draft = composed(official)
    shown = official.get(f"{draft}/text").text
    own = text_in(shown).replace("정해 주시기", "꼭 정해 주시기")
    saved = official.post(f"{draft}/text", version=version_in(shown), text=own).text
    changed = facts({**LETTER, "to": "은평구청장"})
    official.post(f"{draft}/facts", version=version_in(saved), do="compose", **changed)
    after = text_in(official.get(f"{draft}/text").text)
    assert "은평구청장" in after
    assert "꼭 정해 주시기" in after
    version = version_in(official.get(f"{draft}/text").text)
    official.post(f"{draft}/facts", version=version, do="compose", afresh="1", **changed)
    assert "꼭 정해" not in text_in(official.get(f"{draft}/text").text)


@pytest.mark.parametrize("suffix", ["hwpx", "docx", "pdf"])
def test_a_file_says_what_is_kept(official: StaffBrowser, colleague: StaffBrowser, suffix: str) -> None:
    draft = composed(official)
    answer = official.get(f"{draft}/file.{suffix}")
    assert answer.status_code == 200
    assert f"디지털 안내사 배치 협조 요청.{suffix}" in unquote(answer.headers["content-disposition"])
    assert answer.content[:2] in (b"PK", b"%P")
    assert colleague.get(f"{draft}/file.{suffix}").status_code == 404


def test_a_draft_that_was_put_away_comes_back(official: StaffBrowser, colleague: StaffBrowser) -> None:
    draft = composed(official)
    official.post(f"{draft}/share", name="colleague")
    assert colleague.post(f"{draft}/delete").status_code == 404
    assert official.post(f"{draft}/delete").status_code == 204
    assert official.get(draft).status_code == colleague.get(draft).status_code == 404
    assert f"{draft}/restore" in official.get("/drafts").text
    assert f"{draft}/restore" not in colleague.get("/drafts").text
    assert official.post(f"{draft}/restore").status_code == 204
    assert colleague.get(draft).status_code == 200


def test_a_worded_sentence_is_shown_only_where_it_says_the_same(
    official: StaffBrowser, model: Rewriter, site
) -> None:
    draft = composed(official)
    shown = official.get(f"{draft}/text").text
    text, version = text_in(shown), version_in(shown)
    text = text.replace(
        "담당자를 정해 주시기 바랍니다.", "담당자를 정해서 자료를 5일 안에 보내 주시기 바랍니다."
    )
    text += "\n문의는 010-1234-5678 번호로 해 주시기 바랍니다."
    model.answer = '{"sentences": ["담당자를 정해서 자료를 7일 안에 보내 주세요."]}'
    model.asked.clear()
    assert "보여 드릴 제안이 없어요" in official.post(f"{draft}/text/reword", text=text).text
    assert model.asked
    assert not any("010" in one for one in model.asked)
    good = "담당자를 정해서 자료를 5일 안에 보내 주시기 바랍니다"
    model.answer = json.dumps({"sentences": [good]})
    offers = official.post(f"{draft}/text/reword", text=text).text
    assert offers.count('data-testid="offer"') == 1
    was = "담당자를 정해서 자료를 5일 안에 보내 주시기 바랍니다."
    start = text.index(was)
    take = {"do": "take", "start": str(start), "end": str(start + len(was)), "was": was}
    forged = official.post(
        f"{draft}/text", version=version, text=text, to="아무 말이나 하겠습니다.", **take
    ).text
    assert "원래 문장과 달라서" in forged
    taken = official.post(f"{draft}/text", version=version, text=text, to=good, **take).text
    assert good in text_in(taken)
    name = draft.removeprefix("/drafts/")
    data = official.get(f"{draft}/file.docx").content
    assert b"PK" in data[:2]
    import docx  # noqa: PLC0415

    assert "compositeWithTrainedAlgorithmicMedia" in docx.Document(io.BytesIO(data)).core_properties.keywords
    assert name


def test_who_writes_is_asked_once_and_may_refuse(official: StaffBrowser, site) -> None:
    draft = composed(official)
    assert 'data-testid="minutes"' in official.get(f"{draft}/ask").text
    assert 'data-testid="minutes"' not in official.get(f"{draft}/ask").text
    assert official.post(f"{draft}/minutes", took="0", by_hand="3").status_code == 422
    assert "고마워요" in official.post(f"{draft}/minutes", took="20", by_hand="60").text
    assert "답 1개" in official.get("/comparisons").text
    official.post("/comparisons/asking", may="0")
    assert 'data-testid="minutes"' not in official.get(f"{composed(official)}/ask").text
    official.post("/comparisons/asking", may="1")


def test_a_pair_is_judged_by_others_once_and_blindly(official: StaffBrowser, colleague: StaffBrowser) -> None:
    pair = {"question": "assistant", "about": "협조 요청", "first": "도우미의 글", "second": "혼자 쓴 글"}
    assert official.post("/comparisons", **{**pair, "second": pair["first"]}).status_code == 422
    official.post("/comparisons", **pair)
    assert "살펴볼" in official.get("/comparisons").text
    place = re.search(r'href="/office(/comparisons/pa_[a-z]+)"', colleague.get("/comparisons").text)
    assert place is not None
    assert official.get(place[1]).status_code == 404, "nobody judges their own"
    shown = colleague.get(place[1]).text
    # The chance of this site is always 0: the second text is shown first.
    assert shown.index("혼자 쓴 글") < shown.index("도우미의 글")
    answers = {"right": "shown_second", "plain": "shown_second", "form": "same", "usable": "shown_first"}
    assert colleague.post(place[1], right="shown_second").status_code == 422
    assert colleague.post(place[1], **answers).status_code == 204
    assert colleague.post(place[1], **answers).status_code == 404, "once"
    table = colleague.get("/comparisons").text
    row = re.search(r"쉽게 읽힌다</td><td>(\d)</td><td>(\d)</td><td>(\d)</td>", table)
    assert row is not None
    assert row.groups() == ("1", "0", "0")


def test_a_form_is_listed_and_filled_and_a_label_that_is_missing_is_told(official: StaffBrowser) -> None:
    document = hwpx.HwpxDocument.new()
    grid(document, [["성명", ""], ["주소", ""]])
    data = document.to_bytes()
    headers = {
        **official.headers,
        "X-File-Name": quote("신청서.hwpx"),
        "content-type": "application/octet-stream",
    }
    shown = official.client.post("/office/forms/blanks", content=data, headers=headers)
    assert re.findall(r'data-label="([^"]*)"', shown.text) == ["성명", "주소"]
    values = json.dumps({"성명": "홍길동", "생년월일": "1950"})
    body = values.encode() + b"\n" + data
    filled = official.client.post("/office/forms/fill", content=body, headers=headers)
    assert (filled.headers["x-filled"], unquote(filled.headers["x-missing"])) == ("1", "생년월일")
    told = hwpx.HwpxDocument.open(filled.content)
    assert "홍길동" in "".join(cell.text for _, cell in cells(told))
    refused = official.client.post("/office/forms/blanks", content=b"PK\x03\x04 broken", headers=headers)
    assert refused.status_code == 422
    assert 'class="alert"' in refused.text
    wrong = official.client.post("/office/forms/fill", content=b"[1]\n" + data, headers=headers)
    assert wrong.status_code == 422


def cells(document) -> list:
    return [
        (place, place.cell)
        for section in document.sections
        for paragraph in section.paragraphs
        for table in paragraph.tables
        for place in table.iter_grid()
    ]


def test_two_passages_at_once_both_stay(site, official: StaffBrowser) -> None:
    _, writing = site
    draft = begun(official, "report").removeprefix("/drafts/")

    async def both() -> int:
        owner = next(iter(await writing.drafts._store.read(owners)))
        await asyncio.gather(
            *(writing.drafts.add_passage(owner, draft, Extract(f"글 {n}", "문서")) for n in range(4))
        )
        return len((await writing.drafts.open(owner, draft)).content.passages)

    def owners(tx):
        from sqlalchemy import select  # noqa: PLC0415

        from donghaeng.store.writing_tables import office_drafts  # noqa: PLC0415

        query = select(office_drafts.c.owner).where(office_drafts.c.id == draft)
        return [row.owner for row in tx.connection.execute(query)]

    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(lambda: asyncio.run(both())).result() == 4


def test_a_form_passes_the_virus_scanner_on_both_ways(site, official: StaffBrowser) -> None:
    app, _ = site
    seen: list[bytes] = []

    class Scanner:
        async def check_chunks(self, chunks: Iterable[bytes]) -> None:
            seen.append(b"".join(chunks))

    plain = app.state.services
    app.state.services = replace(plain, virus_scanner=Scanner())
    headers = {**official.headers, "X-File-Name": "a.hwpx", "content-type": "application/octet-stream"}
    try:
        official.client.post("/office/forms/blanks", content=b"file", headers=headers)
        official.client.post("/office/forms/fill", content=b"{}\nfile", headers=headers)
    finally:
        app.state.services = plain
    assert seen == [b"file", b"file"]
