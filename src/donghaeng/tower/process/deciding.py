"""What an action leads to, or why it is refused. Pure: a state and a wish → deeds to be written down.

Whoever submits does not approve. A move is made when as many others as the risk level asks for have approved
and nothing is missing. What leaves a serving stage's gate open again ends the serving at once: the subject
goes to change review in the same step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from donghaeng.tower.process.gates import (
    after_months,
    circle,
    closed_words,
    deadlines,
    held,
    level_of,
    missing,
)
from donghaeng.tower.process.refusals import FourEyes, GateClosed, ProcessRefused
from donghaeng.tower.process.risk import RiskForm, assess
from donghaeng.tower.process.rules import Move, Rules
from donghaeng.tower.process.state import (
    SYSTEM,
    Action,
    ActionKind,
    Deed,
    Evidence,
    Subject,
    SubjectState,
    evolve,
    write_evidence,
)

CHANGE_REVIEW: Final = "change_review"
SUSPENDED: Final = "suspended"
MOST_WORDS: Final = 1_000
MOST_TITLE: Final = 200
EARLIEST: Final = date(2000, 1, 1)
LONGEST: Final = timedelta(days=5 * 366)
"""No deadline is further away."""
MOST_YEARS: Final = 10
MOST_WON: Final = 10**13

Deeds = tuple[Deed, ...]


def create(name: str, owner: str, words: str) -> Deeds:
    """Begin as a draft.

    Raises:
        ProcessRefused: there is no name, or a text is too long.
    """
    told = {"name": _short(name, "이름"), "owner": _short(owner, "담당"), "words": _words(words)}
    if not told["name"]:
        raise ProcessRefused("이름을 적어 주세요")
    return (Deed(ActionKind.CREATED, told),)


def add_evidence(
    rules: Rules,
    state: SubjectState,
    one: Evidence,
    today: date,
    *,
    relying: Mapping[str, frozenset[str]] | None = None,
    relied: SubjectState | None = None,
) -> Deeds:
    """Attach a piece of evidence.

    Args:
        one: the evidence; without an end it holds as long as its kind says.
        today: the day in Seoul.
        relying: who rests on whose evidence so far.
        relied: the state of the subject that it rests on.

    Raises:
        ProcessRefused: a kind, day, result or field that cannot be, or a circle.
    """
    _alive(rules, state)
    kind = rules.evidence.get(one.kind)
    if kind is None or kind.made_here:
        raise ProcessRefused("그런 종류의 근거는 붙일 수 없어요")
    if not one.title.strip() or len(one.title) > MOST_TITLE:
        raise ProcessRefused(f"근거의 제목을 {MOST_TITLE}자 안으로 적어 주세요")
    if not (one.link or one.file or one.relies_on):
        raise ProcessRefused("근거가 있는 곳의 주소를 적거나 파일을 올려 주세요")
    if one.link and not one.link.startswith(("https://", "http://", "docs/")):
        raise ProcessRefused("주소는 https://로 시작하게 적어 주세요")
    until = one.until or (after_months(one.on, kind.months) if kind.months is not None else None)
    _days(one.on, until, today)
    if kind.results and one.result not in kind.results:
        raise ProcessRefused(f"{kind.name}의 결과를 골라 주세요: {', '.join(kind.results.values())}")
    _fields(rules, one)
    if one.relies_on:
        _relies(rules, state.subject, one, relying or {}, relied)
    result = one.result if kind.results else ""
    told = {"evidence": write_evidence(replace(one, until=until, result=result, title=one.title.strip()))}
    return _consequent(rules, state, (Deed(ActionKind.EVIDENCE_ADDED, told),))


def withdraw_evidence(rules: Rules, state: SubjectState, evidence: str, words: str) -> Deeds:
    """Take a piece of evidence back: its gate is open again.

    Raises:
        ProcessRefused: it does not stand, or no reason is given.
    """
    if evidence not in state.evidence:
        raise ProcessRefused("그 근거는 없거나 이미 거두었어요")
    told = {"evidence": evidence, "words": _reason(words)}
    return _consequent(rules, state, (Deed(ActionKind.EVIDENCE_WITHDRAWN, told),))


def fill_risk(rules: Rules, state: SubjectState, form: RiskForm, answers: Mapping[str, str]) -> Deeds:
    """Fill the risk form in.

    Raises:
        InputError: an answer is missing or no choice.
        ProcessRefused: it is retired.
    """
    _alive(rules, state)
    risk = assess(form, answers)
    told = {
        "form": form.version,
        "answers": {one.id: answers[one.id] for one in form.questions},
        "raw": risk.raw,
        "mitigation": risk.mitigation,
        "total": risk.total,
        "level": risk.level,
    }
    return _consequent(rules, state, (Deed(ActionKind.ASSESSED, told),))


def submit(rules: Rules, state: SubjectState, to: str, words: str = "") -> Deeds:
    """Ask for a move: it is made at once, or a review begins.

    Raises:
        GateClosed: something is missing.
        ProcessRefused: the move does not exist, or a review is under way.
    """
    move = _move(rules, state, to)
    if state.review is not None and move.way == "review":
        raise ProcessRefused("이미 검토가 진행 중이에요. 먼저 그 검토를 마치거나 거두어 주세요")
    _open(rules, state, to)
    if move.way == "at_once":
        return (Deed(ActionKind.MOVED, {"to": to, "words": _stop_reason(to, words)}),)
    return (Deed(ActionKind.SUBMITTED, {"to": to, "words": _words(words)}),)


def approve(rules: Rules, state: SubjectState, by: str, words: str = "") -> Deeds:
    """Approve the review under way; the last approval that is needed makes the move.

    Raises:
        FourEyes: ``by`` submitted it or has approved already.
        GateClosed: something has gone missing since.
        ProcessRefused: no review is under way.
    """
    review = state.review
    if review is None:
        raise ProcessRefused("진행 중인 검토가 없어요")
    if by == review.by:
        raise FourEyes("올린 사람은 승인할 수 없어요. 다른 한 사람이 살펴보고 승인해요")
    if by in review.approvals:
        raise FourEyes("이미 승인하셨어요. 다른 사람의 승인이 더 있어야 해요")
    _open(rules, state, review.to)
    approved = Deed(ActionKind.APPROVED, {"words": _words(words)})
    if len(review.approvals) + 1 < rules.levels[level_of(rules, state)].approvals:
        return (approved,)
    return (approved, Deed(ActionKind.MOVED, {"to": review.to, "reviewed": True}))


def reject(state: SubjectState, by: str, words: str) -> Deeds:
    """End the review under way without the move: as its submitter, by taking it back.

    Raises:
        ProcessRefused: none is under way, or no reason is given.
    """
    if state.review is None:
        raise ProcessRefused("진행 중인 검토가 없어요")
    own = by == state.review.by
    return (Deed(ActionKind.TAKEN_BACK if own else ActionKind.REJECTED, {"words": _reason(words)}),)


def set_deadline(rules: Rules, state: SubjectState, on: date, today: date, words: str) -> Deeds:
    """Say until when the stage is to be over.

    Raises:
        ProcessRefused: a day that is over, or years away; no reason.
    """
    _alive(rules, state)
    if not today <= on <= today + LONGEST:
        raise ProcessRefused("기한은 오늘부터 5년 안의 날로 적어 주세요")
    return (Deed(ActionKind.DEADLINE_SET, {"on": on.isoformat(), "words": _reason(words)}),)


def call_for_review(rules: Rules, state: SubjectState, cause: str, today: date, words: str) -> Deeds:
    """Something happened after which it is to be reviewed anew; it goes on serving until then.

    Raises:
        ProcessRefused: no such cause, or nobody is served by it.
    """
    if cause not in rules.causes:
        raise ProcessRefused("다시 검토하는 까닭을 골라 주세요")
    if not rules.serves(state.stage):
        raise ProcessRefused("시범이나 운영 중인 것만 다시 검토해요")
    until = today + timedelta(days=rules.causes[cause].days)
    told = {"cause": cause, "until": until.isoformat(), "words": _words(words)}
    return (Deed(ActionKind.REVIEW_DUE, told),)


def note(state: SubjectState, words: str) -> Deeds:
    """Write down that something was done with what the subject is made of; its stage stays."""
    del state
    return (Deed(ActionKind.NOTED, {"words": _words(words[:MOST_WORDS])}),)


def make_plan(rules: Rules, state: SubjectState, owner: str, budget: Mapping[int, int], today: date) -> Deeds:
    """Make a project of an idea.

    Raises:
        ProcessRefused: no owner, or years and sums that cannot be.
    """
    _alive(rules, state)
    if not owner.strip():
        raise ProcessRefused("과제 담당자를 적어 주세요")
    years = sorted(budget)
    if not years or years[0] < today.year - 1 or years[-1] > today.year + MOST_YEARS:
        raise ProcessRefused(f"예산의 해는 {today.year}년부터 {today.year + MOST_YEARS}년까지로 적어 주세요")
    if any(not 0 <= won <= MOST_WON for won in budget.values()):
        raise ProcessRefused("예산은 0원보다 작거나 10조 원보다 클 수 없어요")
    told = {"owner": _short(owner, "담당"), "budget": {str(year): budget[year] for year in years}}
    return (Deed(ActionKind.PLANNED, told),)


def note_progress(rules: Rules, state: SubjectState, percent: int, words: str) -> Deeds:
    """Say how far a project has come.

    Raises:
        ProcessRefused: more than everything, or nothing is said.
    """
    _alive(rules, state)
    if not 0 <= percent <= 100:
        raise ProcessRefused("진행률은 0에서 100까지로 적어 주세요")
    return (Deed(ActionKind.PROGRESSED, {"percent": percent, "words": _reason(words)}),)


def sweep(rules: Rules, state: SubjectState, today: date) -> Deeds:
    """What the day brings by itself: evidence that holds no more, a periodic review, reminders."""
    deeds: Deeds = ()
    if state.stage == "retired":
        return deeds
    over = [one.id for one in state.evidence.values() if one.until is not None and one.until < today]
    deeds = tuple(
        Deed(ActionKind.EVIDENCE_WITHDRAWN, {"evidence": one, "words": "기한이 지났어요"}) for one in over
    )
    deeds = _consequent(rules, state, deeds) if deeds else ()
    for one in deadlines(rules, state):
        if one.about == "periodic" and one.about not in state.due and one.on <= today:
            deeds += (Deed(ActionKind.REVIEW_DUE, {"cause": "periodic", "until": one.on.isoformat()}),)
        if one.on <= today + timedelta(days=rules.remind_days) and (one.about, one.on) not in state.reminded:
            deeds += (Deed(ActionKind.REMINDED, {"about": one.about, "on": one.on.isoformat()}),)
    return deeds


def after(
    state: SubjectState, deeds: Sequence[Deed], by: str = SYSTEM, at: datetime | None = None
) -> SubjectState:
    """The state when deeds are written down."""
    moment = at or datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
    for deed in deeds:
        action = Action(state.subject, state.version + 1, moment, by, deed.kind, deed.told)
        state = evolve(state, action)
    return state


def _consequent(rules: Rules, state: SubjectState, deeds: Deeds) -> Deeds:
    """The deeds, and the move to change review where they leave the gate of a serving stage open."""
    lacking = missing(rules, after(state, deeds), state.stage)
    if not rules.serves(state.stage) or not lacking:
        return deeds
    names = ", ".join(rules.evidence[one].name for one in lacking)
    return (*deeds, Deed(ActionKind.MOVED, {"to": CHANGE_REVIEW, "words": f"근거가 없어졌어요: {names}"}))


def _move(rules: Rules, state: SubjectState, to: str) -> Move:
    found = rules.move(state.subject.kind, state.stage, to)
    if found is None:
        here = rules.stages[state.stage].name
        there = rules.stages[to].name if to in rules.stages else to
        raise ProcessRefused(f"‘{here}’에서 ‘{there}’ 단계로는 바로 갈 수 없어요")
    return found


def _open(rules: Rules, state: SubjectState, to: str) -> None:
    lacking = missing(rules, state, to)
    if lacking:
        raise GateClosed(closed_words(rules, to, lacking), lacking)


def _alive(rules: Rules, state: SubjectState) -> None:
    if not rules.moves(state.subject.kind, state.stage):
        raise ProcessRefused(f"‘{rules.stages[state.stage].name}’ 단계에서는 아무것도 바꿀 수 없어요")


def _days(on: date, until: date | None, today: date) -> None:
    if not EARLIEST <= on <= today:
        raise ProcessRefused("근거의 날짜는 오늘이거나 그 전이어야 해요")
    if until is not None and until < on:
        raise ProcessRefused("근거가 끝나는 날이 시작하는 날보다 앞서요")
    if until is not None and until < today:
        raise ProcessRefused("기한이 이미 지난 근거예요. 새 근거를 붙여 주세요")


def _fields(rules: Rules, one: Evidence) -> None:
    kind = rules.evidence[one.kind]
    optional = rules.optional_fields.get(one.kind, {})
    for name in kind.fields:
        if name in optional and one.result != optional[name]:
            continue
        if not one.fields.get(name, "").strip():
            raise ProcessRefused(f"{kind.name}: ‘{rules.fields[name]}’ 칸을 적어 주세요")
    if set(one.fields) - set(kind.fields) or any(len(text) > MOST_TITLE for text in one.fields.values()):
        raise ProcessRefused(f"{kind.name}: 칸에 적을 수 없는 내용이 있어요")
    if "participants" in one.fields and not (
        one.fields["participants"].isdecimal() and int(one.fields["participants"]) > 0
    ):
        raise ProcessRefused("참여한 어르신이 몇 분인지 숫자로 적어 주세요")


def _relies(
    rules: Rules,
    subject: Subject,
    one: Evidence,
    relying: Mapping[str, frozenset[str]],
    relied: SubjectState | None,
) -> None:
    if relied is None or one.kind not in held(rules, relied):
        raise ProcessRefused(f"{one.relies_on}에는 그런 근거가 없어서 기댈 수 없어요")
    if circle(relying, str(subject), one.relies_on):
        raise ProcessRefused(f"{one.relies_on}의 검토도 이것에 기대고 있어서, 서로 기대게 돼요")


def _stop_reason(to: str, words: str) -> str:
    return _reason(words) if to in (SUSPENDED, CHANGE_REVIEW, "retired") else _words(words)


def _reason(words: str) -> str:
    told = _words(words)
    if not told:
        raise ProcessRefused("까닭을 적어 주세요")
    return told


def _words(words: str) -> str:
    told = " ".join(words.split())
    if len(told) > MOST_WORDS:
        raise ProcessRefused(f"{MOST_WORDS}자까지 적을 수 있어요")
    return told


def _short(words: str, what: str) -> str:
    told = " ".join(words.split())
    if len(told) > MOST_TITLE:
        raise ProcessRefused(f"{what}은 {MOST_TITLE}자까지 적을 수 있어요")
    return told
