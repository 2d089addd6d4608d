"""`/office/minutes`: recordings of an official's meetings and their minutes; another's are not found."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from donghaeng.errors import DocumentRefused, DonghaengError, InputError, UnknownRecord
from donghaeng.office.minutes.desk import DAYS, MOST_BYTES, SEOUL, MinutesDesk, NewMeeting, View, day_or_none
from donghaeng.office.minutes.document import moment
from donghaeng.office.minutes.kept import EMPTY, Edit
from donghaeng.office.minutes.model import Person
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.knowledge_upload import DETAILS_HEADER, NAME_HEADER, file_name
from donghaeng.web.console.rendering import HEADERS, page, part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of
from donghaeng.web.uploads import look_through

MINUTES: Final = "/office/minutes"
ONE: Final = MINUTES + "/{meeting}"
PART_BYTES: Final = 1024 * 1024
"""Of the recording in one answer to a player."""
UPLOAD_SECONDS: Final = 3_600.0
STATES: Final = {
    "waiting": "차례를 기다려요",
    "running": "받아 적고 있어요",
    "paused": "멈춰 두었어요",
    "done": "다 받아 적었어요",
    "failed": "받아 적지 못했어요",
}
_TYPES: Final = {
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
T = TypeVar("T")

router = APIRouter(include_in_schema=False)
Official = Annotated[Staff, Depends(requires(Permission.OFFICE))]
MeetingId = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]


def desk_of(connection: HTTPConnection) -> MinutesDesk:
    """The desk of minutes.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(connection).minutes
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server writes no minutes")
    return desk


async def _do(work: Callable[..., T], *args: Any, **named: Any) -> T:
    return await asyncio.to_thread(work, *args, **named)


async def _view(desk: MinutesDesk, staff: Staff, meeting: str) -> View:
    """A meeting of ``staff``.

    Raises:
        ProblemError: there is none of that id, or it is another's.
    """
    try:
        return await _do(desk.view, staff.id, meeting)
    except UnknownRecord as error:
        raise ProblemError(problems.NOT_FOUND, error.message) from None


@router.get(MINUTES)
async def every(request: Request, staff: Official) -> Response:
    """Somebody's meetings, and the form for another."""
    desk = desk_of(request)
    rows = await _do(desk.mine, staff.id)
    return page(
        request,
        "minutes.html",
        staff,
        rows=rows,
        kinds=desk.kinds,
        days=DAYS,
        states=STATES,
        words=await _do(desk.words, staff.id),
        department=await _do(desk.department, staff.id),
        now=f"{desk.now:%Y-%m-%dT%H:%M}",
        most_mb=MOST_BYTES // 1024**2,
    )


@router.post(f"{MINUTES}/files")
async def upload(request: Request, staff: Official) -> Response:
    """Take a recording as the whole body; it is sealed while it comes. Leads to its page."""
    desk = desk_of(request)
    try:
        new = _new(request)
        name, key, writer = desk.begin(new)
        async with asyncio.timeout(UPLOAD_SECONDS):
            with writer as out:
                async for chunk in request.stream():
                    out.write(chunk)
                if not out.size:
                    raise InputError("빈 파일이에요. 녹음 파일을 골라 주세요.")
        try:
            await look_through(request, desk.taken(name, key, writer.size).pieces())
        except ProblemError:
            desk.refuse(name)
            raise
        await _do(desk.keep, staff.id, new, name, key, writer.size)
    except DonghaengError as error:
        return _told(error)
    except TimeoutError:
        raise ProblemError(problems.TOO_SLOW, "the recording did not come in time") from None
    response = part("minutes_uploaded.html", 201, meeting=name)
    response.headers["HX-Redirect"] = f"{MINUTES}/{name}"
    return response


@router.get(ONE)
async def one(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """A meeting: how far it is, its recording, transcript and minutes."""
    desk = desk_of(request)
    view = await _view(desk, staff, meeting)
    return page(request, "minutes_meeting.html", staff, **_shown(desk, view))


@router.get(f"{ONE}/state")
async def state(
    request: Request,
    staff: Annotated[Staff, Depends(requires(Permission.OFFICE, doing=False))],
    meeting: MeetingId,
) -> Response:
    """How far it is; the whole page anew where it has ended."""
    desk = desk_of(request)
    view = await _view(desk, staff, meeting)
    response = part("minutes_state.html", **_shown(desk, view))
    if view.row.state in ("done", "failed"):
        response.headers["HX-Refresh"] = "true"
    return response


@router.post(f"{ONE}/state")
async def move(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Pause, or go on."""
    desk = desk_of(request)
    wish = (await read_fields(request)).get("wish", "")
    try:
        await _do(desk.move, staff.id, meeting, wish)
        view = await _view(desk, staff, meeting)
    except DonghaengError as error:
        return _told(error)
    return part("minutes_state.html", **_shown(desk, view))


@router.get(f"{ONE}/sound")
async def sound(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """The recording, or the part that a player asks for."""
    desk = desk_of(request)
    row = (await _view(desk, staff, meeting)).row
    file = desk.sound(row)
    start, end = _range(request.headers.get("range", ""), file.size)
    data = await _do(file.read, start, end)
    headers = {
        **HEADERS,
        "Accept-Ranges": "bytes",
        "Content-Range": f"bytes {start}-{start + len(data) - 1}/{file.size}",
    }
    return Response(data, 206, headers=headers, media_type=desk.media_type(row))


@router.post(f"{ONE}/turns")
async def correct(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Put a turn right: its words, and who spoke."""
    desk = desk_of(request)
    fields = await read_fields(request)
    try:
        number = _number(fields.get("number", ""))
        text, who = fields.get("text", ""), fields.get("who", "")
        turn = await _do(desk.correct, staff.id, meeting, number, text=text, who=who)
        view = await _view(desk, staff, meeting)
    except DonghaengError as error:
        return _told(error)
    return part("minutes_turn.html", turn=turn, saved=True, **_shown(desk, view))


@router.post(f"{ONE}/speakers")
async def call(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Say who spoke from one moment to another."""
    desk = desk_of(request)
    fields = await read_fields(request)
    try:
        start, end = _seconds(fields.get("from", "")), _seconds(fields.get("to", ""))
        await _do(desk.call, staff.id, meeting, start, end, fields.get("who", ""))
    except DonghaengError as error:
        return _told(error)
    return Response(status_code=204, headers={**HEADERS, "HX-Refresh": "true"})


@router.post(f"{ONE}/points")
async def edit(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Change, add or leave out a point of the minutes."""
    desk = desk_of(request)
    fields = await read_fields(request)
    try:
        made = Edit(
            list=fields.get("list", ""),
            place=_number(fields.get("place", "")),
            text="" if fields.get("wish") == "drop" else fields.get("text", ""),
            at=_seconds(fields.get("at", "")),
            owner=fields.get("owner", ""),
            due=day_or_none(fields.get("due", "")),
        )
        await _do(desk.edit, staff.id, meeting, _number(fields.get("revision", "")), made)
        view = await _view(desk, staff, meeting)
    except DonghaengError as error:
        return _told(error)
    return part("minutes_points.html", **_shown(desk, view))


@router.post(f"{ONE}/read")
async def read_again(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Take agenda, decisions and actions from the transcript anew."""
    desk = desk_of(request)
    try:
        await _do(desk.read_again, staff.id, meeting)
        view = await _view(desk, staff, meeting)
    except DonghaengError as error:
        return _told(error)
    return part("minutes_points.html", **_shown(desk, view))


@router.get(f"{ONE}/file.{{suffix}}")
async def document(
    request: Request,
    staff: Official,
    meeting: MeetingId,
    suffix: Annotated[str, Path(pattern="^(hwpx|docx|pdf)$")],
) -> Response:
    """The minutes as a document."""
    desk = desk_of(request)
    await _view(desk, staff, meeting)
    data = await _do(desk.document, staff.id, meeting, f".{suffix}")
    named = f"attachment; filename*=UTF-8''{quote(f'회의록.{suffix}')}"
    return Response(data, headers={**HEADERS, "Content-Disposition": named}, media_type=_TYPES[suffix])


@router.post(f"{ONE}/delete")
async def forget(request: Request, staff: Official, meeting: MeetingId) -> Response:
    """Delete the meeting, its recording and all that came of it."""
    await _do(desk_of(request).forget, staff.id, meeting)
    if "hx-request" not in request.headers:
        return RedirectResponse(MINUTES, 303, headers=HEADERS)
    return Response(status_code=204, headers={**HEADERS, "HX-Redirect": MINUTES})


@router.post(f"{MINUTES}/words")
async def judge_word(request: Request, staff: Official) -> Response:
    """Use a corrected word from now on, or drop it."""
    desk = desk_of(request)
    fields = await read_fields(request)
    try:
        await _do(desk.judge_word, staff.id, fields.get("word", ""), fields.get("wish", ""))
    except DonghaengError as error:
        return _told(error)
    return part("minutes_words.html", words=await _do(desk.words, staff.id))


def _shown(desk: MinutesDesk, view: View) -> dict[str, Any]:
    held = view.row.held
    return {
        "row": view.row,
        "turns": view.turns,
        "minutes": held["minutes"] or EMPTY,
        "kind": desk.kinds[view.row.kind].title if view.row.kind in desk.kinds else view.row.kind,
        "started": datetime.fromisoformat(held["started"]),
        "states": STATES,
        "heard": moment(view.row.heard_ms / 1000),
        "moment": moment,
        "has_sound": desk.has_sound(view.row),
        "names": [name for name, _ in held["people"]],
    }


def _new(request: Request) -> NewMeeting:
    try:
        pairs = parse_qsl(request.headers.get(DETAILS_HEADER, ""), max_num_fields=20, errors="strict")
        fields = dict(pairs)
        file = file_name(request.headers.get(NAME_HEADER, ""))
        started = datetime.fromisoformat(fields.get("started", "")).replace(tzinfo=SEOUL)
        days = int(fields.get("days", "90"))
    except (ValueError, DocumentRefused):
        raise InputError("언제 열린 회의인지와 파일 이름을 다시 확인해 주세요") from None
    people = []
    for line in re.split(r"[\n,]", fields.get("people", "")):
        words = line.split()
        if words:
            people.append(Person(words[0][:40], " ".join(words[1:])[:40]))
    return NewMeeting(
        title=fields.get("title", ""),
        kind=fields.get("kind", ""),
        started=started,
        people=tuple(people),
        days=days,
        file=file,
    )


def _range(header: str, size: int) -> tuple[int, int]:
    """The bytes that are asked for, :data:`PART_BYTES` at most.

    Raises:
        ProblemError: they lie outside of the file.
    """
    match = re.fullmatch(r"bytes=(\d{1,15})-(\d{1,15})?", header.strip())
    start = int(match[1]) if match else 0
    if start >= size:
        raise ProblemError(problems.INVALID, "outside of the recording")
    end = int(match[2]) + 1 if match and match[2] else size
    return start, max(start + 1, min(end, start + PART_BYTES, size))


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise InputError("그런 항목이 없어요")
    return int(text)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d{1,2}):(\d{2}):(\d{2})", text.strip())
    if match is None:
        raise InputError("시각은 00:01:15처럼 적어 주세요")
    return int(match[1]) * 3600.0 + int(match[2]) * 60 + int(match[3])


def _told(error: DonghaengError) -> Response:
    words = error.message if error.remedy is None else f"{error.message} {error.remedy}"
    return part("alert.html", error.http_status, words=words)
