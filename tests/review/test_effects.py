"""The difference that a change makes, and when it may be published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from donghaeng.errors import InputError
from donghaeng.review.effects import Cases, Effect, Measured, compare, read_effect
from donghaeng.review.rules import ReviewRefused, TwoPersonRule, check_publishing, check_reason

OWN = "검토 pr_1: 학독 버려 줘요"
BEFORE = Measured(
    {"good": None, "bad": "2: no", "breaks": None, "still": "1: no", OWN: "1: no"},
    {"비 와요?": "weather", "학독 버려 줘요": "none", "약 좀": "weather", "저기요": "none"},
)
AFTER = Measured(
    {"good": None, "bad": None, "breaks": "3: no", "still": "1: no", OWN: None},
    {"비 와요?": "bulky_waste", "학독 버려 줘요": "bulky_waste", "약 좀": "pharmacy", "저기요": "none"},
)
CASES = Cases({"비 와요?": "weather", "약 좀": "pharmacy"}, ("학독 버려 줘요", "저기요"))
EFFECT = compare(BEFORE, AFTER, own=[OWN], cases=CASES)


def test_what_gets_better_and_worse_is_told_by_name() -> None:
    assert dict(EFFECT.broken) == {"breaks": "3: no"}
    assert EFFECT.mended == ("bad",)
    assert EFFECT.failing == ("still",)
    assert EFFECT.tests == 4
    assert [one.text for one in EFFECT.better] == ["약 좀"]
    assert [one.text for one in EFFECT.worse] == ["비 와요?"]
    assert [(one.text, one.before, one.after) for one in EFFECT.items] == [
        ("학독 버려 줘요", "none", "bulky_waste")
    ]
    assert (EFFECT.right_before, EFFECT.right_after) == (1, 1)
    assert read_effect(EFFECT.as_plain()) == EFFECT


def test_the_proposals_own_test_must_fail_without_it_and_pass_with_it() -> None:
    assert EFFECT.refusal is None
    useless = compare(replace(BEFORE, tests={**BEFORE.tests, OWN: None}), AFTER, own=[OWN], cases=CASES)
    assert "변경이 없어도" in str(useless.refusal)
    futile = compare(BEFORE, replace(AFTER, tests={**AFTER.tests, OWN: "1: no"}), own=[OWN], cases=CASES)
    assert "통과하지 않아요" in str(futile.refusal)
    lost = compare(BEFORE, replace(AFTER, tests={}), own=[OWN], cases=CASES)
    assert lost.refusal is not None


GOOD: dict[str, Any] = {
    "state": "draft",
    "author": "st_kim",
    "publisher": "st_lee",
    "effect": replace(EFFECT, broken={}),
    "is_fresh": True,
    "reason": "",
}


def test_a_second_person_publishes_what_was_measured() -> None:
    check_publishing(**GOOD)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"publisher": "st_kim"}, TwoPersonRule, "다른 한 사람"),
        ({"state": "published"}, ReviewRefused, "이미"),
        ({"effect": None}, ReviewRefused, "먼저 효과를"),
        ({"is_fresh": False}, ReviewRefused, "다시 재어"),
        ({"effect": replace(EFFECT, own_after="no")}, ReviewRefused, "통과하지 않아요"),
        ({"effect": EFFECT}, ReviewRefused, "대화 시험 1개가 깨져요"),
        ({"effect": EFFECT, "reason": "  .  "}, ReviewRefused, "까닭"),
    ],
)
def test_each_rule_refuses(changed: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        check_publishing(**{**GOOD, **changed})


def test_broken_tests_are_let_through_for_a_reason() -> None:
    assert isinstance(EFFECT, Effect)
    check_publishing(**{**GOOD, "effect": EFFECT, "reason": "그 시험은 옛 문구를 봐요"})


def test_a_reason_says_something() -> None:
    assert check_reason("  너무 자주   불러요 ") == "너무 자주 불러요"
    with pytest.raises(InputError):
        check_reason("  .. ")
