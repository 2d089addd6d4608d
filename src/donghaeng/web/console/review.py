"""`/console/review`: what went wrong, by meaning, and what a reviewer makes of it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError
from donghaeng.people.accounts import Staff
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.items import Kind
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.review_forms import CHANGES, choices, values_of
from donghaeng.web.console.session import accounts_of, read_fields, requires
from donghaeng.web.limits import address_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

REVIEW: Final = "/console/review"
POLL_SECONDS: Final = 2
MOST_SHOWN: Final = 50
"""Items of one cluster on the screen; what is made of it counts for all."""

router = APIRouter(include_in_schema=False)


def review_of(connection: HTTPConnection) -> ReviewDesk:
    """The reviewers' desk.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(connection).review
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no review")
    return desk


Reviewer = Annotated[Staff, Depends(requires(Permission.REVIEW))]
Watcher = Annotated[Staff, Depends(requires(Permission.REVIEW, doing=False))]
Publisher = Annotated[Staff, Depends(requires(Permission.PUBLISH))]
TranscriptReader = Annotated[Staff, Depends(requires(Permission.TRANSCRIPT_READ))]
Desk = Annotated[ReviewDesk, Depends(review_of)]
ItemId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ProposalId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
WantedKind = Annotated[str, Query(pattern=r"^[a-z_]{0,16}$")]


@router.api_route(REVIEW, methods=["GET", "HEAD"])
async def show(request: Request, staff: Reviewer, desk: Desk) -> Response:
    """The page."""
    return await _whole(request, staff, desk, render("review_none.html", words=None))


@router.get(f"{REVIEW}/list")
async def show_list(staff: Reviewer, desk: Desk, kind: WantedKind = "") -> Response:
    """The clusters of open items, of one kind where it is named."""
    del staff
    return HTMLResponse(await _list(desk, kind), headers=HEADERS)


@router.get(f"{REVIEW}/proposals")
async def show_proposals(request: Request, staff: Reviewer, desk: Desk) -> Response:
    """Proposals that wait, and what became of the others."""
    rows = await desk.all_proposals()
    return await _answer(
        request,
        staff,
        desk,
        part("review_proposals.html", rows=rows, title=desk.title, names=await _names(request)),
    )


@router.get(f"{REVIEW}/history")
async def show_history(request: Request, staff: Reviewer, desk: Desk) -> Response:
    """Every publication and roll-back."""
    opened = part(
        "review_history.html",
        steps=await desk.history(),
        title=desk.title,
        names=await _names(request),
        may_publish=staff.may(Permission.PUBLISH),
    )
    return await _answer(request, staff, desk, opened)


@router.get(f"{REVIEW}/items/{{item}}")
async def open_item(request: Request, staff: Reviewer, desk: Desk, item: ItemId) -> Response:
    """The cluster of an item: what was said, and the form for what is made of it."""
    try:
        view, rows = await desk.board.cluster(item)
    except DonghaengError as error:
        return await _answer(request, staff, desk, part("review_none.html", words=str(error)))
    given = await asyncio.to_thread(choices, desk, view.services)
    opened = part(
        "review_cluster.html",
        view=view,
        rows=rows,
        most=MOST_SHOWN,
        services=_services(desk),
        may_read=staff.may(Permission.TRANSCRIPT_READ),
        changes=CHANGES,
        fields=render("review_fields.html", kind="example", label=view.label, **given),
    )
    return await _answer(request, staff, desk, opened)


@router.get(f"{REVIEW}/items/{{item}}/form")
async def show_form(
    staff: Reviewer, desk: Desk, item: ItemId, change: Annotated[str, Query(pattern="^[a-z]{1,16}$")]
) -> Response:
    """The fields for one kind of change."""
    del staff
    try:
        view, _ = await desk.board.cluster(item)
    except DonghaengError as error:
        return _alert(error)
    kind = change if change in CHANGES else "example"
    given = await asyncio.to_thread(choices, desk, view.services)
    return part("review_fields.html", kind=kind, label=view.label, **given)


@router.get(f"{REVIEW}/items/{{item}}/talk")
async def show_talk(request: Request, staff: TranscriptReader, desk: Desk, item: ItemId) -> Response:
    """The masked conversation around an item; that somebody looked is recorded."""
    read = services_of(request).transcript_for_staff
    try:
        row = await desk.board.item(item)
        if read is None:
            raise ProblemError(problems.NOT_FOUND, "this server shows no transcripts")
        accounts = accounts_of(request)
        address = address_of(request.scope)
        await accounts.note_access(staff, address, row.conversation_id, "read_transcript", "quality")
        transcript = await read(row.conversation_id)
    except DonghaengError as error:
        return _alert(error)
    return part("review_talk.html", turns=transcript["turns"], at=row.turn)


@router.post(f"{REVIEW}/items/{{item}}/dismiss")
async def dismiss(staff: Reviewer, desk: Desk, item: ItemId) -> Response:
    """Nothing is to be done about the whole cluster."""
    del staff
    try:
        _, rows = await desk.board.cluster(item)
        await desk.board.dismiss([row.id for row in rows])
    except DonghaengError as error:
        return _alert(error)
    return _changed(part("review_none.html", words="할 일이 없는 것으로 표시했어요."))


@router.post(f"{REVIEW}/items/{{item}}/propose")
async def propose(request: Request, staff: Reviewer, desk: Desk, item: ItemId) -> Response:
    """Propose a change for the whole cluster."""
    fields = await read_fields(request)
    try:
        _, rows = await desk.board.cluster(item)
        made = await desk.propose(
            staff.id,
            values_of(fields),
            items=[row.id for row in rows],
            words=fields.get("words", ""),
            note=fields.get("note", ""),
        )
    except DonghaengError as error:
        return _alert(error)
    return _changed(await _proposal(request, staff, desk, made.row.id))


@router.get(f"{REVIEW}/proposals/{{proposal}}")
async def open_proposal(request: Request, staff: Watcher, desk: Desk, proposal: ProposalId) -> Response:
    """A proposal and what it does; the page looks again while it is being measured."""
    try:
        opened = await _proposal(request, staff, desk, proposal)
    except DonghaengError as error:
        opened = part("review_none.html", words=str(error))
    return await _answer(request, staff, desk, opened)


@router.post(f"{REVIEW}/proposals/{{proposal}}/measure")
async def measure(request: Request, staff: Reviewer, desk: Desk, proposal: ProposalId) -> Response:
    """Measure what it does, in the background."""
    try:
        await desk.begin_measuring(proposal)
        return await _proposal(request, staff, desk, proposal)
    except DonghaengError as error:
        return _alert(error)


@router.post(f"{REVIEW}/proposals/{{proposal}}/publish")
async def publish(request: Request, staff: Publisher, desk: Desk, proposal: ProposalId) -> Response:
    """Let it take effect."""
    fields = await read_fields(request)
    try:
        await desk.publish(proposal, staff.id, fields.get("reason", ""))
        return _changed(await _proposal(request, staff, desk, proposal))
    except DonghaengError as error:
        return _alert(error)


@router.post(f"{REVIEW}/proposals/{{proposal}}/roll-back")
async def roll_back(request: Request, staff: Publisher, desk: Desk, proposal: ProposalId) -> Response:
    """Take it back."""
    fields = await read_fields(request)
    try:
        await desk.roll_back(proposal, staff.id, fields.get("reason", ""))
        return _changed(await _proposal(request, staff, desk, proposal))
    except DonghaengError as error:
        return _alert(error)


@router.post(f"{REVIEW}/proposals/{{proposal}}/withdraw")
async def withdraw(staff: Reviewer, desk: Desk, proposal: ProposalId) -> Response:
    """Give one's own draft up."""
    try:
        await desk.withdraw(proposal, staff.id)
    except DonghaengError as error:
        return _alert(error)
    return _changed(part("review_none.html", words="제안을 거두었어요. 항목은 목록으로 돌아갔어요."))


async def _proposal(request: Request, staff: Staff, desk: ReviewDesk, proposal: str) -> HTMLResponse:
    view = await desk.proposal(proposal)
    return part(
        "review_proposal.html",
        view=view,
        row=view.row,
        services=_services(desk),
        names=await _names(request),
        own=view.row.author == staff.id,
        may_publish=staff.may(Permission.PUBLISH),
        poll=POLL_SECONDS,
    )


async def _list(desk: ReviewDesk, kind: str) -> str:
    wanted = kind if kind in {one.value for one in Kind} else None
    return render(
        "review_list.html",
        clusters=await desk.board.clusters(wanted),
        counts=await desk.board.counts(),
        kind=wanted or "",
        services=_services(desk),
        waiting=len(await desk.waiting()),
    )


async def _whole(request: Request, staff: Staff, desk: ReviewDesk, case: str) -> Response:
    return page(request, "review.html", staff, case=case, list=await _list(desk, ""))


async def _answer(request: Request, staff: Staff, desk: ReviewDesk, opened: HTMLResponse) -> Response:
    """A part of the page where htmx asked for it, else the page with it."""
    if "hx-request" in request.headers:
        return opened
    return await _whole(request, staff, desk, bytes(opened.body).decode())


def _changed(response: HTMLResponse) -> HTMLResponse:
    """The list on the left is to be read again."""
    response.headers["HX-Trigger"] = "review-changed"
    return response


def _alert(error: DonghaengError) -> HTMLResponse:
    """What is wrong, in the place where the page says such things."""
    return part("alert.html", error.http_status, words=str(error))


def _services(desk: ReviewDesk) -> dict[str, str]:
    return {one.id: one.name for one in desk.catalogue.values()}


async def _names(request: Request) -> dict[str, str]:
    return {row.id: row.shown_name for row in await accounts_of(request).everyone()}
