"""Practice calls with simulated citizens, typed or spoken. The page itself keeps what was said before."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.learning.call_practice import MOST_TURNS
from donghaeng.learning.certificate_pdf import day
from donghaeng.learning.elder import Elder
from donghaeng.web import problems
from donghaeng.web.console.rendering import part
from donghaeng.web.console.session import read_fields
from donghaeng.web.office.learning.common import ROOT, Here, Learner, Name, show
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import LearningServices, services_of

CALLS: Final = f"{ROOT}/calls"
LONGEST_SAID: Final = 400
CALL_BYTES: Final = 250_000
FAULTS: Final = {
    "secret": "물으면 안 되는 것을 물었어요",
    "rude": "재촉하거나 탓하는 말이에요",
    "forbidden": "이 전화에서 하면 안 되는 말이에요",
    "not_heard": "길어서 못 들으셨어요",
    "hard_word": "어려운 말이에요",
    "two_questions": "한 번에 둘을 물었어요",
    "asked_again": "이미 들은 것이에요",
    "at_a_loss": "도움이 되지 않아 되물으셨어요",
}

router = APIRouter(include_in_schema=False)


@router.api_route(CALLS, methods=["GET", "HEAD"])
async def listed(request: Request, staff: Learner, here: Here) -> Response:
    """Every simulated citizen."""
    own = await here.desk.own(staff.id)
    return show(request, "learning_calls.html", staff, own=own, learning=here.desk.learning)


@router.api_route(f"{CALLS}/{{name}}", methods=["GET", "HEAD"])
async def call(request: Request, staff: Learner, here: Here, name: Name) -> Response:
    """A call begins: what was handed over, and the citizen's first words."""
    elder = _elder(here, name)
    begun = await here.desk.practise(staff.id, elder, (), over=False)
    return show(request, "learning_call.html", staff, elder=elder, practised=begun, said="[]", faults=FAULTS)


@router.post(f"{CALLS}/{{name}}")
async def say(request: Request, staff: Learner, here: Here, name: Name) -> Response:
    """One thing more said, or the end: the call as far as it went, judged when it is over."""
    elder = _elder(here, name)
    fields = await read_fields(request, limit=CALL_BYTES)
    words = " ".join(fields.get("words", "").split())
    over = fields.get("over") == "1"
    try:
        said = [] if fields.get("anew") == "1" else _said(fields.get("said", ""))
        if len(words) > LONGEST_SAID:
            raise InputError(f"한 번에 {LONGEST_SAID}글자까지 말할 수 있어요")
        if words and not over and fields.get("anew") != "1":
            said.append(words)
        practised = await here.desk.practise(staff.id, elder, said, over=over)
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    return part(
        "learning_call_part.html",
        elder=elder,
        practised=practised,
        said=json.dumps(said, ensure_ascii=False),
        faults=FAULTS,
        voice=services_of(request).trial_voice is not None,
        day=day,
    )


def _elder(here: LearningServices, name: str) -> Elder:
    elder = here.desk.learning.elders.get(name)
    if elder is None:
        raise ProblemError(problems.NOT_FOUND, "no such simulated citizen")
    return elder


def _said(kept: str) -> list[str]:
    try:
        found = json.loads(kept or "[]")
    except ValueError:
        raise InputError("연습을 다시 시작해 주세요") from None
    fine = isinstance(found, list) and len(found) <= MOST_TURNS
    if not fine or not all(isinstance(one, str) and len(one) <= LONGEST_SAID for one in found):
        raise InputError("연습을 다시 시작해 주세요")
    said: list[str] = found
    return said
