from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.particles import PAIRS, attach, choose, coda, resolve
from donghaeng.korean.reading import read_aloud

SAID = {
    "3": "삼",
    "7": "칠",
    "2": "이",
    "6411": "육사일일",
    "A": "에이",
    "30%": "삼십 퍼센트",
    "5km": "오 킬로미터",
}


def spoken(text: str) -> str:
    return SAID[text]


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("6411번은(는) 와요", "6411번은 와요"),
        ("강남역이(가) 가까워요", "강남역이 가까워요"),
        ("약국가(이) 열려요", "약국이 열려요"),
        ("버스을(를) 타요", "버스를 타요"),
        ("버스를(을) 타요", "버스를 타요"),
        ("3으로(로) 가요", "3으로 가요"),
        ("3(으)로 가요", "3으로 가요"),
        ("7(으)로 가요", "7로 가요"),
        ("6411로(으로) 가요", "6411로 가요"),
        ("서울(으)로 가요", "서울로 가요"),
        ("집(으)로 가요", "집으로 가요"),
        ("2이에요(예요).", "2예요."),
        ("소파예요(이에요).", "소파예요."),
        ("책상이에요(예요).", "책상이에요."),
        ("30%을(를) 넘어요", "30%를 넘어요"),
        ("5km이나(나) 돼요", "5km나 돼요"),
        ("A과(와) 비", "A와 비"),
        ("영희아(야), 철민아(야)", "영희야, 철민아"),
        ("'마포역'은(는) 여기예요", "'마포역'은 여기예요"),
        ("강남역(2호선)이(가)", "강남역(2호선)이"),
        ("괄호(괄호) 안은 그대로", "괄호(괄호) 안은 그대로"),
    ],
)
def test_resolve(template: str, written: str) -> None:
    assert resolve(template, lambda word: SAID.get(word, word)) == written


@pytest.mark.parametrize(
    ("template", "written", "said"),
    [
        ("6411번은(는) 3분 뒤에 와요.", "6411번은 3분 뒤에 와요.", "육사일일 번은 삼 분 뒤에 와요."),
        ("3(으)로", "3으로", "삼으로"),
        ("7으로(로)", "7로", "칠로"),
        ("N26을(를) 타세요", "N26을 타세요", "엔 이십육 번을 타세요"),
        ("02-2133-1234이에요(예요).", "02-2133-1234예요.", "공이, 이일삼삼, 일이삼사예요."),
        ("DH-2026-000120이에요(예요).", "DH-2026-000120이에요.", "디에이치, 이공이육, 공공공, 일이공이에요."),
        ("1.2km이에요(예요)", "1.2km예요", "일 점 이 킬로미터예요"),
        ("18:00이에요(예요)", "18:00예요", "오후 여섯 시예요"),
        ("60%이(가) 넘어요", "60%가 넘어요", "육십 퍼센트가 넘어요"),
    ],
)
def test_agreement_with_the_reading(template: str, written: str, said: str) -> None:
    assert resolve(template, read_aloud) == written
    assert read_aloud(written) == said


def test_two_markers_in_one_sentence() -> None:
    assert resolve("버스은(는) 합정역을(를) 지나요") == "버스는 합정역을 지나요"


def test_attach_takes_names_and_forms() -> None:
    assert attach("물", "object") == "물을"
    assert attach("3", "로", spoken("3")) == "3으로"
    with pytest.raises(KeyError):
        attach("물", "nonsense")


def test_coda_of_words_without_hangul_is_unknown() -> None:
    assert coda("abc") is None
    assert coda("") is None
    assert coda("가.") == 0
    assert coda("칠") == 8


@given(st.text(alphabet="가나각난달물밥책", min_size=1, max_size=5), st.sampled_from(sorted(PAIRS)))
def test_the_right_form_is_chosen_and_nothing_else_is_touched(word: str, name: str) -> None:
    closed, opened = PAIRS[name]
    out = resolve(f"{word}{closed}({opened}) 끝")
    assert out == f"{word}{choose(word, closed, opened)} 끝"
    open_syllable = word[-1] in "가나"
    if open_syllable:
        assert out == f"{word}{opened} 끝"
    elif word[-1] not in "달물":
        assert out == f"{word}{closed} 끝"


@given(st.text(max_size=60))
def test_total_on_any_text(text: str) -> None:
    assert "은(는)" not in resolve(text + "은(는)")
