from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.dialects import load_dialects
from donghaeng.errors import CatalogueError
from donghaeng.korean.noise import Habit, Manners, Region, variants, vary
from donghaeng.korean.noise.manners import in_dialect, say
from donghaeng.korean.noise.pieces import pieces_of, text_of

TABLE = Path(__file__).resolve().parents[3] / "catalogue" / "lexicon" / "dialect.yaml"
MANNERS = load_dialects(TABLE)
SEED = Random(1)


def said(text: str, region: Region, *, keep_numbers: bool = False, seed: int = 1) -> str:
    return text_of(in_dialect(pieces_of(text, keep_numbers=keep_numbers), Random(seed), region))


def test_the_longest_ending_that_fits_is_taken_and_only_at_the_end_of_a_sentence() -> None:
    region = Region("가", endings={"요": ["유"], "주세요": ["주이소"]})
    assert said("버려 주세요. 몇 개예요 그게", region) == "버려 주이소. 몇 개예요 그게"
    assert said("몇 개예요?", region) == "몇 개예유?"


def test_an_ending_may_begin_with_a_lone_letter() -> None:
    region = Region("가", endings={"ㅂ니다": ["ㅂ니더"], "ㄹ게요": ["쿠다"], "ㅆ어요": ["ㅆ당께"]})
    assert said("갑니다", region) == "갑니더"
    assert said("갈게요", region) == "가쿠다"
    assert said("했어요", region) == "했당께"
    assert said("바니다", region) == "바니다"


def test_words_are_whole_or_stems_and_their_particles_agree() -> None:
    region = Region("가", words={"할머니": ["할망"], "모르-": ["모리-"], "왜": ["와"]})
    assert said("할머니가 할머니를 할머니댁에 모르겠어 왜요 왜가리", region) == (
        "할망이 할망을 할머니댁에 모리겠어 와요 왜가리"
    )


def test_connectives_stand_inside_and_tags_after() -> None:
    region = Region("가", connectives={"는데": ["는디"]}, tags=["잉"])
    heard = {said("하는데 하는데", region, seed=seed) for seed in range(20)}
    assert heard == {"하는디 하는데", "하는디 하는데잉"}


def test_kept_words_stay_in_dialect_too() -> None:
    region = Region("가", endings={"세": ["셔"]}, words={"열": ["욜"]})
    assert said("열 세", region) == "욜 셔"
    assert said("열 세", region, keep_numbers=True) == "열 세"


def test_detours_fillers_and_repairs_come_by_chance() -> None:
    manners = Manners(
        fillers=["음"], before=["죄송한데요"], instead=["아니"], alternatives=[["화요일", "수요일"]]
    )
    every = Habit(fillers=1.0, detours=1.0, repairs=1.0)
    heard = text_of(say(pieces_of("화요일에 갈게요"), Random(2), manners, every))
    assert "수요일 아니 화요일에 갈게요" in heard.replace("음 ", "")
    assert heard.replace("음 ", "").startswith("죄송한데요 ")
    assert heard.count("음") == 1
    assert text_of(say(pieces_of("화요일에"), Random(2), manners, Habit())) == "화요일에"


def test_the_value_that_counts_is_said_last() -> None:
    habit = Habit(repairs=1.0)
    for seed in range(30):
        heard = text_of(say(pieces_of("내일 오후 날씨"), Random(seed), MANNERS, habit))
        assert heard.index("날씨") > heard.rindex("내일") >= 0
        assert heard.replace("오전", "").rindex("오후") > heard.rindex("내일")


@given(
    st.text(max_size=40) | st.text(alphabet="할머니가왜요 주세해는데.?요", max_size=30),
    st.sampled_from(sorted(MANNERS.regions)),
    st.integers(0, 200),
)
def test_any_text_is_survived_in_every_region(text: str, region: str, seed: int) -> None:
    habit = Habit(region, fillers=0.5, detours=0.5, repairs=0.5)
    heard = vary(text, Random(seed), level=0.1, manners=MANNERS, habit=habit)
    assert heard == vary(text, Random(seed), level=0.1, manners=MANNERS, habit=habit)
    assert bool(heard.strip()) >= bool(text.strip())


@pytest.mark.parametrize(
    ("region", "text", "forms"),
    [
        ("gyeongsang", "상담사 연결해 주세요", {"주이소", "주소", "도"}),
        ("jeolla", "버스가 왔어요", {"왔당께요", "왔어라", "왔지라"}),
        ("chungcheong", "버스가 언제 오나요", {"오나유", "오남유"}),
        ("gangwon", "이 근처 약국이 어디예요", {"어디래요", "어디우"}),
        ("jeju", "내일 갈게요", {"가쿠다"}),
    ],
)
def test_every_region_of_the_table_is_heard(region: str, text: str, forms: set[str]) -> None:
    heard = {said(text, MANNERS.regions[region], seed=seed).split(" ")[-1] for seed in range(80)}
    assert {one.removesuffix("잉").removesuffix("게").removesuffix("양") for one in heard} == forms


def test_variants_are_of_many_speakers() -> None:
    found = variants("버스가 언제 오는지 알려 주세요", Random(3), 40, level=0.0, manners=MANNERS)
    assert len(set(found)) == len(found) > 15
    assert any("주이소" in one for one in found)
    assert any("죄송" in one or "여쭐게요" in one or "다른 게" in one for one in found)


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("- a\n", 1, "no mapping"),
        ("fillers: []\n", 1, "regions"),
        ("regions:\n  a:\n    name: 가\n    endings:\n      abc: [가]\n", 5, "no ending"),
        (
            "regions:\n  a:\n    name: 가\n    endings:\n      요: [유]\n    words:\n      가-: [나]\n",
            3,
            "hyphen",
        ),
        ("regions:\n  a:\n    name: 가\n    endings: {요: [유]}\n    endnigs: {}\n", 5, "xtra"),
        ("alternatives: [[월요일]]\nregions: {a: {name: 가, endings: {요: [유]}}}\n", 1, "2 items"),
    ],
)
def test_a_wrong_table_is_said_with_its_line(tmp_path: Path, content: str, line: int, why: str) -> None:
    file = tmp_path / "dialect.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why) as caught:
        load_dialects(file)
    assert caught.value.file == str(file)
    assert abs(caught.value.line - line) <= 1
