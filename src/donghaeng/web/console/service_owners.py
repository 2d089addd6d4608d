"""`/console/services`: what an owner writes of a service, and how it becomes what citizens hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import CatalogueError, DonghaengError, InputError
from donghaeng.people.accounts import Staff
from donghaeng.review.rules import ReviewRefused
from donghaeng.review.service_change import ID
from donghaeng.review.service_desk import ServiceDesk
from donghaeng.review.service_view import DraftChanged, DraftView
from donghaeng.store.service_drafts import RunKind
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console import service_words
from donghaeng.web.console.rendering import HEADERS, page, part
from donghaeng.web.console.service_forms import (
    LIMIT_BYTES,
    MOST_FIELDS,
    Form,
    changed,
    form_of,
    sent_form,
    text_of,
)
from donghaeng.web.console.service_parts import edit_part, names_of, stages_of, state_part
from donghaeng.web.console.service_trials import trial_part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.console.tower_forms import led_to, version_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

SERVICES: Final = "/console/services"
ONE: Final = f"{SERVICES}/{{service}}"
RETIRED: Final = "retired"

router = APIRouter(include_in_schema=False)


async def desk_of(connection: HTTPConnection) -> ServiceDesk:
    """The owners' desk.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(connection).service_desk
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no desk for services")
    return desk


Owner = Annotated[Staff, Depends(requires(Permission.SERVICES))]
Watcher = Annotated[Staff, Depends(requires(Permission.SERVICES, doing=False))]
Publisher = Annotated[Staff, Depends(requires(Permission.PUBLISH))]
Desk = Annotated[ServiceDesk, Depends(desk_of)]
ServiceId = Annotated[str, Path(pattern=ID)]


@router.api_route(SERVICES, methods=["GET", "HEAD"])
async def show(
    request: Request,
    staff: Owner,
    desk: Desk,
    *,
    q: Annotated[str, Query(max_length=100)] = "",
    only: Annotated[str, Query(alias="open", max_length=1)] = "",
) -> Response:
    """Every service and draft."""
    asked = q.casefold().split()
    rows = [
        row
        for row in await desk.rows()
        if (not only or row.draft is not None)
        and all(word in f"{row.id} {row.name} {row.department}".casefold() for word in asked)
    ]
    stages = await stages_of(request)
    names = await names_of(request)
    return page(
        request, "services.html", staff, rows=rows, q=q, only_open=bool(only), stages=stages, names=names
    )


@router.post(f"{SERVICES}/new")
async def begin(request: Request, staff: Owner, desk: Desk) -> Response:
    """Begin a new service."""
    fields = await read_fields(request)
    service = fields.get("service", "").strip()
    given = {name: fields.get(name, "").strip() for name in ("name", "department", "number")}
    try:
        await desk.begin(service, staff.id, **given)
    except DonghaengError as error:
        return _alert(error)
    return led_to(f"{SERVICES}/{service}")


@router.api_route(ONE, methods=["GET", "HEAD"])
async def open_service(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """One service: the form, what was tried, how it is published."""
    view = await _known(desk, service)
    return page(
        request,
        "service.html",
        staff,
        view=view,
        edit=edit_part(view),
        state=await state_part(request, staff, desk, view),
        trial=trial_part(service, voice=services_of(request).trial_voice is not None),
    )


@router.get(f"{ONE}/state")
async def showstate_part(request: Request, staff: Watcher, desk: Desk, service: ServiceId) -> Response:
    """What was tried, and how far it is; the page looks again while something runs."""
    view = await _known(desk, service)
    return HTMLResponse(await state_part(request, staff, desk, view), headers=HEADERS)


@router.post(f"{ONE}/form")
async def redraw(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """The form anew with a row more, less or elsewhere, or in the other way of writing; nothing is kept."""
    del staff
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    view = await _known(desk, service)
    try:
        form, definition = _sent(view, fields)
        checked = await desk.checked(service, definition, fields.get("tests", ""))
    except DonghaengError as error:
        return _alert(error)
    to = fields.get("to", "")
    sent = _as_sent(view, checked, fields)
    fault = ""
    if to == "form":
        form = form_of(sent.checked.document)
        fault = "" if form is not None else service_words.NO_FORM
    elif to == "text":
        form = None
    if form is not None:
        try:
            form = changed(form, fields.get("do", ""))
        except InputError as error:
            fault = str(error)
    return HTMLResponse(edit_part(sent, form=form, as_text=form is None, fault=fault), headers=HEADERS)


@router.post(f"{ONE}/save")
async def save(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Keep a version; one who was second sees what the first changed, and loses nothing."""
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    view = await _known(desk, service)
    as_text = fields.get("mode") == "text"
    try:
        form, definition = _sent(view, fields)
        checked = await desk.checked(service, definition, fields.get("tests", ""))
    except InputError as error:
        return _faulty(view, fields, str(error))
    try:
        await desk.save(
            service, staff.id, definition, fields.get("tests", ""), version=version_of(fields) or 0
        )
    except DraftChanged as error:
        sent = _as_sent(view, checked, {**fields, "version": str(view.version)})
        other = await desk.checked(service, view.definition, view.tests)
        told = {"words": str(error), "differences": other.differences}
        shown = edit_part(sent, form=form, as_text=as_text, conflict=told)
        return HTMLResponse(shown, headers=HEADERS)
    except DonghaengError as error:
        return _alert(error)
    return await _done(request, staff, desk, service, words=service_words.SAVED, as_text=as_text)


@router.post(f"{ONE}/drop")
async def drop(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Give the draft up."""
    fields = await read_fields(request)
    try:
        await desk.drop(service, staff.id, version=version_of(fields) or 0)
        if (await desk.draft(service)).answering is None:
            return led_to(SERVICES)
    except DonghaengError as error:
        return led_to(SERVICES) if error.http_status == 404 else _alert(error)
    return await _done(request, staff, desk, service, words="초안을 버렸어요.")


@router.post(f"{ONE}/catch-up")
async def catch_up(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Write on over what answers now."""
    fields = await read_fields(request)
    try:
        await desk.catch_up(service, staff.id, version=version_of(fields) or 0)
    except DonghaengError as error:
        return _alert(error)
    return await _done(request, staff, desk, service, words="지금 판 위에서 이어 써요.")


@router.post(f"{ONE}/versions/{{version}}/bring-back")
async def bring_back(
    request: Request,
    staff: Owner,
    desk: Desk,
    *,
    service: ServiceId,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """Make an older version the newest again."""
    fields = await read_fields(request)
    try:
        await desk.bring_back(service, staff.id, old=version, version=version_of(fields) or 0)
    except DonghaengError as error:
        return _alert(error)
    return await _done(request, staff, desk, service, words=f"{version}판으로 돌아갔어요.")


@router.post(f"{ONE}/run/{{kind}}")
async def run(request: Request, staff: Owner, desk: Desk, service: ServiceId, kind: str) -> Response:
    """Run its tests, or see what it would be confused with."""
    if kind not in ("tests", "confusions"):
        raise ProblemError(problems.NOT_FOUND, "no such run")
    wanted: RunKind = "tests" if kind == "tests" else "confusions"
    try:
        await desk.begin_run(service, wanted)
        view = await desk.draft(service)
    except DonghaengError as error:
        return _alert(error)
    return HTMLResponse(await state_part(request, staff, desk, view), headers=HEADERS)


@router.post(f"{ONE}/submit")
async def submit(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Ask another person to publish it."""
    fields = await read_fields(request)
    try:
        if (await stages_of(request, code=True)).get(service) == RETIRED:
            raise ReviewRefused(service_words.RETIRED)
        await desk.submit(
            service,
            staff.id,
            version=version_of(fields) or 0,
            note=fields.get("note", ""),
            seen_failures=fields.get("seen_failures") == "1",
        )
    except DonghaengError as error:
        return _alert(error)
    return await _done(request, staff, desk, service, words="올렸어요. 다른 한 사람이 살펴보고 적용해요.")


@router.post(f"{ONE}/take-back")
async def take_back(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Take one's own submission back."""
    try:
        await desk.take_back(service, staff.id)
    except DonghaengError as error:
        return _alert(error)
    return await _done(request, staff, desk, service, words="올린 것을 거두었어요. 이어서 고칠 수 있어요.")


@router.post(f"{ONE}/measure")
async def measure(request: Request, staff: Owner, desk: Desk, service: ServiceId) -> Response:
    """Measure what it does to all other services, in the background."""
    try:
        await desk.review.begin_measuring(_waiting(await desk.draft(service)))
        view = await desk.draft(service)
    except DonghaengError as error:
        return _alert(error)
    return HTMLResponse(await state_part(request, staff, desk, view), headers=HEADERS)


@router.post(f"{ONE}/publish")
async def publish(request: Request, staff: Publisher, desk: Desk, service: ServiceId) -> Response:
    """Let it take effect: within seconds new conversations go by it."""
    fields = await read_fields(request)
    try:
        proposal = _waiting(await desk.draft(service))
        await desk.review.publish(proposal, staff.id, fields.get("reason", ""))
    except DonghaengError as error:
        return _alert(error)
    words = "적용했어요. 몇 초 뒤부터 시민이 새 판으로 답을 들어요."
    return await _done(request, staff, desk, service, words=words)


@router.post(f"{ONE}/roll-back")
async def roll_back(request: Request, staff: Publisher, desk: Desk, service: ServiceId) -> Response:
    """Take what was published back in one step."""
    fields = await read_fields(request)
    try:
        published = await desk.published(service)
        if published is None:
            raise ReviewRefused("되돌릴 판이 없어요")
        await desk.review.roll_back(published.row.id, staff.id, fields.get("reason", ""))
        await desk.draft(service)
    except DonghaengError as error:
        return led_to(SERVICES) if error.http_status == 404 else _alert(error)
    return await _done(request, staff, desk, service, words="앞의 판으로 되돌렸어요.")


async def _done(
    request: Request, staff: Staff, desk: ServiceDesk, service: str, *, words: str, as_text: bool = False
) -> Response:
    """The form and what stands beside it, after something was done."""
    view = await desk.draft(service)
    state = await state_part(request, staff, desk, view, oob=True)
    return HTMLResponse(edit_part(view, words=words, state=state, as_text=as_text), headers=HEADERS)


def _sent(view: DraftView, fields: Mapping[str, str]) -> tuple[Form | None, str]:
    """The form that was sent and the text that it makes; no form where the text itself was."""
    if fields.get("mode") == "text":
        return None, fields.get("definition", "")
    form = sent_form(fields)
    try:
        return form, text_of(form, view.definition)
    except CatalogueError as error:
        raise InputError(str(error)) from None


def _as_sent(view: DraftView, checked: DraftView, fields: Mapping[str, str]) -> DraftView:
    """What was sent, as a page shows it: nothing of it is kept yet."""
    return replace(
        view,
        version=version_of(fields) or 0,
        definition=checked.definition,
        tests=checked.tests,
        checked=checked.checked,
    )


def _faulty(view: DraftView, fields: Mapping[str, str], words: str) -> Response:
    """What was sent with what is wrong with the form itself."""
    form = sent_form(fields) if fields.get("mode") != "text" else None
    if form is None:
        return part("alert.html", 422, words=words)
    shown = replace(view, tests=fields.get("tests", ""), version=version_of(fields) or 0)
    return HTMLResponse(edit_part(shown, form=form, fault=words), headers=HEADERS)


def _waiting(view: DraftView) -> str:
    if not view.waits or view.proposal is None:
        raise ReviewRefused("올려서 기다리는 초안이 없어요")
    return view.proposal.row.id


async def _known(desk: ServiceDesk, service: str) -> DraftView:
    try:
        return await desk.draft(service)
    except ReviewRefused as error:
        raise ProblemError(problems.NOT_FOUND, str(error)) from None


def _alert(error: DonghaengError) -> HTMLResponse:
    return part("alert.html", error.http_status, words=str(error))
