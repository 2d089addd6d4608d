"""`/console/tower/figures` and `/v1/tower/feeds/…`: pages, files, alerts, looks at conversations, feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.chromium import chromium
from tests.conftest import CHECKOUT
from tests.web.console_window import MODES, PICTURES, Window, faults, windows
from tests.web.staff_browser import StaffBrowser

from donghaeng.errors import UnknownConversation
from donghaeng.settings import load_settings
from donghaeng.store import Store, conversations, events, figures
from donghaeng.store.figures import CITY_TIME
from donghaeng.tower.figures import alerting, feeds, rolling
from donghaeng.tower.figures.definitions import load_definitions
from donghaeng.tower.figures.desk import FiguresDesk
from donghaeng.tower.figures.folding import Cell, hour_of
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULES = load_definitions(CHECKOUT / "catalogue")
PAGE = "/console/tower/figures"
HTML = {"accept": "text/html"}
NAMES = {"bus_arrival": "버스 도착", "=SUM(1)": "이상한 이름"}


def fill(store: Store) -> str:
    """A fortnight of conversations, an alert, and another system; the system's token."""
    for n in range(60):
        at = NOW - timedelta(days=n % 14, hours=n % 9)
        name = f"c_{n}" if n else "c_known"
        told = [("ConversationOpened", {"known_again": False}), ("FrameOpened", {"service": "bus_arrival"})]
        told += [("FrameClosed", {"outcome": "completed"})] if n % 3 else [("Missed", {})]
        row = conversations.Conversation(
            name, ("web", "phone")[n % 2], at, "v1", home_district=("마포구", "종로구")[n % 10 == 0]
        )
        kept = [events.Event(1, kind, at, public) for kind, public in told]
        store.run(lambda tx, row=row, kept=kept, name=name: (
            conversations.add(tx, row, f"token of {name}"), events.append(tx, name, 0, kept)))  # fmt: skip
    while store.run(rolling.roll).conversations:
        pass
    cells = {Cell(hour_of(NOW), "turns", "all", ""): 500.0, Cell(hour_of(NOW), "no_match", "all", ""): 200.0}
    store.run(lambda tx: figures.add(tx, cells))
    store.run(lambda tx: alerting.watch(tx, RULES, NOW))
    return store.run(
        lambda tx: feeds.register(tx, "parking", "주차 안내", NOW - timedelta(hours=2), every_seconds=600)
    )


@pytest.fixture(scope="module")
def site(web_kit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """The application's services with figures, and the token of another system."""
    folder = tmp_path_factory.mktemp("figures")
    settings = load_settings(data=folder, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with (
        web_kit.with_console(plain, folder) as services,
        Store.open(f"sqlite:///{folder}/d.db", Sealer([b"k" * 32]), synchronous="NORMAL") as store,
    ):
        token = fill(store)
        desk = FiguresDesk(store, RULES, lambda: NAMES, clock=lambda: NOW.astimezone(CITY_TIME))
        yield replace(services, tower_figures=desk, transcript_for_staff=transcript), token


async def transcript(conversation: str) -> dict[str, Any]:
    if conversation == "c_gone":
        raise UnknownConversation("no such conversation")
    return {"turns": [{"heard": "<버스> 언제 와요", "say": "곧 와요", "show": None}]}


def browser(services: Any, role: str, password: str) -> TestClient:
    client = StaffBrowser.of(create_app(services), role, password).client
    client.headers.update(HTML)
    return client


@pytest.fixture(scope="module")
def supervisor(site, web_kit) -> TestClient:
    return browser(site[0], "supervisor", web_kit.password)


def test_the_page_shows_cards_charts_sentences_and_tables(supervisor: TestClient) -> None:
    text = supervisor.get(PAGE).text
    assert text.count('role="img"') == 2
    assert "11월 23일" in text
    assert "60건" in text
    assert "style=" not in text.split("</head>")[1]
    assert "표로 보기" in text


def test_other_days_and_cuts_come_as_parts(supervisor: TestClient) -> None:
    text = supervisor.get(f"{PAGE}/parts?metric=completion&cut=service&first=2026-11-10&last=2026-11-23").text
    assert "버스 도착" in text
    assert "<html" not in text
    other = "other_first=2026-10-01&other_last=2026-10-02"
    chosen = supervisor.get(f"{PAGE}/parts?metric=conversations&{other}").text
    assert "견줄 기간과 견주어" in chosen
    assert f"sheet?first=2026-10-27&last=2026-11-23&{other}".replace("&", "&amp;") in chosen
    district = supervisor.get(f"{PAGE}/parts?metric=conversations&cut=district").text
    assert "마포구" in district


@pytest.mark.parametrize(
    "query",
    [
        "first=2026-11-23&last=2026-11-01",
        "first=yesterday",
        "last=0001-01-01",
        "first=1000-01-01",
        "metric=vibes",
        "other_first=2026-11-01",
        "other_first=2026-11-02&other_last=2026-11-01",
    ],
)
def test_impossible_choices_are_told(supervisor: TestClient, query: str) -> None:
    answer = supervisor.get(f"{PAGE}/parts?{query}")
    assert answer.status_code == 422
    assert "다시 골라 주세요" in answer.text
    assert supervisor.get(f"{PAGE}?{query}").status_code == 200


def test_numbers_and_reports_are_files(supervisor: TestClient) -> None:
    sheet = supervisor.get(f"{PAGE}/sheet?metric=conversations&cut=channel&chart=groups")
    assert sheet.headers["content-disposition"].startswith('attachment; filename="conversations-groups')
    assert "전화,30건" in sheet.content.decode("utf-8-sig")
    assert supervisor.get(f"{PAGE}/sheet?metric=latency_p95&chart=groups").status_code == 422
    pdf = supervisor.get(f"{PAGE}/report?month=2026-11&kind=pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-type"] == "application/pdf"
    both = supervisor.get(f"{PAGE}/report?month=2026-11&kind=zip")
    assert both.headers["content-disposition"] == 'attachment; filename="donghaeng-2026-11.zip"'
    assert both.content.startswith(b"PK")
    assert supervisor.get(f"{PAGE}/report?month=nie").status_code == 422


def test_an_alert_is_seen_by_somebody(site, supervisor: TestClient) -> None:
    text = supervisor.get(PAGE).text
    assert "동행: 못 알아듣는 말이 많아졌어요" in text
    assert 'data-testid="silent-parking"' in text
    number = re.search(r"alerts/(\d+)/seen", text)
    csrf = re.search(r'"X-CSRF-Token": "([0-9a-f]{64})"', text)
    assert number is not None
    assert csrf is not None
    count = supervisor.get(f"{PAGE}/alerts/count").text
    assert 'data-testid="alert-count">1<' in count
    assert "alerts/count" in supervisor.get("/console/").text, "the mark is on every page"
    answer = supervisor.post(f"{PAGE}/alerts/{number[1]}/seen", headers={"X-CSRF-Token": csrf[1]})
    assert answer.headers["hx-trigger"] == "seen"
    assert supervisor.get(f"{PAGE}/alerts/count").text.strip() == ""
    assert "supervisor 님이 확인했어요" in answer.text
    assert supervisor.post(f"{PAGE}/alerts/x/seen", headers={"X-CSRF-Token": csrf[1]}).status_code == 200


def test_a_look_at_a_conversation_is_recorded_and_only_for_who_may(
    site, web_kit, supervisor: TestClient
) -> None:
    rows = supervisor.get(f"{PAGE}/day?metric=no_match&day=2026-11-23").text
    assert f"{PAGE}/talk/c_known" in rows
    assert "&lt;버스&gt; 언제 와요" in supervisor.get(f"{PAGE}/talk/c_known").text
    assert supervisor.get(f"{PAGE}/talk/c_gone").status_code == 422
    assert supervisor.get(f"{PAGE}/day?metric=latency_p95&day=2026-11-23").status_code == 422
    admin = browser(site[0], "admin", web_kit.password)
    accesses = admin.get("/console/accesses").text
    assert accesses.count("c_known") == 1
    assert "c_gone" not in accesses
    assert "대화 찾기" in supervisor.get(PAGE).text
    assert "대화 찾기" not in admin.get(PAGE).text
    for path in ("day?metric=no_match&day=2026-11-23", "talk/c_known"):
        assert admin.get(f"{PAGE}/{path}").status_code == 403


def feed(site, token: str | None = None, system: str = "parking", path: str = "", **body: Any):
    headers = {"Authorization": f"Bearer {token or site[1]}"}
    return TestClient(create_app(site[0])).post(f"/v1/tower/feeds/{system}{path}", json=body, headers=headers)


def batch(name: str, *points: Any, sent_at: datetime = NOW) -> dict[str, Any]:
    return {"batch": name, "sent_at": sent_at.isoformat(), "points": list(points)}


def test_another_system_reports_and_is_told_of_each_wrong_row(site, supervisor: TestClient) -> None:
    point = {"metric": "conversations", "at": NOW.isoformat(), "value": 7}
    first = feed(site, **batch("b1", point, {"metric": "vibes"}, 3))
    assert first.status_code == 200
    told = first.json()
    assert (told["accepted"], [one["row"] for one in told["refused"]], told["replayed"]) == (1, [1, 2], False)
    again = feed(site, **batch("b1", point)).json()
    assert (again["accepted"], again["replayed"]) == (1, True)
    assert "7건" in supervisor.get(f"{PAGE}/parts?system=parking").text
    assert 'data-testid="silent-parking"' not in supervisor.get(PAGE).text


def test_who_may_not_report(site) -> None:
    assert feed(site, token="x" * 64, **batch("b")).status_code == 404
    assert feed(site, system="other", **batch("b")).status_code == 404
    late = feed(site, **batch("b2", sent_at=NOW - timedelta(hours=1)))
    assert late.status_code == 422
    assert "3600 seconds off" in late.json()["detail"]
    assert feed(site, batch="b", sent_at="2026-11-23T10:30:00", points=[]).status_code == 422
    assert TestClient(create_app(site[0])).post("/v1/tower/feeds/parking", json={}).status_code == 401


def test_opentelemetry_is_answered_in_its_own_words(site) -> None:
    at = str(int(NOW.timestamp() * 1e9))
    data = {
        "aggregationTemporality": 2,
        "isMonotonic": True,
        "dataPoints": [{"asInt": "3", "timeUnixNano": at}],
    }
    metrics = [{"name": "donghaeng.turns", "sum": data}, {"name": "x", "gauge": {}}]
    answer = feed(site, path="/v1/metrics", resourceMetrics=[{"scopeMetrics": [{"metrics": metrics}]}])
    assert answer.status_code == 200
    assert answer.json()["partialSuccess"]["rejectedDataPoints"] == "1"
    assert feed(site, path="/v1/metrics", resourceMetrics=3).status_code == 422


@pytest.fixture(scope="module")
def window(site, web_kit) -> Iterator[Callable[..., Window]]:
    with (
        web_kit.serving.served(create_app(site[0])) as address,
        chromium() as browser,
        windows(browser, address, web_kit.password) as opened,
    ):
        yield opened


@pytest.mark.browser
def test_the_page_is_accessible_in_every_mode_and_changes_without_a_reload(window) -> None:
    for mode in MODES.values():
        here = window(**mode)
        here.log_in("supervisor", PAGE)
        assert faults(here.page) == []
    here.page.evaluate("window.kept = true")
    here.page.locator("select[name=metric]").select_option("completion")
    here.page.locator("select[name=cut]").select_option("service")
    here.page.wait_for_selector("[data-testid=groups-sentence] >> text=버스 도착")
    here.page.get_by_role("button", name="대화 찾기").click()
    here.page.get_by_role("button", name="대화 보기").first.click()
    here.page.wait_for_selector("[data-testid=talk]")
    here.page.get_by_text("표로 보기").first.click()
    assert faults(here.page) == []
    assert here.page.evaluate("window.kept")


@pytest.mark.browser
@pytest.mark.skipif(PICTURES is None, reason="pictures for the guides are made on request")
def test_pictures_for_the_guide(window) -> None:
    here = window()
    here.log_in("supervisor", PAGE)
    here.page.screenshot(path=Path(PICTURES or "") / "tower-figures.png", full_page=True)
    here.page.get_by_role("button", name="대화 찾기").click()
    here.page.get_by_role("button", name="대화 보기").first.click()
    here.page.wait_for_selector("[data-testid=talk]")
    here.at("day").locator("xpath=..").screenshot(path=Path(PICTURES or "") / "tower-talk.png")
