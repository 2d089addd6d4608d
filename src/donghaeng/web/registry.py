"""`/registry`: the city's AI systems, for anybody: pages, single records in others' formats, open data."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from donghaeng.errors import InputError
from donghaeng.tower.incidents.incident import Incident
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.register import atrs, changes, dutch, english, feed
from donghaeng.tower.register.checking import missing
from donghaeng.tower.register.json_schema import json_schema
from donghaeng.tower.register.publishing import Shown, cells, wanted
from donghaeng.tower.register.register import OWN, Register
from donghaeng.tower.register.stages import STAGES
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, render
from donghaeng.web.console.session import read_fields
from donghaeng.web.limits import EVERYBODY, Limits, address_of
from donghaeng.web.origins import is_from_foreign_page
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

ADDRESS: Final = "/registry"
PER_PAGE: Final = 50
PARTS: Final = frozenset({Kind.SERVICE, Kind.ENGINE, Kind.KNOWLEDGE})
"""What this program's own record tells of as well."""
NOTHING_YET: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a register in which nothing happened was last changed."""
OPINIONS: Final[Mapping[str, str]] = {
    "wrong": "적힌 것이 틀려요",
    "worry": "걱정되는 점이 있어요",
    "harm": "피해를 입었어요",
    "idea": "이랬으면 좋겠어요",
}
OPINION_BYTES: Final = 16_000
"""A thousand letters of Hangul, each as nine bytes of a form, and some room."""
OPINION_FIELDS: Final = 4
OPEN_DATA: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}
"""Any site may read it; what was taken back is gone at the next look."""
_PAGE: Final[Mapping[str, str]] = {**HEADERS, "Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)
Asked = Annotated[str, Query(max_length=200)]


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(
    request: Request,
    q: Asked = "",
    stage: Annotated[str, Query(max_length=20)] = "",
    organisation: Asked = "",
    begin: Annotated[int, Query(alias="from", ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """Every public record, by name; those that fit what is looked for."""
    register = register_of(request)
    records = await asyncio.to_thread(register.published)
    found = wanted(register.schema, records, words=q, stage=stage, organisation=organisation)
    html = render(
        "registry.html",
        records=found[begin : begin + PER_PAGE],
        total=len(found),
        begin=begin,
        per_page=PER_PAGE,
        q=q,
        stage=stage,
        organisation=organisation,
        stages={one.stage: one.stage_words for one in sorted(records, key=_in_order_of_stages)},
        organisations=sorted({one.values["organisation"] for one in records if "organisation" in one.values}),
    )
    return HTMLResponse(html, headers=dict(_PAGE))


@router.get(f"{ADDRESS}.json")
async def as_json(request: Request) -> Response:
    """Every public field of every record."""
    records = await asyncio.to_thread(register_of(request).published)
    return JSONResponse(feed.as_json(records), headers=dict(OPEN_DATA))


@router.get(f"{ADDRESS}.csv")
async def as_csv(request: Request) -> Response:
    """The attributes of the British standard as a table."""
    register = register_of(request)
    records = await asyncio.to_thread(register.published)
    named = {"Content-Disposition": 'attachment; filename="registry.csv"'}
    text = feed.as_csv(register.schema, records)
    return Response(text, media_type="text/csv; charset=utf-8", headers={**OPEN_DATA, **named})


@router.get(f"{ADDRESS}.atom")
async def as_atom(request: Request) -> Response:
    """What was published, changed and taken back, as an Atom feed."""
    register = register_of(request)
    found = await asyncio.to_thread(register.changes)
    body = changes.as_atom(found, began=NOTHING_YET)
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=dict(OPEN_DATA))


@router.get(f"{ADDRESS}/schema.json")
async def schema(request: Request) -> Response:
    """What a record may hold, as a JSON Schema."""
    document = json_schema(register_of(request).schema)
    return JSONResponse(document, headers=dict(OPEN_DATA), media_type="application/schema+json")


@router.get(f"{ADDRESS}/{{record}}.atrs.json")
async def as_atrs(request: Request, record: str) -> Response:
    """One record in the attributes of the British standard."""
    register = register_of(request)
    found = await _find_or_fail(register, record)
    document = atrs.to_atrs(register.schema, found.id, found.values, found.phase)
    return JSONResponse(document, headers=dict(OPEN_DATA))


@router.get(f"{ADDRESS}/{{record}}.nl.json")
async def as_dutch(request: Request, record: str) -> Response:
    """One record in the fields of the Dutch register."""
    register = register_of(request)
    found = await _find_or_fail(register, record)
    document = dutch.to_dutch(register.schema, found.id, found.values, found.dutch_status)
    return JSONResponse(document, headers=dict(OPEN_DATA))


@router.api_route(f"{ADDRESS}/{{record}}", methods=["GET", "HEAD"])
async def show_record(
    request: Request, record: str, lang: Literal["ko", "en"] = "ko", sent: bool = False
) -> Response:
    """One record in plain words, in Korean or English."""
    register = register_of(request)
    found = await _find(register, record)
    if found is None:
        gone = await asyncio.to_thread(register.withdrawn, record)
        status = 404 if gone is None else 410
        return HTMLResponse(render("registry_none.html", gone=gone), status_code=status, headers=dict(_PAGE))
    if lang == "en":
        parts = list(english.sections(register.schema, found))
        html = render("registry_record_en.html", one=found, sections=parts, stage=english.STAGES[found.stage])
        return HTMLResponse(html, headers=dict(_PAGE))
    return await _page(request, found, sent=sent)


@router.post(f"{ADDRESS}/{{record}}/opinion")
async def say(request: Request, record: str) -> Response:
    """What somebody without an account says of a record; staff look at it."""
    # There is no account to misuse; this keeps other sites from sending in their visitors' names.
    if is_from_foreign_page(request) and request.headers.get("sec-fetch-site") != "same-origin":
        raise ProblemError(problems.NOT_ALLOWED, "an opinion is sent from the record's own page")
    fields = await read_fields(request, limit=OPINION_BYTES, most=OPINION_FIELDS)
    register = register_of(request)
    found = await _find_or_fail(register, record)
    limits: Limits = request.app.state.limits
    limits.check("opinions", address_of(request.scope))
    limits.check("opinions_of_all", EVERYBODY)
    kind, text = fields.get("kind", ""), fields.get("text", "")
    try:
        if kind not in OPINIONS:
            raise InputError("무엇에 대한 말씀인지 골라 주세요.")
        await asyncio.to_thread(register.say, found, kind, text)
    except InputError as error:
        return await _page(request, found, status=422, fault=error.message, text=text, kind=kind)
    return RedirectResponse(f"{ADDRESS}/{found.id}?sent=1#feedback", status_code=303)


async def _page(
    request: Request,
    found: Shown,
    *,
    status: int = 200,
    sent: bool = False,
    fault: str = "",
    text: str = "",
    kind: str = "",
) -> HTMLResponse:
    html = render(
        "registry_record.html",
        **_told(register_of(request), found),
        incidents=await incidents_of(request, found.id),
        sent=sent,
        fault=fault,
        text=text,
        kind=kind,
    )
    return HTMLResponse(html, status_code=status, headers=dict(_PAGE))


async def incidents_of(connection: HTTPConnection, record: str) -> tuple[Incident, ...]:
    """The incidents of a system that the public may read of; of this program's own services, engines and
    knowledge too, which stand in its record."""
    services = services_of(connection)
    if services.incidents is None or services.process is None:
        return ()
    subjects = {f"system/{record}"}
    if record == OWN:
        own = (one.subject for one in await services.process.board())
        subjects |= {str(one) for one in own if one.kind in PARTS}
    return await services.incidents.public(subjects)


def register_of(connection: HTTPConnection) -> Register:
    """The register.

    Raises:
        ProblemError: none is kept here.
    """
    register = services_of(connection).register
    if register is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no register")
    return register


def _told(register: Register, found: Shown) -> dict[str, Any]:
    schema = register.schema
    # What is not public is missing to nobody here.
    public = {spec.name for spec in schema if spec.public}
    gaps = missing(schema, found.values, found.stage)
    names = [one.title for one in gaps if one.field.partition(".")[0].partition("[")[0] in public]
    return {
        "one": found,
        "sections": schema.sections,
        "cells": cells,
        "missing": names,
        "mail": found.values.get("contact_email"),
        "opinions": OPINIONS,
    }


async def _find(register: Register, record: str) -> Shown | None:
    return next(iter(await asyncio.to_thread(register.published, record)), None)


async def _find_or_fail(register: Register, record: str) -> Shown:
    found = await _find(register, record)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "no such record is public")
    return found


def _in_order_of_stages(record: Shown) -> int:
    return list(STAGES).index(record.stage)
