"""Scores and item statistics."""

from __future__ import annotations

import pytest

from donghaeng.errors import InputError
from donghaeng.learning.quiz import FEWEST_ANSWERS, QuizItem, item_statistics, score_quiz

ITEMS = tuple(
    QuizItem(
        ask="무엇이 맞을까요?",
        choices=("하나예요", "둘이에요", "셋이에요"),
        right=right,
        why="그래서 맞아요.",
    )
    for right in (1, 2, 3)
)


def test_a_score_is_the_share_of_right_answers() -> None:
    assert score_quiz(ITEMS, (1, 2, 3)).score == 1
    result = score_quiz(ITEMS, (1, 2, None))
    assert result.right == (True, True, False)
    assert result.score == pytest.approx(2 / 3)
    assert not result.passed
    assert score_quiz(ITEMS * 2, (1, 2, 3, 1, 2, 1)).passed


@pytest.mark.parametrize("answers", [(1, 2), (1, 2, 3, 1), (0, 2, 3), (1, 2, 4)])
def test_answers_that_do_not_fit_are_refused(answers: tuple[int, ...]) -> None:
    with pytest.raises(InputError):
        score_quiz(ITEMS, answers)


def test_too_few_attempts_tell_nothing() -> None:
    assert item_statistics(ITEMS, [(1, 2, 3)] * (FEWEST_ANSWERS - 1)) is None


def test_statistics_of_a_made_class() -> None:
    # Twenty know all, twenty only the first; the third is turned round: who knows the second misses it.
    able, weak = (1, 2, 1), (1, 1, 3)
    first, second, third = item_statistics(ITEMS, [able] * 20 + [weak] * 20) or ()
    assert first.difficulty == 1
    assert first.discrimination is None
    assert "too_easy" in first.flags
    assert second.difficulty == 0.5
    assert second.chosen == {1: 20, 2: 20, 3: 0}
    assert "dead_choice" in second.flags
    assert third.discrimination == pytest.approx(-1)
    assert "misleading" in third.flags


def test_discrimination_leaves_the_item_itself_out() -> None:
    # By hand: item 2 right for all able and a quarter of the weak; rest = items 1 and 3.
    attempts = [(1, 2, 3)] * 20 + [(2, 2, 1)] * 5 + [(2, 1, 1)] * 15
    second = (item_statistics(ITEMS, attempts) or ())[1]
    # own: 25 ones of 40; rest: 2 for 20, 0 for 20. cov = 20*2/40 - 0.625*1 = 0.375; sd 0.4841 and 1.
    assert second.discrimination == pytest.approx(0.375 / (0.625 * 0.375) ** 0.5, abs=1e-9)
    assert second.flags == ("dead_choice",)


def test_a_hard_item_is_told() -> None:
    attempts = [(1, 2, 3)] * 5 + [(1, 3, 3)] * 20 + [(1, 1, 3)] * 15
    assert "too_hard" in (item_statistics(ITEMS, attempts) or ())[1].flags
