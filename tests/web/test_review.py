"""`/console/review` over HTTP: what each role may do, and that looks at conversations are recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.review.office import Office
from tests.review.small import small_catalogue
from tests.web.reviewing import FIELDS, WORDS, with_review
from tests.web.staff_browser import StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.store import review_items
from donghaeng.web.app import create_app
from donghaeng.web.console.review import MOST_SHOWN
from donghaeng.web.console.review_forms import values_of

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_catalogue(tmp_path_factory.mktemp("base") / "catalogue")


@pytest.fixture
def services_and_office(web_kit, base: Path, tmp_path: Path) -> Iterator[tuple]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, tmp_path) as services,
        with_review(services, base, tmp_path) as full,
    ):
        yield full


@pytest.fixture
def office(services_and_office) -> Office:
    return services_and_office[1]


@pytest.fixture
def browser(services_and_office, web_kit):
    app = create_app(services_and_office[0])
    return lambda name: StaffBrowser.of(app, name, web_kit.password, within="/console/review")


def item_of(office: Office, text: str = WORDS) -> str:
    return office.fill(text)[0]


def propose(browser: StaffBrowser, item: str, **changed: str) -> str:
    made = browser.post(f"/items/{item}/propose", **{**FIELDS, **changed})
    assert made.status_code == 200, made.text
    found = re.search(r'data-proposal="(pr_\w+)"', made.text)
    assert found is not None
    return found[1]


def test_the_list_is_on_the_page_and_of_one_kind_where_it_is_wanted(office: Office, browser) -> None:
    item_of(office)
    office.fill("약을 사야 해요", kind="handover")
    reviewer = browser("reviewer")
    whole = reviewer.client.get("/console/review", headers=HTML)
    assert whole.status_code == 200
    assert WORDS in whole.text
    assert "약을 사야 해요" in whole.text
    one_kind = reviewer.get("/list?kind=handover").text
    assert "약을 사야 해요" in one_kind
    assert WORDS not in one_kind
    assert "못 알아들음 (1)" in one_kind


def test_of_a_large_cluster_the_newest_are_shown(office: Office, browser) -> None:
    items = office.fill(*(f"비가 오려나 {number}" for number in range(MOST_SHOWN + 2)))
    office.store.run(lambda tx: review_items.group(tx, dict.fromkeys(items, items[0])))
    text = browser("reviewer").get(f"/items/{items[0]}").text
    assert "이 밖에 2건이 더 있어요" in text
    assert text.count("앞뒤 대화 보기") == MOST_SHOWN


@pytest.mark.parametrize("change", ["example", "word", "passage", "rule"])
def test_the_form_has_the_fields_of_each_kind_of_change(office: Office, browser, change: str) -> None:
    item = item_of(office)
    text = browser("reviewer").get(f"/items/{item}/form?change={change}").text
    named = {"example": "service", "word": "says", "passage": "source", "rule": "topic"}[change]
    assert f'name="change.{named}"' in text


def test_a_proposal_is_made_measured_published_and_rolled_back(office: Office, browser) -> None:
    item = item_of(office)
    author, second = browser("reviewer"), browser("supervisor")
    proposal = propose(author, item)
    assert "제안한 사람은 적용할 수 없어요" in author.get(f"/proposals/{proposal}").text
    asyncio.run(office.desk.measure(proposal))
    refused = author.post(f"/proposals/{proposal}/publish", reason="")
    assert refused.status_code == 403
    assert "다른 한 사람" in refused.text
    shown = second.get(f"/proposals/{proposal}").text
    assert "지금은 안 되고, 더하면 돼요" in shown
    assert "적용하기" in shown
    done = second.post(f"/proposals/{proposal}/publish", reason="좋아요")
    assert done.status_code == 200
    assert done.headers["hx-trigger"] == "review-changed"
    assert 'data-state="published"' in done.text
    history = second.get("/history").text
    assert "좋아요" in history
    assert FIELDS["change.text"] in history
    assert second.post(f"/proposals/{proposal}/roll-back", reason="").status_code == 422
    back = second.post(f"/proposals/{proposal}/roll-back", reason="너무 넓어요")
    assert 'data-state="rolled_back"' in back.text
    assert proposal in second.get("/proposals").text


def test_a_knowledge_owner_proposes_and_does_not_publish_or_read_conversations(
    office: Office, browser
) -> None:
    item = item_of(office)
    owner = browser("knowledge_owner")
    assert "앞뒤 대화 보기" not in owner.get(f"/items/{item}").text
    assert owner.get(f"/items/{item}/talk").status_code == 403
    proposal = propose(owner, item)
    asyncio.run(office.desk.measure(proposal))
    assert "적용하기" not in owner.get(f"/proposals/{proposal}").text
    assert owner.post(f"/proposals/{proposal}/publish", reason="x").status_code == 403
    assert browser("counsellor").client.get("/console/review", headers=HTML).status_code == 403


def test_who_looks_at_a_conversation_is_recorded(office: Office, browser, services_and_office) -> None:
    item = item_of(office)
    reviewer = browser("reviewer")
    talk = reviewer.get(f"/items/{item}/talk").text
    assert "잘 못 들었어요" in talk
    assert "훨씬 뒤의 말" not in talk, "no more than what is around it"
    (look,) = asyncio.run(services_and_office[0].staff.accesses())
    assert (look.staff_name, look.conversation_id, look.purpose) == ("reviewer", "c_0", "quality")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"change.text": "x"}, "글: 더 길게 적어 주세요"),
        ({"change.service": "no_such"}, "그런 서비스가 없어요"),
        ({"words": ""}, "시민이 한 말을 적어 주세요"),
        ({"change.kind": "passage"}, "서비스: 알 수 없는 칸이에요"),
    ],
)
def test_what_is_wrong_is_said_and_the_item_stays(
    office: Office, browser, changed: dict[str, str], words: str
) -> None:
    item = item_of(office)
    refused = browser("reviewer").post(f"/items/{item}/propose", **{**FIELDS, **changed})
    assert refused.status_code == 422
    assert words in refused.text or "적어 주세요" in refused.text
    assert office.desk is not None
    assert len(asyncio.run(office.desk.board.clusters())) == 1


def test_what_others_have_settled_is_said_plainly(office: Office, browser) -> None:
    item = item_of(office)
    one, other = browser("reviewer"), browser("supervisor")
    assert one.post(f"/items/{item}/dismiss").status_code == 200
    assert "이미 다른 분이 처리했어요" in other.get(f"/items/{item}").text
    assert other.post(f"/items/{item}/propose", **FIELDS).status_code == 409
    assert other.post(f"/items/{item}/dismiss").status_code == 409
    assert "그런 제안이 없어요" in other.get("/proposals/pr_none").text


def test_words_of_citizens_and_reviewers_are_never_code(office: Office, browser) -> None:
    item = item_of(office, "<script>alert(1)</script> 비가 와요")
    reviewer = browser("reviewer")
    assert "<script>alert" not in reviewer.get(f"/items/{item}").text
    proposal = propose(reviewer, item, **{"note": "<img src=x>"})
    assert "<img src=x>" not in reviewer.get(f"/proposals/{proposal}").text


def test_fields_of_a_new_rule_count_for_a_new_rule_alone() -> None:
    fields = {
        "change.kind": "rule",
        "change.topic": "objection",
        "change.new_topic": "x",
        "change.way": "offer",
        "change.words": "억울해서\n\n분해서 ",
        "change.urgent": "1",
        "other": "x",
    }
    assert values_of(fields) == {"kind": "rule", "topic": "objection", "words": ["억울해서", "분해서"]}
    new = values_of({**fields, "change.topic": "+"})
    assert (new["topic"], new["way"], new["urgent"]) == ("x", "offer", True)
