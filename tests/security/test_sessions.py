"""Sessions of staff: how many, how long, under which token, and how they end; and that guessing is slow."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.security.conftest import HOST, Browser, Desk
from tests.web.conftest import PASSWORD

from donghaeng.people.accounts import IDLE, MOST_SESSIONS, PROVED_LATELY, WHOLE, Proof, StaffAccounts
from donghaeng.web.console.session import csrf_of
from donghaeng.web.limits import LIMITS

NEW = "아침에는 까치가 두 마리"


@pytest.fixture
def plain(make_desk: Any) -> Desk:
    """Without a login server."""
    return make_desk()


def let_in(desk: Desk, name: str = "counsellor", password: str = PASSWORD) -> Browser:
    browser = desk.browser()
    assert browser.log_in(name, password).status_code == 303
    return browser


def inside(browser: Browser) -> bool:
    return browser.get("/console/").status_code == 200


def test_an_account_has_a_few_sessions_and_the_one_unused_longest_ends(plain: Desk) -> None:
    browsers = []
    for _ in range(MOST_SESSIONS):
        browsers.append(let_in(plain))
        plain.clock.ahead += timedelta(minutes=2)
    assert inside(browsers[0]), "and has been used now"
    plain.clock.ahead += timedelta(minutes=2)
    browsers.append(let_in(plain))
    assert [inside(one) for one in browsers] == [True, False, *[True] * (MOST_SESSIONS - 1)]
    other = let_in(plain, "supervisor")
    assert inside(other)
    assert inside(browsers[0]), "another account's sessions are its own"


def test_one_sees_ones_sessions_and_ends_them_all(plain: Desk) -> None:
    first, second, other = let_in(plain), let_in(plain), let_in(plain, "admin")
    page = first.get("/console/account").text
    assert page.count("비밀번호</td>") == 2
    assert 'data-testid="logout"' in page
    for wrong in ("", "wrong words here"):
        assert first.post("/console/account/leave", password=wrong).status_code == 422
    assert inside(first)
    left = first.post("/console/account/leave", password=PASSWORD)
    assert (left.status_code, left.headers["hx-redirect"]) == (204, "/console/login")
    assert not inside(first)
    assert not inside(second)
    assert inside(other)


def listed(browser: Browser) -> dict[str, bool]:
    """The logins on one's page by what names them, and whether each is this one."""
    rows = re.findall(
        r'name="session" value="([0-9a-f]{24})"> ([^<]*)<', browser.get("/console/account").text
    )
    return {one: words == "지금 이곳" for one, words in rows}


def test_one_login_is_ended_alone_once_the_password_was_asked_again(plain: Desk) -> None:
    here, there, other = let_in(plain), let_in(plain), let_in(plain, "admin")
    (away,) = [one for one, this in listed(here).items() if not this]
    leave = "/console/account/leave"
    for wrong in ("", "wrong words here"):
        assert here.post(leave, session=away, password=wrong).status_code == 422
    assert inside(there)
    assert other.post(leave, session=away, password=PASSWORD).status_code == 422, "it is another's"
    assert inside(there)
    ended = here.post(leave, session=away, password=PASSWORD)
    assert (ended.status_code, ended.headers["hx-refresh"]) == (204, "true")
    assert (inside(here), inside(there), inside(other)) == (True, False, True)
    assert here.post(leave, session=away, password=PASSWORD).status_code == 422, "it is over already"
    (mine,) = listed(here)
    assert here.post(leave, session=mine, password=PASSWORD).headers["hx-redirect"] == "/console/login"
    assert not inside(here)


def test_who_came_by_the_server_ends_logins_only_right_after(make_desk: Any, server: Any) -> None:
    desk = make_desk(server)
    browser = desk.browser()
    assert browser.sign_on("kim").status_code == 303
    desk.clock.ahead += PROVED_LATELY
    late = browser.post("/console/account/leave", session="all")
    assert late.status_code == 422
    assert "다시 로그인" in late.text
    again = desk.browser()
    again.sign_on("kim")
    assert again.post("/console/account/leave", session="all").status_code == 204
    assert (inside(browser), inside(again)) == (False, False)


def test_an_operator_ends_sessions_of_one_and_of_everybody(plain: Desk) -> None:
    one, other = let_in(plain), let_in(plain, "admin")
    assert asyncio.run(plain.accounts.end_sessions("counsellor")) == 1
    assert (inside(one), inside(other)) == (False, True)
    assert asyncio.run(plain.accounts.end_sessions(None)) == 1
    assert not inside(other)


def test_a_session_ends_unused_and_after_a_shift_whatever_is_done(plain: Desk) -> None:
    idle = let_in(plain)
    plain.clock.ahead += IDLE + timedelta(seconds=1)
    assert not inside(idle)
    busy = let_in(plain)
    steps = int(WHOLE / (IDLE / 2))
    assert all(inside(busy) or step == steps for step in range(1, steps + 1) if _later(plain, IDLE / 2))
    assert not inside(busy)


def _later(desk: Desk, span: timedelta) -> bool:
    desk.clock.ahead += span
    return True


def test_a_token_from_before_the_login_is_never_taken_over(plain: Desk) -> None:
    """Session fixation: whatever a browser brings along, the login gives it another."""
    browser = plain.browser()
    for cookie in ("donghaeng_staff", "__Host-donghaeng_staff"):
        browser.client.cookies.set(cookie, "b" * 64, domain="desk.example")
    answer = browser.log_in("counsellor", PASSWORD)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if "donghaeng_staff=" in one]
    assert "b" * 64 not in cookie
    assert asyncio.run(plain.accounts.find("b" * 64)) is None


def test_a_new_password_wants_the_old_one_and_ends_other_sessions(plain: Desk) -> None:
    here, there = let_in(plain), let_in(plain)
    path = "/console/account/password"
    assert here.post(path, old="wrong words here", new=NEW, again=NEW).status_code == 422
    assert here.post(path, old=PASSWORD, new=NEW, again="other").status_code == 422
    for bad in ("short", "counsellor is my name", "aaaaaaaaaaaaa"):
        assert here.post(path, old=PASSWORD, new=bad, again=bad).status_code == 422
    assert inside(there)
    assert here.post(path, old=PASSWORD, new=NEW, again=NEW).status_code == 200
    assert (inside(here), inside(there)) == (True, False)
    assert plain.browser().log_in("counsellor", PASSWORD).status_code == 401
    let_in(plain, password=NEW)


@pytest.mark.parametrize("token", ["", "x", "b" * 64, "b" * 5_000, "' OR 1=1 --", "%00", "é" * 10])
def test_hostile_session_tokens_are_nobody(plain: Desk, token: str) -> None:
    headers = {"accept": "text/html", "cookie": f"__Host-donghaeng_staff={token}".encode()}
    answer = plain.browser().client.get("/console/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login?next=/console/")


def test_a_csrf_token_of_another_session_is_none(plain: Desk) -> None:
    mine, other = let_in(plain), let_in(plain)
    headers = {"X-CSRF-Token": csrf_of(other.token), "HX-Request": "true"}
    assert mine.client.post("/console/account/leave", headers=headers).status_code == 403
    assert inside(mine)


def test_passwords_are_typed_unseen_and_may_be_pasted(plain: Desk) -> None:
    pages = [plain.browser().get("/console/login").text, let_in(plain).get("/console/account").text]
    fields = [field for page in pages for field in re.findall(r"<input[^>]*password[^>]*>", page)]
    assert len(fields) == 5
    assert all('type="password"' in field and "autocomplete=" in field for field in fields)
    assert not any("onpaste" in page or "maxlength" in page for page in pages)


# Guessing


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def browser_at(desk: Desk, address: str) -> Browser:
    browser = desk.browser()
    browser.client = TestClient(desk.app, base_url=HOST, follow_redirects=False, client=(address, 1))
    return browser


def test_a_stranger_locks_nobody_out_and_guesses_slowly(make_desk: Any, monkeypatch: Any) -> None:
    checked = 0
    true_proof = StaffAccounts.prove

    async def counted(self: StaffAccounts, name: str, password: str) -> Proof:
        nonlocal checked
        checked += 1
        return await true_proof(self, name, password)

    monkeypatch.setattr(StaffAccounts, "prove", counted)
    time = Time()
    desk = make_desk(rate_limit="on", limits=time)
    usual = browser_at(desk, "198.51.100.7")
    assert usual.log_in("counsellor", PASSWORD).status_code == 303
    checked = 0
    strangers = [browser_at(desk, f"203.0.113.{number}") for number in range(1, 12)]
    for minute in range(3):
        time.now = minute * 60.0
        for stranger in strangers:
            for _ in range(4):
                stranger.log_in("counsellor", "wrong words here")
    limit = LIMITS["login_of_account"]
    assert checked <= limit.burst + 120 * limit.per_second, "whatever the number of addresses"
    refused = strangers[0].log_in("counsellor", "wrong words here")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 60
    assert usual.log_in("counsellor", PASSWORD).status_code == 303, "the owner gets in at the usual desk"
    new_desk = browser_at(desk, "198.51.100.8")
    time.now += 1 / limit.per_second
    assert new_desk.log_in("counsellor", PASSWORD).status_code == 303, "and elsewhere after a moment"


def test_wrong_passwords_on_the_account_page_count_as_logins_do(make_desk: Any) -> None:
    desk = make_desk(rate_limit="on", limits=Time())
    browser = let_in(desk)
    path = "/console/account/password"
    answers = [browser.post(path, old="wrong words here", new=NEW, again=NEW).status_code for _ in range(8)]
    assert answers[-1] == 429


def test_one_accounts_requests_are_limited_wherever_they_come_from(make_desk: Any) -> None:
    desk = make_desk(rate_limit="on", limits=Time())
    one, other = let_in(desk), let_in(desk, "admin")
    burst = int(LIMITS["staff"].burst)
    answers = [one.get("/console/account") for _ in range(burst + 1)]
    assert {answer.status_code for answer in answers[: burst - 2]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "1"
    assert "요청이 너무 많아요" in answers[-1].text
    assert inside(other)
