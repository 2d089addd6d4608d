"""`POST /console/knowledge/files`: one file as the whole body of a request.

Its name stands percent-encoded in ``X-File-Name``; what is said of it in ``X-Details``, encoded as a form:
``department``, ``owner``, ``source``, ``review_by``, ``valid_from``, ``valid_until`` (``2027-03-31``),
``verified=1``, and ``document`` with the id of the document whose next version it is. It is kept as a
draft: another account publishes it. These are
headers and the body is not multipart: the limit holds while the file comes, and none of it is parsed here. A
query would stand in the logs of proxies.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.documents.limits import LIMITS
from donghaeng.knowledge.library import Added
from donghaeng.knowledge.shelf import Shelf, ShelfFull
from donghaeng.web import problems
from donghaeng.web.console.knowledge import (
    EDITING,
    KNOWLEDGE,
    Documents,
    Editor,
    day_of,
    refusal,
    told_in_korean,
)
from donghaeng.web.console.knowledge_words import FAULTS, FULL, added_words
from donghaeng.web.console.rendering import part
from donghaeng.web.problems import RETRY_SECONDS, ProblemError
from donghaeng.web.uploads import read_upload

FILES: Final = f"{KNOWLEDGE}/files"
NAME_HEADER: Final = "X-File-Name"
DETAILS_HEADER: Final = "X-Details"

UPLOAD_SECONDS: Final = 600.0
"""For one file; it holds one of a few places meanwhile."""

router = APIRouter(include_in_schema=False, dependencies=EDITING)


@router.post(FILES)
async def upload(request: Request, staff: Editor, shelf: Documents) -> Response:
    """Take a file, read it apart, keep it. Answers when that is done, with what came of it."""
    try:
        added = await _take(request, shelf, staff.id)
    except ProblemError as error:
        too_large = error.kind is problems.TOO_LARGE
        words = FAULTS["too_large"] if too_large else error.kind.title
        answer: Response = part("uploaded.html", error.kind.status, added=None, words=words)
        answer.headers.update(error.headers)
        return answer
    return part("uploaded.html", added=added, words=added_words(added))


async def _take(request: Request, shelf: Shelf, staff: str) -> Added:
    fields = _details_of(request)
    details = Details(
        department=fields.get("department", "").strip(),
        owner=fields.get("owner", "").strip(),
        source=fields.get("source", "").strip() or None,
        review_by=day_of(fields, "review_by"),
        valid_from=day_of(fields, "valid_from"),
        valid_until=day_of(fields, "valid_until"),
        verified=fields.get("verified") == "1",
    )
    document = fields.get("document")
    try:
        # Before the file is received: who left the department out need not wait for fifty megabytes.
        with told_in_korean():
            details.check()
            name = file_name(request.headers.get(NAME_HEADER, ""))
            if document:
                name = (await shelf.do(lambda library: library.version(document))).name
        async with shelf.place():
            data = await read_upload(request, LIMITS.file_bytes, UPLOAD_SECONDS)
            with told_in_korean():
                return await shelf.add(name, data, details, staff=staff)
    except ShelfFull:
        full = refusal(503, FULL)
        full.headers["Retry-After"] = str(RETRY_SECONDS)
        raise full from None


def file_name(given: str) -> str:
    """The name of a document from that of a file, percent-encoded: without folders, in composed syllables, as
    some systems write Hangul in single letters.

    Raises:
        DocumentRefused: there is none.
    """
    name = PurePosixPath(unicodedata.normalize("NFC", unquote(given)).replace("\\", "/")).name.strip()
    if not name.isprintable() or not name.strip("."):
        raise DocumentRefused("name", "a file without a name", remedy="name the file")
    return name


def _details_of(request: Request) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            request.headers.get(DETAILS_HEADER, ""),
            keep_blank_values=True,
            max_num_fields=20,
            errors="strict",
        )
    except ValueError:
        raise ProblemError(problems.INVALID, f"{DETAILS_HEADER} is no form in UTF-8") from None
    return dict(pairs)
