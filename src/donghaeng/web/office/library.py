"""`/office/library`: officials' document sets: questions over them, the place of each sentence, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from donghaeng.errors import InputError
from donghaeng.office.library.answering import Answer
from donghaeng.office.library.desk import MOST_NAME, MOST_QUESTION, LibraryDesk, NotThere, Opened
from donghaeng.people.accounts import Staff
from donghaeng.store.office import VersionRow
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.knowledge import refusal
from donghaeng.web.console.knowledge_words import KINDS, MOST_MB, SUFFIXES
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

LIBRARY: Final = "/office/library"
SET: Final = f"{LIBRARY}/sets/{{set_id}}"
DOCUMENT: Final = f"{LIBRARY}/documents/{{document}}"
NOT_THERE: Final = "그 문서함이나 문서를 찾을 수 없어요. 함께 쓰는 부서가 아니면 보이지 않아요."
WRONG: Final = "적은 내용을 다시 봐 주세요. 비었거나 너무 길거나, 계정에 부서가 적혀 있지 않아요."

router = APIRouter(include_in_schema=False)


def desk_of(connection: HTTPConnection) -> LibraryDesk:
    """The sets.

    Raises:
        ProblemError: there are none here.
    """
    desk = services_of(connection).office_library
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no documents of officials")
    return desk


@contextmanager
def told() -> Iterator[None]:
    """Turns what the desk refuses into problems in Korean.

    Raises:
        ProblemError: it refused.
    """
    try:
        yield
    except NotThere as error:
        raise refusal(404, NOT_THERE) from error
    except InputError as error:
        raise refusal(422, WRONG) from error


Official = Annotated[Staff, Depends(requires(Permission.OFFICE))]
Sets = Annotated[LibraryDesk, Depends(desk_of)]
Identity = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.api_route(LIBRARY, methods=["GET", "HEAD"])
async def home(
    request: Request, staff: Annotated[Staff, Depends(requires(Permission.LEARNING))], desk: Sets
) -> Response:
    """The sets that somebody reads, and the assistants that they may use."""
    official = staff.may(Permission.OFFICE)
    return page(
        request,
        "library.html",
        staff,
        sets=await desk.sets(staff.id) if official else [],
        withdrawn=await desk.sets(staff.id, withdrawn=True) if official else [],
        assistants=await desk.assistants(staff.id),
        official=official,
        most_name=MOST_NAME,
    )


@router.post(f"{LIBRARY}/sets")
async def make_set(request: Request, staff: Official, desk: Sets) -> Response:
    """Make a set, and open it."""
    fields = await read_fields(request)
    with told():
        set_id = await desk.make_set(staff.id, fields.get("name", ""))
    return Response(status_code=204, headers={"HX-Redirect": f"{LIBRARY}/sets/{set_id}"})


@router.api_route(SET, methods=["GET", "HEAD"])
async def open_set(request: Request, staff: Official, desk: Sets, set_id: Identity) -> Response:
    """A set: ask it, fill it, share it; the list of its documents alone where htmx asks."""
    with told():
        opened = await desk.open_set(staff.id, set_id, withdrawn=True)
    if "hx-request" in request.headers:
        return part("library_shelf.html", **_shelf(opened))
    assistants = [one for one, _ in await desk.assistants(staff.id) if one.set == set_id]
    return page(
        request,
        "library_set.html",
        staff,
        **_shelf(opened),
        assistants=assistants,
        kinds=KINDS,
        suffixes=SUFFIXES,
        most_mb=MOST_MB,
        most_question=MOST_QUESTION,
        ask=f"{LIBRARY}/sets/{set_id}/ask",
    )


@router.post(f"{SET}/ask")
async def ask(request: Request, staff: Official, desk: Sets, set_id: Identity) -> Response:
    """Answer a question from the documents of a set, below those before."""
    fields = await read_fields(request)
    with told():
        answer = await desk.ask(
            staff.id, set_id, fields.get("question", ""), about=fields.get("about") or None
        )
    return answered(answer, f"{LIBRARY}/documents", staff)


@router.post(f"{SET}/share")
async def share(request: Request, staff: Official, desk: Sets, set_id: Identity) -> Response:
    """Let the department read and fill a set, or its owner alone again."""
    fields = await read_fields(request)
    with told():
        await desk.share(staff.id, set_id, shared=fields.get("shared") == "1")
    return Response(status_code=204, headers={"HX-Redirect": f"{LIBRARY}/sets/{set_id}"})


@router.post(f"{SET}/withdraw")
async def withdraw_set(request: Request, staff: Official, desk: Sets, set_id: Identity) -> Response:
    """Withdraw a set, or take it back."""
    withdrawn = (await read_fields(request)).get("withdrawn") == "1"
    with told():
        await desk.withdraw_set(staff.id, set_id, withdrawn=withdrawn)
    return Response(status_code=204, headers={"HX-Redirect": LIBRARY})


@router.api_route(DOCUMENT, methods=["GET", "HEAD"])
async def open_document(
    request: Request,
    staff: Official,
    desk: Sets,
    *,
    document: Identity,
    version: Number = None,
    p: Number = None,
) -> Response:
    """A document's passages, the one that an answer came from marked."""
    with told():
        versions = await desk.versions(staff.id, document)
    back = f"{LIBRARY}/sets/{versions[0].set}"
    return document_page(request, staff, versions, version, p, back=back, own=True)


@router.api_route(f"{DOCUMENT}/compare", methods=["GET", "HEAD"])
async def compare(
    request: Request,
    staff: Official,
    desk: Sets,
    *,
    document: Identity,
    old: Annotated[int, Query(ge=1, le=2**31 - 1)],
    new: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> Response:
    """Two versions side by side."""
    with told():
        found = await desk.compare(staff.id, document, old, new)
    changed = sum(section.changed for section in found.sections)
    return page(request, "library_compare.html", staff, found=found, changed=changed)


@router.post(f"{DOCUMENT}/withdraw")
async def withdraw(request: Request, staff: Official, desk: Sets, document: Identity) -> Response:
    """Leave a document out of answers, or take it back; the list with one key that undoes it."""
    withdrawn = (await read_fields(request)).get("withdrawn") == "1"
    with told():
        await desk.withdraw(staff.id, document, withdrawn=withdrawn)
        row = (await desk.versions(staff.id, document))[0]
        opened = await desk.open_set(staff.id, row.set, withdrawn=True)
    return part("library_shelf.html", **{**_shelf(opened), "undo": row if withdrawn else None})


def answered(answer: Answer, documents: str, staff: Staff) -> Response:
    """An answer as it is put below those before.

    Args:
        answer: what came of a question.
        documents: address under which its documents are opened.
        staff: who asked; its sentences go into drafts of who writes some.
    """
    return part(
        "library_answer.html", answer=answer, documents=documents, staff=staff, most_question=MOST_QUESTION
    )


def document_page(
    request: Request,
    staff: Staff,
    versions: list[VersionRow],
    version: int | None,
    marked: int | None,
    *,
    back: str,
    own: bool,
) -> Response:
    """The page of a document.

    Args:
        request: that it answers.
        staff: who reads.
        versions: of the document, newest first.
        version: which; the newest where None.
        marked: number of the passage that is marked.
        back: address that leads back.
        own: whether they may also compare and withdraw.
    """
    shown = next((one for one in versions if version in (None, one.version)), None)
    if shown is None:
        raise refusal(404, NOT_THERE)
    return page(
        request,
        "library_document.html",
        staff,
        row=shown,
        versions=versions,
        marked=marked,
        back=back,
        own=own,
    )


def _shelf(opened: Opened) -> Mapping[str, Any]:
    standing = [one for one in opened.documents if one.withdrawn_at is None]
    gone = [one for one in opened.documents if one.withdrawn_at is not None]
    return {"opened": opened, "row": opened.row, "documents": standing, "gone": gone, "undo": None}
