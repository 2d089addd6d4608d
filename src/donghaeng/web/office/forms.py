"""`/office/forms`: a supplied HWPX form, its blanks listed and filled; nothing of it is kept.

The file is the whole body of a request, its name percent-encoded in ``X-File-Name``: the limit holds while
it comes, and it is opened only in a process apart. To fill it, the body is the values as JSON, a line feed
and the file.
"""

from __future__ import annotations

import json
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends
from pydantic import StringConstraints, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DocumentRefused, DonghaengError
from donghaeng.knowledge.documents.limits import LIMITS
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.trust.virus_scanner import chunks_of
from donghaeng.web.bodies import read_body
from donghaeng.web.console.knowledge_upload import NAME_HEADER, file_name
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import requires
from donghaeng.web.office.draft_text import TYPES
from donghaeng.web.office.draft_words import alert
from donghaeng.web.office.drafts import Desk
from donghaeng.web.uploads import look_through, read_upload

FORMS: Final = "/office/forms"
MOST_MB: Final = LIMITS.file_bytes // 1_000_000
VALUES_BYTES: Final = 500_000
MOST_VALUES: Final = 500
"""Blanks of one form."""
SECONDS: Final = 300.0
"""For a file to come."""
_VALUES: Final = TypeAdapter(
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=200)],
        Annotated[str, StringConstraints(max_length=10_000)],
    ]
)

router = APIRouter(include_in_schema=False)
Official = Annotated[Staff, Depends(requires(Permission.OFFICE))]


@router.api_route(FORMS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Official) -> Response:
    """Where a form is chosen."""
    return page(request, "office_forms.html", staff, most_mb=MOST_MB)


@router.post(f"{FORMS}/blanks")
async def blanks(request: Request, staff: Official, desk: Desk) -> Response:
    """The labels of a form that want filling."""
    del staff
    try:
        name = file_name(request.headers.get(NAME_HEADER, ""))
        data = await read_upload(request, LIMITS.file_bytes, SECONDS)
        found = await desk.forms.blanks(name, data)
    except DonghaengError as error:
        return alert(error)
    return part("office_blanks.html", name=name, blanks=found)


@router.post(f"{FORMS}/fill")
async def fill(request: Request, staff: Official, desk: Desk) -> Response:
    """The filled form; the labels that it has not, percent-encoded in ``X-Missing``."""
    del staff
    try:
        name = file_name(request.headers.get(NAME_HEADER, ""))
        body = await read_body(request, LIMITS.file_bytes + VALUES_BYTES, SECONDS)
        told, _, data = body.partition(b"\n")
        await look_through(request, chunks_of(data))
        filled = await desk.forms.fill(name, data, _values(told))
    except DonghaengError as error:
        return alert(error)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
        "X-Filled": str(len(filled.applied)),
        "X-Missing": quote(", ".join(filled.missing)),
    }
    return Response(filled.data, media_type=TYPES["hwpx"], headers=headers)


def _values(told: bytes) -> dict[str, str]:
    """The values by label; blank ones are left out."""
    try:
        values = _VALUES.validate_python(json.loads(told))
    except (ValueError, ValidationError, RecursionError):
        raise DocumentRefused("letters", "values are no object of texts", remedy="send JSON") from None
    if len(values) > MOST_VALUES:
        raise DocumentRefused("letters", "more values than any form has", remedy="send fewer")
    return {name: value.strip() for name, value in values.items() if value.strip()}
