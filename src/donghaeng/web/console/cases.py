"""`/console/tower/cases`: data cases, their runs with progress, what other departments say of them, and what
was done with them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.people.accounts import Staff
from donghaeng.tower.cases.calling import CALLS
from donghaeng.tower.cases.desk import CaseView
from donghaeng.tower.cases.given_tables import TABLES
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.session import accounts_of, read_fields, requires
from donghaeng.web.console.targets import (
    MOST_FILE_BYTES,
    MOST_ROWS,
    MOST_SKIPPED,
    UPLOAD_SECONDS,
    Desk,
    Name,
    Reader,
    as_image,
    desk_of,
)
from donghaeng.web.console.tower_forms import alert, day_of, led_to
from donghaeng.web.problems import ProblemError
from donghaeng.web.uploads import read_upload

CASES: Final = "/console/tower/cases"
CASE: Final = f"{CASES}/{{name}}"
MOST_SEED: Final = 2**32 - 1
WRITTEN: Final = "적었어요."
BAD_SEED: Final = "씨앗은 0부터 4294967295까지의 수예요. 비워 두면 사례의 씨앗으로 돌려요"

router = APIRouter(include_in_schema=False)
Runner = Annotated[Staff, Depends(requires(Permission.CASES))]
Reviewer = Annotated[Staff, Depends(requires(Permission.CASES_REVIEW))]


@router.api_route(CASES, methods=["GET", "HEAD"])
async def show_cases(request: Request, staff: Reader, desk: Desk) -> Response:
    """The data cases."""
    return page(request, "tower_cases.html", staff, rows=await desk.cases())


@router.api_route(CASE, methods=["GET", "HEAD"])
async def show_case(
    request: Request, staff: Reader, desk: Desk, name: Name, run: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """One case: its claim first, then what its newest run found, or the one that is named."""
    view = await _found(desk, name, run or None)
    images = {table: as_image(svg) for table, svg in view.pictures.items()}
    said = await _said(request, staff, view, None)
    state = desk.runner.state(name)
    shown = None if state is None else render("tower_case_run.html", one=state, name=name)
    return page(
        request,
        "tower_case.html",
        staff,
        view=view,
        images=images,
        most=MOST_ROWS,
        said=said,
        state=shown,
        tables={table: title for table, (title, _) in TABLES.get(name, {}).items()},
        given=desk.given.of(name, staff.id),
        calls=await _calls(request, staff, desk, view),
    )


@router.get(f"{CASE}/runs/{{run}}/{{file}}.csv")
async def as_csv(staff: Reader, desk: Desk, name: Name, run: Name, file: Name) -> Response:
    """A table of a run."""
    del staff
    try:
        text = await desk.file(name, run, file)
    except (InputError, OSError) as error:
        raise ProblemError(problems.NOT_FOUND, "no such table") from error
    named = {"Content-Disposition": f'attachment; filename="{name}-{file}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers={**HEADERS, **named})


@router.post(f"{CASE}/run")
async def start(request: Request, staff: Runner, desk: Desk, name: Name) -> Response:
    """Run it in the background."""
    fields = await read_fields(request)
    seed = fields.get("seed", "").strip()
    try:
        if seed and not (seed.isdecimal() and len(seed) <= 10 and int(seed) <= MOST_SEED):
            raise InputError(BAD_SEED)
        await _found(desk, name)
        await desk.runner.start(name, seed=int(seed) if seed else None, by=staff.id)
    except InputError as error:
        return alert(error)
    return await progress(staff, desk, name)


@router.get(f"{CASE}/progress")
async def progress(staff: Reader, desk: Desk, name: Name) -> Response:
    """How far the run is; once it is through, its page."""
    del staff
    state = desk.runner.state(name)
    if state is None:
        raise ProblemError(problems.NOT_FOUND, "nothing runs")
    if state.run is not None:
        return led_to(f"{CASES}/{name}?run={state.run}")
    return part("tower_case_run.html", one=state, name=name)


@router.post(f"{CASE}/runs/{{run}}/verdict")
async def judge(request: Request, staff: Reviewer, desk: Desk, name: Name, run: Name) -> Response:
    """Another department's verdict on a run."""
    fields = await read_fields(request)
    try:
        await desk.judge(
            name,
            run,
            verdict=fields.get("verdict", ""),
            by=staff.id,
            department=fields.get("department", ""),
            words=fields.get("words", ""),
            seen=_seen(fields),
        )
    except DonghaengError as error:
        return alert(error)
    return await _told(request, staff, desk, name, run)


@router.post(f"{CASE}/runs/{{run}}/use")
async def use(request: Request, staff: Runner, desk: Desk, name: Name, run: Name) -> Response:
    """What was done because of it."""
    fields = await read_fields(request)
    try:
        await desk.use(
            name,
            by=staff.id,
            department=fields.get("department", ""),
            words=fields.get("words", ""),
            on=day_of(fields, "day", desk.today),
            seen=_seen(fields),
        )
    except DonghaengError as error:
        return alert(error)
    return await _told(request, staff, desk, name, run)


@router.post(f"{CASE}/tables/{{table}}")
async def give(request: Request, staff: Runner, desk: Desk, name: Name, table: Name) -> Response:
    """A table of the city for the next run, as the whole body, its name percent-encoded in
    ``X-File-Name``; answers with what came of each row that could not be used."""
    await _found(desk, name)
    file, data = await _sent(request)
    try:
        one = await asyncio.to_thread(desk.given.take, name, table, file, data, by=staff.id)
    except InputError as error:
        return part("alert.html", error.http_status, words=f"표로 읽지 못했어요. {error}")
    return part("tower_case_given.html", one=one, most=MOST_SKIPPED)


@router.post(f"{CASE}/runs/{{run}}/calls")
async def propose(request: Request, staff: Runner, desk: Desk, name: Name, run: Name) -> Response:
    """A list of households, as a table of the city is sent: how many may be called, for a second person."""
    file, data = await _sent(request)
    try:
        row, skipped = await desk.calls.propose(name, run, file, data, by=staff.id)
    except InputError as error:
        return part("alert.html", error.http_status, words=str(error))
    return part("tower_case_called.html", row=row, campaign=None, skipped=skipped, most=MOST_SKIPPED)


@router.post(f"{CASE}/calls/{{proposal}}/book")
async def book(request: Request, staff: Reviewer, desk: Desk, name: Name, proposal: Name) -> Response:
    """Another person's copy of the list: its households are handed to the agent."""
    file, data = await _sent(request)
    try:
        campaign = await desk.calls.book(name, proposal, file, data, by=staff.id)
    except InputError as error:
        return part("alert.html", error.http_status, words=str(error))
    return part("tower_case_called.html", row=None, campaign=campaign, skipped=[], most=MOST_SKIPPED)


async def _sent(request: Request) -> tuple[str, bytes]:
    data = await read_upload(request, MOST_FILE_BYTES, UPLOAD_SECONDS)
    return unquote(request.headers.get("x-file-name", "")) or "table.csv", data


async def _calls(request: Request, staff: Staff, desk: Desk, view: CaseView) -> str | None:
    """The lists that are proposed, and the forms; None where the case is none to call from."""
    name = view.case.package.id
    if name not in CALLS or view.run is None:
        return None
    rows = await desk.calls.listed(name)
    names = {row.id: row.shown_name for row in await accounts_of(request).everyone()}
    return render("tower_case_calls.html", view=view, staff=staff, rows=rows, names=names)


async def _found(desk: Desk, name: str, run: str | None = None) -> CaseView:
    try:
        return await desk.case(name, run)
    except InputError as error:
        raise ProblemError(problems.NOT_FOUND, str(error)) from None


def _seen(fields: dict[str, str]) -> int:
    given = fields.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


async def _told(request: Request, staff: Staff, desk: Desk, name: str, run: str) -> Response:
    view = await _found(desk, name, run)
    return HTMLResponse(await _said(request, staff, view, WRITTEN), headers=HEADERS)


async def _said(request: Request, staff: Staff, view: CaseView, words: str | None) -> str:
    """Who answers for it, who looked at it, what was done with it, and the forms for more."""
    departments = await desk_of(request).departments()
    names = {row.id: row.shown_name for row in await accounts_of(request).everyone()}
    return render(
        "tower_case_said.html", view=view, staff=staff, names=names, words=words, departments=departments
    )
