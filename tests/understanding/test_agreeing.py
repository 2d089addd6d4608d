"""A yes that goes on: sure where it only asks to go ahead, and never where anything else stands beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.harness import CATALOGUE, NOW
from tests.understanding.scene import understood

from donghaeng.dialogue.policy import SURE_YES
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.agreeing import GoingAhead, load_going_ahead
from donghaeng.understanding.calibration import FoundBy
from donghaeng.understanding.commands import CommandLexicon, load_commands

SOFA = {
    "item": "소파",
    "count": 1,
    "address": "서울특별시 마포구 양화로 45, 302호",
    "date": "2026-11-28",
    "phone": "010-1234-5678",
}
READ_BACK = Context(NOW, expects="confirm", service="bulky_waste", slots=SOFA)
TAXI = Context(NOW, expects="confirm", service="call_taxi")
UNDO = Context(
    NOW, expects="confirm", service="my_requests", slots={"action": "cancel", "receipt": "SEL-261101-0007"}
)

SURE = """
    네, 신청해 주세요 | 맞심더, 그래 해 주이소 | 야 그래 해 주우 | 하모, 보내 줘요 | 그려 예약혀 줘 |
    예 그대로 접수해 주십시오 | 네 맞아요. 그렇게 해 주세요. 고맙습니다 | 기우다 경 헤 줍서 |
    오야 그래 하그라 | 그라제 얼른 접수해 주쇼잉 | 하모예 퍼뜩 해 주이소 | 암 그리 해 주게 |
    네네 부탁드립니다 | 네, 소파 수거 신청해 주세요 | 그려유 그렇게 혀유 | 맞수다 혼저 해 줍서 |
    기여 그리 허게 | 그래 와서 가져가라 | 좋아요 그럼 진행해 주시면 고맙겠습니다 | 응 그라고 해 줘잉
"""
NOT_SURE = """
    네, 취소해 주세요 | 네, 날짜 바꿔 주세요 | 네, 하지 마세요 | 네 안 해 줘도 돼요 |
    네 그런데 돈은 얼마예요? | 네, 물도 갖다 주세요 | 네 상담사 연결해 주세요 | 그래 고마하이소 |
    네, 근데 화요일에 와 주세요 | 네 두 개 가져가 주세요 | 네 그거 말고 의자로 해 주세요 |
    예 다음에 할게요 | 네 아니 잠깐만요 | 그래도 안 되겠네 | 네 버스도 알아봐 주세요 |
    네 주소 고쳐 주세요 | 네 뭐라고요 | 맞나 모르겠네요 | 네 그런데 아들한테 물어보고 할게요 | 야
"""


def phrasings(said: str) -> list[str]:
    return [" ".join(words.split()) for words in said.split("|")]


def lets_write(act: Act) -> bool:
    """Whether the policy takes the act for a yes that sends a request."""
    return act.kind is ActKind.CONFIRM and act.score >= SURE_YES and act.found_by != FoundBy.LEARNT


@cache
def lists() -> tuple[GoingAhead, CommandLexicon]:
    folder = CATALOGUE / "lexicon"
    return load_going_ahead(folder / "going_ahead.yaml"), load_commands(folder / "acts.yaml")


@pytest.mark.parametrize("words", phrasings(SURE))
def test_a_yes_that_repeats_the_request_is_sure(words: str) -> None:
    assert lets_write(understood(words, READ_BACK))


@pytest.mark.parametrize("words", ["네, 불러 주세요", "예 택시 불러 주이소", "응 얼른 불러 줘"])
def test_the_service_may_be_named_with_its_own_verb(words: str) -> None:
    assert lets_write(understood(words, TAXI))


@pytest.mark.parametrize("words", phrasings(NOT_SURE))
def test_a_yes_with_anything_else_beside_it_is_not_sure(words: str) -> None:
    assert not lets_write(understood(words, READ_BACK))


@pytest.mark.parametrize(
    "words", ["네, 취소해 주세요", "취소해 주세요", "예 취소해 주이소", "그려 물러 줘", "하모 취소해 주소"]
)
def test_to_whether_to_take_it_back_a_wish_to_take_it_back_is_a_yes(words: str) -> None:
    assert lets_write(understood(words, UNDO))


@pytest.mark.parametrize(
    "words",
    [
        "아니 취소하지 마세요",
        "그냥 둬요",
        "놔두세요",
        "냅둬유",
        "그대로 두이소",
        "취소 안 할래요",
        "아니 아니, 그냥 둬요. 그날 가야지",
        "아니 아니 그냥 둬요 그날 가야지",
        "취소하지 맙서",
        "놔둡서게",
    ],
)
def test_to_whether_to_take_it_back_leaving_it_is_a_no(words: str) -> None:
    assert understood(words, UNDO).kind is ActKind.DENY


@pytest.mark.parametrize("words", ["취소", "아니 취소 말고", "취소는 좀"])
def test_a_bare_word_takes_nothing_back_by_itself(words: str) -> None:
    assert not lets_write(understood(words, UNDO))


@pytest.mark.parametrize(("words", "kinds"), [
    ("취소해 주세요", {ActKind.CANCEL}),
    ("네, 취소해 주세요", {ActKind.CANCEL}),
    ("아니 취소해 주세요", {ActKind.CANCEL, ActKind.DENY}),
])  # fmt: skip
def test_elsewhere_the_same_words_give_up(words: str, kinds: set[ActKind]) -> None:
    assert understood(words, READ_BACK).kind in kinds


YES = st.sampled_from(["네", "예", "응", "하모", "그려", "맞심더", "기우다", "그래", "오냐"])
AHEAD = st.sampled_from(
    ["그렇게 해 주세요", "신청해 줘요", "접수해 주이소", "그래 해 줍서", "얼른 보내 주소", ""]
)
AGAINST = st.sampled_from(
    [
        "안 해요",
        "하지 마세요",
        "말고 의자요",
        "바꿔 주세요",
        "취소해 주세요",
        "아니요",
        "얼마예요?",
        "두 개요",
        "일요일로요",
        "내일 와요",
        "못 해요",
        "고쳐 줘",
        "틀렸어요",
        "다시 할게요",
        "물도 줘요",
        "아들이 온대요",
        "버스 불러 줘",
        "공일공 구구구구 구구구구",
        "마포구 월드컵로 12로요",
    ]
)


@given(YES, AHEAD, AGAINST, st.booleans())
def test_one_word_against_it_makes_every_yes_unsure(yes: str, ahead: str, against: str, first: bool) -> None:
    rest = f"{against} {ahead}" if first else f"{ahead} {against}"
    assert not lets_write(understood(f"{yes} {rest}", READ_BACK))


@given(
    YES, st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=12)
)
def test_no_sounds_that_are_not_listed_are_part_of_a_yes(yes: str, sounds: str) -> None:
    ahead, lexicon = lists()
    if ahead.agrees(f"{yes} {sounds}", lexicon, "", undoes=False):
        assert any(word in sounds for word in ahead.words) or lexicon.find(sounds)


def test_what_is_too_long_or_asks_is_no_sure_yes() -> None:
    going_ahead, commands = lists()
    assert going_ahead.agrees("네 해 주세요", commands, "", undoes=False)
    assert not going_ahead.agrees("네 해 주세요?", commands, "", undoes=False)
    assert not going_ahead.agrees("네 " + "그렇게 " * 20 + "해 주세요", commands, "", undoes=False)
    assert not going_ahead.agrees("", commands, "", undoes=False)
    assert not going_ahead.agrees("해 주세요", commands, "", undoes=False)


@pytest.mark.parametrize(("text", "why"), [("- a\n", "hold the lists"), ("do: 해\n", "hold the lists")])
def test_wrong_lists_are_said_with_their_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "going_ahead.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why):
        load_going_ahead(file)


def test_a_list_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "going_ahead.yaml"
    lists = dict.fromkeys(("manner", "action", "undoing", "give", "end", "please", "thanks"), "가 나")
    text = "".join(f"{name}: {words}\n" for name, words in lists.items()) + "do: [해]\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="is no text"):
        load_going_ahead(file)
