"""How the installation stands: for who keeps it in full, for anybody in one sentence, and as it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.chromium import chromium
from tests.web.console_window import MODES, Window, faults, windows
from tests.web.staff_browser import StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.store.machine_switch import SwitchRow
from donghaeng.store.standing import Standing
from donghaeng.trust.leaks import Extent, Leak
from donghaeng.trust.permissions import PERMISSIONS, Permission, Role
from donghaeng.web.app import create_app
from donghaeng.web.console.status import changes
from donghaeng.web.console.status_words import Row, rows_of
from donghaeng.web.status_page import IN_PART, NOTHING_KEPT, SILENT, USABLE, sentences
from donghaeng.web.system import BACKUP_IS_OLD, LITTLE_FREE_BYTES, Engine, ProviderSeen, System

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STANDING = Standing(pending=0, oldest=None, waiting=0, ready=2, switched=None, backup_at=NOW - HOUR, leaks=())
SOUND = System(
    at=NOW,
    began_at=NOW - 5 * HOUR,
    version="0.1.0",
    database="SQLite",
    standing=STANDING,
    off=False,
    engines=(Engine("recogniser", "whisper"), Engine("synthesiser", "kokoro")),
    providers=(ProviderSeen("bus", answered_at=NOW - HOUR),),
    places=8,
    taken=1,
    waiting=0,
    free_bytes=50_000_000_000,
    traces=False,
    affected=(),
)
LEAK = Leak("leak_abcdef", Extent(NOW - 70 * HOUR, persons=12), ())
SICK = replace(
    SOUND,
    off=True,
    providers=(
        ProviderSeen("gateway", NOW - HOUR, NOW, "ProviderTimeout"),
        ProviderSeen("bus", left_alone=("bus stationinfo/getStationByUid",)),
    ),
    waiting=2,
    free_bytes=LITTLE_FREE_BYTES - 1,
    affected=("버스 도착 안내",),
    standing=replace(
        STANDING,
        pending=3,
        oldest=NOW - HOUR,
        waiting=4,
        ready=0,
        switched=SwitchRow(True, NOW - HOUR, "lee", "틀린 <안내>"),
        backup_at=NOW - BACKUP_IS_OLD - HOUR,
        leaks=(LEAK,),
    ),
)


class Looked:
    """Gives what the test has set."""

    def __init__(self, system: System) -> None:
        self.system = system

    async def look(self) -> System:
        return self.system


def by_key(system: System) -> dict[str, Row]:
    return {row.key: row for row in rows_of(system)}


def test_where_all_is_well_nothing_is_to_be_done() -> None:
    rows = by_key(SOUND)
    assert {row.state for row in rows.values()} == {"ok", "off"}
    assert {row.runbook for row in rows.values()} == {None}
    assert {"machine", "database", "writes", "queue", "live", "provider-bus", "backup", "disk"} < set(rows)
    assert rows["engine-recogniser"].words == "whisper"


def test_whatever_is_wrong_is_told_with_what_to_do() -> None:
    rows = by_key(SICK)
    told = {key: (row.state, row.runbook) for key, row in rows.items() if row.state not in ("ok", "off")}
    assert told == {
        "machine": ("down", "turn-it-off.md"),
        "incident-leak_abcdef": ("down", "leak.md"),
        "writes": ("watch", "provider-down.md"),
        "queue": ("watch", None),
        "live": ("watch", "voice-slow.md"),
        "provider-gateway": ("watch", "provider-down.md"),
        "provider-bus": ("down", "provider-down.md"),
        "backup": ("watch", "restore.md"),
        "disk": ("watch", "disk-full.md"),
    }
    assert "lee: 틀린 <안내>" in rows["machine"].words
    clock = rows["incident-leak_abcdef"].words
    assert clock == "11월 23일 16:00까지, 2시간 남았어요. 남은 일: 당사자에게 알리기"
    assert rows["writes"].words.startswith("3건이 기다려요")


def test_a_database_that_is_gone_does_not_take_the_page_along() -> None:
    rows = by_key(replace(SOUND, standing=None, free_bytes=None))
    assert (rows["database"].state, rows["database"].runbook) == ("down", "database-gone.md")
    assert rows["disk"].state == "down"
    assert rows["writes"].words == "지금은 알 수 없어요."


@pytest.mark.parametrize(
    ("system", "told"),
    [
        (SOUND, (USABLE, "")),
        (SICK, (SILENT, "")),
        (replace(SOUND, standing=None), (NOTHING_KEPT, "")),
        (replace(SOUND, affected=("버스", "날씨")), (IN_PART, "지금 어려운 안내: 버스, 날씨")),
        (
            replace(SOUND, affected=tuple("가나다라마바사")),
            (IN_PART, "지금 어려운 안내: 가, 나, 다, 라, 마 외 2가지"),
        ),
    ],
)
def test_anybody_is_told_in_one_sentence(system: System, told: tuple[str, str]) -> None:
    assert sentences(system) == told


@pytest.fixture
def looked() -> Looked:
    return Looked(SOUND)


@pytest.fixture
def full(web_kit, tmp_path: Path, looked: Looked) -> Iterator:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as services:
        yield replace(services, system=looked)


def test_the_public_page_tells_nothing_of_the_inside(full, looked: Looked) -> None:
    client = TestClient(create_app(full))
    looked.system = SICK
    answer = client.get("/status")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert SILENT in answer.text
    assert 'href="tel:120"' in answer.text
    for inside in ("0.1.0", "SQLite", "whisper", "gateway", "lee", "leak", "GB"):
        assert inside not in answer.text


def test_only_who_may_sees_it_in_full(full, web_kit) -> None:
    for role in Role:
        client = StaffBrowser.of(create_app(full), role.value, web_kit.password).client
        allowed = Permission.STATUS in PERMISSIONS[role]
        page = client.get("/console/status", headers={"accept": "text/html"})
        assert (page.status_code == 200) is allowed, role
        assert ("whisper" in page.text) is allowed
        assert ("/console/status" in client.get("/console/").text) is allowed
        events = client.get("/console/status/events") if not allowed else page
        assert (events.status_code == 200) is allowed


async def test_news_come_when_there_are_some_and_end_with_the_login(looked: Looked) -> None:
    logged_in, slept = [True], 0

    async def still() -> bool:
        return logged_in[0]

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += 1
        if slept == 7:
            looked.system = SICK
        if slept == 8:
            logged_in[0] = False

    told = [event.decode() async for event in changes(looked, still, sleep)]
    assert [one.split("\n")[0] for one in told] == [
        "event: status",
        ": still here",
        "event: status",
        "event: status",
        "event: over",
    ]
    assert "틀린 &lt;안내&gt;" in told[2]
    assert "다시 로그인하기" in told[3]


@pytest.fixture
def window(full, web_kit) -> Iterator[Callable[..., Window]]:
    with (
        web_kit.serving.served(create_app(full)) as address,
        chromium() as browser,
        windows(browser, address, web_kit.password) as opened,
    ):
        yield opened


@pytest.mark.browser
def test_the_pages_are_accessible_in_every_mode_and_change_by_themselves(window, looked: Looked) -> None:
    for mode in MODES.values():
        looked.system = SOUND
        here = window(**mode)
        here.log_in("admin", "/console/status")
        assert here.at("machine").inner_text().count("켜져 있어요") == 1
        assert faults(here.page) == []
        looked.system = SICK
        here.page.wait_for_selector("[data-testid=machine] >> text=꺼져 있어요")
        assert faults(here.page) == []
        here.go("/status")
        assert SILENT in here.at("words").inner_text()
        assert faults(here.page) == []
        here.go("/privacy")
        assert faults(here.page) == []
