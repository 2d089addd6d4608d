"""What the citizen did, by the open question; learnt acts; corrections; scores."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dialogue.harness import CATALOGUE, VALUES, catalogue
from tests.understanding.scene import cheap, context, understood, values

from donghaeng.dialogue.policy import SURE_NO
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import ActKind, Context
from donghaeng.understanding.calibration import MEASURED, FoundBy, calibrated
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.corrections import meant_instead, repair_phone, wrong_slot
from donghaeng.understanding.learnt_acts import NOTHING, LearntActs, read_act_examples
from donghaeng.understanding.steering import possible_acts

ADDRESS = "서울특별시 마포구 양화로 45, 302호"
FULL = {"item": "소파", "count": 1, "address": ADDRESS, "date": "2026-11-28", "phone": "010-1234-5678"}
AT_CONFIRM = context("bulky_waste", slots=FULL, expects="confirm")
AT_PHONE = context("bulky_waste", "phone", slots={**FULL})
AFTERWARDS = context(last_service="bulky_waste")
AT_OFFER = context(expects="choice")


@pytest.mark.parametrize(
    ("words", "at", "kind"),
    [
        ("네 됐어요", AT_CONFIRM, ActKind.CONFIRM),
        ("아니 됐어요", AT_CONFIRM, ActKind.DENY),
        ("됐어요", AFTERWARDS, ActKind.DENY),
        ("네 됐어요", AFTERWARDS, ActKind.DENY),
        ("아니 됐어요", AFTERWARDS, ActKind.DENY),
        ("없어요", AFTERWARDS, ActKind.DENY),
        ("됐슈", AT_OFFER, ActKind.DENY),
        ("전화번호 없어요", AT_PHONE, ActKind.SKIP),
    ],
)
def test_enough_means_what_the_open_question_makes_of_it(words: str, at: Context, kind: ActKind) -> None:
    assert understood(words, at).kind is kind


def test_a_bare_enough_to_the_read_back_is_no_sure_answer() -> None:
    act = understood("됐어요", AT_CONFIRM)
    assert act.kind is not ActKind.CONFIRM
    assert act.score < SURE_NO


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("아니 토요일 말고 일요일", "date", "2026-11-29"),
        ("그게 아니고 일요일이요", "date", "2026-11-29"),
        ("와니 삼백삼 호", "address", VALUES["address"]),
        ("네 그런데 전화번호는 공일공 구팔칠육 오사삼이예요", "phone", "010-9876-5432"),
        ("틀렸어요 가운데가 오오오오예요", "phone", "010-5555-5678"),
        ("뒷자리가 칠칠칠칠이에요", "phone", "010-1234-7777"),
        ("소파 말고 의자요", "item", "의자"),
    ],
)
def test_a_yes_or_no_with_a_new_value_corrects_and_confirms_nothing(
    words: str, slot: str, value: object
) -> None:
    act = understood(words, AT_CONFIRM)
    assert (act.kind, values(act).get(slot)) == (ActKind.CORRECT, value)


@pytest.mark.parametrize(
    ("words", "slot"),
    [("날짜만 바꿔 줘요", "date"), ("주소가 틀렸어요", "address"), ("전화번호를 잘못 말했네", "phone")],
)
def test_a_slot_called_wrong_is_named(words: str, slot: str) -> None:
    act = understood(words, AT_CONFIRM)
    assert (act.kind, act.detail, dict(act.slots)) == (ActKind.CORRECT, slot, {})


def test_a_slot_without_a_value_cannot_be_wrong() -> None:
    slots = catalogue()["bulky_waste"].slots
    assert wrong_slot("날짜가 틀렸어요", slots, {"address"}) is None
    assert wrong_slot("날짜를 말씀드릴게요", slots, {"date"}) is None


@pytest.mark.parametrize(
    ("words", "repaired"),
    [
        ("가운데가 오육칠팔이에요", "010-5678-5678"),
        ("가운데 번호가 오육칠팔", "010-5678-5678"),
        ("뒤에 네 자리가 공일이이", "010-1234-0122"),
        ("앞이 공일일이요", "011-1234-5678"),
        ("전화번호가 이상해요", None),
    ],
)
def test_one_group_of_a_phone_number_is_repaired(words: str, repaired: str | None) -> None:
    assert repair_phone(words, "010-1234-5678") == repaired


def test_what_is_meant_instead_follows_what_is_taken_back() -> None:
    assert meant_instead("아니 토요일 말고 일요일") == "일요일"
    assert meant_instead("삼백이 호가 아니라 삼백삼 호") == "삼백삼 호"
    assert meant_instead("소파 하나요") is None


@pytest.mark.parametrize(
    ("words", "at", "kind"),
    [
        ("계속할긔요", context(), ActKind.CONTINUE),
        ("처움부터 다시 해 줘요", AT_CONFIRM, ActKind.START_OVER),
        ("앞의 질문으로 돌아가 줘", AT_PHONE, ActKind.BACK),
        ("감사함니다", context(), ActKind.THANKS),
        ("심심해서 전화해 봤어", context(), ActKind.CHITCHAT),
        ("말이 너무 느려유", context(), ActKind.FASTER),
        ("기억이 안 나는디요", AT_PHONE, ActKind.DONT_KNOW),
    ],
)
def test_words_that_no_pattern_lists_are_learnt(words: str, at: Context, kind: ActKind) -> None:
    assert understood(words, at).kind is kind


@pytest.mark.parametrize(
    "words", ["고마워요 그런데 근처 약국은 어디 있어요", "안녕하세요 소파를 하나 버리려고요"]
)
def test_a_polite_word_before_a_wish_does_not_hide_it(words: str) -> None:
    assert understood(words).kind not in (ActKind.THANKS, ActKind.GREETING)


@pytest.mark.parametrize(
    "words", ["아니요 상담사 바꿔요", "네 근데 상담원하고 얘기할래요", "아니 사람 좀 바까 주이소"]
)
def test_a_yes_or_no_before_the_wish_for_a_person_does_not_hide_it(words: str) -> None:
    act = understood(words, AT_CONFIRM)
    assert (act.kind, act.service) == (ActKind.ASK, "counsellor")


@pytest.mark.parametrize("words", ["모레", "작품", "소파"])
def test_a_word_of_two_syllables_is_no_learnt_act(words: str) -> None:
    assert understood(words).found_by != FoundBy.LEARNT


def test_only_acts_that_make_sense_are_guessed() -> None:
    assert "confirm" not in possible_acts(context())
    assert "confirm" in possible_acts(AT_CONFIRM)
    assert "skip" in possible_acts(AT_PHONE)
    assert "back" not in possible_acts(context())


def test_a_model_of_acts_prefers_nothing_where_it_knows_nothing() -> None:
    learnt = LearntActs({"thanks": ["고마워요"] * 3, NOTHING: ["소파요"] * 3})
    assert learnt.guess("zzz", {"thanks"})[0] == NOTHING
    assert learnt.guess("고마워요", {"thanks"})[0] == "thanks"
    assert learnt.guess("고마워요", set())[0] == NOTHING


@pytest.mark.parametrize(
    ("text", "why"),
    [("- a\n", "no mapping"), ("shout: [a]\n", "is no act"), ("thanks: [a, b]\n", "fewer than")],
)
def test_a_wrong_list_of_examples_is_said(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "act_examples.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why):
        read_act_examples(file)


def test_examples_belong_to_one_act() -> None:
    owners: dict[str, str] = {}
    for name, sentences in read_act_examples(CATALOGUE / "lexicon" / "act_examples.yaml").items():
        for sentence in sentences:
            assert owners.setdefault(sentence, name) == name, sentence


@pytest.mark.parametrize(
    ("words", "options", "index"),
    [
        ("약국이요", ("문 연 약국",), 0),
        ("날씨 말이여", ("문 연 약국", "날씨"), 1),
        ("앞에 거", ("문 연 약국", "날씨"), 0),
        ("뒤에 거요", ("문 연 약국", "날씨"), 1),
        ("가운데 거", ("가", "나", "다"), 1),
        ("가운데 거", ("가", "나"), None),
        ("도착이요", ("버스 도착", "지하철 도착"), None),
        ("지하철", ("버스 도착", "지하철 도착"), 1),
    ],
)
def test_an_option_is_known_by_its_place_or_by_one_telling_word(
    words: str, options: tuple[str, ...], index: int | None
) -> None:
    assert chosen(words, options) == index


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("통화 노금", 0),
        ("동화 노금으로 해 주이소", 0),
        ("음 그 통화 노금으로 해 주세요", 0),
        ("그게 저기 아까 말한 그 통화 녹음 그거 있잖아요 그거로 해 주세요", 0),
        ("아니 다산콜은 밤에도 전화를 받느냐고요", None),
        ("아니 다산콜은 어떻게 하냐고", None),
        ("다산콜은 밤에도 전화를 받아요", None),
        ("아까 그 할머니가 전화를 안 받으시던데", None),
    ],
)
def test_a_sentence_about_something_else_is_no_option_that_it_sounds_like_in_one_place(
    words: str, index: int | None
) -> None:
    assert chosen(words, ("통화 녹음", "방문 상담")) == index


@pytest.mark.parametrize("found_by", FoundBy)
def test_scores_are_shares_and_grow_with_strength(found_by: FoundBy) -> None:
    scores = [calibrated(found_by, step / 20) for step in range(21)]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == sorted(scores)
    assert all(calibrated(found_by, strength) == share for strength, share in MEASURED[found_by])


ODD = ["가", "아", "ㅋㅋ", "hello", "漢字", "🙂", "1", "２십일", "네" * 10_000, "x" * 10_000, "\u1105\u1161"]


@pytest.mark.parametrize(
    "words", [*ODD, *(unicodedata.normalize("NFD", one) for one in ("네", "취소해 주세요"))]
)
@pytest.mark.parametrize("at", [context(), AT_CONFIRM, AT_PHONE, AT_OFFER])
def test_odd_input_is_some_act(words: str, at: Context) -> None:
    assert understood(words, at).kind in ActKind


@pytest.mark.parametrize(
    "words",
    [
        "그래서요",
        "그래도요",
        "네 바꿔 주세요",
        "네 고쳐 주세요",
        "경",
        "네 잠깐만요",
        "네 그런데요",
        "그리고요",
    ],
)
def test_words_that_begin_like_a_yes_let_no_write_out(words: str) -> None:
    act = understood(words, AT_CONFIRM)
    assert act.kind is not ActKind.CONFIRM or act.found_by == FoundBy.LEARNT


def test_decomposed_letters_mean_the_same() -> None:
    assert understood(unicodedata.normalize("NFD", "네 맞아요"), AT_CONFIRM).kind is ActKind.CONFIRM


@settings(max_examples=150)
@given(
    st.text(alphabet="네예응아니됐어요괜찮없다그만취소해줘모르겠맞음이제더 ,.0123", max_size=40),
    st.sampled_from([context(), AT_CONFIRM, AT_PHONE, AFTERWARDS, AT_OFFER]),
)
def test_any_row_of_steering_syllables_is_an_act_with_a_score(words: str, at: Context) -> None:
    acts = cheap().understand(words, at)
    assert acts
    assert all(0.0 <= act.score <= 1.0 for act in acts)


@pytest.mark.parametrize(
    ("words", "detail", "home"),
    [
        ("기억해 줘요", None, None),
        ("다음에도 천천히 말해 줘", "slower", None),
        ("앞으로도 크게 말해 줘요", "louder", None),
        ("우리 동네 기억해 줘", None, None),
        ("우리 집은 노원구니까 기억해 줘", None, "노원구"),
    ],
)
@pytest.mark.parametrize("at", [context(home_district="마포구"), AT_CONFIRM, AT_PHONE, AT_OFFER])
def test_a_wish_to_be_remembered_carries_pace_and_home(
    words: str, detail: str | None, home: str | None, at: Context
) -> None:
    act = understood(words, at)
    assert (act.kind, act.detail) == (ActKind.REMEMBER, detail)
    assert values(act) == ({} if home is None else {"home_district": home})


@pytest.mark.parametrize("at", [context(), AT_CONFIRM, AT_PHONE, AT_OFFER, AFTERWARDS])
@pytest.mark.parametrize("words", ["기억한 거 지워 주세요", "내 정보 잊어 줘", "지워 줘", "기억하지 마세요"])
def test_a_wish_to_be_forgotten_is_heard_at_every_question(words: str, at: Context) -> None:
    assert understood(words, at).kind is ActKind.FORGET


def test_the_button_under_the_consent_is_a_yes_to_it() -> None:
    assert understood("네, 기억해 줘요", AT_OFFER).kind in (ActKind.REMEMBER, ActKind.CONFIRM)
    assert understood("아니요", AT_OFFER).kind is ActKind.DENY
