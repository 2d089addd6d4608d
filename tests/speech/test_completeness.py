from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning import sentence_ends

from donghaeng.speech.completeness import (
    Completeness,
    answer_completeness,
    is_backchannel,
    sentence_completeness,
)
from donghaeng.speech.sentence_ends import SentenceEnds


@cache
def ends() -> SentenceEnds:
    return sentence_ends()


SENTENCES = """육사일일 번 버스 언제 와요|소파 버리려고 하는데요|병원이 어디 있습니까|예약하고 싶습니다
버스가 안 와유|이거 얼매라예요|오늘 미세먼지 어떠냐|언제 오능교
치매 검사 받을라는디 어디로 가야 혀요""".replace("\n", "|").split("|")
UNFINISHED = """저기 그 버스는|마포구청에서|소파를|주민센터에 갔는데|그리고|내일 비가 오면 예약을|버스 타려고
가방을 잃어버렸는데 어|그게 아니라|우리 딸하고|전화번호 바꾸고|합정역 앞에 있는데|병원에 가서 그""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("mark", ["", ".", " "])
def test_whole_sentences(text: str, mark: str) -> None:
    assert sentence_completeness(text + mark, ends()).completeness is Completeness.SENTENCE


@pytest.mark.parametrize("text", UNFINISHED)
@pytest.mark.parametrize("mark", ["", ".", "...", ", "])
def test_unfinished_sentences(text: str, mark: str) -> None:
    assert sentence_completeness(text + mark, ends()).completeness is Completeness.UNFINISHED


@pytest.mark.parametrize("text", ["", "...", "택시 불러줘", "쇼파를 내다 버려야 쓰겄당께"])
def test_words_that_do_not_tell(text: str) -> None:
    assert sentence_completeness(text, ends()).completeness is Completeness.UNKNOWN


@pytest.mark.parametrize(
    ("text", "expects", "slot_type", "completeness"),
    [
        ("네", "confirm", None, Completeness.CLOSED),
        ("네, 맞아요.", "confirm", None, Completeness.CLOSED),
        ("아니요", "choice", None, Completeness.CLOSED),
        ("네", "open", None, Completeness.UNKNOWN),
        ("네 근데", "confirm", None, Completeness.UNFINISHED),
        ("공일공 일이삼사에 오육칠팔", "slot", "phone", Completeness.CLOSED),
        ("공일공 일이삼사", "slot", "phone", Completeness.UNKNOWN),
        ("공이 이일삼삼 일이삼", "slot", "phone", Completeness.UNFINISHED),
        ("합정역", "open", None, Completeness.UNFINISHED),
        ("합정역", "slot", "station", Completeness.UNKNOWN),
        ("김복순", "slot", "person_name", Completeness.UNKNOWN),
        ("합정역에서", "slot", "station", Completeness.UNFINISHED),
        ("음 저기", "slot", "station", Completeness.UNFINISHED),
        ("내일 비 와?", "open", None, Completeness.SENTENCE),
        ("지금 어디쯤 오고 있는지?", "open", None, Completeness.UNFINISHED),
        ("아 북촌?", "open", None, Completeness.UNFINISHED),
        ("아메요.", "open", None, Completeness.UNKNOWN),
    ],
)
def test_answers_to_a_question(
    text: str, expects: str, slot_type: str | None, completeness: Completeness
) -> None:
    assert (
        answer_completeness(text, ends(), expects=expects, slot_type=slot_type).completeness is completeness
    )


def test_backchannels_by_class() -> None:
    assert all(is_backchannel(text) for text in ("네", "네.", "응", "네 네", "아 네", "어어"))
    assert not any(
        is_backchannel(text) for text in ("네 근데 그게 아니라", "그만", "상담사", "아니", "", "몰라")
    )


@given(st.text(max_size=80), st.sampled_from(["open", "slot", "confirm"]), st.sampled_from([None, "phone"]))
def test_any_text_is_judged(text: str, expects: str, slot_type: str | None) -> None:
    assert (
        answer_completeness(text, ends(), expects=expects, slot_type=slot_type).completeness in Completeness
    )
