"""Which sentences of a passage are told: those that say there what they say when they are told."""

from __future__ import annotations

import pytest

from donghaeng.knowledge.extracting import extract
from donghaeng.korean.morphemes import analyser

LEANING = (
    "청년은 주거비를 받아요. 소득이 적은 분이 대상이에요. {leaning} 보증금과 월세를 함께 지원받아요. "
    "신청은 주민센터에서 해요."
)


@pytest.mark.parametrize(
    "leaning", ["또한", "이 경우", "다만,", "이에는", "이를 통해", "해당 조건이면", "그리고", "위의 분은"]
)
def test_a_sentence_that_leans_on_another_is_told_only_behind_it(leaning: str) -> None:
    told = extract("보증금과 월세를 지원받나요", LEANING.format(leaning=leaning), analyser())
    assert told == f"소득이 적은 분이 대상이에요. {leaning} 보증금과 월세를 함께 지원받아요."


@pytest.mark.parametrize("free", ["이 사업은", "그 서비스에서는", "이웃은", "단기간에", "이천 원까지"])
def test_a_sentence_about_the_passage_s_own_subject_stands_alone(free: str) -> None:
    told = extract("보증금과 월세를 신청하려면 주민센터", LEANING.format(leaning=free), analyser())
    assert told == f"{free} 보증금과 월세를 함께 지원받아요. 신청은 주민센터에서 해요."


@pytest.mark.parametrize("yes", ["네, ", "예. ", "아니요, ", "그렇습니다. "])
def test_a_yes_to_another_question_is_not_said_to_this_one(yes: str) -> None:
    text = f"{yes}스무 살부터 받을 수 있어요. 신청은 구청에서 해요."
    assert (
        extract("열여덟 살도 받나요", text, analyser()) == "스무 살부터 받을 수 있어요. 신청은 구청에서 해요."
    )


def test_pieces_of_an_address_are_no_sentences() -> None:
    text = "자세한 것은 누리집에 있어요. www. hrd. go.kr 신청은 구청에서 해요."
    assert (
        extract("hrd 누리집", text, analyser()) == "자세한 것은 누리집에 있어요. go.kr 신청은 구청에서 해요."
    )


def test_where_every_sentence_leans_something_is_told_all_the_same() -> None:
    assert extract("월세", "또한 월세를 도와요.", analyser()) == "또한 월세를 도와요."
    assert extract("월세", "", analyser()) == ""
