"""`/console/desk`: the counsellors' page and what its buttons do."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.sse import EventSourceResponse
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.people.accounts import Staff
from donghaeng.people.cases import Case, Forward, NotTheOwner
from donghaeng.people.counselling import BEAT_SECONDS, CounsellorDesk
from donghaeng.store.accesses import Action
from donghaeng.trust.permissions import Permission
from donghaeng.trust.tokens import make_id
from donghaeng.web import problems
from donghaeng.web.console import desk_events
from donghaeng.web.console.desk_board import Boards
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.session import accounts_of, read_fields, requires, session_token
from donghaeng.web.limits import address_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

DESK: Final = "/console/desk"
VERDICTS: Final[dict[str, Literal["used", "edited"]]] = {"used": "used", "edited": "edited"}

router = APIRouter(include_in_schema=False)


def desk_of(connection: HTTPConnection) -> CounsellorDesk:
    """The desk.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(connection).desk
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no desk of counsellors")
    return desk


def boards_of(connection: HTTPConnection) -> Boards:
    """The pictures of the queue that all pages share."""
    boards: Boards = connection.app.state.boards
    return boards


Counsellor = Annotated[Staff, Depends(requires(Permission.DESK))]
Watcher = Annotated[Staff, Depends(requires(Permission.DESK, doing=False))]
Desk = Annotated[CounsellorDesk, Depends(desk_of)]
SharedBoards = Annotated[Boards, Depends(boards_of)]
HandoverId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@router.api_route(DESK, methods=["GET", "HEAD"])
async def show(request: Request, staff: Counsellor, desk: Desk, boards: SharedBoards) -> Response:
    """The page."""
    return await _whole(request, staff, desk, boards, render("case_none.html", words=None))


@router.get(f"{DESK}/events")
async def events(request: Request, staff: Watcher, desk: Desk, boards: SharedBoards) -> Response:
    """The lists, as they change."""
    stream = desk_events.lists(desk, boards, staff.id, lambda: _logged_in(request))
    return EventSourceResponse(stream, headers=HEADERS)


@router.post(f"{DESK}/beat")
async def beat(request: Request, staff: Watcher, desk: Desk, boards: SharedBoards) -> Response:
    """The page is open. Answers with the day's figures."""
    fields = await read_fields(request)
    await desk.beat(staff.id, ready=fields.get("ready") == "1")
    return HTMLResponse(await _figures(desk, boards), headers=HEADERS)


@router.post(f"{DESK}/next")
async def claim_next(request: Request, staff: Counsellor, desk: Desk) -> Response:
    """Take whoever is first."""
    fields = await read_fields(request)
    found = await desk.claim_next(staff.id, department=fields.get("department") or None)
    if found is None:
        return part("case_none.html", words="지금은 기다리는 분이 없어요.")
    return await _case(request, staff, desk, found, "claim")


@router.get(f"{DESK}/{{handover}}")
async def open_case(
    request: Request, staff: Counsellor, desk: Desk, boards: SharedBoards, handover: HandoverId
) -> Response:
    """One conversation: waiting, one's own, or over."""
    try:
        found = await desk.case(handover, staff.id)
    except NotTheOwner:
        opened = part("case_none.html", words="이 상담은 이제 다른 분이 맡고 있어요.")
    else:
        opened = await _case(request, staff, desk, found, "open_case")
    if "hx-request" in request.headers:
        return opened
    return await _whole(request, staff, desk, boards, bytes(opened.body).decode())


@router.get(f"{DESK}/{{handover}}/events")
async def case_events(
    request: Request,
    staff: Watcher,
    desk: Desk,
    handover: HandoverId,
    after: Annotated[int, Query(ge=0)],
) -> Response:
    """The lines of one's own conversation, as they come; a browser that was cut off goes on where it was."""
    last = request.headers.get("last-event-id", "")
    begin = int(last) if last.isdecimal() else after
    stream = desk_events.lines(desk, handover, staff.id, begin, lambda: _logged_in(request))
    return EventSourceResponse(stream, headers=HEADERS)


@router.post(f"{DESK}/{{handover}}/claim")
async def claim(request: Request, staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """Take it."""
    return await _case(request, staff, desk, await desk.claim(handover, staff.id), "claim")


@router.post(f"{DESK}/{{handover}}/say")
async def say(request: Request, staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """Say something to the citizen; note what became of the suggested answer that it began as."""
    fields = await read_fields(request)
    text = fields.get("text", "").strip()
    await desk.say(handover, staff.id, text, key=fields.get("key") or None)
    verdict = VERDICTS.get(fields.get("verdict", ""))
    if verdict is not None and fields.get("suggestion"):
        await desk.judge(handover, staff.id, fields["suggestion"], verdict, text)
    return part("reply.html", handover=handover, channel=fields.get("channel", ""), key=make_id("say"))


@router.post(f"{DESK}/{{handover}}/suggestions/{{suggestion}}/reject")
async def reject(
    staff: Counsellor,
    desk: Desk,
    handover: HandoverId,
    suggestion: Annotated[str, Path(max_length=200)],
) -> Response:
    """A suggested answer does not fit; it goes from the page."""
    await desk.judge(handover, staff.id, suggestion, "rejected")
    return HTMLResponse("", headers=HEADERS)


@router.post(f"{DESK}/{{handover}}/note")
async def note(request: Request, staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """Write something for colleagues."""
    fields = await read_fields(request)
    await desk.note(handover, staff.id, fields.get("text", "").strip())
    return part("note.html", handover=handover)


@router.post(f"{DESK}/{{handover}}/forward")
async def forward(request: Request, staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """Give it to somebody else."""
    fields = await read_fields(request)
    kind, _, wanted = fields.get("to", "").partition(":")
    to = Forward(
        staff=wanted if kind == "staff" else None, department=wanted if kind == "department" else None
    )
    await desk.forward(handover, staff.id, to, fields.get("text", "").strip())
    return part("case_none.html", words="상담을 넘겼어요. 시민에게도 알렸어요.")


@router.post(f"{DESK}/{{handover}}/hand-back")
async def hand_back(staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """Let the machine go on."""
    await desk.hand_back(handover, staff.id)
    return part("case_none.html", words="기계에게 돌려주었어요. 하던 일을 이어서 해요.")


@router.post(f"{DESK}/{{handover}}/close")
async def close(request: Request, staff: Counsellor, desk: Desk, handover: HandoverId) -> Response:
    """End it with an outcome."""
    fields = await read_fields(request)
    await desk.close(handover, staff.id, fields.get("outcome", ""), fields.get("text", "").strip())
    return part("case_none.html", words="상담을 마쳤어요.")


async def _whole(request: Request, staff: Staff, desk: CounsellorDesk, boards: Boards, case: str) -> Response:
    return page(
        request,
        "desk.html",
        staff,
        case=case,
        lists=await boards.lists(staff.id),
        figures=await _figures(desk, boards),
        departments=desk.departments(),
        beat_seconds=int(BEAT_SECONDS),
    )


async def _figures(desk: CounsellorDesk, boards: Boards) -> str:
    board = await boards.board()
    return render("figures.html", figures=board.figures, opening=desk.opening(), outcomes=desk.outcomes())


async def _case(
    request: Request, staff: Staff, desk: CounsellorDesk, case: Case, action: Action
) -> HTMLResponse:
    accounts = accounts_of(request)
    address = address_of(request.scope)
    await accounts.note_access(staff, address, case.handover.conversation, action, "handover")
    names = {row.id: row.shown_name for row in await accounts.everyone()}
    colleagues = [one for one in await desk.present() if one.id != staff.id]
    return part(
        "case.html",
        case=case,
        row=case.handover,
        own=case.handover.owner == staff.id and case.handover.state == "joined",
        mine=staff.id,
        names=names,
        colleagues=colleagues,
        departments=desk.departments(),
        outcomes=desk.outcomes(),
        canned=desk.canned(),
        services=(await boards_of(request).board()).services,
        last=max((line.seq for line in case.lines), default=0),
        key=make_id("say"),
        new_key=lambda: make_id("say"),
    )


async def _logged_in(request: Request) -> bool:
    token = session_token(request)
    return token is not None and await accounts_of(request).find(token, doing=False) is not None
