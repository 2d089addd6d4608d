"""The second factor: nobody gets in by a password alone, a code opens once, and a lost telephone is borne."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from tests.security.conftest import HTML, Browser, Desk
from tests.web.conftest import PASSWORD

from donghaeng.app.sign_on import open_accounts
from donghaeng.errors import SettingsError
from donghaeng.people.accounts import FIRST_LASTS
from donghaeng.people.second_factor import ASKED_LASTS, MOST_FAILURES, OFFER_LASTS
from donghaeng.settings import load_settings
from donghaeng.trust.permissions import SECOND_FACTOR, Role
from donghaeng.web.limits import LIMITS

FACTOR = "/console/account/factor"
NEW = "아침에는 까치가 두 마리"


class Phone:
    """An authenticator that took the secret over."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self._desk = desk
        self._totp = pyotp.TOTP(secret)

    def code(self, later: timedelta = timedelta()) -> str:
        return self._totp.at(self._desk.clock() + later)


def to_a_new_half_minute(desk: Desk) -> None:
    """Codes of the half-minutes before this one open nothing from here, and this one has just begun."""
    ahead = 30 - (desk.clock().timestamp() % 30) + 1
    desk.clock.ahead += timedelta(seconds=ahead)


@pytest.fixture
def strict(make_desk: Any) -> Desk:
    """Every role needs a second factor."""
    desk: Desk = make_desk(second_factor=frozenset(Role))
    to_a_new_half_minute(desk)
    return desk


def begun(desk: Desk, name: str = "counsellor") -> Browser:
    """A browser whose password was right."""
    browser = desk.browser()
    assert browser.log_in(name, PASSWORD).status_code in {200, 303}
    return browser


def enrolled(desk: Desk, name: str = "counsellor") -> tuple[Browser, Phone, list[str]]:
    """A browser that is in, with the authenticator and the recovery codes."""
    browser = begun(desk, name)
    offer = browser.post(f"{FACTOR}/offer", password=PASSWORD)
    assert offer.status_code == 200, offer.text
    secret = re.search(r'data-testid="secret">([A-Z2-7]{32})<', offer.text)
    assert secret is not None
    phone = Phone(desk, secret[1])
    done = browser.post(f"{FACTOR}/confirm", code=phone.code())
    codes = re.findall(r"<code>([a-z-]{35})</code>", done.text)
    assert len(set(codes)) == 8
    return browser, phone, codes


def give(browser: Browser, code: str) -> Any:
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.client.get("/console/login").text)
    assert csrf is not None
    fields = {"code": code, "csrf": csrf[1], "next": "/console/desk"}
    return browser.client.post("/console/login/code", data=fields)


def inside(browser: Browser) -> bool:
    return browser.get("/console/").status_code == 200


def test_without_a_factor_nothing_is_done_before_one_is_taken_over(strict: Desk) -> None:
    browser = begun(strict)
    for path in ("/console/", "/console/desk"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, FACTOR)
    changed = browser.post("/console/desk/beat", ready="1")
    assert (changed.status_code, changed.headers["hx-redirect"]) == (403, FACTOR)
    transcript = browser.client.get("/v1/conversations/c_known?purpose=quality")
    assert transcript.status_code == 401, "no other way past the console either"
    page = browser.get(FACTOR)
    assert page.status_code == 200
    assert "다른 일을 하기 전에 인증 앱을 등록해 주세요" in page.text
    assert "/console/desk" not in page.text


def test_after_enrolment_the_code_is_asked_at_each_login(strict: Desk) -> None:
    first, phone, _ = enrolled(strict)
    assert inside(first)
    other = begun(strict)
    assert not any("donghaeng_staff" in cookie.name for cookie in other.client.cookies.jar)
    assert not inside(other), "the password alone"
    to_a_new_half_minute(strict)
    answer = give(other, phone.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/desk")
    assert inside(other)


def test_a_code_opens_once_and_in_its_own_half_minute(strict: Desk) -> None:
    _, phone, _ = enrolled(strict)
    used = phone.code()
    assert give(begun(strict), used).status_code == 401, "it has confirmed the enrolment"
    to_a_new_half_minute(strict)
    before, after = phone.code(-timedelta(seconds=30)), phone.code(timedelta(seconds=30))
    for wrong in (before, after, "", "12345", "1234567", "abcdef", "0" * 5_000):
        assert give(begun(strict), wrong).status_code == 401, wrong
    code = phone.code()
    one, two = begun(strict), begun(strict)
    assert give(one, f"{code[:3]} {code[3:]}").status_code == 303
    assert give(two, code).status_code == 401, "and not again"


def test_of_two_who_send_one_code_at_the_same_moment_one_gets_in(strict: Desk) -> None:
    _, phone, _ = enrolled(strict)
    to_a_new_half_minute(strict)
    (row,) = [one for one in asyncio.run(strict.accounts.everyone()) if one.name == "counsellor"]
    code = phone.code()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: asyncio.run(strict.accounts.factors.check(row.id, code)), range(4)))
    assert sorted(found) == ["code", "wrong", "wrong", "wrong"]


def test_a_recovery_code_opens_once_and_new_ones_end_the_old(strict: Desk) -> None:
    browser, phone, codes = enrolled(strict)
    lost = begun(strict)
    assert give(lost, codes[0].upper().replace("-", " ")).status_code == 303
    assert give(begun(strict), codes[0]).status_code == 401
    assert "7개 남았어요" in lost.get(FACTOR).text
    to_a_new_half_minute(strict)
    assert browser.post(f"{FACTOR}/codes", password=PASSWORD, code="000000").status_code == 422
    assert browser.post(f"{FACTOR}/codes", password="wrong words", code=codes[1]).status_code == 422
    renewed = browser.post(f"{FACTOR}/codes", password=PASSWORD, code=phone.code())
    fresh = re.findall(r"<code>([a-z-]{35})</code>", renewed.text)
    assert len(fresh) == 8
    assert give(begun(strict), codes[1]).status_code == 401
    assert give(begun(strict), fresh[0]).status_code == 303


def test_guessing_codes_ends_after_a_few_and_a_recovery_code_still_opens(strict: Desk) -> None:
    _, phone, codes = enrolled(strict)
    browser = begun(strict)
    to_a_new_half_minute(strict)
    wrong = f"{(int(phone.code()) + 1) % 10**6:06}"
    for _ in range(MOST_FAILURES):
        assert give(browser, wrong).status_code == 401
    to_a_new_half_minute(strict)
    right = give(begun(strict), phone.code())
    assert right.status_code == 401, "also where it is right"
    assert "복구 번호" in right.text
    assert give(begun(strict), codes[0]).status_code == 303
    to_a_new_half_minute(strict)
    assert give(begun(strict), phone.code()).status_code == 303, "and codes open again"


def test_codes_are_limited_by_the_account_wherever_they_come_from(make_desk: Any) -> None:
    desk = make_desk(second_factor=frozenset(Role), rate_limit="on", limits=lambda: 0.0)
    to_a_new_half_minute(desk)
    enrolled(desk)  # its confirmation is one of them
    browser = begun(desk)
    answers = [give(browser, "000000") for _ in range(int(LIMITS["factor"].burst))]
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "30"


def test_the_code_belongs_to_the_browser_and_the_password(strict: Desk) -> None:
    _, phone, _ = enrolled(strict)
    to_a_new_half_minute(strict)
    stranger = strict.browser()
    assert give(stranger, phone.code()).status_code == 401, "no password was typed there"
    for forged in ("x", "b" * 400, "AAAA"):
        stranger.client.cookies.set("__Host-donghaeng_factor", forged, domain="desk.example")
        assert give(stranger, phone.code()).status_code == 401
    slow = begun(strict)
    strict.clock.ahead += ASKED_LASTS
    late = give(slow, phone.code())
    assert (late.status_code, inside(slow)) == (401, False)
    assert "시간이 지났어요" in late.text
    changed = begun(strict)
    asyncio.run(strict.accounts.set_password("counsellor", NEW))
    assert give(changed, phone.code()).status_code == 401
    forged = strict.browser()
    form = {"code": phone.code(), "csrf": "0" * 64}
    assert forged.client.post("/console/login/code", data=form).status_code == 403


def test_another_factor_takes_the_password_and_the_one_in_force(strict: Desk) -> None:
    browser, phone, _ = enrolled(strict)
    to_a_new_half_minute(strict)
    assert browser.post(f"{FACTOR}/offer", password=PASSWORD).status_code == 422
    assert browser.post(f"{FACTOR}/offer", password="wrong words", code=phone.code()).status_code == 422
    offer = browser.post(f"{FACTOR}/offer", password=PASSWORD, code=phone.code())
    secret = re.search(r'data-testid="secret">([A-Z2-7]{32})<', offer.text)
    assert secret is not None
    to_a_new_half_minute(strict)
    new = Phone(strict, secret[1])
    there = begun(strict)
    assert give(there, phone.code()).status_code == 303, "the old one holds until the new one is confirmed"
    strict.clock.ahead += OFFER_LASTS
    assert browser.post(f"{FACTOR}/confirm", code=new.code()).status_code == 422, "too late"
    offer = browser.post(f"{FACTOR}/offer", password=PASSWORD, code=phone.code())
    found = re.search(r'data-testid="secret">([A-Z2-7]{32})<', offer.text)
    assert found is not None
    new = Phone(strict, found[1])
    to_a_new_half_minute(strict)
    assert browser.post(f"{FACTOR}/confirm", code=new.code()).status_code == 200
    assert (inside(browser), inside(there)) == (True, False), "other logins end"
    to_a_new_half_minute(strict)
    assert give(begun(strict), phone.code()).status_code == 401
    assert give(begun(strict), new.code()).status_code == 303


def test_the_picture_holds_the_address_and_no_style(strict: Desk) -> None:
    browser = begun(strict)
    offer = browser.post(f"{FACTOR}/offer", password=PASSWORD).text
    picture = re.search(r"<svg.*?</svg>", offer, re.S)
    assert picture is not None
    assert "style=" not in picture[0], "the policy of the page forbids it"
    assert "<script" not in picture[0]
    assert len(picture[0]) > 1_000


def test_secrets_and_codes_stand_in_no_log_and_sealed_in_the_store(
    strict: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser, phone, codes = enrolled(strict)
    browser.post("/console/logout")
    to_a_new_half_minute(strict)
    give(begun(strict), phone.code())
    secret = phone._totp.secret
    strict.store.forget_deleted()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    captured = capsys.readouterr()
    letters = pyotp.TOTP(secret).byte_secret()
    plain = letters.hex().translate(str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst"))
    for hidden in (secret, plain, *codes):
        assert hidden.encode() not in kept
        assert hidden not in captured.out + captured.err
    assert letters not in kept


def test_an_operator_takes_a_lost_factor_away_and_every_login_ends(strict: Desk) -> None:
    browser, _, codes = enrolled(strict)
    assert asyncio.run(strict.accounts.factors.reset("counsellor"))
    assert not inside(browser)
    again = begun(strict)
    assert again.get("/console/").headers["location"] == FACTOR
    assert asyncio.run(strict.accounts.factors.check(_id(strict), codes[0])) == "wrong"
    assert not asyncio.run(strict.accounts.factors.reset("counsellor"))


def test_another_password_leaves_the_factor_in_force(strict: Desk) -> None:
    _, phone, _ = enrolled(strict)
    asyncio.run(strict.accounts.set_password("counsellor", NEW))
    browser = strict.browser()
    assert browser.log_in("counsellor", NEW).status_code == 200, "the page that asks for the code"
    to_a_new_half_minute(strict)
    assert give(browser, phone.code()).status_code == 303
    assert browser.get("/console/").headers["location"] == "/console/account", "and the password is changed"


def _id(desk: Desk) -> str:
    (row,) = [one for one in asyncio.run(desk.accounts.everyone()) if one.name == "counsellor"]
    return str(row.id)


def test_who_comes_by_the_organisations_server_is_asked_for_no_code_here(make_desk: Any, server: Any) -> None:
    desk = make_desk(server, second_factor=frozenset(Role))
    browser = desk.browser()
    assert browser.sign_on("kim").status_code == 303
    assert inside(browser)
    assert browser.post(f"{FACTOR}/offer").status_code == 422


def test_which_roles_need_one_is_one_table_that_a_setting_replaces(tmp_path: Path) -> None:
    def roles(named: Any, city: str = "live") -> frozenset[Role]:
        settings = load_settings(data=tmp_path, second_factor=named, city=city)
        return open_accounts(settings, None, clock=lambda: datetime.now(UTC))._second_factor  # type: ignore[arg-type]

    assert roles(None) == SECOND_FACTOR == frozenset(Role), "nobody is left out unless somebody says so"
    assert roles(None, "sandbox") == frozenset(), "the sandbox is for trying out"
    assert roles(("admin", "reviewer")) == {Role.ADMIN, Role.REVIEWER}
    assert roles(()) == frozenset()
    with pytest.raises(SettingsError, match="SECOND_FACTOR"):
        roles(("king",))


def test_a_role_that_needs_none_may_have_one(make_desk: Any) -> None:
    desk = make_desk()
    to_a_new_half_minute(desk)
    _, phone, _ = enrolled(desk)
    other = begun(desk)
    assert not inside(other)
    to_a_new_half_minute(desk)
    assert give(other, phone.code()).status_code == 303


# First passwords


@pytest.fixture
def first(make_desk: Any) -> Desk:
    """An account whose password an operator has set."""
    desk: Desk = make_desk()
    asyncio.run(desk.accounts.add("newcomer", "새사람", Role.COUNSELLOR, PASSWORD, first=True))
    return desk


def test_a_first_password_is_changed_before_anything_else(first: Desk) -> None:
    browser = begun(first, "newcomer")
    answer = browser.get("/console/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/account")
    assert browser.post("/console/desk/beat", ready="1").status_code == 403
    assert browser.get(FACTOR).headers["location"] == "/console/account", "nor is a factor taken over first"
    assert browser.post(f"{FACTOR}/offer", password=PASSWORD).status_code == 403
    page = browser.get("/console/account").text
    assert "관리자가 정해 준" in page
    path = "/console/account/password"
    assert browser.post(path, old=PASSWORD, new=PASSWORD, again=PASSWORD).status_code == 422, "it stays none"
    assert not inside(browser)
    assert browser.post(path, old=PASSWORD, new=NEW, again=NEW).status_code == 200
    assert inside(browser)
    first.clock.ahead += FIRST_LASTS
    assert first.browser().log_in("newcomer", NEW).status_code == 303, "the one of their own stays"


def test_a_first_password_opens_for_three_days_and_says_so_to_who_knows_it(first: Desk) -> None:
    first.clock.ahead += FIRST_LASTS
    late = first.browser().log_in("newcomer", PASSWORD)
    assert late.status_code == 401
    assert "72시간" in late.text
    assert "72시간" not in first.browser().log_in("newcomer", "wrong words here").text
    asyncio.run(first.accounts.set_password("newcomer", NEW))
    browser = first.browser()
    assert browser.log_in("newcomer", NEW).status_code == 303
    assert browser.client.get("/console/", headers=HTML).headers["location"] == "/console/account"
