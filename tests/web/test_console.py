"""The console: who gets in, who may do what, and that nobody's browser is used against them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.websockets import WebSocketDisconnect
from tests.web.staff_browser import StaffBrowser

from donghaeng.people.accounts import IDLE
from donghaeng.people.cases import LineKind
from donghaeng.settings import load_settings
from donghaeng.trust.permissions import PERMISSIONS, Permission, Role
from donghaeng.web import console, office
from donghaeng.web.app import create_app
from donghaeng.web.console.session import Requires, csrf_of, own_address

OPEN_TO_ALL = {
    "/console",
    "/office",
    "/console/login",
    "/console/login/code",
    "/console/oidc/start",
    "/console/oidc/callback",
}
ENDS_THE_SESSION = {"/console/logout", "/console/account/leave"}
ROUTERS = (*console.ROUTERS, *office.ROUTERS)
HTML = {"accept": "text/html"}
STREAMS = {"/console/desk/events", "/console/status/events", "/console/desk/{handover}/events"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(web_kit, tmp_path: Path, clock: Clock) -> Iterator:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path, clock) as full:
        yield full


@pytest.fixture
def app(services):
    return create_app(services)


@pytest.fixture
def open_browser(app, web_kit):
    def opened(name: str | None = None, **options) -> StaffBrowser:
        browser = StaffBrowser(app, web_kit.password, **options)
        if name is not None:
            assert browser.log_in(name).status_code == 303
        return browser

    return opened


# Logging in and out


def test_strangers_are_led_to_the_login_and_back(open_browser) -> None:
    browser = open_browser()
    assert browser.client.get("/console").headers["location"] == "/console/"
    assert browser.client.get("/console/desk", headers={"Accept": "*/*"}).status_code == 303
    assert browser.client.get("/console/desk", headers={"Accept": "application/json"}).status_code == 401
    led = browser.client.get("/console/desk", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/console/login?next=/console/desk")
    assert 'value="/console/desk"' in browser.client.get(led.headers["location"]).text
    back = browser.log_in("counsellor", wanted="/console/desk")
    assert (back.status_code, back.headers["location"]) == (303, "/console/desk")
    assert browser.client.get("/console/desk", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example",
        "/v1/x",
        "/console/login",
        "/console/\n",
        "/console/../v1/conversations",
        "/console/%2e%2e/listen",
        "/console/..//evil.example",
        "/console//evil.example",
        "/office/../console/login",
        "/office",
    ],
)
def test_the_login_leads_nowhere_else(open_browser, wanted: str) -> None:
    assert own_address(wanted) == "/console/"
    assert open_browser().log_in("counsellor", wanted=wanted).headers["location"] == "/console/"


def test_the_cookie_is_for_this_server_alone(open_browser) -> None:
    def kept(base: str) -> str:
        cookies = open_browser(base=base).log_in("counsellor").headers.get_list("set-cookie")
        (session,) = [cookie for cookie in cookies if "donghaeng_staff=" in cookie]
        return session

    plain, safe = kept("http://desk.example"), kept("https://desk.example")
    for cookie in (plain, safe):
        assert {"HttpOnly", "SameSite=lax", "Path=/"} < set(cookie.split("; "))
        assert "Max-Age" not in cookie
    assert "Secure" not in plain
    assert safe.startswith("__Host-donghaeng_staff=")
    assert "Secure" in safe


def test_a_login_begins_a_new_session_and_ends_the_old(open_browser) -> None:
    browser = open_browser("counsellor")
    old = browser.token
    browser.log_in("supervisor")
    assert browser.token != old
    browser.client.cookies.clear()
    browser.client.cookies.set("donghaeng_staff", old)
    assert browser.client.get("/console/", headers=HTML).status_code == 303


def test_wrong_names_and_wrong_passwords_look_alike(open_browser) -> None:
    answers = [open_browser().log_in(name, "wrong words here") for name in ("counsellor", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    texts = {re.sub(r"[0-9a-f]{64}", "", answer.text) for answer in answers}
    assert len(texts) == 1
    assert "이름이나 비밀번호가 맞지 않아요" in texts.pop()
    assert not any("donghaeng_staff" in answer.headers.get("set-cookie", "") for answer in answers)


def test_a_login_form_of_another_site_is_refused(open_browser) -> None:
    browser = open_browser()
    fields = {"name": "counsellor", "password": browser.password, "csrf": csrf_of("x")}
    assert browser.client.post("/console/login", data=fields).status_code == 403
    browser.client.get("/console/login")
    assert browser.client.post("/console/login", data=fields).status_code == 403
    json = browser.client.post("/console/login", json=fields)
    assert json.status_code == 415


def test_tries_are_limited_by_account_and_by_address(services, web_kit) -> None:
    limited = replace(services, settings=load_settings(data=Path("/nonexistent"), rate_limit="on"))
    now = [0.0]
    app = create_app(limited, clock=lambda: now[0])
    browser = StaffBrowser(app, web_kit.password)
    for name in ("counsellor", "nobody"):
        assert {browser.log_in(name, "wrong words here").status_code for _ in range(6)} == {401}
    refused = browser.log_in("counsellor")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "1분 뒤에" in refused.text
    for number in range(30 - 13):
        assert browser.log_in(f"nobody{number}", "wrong words here").status_code == 401
    last = browser.log_in("supervisor")
    assert (last.status_code, last.headers["retry-after"]) == (429, "10"), "the address has used up its tries"
    now[0] += 60
    assert browser.log_in("counsellor").status_code == 303


def test_logging_out_ends_the_session_everywhere(open_browser) -> None:
    browser = open_browser("counsellor")
    token = browser.token
    left = browser.post("/console/logout")
    assert (left.status_code, left.headers["hx-redirect"]) == (204, "/console/login")
    browser.client.cookies.set("donghaeng_staff", token)
    assert browser.client.get("/console/", headers=HTML).status_code == 303


def test_a_session_ends_by_itself_and_a_waiting_page_does_not_keep_it(open_browser, clock: Clock) -> None:
    browser = open_browser("counsellor")
    for _ in range(3):
        clock.now += IDLE / 4
        assert browser.post("/console/desk/beat", ready="1").status_code == 200
    clock.now += IDLE / 4
    over = browser.post("/console/desk/beat", ready="1")
    assert over.status_code == 401
    assert over.headers["hx-redirect"].startswith("/console/login")


def test_an_account_that_is_ended_is_out_at_once(open_browser, services) -> None:
    browser = open_browser("counsellor")
    asyncio.run(services.staff.disable("counsellor"))
    assert browser.client.get("/console/", headers=HTML).status_code == 303


def test_without_accounts_the_login_says_how_to_make_one(services, open_browser) -> None:
    async def end_all() -> None:
        for row in await services.staff.everyone():
            await services.staff.disable(row.name)

    assert "donghaeng staff add" not in open_browser().client.get("/console/login").text
    asyncio.run(end_all())
    assert "donghaeng staff add" in open_browser().client.get("/console/login").text


# Who may do what


def routes() -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def needed(path: str, method: str) -> Permission | None:
    for router in ROUTERS:
        for route in router.routes:
            if getattr(route, "path", "") == path and method in (getattr(route, "methods", None) or {method}):
                for each in route.dependant.dependencies:
                    if isinstance(each.call, Requires):
                        return each.call.permission
    return None


def filled(path: str, name: str) -> str:
    numbers = {"version", "number"}
    return re.sub(r"\{(\w+)\}", lambda match: "1" if match[1] in numbers else name, path)


def test_every_route_names_a_permission_or_is_open_on_purpose() -> None:
    everything = [*routes(), ("GET", "/console/desk/voice/{handover}")]
    open_ones = {path for method, path in everything if needed(path, method) is None}
    assert open_ones == OPEN_TO_ALL
    assert len(everything) == 229


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_table_lets_it_and_nothing_else(open_browser, role: Role) -> None:
    browser = open_browser(role.value)
    refused = set()
    for method, path in routes():
        if path in OPEN_TO_ALL | ENDS_THE_SESSION:
            continue
        address = filled(path, "none")
        allowed = needed(path, method) in PERMISSIONS[role]
        if allowed and path in STREAMS:
            continue  # would never end; tests of their own read them
        answer = browser.post(address) if method == "POST" else browser.client.get(address, headers=HTML)
        if answer.status_code == 403:
            refused.add((method, path))
            assert "권한이 없어요" in answer.text
        assert ((method, path) not in refused) == allowed, (method, path)


def test_no_change_is_taken_without_the_pages_own_token(open_browser, services) -> None:
    services.desk.add("h_1")
    other = open_browser("counsellor")
    names = ("supervisor", "knowledge_owner", "reviewer", "official")
    browsers = {name: open_browser(name) for name in names}
    asked = set()
    for name, browser in browsers.items():
        for headers in (
            {},
            {"X-CSRF-Token": ""},
            {"X-CSRF-Token": "x"},
            other.headers,
            {"X-CSRF-Token": browser.token},
        ):
            for method, path in routes():
                if method == "POST" and needed(path, method) in PERMISSIONS[Role(name)]:
                    address = filled(path, "h_1")
                    answer = browser.client.post(address, data={"text": "x"}, headers=headers)
                    assert answer.status_code == 403, path
                    assert "이 화면에서 온 요청이 아니어서" in answer.text
                    asked.add(path)
    assert asked == {path for method, path in routes() if method == "POST"} - OPEN_TO_ALL
    browser = browsers["supervisor"]
    assert services.desk.rows["h_1"].state == "queued"
    assert browser.post("/console/desk/h_1/claim").status_code == 200


def test_pages_are_kept_by_no_cache_and_run_no_foreign_code(open_browser) -> None:
    browser = open_browser("counsellor")
    for path in ("/console/", "/console/desk", "/console/login"):
        headers = browser.client.get(path, headers=HTML).headers
        policy = headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
        assert headers["x-frame-options"] == "DENY"


def test_log_lines_name_neither_tokens_nor_names(open_browser, capsys) -> None:
    browser = open_browser("counsellor")
    browser.client.get("/console/", headers=HTML)
    captured = capsys.readouterr()
    assert "/console/login" in captured.out + captured.err
    for secret in (browser.token, csrf_of(browser.token), browser.password):
        assert secret not in captured.out + captured.err


# Transcripts


def test_staff_of_the_right_role_read_a_transcript_and_the_look_is_recorded(open_browser, services) -> None:
    reviewer = open_browser("reviewer")
    path = "/v1/conversations/c_known"
    assert reviewer.client.get(path).status_code == 422, "no purpose"
    assert reviewer.client.get(f"{path}?purpose=curiosity").status_code == 422
    assert reviewer.client.get("/v1/conversations/c_other?purpose=quality").status_code == 404
    assert reviewer.client.get(f"{path}?purpose=quality").json()["conversation"] == "c_known"
    for role in (Role.COUNSELLOR, Role.ADMIN, Role.OFFICIAL, Role.KNOWLEDGE_OWNER):
        answer = open_browser(role.value).client.get(f"{path}?purpose=quality")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:donghaeng:problem:not-allowed")
    assert open_browser().client.get(f"{path}?purpose=quality").status_code == 401
    (look,) = asyncio.run(services.staff.accesses())
    assert (look.staff_name, look.conversation_id, look.action, look.purpose) == (
        "reviewer",
        "c_known",
        "read_transcript",
        "quality",
    )
    listed = open_browser("admin").client.get("/console/accesses", headers=HTML).text
    assert "c_known" in listed
    assert "품질 점검" in listed


def test_a_citizens_token_is_enough_and_is_no_look_of_staff(open_browser, services) -> None:
    browser = open_browser("counsellor")
    opened = browser.client.post("/v1/conversations", json={}).json()
    path = f"/v1/conversations/{opened['conversation']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    assert browser.client.get(path, headers=headers).status_code == 200
    assert asyncio.run(services.staff.accesses()) == []


# The desk


def test_a_conversation_goes_through_the_desk(open_browser, services) -> None:
    desk = services.desk
    desk.add("h_1", channel="phone")
    browser = open_browser("counsellor")
    page = browser.client.get("/console/desk", headers=HTML).text
    assert "대형 폐기물 &lt;b&gt;신청&lt;/b&gt;" in page
    assert "18:00까지" in page
    preview = browser.client.get("/console/desk/h_1", headers={"HX-Request": "true"}).text
    assert "이 상담 맡기" in preview
    assert "답 쓰기" not in preview
    opened = browser.post("/console/desk/h_1/claim").text
    assert "이 글은 전화로 읽어 드려요" in opened
    for shown in ("소파 버릴라고요", "품목", "아직 몰라요", "실패", "그거 있잖어", "출처: 보건복지부"):
        assert shown in opened
    key = re.search(r'name="key" value="([^"]+)"', opened)
    assert key is not None
    said = {"text": "제가 도와드릴게요.", "key": key[1], "channel": "phone"}
    again = browser.post("/console/desk/h_1/say", **said)
    assert key[1] not in again.text, "the next words have a key of their own"
    browser.post("/console/desk/h_1/say", **said)
    browser.post("/console/desk/h_1/say", text="65세부터예요.", suggestion="p1", verdict="edited", key="k2")
    assert browser.post("/console/desk/h_1/suggestions/p1/reject").text == ""
    browser.post("/console/desk/h_1/note", text="따님이 대신 전화함")
    closed = browser.post("/console/desk/h_1/close", outcome="solved", text="")
    assert "상담을 마쳤어요" in closed.text
    words = [(line.kind, line.text) for line in desk.history if line.text]
    assert words == [
        (LineKind.COUNSELLOR, "제가 도와드릴게요."),
        (LineKind.COUNSELLOR, "65세부터예요."),
        (LineKind.NOTE, "따님이 대신 전화함"),
    ]
    assert desk.judged == [("p1", "edited", "65세부터예요."), ("p1", "rejected", "")]
    looks = [(look.conversation_id, look.action) for look in asyncio.run(services.staff.accesses())]
    assert looks == [("c_h_1", "claim"), ("c_h_1", "open_case")]


def test_forwarding_and_handing_back(open_browser, services) -> None:
    browser = open_browser("counsellor")
    for name, to in (("h_1", "department:welfare"), ("h_2", "staff:st_9"), ("h_3", "")):
        services.desk.add(name)
        browser.post(f"/console/desk/{name}/claim")
        assert "넘겼어요" in browser.post(f"/console/desk/{name}/forward", to=to, text="부탁해요").text
    rows = services.desk.rows
    assert [(row.department, row.for_staff) for row in rows.values()] == [
        ("welfare", None),
        (None, "st_9"),
        (None, None),
    ]
    assert "아무" not in browser.post("/console/desk/next").text
    mine = asyncio.run(services.desk.mine(next(row.owner for row in rows.values() if row.owner)))
    assert len(mine) == 1
    assert "돌려주었어요" in browser.post(f"/console/desk/{mine[0].id}/hand-back").text
    assert rows[mine[0].id].state == "closed"


def test_what_cannot_be_done_is_said_in_korean_in_place(open_browser, services) -> None:
    first, second = open_browser("counsellor"), open_browser("supervisor")
    services.desk.add("h_1")
    first.post("/console/desk/h_1/claim")
    for answer, status, words in (
        (second.post("/console/desk/h_1/claim"), 409, "다른 상담사가 먼저 맡았어요"),
        (second.post("/console/desk/h_1/say", text="저예요"), 403, "다른 분이 맡고 있어요"),
        (second.post("/console/desk/h_9/claim"), 404, "그 상담을 찾을 수 없어요"),
        (first.post("/console/desk/h_1/say", text=""), 422, "맞지 않아요"),
        (first.post("/console/desk/h_1/close", outcome="none"), 422, "맞지 않아요"),
    ):
        assert answer.status_code == status
        assert words in answer.text
        assert answer.text.startswith("<p")
    assert "기다리는 분이 없어요" in second.post("/console/desk/next").text
    opened = first.client.get("/console/desk/h_9", headers=HTML)
    assert (opened.status_code, "그 상담을 찾을 수 없어요" in opened.text) == (404, True)
    assert first.client.get("/console/desk/h_9").json()["type"] == "urn:donghaeng:problem:unknown-handover"


def test_call_backs_that_are_due_are_marked(open_browser, services) -> None:
    now = services.desk.now
    for name, minutes in (("h_due", -1), ("h_later", 30)):
        at = now + timedelta(minutes=minutes)
        services.desk.add(name, state="callback", callback_at=at)
    page = open_browser("counsellor").client.get("/console/desk", headers=HTML).text
    due, later = (re.search(rf'id="row-{name}".*?</button>', page, re.S) for name in ("h_due", "h_later"))
    assert due is not None
    assert later is not None
    assert "11월 23일 09:59" in due[0]
    assert "지금 전화할 때" in due[0]
    assert "지금 전화할 때" not in later[0]


def test_logging_out_gives_conversations_back(open_browser, services) -> None:
    browser = open_browser("counsellor")
    browser.post("/console/logout")
    assert len(services.desk.left) == 1


# The counsellor's voice


def test_the_counsellors_voice_goes_both_ways(open_browser, services) -> None:
    services.desk.add("h_1", live_voice=True)
    browser = open_browser("counsellor")
    browser.post("/console/desk/h_1/claim")
    own = {"origin": "http://desk.example"}
    with browser.client.websocket_connect("ws://desk.example/console/desk/voice/h_1", headers=own) as socket:
        socket.send_json({"type": "start", "sample_rate": 16000})
        assert socket.receive_json() == {"type": "ready"}
        socket.send_bytes(b"\x01\x02" * 320)
        assert socket.receive_bytes() == b"\x01\x02" * 320
        socket.send_bytes(b"\x00\x00")
        with pytest.raises(WebSocketDisconnect) as over:
            socket.receive_bytes()
    assert (over.value.code, over.value.reason) == (1000, "hung_up")
    assert [look.action for look in asyncio.run(services.staff.accesses())][0] == "listen"


@pytest.mark.parametrize(
    ("name", "origin", "handover"),
    [
        (None, "http://desk.example", "h_1"),
        ("admin", "http://desk.example", "h_1"),
        ("counsellor", "http://evil.example", "h_1"),
        ("counsellor", None, "h_1"),
    ],
)
def test_nobody_else_gets_on_the_line(open_browser, services, name, origin, handover) -> None:
    services.desk.add("h_1", live_voice=True)
    browser = open_browser(name)
    headers = {"origin": origin} if origin else {}
    with (
        pytest.raises(WebSocketDisconnect),
        browser.client.websocket_connect(f"ws://desk.example/console/desk/voice/{handover}", headers=headers),
    ):
        pass


@pytest.mark.parametrize(
    ("live", "claimed", "start", "code"),
    [
        (True, False, {"type": "start", "sample_rate": 16000}, 4403),
        (False, True, {"type": "start", "sample_rate": 16000}, 4404),
        (True, True, {"type": "start", "sample_rate": 1}, 1008),
        (True, True, {"type": "hello"}, 1008),
    ],
)
def test_a_line_that_cannot_be_joined_says_why(open_browser, services, live, claimed, start, code) -> None:
    services.desk.add("h_1", live_voice=live)
    browser = open_browser("counsellor")
    if claimed:
        browser.post("/console/desk/h_1/claim")
    own = {"origin": "http://desk.example"}
    with browser.client.websocket_connect("ws://desk.example/console/desk/voice/h_1", headers=own) as socket:
        socket.send_json(start)
        with pytest.raises(WebSocketDisconnect) as over:
            socket.receive_json()
    assert over.value.code == code


def test_the_machine_is_switched_off_in_two_steps_and_on_in_one(open_browser, services) -> None:
    browser = open_browser("supervisor")
    page = browser.client.get("/console/switch").text
    assert "켜져 있어요" in page
    assert 'name="reason"' not in page
    asked = browser.post("/console/switch/ask")
    assert 'name="reason"' in asked.text
    assert "왜 끄는지" in browser.post("/console/switch/off", reason="  ").text
    assert browser.client.get("/healthz").json()["machine"] == "on"
    done = browser.post("/console/switch/off", reason="틀린 <안내>")
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/console/switch")
    assert browser.client.get("/healthz").json()["machine"] == "off"
    assert browser.client.get("/readyz").json()["machine"] == "off"
    page = browser.client.get("/console/switch").text
    assert "꺼져 있어요" in page
    assert "틀린 &lt;안내&gt;" in page
    assert "supervisor" in page
    assert 'data-testid="held"' not in page
    assert browser.post("/console/switch/on").status_code == 204
    assert browser.client.get("/healthz").json()["machine"] == "on"


def test_times_are_written_for_people() -> None:
    from donghaeng.web.console.desk_words import day_and_clock, span

    assert [span(s) for s in (None, 0, 59.9, 60, 3599, 3600, 7500)] == [
        "–",
        "0초",
        "59초",
        "1분",
        "59분",
        "1시간",
        "2시간 5분",
    ]
    assert day_and_clock(datetime(2026, 11, 23, 1, 5, tzinfo=UTC) + timedelta(hours=14)) == "11월 24일 00:05"
