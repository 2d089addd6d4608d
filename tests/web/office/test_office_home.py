"""The first page of the officials' assistant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.staff_browser import StaffBrowser

from donghaeng.settings import load_settings
from donghaeng.trust.permissions import Permission, Role
from donghaeng.web.app import create_app
from donghaeng.web.office import sections
from donghaeng.web.office.sections import Section


@pytest.fixture
def app(web_kit, tmp_path: Path) -> Iterator:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.with_console(plain, tmp_path) as full:
        yield create_app(full)


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICIAL, True), (Role.COUNSELLOR, False)])
def test_the_first_page_lists_what_somebody_may_use(
    app, web_kit, monkeypatch: pytest.MonkeyPatch, role: Role, sees: bool
) -> None:
    made = (
        Section("/office/a", "문서 함", "문서를 찾아요.", Permission.OFFICE),
        Section("/office/b", "배움터", "배워요.", Permission.LEARNING),
    )
    monkeypatch.setattr(sections, "SECTIONS", made)
    browser = StaffBrowser.of(app, role.value, web_kit.password)
    shown = browser.get("/office/").text
    assert ("문서 함" in shown) is sees
    assert "배움터" in shown
    assert browser.get("/office").headers["location"] == "/office/"


def test_who_is_not_logged_in_comes_back_to_the_page_after_the_login(app, web_kit) -> None:
    browser = StaffBrowser(app, web_kit.password)
    assert browser.get("/office/").headers["location"] == "/console/login?next=/office/"
    assert browser.log_in("official", wanted="/office/").headers["location"] == "/office/"
