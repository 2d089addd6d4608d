"""`/console/tower/targets`, `/console/tower/alliance`: the year's goals, and the bodies of the alliance."""

from __future__ import annotations

import base64
from typing import Annotated, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from donghaeng.errors import InputError
from donghaeng.people.accounts import Staff
from donghaeng.tower.cases.desk import CasesDesk
from donghaeng.tower.importing import KINDS
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of
from donghaeng.web.uploads import read_upload

TARGETS: Final = "/console/tower/targets"
ALLIANCE: Final = "/console/tower/alliance"
MOST_FILE_BYTES: Final = 20 * 1024 * 1024
"""Of a table that comes through the page; larger ones go in by the command line."""
MOST_ROWS: Final = 200
MOST_SKIPPED: Final = 50
UPLOAD_SECONDS: Final = 300.0
FILE_KINDS: Final = {
    "members": "회원 기관",
    "events": "행사",
    "attendance": "참석",
    "learners": "교육 수료",
    "survey": "설문 응답",
}

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_]{1,64}$")]
Reader = Annotated[Staff, Depends(requires(Permission.TARGETS))]
Keeper = Annotated[Staff, Depends(requires(Permission.ALLIANCE))]


def desk_of(connection: HTTPConnection) -> CasesDesk:
    """Cases, targets and the alliance.

    Raises:
        ProblemError: there are none here.
    """
    desk = services_of(connection).cases
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no cases")
    return desk


Desk = Annotated[CasesDesk, Depends(desk_of)]


def as_image(svg: str) -> str:
    """A picture as an address: as an image it can neither run nor style anything."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@router.api_route(TARGETS, methods=["GET", "HEAD"])
async def show_targets(request: Request, staff: Reader, desk: Desk) -> Response:
    """The year's goals."""
    year, standings = await desk.board()
    return page(request, "targets.html", staff, year=year, standings=standings)


@router.api_route(f"{TARGETS}/{{name}}", methods=["GET", "HEAD"])
async def show_target(request: Request, staff: Reader, desk: Desk, name: Name) -> Response:
    """One goal, and the records that it is counted from."""
    try:
        standing, records, picture = await desk.target(name)
    except InputError as error:
        raise ProblemError(problems.NOT_FOUND, str(error)) from None
    image = None if picture is None else as_image(picture)
    return page(request, "target.html", staff, standing=standing, records=records, image=image)


@router.api_route(ALLIANCE, methods=["GET", "HEAD"])
async def show_alliance(request: Request, staff: Reader, desk: Desk) -> Response:
    """Members and events."""
    return page(request, "alliance.html", staff, view=await desk.alliance(), kinds=FILE_KINDS, most=MOST_ROWS)


@router.post(f"{ALLIANCE}/{{event}}/sign-up")
async def sign_up(request: Request, staff: Keeper, desk: Desk, event: Name) -> Response:
    """Sign a body up."""
    fields = await read_fields(request)
    heads = fields.get("heads", "")
    try:
        new = await desk.sign_up(
            event, fields.get("member", ""), int(heads) if heads.isdecimal() else 0, by=staff.id
        )
    except InputError as error:
        return part("alert.html", error.http_status, words=str(error))
    words = "신청했어요." if new else "이미 신청되어 있어요."
    return part("alliance_done.html", words=words)


@router.post(f"{ALLIANCE}/{{event}}/sign-off")
async def sign_off(request: Request, staff: Keeper, desk: Desk, event: Name) -> Response:
    """Take a sign-up back."""
    del staff
    fields = await read_fields(request)
    gone = await desk.sign_off(event, fields.get("member", ""))
    return part("alliance_done.html", words="신청을 거두었어요." if gone else "신청한 것이 없어요.")


@router.post(f"{ALLIANCE}/files/{{kind}}")
async def take_file(request: Request, staff: Keeper, desk: Desk, kind: Name) -> Response:
    """A table as the whole body, its name percent-encoded in ``X-File-Name``; answers with what came of each
    row that could not be used."""
    if kind not in KINDS:
        raise ProblemError(problems.NOT_FOUND, "no such table")
    data = await read_upload(request, MOST_FILE_BYTES, UPLOAD_SECONDS)
    name = unquote(request.headers.get("x-file-name", "")) or "table.csv"
    try:
        found = await desk.take_file(kind, name, data, by=staff.id)
    except InputError as error:
        return part("alert.html", error.http_status, words=f"표로 읽지 못했어요. {error}")
    return part("alliance_imported.html", found=found, most=MOST_SKIPPED, kind=FILE_KINDS[kind])
