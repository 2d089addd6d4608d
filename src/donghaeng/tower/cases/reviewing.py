"""Who may say what of a data case, and whether it stands.

A verdict is about one run of one version of a case's files. It is another person's than who ran it, of
another department than the case's owner. When the files change, what was accepted before stands no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final, get_args

from donghaeng.errors import InputError
from donghaeng.store.case_lines import CaseLine, LineKind, Verdict
from donghaeng.store.case_runs import CaseRun
from donghaeng.tower.cases.package import CasePackage
from donghaeng.trust.masking import mask_value

LEAST_WORDS: Final = 10
MOST_WORDS: Final = 1_900
"""Masking may make a text a little longer; the column holds 2,000."""
MOST_DEPARTMENT: Final = 60
ACCEPTING: Final = frozenset({"accepted", "accepted_with_limits"})
VERDICTS: Final = frozenset(get_args(Verdict))


def standing(lines: Iterable[CaseLine], version: str) -> CaseLine | None:
    """The newest verdict about a version; None where there is none."""
    about = [line for line in lines if line.kind in VERDICTS and line.version == version]
    return max(about, key=lambda line: line.number, default=None)


def stands(lines: Iterable[CaseLine], version: str) -> CaseLine | None:
    """The verdict by which a version is accepted; None where it is not, or not any more."""
    newest = standing(lines, version)
    return newest if newest is not None and newest.kind in ACCEPTING else None


def accepted(package: CasePackage, version: str, lines: Iterable[CaseLine]) -> bool:
    """Whether another department stands by a version: by the newest verdict, else by the case's file."""
    newest = standing(lines, version)
    return package.accepted if newest is None else newest.kind in ACCEPTING


def check_verdict(
    package: CasePackage,
    version: str,
    run: CaseRun | None,
    lines: Iterable[CaseLine],
    *,
    verdict: str,
    by: str,
    department: str,
    words: str,
    known: Collection[str] = (),
) -> tuple[LineKind, str, str]:
    """The kind, department and words of a verdict that may be given.

    Args:
        package, version, run, lines: what it is about, and what was said before.
        verdict, by, department, words: what was filled in.
        known: departments that there are; any where there are none.

    Raises:
        InputError: it may not, with the reason in Korean.
    """
    if verdict not in VERDICTS:
        raise InputError("판정을 골라 주세요")
    if run is None or run.case != package.id:
        raise InputError("그런 돌린 기록이 없어요")
    if run.version != version:
        raise InputError("이 기록은 앞의 판이에요. 지금 판으로 다시 돌린 뒤에 살펴 주세요")
    if verdict == "withdrawn" and stands(lines, version) is None:
        raise InputError("받아들인 판정이 없어 거둘 것이 없어요")
    if verdict in ACCEPTING and run.by == by:
        raise InputError("돌린 분은 살필 수 없어요. 다른 분이 살펴 주세요")
    told = _department(department, known)
    if _same(told, package.owner.department):
        raise InputError("맡은 부서가 아닌 다른 부서에서 살펴야 해요")
    kind: LineKind = verdict  # type: ignore[assignment]  # of VERDICTS, as was asked first
    return kind, told, _words(words)


def check_use(
    department: str, words: str, on: date, today: date, known: Collection[str] = ()
) -> tuple[str, str]:
    """The department and words of a use that may be written down.

    Raises:
        InputError: it may not, with the reason in Korean.
    """
    if on > today:
        raise InputError("아직 오지 않은 날이에요")
    return _department(department, known), _words(words)


def _department(given: str, known: Collection[str]) -> str:
    told = " ".join(given.split())
    if known and told not in known:
        raise InputError("부서를 목록에서 골라 주세요")
    if not told or len(told) > MOST_DEPARTMENT:
        raise InputError(f"부서를 {MOST_DEPARTMENT}글자 안으로 적어 주세요")
    return told


def _words(given: str) -> str:
    told = given.strip()
    if len(told) < LEAST_WORDS:
        raise InputError(f"무엇을 보았는지 {LEAST_WORDS}글자 이상 적어 주세요")
    if len(told) > MOST_WORDS:
        raise InputError(f"{MOST_WORDS:,}글자까지 적을 수 있어요")
    return str(mask_value(told))[:2_000]


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
