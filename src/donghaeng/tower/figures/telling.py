"""Korean sentences that say what a chart shows, for who does not see it and who does. Pure.

Names take particles by their last sound (:mod:`donghaeng.korean.particles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from donghaeng.korean.particles import choose
from donghaeng.tower.figures.definitions import Metric
from donghaeng.tower.figures.values import HIDDEN, written

STEADY: Final = 0.02
"""A change of less than this share of the first value is none."""
_UNITS: Final = {"건": "건", "번": "번", "%": "퍼센트", "초": "초"}
"""How units are spoken."""
NO_DATA: Final = "이 기간에는 셀 수 있는 기록이 없어요."


@dataclass(frozen=True, slots=True)
class Point:
    """One value with the name that stands beside it; None: nothing was counted, or it is hidden."""

    name: str
    value: float | None
    hidden: bool = False


def tell_course(metric: Metric, points: Sequence[Point]) -> str:
    """What a line over time shows: first and last, whether it rose, and where it was highest and lowest."""
    known = [(point.name, point.value) for point in points if point.value is not None]
    if not known:
        return NO_DATA
    (first_name, first), (last_name, last) = known[0], known[-1]
    if len(known) == 1:
        return f"{_named(metric.name, '은', '는')} {first_name} 하루치만 있고, {_is(metric, first)}"
    highest = max(known, key=lambda one: one[1])
    lowest = min(known, key=lambda one: one[1])
    told = f"{_named(metric.name, '은', '는')} {first_name} {written(metric, first)}에서 {last_name} "
    told += f"{_toward(metric, last)}{_course(first, last)}"
    if highest[1] == lowest[1]:
        return f"{told} 내내 같았어요."
    return (
        f"{told} 가장 높은 때는 {highest[0]}({written(metric, highest[1])}), "
        f"가장 낮은 때는 {lowest[0]}({written(metric, lowest[1])})예요."
    )


def tell_groups(metric: Metric, points: Sequence[Point], what: str) -> str:
    """What bars of groups show: which is highest, which lowest, and how many are hidden.

    Args:
        metric: which.
        points: one for each group.
        what: the groups' kind: "자치구", "서비스".
    """
    known = [(point.name, point.value) for point in points if point.value is not None and not point.hidden]
    veiled = sum(point.hidden for point in points)
    note = f" {what} {veiled}곳은 {HIDDEN}이거나 그 수를 짐작하게 해서 적지 않았어요." if veiled else ""
    if not known:
        return (NO_DATA if not veiled else "적을 수 있는 값이 없어요.") + note
    if len(known) == 1:
        name, value = known[0]
        return f"{_named(metric.name, '은', '는')} {name} 하나만 있고, {_is(metric, value)}{note}"
    highest = max(known, key=lambda one: one[1])
    lowest = min(known, key=lambda one: one[1])
    if highest[1] == lowest[1]:
        return f"{what} {len(known)}개 모두 {_toward(metric, highest[1])} 같아요.{note}"
    return (
        f"{what} {len(known)}개 가운데 {_named(highest[0], '이', '가')} {_toward(metric, highest[1])} "
        f"가장 높고, {_named(lowest[0], '이', '가')} {_toward(metric, lowest[1])} 가장 낮아요.{note}"
    )


def tell_change(metric: Metric, now: float | None, before: float | None, than: str = "앞 기간") -> str:
    """How a figure stands against the period before, or another that ``than`` names."""
    if now is None:
        return NO_DATA
    if before is None:
        return f"{than}에는 견줄 기록이 없어요."
    if metric.is_share:
        points = (now - before) * 100
        if abs(points) < 0.05:
            return f"{than}과 같아요."
        more = "높아요" if points > 0 else "낮아요"
        return f"{than}({written(metric, before)})보다 {abs(points):.1f}%p {more}.{_judged(metric, points)}"
    if abs(now - before) <= STEADY * abs(before):
        return f"{than}({written(metric, before)})과 거의 같아요."
    word = (
        ("길어요" if now > before else "짧아요")
        if metric.unit == "초"
        else ("많아요" if now > before else "적어요")
    )
    share = f" {abs(now - before) / before * 100:.0f}%" if before else ""
    return f"{than}({written(metric, before)})보다{share} {word}.{_judged(metric, now - before)}"


def _judged(metric: Metric, change: float) -> str:
    if metric.better == "none":
        return ""
    return " 좋아졌어요." if (change > 0) == (metric.better == "up") else " 나빠졌어요."


def _course(first: float, last: float) -> str:
    if abs(last - first) <= STEADY * abs(first):
        return " 거의 그대로예요."
    return " 올랐어요." if last > first else " 내렸어요."


def _named(word: str, closed: str, opened: str) -> str:
    # A name may end in a bracket: what is heard last stands before it.
    return word + choose(word.partition("(")[0], closed, opened)


def _is(metric: Metric, value: float) -> str:
    return f"{written(metric, value)}{choose(_UNITS[metric.unit], '이에요', '예요')}."


def _toward(metric: Metric, value: float) -> str:
    return f"{written(metric, value)}{choose(_UNITS[metric.unit], '으로', '로')}"
