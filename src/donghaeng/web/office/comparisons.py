"""`/office/comparisons`: pairs of texts judged blindly, minutes that were told, and what came of both."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.office.measures import CRITERIA, Question
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import read_fields
from donghaeng.web.console.tower_forms import led_to
from donghaeng.web.office.draft_words import alert
from donghaeng.web.office.drafts import LIMIT_BYTES, ONE, Desk, DraftId, Official, known

COMPARISONS: Final = "/office/comparisons"
PAIR: Final = f"{COMPARISONS}/{{pair}}"

router = APIRouter(include_in_schema=False)
PairId = Annotated[str, Path(pattern=r"^pa_[a-z]{1,40}$")]


@router.api_route(COMPARISONS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Official, desk: Desk) -> Response:
    """What is to be judged, and what was measured."""
    others, own = await desk.measuring.to_judge(staff.id)
    figures = await desk.measuring.figures()
    may_ask = await desk.measuring.may_ask(staff.id)
    return page(
        request,
        "comparisons.html",
        staff,
        others=others,
        own=own,
        figures=figures,
        criteria=CRITERIA,
        may_ask=may_ask,
    )


@router.post(COMPARISONS)
async def put_up(request: Request, staff: Official, desk: Desk) -> Response:
    """Put a pair up to be judged."""
    fields = await read_fields(request, limit=LIMIT_BYTES)
    question: Question = "versions" if fields.get("question") == "versions" else "assistant"
    try:
        texts = (fields.get(name, "") for name in ("about", "first", "second"))
        await desk.measuring.put_up(staff.id, question, *texts)
    except DonghaengError as error:
        return alert(error)
    return led_to(COMPARISONS)


@router.post(f"{COMPARISONS}/asking")
async def set_asking(request: Request, staff: Official, desk: Desk) -> Response:
    """Let oneself be asked about minutes, or no more."""
    fields = await read_fields(request)
    may = fields.get("may") == "1"
    await desk.measuring.set_may_ask(staff.id, may=may)
    return part("draft_asking.html", may_ask=may)


@router.api_route(PAIR, methods=["GET", "HEAD"])
async def show_pair(request: Request, staff: Official, desk: Desk, pair: PairId) -> Response:
    """One pair, without telling which is which."""
    try:
        shown = await desk.measuring.show(staff.id, pair)
    except DonghaengError as error:
        return page(request, "refused.html", None, error.http_status, words="그런 글이 없어요.")
    return page(request, "comparison.html", staff, shown=shown, criteria=CRITERIA)


@router.post(PAIR)
async def judge(request: Request, staff: Official, desk: Desk, pair: PairId) -> Response:
    """Keep a judgement."""
    fields = await read_fields(request)
    try:
        await desk.measuring.judge(staff.id, pair, fields)
    except DonghaengError as error:
        return alert(error)
    return led_to(COMPARISONS)


@router.post(f"{PAIR}/take-back")
async def take_back(staff: Official, desk: Desk, pair: PairId) -> Response:
    """Take one's own pair back."""
    try:
        await desk.measuring.take_back(staff.id, pair)
    except DonghaengError as error:
        return alert(error)
    return led_to(COMPARISONS)


@router.get(f"{ONE}/ask")
async def ask(staff: Official, desk: Desk, draft: DraftId) -> Response:
    """After an export: the question how long it took, for some."""
    if not await desk.measuring.asks(staff.id, draft):
        return part("draft_ask.html", draft=None)
    return part("draft_ask.html", draft=draft)


@router.post(f"{ONE}/minutes")
async def tell_minutes(request: Request, staff: Official, desk: Desk, draft: DraftId) -> Response:
    """Keep how long it took."""
    fields = await read_fields(request)
    await known(desk, staff, draft)
    try:
        took, by_hand = (int(fields.get(name, "")) for name in ("took", "by_hand"))
        await desk.measuring.tell_minutes(staff.id, draft, took=took, by_hand=by_hand)
    except ValueError:
        return alert(InputError("minutes are numbers"))
    except DonghaengError as error:
        return alert(error)
    return part("draft_asking.html", may_ask=True, told="고마워요. 이름 없이 분만 적어 둘게요.")
