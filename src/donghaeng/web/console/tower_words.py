"""Korean for the codes of the control tower's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from donghaeng.korean.particles import attach
from donghaeng.tower.incidents.incident import Step
from donghaeng.tower.process.gates import STAGE, Deadline
from donghaeng.tower.process.loading import load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import SYSTEM, Action, ActionKind, day_of

ACTIONS: Final[Mapping[ActionKind, str]] = {
    ActionKind.CREATED: "등록함",
    ActionKind.IMPORTED: "함께 온 검토 기록을 옮겨 옴",
    ActionKind.ASSESSED: "위험 등급을 매김",
    ActionKind.EVIDENCE_ADDED: "근거를 붙임",
    ActionKind.EVIDENCE_WITHDRAWN: "근거를 거둠",
    ActionKind.SUBMITTED: "검토를 올림",
    ActionKind.APPROVED: "승인함",
    ActionKind.REJECTED: "돌려보냄",
    ActionKind.TAKEN_BACK: "올린 검토를 거둠",
    ActionKind.MOVED: "단계를 옮김",
    ActionKind.DEADLINE_SET: "기한을 정함",
    ActionKind.REMINDED: "기한을 알림",
    ActionKind.REVIEW_DUE: "다시 검토하기로 함",
    ActionKind.PLANNED: "과제 계획을 적음",
    ActionKind.PROGRESSED: "진행을 적음",
    ActionKind.SEEN: "무엇으로 되어 있는지 적음",
    ActionKind.NOTED: "서비스의 글",
}
DONE: Final[Mapping[str, str]] = {
    "evidence": "근거를 붙였어요.",
    "withdraw": "근거를 거두었어요.",
    "submit": "올렸어요.",
    "take-back": "올린 검토를 거두었어요.",
    "approve": "승인했어요.",
    "reject": "돌려보냈어요.",
    "stop": "멈췄어요. 몇 초 안에 시민에게 답하지 않아요.",
    "deadline": "기한을 정했어요.",
    "due": "다시 검토하도록 적었어요.",
    "plan": "과제 계획을 적었어요.",
    "progress": "진행을 적었어요.",
}
NO_DAY: Final = "날짜를 다시 봐 주세요. 2027-03-31처럼 적어 주세요."
NO_NUMBER: Final = "숫자로 적어 주세요."
NO_FILE: Final = "파일이 비어 있거나 너무 커요. 20MB까지 올릴 수 있어요."
NOT_OWN: Final = "올린 사람만 거둘 수 있어요. 다른 사람의 검토는 검토하는 분이 돌려보내요."


def stage_name(code: str) -> str:
    """What a stage is called."""
    return load_rules().stages[code].name


def kind_name(kind: Kind) -> str:
    """What a kind of subject is called."""
    return load_rules().kinds[kind]


def level_name(level: int | None) -> str:
    """``2등급 (보통)``."""
    return "아직 매기지 않음" if level is None else f"{level}등급 ({load_rules().levels[level].name})"


def evidence_name(kind: str) -> str:
    """What a kind of evidence is called."""
    return load_rules().evidence[kind].name


def about_words(deadline: Deadline) -> str:
    """What is due."""
    rules = load_rules()
    if deadline.about == STAGE:
        return "이 단계의 기한"
    if deadline.about in rules.causes:
        return f"다시 검토 ({rules.causes[deadline.about].name})"
    return f"근거의 끝: {rules.evidence[deadline.about].name}"


def left_words(deadline: Deadline, today: date) -> str:
    """How long until it is due."""
    days = (deadline.on - today).days
    if days < 0:
        return f"{-days}일 지났어요"
    return "오늘까지예요" if days == 0 else f"{days}일 남았어요"


def action_words(action: Action) -> str:
    """One line of the history."""
    more = _MORE.get(action.kind)
    return ACTIONS[action.kind] if more is None else f"{ACTIONS[action.kind]}: {more(action.told)}"


def _evidence_words(told: Mapping[str, Any]) -> str:
    return f"{evidence_name(told['evidence']['kind'])}, “{told['evidence']['title']}”"


_MORE: Final[Mapping[ActionKind, Callable[[Mapping[str, Any]], str]]] = {
    ActionKind.MOVED: lambda told: stage_name(told["to"]),
    ActionKind.SUBMITTED: lambda told: stage_name(told["to"]),
    ActionKind.IMPORTED: lambda told: f"{stage_name(told['stage'])}, {told['risk']['level']}등급",
    ActionKind.ASSESSED: lambda told: f"{told['level']}등급",
    ActionKind.EVIDENCE_ADDED: _evidence_words,
    ActionKind.REVIEW_DUE: lambda told: load_rules().causes[told["cause"]].name,
    ActionKind.DEADLINE_SET: lambda told: str(told["on"]),
    ActionKind.REMINDED: lambda told: about_words(Deadline(told["about"], date.fromisoformat(told["on"]))),
    ActionKind.PROGRESSED: lambda told: f"{told['percent']}%",
}


def who_words(by: str, names: Mapping[str, str]) -> str:
    """Who did something."""
    if by == SYSTEM:
        return "자동"
    if by.startswith("command:"):
        return f"명령줄 ({by.partition(':')[2]})"
    return names.get(by, "다른 직원")


def won_words(won: int) -> str:
    """``3,000만 원``; smaller sums in won."""
    return f"{won // 10_000:,}만 원" if won and won % 10_000 == 0 else f"{won:,}원"


INCIDENT_STEPS: Final[Mapping[Step, str]] = {
    Step.REPORTED: "알림",
    Step.GRADED: "등급을 바꿈",
    Step.OWNED: "맡김",
    Step.NOTED: "적음",
    Step.MENDED: "고친 것을 이음",
    Step.LEARNT: "배운 것을 적음",
    Step.PUBLISHED: "시민에게 알림",
    Step.UNPUBLISHED: "시민에게 알린 것을 거둠",
    Step.REMINDED: "알려 줌",
    Step.CLOSED: "닫음",
    Step.REOPENED: "다시 엶",
}


def step_words(step: Step) -> str:
    """What was written down of an incident."""
    return INCIDENT_STEPS[step]


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "stage_name": stage_name,
    "subject_kind": kind_name,
    "level_name": level_name,
    "evidence_name": evidence_name,
    "due_words": about_words,
    "left_words": left_words,
    "process_action": action_words,
    "process_who": who_words,
    "process_day": lambda at: day_of(at).isoformat(),
    "won": won_words,
    "incident_step": step_words,
    "toward": lambda word: attach(word, "toward"),
}
"""What templates call."""
