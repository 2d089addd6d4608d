"""`/console/register`: the register of AI systems for those who write it and those who let records out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import InputError, RecordChanged, RecordRefused, UnknownRecord
from donghaeng.people.accounts import Staff
from donghaeng.tower.register.difference import SORTS
from donghaeng.tower.register.publishing import cells
from donghaeng.tower.register.register import Register
from donghaeng.tower.register.schema import Section
from donghaeng.tower.register.stages import STAGES
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.register_forms import LIMIT_BYTES, MOST_FIELDS, rows_of, values_of
from donghaeng.web.console.register_words import CHANGED, OPERATIONS, OWN_WORDS, SAME_ID
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.session import accounts_of, read_fields, requires
from donghaeng.web.problems import Kind, ProblemError
from donghaeng.web.registry import OPINIONS, register_of

ADDRESS: Final = "/console/register"
OPINIONS_PAGE: Final = f"{ADDRESS}-opinions"
RECORD: Final = f"{ADDRESS}/{{record}}"
T = TypeVar("T")

router = APIRouter(include_in_schema=False)
Writer = Annotated[Staff, Depends(requires(Permission.REGISTER))]
Publisher = Annotated[Staff, Depends(requires(Permission.REGISTER_PUBLISH))]
Records = Annotated[Register, Depends(register_of)]
RecordId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
SectionId = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(
    request: Request, staff: Writer, register: Records, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Every record, with its stage and how much of it is missing."""
    entries = await asyncio.to_thread(register.entries)
    asked = q.casefold().split()
    found = [one for one in entries if all(word in f"{one.id} {one.name}".casefold() for word in asked)]
    return page(request, "register.html", staff, entries=found, stages=STAGES, q=q)


@router.api_route(OPINIONS_PAGE, methods=["GET", "HEAD"])
async def show_opinions(request: Request, staff: Writer, register: Records) -> Response:
    """What people without an account said of public records."""
    found = await asyncio.to_thread(register.opinions)
    names = {row.id: row.shown_name for row in await accounts_of(request).everyone()}
    return page(request, "register_opinions.html", staff, found=found, kinds=OPINIONS, names=names)


@router.post(f"{OPINIONS_PAGE}/{{opinion}}/done")
async def answer(request: Request, staff: Writer, register: Records, opinion: RecordId) -> Response:
    """Note what was done about one."""
    fields = await read_fields(request)
    words = fields.get("words", "")
    try:
        await asyncio.to_thread(lambda: register.answer(opinion, words, by=staff.id))
    except InputError as error:
        return part("alert.html", error.http_status, words=error.message)
    return Response(status_code=204, headers={"HX-Redirect": OPINIONS_PAGE, "Cache-Control": "no-store"})


@router.post(ADDRESS)
async def begin(request: Request, staff: Writer, register: Records) -> Response:
    """A new record with its name."""
    fields = await read_fields(request)
    record = fields.get("record", "").strip()
    values = {"name_ko": fields.get("name_ko", ""), "organisation": fields.get("organisation", "")}
    try:
        await asyncio.to_thread(lambda: register.save(record, values, by=staff.id, base=0))
    except RecordChanged:
        raise _refusal(409, SAME_ID) from None
    except RecordRefused as error:
        raise _refusal(422, " ".join(error.faults)) from None
    return _to(f"{ADDRESS}/{record}")


@router.api_route(RECORD, methods=["GET", "HEAD"])
async def open_record(request: Request, staff: Writer, register: Records, record: RecordId) -> Response:
    """A record: its values by section, what is missing, its versions."""

    def work() -> dict[str, Any]:
        versions, steps = register.versions(record)
        return {"entry": register.entry(record), "versions": versions[::-1], "steps": steps[::-1]}

    told = await _do(work)
    return page(
        request,
        "register_record.html",
        staff,
        **told,
        sections=register.schema.sections,
        stages=STAGES,
        cells=cells,
        operations=OPERATIONS,
        names=await _names(request),
    )


@router.api_route(f"{RECORD}/edit/{{section}}", methods=["GET", "HEAD"])
async def edit(
    request: Request, staff: Writer, register: Records, *, record: RecordId, section: SectionId
) -> Response:
    """The form of one section."""
    wanted = _section(register, section)
    row, values = await _do(lambda: register.version(record))
    form = _form(wanted, record, values, row.version)
    return page(request, "register_edit.html", staff, form=form, section=wanted, record=record)


@router.post(f"{RECORD}/edit/{{section}}")
async def save(
    request: Request, staff: Writer, register: Records, *, record: RecordId, section: SectionId
) -> Response:
    """Write the section into the next version; a form that does not fit comes back with what is wrong."""
    wanted = _section(register, section)
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    given = values_of(wanted, fields)
    written = fields.get("base", "")
    base = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0

    def work() -> None:
        values = {**(register.version(record, base)[1] if base else {}), **given}
        register.save(record, values, by=staff.id, base=base, note=fields.get("note", ""))

    try:
        await _do(work)
    except RecordChanged:
        return HTMLResponse(
            await _do(lambda: _conflict(register, wanted, record, given, base)), headers=HEADERS
        )
    except RecordRefused as error:
        return HTMLResponse(_form(wanted, record, given, base, faults=error.faults), headers=HEADERS)
    return _to(f"{ADDRESS}/{record}#s-{section}")


@router.api_route(f"{RECORD}/versions/{{version}}", methods=["GET", "HEAD"])
async def show_version(
    request: Request,
    staff: Writer,
    register: Records,
    *,
    record: RecordId,
    version: Number,
    against: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> Response:
    """What changed in a version, against the one before or a named one."""
    before = version - 1 if against is None else against

    def work() -> dict[str, Any]:
        changes = register.difference(record, before, version)
        return {"changes": changes, "row": register.version(record, version)[0]}

    told = await _do(work)
    names = await _names(request)
    return page(
        request,
        "register_version.html",
        staff,
        **told,
        record=record,
        before=before,
        sorts=SORTS,
        names=names,
    )


@router.post(f"{RECORD}/versions/{{version}}/publish")
async def publish(staff: Publisher, register: Records, *, record: RecordId, version: Number) -> Response:
    """Let a version out."""
    row, _ = await _do(lambda: register.version(record, version))
    if row.by == staff.id:
        raise _refusal(409, OWN_WORDS)
    await _do(lambda: register.publish(record, version, by=staff.id))
    return _to(f"{ADDRESS}/{record}")


@router.post(f"{RECORD}/retract")
async def retract(staff: Publisher, register: Records, record: RecordId) -> Response:
    """Take it from the public."""
    await _do(lambda: register.retract(record, by=staff.id))
    return _to(f"{ADDRESS}/{record}")


@router.post(f"{RECORD}/archive")
async def archive(request: Request, staff: Publisher, register: Records, record: RecordId) -> Response:
    """Put it away, or take it back."""
    back = (await read_fields(request)).get("back") == "1"
    await _do(lambda: register.archive(record, by=staff.id, back=back))
    return _to(f"{ADDRESS}/{record}")


def _form(
    section: Section,
    record: str,
    values: Mapping[str, Any],
    base: int,
    *,
    faults: tuple[str, ...] = (),
    **more: Any,
) -> str:
    told = {"conflict": None, "changes": (), **more}
    return render(
        "register_form.html",
        section=section,
        record=record,
        values=values,
        base=base,
        faults=faults,
        rows_of=rows_of,
        sorts=SORTS,
        **told,
    )


def _conflict(register: Register, section: Section, record: str, given: Mapping[str, Any], base: int) -> str:
    newest = register.version(record)[0].version
    changes = register.difference(record, base, newest)
    return _form(section, record, given, newest, conflict=CHANGED, changes=changes)


def _section(register: Register, section: str) -> Section:
    found = register.schema.by_section.get(section)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "a record has no such section")
    return found


async def _do(work: Callable[[], T]) -> T:
    """On a thread; what the register refuses, unless a form can tell it, is a problem."""
    try:
        return await asyncio.to_thread(work)
    except RecordRefused:
        raise
    except UnknownRecord as error:
        raise ProblemError(problems.NOT_FOUND, str(error)) from None
    except InputError as error:
        raise ProblemError(problems.CONFLICT, str(error)) from None


async def _names(request: Request) -> dict[str, str]:
    return {row.id: row.shown_name for row in await accounts_of(request).everyone()}


def _refusal(status: int, words: str) -> ProblemError:
    return ProblemError(Kind("record-refused", status, words), "the record is refused")


def _to(address: str) -> Response:
    return Response(status_code=204, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
