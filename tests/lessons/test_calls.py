"""Simulated citizens against trainees who do well and who go wrong in one way."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lessons.given import CALLS, LEARNING

from donghaeng.learning.call_practice import MOST_TURNS, answer, begin, play
from donghaeng.learning.call_score import score_call
from donghaeng.learning.elder import Elder

GOOD: dict[str, list[str]] = CALLS["good"]
BAD: dict[str, dict[str, Any]] = CALLS["bad"]


def test_every_citizen_has_a_call_that_goes_well() -> None:
    assert len(LEARNING.elders) >= 8
    assert set(GOOD) == set(LEARNING.elders)
    assert {elder.dialect for elder in LEARNING.elders.values()} >= {
        "서울",
        "경상",
        "전라",
        "충청",
        "제주",
        "강원",
    }


@pytest.mark.parametrize("name", GOOD)
def test_a_good_call_passes_and_says_why(name: str) -> None:
    elder = LEARNING.elders[name]
    call = play(elder, tuple(GOOD[name]), LEARNING.hard_words)
    score = score_call(elder, call)
    shown = "\n".join(f"{turn.trainee} → {turn.citizen} {turn.faults}" for turn in call.turns)
    assert not score.barred, shown
    assert score.passed, shown
    assert score.score >= 0.85, (score, shown)
    assert call.turns[-1].citizen == elder.content, shown
    assert all(part.why for part in score.parts)


@pytest.mark.parametrize("name", GOOD)
def test_leaving_out_the_reply_with_what_must_be_said_fails(name: str) -> None:
    elder = LEARNING.elders[name]
    needed = [duty for duty in elder.duties if duty.must]
    whole = score_call(elder, play(elder, tuple(GOOD[name]), LEARNING.hard_words))
    for left_out in range(len(GOOD[name])):
        rest = tuple(reply for place, reply in enumerate(GOOD[name]) if place != left_out)
        score = score_call(elder, play(elder, rest, LEARNING.hard_words))
        if any(duty.name in why for duty in needed for why in score.barred):
            assert not score.passed
            assert score.score <= whole.score
            return
    pytest.fail(f"{name}: no single reply matters")


@pytest.mark.parametrize("name", BAD)
def test_a_fault_is_found_and_answered(name: str) -> None:
    elder = LEARNING.elders[BAD[name]["elder"]]
    call = play(elder, tuple(BAD[name]["replies"]), LEARNING.hard_words)
    assert BAD[name]["fault"] in call.turns[-1].faults
    score = score_call(elder, call)
    assert not score.passed
    if BAD[name]["fault"] in ("secret", "rude", "forbidden"):
        # However well the rest goes, it is not passed.
        rest = tuple(GOOD[elder.id])
        assert not score_call(
            elder, play(elder, (*BAD[name]["replies"][-1:], *rest), LEARNING.hard_words)
        ).passed


def test_a_warning_of_secrets_is_not_asking_for_one() -> None:
    elder = LEARNING.elders["freeze_angry"]
    for words in ("주민등록번호는 묻지 않아요.", "비밀번호는 말씀하지 마세요."):
        assert "secret" not in play(elder, (words,), LEARNING.hard_words).turns[0].faults
    for words in ("비밀번호가 뭐예요?", "주민 번호 앞자리요."):
        assert "secret" in play(elder, (words,), LEARNING.hard_words).turns[0].faults


def test_only_the_first_of_two_questions_is_answered() -> None:
    elder = LEARNING.elders["freeze_angry"]
    call = play(elder, ("많이 놀라셨죠. 전화번호가 어떻게 되세요? 주소는요?",), LEARNING.hard_words)
    assert call.told == {"phone"}
    assert "공일공" in call.turns[0].citizen


def test_patience_runs_out_and_the_call_is_over() -> None:
    elder = LEARNING.elders["freeze_angry"]
    call = play(
        elder,
        ("규정이 그래요.", "규정이 그래요.", "규정이 그래요.", "주소가 어떻게 되세요?"),
        LEARNING.hard_words,
    )
    assert call.gave_up
    assert call.turns[-1].citizen == elder.gives_up
    assert len(call.turns) == 3  # what is said to an ended call is not heard
    assert "상대가 먼저 끊었어요." in score_call(elder, call).barred


def test_a_call_ends_after_the_most_turns_whatever_is_said() -> None:
    elder: Elder = LEARNING.elders["lonely_pension"].model_copy(update={"patience": 10})
    call, said = begin(elder)
    assert said == elder.opening
    for _ in range(MOST_TURNS + 5):
        call = answer(elder, call, "말씀 잘 듣고 있어요.", LEARNING.hard_words)
    assert call.ended
    assert len(call.turns) == MOST_TURNS


def test_the_easy_word_beside_a_hard_one_is_enough() -> None:
    elder = LEARNING.elders["jeolla_meals"]
    easy = LEARNING.hard_words["수급자"]
    call = play(elder, (f"수급자, 그러니까 {easy}이세요?",), LEARNING.hard_words)
    assert "hard_word" not in call.turns[0].faults


def test_nothing_said_scores_nothing() -> None:
    elder = LEARNING.elders["chest_pain"]
    call, _ = begin(elder)
    score = score_call(elder, call)
    assert not score.passed
    assert score.barred
