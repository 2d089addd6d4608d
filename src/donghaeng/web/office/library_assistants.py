"""`/office/library/assistants`: a department's assistant: a set, words around its answers, who may use it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.office.library.desk import MOST_QUESTION, Instructions
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission, Role
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.office.library import (
    LIBRARY,
    SET,
    Identity,
    Number,
    Official,
    Sets,
    answered,
    document_page,
    told,
)

ASSISTANT = f"{LIBRARY}/assistants/{{assistant}}"
HELD = "지금은 답하지 않는 도우미예요. 관제의 심사에서 시범이나 운영 단계가 되면 답해요."

router = APIRouter(include_in_schema=False)
User = Annotated[Staff, Depends(requires(Permission.LEARNING))]


@router.post(f"{SET}/assistants")
async def make(request: Request, staff: Official, desk: Sets, set_id: Identity) -> Response:
    """Make an assistant over a set, and open it."""
    fields = await read_fields(request)
    departments = tuple(one for one in map(str.strip, fields.get("departments", "").split(",")) if one)
    roles = tuple(role.value for role in Role if fields.get(f"role_{role.value}") == "1")
    with told():
        row = await desk.make_assistant(
            staff.id,
            set_id,
            Instructions(
                name=fields.get("name", ""),
                greeting=fields.get("greeting", ""),
                topics=fields.get("topics", ""),
                closing=fields.get("closing", ""),
                departments=departments,
                roles=roles,
            ),
        )
    return Response(status_code=204, headers={"HX-Redirect": f"{LIBRARY}/assistants/{row.id}"})


@router.api_route(ASSISTANT, methods=["GET", "HEAD"])
async def open_assistant(request: Request, staff: User, desk: Sets, assistant: Identity) -> Response:
    """An assistant with its greeting."""
    with told():
        row, serves = await desk.assistant(staff.id, assistant)
    return page(
        request,
        "library_assistant.html",
        staff,
        row=row,
        serves=serves,
        held=HELD,
        most_question=MOST_QUESTION,
        ask=f"{LIBRARY}/assistants/{assistant}/ask",
    )


@router.post(f"{ASSISTANT}/ask")
async def ask(request: Request, staff: User, desk: Sets, assistant: Identity) -> Response:
    """Answer a question, while the control tower lets the assistant answer."""
    fields = await read_fields(request)
    with told():
        answer = await desk.ask_assistant(
            staff.id, assistant, fields.get("question", ""), about=fields.get("about") or None
        )
    if answer is None:
        return part("alert.html", 503, words=HELD)
    return answered(answer, f"{LIBRARY}/assistants/{assistant}/documents", staff)


@router.api_route(f"{ASSISTANT}/documents/{{document}}", methods=["GET", "HEAD"])
async def open_document(
    request: Request,
    staff: User,
    desk: Sets,
    *,
    assistant: Identity,
    document: Identity,
    version: Number = None,
    p: Number = None,
) -> Response:
    """A document that the assistant answered from."""
    with told():
        versions = await desk.passage_through(staff.id, assistant, document)
    return document_page(
        request, staff, versions, version, p, back=f"{LIBRARY}/assistants/{assistant}", own=False
    )
