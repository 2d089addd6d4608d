"""`/office/drafts/{draft}/text`: the text of a draft, edited, judged, merged, exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError, InputError, RecordChanged
from donghaeng.office.drafts.checking import changed
from donghaeng.office.drafts.desk import View
from donghaeng.office.drafts.editing import Rows, draft_of, plain, reshaped
from donghaeng.office.drafts.merging import Choice, clashes
from donghaeng.office.drafts.model import MARK
from donghaeng.people.accounts import Staff
from donghaeng.store.office_drafts import Step
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.service_parts import names_of
from donghaeng.web.console.session import accounts_of, read_fields
from donghaeng.web.console.tower_forms import led_to, version_of
from donghaeng.web.office.draft_words import alert
from donghaeng.web.office.drafts import DRAFTS, LIMIT_BYTES, ONE, Desk, DraftId, Official, known

TEXT: Final = f"{ONE}/text"
TYPES: Final[Mapping[str, str]] = {
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
MOST_FIELDS: Final = 2_100
"""A merge may have a choice for every paragraph."""
_FIXED: Final = "고쳤어요. 되돌리기로 되돌릴 수 있어요."
_PLACE_CHANGED: Final = "그 자리의 글이 바뀌어서 고치지 않았어요."
_UNPROVEN: Final = "바꾼 문장이 원래 문장과 달라서 쓰지 않았어요."

router = APIRouter(include_in_schema=False)


@router.api_route(TEXT, methods=["GET", "HEAD"])
async def open_text(
    request: Request,
    staff: Official,
    desk: Desk,
    draft: DraftId,
    *,
    kept: Annotated[int, Query(ge=0, le=9999)] = 0,
) -> Response:
    """The text of a draft."""
    view = await known(desk, staff, draft)
    if not view.content.rows:
        return Response(status_code=303, headers={"Location": f"{DRAFTS}/{draft}"})
    told = f"{kept}곳은 항목이 바뀌었지만 직접 고친 글을 그대로 뒀어요." if kept else ""
    return page(
        request,
        "draft_text.html",
        staff,
        view=view,
        work=await _work(desk, view, told=told),
        after=await _after(request, staff, desk, view),
        rewords=desk.rewording is not None,
    )


@router.post(TEXT)
async def save(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Keep the text as it is, with one place changed, or go back or on a step."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    text, version, do = plain(fields.get("text", "")), version_of(fields) or 0, fields.get("do", "save")
    step: Step = {"fix": "fixed", "take": "reworded"}.get(do, "saved")  # type: ignore[assignment]
    told = "저장했어요."
    try:
        if do in ("fix", "take"):
            view = await desk.drafts.open(staff.id, draft)
            if do == "take" and not (
                desk.rewording is not None and desk.rewording.holds(view.title, fields["was"], fields["to"])
            ):
                return await _work_answer(desk, view, text=text, version=version, told=_UNPROVEN)
            try:
                start, end = (int(fields.get(name, "")) for name in ("start", "end"))
                text = changed(text, start, end, fields.get("was", ""), fields.get("to", ""))
            except (InputError, ValueError):
                return await _work_answer(desk, view, text=text, version=version, told=_PLACE_CHANGED)
            told = _FIXED
        view = await desk.drafts.save_text(staff.id, draft, text, version=version, step=step)
        if do in ("back", "on"):
            way: Literal["back", "on"] = "back" if do == "back" else "on"
            view = await desk.drafts.go(staff.id, draft, way, version=view.version)
            told = "되돌렸어요." if do == "back" else "다시 했어요."
    except RecordChanged:
        return await _meeting(desk, staff, draft, text, version)
    except (DonghaengError, KeyError) as error:
        return alert(error if isinstance(error, DonghaengError) else InputError("no such change"))
    return await _work_answer(desk, view, told=told, focus=fields.get("focus", ""))


@router.post(f"{TEXT}/beside")
async def beside(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """What the linter finds in the text as it is now, and how that looks; nothing is kept."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    view = await known(desk, staff, draft)
    return HTMLResponse(await _beside(desk, view, fields.get("text", "")), headers=HEADERS)


@router.post(f"{TEXT}/merge")
async def merge(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Keep what two texts make together, as somebody chose."""
    fields = await read_fields(request, limit=LIMIT_BYTES, most=MOST_FIELDS)
    text, base = plain(fields.get("text", "")), version_of(fields) or 0

    def choose(number: int) -> Choice:
        given = fields.get(f"choice-{number}", "mine")
        return given if given in ("mine", "theirs", "both") else "mine"  # type: ignore[return-value]

    theirs = version_of({"version": fields.get("theirs", "")}) or 0
    try:
        view = await desk.drafts.settle(staff.id, draft, text, base=base, theirs=theirs, choose=choose)
    except RecordChanged:
        return await _meeting(desk, staff, draft, text, base)
    except DonghaengError as error:
        return alert(error)
    return await _work_answer(desk, view, told="두 글을 합쳐 저장했어요.")


@router.post(f"{TEXT}/reword")
async def reword(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Easier wordings of sentences, each beside its own."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    view = await known(desk, staff, draft)
    rows = _rows(view, fields.get("text", ""))
    offers = [] if desk.rewording is None else await desk.rewording.offers(view.title, rows)
    return part("draft_offers.html", offers=offers, draft=draft)


@router.get(f"{ONE}/file.{{suffix}}")
async def export(
    staff: Official, desk: Desk, draft: DraftId, suffix: Literal["hwpx", "docx", "pdf"]
) -> Response:
    """The newest version as a file, with the AI mark."""
    try:
        name, data = await desk.drafts.file(staff.id, draft, f".{suffix}")
    except DonghaengError as error:
        return alert(error)
    told = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(data, media_type=TYPES[suffix], headers=told)


@router.get(f"{ONE}/versions/{{number}}")
async def show_version(
    staff: Official, desk: Desk, draft: DraftId, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> Response:
    """An older version to read."""
    try:
        view = await desk.drafts.open(staff.id, draft, number)
    except DonghaengError as error:
        return alert(error)
    return part("draft_version.html", view=view)


@router.post(f"{ONE}/versions/{{number}}/bring-back")
async def bring_back(
    request: Request,
    staff: Official,
    desk: Desk,
    draft: DraftId,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """Make an older version the newest again."""
    fields = await read_fields(request)
    try:
        await desk.drafts.bring_back(staff.id, draft, number, version=version_of(fields) or 0)
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{DRAFTS}/{draft}/text")


@router.post(f"{ONE}/share")
async def share(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Let a colleague write too, by the name that they log in with, or no more."""
    fields = await read_fields(request)
    wanted = fields.get("name", "").strip()
    rows = await accounts_of(request).everyone()
    found = next((row.id for row in rows if wanted in (row.name, row.id) and row.disabled_at is None), None)
    fault = "" if found is not None else "그런 이름의 계정이 없어요."
    if found is not None:
        try:
            await desk.drafts.share(staff.id, draft, found, end=fields.get("end") == "1")
        except DonghaengError as error:
            return alert(error)
    view = await known(desk, staff, draft)
    return part("draft_colleagues.html", view=view, names=await names_of(request), staff=staff, fault=fault)


@router.get(f"{ONE}/history")
async def show_history(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """The versions, the newest first."""
    view = await known(desk, staff, draft)
    rows = await desk.drafts.history(staff.id, draft)
    return part("draft_history.html", view=view, history=rows, names=await names_of(request))


async def _work_answer(
    desk: Desk,
    view: View,
    *,
    text: str | None = None,
    version: int | None = None,
    told: str = "",
    focus: str = "",
) -> Response:
    shown = await _work(desk, view, text=text, version=version, told=told, focus=focus)
    response = HTMLResponse(shown, headers=HEADERS)
    response.headers["HX-Trigger"] = "kept"
    return response


async def _work(
    desk: Desk,
    view: View,
    *,
    text: str | None = None,
    version: int | None = None,
    told: str = "",
    focus: str = "",
) -> str:
    """The text with what stands beside it; ``text`` is one that is not kept, over ``version``."""
    shown = "\n".join(view.content.lines) if text is None else text
    return render(
        "draft_work.html",
        view=view,
        text=shown,
        version=view.version if version is None else version,
        told=told,
        focus=focus,
        beside=await _beside(desk, view, shown),
    )


async def _beside(desk: Desk, view: View, text: str) -> str:
    rows = _rows(view, text)
    found = await desk.linter.findings(rows)
    made = draft_of(rows, view.template.id, view.title, desk.drafts.about(view))
    return render(
        "draft_beside.html",
        view=view,
        findings=found,
        preview=render("draft_preview.html", blocks=made.blocks, mark=MARK, missing=0),
    )


def _rows(view: View, text: str) -> Rows:
    """A text that is not kept, as it stands in the form: places in it are those in the page's own box."""
    return reshaped(plain(text).split("\n"), view.content.rows)


async def _meeting(desk: Desk, staff: Staff, draft: str, text: str, base: int) -> Response:
    """Two texts over one: both are shown, nothing is kept until somebody chose."""
    try:
        meeting = await desk.drafts.meet(staff.id, draft, text, base=base)
    except DonghaengError as error:
        return alert(error)
    names: dict[str, Any] = {
        "view": meeting.newest,
        "meeting": meeting,
        "clashes": len(clashes(meeting.parts)),
        "theirs": "\n".join(meeting.newest.content.lines),
    }
    return part("draft_meeting.html", **names)


async def _after(request: Request, staff: Staff, desk: Desk, view: View) -> str:
    """What comes after writing: export, colleagues, history."""
    return render(
        "draft_after.html",
        view=view,
        staff=staff,
        names=await names_of(request),
        history=await desk.drafts.history(staff.id, view.row.id),
        may_ask=await desk.measuring.may_ask(staff.id),
        fault="",
    )
