"""`/office/drafts`: the list of drafts, and the facts and passages that one is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError, DraftIncomplete, InputError, RecordChanged
from donghaeng.office.drafts.composing import gaps, preview
from donghaeng.office.drafts.content import merged_fields
from donghaeng.office.drafts.desk import View
from donghaeng.office.drafts.fields import facts_of
from donghaeng.office.drafts.model import MARK, Extract
from donghaeng.office.writing import Writing
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import page, part, render
from donghaeng.web.console.service_parts import names_of
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.console.tower_forms import led_to, version_of
from donghaeng.web.office.draft_words import WRONG, alert
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

DRAFTS: Final = "/office/drafts"
ONE: Final = f"{DRAFTS}/{{draft}}"
LIMIT_BYTES: Final = 2_000_000
"""A form: 200,000 syllables, each written as nine characters, and what stands beside them."""
MOST_FIELDS: Final = 120
_MET: Final = (
    "그사이에 동료가 저장해서 아직 저장하지 않았어요. 두 사람이 적은 것을 모았으니"
    " 살펴보고 다시 저장해 주세요."
)

router = APIRouter(include_in_schema=False)


async def writing_of(connection: HTTPConnection) -> Writing:
    """The writing desk.

    Raises:
        ProblemError: there is none here.
    """
    writing = services_of(connection).writing
    if writing is None:
        raise ProblemError(problems.NOT_FOUND, "nobody writes drafts on this server")
    return writing


Official = Annotated[Staff, Depends(requires(Permission.OFFICE))]
Desk = Annotated[Writing, Depends(writing_of)]
DraftId = Annotated[str, Path(pattern=r"^dr_[a-z]{1,40}$")]


@router.api_route(DRAFTS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Official, desk: Desk) -> Response:
    """Somebody's drafts and those shared with them."""
    return page(
        request,
        "drafts.html",
        staff,
        rows=await desk.drafts.rows(staff.id),
        deleted=await desk.drafts.rows(staff.id, deleted=True),
        kinds=list(desk.drafts.templates().values()),
        names=await names_of(request),
    )


@router.post(DRAFTS)
async def begin(request: Request, staff: Official, desk: Desk) -> Response:
    """Begin a draft."""
    fields = await read_fields(request)
    try:
        draft = await desk.drafts.begin(staff.id, fields.get("kind", ""))
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{DRAFTS}/{draft}")


@router.post(f"{DRAFTS}/passages")
async def hand_over(request: Request, staff: Official, desk: Desk) -> Response:
    """Put a passage of a document into a draft: into the one that is named, else asks into which."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    passage = _passage(fields)
    if not fields.get("draft"):
        rows = await desk.drafts.rows(staff.id)
        return part("draft_choose.html", rows=rows, passage=passage, done=None)
    try:
        view = await desk.drafts.add_passage(staff.id, fields["draft"], passage)
    except DonghaengError as error:
        return alert(error)
    return part("draft_choose.html", rows=[], passage=passage, done=view)


@router.api_route(ONE, methods=["GET", "HEAD"])
async def open_draft(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """The facts and passages of a draft, and what they make."""
    view = await _known(desk, staff, draft)
    return page(
        request,
        "draft.html",
        staff,
        view=view,
        facts=facts_part(view),
        passages=render("draft_passages.html", view=view, fault=""),
        preview=_preview(desk, view, view.content.typed),
    )


@router.post(f"{ONE}/facts")
async def save_facts(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Keep the facts, and make the text of them where that is asked for; what is missing is told in place."""
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    typed, version = _typed(fields), version_of(fields) or 0
    try:
        try:
            view = await desk.drafts.save_facts(staff.id, draft, typed, version=version)
        except RecordChanged:
            return await _met(desk, staff, draft, typed, version)
        if fields.get("do") != "compose":
            return _facts(view, told="저장했어요.")
        try:
            view, kept = await desk.drafts.compose(
                staff.id, draft, version=view.version, afresh=fields.get("afresh") == "1"
            )
        except DraftIncomplete:
            return _facts(view, faults=True)
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{DRAFTS}/{draft}/text" + (f"?kept={kept}" if kept else ""))


@router.post(f"{ONE}/preview")
async def show_preview(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """What the facts that are typed now would make; nothing is kept."""
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    view = await _known(desk, staff, draft)
    return HTMLResponse(_preview(desk, view, _typed(fields)))


@router.post(f"{ONE}/passages")
async def add_passage(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Add a passage, word for word with its source."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    try:
        view = await desk.drafts.add_passage(staff.id, draft, _passage(fields))
    except InputError as error:
        if error.http_status != InputError.http_status:
            return alert(error)
        view = await _known(desk, staff, draft)
        return _changed(part("draft_passages.html", view=view, fault=WRONG))
    return _changed(part("draft_passages.html", view=view, fault=""))


@router.post(f"{ONE}/passages/drop")
async def drop_passage(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Take a passage out."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    try:
        view = await desk.drafts.drop_passage(staff.id, draft, _passage(fields))
    except DonghaengError as error:
        return alert(error)
    return _changed(part("draft_passages.html", view=view, fault=""))


@router.post(f"{ONE}/delete")
async def delete(staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Put a draft away."""
    try:
        await desk.drafts.delete(staff.id, draft)
    except DonghaengError as error:
        return alert(error)
    return led_to(DRAFTS)


@router.post(f"{ONE}/restore")
async def restore(staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Bring a draft back."""
    try:
        await desk.drafts.delete(staff.id, draft, undo=True)
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{DRAFTS}/{draft}")


def facts_part(
    view: View,
    *,
    typed: Mapping[str, str] | None = None,
    faults: bool = False,
    told: str = "",
    theirs: Mapping[str, str] | None = None,
) -> str:
    """The form of facts.

    Args:
        view: the draft.
        typed: what was typed and is not kept; else what is kept.
        faults: tell what is missing too.
        told: what came of the last step.
        theirs: what a colleague wrote in fields that both changed.
    """
    shown = view.content.typed if typed is None else typed
    given = facts_of(view.template, shown)
    found: dict[str, str] = {}
    if faults:
        found = {fault.field: fault.words for fault in gaps(view.template, given, view.content.passages)}
    return render(
        "draft_facts.html", view=view, typed=shown, faults=found, told=told, theirs=dict(theirs or {})
    )


async def known(desk: Writing, staff: Staff, draft: str) -> View:
    """A draft that somebody may see.

    Raises:
        ProblemError: there is none.
    """
    try:
        return await desk.drafts.open(staff.id, draft)
    except DonghaengError:
        raise ProblemError(problems.NOT_FOUND, "no such draft") from None


_known = known


def _facts(view: View, **how: Any) -> Response:
    response = HTMLResponse(facts_part(view, **how))
    response.headers["HX-Trigger"] = "drafted"
    return response


async def _met(desk: Writing, staff: Staff, draft: str, typed: Mapping[str, str], base: int) -> Response:
    """Two people's facts: what only one changed is put together, for the rest both are shown."""
    view = await desk.drafts.open(staff.id, draft)
    before = await desk.drafts.open(staff.id, draft, base)
    names = [one.name for one in view.template.fields]
    together, both = merged_fields(before.content.typed, typed, view.content.typed, names)
    return _facts(view, typed=together, told=_MET, theirs=both)


def _preview(desk: Writing, view: View, typed: Mapping[str, str]) -> str:
    about = desk.drafts.about(view)
    given = facts_of(view.template, typed)
    made = preview(view.template, given, view.content.passages, about)
    missing = len(gaps(view.template, given, view.content.passages))
    return render("draft_preview.html", blocks=made.blocks, mark=MARK, missing=missing)


def _typed(fields: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("f."): words.replace("\r\n", "\n")
        for name, words in fields.items()
        if name.startswith("f.")
    }


def _passage(fields: Mapping[str, str]) -> Extract:
    return Extract(fields.get("text", ""), fields.get("source", ""), fields.get("place", ""))


def _changed(response: Response) -> Response:
    response.headers["HX-Trigger"] = "drafted"
    return response
