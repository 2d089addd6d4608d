"""`/console/knowledge`: the documents that answers are made of, and what their owners do with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import CatalogueError, DocumentRefused
from donghaeng.knowledge.catalogue_sets import CatalogueSet, catalogue_sets
from donghaeng.knowledge.due import Due, due, tally
from donghaeng.knowledge.library import Library
from donghaeng.knowledge.shelf import Shelf
from donghaeng.knowledge.two_persons import may_mark, may_publish
from donghaeng.people.accounts import Staff
from donghaeng.store.document_steps import Step
from donghaeng.store.document_tables import OPERATOR
from donghaeng.store.knowledge import PassageRow, VersionRow
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.knowledge_words import (
    FAULTS,
    FORBIDDEN,
    KINDS,
    MOST_MB,
    NO_DAY,
    OPERATOR_WORDS,
    SUFFIXES,
    UNKNOWN,
)
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.session import accounts_of, read_fields, requires
from donghaeng.web.problems import Kind, ProblemError
from donghaeng.web.services import services_of

KNOWLEDGE: Final = "/console/knowledge"
DOCUMENT: Final = f"{KNOWLEDGE}/{{document}}"
VERSION: Final = f"{DOCUMENT}/versions/{{version}}"
ROWS_SHOWN: Final = 50
"""Documents or passages that one page shows."""
T = TypeVar("T")

EDITING: Final = (Depends(requires(Permission.KNOWLEDGE_EDIT)),)

router = APIRouter(include_in_schema=False, dependencies=EDITING)


def shelf_of(connection: HTTPConnection) -> Shelf:
    """The documents.

    Raises:
        ProblemError: there are none here.
    """
    shelf = services_of(connection).shelf
    if shelf is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no documents")
    return shelf


Editor = Annotated[Staff, Depends(requires(Permission.KNOWLEDGE_EDIT))]
Documents = Annotated[Shelf, Depends(shelf_of)]
DocumentId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Words = Annotated[str, Query(max_length=200)]
From = Annotated[int, Query(alias="from", ge=0, le=2**31 - 1)]


@router.api_route(KNOWLEDGE, methods=["GET", "HEAD"])
async def show(
    request: Request,
    staff: Editor,
    shelf: Documents,
    *,
    q: Words = "",
    only: Annotated[str, Query(max_length=20)] = "",
    begin: From = 0,
) -> Response:
    """Every document, those that are due first; the list alone where htmx asks."""
    today, entries = await shelf.do(lambda library: (library.today(), library.entries(q)))
    counts = tally((one.current for one in entries), today)
    wanted = [one for one in entries if _wanted(one.current, one.draft, only, today)]
    values: dict[str, Any] = {
        "to_look_at": sum(one.draft is not None and may_publish(one.draft, staff.id) for one in entries)
        + sum(one.current.state == "draft" and may_publish(one.current, staff.id) for one in entries),
        "entries": [(one, due(one.current, today)) for one in wanted[begin : begin + ROWS_SHOWN]],
        "counts": counts,
        "total": len(wanted),
        "begin": begin,
        "next_begin": begin + ROWS_SHOWN if begin + ROWS_SHOWN < len(wanted) else None,
        "q": q,
        "only": only,
    }
    if "hx-request" in request.headers:
        return part("knowledge_list.html", **values)
    sets = await sets_of(request, today)
    departments = sorted({one.current.department for one in entries})
    upload = render_upload(departments=departments)
    return page(request, "knowledge.html", staff, upload=upload, sets=sets, **values)


@router.api_route(DOCUMENT, methods=["GET", "HEAD"])
async def open_document(
    request: Request,
    staff: Editor,
    shelf: Documents,
    *,
    document: DocumentId,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    q: Words = "",
    only: Annotated[str, Query(max_length=20)] = "",
    begin: From = 0,
) -> Response:
    """A document: its versions, and the passages of one of them."""
    view = await _look(request, shelf, document, version)
    words = q.lower().split()
    found = [
        one
        for one in view.passages
        if (only != "unverified" or not one.verified)
        and all(word in f"{one.title} {one.text}".lower() for word in words)
    ]
    shown = _document(view, staff, found=found, begin=begin, q=q, only=only)
    if "hx-request" in request.headers:
        return HTMLResponse(shown, headers=HEADERS)
    now = view.versions[0]
    upload = render_upload(departments=[now.department], now=view.shown)
    return page(request, "document.html", staff, shown=shown, upload=upload, title=view.shown.title)


@router.post(f"{VERSION}/publish")
async def publish(
    request: Request, staff: Editor, shelf: Documents, *, document: DocumentId, version: Number
) -> Response:
    """Serve a version that somebody else added in place of the one before."""
    await _do(shelf, lambda library: library.publish(document, version, staff=staff.id))
    words = f"{version}판을 써요. 몇 초 안에 답에 나와요."
    return await _changed(request, staff, shelf, document, version, words=words)


@router.post(f"{DOCUMENT}/withdraw")
async def withdraw(request: Request, staff: Editor, shelf: Documents, document: DocumentId) -> Response:
    """Serve it no more, which one person may; the version that was served can be taken back with one key,
    unless it is a passage of the review: that goes back to its two persons."""

    def work(library: Library) -> tuple[VersionRow, bool]:
        before = library.version(document)
        library.withdraw(document, staff=staff.id)
        return before, library.is_of_review(document)

    before, of_review = await _do(shelf, work)
    comes_back = before.state == "published" and not of_review and may_publish(before, staff.id)
    words = "거두었어요. 몇 초 안에 답에서 빠져요. 판은 모두 남아 있어요."
    return await _changed(
        request,
        staff,
        shelf,
        document,
        before.version,
        words=words,
        undo=before.version if comes_back else None,
    )


@router.post(f"{VERSION}/review")
async def review(
    request: Request, staff: Editor, shelf: Documents, *, document: DocumentId, version: Number
) -> Response:
    """Somebody has looked at it: when to look again."""
    day = day_of(await read_fields(request), "review_by")
    if day is None:
        raise refusal(422, NO_DAY)
    await _do(shelf, lambda library: library.review(library.version(document, version), day))
    return await _changed(request, staff, shelf, document, version, words="다시 볼 날을 적었어요.")


@router.post(f"{VERSION}/verify")
async def verify_all(
    request: Request, staff: Editor, shelf: Documents, *, document: DocumentId, version: Number
) -> Response:
    """Somebody has read all of a version in its source."""

    def work(library: Library) -> int:
        return library.verify(library.version(document, version), staff=staff.id)

    words = f"대목 {await _do(shelf, work)}개를 확인했다고 적었어요."
    return await _changed(request, staff, shelf, document, version, words=words)


@router.post(f"{VERSION}/passages/{{number}}")
async def verify(
    request: Request,
    staff: Editor,
    shelf: Documents,
    *,
    document: DocumentId,
    version: Number,
    number: Number,
) -> Response:
    """Mark one passage as read in its source, or take the mark away."""
    verified = (await read_fields(request)).get("verified") == "1"

    def work(library: Library) -> tuple[VersionRow, PassageRow]:
        library.verify(library.version(document, version), [number], verified=verified, staff=staff.id)
        row = library.version(document, version)
        return row, library.passages(row)[number - 1]

    row, passage = await _do(shelf, work)
    return part("passage_changed.html", row=row, one=passage, markable=may_mark(row, staff.id))


async def sets_of(connection: HTTPConnection, today: date) -> list[CatalogueSet]:
    """The catalogue's own passages by file; none while a file is wrong, which `knowledge check` tells."""
    folder = services_of(connection).settings.catalogue / "knowledge"
    try:
        return await asyncio.to_thread(catalogue_sets, folder, today)
    except (CatalogueError, OSError):
        return []


@dataclass(frozen=True, slots=True)
class View:
    """What a page about a document shows."""

    today: date
    versions: Sequence[VersionRow]
    shown: VersionRow
    passages: Sequence[PassageRow]
    history: Sequence[Step]
    names: Mapping[str, str]
    """Of accounts."""
    measurable: bool
    """Whether what publishing it changes can be measured here: of a version that was not in force yet."""
    measured: bool


def render_upload(*, departments: Sequence[str], now: VersionRow | None = None) -> str:
    """The form for files; for the next version of one document where ``now`` is given."""
    return render(
        "upload_form.html", departments=departments, now=now, kinds=KINDS, suffixes=SUFFIXES, most_mb=MOST_MB
    )


def refusal(status: int, words: str) -> ProblemError:
    """A problem that the page tells in these Korean words."""
    return ProblemError(Kind("document-refused", status, words), "the document is refused")


@contextmanager
def told_in_korean() -> Iterator[None]:
    """Turns refusals of the library into problems.

    Raises:
        ProblemError: the library refused.
    """
    try:
        yield
    except DocumentRefused as error:
        status = 404 if error.fault in UNKNOWN else 403 if error.fault in FORBIDDEN else 422
        raise refusal(status, FAULTS[error.fault]) from error


def day_of(fields: dict[str, str], name: str) -> date | None:
    """A day of a form; None where it was left empty.

    Raises:
        ProblemError: it is no day.
    """
    written = fields.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise refusal(422, NO_DAY) from None


async def _do(shelf: Shelf, work: Callable[[Library], T]) -> T:
    with told_in_korean():
        return await shelf.do(work)


async def _look(request: Request, shelf: Shelf, document: str, version: int | None) -> View:
    names = {OPERATOR: OPERATOR_WORDS}
    names |= {row.id: row.shown_name for row in await accounts_of(request).everyone()}

    effects = services_of(request).document_effects

    def work(library: Library) -> View:
        shown = library.version(document, version)
        versions, passages = library.versions(document), library.passages(shown)
        steps = library.history(document)
        measurable = effects is not None and shown.state != "published" and shown.published_by is None
        return View(library.today(), versions, shown, passages, steps, names, measurable, measured=False)

    view = await _do(shelf, work)
    if effects is None or not view.measurable:
        return view
    effect = await effects.look(view.shown.document_id, view.shown.version)
    return replace(view, measured=effect is not None and effect.is_fresh and effect.row.state == "done")


async def _changed(
    request: Request,
    staff: Staff,
    shelf: Shelf,
    document: str,
    version: int,
    *,
    words: str,
    undo: int | None = None,
) -> Response:
    view = await _look(request, shelf, document, version)
    return HTMLResponse(_document(view, staff, found=view.passages, words=words, undo=undo), headers=HEADERS)


def _document(
    view: View,
    staff: Staff,
    *,
    found: Sequence[PassageRow],
    begin: int = 0,
    q: str = "",
    only: str = "",
    words: str | None = None,
    undo: int | None = None,
) -> str:
    return render(
        "document_part.html",
        row=view.shown,
        versions=view.versions,
        today=view.today,
        standing=due(view.shown, view.today),
        passages=found[begin : begin + ROWS_SHOWN],
        total=len(found),
        begin=begin,
        next_begin=begin + ROWS_SHOWN if begin + ROWS_SHOWN < len(found) else None,
        q=q,
        only=only,
        words=words,
        undo=undo,
        publishable=may_publish(view.shown, staff.id),
        markable=may_mark(view.shown, staff.id),
        history=view.history,
        measurable=view.measurable,
        measured=view.measured,
        names=view.names,
    )


def _wanted(row: VersionRow, draft: VersionRow | None, only: str, today: date) -> bool:
    match only:
        case "due":
            return due(row, today) is not Due.NOT
        case "silent":
            return row.state == "published" and row.verified < row.passages
        case "draft":
            return draft is not None or row.state == "draft"
        case "withdrawn":
            return row.state == "withdrawn"
        case _:
            return row.state != "withdrawn"
