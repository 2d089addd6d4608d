"""The service owners' pages over HTTP: forms, what is refused, and who may do what."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.review.owners import MARK
from tests.review.small import small_catalogue
from tests.web.owning import Site, with_owners
from tests.web.staff_browser import StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import ActionKind, Subject
from donghaeng.web.app import create_app

ONE = "/console/services/weather"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_catalogue(tmp_path_factory.mktemp("base") / "catalogue")


@pytest.fixture
def site(web_kit, base: Path, tmp_path: Path) -> Iterator[tuple[object, Site]]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        with_owners(services, base, tmp_path) as (full, inside),
    ):
        yield create_app(full), inside


class Member(StaffBrowser):
    """Somebody of the staff, with the form of a service."""

    def fields(self, path: str = ONE) -> dict[str, str]:
        """What the page's form would send."""
        return sent_by(self.get(path).text)


def sent_by(page: str) -> dict[str, str]:
    import html

    form = page[page.index('<form id="edit"') : page.index("</form>", page.index('<form id="edit"'))]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[html.unescape(name)] = html.unescape(text)
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[html.unescape(name)] = html.unescape(chosen[1]) if chosen else ""
    return found


@pytest.fixture
def member(site, web_kit):
    return lambda name: Member.of(site[0], name, web_kit.password)


def draft(site: tuple[object, Site], service: str = "weather"):
    return asyncio.run(site[1].owners.desk.draft(service))


def test_the_page_sent_back_unchanged_makes_the_very_text(site, member) -> None:
    owner = member("service_owner")
    before = draft(site)
    fields = owner.fields()
    assert owner.post(f"{ONE}/save", **fields).status_code == 200
    after = draft(site)
    assert (after.version, after.definition, after.tests) == (1, before.definition, before.tests)
    assert after.differences == ()


def test_an_owner_writes_and_somebody_elses_page_is_not_lost(site, member) -> None:
    owner, other = member("service_owner"), member("reviewer")
    mine, theirs = owner.fields(), other.fields()
    mine["s.reply.empty"] = f"{MARK} <b>굵게</b>"
    theirs["s.name"] = "날씨와 하늘"
    said = owner.post(f"{ONE}/save", **mine).text
    assert "저장했어요." in said
    assert "hx-swap-oob" in said
    assert "<b>굵게</b>" not in said.replace("<b>", "", 0).split('id="f-reply-empty"')[1][:400]
    conflict = other.post(f"{ONE}/save", **theirs).text
    assert "다른 분이 먼저 저장했어요" in conflict
    assert MARK in conflict, "what the other changed"
    assert 'value="날씨와 하늘"' in conflict, "what was written stays"
    assert draft(site).name == "날씨"
    again = sent_by(conflict)
    assert "저장했어요." in other.post(f"{ONE}/save", **again).text
    assert draft(site).name == "날씨와 하늘"


def test_rows_of_the_form_change_without_being_kept(site, member) -> None:
    owner = member("service_owner")
    fields = owner.fields()
    more = owner.post(f"{ONE}/form", **fields, do="add:slots").text
    assert 'name="s.slots.2.#key"' in more
    assert 'data-focus="slots.2.#key"' in more
    fields = {**sent_by(more), "s.slots.2.#key": "date"}
    twice = owner.post(f"{ONE}/save", **fields).text
    assert "이름이 같은 줄이 둘 있어요: date" in twice
    assert 'name="s.slots.2.#key" value="date"' in twice
    assert "그런 줄이 없어요" in owner.post(f"{ONE}/form", **owner.fields(), do="remove:slots.9").text
    assert draft(site).version == 0
    text = owner.post(f"{ONE}/form", **owner.fields(), to="text").text
    assert 'name="definition"' in text
    wrong = {**sent_by(text), "definition": "id: weather\nmood: {a: b}\n"}
    assert "칸으로 옮기면 잃는 것이 있어요" in owner.post(f"{ONE}/form", **wrong, to="form").text
    saved = owner.post(f"{ONE}/save", **wrong).text
    assert "2번째 줄" in saved
    assert draft(site).definition == wrong["definition"]


def test_what_cannot_be_is_refused_in_words(site, member) -> None:
    owner = member("service_owner")
    for path in ("/console/services/..%2f..%2fetc", "/console/services/none", f"{ONE}/run/other"):
        assert owner.post(path).status_code in (404, 405, 422)
    assert owner.get("/console/services/none").status_code == 404
    for service in ("../x", "weather", "A"):
        refused = owner.post(
            "/console/services/new", service=service, name="가", department="과", number="120"
        )
        assert refused.status_code in (409, 422)
        assert "영문 이름" in refused.text
    made = owner.post("/console/services/new", service="seal", name="<script>", department="과", number="120")
    assert made.headers["hx-redirect"] == "/console/services/seal"
    page = owner.get("/console/services/seal").text
    assert "<script>" not in page.replace('<script src="', "").replace('<script type="module"', "")
    assert owner.post("/console/services/seal/talk", words="안녕", said="[]").status_code == 409
    for said in ("{", '{"a": 1}', '[["a"]]', json.dumps(["가" * 500])):
        assert owner.post(f"{ONE}/talk", words="날씨", said=said).status_code == 422
    assert owner.post(f"{ONE}/speak", say="가" * 1001).status_code == 422
    assert owner.post(f"{ONE}/roll-back", reason="글이 틀려요").status_code == 403
    reviewer = member("reviewer")
    assert "되돌릴 판이 없어요" in reviewer.post(f"{ONE}/roll-back", reason="글이 틀려요").text
    assert "올려서 기다리는" in reviewer.post(f"{ONE}/publish").text


def test_talking_to_a_draft_and_hearing_it(site, member) -> None:
    owner = member("service_owner")
    talk = owner.post(f"{ONE}/talk", words="날씨", said="[]").text
    assert "서비스: weather" in talk
    assert 'name="said" value="[&#34;날씨&#34;]"' in talk
    fresh = owner.post(f"{ONE}/talk", again="1", said='["날씨"]').text
    assert "서비스: weather" not in fresh
    headers = {**owner.headers, "content-type": "audio/wav", "X-Hints": "%7B%22expects%22%3A%22slot%22%7D"}
    sound = asyncio.run(site[1].voice.speak("가"))
    heard = owner.client.post(f"{ONE}/hear", content=sound, headers=headers)
    assert heard.json() == {"text": "날씨"}
    assert site[1].voice.heard[-1]["expects"] == "slot"
    assert owner.client.post(f"{ONE}/hear", content=b"x" * 1_200_000, headers=headers).status_code == 413
    spoken = owner.post(f"{ONE}/speak", say="안녕하세요")
    assert spoken.headers["content-type"] == "audio/wav"
    assert owner.post(f"{ONE}/speak", say=" ").status_code == 204


def test_submitting_publishing_and_taking_back_stand_in_the_history(site, member) -> None:
    owner, reviewer, desk = member("service_owner"), member("supervisor"), site[1].owners.desk
    fields = {**owner.fields(), "s.reply.empty": MARK}
    owner.post(f"{ONE}/save", **fields)

    async def tried() -> None:
        await desk.begin_run("weather", "tests")
        await asyncio.gather(*desk._runs._tasks)

    assert owner.post(f"{ONE}/submit", version="1").status_code == 409
    asyncio.run(tried())
    assert "모두 통과했어요" in owner.get(f"{ONE}/state").text
    assert "올렸어요." in owner.post(f"{ONE}/submit", version="1", note="봐 주세요").text
    assert "readonly" in owner.get(ONE).text
    waiting = owner.get("/console/services?open=1").text
    assert "올려서 기다림" in waiting
    assert "/console/services/ask" not in waiting
    view = draft(site)
    asyncio.run(desk.review.measure(view.proposal.row.id))
    assert owner.post(f"{ONE}/publish").status_code == 403
    assert 'data-testid="publish"' not in owner.get(ONE).text
    assert 'data-testid="publish"' in reviewer.get(ONE).text
    assert "적용했어요" in reviewer.post(f"{ONE}/publish").text
    assert desk.catalogue["weather"].ways[0].reply.empty == MARK
    assert "되돌렸어요" in reviewer.post(f"{ONE}/roll-back", reason="글이 틀렸어요").text
    assert desk.catalogue["weather"].ways[0].reply.empty != MARK
    state = asyncio.run(site[1].tower.desk.subject(Subject(Kind.SERVICE, "weather")))
    words = [one.words for one in state.history if one.kind in (ActionKind.NOTED, ActionKind.CREATED)]
    assert [one.split(".")[0] for one in words] == ["고친 것을 올림", "고친 것을 적용함", "고친 것을 되돌림"]
    page = reviewer.get("/console/tower/service/weather").text
    assert "고친 것을 되돌림. 글이 틀렸어요" in page
    proposal = reviewer.client.get(
        f"/console/review/proposals/{view.proposal.row.id}", headers={"HX-Request": "1"}
    )
    assert "서비스 화면에서 보기" in proposal.text
