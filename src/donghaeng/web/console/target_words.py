"""Korean for targets and data cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from donghaeng.tower.cases.report import VERDICTS, cell_words, figure_words
from donghaeng.tower.cases.result import Figure
from donghaeng.tower.targets.counting import Standing

STANDINGS: Final = {
    "reached": "목표에 닿았어요.",
    "on_pace": "고른 걸음보다 앞서요.",
    "behind": "고른 걸음보다 뒤져요.",
    "not_begun": "아직 시작하지 않았어요.",
}


def now_words(one: Standing) -> str:
    """What was counted."""
    if one.pace is not None:
        return f"{one.pace.total:,.0f}{one.target.unit}"
    if one.score is None:
        return f"응답 {one.answers}건으로 아직 모자라요"
    return f"{one.score.value:.1f}{one.target.unit} ({one.score.low:.1f}~{one.score.high:.1f})"


def standing_words(one: Standing) -> str:
    """How it stands."""
    if one.pace is not None:
        return STANDINGS[one.pace.standing]
    if one.score is None:
        return "–"
    if one.score.low >= one.target.goal:
        return STANDINGS["reached"]
    return "목표가 구간 안이에요." if one.score.high >= one.target.goal else "목표보다 낮아요."


def forecast_words(one: Standing) -> str:
    """What the year's end will have."""
    if one.pace is None:
        return "한 해에 한 번 재어요"
    found = one.pace.forecast
    if found is None:
        return "아직 알 수 없어요"
    interval = f"{found.low:,.0f}~{found.high:,.0f}"
    return f"{found.value:,.0f}{one.target.unit} ({interval}), 닿을 가능성 {100 * found.chance:.0f} %"


def kept_figure_words(figure: Mapping[str, Any]) -> str:
    """A figure of a stored result."""
    return figure_words(Figure(**figure))


LEFT_OUT: Final = {
    "no_consent": "동의가 없음",
    "other_words_of_consent": "다른 문안에 동의",
    "consent_taken_back": "동의를 거둠",
    "consent_over": "동의한 지 한 해가 지남",
    "unknown_kind_of_meter": "결과에 없는 계량기",
    "same_number_twice": "같은 번호",
    "beyond_the_most": "한 번에 맡길 수를 넘음",
    "said_no": "전화하지 말라고 함",
    "waits_already": "이미 전화를 기다림",
}
"""Why a household of a list is not called."""


def left_out_words(reason: str) -> str:
    """Why a household is not called."""
    return LEFT_OUT.get(reason, reason)


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "target_now": now_words,
    "target_standing": standing_words,
    "target_forecast": forecast_words,
    "case_cell": cell_words,
    "case_figure": kept_figure_words,
    "case_verdict": lambda kind: VERDICTS[kind],
    "left_out": left_out_words,
}
"""What templates call."""
