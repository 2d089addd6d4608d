"""The parts of the service owners' page: the form, and what stands beside it."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request

from donghaeng.people.accounts import Staff
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.review.service_view import DraftView
from donghaeng.tower.process.rules import Kind
from donghaeng.trust.permissions import Permission
from donghaeng.web.console import service_words
from donghaeng.web.console.rendering import render
from donghaeng.web.console.service_forms import Form, form_of
from donghaeng.web.console.service_shapes import service_shape
from donghaeng.web.console.session import accounts_of
from donghaeng.web.services import services_of

POLL_SECONDS: Final = 2


def edit_part(
    view: DraftView,
    *,
    form: Form | None = None,
    as_text: bool = False,
    state: str = "",
    words: str = "",
    **told: Any,
) -> str:
    """The form of a draft, or its text where the form could not say all of it."""
    shown = None if as_text else form or form_of(view.checked.document)
    return render(
        "service_edit.html",
        view=view,
        shape=service_shape(),
        raw=None if shown is None else shown.raw,
        focus="" if shown is None else shown.focus,
        mode="text" if shown is None else "form",
        definition=view.definition,
        tests=view.tests,
        locked=view.waits,
        saved=bool(words),
        words=words,
        state=state,
        fault=told.get("fault", "") or ("" if as_text or shown is not None else service_words.NO_FORM),
        conflict=told.get("conflict"),
    )


async def state_part(
    request: Request, staff: Staff, desk: ServiceDesk, view: DraftView, *, oob: bool = False
) -> str:
    """What was tried of a draft, and how it is published.

    Args:
        request: asks for it.
        staff: for whom it is.
        desk: the owners' desk.
        view: the draft.
        oob: whether it comes along with another part and finds its own place.
    """
    names = {one.id: one.name for one in desk.catalogue.values()}
    writers = view.proposal.row.change.get("authors", ()) if view.waits and view.proposal else ()
    author = view.proposal.row.author if view.waits and view.proposal else None
    return render(
        "service_state.html",
        view=view,
        names=await names_of(request),
        stage=(await stages_of(request)).get(view.id),
        services={**names, view.id: view.name},
        versions=await desk.history(view.id),
        published=await desk.published(view.id),
        may_publish=staff.may(Permission.PUBLISH),
        is_author=author == staff.id,
        is_writer=staff.id in writers or author == staff.id,
        poll=POLL_SECONDS,
        oob=oob,
        told="",
    )


async def names_of(request: Request) -> dict[str, str]:
    """What members of staff are called, by account."""
    return {row.id: row.shown_name for row in await accounts_of(request).everyone()}


async def stages_of(request: Request, *, code: bool = False) -> dict[str, str]:
    """Where each service stands in the process."""
    process = services_of(request).process
    if process is None:
        return {}
    states = {one.subject: one.stage for one in await process.board()}
    return {
        subject.id: stage if code else process.rules.stages[stage].name
        for subject, stage in states.items()
        if subject.kind is Kind.SERVICE
    }
