"""Pages and parts of pages of the console, from the templates here and of the office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from donghaeng.knowledge.due import DUE_DAYS, Due
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission, Role
from donghaeng.web.console import (
    desk_words,
    knowledge_words,
    learning_words,
    register_words,
    review_words,
    service_words,
    target_words,
    tower_words,
)
from donghaeng.web.console.desk_words import TALK, is_due
from donghaeng.web.console.session import csrf_of, session_token
from donghaeng.web.shell import CONTENT_SECURITY_POLICY

FOLDER: Final = Path(__file__).parent
TEMPLATES: Final = (FOLDER / "templates", FOLDER.parent / "office" / "templates")
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Cache-Control": "no-store",
}
"""Of every page: like the citizen page's, but its login is a form, and no cache keeps it."""
ROLE_NAMES: Final = {
    Role.COUNSELLOR: "상담사",
    Role.SUPERVISOR: "상담 관리자",
    Role.KNOWLEDGE_OWNER: "지식 담당자",
    Role.REVIEWER: "검토자",
    Role.OFFICIAL: "공무원",
    Role.SERVICE_OWNER: "서비스 담당자",
    Role.ADMIN: "관리자",
}

_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(
    Permission=Permission,
    Due=Due,
    due_days=DUE_DAYS,
    role_names=ROLE_NAMES,
    talk=TALK,
    is_due=is_due,
    item_kinds=review_words.KINDS,
)
_templates.filters.update({**desk_words.FILTERS, **knowledge_words.FILTERS, **review_words.FILTERS})
_templates.filters.update(tower_words.FILTERS)
_templates.filters.update(register_words.FILTERS)
_templates.filters.update(service_words.FILTERS)
_templates.filters.update(target_words.FILTERS)
_templates.filters.update(learning_words.FILTERS)
_templates.globals.update(learning_words.NAMES)


def add_filters(filters: Mapping[str, Callable[..., Any]]) -> None:
    """Let templates call what other pages than the console's need."""
    _templates.filters.update(filters)


def render(template: str, **values: Any) -> str:
    """A part of a page."""
    return _templates.get_template(template).render(**values)


def part(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A part of a page as an answer."""
    return HTMLResponse(render(template, **values), status_code=status, headers=HEADERS)


def page(
    connection: HTTPConnection, template: str, staff: Staff | None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A whole page.

    Args:
        connection: the request that it answers.
        template: its file.
        staff: who is logged in; None before the login.
        status: HTTP status.
        values: what the template shows.
    """
    token = session_token(connection)
    csrf = csrf_of(token) if staff is not None and token is not None else ""
    return part(template, status, staff=staff, csrf=csrf, **values)
