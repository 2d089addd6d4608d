"""Certificates, and one's own records: looked at, taken along, erased."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.learning.certificate_pdf import certificate_pdf
from donghaeng.learning.issuing import Issued
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, part
from donghaeng.web.console.session import read_fields
from donghaeng.web.office.learning.common import ROOT, Here, Learner, go_to, show
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import LearningServices

CERTIFICATES: Final = f"{ROOT}/certificates"
MINE: Final = f"{ROOT}/mine"
KINDS: Final = {"quiz": "강의 퀴즈", "simulation": "응대 연습", "project": "과제"}

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


@router.api_route(CERTIFICATES, methods=["GET", "HEAD"])
async def certificates(request: Request, staff: Learner, here: Here) -> Response:
    """What was earned, and what each of the others still takes."""
    own = await here.desk.own(staff.id)
    return show(request, "learning_certificates.html", staff, own=own, today=here.desk.today)


@router.api_route(f"{CERTIFICATES}/{{number}}", methods=["GET", "HEAD"])
async def certificate(request: Request, staff: Learner, here: Here, number: Number) -> Response:
    """One of one's own certificates."""
    issued = await _issued(here, staff.id, number)
    return show(request, "learning_certificate.html", staff, issued=issued, today=here.desk.today)


@router.api_route(f"{CERTIFICATES}/{{number}}/file.pdf", methods=["GET", "HEAD"])
async def certificate_file(staff: Learner, here: Here, number: Number) -> Response:
    """The same as PDF."""
    issued = await _issued(here, staff.id, number)
    made = certificate_pdf(issued, staff.shown_name, here.fonts)
    return _file(made, "application/pdf", f"{issued.number}.pdf")


@router.api_route(MINE, methods=["GET", "HEAD"])
async def mine(request: Request, staff: Learner, here: Here) -> Response:
    """What is kept of oneself."""
    own = await here.desk.own(staff.id)
    return show(request, "learning_mine.html", staff, own=own, kinds=KINDS)


@router.api_route(f"{MINE}/copy.json", methods=["GET", "HEAD"])
async def copy(staff: Learner, here: Here) -> Response:
    """All of it."""
    return _json(await here.records.copy(staff.id), "learning.json")


@router.api_route(f"{MINE}/xapi.json", methods=["GET", "HEAD"])
async def statements(request: Request, staff: Learner, here: Here) -> Response:
    """What was passed, as xAPI statements."""
    home = str(request.base_url)
    return _json(await here.records.statements(staff.id, home), "xapi.json")


@router.post(f"{MINE}/erase")
async def erase(request: Request, staff: Learner, here: Here) -> Response:
    """Erase all of it, where the learner has said so twice."""
    fields = await read_fields(request)
    if fields.get("sure") != "1":
        return part("alert.html", 422, words="지우려면 '모두 지울게요'에 표시해 주세요.")
    await here.records.erase(staff.id)
    return go_to(MINE)


async def _issued(here: LearningServices, staff: str, number: str) -> Issued:
    own = await here.desk.own(staff)
    found = next((one for one in own.certificates if one.number == number), None)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "no such certificate")
    return found


def _json(told: Any, name: str) -> Response:
    return _file(json.dumps(told, ensure_ascii=False, indent=1).encode(), "application/json", name)


def _file(content: bytes, media: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)
