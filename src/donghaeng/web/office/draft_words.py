"""What the pages of drafts say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import HTMLResponse

from donghaeng.errors import DocumentRefused, DonghaengError, RecordChanged, UnknownRecord
from donghaeng.office.drafts.fields import HELP
from donghaeng.office.drafts.template import FactField
from donghaeng.web.console.knowledge_words import FAULTS
from donghaeng.web.console.rendering import part

KINDS: Final[Mapping[str, str]] = {
    "complaint_reply": "민원 회신",
    "letter": "기안문",
    "plan": "계획",
    "press_release": "보도자료",
    "report": "보고서",
}
STEPS: Final[Mapping[str, str]] = {
    "begun": "시작함",
    "saved": "저장함",
    "composed": "글을 만듦",
    "fixed": "다듬기를 적용함",
    "reworded": "쉬운 말로 바꿈",
    "merged": "두 사람의 글을 합침",
    "undone": "되돌림",
    "redone": "다시 함",
}
GONE: Final = "그런 초안이 없어요. 지웠거나 함께 쓰지 않는 초안이에요."
CHANGED: Final = "그사이에 다른 사람이 저장했어요. 화면을 새로 열어 주세요."
WRONG: Final = "적은 것을 다시 살펴봐 주세요. 비었거나 너무 길어요."
ROWS: Final = 14


def rows_for(text: str, least: int = 2) -> int:
    """Lines of a box that holds a text."""
    return min(max(text.count("\n") + 1, least), ROWS)


def help_of(one: FactField) -> str:
    """What helps to fill a field."""
    return one.help or HELP.get(one.kind, "")


def told(error: DonghaengError) -> str:
    """An error in Korean."""
    if isinstance(error, DocumentRefused):
        return FAULTS.get(error.fault, WRONG)
    if isinstance(error, UnknownRecord):
        return GONE
    return CHANGED if isinstance(error, RecordChanged) else WRONG


def alert(error: DonghaengError) -> HTMLResponse:
    """An error as the page's alert."""
    return part("alert.html", error.http_status, words=told(error))


def minutes(value: float | None) -> str:
    """``12.5분``"""
    return "—" if value is None else f"{value:.1f}분"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "draft_kind": lambda kind: KINDS.get(kind, kind),
    "draft_step": lambda step: STEPS.get(step, step),
    "draft_help": help_of,
    "box_rows": rows_for,
    "told_minutes": minutes,
}
"""What templates call."""
