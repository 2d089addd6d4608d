"""Korean for the codes of the review."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from donghaeng.review.changes import FIELD_NAMES

KINDS: Final = {
    "no_match": "못 알아들음",
    "low_score": "자신 없음",
    "no_answer": "답을 모름",
    "rejected": "추천 답이 틀림",
    "repeat": "다시 물음",
    "handover": "상담사 연결",
}
STATES: Final = {
    "draft": "기다림",
    "published": "적용됨",
    "rolled_back": "되돌림",
    "withdrawn": "거둠",
}
ACTIONS: Final = {"published": "적용", "rolled_back": "되돌림"}
VALUES: Final = {"offer": "물어보고 연결", "hand_over": "바로 연결", "none": "맡는 서비스 없음"}


def field_words(value: Any) -> str:
    """A value of a change."""
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, list):
        return " / ".join(str(one) for one in value)
    return VALUES.get(str(value), str(value))


def as_test(test: Mapping[str, Any]) -> str:
    """A conversation test as it stands in a file; JSON is YAML."""
    return json.dumps(dict(test), ensure_ascii=False, indent=2)


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "item_kind": lambda code: KINDS.get(str(code), str(code)),
    "proposal_state": lambda code: STATES[code],
    "review_action": lambda code: ACTIONS[code],
    "field_name": lambda code: FIELD_NAMES.get(str(code), str(code)),
    "field_words": field_words,
    "as_test": as_test,
}
"""What templates call."""
