from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from donghaeng.korean.expressions import KINDS, values

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")

REACHED = {"time": 0.93, "duration": 0.95, "number": 0.98, "ordinal": 0.97, "money": 0.94, "phone": 1.0}
"""Shares of right first values on the labelled set: what is measured, less one case, so that a loss shows."""


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("time", "내일 오후 세 시", ["2026-11-24T15:00"]),
        ("duration", "두 시간 반", ["PT2.5H"]),
        ("number", "삼백이", [302]),
        ("ordinal", "두 번째", [2]),
        ("money", "만 오천 원", [{"amount": 15000, "currency": "KRW"}]),
        ("phone", "공이 일이공", ["02-120"]),
        ("time", "", []),
    ],
)
def test_output_forms(kind: str, text: str, expected: list[Any]) -> None:
    assert values(text, NOW, kind) == expected


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="known: time"):
        values("내일", NOW, "colour")


@pytest.mark.parametrize("kind", KINDS)
def test_share_of_right_first_values(shared: Path, kind: str) -> None:
    right = total = 0
    for name in ("recognizers", "phone"):
        path = shared / "data/text/expressions" / name / "gold.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case["kind"] == kind:
                found = values(case["text"], datetime.fromisoformat(case["now"]), kind)
                total += 1
                right += _same(found[:1], case["values"])
    assert right / total >= REACHED[kind]


def _same(found: list[Any], gold: list[Any]) -> bool:
    if not gold:
        return not found
    return bool(found) and any(
        found[0] == value or (isinstance(value, float | int) and found[0] == pytest.approx(value))
        for value in gold
    )
