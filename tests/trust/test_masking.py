"""Never-collected numbers go in every form; everything else stays."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.measuring.masking import measure_masking
from donghaeng.measuring.masking_cases import all_cases, parse
from donghaeng.trust.digits import OTHER_DIGITS, chains
from donghaeng.trust.masking import CONTACT, MASK, POLICIES, Masked, find, mask, mask_value
from donghaeng.trust.segments import is_card

CASES = Path(__file__).resolve().parents[2] / "bench" / "masking"
SPOKEN = ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]
COUNTED = ["영", "하나", "둘", "삼", "넷", "오", "여섯", "칠", "팔", "아홉"]
TO_DIGIT = {word: str(n) for words in (SPOKEN, COUNTED) for n, word in enumerate(words)} | {"빵": "0"}


def bare_digits(text: str) -> str:
    """Every digit of a text, spoken ones included, joined: what a reader could still put together."""
    for word in sorted(TO_DIGIT, key=len, reverse=True):
        text = text.replace(word, TO_DIGIT[word])
    return "".join(c if c.isascii() else str(int(c)) for c in text if c.isdecimal())


@st.composite
def residents(draw: st.DrawFn) -> str:
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, 28))
    return (
        f"{draw(st.integers(0, 99)):02}{month:02}{day:02}{draw(st.integers(1, 8))}"
        f"{draw(st.integers(0, 999999)):06}"
    )


@st.composite
def spelled(draw: st.DrawFn, digits: str) -> str:
    """Digits as one of the scripts, or mixed digit by digit."""
    ways = [str, lambda d: SPOKEN[int(d)], lambda d: COUNTED[int(d)], lambda d: chr(ord("０") + int(d))]
    way = draw(st.sampled_from([*ways, None]))
    return "".join((way or draw(st.sampled_from(ways)))(digit) for digit in digits)


@st.composite
def written_residents(draw: st.DrawFn) -> tuple[str, str]:
    number = draw(residents())
    birth, tail = number[:6], number[6:]
    middle = draw(
        st.sampled_from(
            ["", "-", " ", " - ", "–", ", ", " 다시 ", " 에 ", " 그리고 ", " 하이픈 ", "－", " 어 ", "·"]
        )
    )
    style = draw(st.sampled_from(["pieces", "spaced", "pairs", "commas"]))
    if style == "pieces":
        text = draw(spelled(birth)) + middle + draw(spelled(tail))
    elif style == "spaced":
        text = " ".join(draw(spelled(digit)) for digit in number)
    elif style == "commas":
        text = ", ".join(draw(spelled(digit)) for digit in number)
    else:
        text = " ".join(draw(spelled(birth[at : at + 2])) for at in (0, 2, 4)) + (middle or " ")
        text += draw(spelled(tail))
    before = draw(st.sampled_from(["", "제 주민번호는 ", "주민등록번호가요 ", "내가 ", "여기요: "]))
    after = draw(
        st.sampled_from(["", "이에요", "입니다", "요", " 맞지요?", "이고요", ".", " 이고 양화로예요"])
    )
    return number, before + text + after


@given(written_residents())
def test_a_resident_number_never_survives(case: tuple[str, str]) -> None:
    number, text = case
    masked = mask(text)
    assert MASK in masked.text
    assert {"resident", "alien", "card"} & set(masked.kinds)
    left = bare_digits(masked.text)
    assert number[6:] not in left
    assert len(left) < 7


PHONES = st.one_of(
    st.tuples(
        st.just("010"), st.from_regex(r"[2-9]\d{3}", fullmatch=True), st.from_regex(r"\d{4}", fullmatch=True)
    ),
    st.tuples(
        st.just("02"), st.from_regex(r"[2-9]\d{2,3}", fullmatch=True), st.from_regex(r"\d{4}", fullmatch=True)
    ),
    st.tuples(
        st.sampled_from(["031", "051", "064", "070"]),
        st.from_regex(r"[2-9]\d{2,3}", fullmatch=True),
        st.from_regex(r"\d{4}", fullmatch=True),
    ),
    st.tuples(st.sampled_from(["1588", "1577", "1899"]), st.from_regex(r"\d{4}", fullmatch=True)),
)


@st.composite
def said_phones(draw: st.DrawFn) -> str:
    parts = [part if part.isascii() else "1234"[: len(part)].ljust(len(part), "5") for part in draw(PHONES)]
    spoken = draw(st.booleans())
    joint = draw(
        st.sampled_from(["-", " ", "", ". ", ", "] if not spoken else [" ", "에 ", " 다시 ", ", ", ""])
    )
    text = joint.join("".join(SPOKEN[int(d)] for d in part) if spoken else part for part in parts)
    before = draw(
        st.sampled_from(["", "제 번호는 ", "전화는 ", "연락처 ", "계좌 말고 전화번호는 ", "통장 문의는 "])
    )
    after = draw(st.sampled_from(["", "이에요", "번이요", "입니다", "요", "로 전화 주세요", "이고요"]))
    return before + text + after


@given(said_phones())
def test_a_telephone_number_survives(text: str) -> None:
    assert mask(text).text == text


@given(st.lists(said_phones(), min_size=2, max_size=3))
def test_telephone_numbers_side_by_side_survive(texts: list[str]) -> None:
    text = " 그리고 또 전화요 ".join(texts)
    assert mask(text).text == text


@given(st.integers(10**14, 10**15 - 1), st.sampled_from(["", " ", "-"]), st.booleans())
def test_a_card_number_never_survives(body: int, joint: str, spoken: bool) -> None:
    start = "4" + str(body)[1:]
    number = next(start + str(check) for check in range(10) if is_card(start + str(check)))
    groups = [number[at : at + 4] for at in range(0, 16, 4)]
    if spoken:
        groups = ["".join(SPOKEN[int(digit)] for digit in group) for group in groups]
    masked = mask("카드가 " + joint.join(groups) + "이에요")
    assert len(bare_digits(masked.text.replace("카드가", "").replace("이에요", ""))) == 0


@given(
    st.text(
        alphabet="0123456789공일이삼사오육칠팔구 -,.다시에그리고비밀번호계좌통장주민은는이요원호동[가림]a\n",
        max_size=200,
    )
)
def test_masking_again_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    masked = mask(text)
    assert (MASK in masked.text) >= bool(masked.kinds)


@given(st.text(alphabet="0123공일이 -다시가에요,", max_size=100))
def test_chains_cover_what_they_say(text: str) -> None:
    end = -1
    for chain in chains(text):
        assert chain.start >= end
        end = chain.end
        for group in chain.groups:
            for unit in group.units:
                assert text[unit.start : unit.end]
                assert unit.digit in "0123456789"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("제 번호는 4708152345678이에요", "resident"),
        ("공일공일공일 다시 삼이삼사오육칠", "resident"),
        ("주민번호가 구공공일공일이고 뒷자리는 일이삼사오육칠이요", "resident"),
        ("19900101-1234567", "resident"),
        ("900101-1******", "resident"),
        ("900101-12345", "resident"),
        ("주민등록번호 칠공공일공일 일공이삼사오육", "resident"),
        ("x4708152345678y", "resident"),
        ("470815\u200b2345678", "resident"),
        ("구공공일공일 다시 일이삼사오육칠", "resident"),
        ("외국인등록번호는 850505-5123456", "alien"),
        ("4111-1111-1111-1112", "card"),
        ("카드번호는 4111 1111 11", "card"),
        ("계좌는 우리은행 1002-123-456789", "account"),
        ("통장 번호는 공이사 다시 일이삼사오육 다시 칠팔구 예요", "account"),
        ("352-0123-456789 이게 제 계좌예요", "account"),
        ("비밀번호는 1234예요", "secret"),
        ("비밀번호 abcd1234!", "secret"),
        ("비번은 천이백삼십사", "secret"),
        ("인증번호 123456 왔어요", "secret"),
        ("OTP 482910", "secret"),
        ("카드 뒤에 CVC 123", "secret"),
        ("일이삼사가 제 비밀번호예요", "secret"),
        ("여권번호는 M12345678이에요", "passport"),
        ("운전면허 번호 11-12-345678-90", "licence"),
        ("82 01 01 1000000", "resident"),
        ("13-05-123456-78 반납하려고요", "licence"),
        ("면허증 서울 12-345678-90이에요", "licence"),
        ("M12345678 이거예요", "passport"),
        ("여권 엠 일이삼사오육칠팔이요", "passport"),
        ("5427123456789012 결제해 주세요", "card"),
        ("352-0123-4567-89 여기로요", "account"),
        ("국민은행 일이삼사 다시 오육칠 다시 팔구공일이삼", "account"),
    ],
)
def test_each_kind(text: str, kind: str) -> None:
    masked = mask(text)
    assert masked.kinds == (kind,)
    assert MASK in masked.text


@pytest.mark.parametrize(
    "text",
    [
        "010-1234-5678 32번",
        "육사일일 번 버스 합정역에 언제 와요",
        "14011 정류장에 6411번",
        "마포구 양화로 45, 303호",
        "마포구 양화로 사십오, 삼백삼 호",
        "구공공일공일",
        "주민번호 앞자리는 470815예요",
        "접수번호 DH/SEL-20261123-0001",
        "SEL-20261123-1234",
        "SEL-261123-1234",
        "연습-20261123-0001",
        "통장에 12,000,000원 있어요",
        "1,234,567,890,123원",
        "2026-11-23 2026-11-30",
        "37.5665, 126.9780",
        "2026-11-23T10:00:00+09:00",
        "비밀번호를 잊어버렸어요 1588-1234로 전화하나요",
        "비밀번호 말고 6411번 버스",
        "전화 뒷자리 5678",
        "이 이 일 일 사 오 구로구 이사 오는",
        "+82 10 1234 5678 3명",
        "+82 010-1234-5678",
        "국가번호 팔이 영일영 일이삼사 오육칠팔",
        "1588-1234, 1577-5678",
        "사람하고 얘기할래요",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).kinds == ()


@pytest.mark.parametrize(
    ("text", "left", "kind"),
    [
        ("제 번호는 010-1234-5678이에요", f"제 번호는 {MASK}이에요", "phone"),
        ("공일공 일이삼사 오육칠팔이요", f"{MASK}이요", "phone"),
        ("연락처 312-4567", f"연락처 {MASK}", "phone"),
        ("메일은 hong@naver.com이에요", f"메일은 {MASK}이에요", "email"),
        ("soonja 골뱅이 네이버 닷 컴이요", f"{MASK}이요", "email"),
        ("마포구 양화로 45, 303호예요", f"{MASK}예요", "address"),
        ("성산시영아파트 백일동 천이백삼호요", f"{MASK}요", "address"),
        ("구로동 123-45번지예요", f"{MASK}예요", "address"),
        ("제 이름은 김영희예요", f"제 이름은 {MASK}예요", "name"),
        ("이순자 님 계세요", f"{MASK} 님 계세요", "name"),
    ],
)
def test_contact_data_goes_where_the_policy_says_and_stays_in_the_store(
    text: str, left: str, kind: str
) -> None:
    assert mask(text) == Masked(text)
    for purpose in ("log", "metric", "trace", "model"):
        assert mask(text, purpose) == Masked(left, (kind,))


@pytest.mark.parametrize(
    "text",
    [
        "육사일일 번 버스 합정역에 언제 와요",
        "버스로 30분 걸려요",
        "카드로 2만 원 냈어요",
        "위례로 이사를 갔는데요",
        "101동 앞 가로등이 나갔어요",
        "접수번호 SEL-20261123-0001",
        "120에 전화하면 되나요",
        "고객님 선생님 기사님",
        "이름이 뭐라고요",
        "일요일에 하는 약국요, 신정동입니다",
        "오후 3시 30분에 4명이요",
    ],
)
def test_what_stays_in_logs_too(text: str) -> None:
    assert mask(text, "log") == Masked(text)


@given(
    st.text(
        alphabet="0123456789공일이삼사오육칠팔구십백 -,.@a다시에번호는은이요원호동로길"
        "구시김영희씨님이름[가림]\n",
        max_size=200,
    )
)
def test_masking_for_logs_again_changes_nothing_that_was_masked(text: str) -> None:
    once = mask(text, "log").text
    assert mask(once).text == once


def test_the_thousand_cases_are_masked_as_they_must() -> None:
    cases = all_cases(CASES)
    assert len({case.text for case in cases}) >= 990
    for purpose in ("store", "log"):
        figures = measure_masking(
            cases,
            lambda text, to=purpose: [(s.start, s.end, s.kind) for s in find(text, to)],
            POLICIES[purpose],
        )
        assert figures.recall >= 0.99, figures.failures
        assert figures.precision >= 0.95, figures.failures
        assert set(figures.wanted) == POLICIES[purpose]


def test_a_missed_piece_and_a_wrong_mask_are_counted() -> None:
    case = parse("제 {phone|010-1234-5678} 말고 {route|6411번}")
    figures = measure_masking([case], lambda text: [(text.index("6411"), len(text), "card")], CONTACT)
    assert (figures.recall, figures.precision, len(figures.failures)) == (0, 0, 2)
    with pytest.raises(InputError):
        parse("제 {phone 010")


def test_values_inside_json_are_masked_and_the_rest_kept() -> None:
    value = {
        "slots": {"phone": "010-1234-5678", "count": 1, "note": ["주민 900101-1234567"]},
        "n": 4708152345678,
    }
    assert mask_value(value) == {
        "slots": {"phone": "010-1234-5678", "count": 1, "note": [f"주민 {MASK}"]},
        "n": MASK,
    }


@pytest.mark.parametrize(
    "text",
    [
        "900101~1234567",
        "900101 (1234567)",
        "900101:1234567 이요",
        "19900101→1234567",
        "9*0*0*1*0*1*1*2*3*4*5*6*7",
        "4111~1111~1111~1111",
        "".join(f"{digit}\ufe0f\u20e3" for digit in "9001011234567"),
        "⁹⁰⁰¹⁰¹¹²³⁴⁵⁶⁷",
        "❾⓿⓿❶⓿❶-❶❷❸❹❺❻❼",
        "九〇〇一〇一 一二三四五六七",
        "\u3164".join("9001011234567"),
        "\u200e".join("4111111111111111"),
        "90년 1월 1일에 1234567",
        "90년1월1일생이고 뒷자리는 1234567이에요",
        "구십년 일월 일일 다시 일이삼사오육칠",
        "천구백사십칠년 팔월 십오일생이고 이삼사오육칠팔이요",
        "1947.8.15생 2345678",
        "1일생이고 뒷자리는 1234567",
        "나인 제로 제로 원 제로 원 다시 원 투 쓰리 포 파이브 식스 세븐",
        "nine zero zero one zero one, one two three four five six seven",
    ],
)
def test_numbers_in_odd_digits_and_with_odd_signs_go_whole(text: str) -> None:
    masked = mask(text)
    assert masked.kinds in (("resident",), ("card",))
    left = masked.text.replace(MASK, "").replace("1일", "")
    assert not any(unit.digit for chain in chains(left) for group in chain.groups for unit in group.units[2:])


@pytest.mark.parametrize(
    "text",
    [
        "14:30~15:30, 16:00~17:00, 18:00~19:00",
        "09:00~18:00 (점심 12:00~13:00)",
        "3400|4100|5000|6001",
        "1990년 1월 1일 접수번호 1234567",
        "2026년 11월 23일 1234567",
        "2026-11-23 2026-11-30",
        "30m² 방, H₂O, 一回 ① 신청 ② 접수 ③ 결과",
        "이월 일일생이고 뒷자리는 말하기 싫어요",
    ],
)
def test_times_tables_and_dates_with_such_signs_stay(text: str) -> None:
    assert mask(text).kinds == ()


def test_every_digit_that_is_listed_is_one() -> None:
    assert all(sign.isdigit() and not sign.isdecimal() for sign in OTHER_DIGITS)


@pytest.mark.parametrize(
    "piece",
    [
        "구",
        "9️⃣0~",
        "90.1.1 이가 1234567 8",
        "1 ",
        "9001011234567 ",
        "비밀번호 ",
        "비밀번호는a",
        " ",
        "이 다시 ",
        "여권 ",
        "카드번호 1",
        "-",
        "암호=",
        "일.",
        "1" * 30,
        "로 1",
        "마포구 ",
        "동 1-",
        "이름 김",
        "김영",
        "a@",
        "a.b@c.",
        "가나다 골뱅이 ",
        "일동 ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "암호" + piece * (length // len(piece))
        begin = time.thread_time()
        mask(text, "log")
        return time.thread_time() - begin

    def best(length: int) -> float:
        return min(seconds(length) for _ in range(3))

    # Twenty times the text may cost a hundred times the time (the collector looks through more the more there
    # is), not four hundred. The constant absorbs timer noise, the best of three what else runs.
    assert best(100_000) < 100 * best(5_000) + 0.25


def test_no_spoken_residue_of_the_contract_example() -> None:
    text = mask("제 주민번호는 사칠공팔일오 이삼사오육칠팔이에요").text
    assert not re.search("이삼사오육칠팔", text)
