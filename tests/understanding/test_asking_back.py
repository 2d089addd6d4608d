"""Questions without a subject, and questions for a word: nothing but these is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dialogue.harness import CATALOGUE, catalogue
from tests.understanding.scene import context, understood, values

from donghaeng.city.glossary import load_glossary
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import ABOUT_ANSWER, ActKind, Context
from donghaeng.understanding.asking_back import load_asking_back

PENSION = {"last_service": "basic_pension", "answered": True}
TERMS = load_glossary(CATALOGUE / "lexicon" / "glossary.yaml").names
ASKING_BACK = load_asking_back(CATALOGUE / "lexicon" / "follow_ups.yaml", TERMS)


@pytest.mark.parametrize(
    "words",
    [
        "그럼 얼마나 받아요?",
        "얼마나 받아요",
        "언제까지요?",
        "어디로 가요?",
        "어디로 가면 돼요",
        "그럼 신청은 어디서 해요",
        "어디서 신청해요",
        "몇 살부터 받아요",
        "몇 시까지 해요",
        "전화번호가 뭐예요",
        "뭐 가져가야 돼요",
        "뭐가 필요해요",
        "서류는 뭐가 필요해요",
        "어떻게 신청해요",
        "그건 누가 받아요",
        "저 받을 수 있어요?",
        "저도 되나요",
        "저도 받을 수 있나요",
        "주말에도 해요?",
        "돈을 내야 하나요",
        "공짜예요",
        "며칠이나 걸려요",
        "그라모 얼마나 줍니꺼",
        "은제까지래유",
        "그거 어디 가서 해유",
        "거기 몇 시에 닫아요",
        "본인이 꼭 가야 하나요",
    ],
)
def test_questions_without_a_subject(words: str) -> None:
    assert ASKING_BACK.leans(words)


@pytest.mark.parametrize(
    "words",
    [
        "여권은 어디서 만들어요",
        "그럼 대형 폐기물 수수료는 누가 정하는 거예요",
        "육사일일 번 버스 언제 와요",
        "약국은 어디예요",
        "오늘 날씨 어때요",
        "기초연금 얼마나 받아요",
        "네",
        "아니요",
        "고마워요",
        "그거요",
        "상담사 바꿔 주세요",
        "소파를 버리고 싶은데요",
        "",
    ],
)
def test_what_has_a_subject_or_asks_nothing(words: str) -> None:
    assert not ASKING_BACK.leans(words)


def test_examples_of_the_other_services_keep_their_subject() -> None:
    """What asks for a service by itself is no question about an answer: at most one example in a hundred."""
    others = [
        example for service in catalogue().values() if service.id != "ask" for example in service.examples
    ]
    taken = [example for example in others if ASKING_BACK.leans(example)]
    assert len(taken) <= len(others) // 100, taken


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("수급자가 뭐예요", "수급자"),
        ("그럼 차상위가 뭐예요?", "차상위"),
        ("바우처라는 게 뭐예요", "바우처"),
        ("중위 소득이 무슨 말이에요", "중위소득"),
        ("중위소득이란 게 무슨 뜻이에요", "중위소득"),
        ("감면이 뭔 말이여", "감면"),
        ("확정일자 뜻이 뭐예요", "확정일자"),
        ("위임장이 뭡니까", "위임장"),
        ("바우처를 쉽게 설명해 주세요", "바우처"),
        ("전입신고 뭐 필요해요", None),
        ("바우처는 어디서 받아요", None),
        ("인공위성이 뭐예요", None),
        ("뭐예요", None),
    ],
)
def test_questions_for_a_word(words: str, term: str | None) -> None:
    assert ASKING_BACK.unknown_word(words) == term


@settings(max_examples=300)
@given(st.text(alphabet="그거어디뭐예요얼마나받아가을를은는이게라 ?", max_size=200) | st.text(max_size=200))
def test_any_words_are_looked_at_in_no_time(words: str) -> None:
    assert isinstance(ASKING_BACK.leans(words), bool)
    ASKING_BACK.unknown_word(words)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("asks: 얼마", "no list"),
        ("asks: ['(']", "regular expression"),
        ("meaning: ['뭐예요']", "no term"),
        ("verbs: '['", "regular expression"),
    ],
)
def test_what_is_wrong_with_the_lists_is_told(tmp_path: Path, change: str, says: str) -> None:
    text = (CATALOGUE / "lexicon" / "follow_ups.yaml").read_text(encoding="utf-8")
    name = change.partition(":")[0]
    lines, kept, dropping = text.splitlines(), [], False
    for line in lines:
        if line and not line[0].isspace():
            dropping = line.startswith(f"{name}:")
        if not dropping:
            kept.append(line)
    file = tmp_path / "follow_ups.yaml"
    file.write_text("\n".join([*kept, change, ""]), encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        load_asking_back(file, ())


@pytest.mark.parametrize(
    "words", ["그럼 얼마나 받아요?", "어디로 가요?", "언제까지요?", "저도 받을 수 있어요?"]
)
def test_after_an_answer_from_a_source_such_a_question_is_about_it(words: str) -> None:
    act = understood(words, context(**PENSION))
    assert (act.kind, act.service, act.detail) == (ActKind.ASK, "ask", ABOUT_ANSWER)
    assert values(act)["question"] == words


def test_it_is_about_nothing_where_nothing_was_answered_or_something_is_in_hand() -> None:
    assert understood("어디로 가요?", context()).detail != ABOUT_ANSWER
    in_hand = context("bulky_waste", "address", answered=True)
    assert understood("어디로 가요?", in_hand).detail != ABOUT_ANSWER
    offered = context(expects="choice", answered=True)
    assert understood("어디로 가요?", offered).detail != ABOUT_ANSWER


def test_what_has_a_subject_is_a_question_of_its_own() -> None:
    act = understood("여권은 어디서 만들어요", context(**PENSION))
    assert (act.service, act.detail) == ("ask", None)
    assert understood("육사일일 번 버스 언제 와요", context(**PENSION)).service == "bus_arrival"


@pytest.mark.parametrize("at", [context(), context("bulky_waste", "address"), context(**PENSION)])
def test_a_hard_word_may_be_asked_for_at_any_time(at: Context) -> None:
    act = understood("수급자가 뭐예요?", at)
    assert (act.kind, act.service, act.detail) == (ActKind.ASK, "ask", None)
    assert values(act) == {"question": "수급자가 뭐예요?", "word": "수급자"}


@pytest.mark.parametrize(
    "words",
    [
        "어디에 그렇게 나와 있어요?",
        "그건 어디에 나와 있어요",
        "근거가 뭐예요?",
        "출처가 어디예요",
        "그거 어디 적혀 있어요",
    ],
)
def test_where_it_says_so_is_asked_for_at_any_time(words: str) -> None:
    for at in (context(), context("bulky_waste", "address"), context(**PENSION)):
        assert understood(words, at).kind is ActKind.SOURCE


@pytest.mark.parametrize("words", ["어디에 있어요", "그거 어디에 써요", "약국 어디 있어요", "어디로 나와요"])
def test_where_something_is_asks_for_no_source(words: str) -> None:
    assert understood(words, context()).kind is not ActKind.SOURCE
