"""`/console/tower/incidents`: what went wrong, who answers for it, what mends it, what was learnt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.tower.incidents import incident as steps
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.incidents.incident import Incident, NewLine
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import SEOUL, subject_of
from donghaeng.trust.leaks import Extent
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, render
from donghaeng.web.console.session import accounts_of, read_fields
from donghaeng.web.console.tower import TOWER, Desk, Member, Reviewer
from donghaeng.web.console.tower_forms import alert, day_of, led_to, number_of, version_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

INCIDENTS: Final = f"{TOWER}/incidents"
INCIDENT: Final = f"{INCIDENTS}/{{name}}"
NO_STEP: Final = "할 일을 골라 주세요"
NO_MOMENT: Final = "처음 안 때를 다시 봐 주세요. 2026-11-23T10:00처럼 적어 주세요."
WRITTEN: Final = "적었어요."

Fields = Mapping[str, str]
router = APIRouter(include_in_schema=False)


async def incidents_of(connection: HTTPConnection) -> IncidentDesk:
    """The incidents.

    Raises:
        ProblemError: none are kept here.
    """
    desk = services_of(connection).incidents
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no control tower")
    return desk


Incidents = Annotated[IncidentDesk, Depends(incidents_of)]
Name = Annotated[str, Path(max_length=32)]

_BY_ANYBODY: Final[Mapping[str, Callable[[Incident, Fields], NewLine]]] = {
    "own": lambda one, fields: steps.own(one, fields.get("owner", "")),
    "note": lambda one, fields: steps.note(one, fields.get("words", "")),
    "mend": lambda one, fields: steps.mend(one, fields.get("link", ""), fields.get("words", "")),
    "learn": lambda one, fields: steps.learn(one, fields.get("words", "")),
}


@router.api_route(INCIDENTS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Member, desk: Desk, incidents: Incidents) -> Response:
    """Every incident, the open and overdue first, and the form for a new one."""
    today, scale = incidents.today(), incidents.scale
    found = sorted(
        await incidents.every(),
        key=lambda one: (one.closed, not one.overdue(scale, today), -one.severity, one.due(scale)),
    )
    subjects = [one for one in await desk.board() if one.subject.kind is not Kind.IDEA]
    return page(
        request,
        "tower_incidents.html",
        staff,
        found=found,
        open=sum(not one.closed for one in found),
        subjects=subjects,
        names={str(one.subject): one.name for one in subjects},
        scale=scale,
        today=today,
    )


@router.post(INCIDENTS)
async def report(request: Request, staff: Member, incidents: Incidents) -> Response:
    """Write down that something went wrong."""
    fields = await read_fields(request)
    try:
        done = await incidents.report(
            staff.id,
            subject_of(*fields.get("subject", "").partition("/")[::2]),
            title=fields.get("title", ""),
            severity=number_of(fields, "severity"),
            happened_on=day_of(fields, "happened_on", incidents.today()),
            words=fields.get("words", ""),
            leak=_leak_of(fields),
        )
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{INCIDENTS}/{done.id}")


@router.api_route(INCIDENT, methods=["GET", "HEAD"])
async def open_incident(request: Request, staff: Member, incidents: Incidents, name: Name) -> Response:
    """One of them: what is known, what is lacking, what may be done, its timeline."""
    try:
        found = await incidents.get(name)
    except DonghaengError as error:
        raise ProblemError(problems.NOT_FOUND, "no such incident") from error
    shown = await _part(request, incidents, found, None)
    return page(request, "tower_incident.html", staff, shown=shown, title=found.title)


@router.post(f"{INCIDENT}/line")
async def write(request: Request, staff: Member, incidents: Incidents, name: Name) -> Response:
    """Say who answers for it, what was found or done, what mends it, what was learnt."""
    fields = await read_fields(request)
    decide = _BY_ANYBODY.get(fields.get("step", ""), _no_step)
    done = incidents.act(name, staff.id, lambda one: decide(one, fields), version=version_of(fields))
    return await _answered(request, incidents, done)


@router.post(f"{INCIDENT}/grade")
async def grade(request: Request, staff: Reviewer, incidents: Incidents, name: Name) -> Response:
    """Say that it is graver or lighter than was thought."""
    fields = await read_fields(request)

    def decide(one: Incident) -> NewLine:
        return steps.grade(incidents.scale, one, number_of(fields, "severity"), fields.get("words", ""))

    done = incidents.act(name, staff.id, decide, version=version_of(fields))
    return await _answered(request, incidents, done)


@router.post(f"{INCIDENT}/publish")
async def publish(request: Request, staff: Reviewer, incidents: Incidents, name: Name) -> Response:
    """Let the public read of it, or take that back."""
    fields = await read_fields(request)
    words = fields.get("words", "")

    def decide(one: Incident) -> NewLine:
        return steps.unpublish(one, words) if fields.get("back") else steps.publish(one, staff.id, words)

    done = incidents.act(name, staff.id, decide, version=version_of(fields))
    return await _answered(request, incidents, done)


@router.post(f"{INCIDENT}/close")
async def close(request: Request, staff: Reviewer, incidents: Incidents, name: Name) -> Response:
    """Close it."""
    fields = await read_fields(request)
    done = incidents.close(name, staff.id, fields.get("words", ""), version=version_of(fields))
    return await _answered(request, incidents, done)


@router.post(f"{INCIDENT}/reopen")
async def reopen(request: Request, staff: Reviewer, incidents: Incidents, name: Name) -> Response:
    """Open it again."""
    fields = await read_fields(request)
    words = fields.get("words", "")
    done = incidents.act(name, staff.id, lambda one: steps.reopen(one, words), version=version_of(fields))
    return await _answered(request, incidents, done)


async def _answered(request: Request, incidents: IncidentDesk, done: Awaitable[Incident]) -> Response:
    """The incident's part of the page anew, or what is wrong."""
    try:
        return HTMLResponse(await _part(request, incidents, await done, WRITTEN), headers=HEADERS)
    except DonghaengError as error:
        return alert(error)


def _no_step(_one: Incident, _fields: Fields) -> NewLine:
    raise ProcessRefused(NO_STEP)


async def _part(request: Request, incidents: IncidentDesk, found: Incident, words: str | None) -> str:
    names = {row.id: row.shown_name for row in await accounts_of(request).everyone()}
    return render(
        "tower_incident_part.html",
        one=found,
        address=f"{INCIDENTS}/{found.id}",
        scale=incidents.scale,
        today=incidents.today(),
        lacking=steps.lacking(found),
        names=names,
        words=words,
    )


def _leak_of(fields: Fields) -> Extent | None:
    """The leak of personal data that a form tells of; None where it is none.

    Raises:
        InputError: the moment or the number is none.
    """
    if not fields.get("leak"):
        return None
    try:
        known_at = datetime.fromisoformat(fields.get("known_at", "").strip())
    except ValueError:
        raise InputError(NO_MOMENT) from None
    known_at = known_at if known_at.tzinfo is not None else known_at.replace(tzinfo=SEOUL)
    persons = number_of(fields, "persons") if fields.get("persons", "").strip() else None
    return Extent(known_at, persons, bool(fields.get("sensitive")), bool(fields.get("intrusion")))
