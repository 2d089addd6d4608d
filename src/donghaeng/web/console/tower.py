"""`/console/tower`: what answers citizens, stage by stage, and what each still needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError
from donghaeng.people.accounts import Staff
from donghaeng.tower.process import deciding
from donghaeng.tower.process.deciding import SUSPENDED, Deeds
from donghaeng.tower.process.desk import MOST_FILE_BYTES, ProcessDesk
from donghaeng.tower.process.gates import deadlines, held, level_of, missing
from donghaeng.tower.process.refusals import ProcessRefused
from donghaeng.tower.process.rules import Kind, Rules
from donghaeng.tower.process.state import SubjectState, subject_of
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, render
from donghaeng.web.console.session import accounts_of, read_fields, requires
from donghaeng.web.console.tower_forms import alert, day_of, evidence_of, led_to, version_of
from donghaeng.web.console.tower_words import DONE, NO_FILE, NOT_OWN
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of
from donghaeng.web.uploads import read_upload

TOWER: Final = "/console/tower"
SUBJECT: Final = f"{TOWER}/{{kind}}/{{identity}}"
SOON_DAYS: Final = 14
UPLOAD_SECONDS: Final = 300.0

router = APIRouter(include_in_schema=False)


async def process_of(connection: HTTPConnection) -> ProcessDesk:
    """The process.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(connection).process
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no control tower")
    return desk


Member = Annotated[Staff, Depends(requires(Permission.TOWER))]
Reviewer = Annotated[Staff, Depends(requires(Permission.TOWER_REVIEW))]
Desk = Annotated[ProcessDesk, Depends(process_of)]
KindName = Annotated[str, Path(max_length=20)]
Identity = Annotated[str, Path(max_length=64)]
Decide = Callable[[SubjectState, dict[str, str]], Deeds]
Doing = Callable[[ProcessDesk, Staff, SubjectState, dict[str, str]], Deeds]


@router.api_route(TOWER, methods=["GET", "HEAD"])
async def show(
    request: Request, staff: Member, desk: Desk, kind: Annotated[str, Query(pattern=r"^[a-z]{0,16}$")] = ""
) -> Response:
    """The board: what is overdue first, then stage by stage."""
    today, rules = desk.today(), desk.rules
    rows = [row_of(rules, one, today) for one in await desk.board() if _wanted(one, kind)]
    stages = [(stage, [row for row in rows if row["state"].stage == stage]) for stage in rules.stages]
    late = sorted((row for row in rows if row["overdue"]), key=lambda row: row["next"].on)
    return page(
        request,
        "tower.html",
        staff,
        late=late,
        soon=sum(row["soon"] for row in rows),
        reviewing=[row for row in rows if row["state"].review is not None],
        stages=[(stage, found) for stage, found in stages if found],
        kinds=rules.kinds,
        kind=kind,
        total=len(rows),
        today=today,
        rules=rules,
    )


@router.post(f"{TOWER}/new")
async def create(request: Request, staff: Member, desk: Desk) -> Response:
    """Begin something as a draft."""
    fields = await read_fields(request)
    try:
        subject = subject_of(fields.get("kind", ""), fields.get("id", ""))
        if subject.kind is Kind.IDEA:
            raise ProcessRefused("제안은 제안 화면에서 적어 주세요")
        words = {name: fields.get(name, "") for name in ("name", "owner", "words")}
        await desk.create(subject, staff.id, **words)
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{TOWER}/{subject}")


@router.get(f"{TOWER}/files/{{sha256}}")
async def show_file(staff: Member, desk: Desk, sha256: Annotated[str, Path(max_length=64)]) -> Response:
    """A file of evidence, to be kept and never shown by the browser itself."""
    del staff
    content = await desk.file(sha256)
    if content is None:
        raise ProblemError(problems.NOT_FOUND, "no such file")
    headers = {
        "Content-Disposition": f'attachment; filename="{sha256[:12]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.api_route(SUBJECT, methods=["GET", "HEAD"])
async def open_subject(
    request: Request, staff: Member, desk: Desk, kind: KindName, identity: Identity
) -> Response:
    """One subject: its gates and what they miss, its evidence, what may be done, its history."""
    state = await _known(desk, kind, identity)
    shown = await _part(request, staff, desk, state, None)
    return page(request, "tower_subject.html", staff, shown=shown, name=state.name)


@router.post(f"{SUBJECT}/evidence")
async def add_evidence(
    request: Request, staff: Member, desk: Desk, kind: KindName, identity: Identity
) -> Response:
    """Attach evidence that stands elsewhere."""
    fields = await read_fields(request)
    return await _attached(request, staff, desk, (kind, identity), fields=fields)


@router.post(f"{SUBJECT}/file")
async def add_file(
    request: Request, staff: Member, desk: Desk, kind: KindName, identity: Identity
) -> Response:
    """Attach a file: it is the whole body; ``X-File-Name`` and the form in ``X-Details`` are encoded as in
    :mod:`donghaeng.web.console.knowledge_upload`."""
    content = await read_upload(request, MOST_FILE_BYTES, UPLOAD_SECONDS)
    if not content:
        return alert(ProcessRefused(NO_FILE))
    fields = dict(parse_qsl(request.headers.get("X-Details", ""), max_num_fields=20))
    fields["file_name"] = unquote(request.headers.get("X-File-Name", ""))[:120]
    return await _attached(request, staff, desk, (kind, identity), fields=fields, content=content)


@router.api_route(f"{SUBJECT}/risk", methods=["GET", "HEAD"])
async def show_risk(
    request: Request, staff: Member, desk: Desk, kind: KindName, identity: Identity
) -> Response:
    """The form for the risk level."""
    state = await _known(desk, kind, identity)
    return page(request, "tower_risk.html", staff, state=state, form=desk.form, given=_answers(state))


@router.post(f"{SUBJECT}/risk")
async def fill_risk(
    request: Request, staff: Member, desk: Desk, kind: KindName, identity: Identity
) -> Response:
    """Fill it in."""
    fields = await read_fields(request, most=60)
    try:
        subject = subject_of(kind, identity)
        await desk.act(
            subject,
            staff.id,
            lambda state: deciding.fill_risk(desk.rules, state, desk.form, fields),
            version=version_of(fields),
        )
    except DonghaengError as error:
        return alert(error)
    return led_to(f"{TOWER}/{subject}")


def _submit(desk: ProcessDesk, state: SubjectState, fields: dict[str, str]) -> Deeds:
    to = fields.get("to", "")
    if to == SUSPENDED:
        raise ProcessRefused("멈추기는 멈출 권한이 있는 분이 ‘지금 멈추기’로 해요")
    return deciding.submit(desk.rules, state, to, fields.get("words", ""))


def _take_back(staff: Staff, state: SubjectState, fields: dict[str, str]) -> Deeds:
    if state.review is not None and state.review.by != staff.id:
        raise ProcessRefused(NOT_OWN)
    return deciding.reject(state, staff.id, fields.get("words", ""))


def _words(fields: dict[str, str]) -> str:
    return fields.get("words", "")


DOINGS: Final[Mapping[str, tuple[Permission, Doing]]] = {
    "withdraw": (
        Permission.TOWER,
        lambda desk, _, state, fields: deciding.withdraw_evidence(
            desk.rules, state, fields.get("evidence", ""), _words(fields)
        ),
    ),
    "submit": (Permission.TOWER, lambda desk, _, state, fields: _submit(desk, state, fields)),
    "take-back": (Permission.TOWER, lambda _, staff, state, fields: _take_back(staff, state, fields)),
    "approve": (
        Permission.TOWER_REVIEW,
        lambda desk, staff, state, fields: deciding.approve(desk.rules, state, staff.id, _words(fields)),
    ),
    "reject": (
        Permission.TOWER_REVIEW,
        lambda _, staff, state, fields: deciding.reject(state, staff.id, _words(fields)),
    ),
    "stop": (
        Permission.TOWER_STOP,
        lambda desk, _, state, fields: deciding.submit(desk.rules, state, SUSPENDED, _words(fields)),
    ),
    "deadline": (
        Permission.TOWER_REVIEW,
        lambda desk, _, state, fields: deciding.set_deadline(
            desk.rules, state, day_of(fields, "on"), desk.today(), _words(fields)
        ),
    ),
    "due": (
        Permission.TOWER_REVIEW,
        lambda desk, _, state, fields: deciding.call_for_review(
            desk.rules, state, fields.get("cause", ""), desk.today(), _words(fields)
        ),
    ),
}
"""What is done on a subject by one form: the last word of its address → who may, and what it leads to."""


def _route(name: str, permission: Permission, doing: Doing) -> Callable[..., Awaitable[Response]]:
    member = Depends(requires(permission))

    # Who it is comes first: a stranger is not told what there is.
    async def answer(
        request: Request, *, staff: Staff = member, desk: Desk, kind: KindName, identity: Identity
    ) -> Response:
        def decide(state: SubjectState, fields: dict[str, str]) -> Deeds:
            return doing(desk, staff, state, fields)

        return await act(request, staff, desk, (kind, identity), done=name, decide=decide)

    answer.__name__ = name.replace("-", "_")
    return answer


for _name, (_permission, _doing) in DOINGS.items():
    router.post(f"{SUBJECT}/{_name}")(_route(_name, _permission, _doing))


async def act(
    request: Request, staff: Staff, desk: ProcessDesk, named: tuple[str, str], *, done: str, decide: Decide
) -> Response:
    """Do something on a subject with the fields of the form; its page's part anew, or what is wrong."""
    fields = await read_fields(request)
    try:
        subject = subject_of(*named)
        state = await desk.act(subject, staff.id, lambda one: decide(one, fields), version=version_of(fields))
        return HTMLResponse(await _part(request, staff, desk, state, DONE[done]), headers=HEADERS)
    except DonghaengError as error:
        return alert(error)


async def _attached(
    request: Request,
    staff: Staff,
    desk: ProcessDesk,
    named: tuple[str, str],
    *,
    fields: Mapping[str, str],
    content: bytes = b"",
) -> Response:
    try:
        subject = subject_of(*named)
        one = evidence_of(desk.rules, fields, today=desk.today())
        version = version_of(fields)
        state = await desk.add_evidence(subject, staff.id, one, version=version, content=content)
        shown = await _part(request, staff, desk, state, DONE["evidence"])
        return HTMLResponse(shown, headers=HEADERS)
    except DonghaengError as error:
        return alert(error)


async def _part(
    request: Request, staff: Staff, desk: ProcessDesk, state: SubjectState, words: str | None
) -> str:
    rules, today = desk.rules, desk.today()
    have, level = held(rules, state), level_of(rules, state)
    moves = rules.moves(state.subject.kind, state.stage)
    names = {row.id: row.shown_name for row in await accounts_of(request).everyone()}
    return render(
        "tower_subject_part.html",
        state=state,
        address=f"{TOWER}/{state.subject}",
        rules=rules,
        level=level,
        today=today,
        due=deadlines(rules, state),
        gates=[
            (
                move,
                [(one, one in have) for one in rules.required(state.subject.kind, move.to, level)],
                missing(rules, state, move.to),
            )
            for move in moves
            if move.to != SUSPENDED
        ],
        may_stop=any(move.to == SUSPENDED for move in moves) and staff.may(Permission.TOWER_STOP),
        may_review=staff.may(Permission.TOWER_REVIEW),
        approvals=rules.levels[level].approvals,
        attachable={kind: one for kind, one in rules.evidence.items() if not one.made_here},
        own=state.review is not None and state.review.by == staff.id,
        names=names,
        words=words,
    )


def row_of(rules: Rules, state: SubjectState, today: date) -> dict[str, Any]:
    """What a row of the board shows."""
    due = deadlines(rules, state)
    following = due[0] if due else None
    overdue = following is not None and following.overdue(today)
    soon = following is not None and 0 <= (following.on - today).days <= SOON_DAYS
    return {"state": state, "next": following, "overdue": overdue, "soon": soon}


async def _known(desk: ProcessDesk, kind: str, identity: str) -> SubjectState:
    try:
        return await desk.subject(subject_of(kind, identity))
    except ProcessRefused as error:
        raise ProblemError(problems.NOT_FOUND, error.message) from None


def _answers(state: SubjectState) -> Mapping[str, str]:
    return dict(state.risk.get("answers", {}))


def _wanted(state: SubjectState, kind: str) -> bool:
    chosen = state.subject.kind.value == kind
    return chosen if kind else state.subject.kind is not Kind.IDEA
