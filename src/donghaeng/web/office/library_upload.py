"""`POST /office/library/sets/ID/files`: one file as the whole body, as at `/console/knowledge/files`."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.knowledge.documents.limits import LIMITS
from donghaeng.knowledge.shelf import ShelfFull
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.store.office import VersionRow
from donghaeng.web import problems
from donghaeng.web.console.knowledge import Documents, refusal, told_in_korean
from donghaeng.web.console.knowledge_upload import NAME_HEADER, UPLOAD_SECONDS, file_name
from donghaeng.web.console.knowledge_words import FAULTS, FULL
from donghaeng.web.console.rendering import part
from donghaeng.web.office.library import SET, Identity, Official, Sets, told
from donghaeng.web.problems import RETRY_SECONDS, ProblemError
from donghaeng.web.uploads import read_upload

router = APIRouter(include_in_schema=False)


@router.post(f"{SET}/files")
async def upload(
    request: Request, staff: Official, desk: Sets, shelf: Documents, set_id: Identity
) -> Response:
    """Take a file, read it apart, keep it. Answers when that is done, with what came of it."""
    try:
        row = await _take(request, shelf, desk, staff.id, set_id)
    except ProblemError as error:
        too_large = error.kind is problems.TOO_LARGE
        words = FAULTS["too_large"] if too_large else error.kind.title
        answer: Response = part("library_uploaded.html", error.kind.status, row=None, words=words)
        answer.headers.update(error.headers)
        return answer
    return part("library_uploaded.html", row=row, words=_words(row))


async def _take(request: Request, shelf: Documents, desk: LibraryDesk, staff: str, set_id: str) -> VersionRow:
    try:
        with told(), told_in_korean():
            name = file_name(request.headers.get(NAME_HEADER, ""))
            # Before the file is received: to a set of others nobody sends fifty megabytes.
            await desk.open_set(staff, set_id)
        async with shelf.place():
            data = await read_upload(request, LIMITS.file_bytes, UPLOAD_SECONDS)
            with told(), told_in_korean():
                return await shelf.reading(partial(desk.add, staff, set_id, name, data))
    except ShelfFull:
        full = refusal(503, FULL)
        full.headers["Retry-After"] = str(RETRY_SECONDS)
        raise full from None


def _words(row: VersionRow) -> str:
    if row.version > 1:
        return f"{row.version}판으로 넣었어요. 앞의 판은 남아 있어요."
    return f"넣었어요. 대목 {len(row.passages)}개."
