"""The page where a child or social worker sees receipt and status, over a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import httpx
import pytest
from tests.dialogue.harness import catalogue, policy

pytest.importorskip("playwright.sync_api")

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.city.operations import Answer  # noqa: E402
from donghaeng.conversation.editions import Edition, OneEdition  # noqa: E402
from donghaeng.conversation.guardianship import Guardianship  # noqa: E402
from donghaeng.people.calling import SEOUL  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.store import Store, accesses, conversations, guardians, requests  # noqa: E402
from donghaeng.store.conversations import Conversation  # noqa: E402
from donghaeng.store.guardians import Guardian  # noqa: E402
from donghaeng.store.requests import Request  # noqa: E402
from donghaeng.trust.consents import SpokenConsent  # noqa: E402
from donghaeng.trust.page_codes import code_hash  # noqa: E402
from donghaeng.trust.sealing import Sealer  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402
from donghaeng.web.console.home import ACTIONS, PURPOSES  # noqa: E402
from donghaeng.web.guardian import COOKIE  # noqa: E402
from donghaeng.web.limits import EVERYBODY, LIMITS, Limits  # noqa: E402
from donghaeng.web.services import WebServices  # noqa: E402

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
CODE = "204861"
SECRETS = ("010-7391-2846", "양화로 45", "김복순", "따님", "소파를 버려야")
AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "high-contrast": {"contrast": "more"},
}
SESSIONS, SEEN = "/v1/guardian/sessions", "/v1/guardian/requests"


@dataclass
class Office:
    """A database in which one person may see two requests."""

    store: Store

    def begin(self, at: datetime = NOW) -> None:
        """A citizen with two requests, one of them cancelled, and a code for her daughter."""
        said = {"phone": SECRETS[0], "address": SECRETS[1], "person_name": SECRETS[2], "item": SECRETS[4]}
        consent = SpokenConsent("guardian/1", "따님이 보시게 할까요?", "응", at, ("guardian_view",))

        def work(tx) -> None:
            conversations.add(tx, Conversation("c_1", "phone", at, "v1"), "token")
            requests.add(tx, Request("c_1", "SEL-1", "bulky_waste", said, at))
            requests.add(tx, Request("c_1", "SEL-2", "meter_freeze", said, at, at + timedelta(days=1)))
            guardians.add(tx, Guardian("g_1", "c_1", SECRETS[3], consent, at + timedelta(days=365)))
            assert guardians.keep_code(tx, "g_1", code_hash(CODE), at + timedelta(minutes=30), at)

        self.store.run(work)

    def guardianship(
        self, clock: Callable[[], datetime] = lambda: NOW, cities: City | None = None
    ) -> Guardianship:
        rules = policy()
        assert rules.catalogue is catalogue()
        editions = OneEdition(Edition(rules, None))  # type: ignore[arg-type]
        return Guardianship(self.store, editions, rules.guardians, clock=clock, cities=cities)  # type: ignore[arg-type]


@dataclass
class City:
    """A city, and all cities: knows the state of complaints by their receipts."""

    states: dict[str, str]
    asked: list[str] = field(default_factory=list)

    def of(self, conversation: Conversation) -> City:
        assert conversation.id == "c_1"
        return self

    async def call(self, operation: str, arguments: Mapping[str, str], *, now: datetime) -> Answer:
        assert (operation, now) == ("gateway.complaint_status", NOW)
        self.asked.append(arguments["receipt"])
        return Answer(({"state": self.states[arguments["receipt"]], "department": "도로과"},))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(f"sqlite:///{tmp_path}/g.db", Sealer([b"k" * 32])) as store:
        made = Office(store)
        made.begin()
        yield made


@pytest.fixture
def open_to(services: WebServices, office: Office) -> Callable[..., httpx.AsyncClient]:
    def make(scheme: str = "http", **more: object) -> httpx.AsyncClient:
        app = create_app(replace(services, guardianship=office.guardianship(), **more))  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"{scheme}://test")

    return make


async def test_the_code_opens_a_session_that_shows_receipt_service_status_and_dates(open_to) -> None:
    async with open_to() as client:
        assert (await client.get(SEEN)).status_code == 401
        opened = await client.post(SESSIONS, json={"code": "20 48 61"})
        assert (opened.status_code, opened.content) == (204, b"")
        answer = await client.get(SEEN)
        assert answer.headers["cache-control"] == "no-store"
        assert set(answer.json()) == {"until", "requests"}
        rows = {row["receipt"]: row for row in answer.json()["requests"]}
        assert {name: set(row) for name, row in rows.items()} == dict.fromkeys(
            ("SEL-1", "SEL-2"), {"receipt", "service", "status", "made_at", "cancelled_at"}
        )
        assert [rows[one]["status"] for one in ("SEL-1", "SEL-2")] == ["accepted", "cancelled"]
        for secret in SECRETS:
            assert secret not in answer.text
        assert (await client.delete(f"{SESSIONS}/mine")).status_code == 204
        assert (await client.get(SEEN)).status_code == 401


async def test_how_far_the_city_is_with_a_complaint_is_seen_and_nothing_else_of_it(
    services: WebServices, office: Office
) -> None:
    office.store.run(lambda tx: requests.add(tx, Request("c_1", "SEL-3", "complaint", {"phone": "1"}, NOW)))
    city = City({"SEL-3": "in_progress"})
    found = office.guardianship(cities=city)
    app = create_app(replace(services, guardianship=found))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        await client.post(SESSIONS, json={"code": CODE})
        answer = await client.get(SEEN)
    rows = {row["receipt"]: row["status"] for row in answer.json()["requests"]}
    assert rows == {"SEL-1": "accepted", "SEL-2": "cancelled", "SEL-3": "in_progress"}
    assert city.asked == ["SEL-3"]
    assert "도로과" not in answer.text


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_script_and_no_other_site_gets_the_session(open_to, scheme: str) -> None:
    async with open_to(scheme) as client:
        cookie = (await client.post(SESSIONS, json={"code": CODE})).headers["set-cookie"].lower()
        assert cookie.startswith(COOKIE)
        for part in ("httponly", "samesite=strict", "path=/v1/guardian"):
            assert part in cookie
        assert ("secure" in cookie) == (scheme == "https")
        other = f"{SEEN}?token={client.cookies[COOKIE]}"
        client.cookies.clear()
        assert (await client.get(other)).status_code == 401


async def test_a_session_opens_nothing_but_this_and_other_keys_do_not_open_it(open_to) -> None:
    async with open_to() as client:
        await client.post(SESSIONS, json={"code": CODE})
        headers = {"Authorization": f"Bearer {client.cookies[COOKIE]}"}
        assert (await client.get("/v1/conversations/c_1", headers=headers)).status_code == 404
        client.cookies.set(COOKIE, "token")
        assert (await client.get(SEEN)).status_code == 401


async def test_guessing_is_stopped_after_a_few_tries(open_to, services: WebServices) -> None:
    limited = services.settings.model_copy(update={"rate_limit": "on"})
    tries = int(LIMITS["guardian_codes"].burst)
    async with open_to(settings=limited) as client:
        answers = [await client.post(SESSIONS, json={"code": f"99999{at}"}) for at in range(tries + 1)]
        assert [one.status_code for one in answers] == [404] * tries + [429]
        assert answers[0].json()["type"].endswith("unknown-guardian-code")
        assert (await client.post(SESSIONS, json={"code": CODE})).status_code == 429


def test_all_addresses_share_a_limit() -> None:
    assert LIMITS["guardian_codes_of_all"].per == "everybody"
    now = 0.0
    tries = Limits(clock=lambda: now)
    most = int(LIMITS["guardian_codes_of_all"].burst)
    for now in (0.0, 1_800.0):  # noqa: B007  the clock reads it
        assert sum(tries.take("guardian_codes_of_all", EVERYBODY) == 0.0 for _ in range(500)) == most


async def test_what_ended_is_gone_and_says_so(open_to, office: Office) -> None:
    async with open_to() as client:
        await client.post(SESSIONS, json={"code": CODE})
        office.store.run(lambda tx: guardians.end(tx, "g_1", NOW))
        answer = await client.get(SEEN)
        assert (answer.status_code, answer.json()["type"][-14:]) == (410, "guardian-ended")


def test_the_console_has_words_for_every_kind_of_access() -> None:
    assert set(ACTIONS) == set(get_args(accesses.Action))
    assert set(PURPOSES) == set(get_args(accesses.Purpose))


# The page, in Chromium.


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def served(web_kit, office: Office) -> Iterator[str]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.serving.served(create_app(replace(services, guardianship=office.guardianship()))) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, served: str) -> Iterator[Callable[..., Page]]:
    contexts, errors = [], []

    def make(width: int = 390, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{served}/guardian")
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.browser
def test_a_daughter_types_the_code_sees_and_reads_that_it_ended(open_page, office: Office) -> None:
    page = open_page()
    page.get_by_test_id("code").fill("000000")
    page.get_by_test_id("open").click()
    expect(page.get_by_test_id("notice")).to_contain_text("번호가 맞지 않거나")
    page.get_by_test_id("code").fill(CODE)
    page.get_by_test_id("code").press("Enter")
    rows = page.get_by_test_id("row")
    expect(rows).to_have_count(2)
    expect(page.get_by_test_id("view")).to_contain_text("대형 폐기물: 접수됐어요")
    expect(page.get_by_test_id("view")).to_contain_text("취소한 날 2026년 11월 24일")
    expect(page.get_by_test_id("until")).to_contain_text("2027년 11월 23일까지")
    assert page.evaluate("document.activeElement.id") == "view-title"
    for secret in SECRETS:
        assert secret not in page.content()
    page.reload()
    expect(rows).to_have_count(2)
    office.store.run(lambda tx: guardians.end(tx, "g_1", NOW))
    page.get_by_test_id("again").click()
    expect(page.get_by_test_id("ended")).to_contain_text("함께 보기가 끝났어요")
    expect(rows.first).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("ended")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("mode", MODES)
def test_it_reads_well_in_every_mode_and_at_twice_the_size(open_page, mode: str) -> None:
    page = open_page(**MODES[mode])
    expect(page.get_by_test_id("code-form")).to_be_visible()
    for state in ("form", "rows", "large"):
        if state == "rows":
            page.get_by_test_id("code").fill(CODE)
            page.get_by_test_id("open").click()
            expect(page.get_by_test_id("row")).to_have_count(2)
        if state == "large":
            for _ in range(3):
                page.get_by_test_id("larger").click()
        found = Axe().run(page)
        assert found.generate_snapshot() == "", (mode, state)
        measured = page.evaluate(AUDIT.replace("TARGET", "44"))
        assert measured.pop("smallest") >= 19
        assert measured.pop("wide") <= 0
        assert {name: faults for name, faults in measured.items() if faults} == {}, (mode, state)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_its_link_stands_below_everything_else_of_the_citizens_page(open_page, width: int) -> None:
    page = open_page(width)
    page.goto(page.url.removesuffix("guardian"))
    expect(page.get_by_test_id("guardian-link")).to_be_visible()
    end, begin = page.evaluate(
        """() => [
            document.querySelector(".tools").getBoundingClientRect().bottom,
            document.querySelector(".together").getBoundingClientRect().top,
        ]"""
    )
    assert end <= begin
