"""How a practice call went: a rubric of six parts, each with its reason in Korean. Pure.

The parts follow the rules of voice design that the agent itself keeps. It is feedback to the trainee; the
words of the call are kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from donghaeng.learning.call_practice import Call, Fault
from donghaeng.learning.elder import Duty, Elder, occurs

PASS_SHARE: Final = 0.7
_WEIGHTS: Final = {"duties": 40, "facts": 15, "heard": 15, "easy": 10, "once": 10, "patience": 10}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the rubric."""

    name: str
    points: float
    most: int
    why: str


@dataclass(frozen=True, slots=True)
class CallScore:
    """The parts, their sum as a share, and what by itself prevents passing."""

    parts: tuple[Part, ...]
    score: float
    passed: bool
    barred: tuple[str, ...]


def score_call(elder: Elder, call: Call) -> CallScore:
    """Judge a call that is over, or as far as it went."""
    done = [duty for duty in elder.duties if _done(duty, call)]
    undone = [duty for duty in elder.duties if duty not in done]
    wanted = [name for name, fact in elder.facts.items() if not fact.known]
    parts = (
        _part(
            "duties", "할 일", len(done) / len(elder.duties),
            "모두 하셨어요." if not undone else "빠진 것: " + ", ".join(duty.name for duty in undone),
        ),
        _part(
            "facts", "들어야 할 것", _share(len(call.told & set(wanted)), len(wanted)),
            f"{len(wanted)}가지 가운데 {len(call.told & set(wanted))}가지를 들으셨어요.",
        ),
        _part(
            "heard", "짧게 말하기", _clean(call, "not_heard"),
            _told(call, "not_heard", "번은 길어서 못 들으셨어요.", "말이 짧아서 잘 들으셨어요."),
        ),
        _part(
            "easy", "쉬운 말", _clean(call, "hard_word"),
            _told(call, "hard_word", "번 어려운 말을 쓰셨어요.", "쉬운 말로 하셨어요."),
        ),
        _part(
            "once", "한 번에 하나, 두 번 묻지 않기",
            min(_clean(call, "asked_again"), _clean(call, "two_questions")),
            f"두 번 물은 것 {_count(call, 'asked_again')}번, "
            f"한꺼번에 여럿 물은 것 {_count(call, 'two_questions')}번이에요.",
        ),
        _part(
            "patience", "마음", call.patience / elder.patience,
            "상대가 지쳐서 끊었어요." if call.gave_up
            else f"참을성이 {elder.patience}에서 {call.patience}만큼 남았어요.",
        ),
    )  # fmt: skip
    barred = _barred(call, undone)
    score = sum(part.points for part in parts) / sum(_WEIGHTS.values())
    return CallScore(parts, score, score >= PASS_SHARE and not barred, barred)


def _barred(call: Call, undone: list[Duty]) -> tuple[str, ...]:
    found = [f"꼭 할 말이 빠졌어요: {duty.name}" for duty in undone if duty.must]
    if _count(call, "secret"):
        found.append("물으면 안 되는 것을 물으셨어요 (주민등록번호, 비밀번호 같은 것).")
    if _count(call, "rude"):
        found.append("재촉하거나 탓하는 말이 있었어요.")
    if _count(call, "forbidden"):
        found.append("이 전화에서 하면 안 되는 말이 있었어요.")
    if call.gave_up:
        found.append("상대가 먼저 끊었어요.")
    return tuple(found)


def _done(duty: Duty, call: Call) -> bool:
    turns = call.turns if duty.by_turn is None else call.turns[: duty.by_turn]
    said = "\n".join(turn.trainee for turn in turns)
    return any(occurs(pattern, said) for pattern in duty.said)


def _part(key: str, name: str, share: float, why: str) -> Part:
    return Part(name, round(_WEIGHTS[key] * share, 1), _WEIGHTS[key], why)


def _count(call: Call, fault: Fault) -> int:
    return sum(fault in turn.faults for turn in call.turns)


def _clean(call: Call, fault: Fault) -> float:
    """Share of turns without a fault."""
    return 1 - _share(_count(call, fault), len(call.turns)) if call.turns else 0.0


def _share(some: int, all_of: int) -> float:
    return some / all_of if all_of else 1.0


def _told(call: Call, fault: Fault, bad: str, good: str) -> str:
    count = _count(call, fault)
    return f"{count}{bad}" if count else good
