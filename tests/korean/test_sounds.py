from __future__ import annotations

import csv
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.sound_confusions import SWAPPED
from donghaeng.korean.sound_costs import DELETE, SUBSTITUTE, SYMBOLS
from donghaeng.korean.sounds import SoundIndex, sound_distance

NAMES = [
    "강남",
    "한남",
    "합정",
    "신림",
    "광화문",
    "왕십리",
    "종로3가",
    "서울대입구",
    "동대문역사문화공원",
    "KT인천지사",
]
hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def index() -> SoundIndex:
    return SoundIndex(NAMES)


@pytest.mark.parametrize(
    ("said", "name", "where"),
    [
        ("합정역에 육사일일번 언제 와요", "합정", "합정"),
        ("저기 광하문에서 버스 탈라는데", "광화문", "광하문"),
        ("왕심니역 몇 분 남았어요", "왕십리", "왕심니"),
        ("신님 가는 거", "신림", "신님"),
        ("종노삼가", "종로3가", "종노삼가"),
        ("서울대 입구 가려고", "서울대입구", "서울대 입구"),
        ("동대문 역사 문화 공원", "동대문역사문화공원", "동대문 역사 문화 공원"),
        ("케이티 인천 지사 앞", "KT인천지사", "케이티 인천 지사"),
    ],
)
def test_finds_the_name_in_an_utterance(index: SoundIndex, said: str, name: str, where: str) -> None:
    best = index.find_in(said)[0]
    assert (best.name, said[best.start : best.end]) == (name, where)


@pytest.mark.parametrize("said", ["소파를 하나 버려야 하는데요", "오늘 비 온대요?", "", "🙂", "hello 123"])
def test_finds_no_name_where_there_is_none(index: SoundIndex, said: str) -> None:
    assert index.find_in(said) == []


def test_search_takes_the_whole_text(index: SoundIndex) -> None:
    assert [match.name for match in index.search("신님")] == ["신림"]
    assert index.search("신림 말고 다른 데") == []


def test_the_same_name_twice_is_found_once() -> None:
    found = SoundIndex(["강남", "합정", "합정"]).search("합정")
    assert [(match.name, match.index) for match in found] == [("합정", 1)]


def test_an_empty_index_finds_nothing() -> None:
    assert SoundIndex([]).find_in("합정역") == []
    assert SoundIndex([""]).search("합정") == []


@given(hangul, hangul)
def test_distance_is_a_share_and_zero_for_the_same(one: str, other: str) -> None:
    assert sound_distance(one, one) == 0
    assert 0 <= sound_distance(one, other) <= 1


def test_sound_alikes_are_nearer_than_others() -> None:
    assert sound_distance("쇼파", "소파") < 0.1 < sound_distance("합정", "강남")
    assert sound_distance("게", "개") < sound_distance("가", "개")


@given(st.text(max_size=300))
def test_total_on_any_text(text: str) -> None:
    for match in SoundIndex(NAMES).find_in(text):
        assert 0 <= match.start < match.end


def test_every_stop_of_the_city_within_five_milliseconds(shared: Path) -> None:
    with (shared / "data/seoul/bus_stops_seoul_20260506.csv").open(encoding="utf-8") as file:
        stops = [row["stop_name"] for row in csv.DictReader(file)]
    index = SoundIndex(stops)
    said = [
        "합정역에 육사일일번 언제 와요",
        "아현동 주민센터 앞에 칠삼칠 언제 와유",
        "광하문에서 버스 탈라는데",
    ] * 10
    spent = []
    for text in said:
        begun = time.process_time()
        assert index.find_in(text)
        spent.append(time.process_time() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.005


def test_an_exact_name_is_not_stretched_into_the_next_word() -> None:
    index = SoundIndex(["삼성", "삼성중앙", "야당", "당정", "가양", "양정"])
    for said in ("삼성", "야당", "가양"):
        assert index.find_in(f"저기 {said} 정류장에서요", max_distance=0.16)[0].name == said


def test_a_name_does_not_end_inside_another_word() -> None:
    index = SoundIndex(["성수", "서울"])
    assert index.find_in("꿀벌이 성수기인지 알려 줘", max_distance=0.11) == []
    assert index.find_in("성수에서 타요", max_distance=0.11)[0].name == "성수"


def test_what_the_recogniser_was_caught_at_is_cheaper_than_what_it_was_not() -> None:
    code = {symbol: number for number, symbol in enumerate(SYMBOLS)}
    assert SUBSTITUTE[code["ㅔ"], code["ㅡ"]] < SUBSTITUTE[code["ㅏ"], code["ㅜ"]]
    assert (SUBSTITUTE == SUBSTITUTE.T).all()
    assert (SUBSTITUTE.diagonal() == 0).all()
    assert DELETE[code["-ㄹ"]] < DELETE[code["ㄲ"]]
    for one, other in SWAPPED:
        assert one in code
        assert other in code or other == "."


def test_eleven_thousand_names_within_five_milliseconds() -> None:
    chance = Random(1)
    names = [
        "".join(chance.choices("가나다라마바사아자강남동서문산천역구로시장공원학교", k=chance.randint(3, 8)))
        for _ in range(11_000)
    ]
    index = SoundIndex(names)
    spent = []
    for name in chance.sample(names, 30):
        begun = time.process_time()
        assert index.find_in(f"저기 {name}에서 언제 와요")
        spent.append(time.process_time() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.005
