from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from donghaeng.korean.reading import PAUSES, read_aloud

CASES: dict[str, list[tuple[str, str]]] = {
    "native counters": [
        ("7시에 열어요", "일곱 시에 열어요"),
        ("5시간 걸려요", "다섯 시간 걸려요"),
        ("8살", "여덟 살"),
        ("14명이 기다려요", "열네 명이 기다려요"),
        ("사과 6개", "사과 여섯 개"),
        ("서류 2장", "서류 두 장"),
        ("생수 9통", "생수 아홉 통"),
        ("신청서 1부", "신청서 한 부"),
        ("강아지 2마리", "강아지 두 마리"),
        ("책 11권", "책 열한 권"),
        ("3군데", "세 군데"),
        ("1번째", "첫 번째"),
        ("22번째", "스물두 번째"),
        ("4가지", "네 가지"),
        ("99명", "아흔아홉 명"),
    ],
    "from a hundred on Sino-Korean": [("350명", "삼백오십 명"), ("120개", "백이십 개")],
    "석 and 넉": [("3달", "석 달"), ("4달", "넉 달"), ("5달", "다섯 달"), ("3장", "세 장")],
    "Sino-Korean counters": [
        ("45분", "사십오 분"),
        ("10초", "십 초"),
        ("2주", "이 주"),
        ("6개월", "육 개월"),
        ("12층", "십이 층"),
        ("9호선", "구 호선"),
        ("7번 창구", "칠 번 창구"),
        ("70세 이상", "칠십 세 이상"),
        ("2인분", "이 인분"),
        ("제3회", "제삼 회"),
        ("40여 명", "사십여 명"),
    ],
    "two readings": [
        ("15분 뒤", "십오 분 뒤"),
        ("어르신 2분", "어르신 두 분"),
        ("3분이서 오세요", "세 분이서 오세요"),
        ("6번 출구", "육 번 출구"),
        ("하루 2번 드세요", "하루 두 번 드세요"),
        ("4번 했어요", "네 번 했어요"),
        ("105동", "백오 동"),
        ("자전거 20대", "자전거 스무 대"),
        ("20대 청년", "이십 대 청년"),
    ],
    "words that begin like a counter": [("2부터 5까지", "이부터 오까지"), ("3시간", "세 시간")],
    "dates": [
        ("6월", "유월"),
        ("10월 6일", "시월 육 일"),
        ("12월 1일", "십이월 일 일"),
        ("10. 6.", "시월 육 일"),
        ("2027. 3. 2.(화)", "이천이십칠 년 삼월 이 일 화요일"),
        ("2027-03-02", "이천이십칠 년 삼월 이 일"),
        ("5월 5일(수)", "오월 오 일 수요일"),
        ("5/5(수)", "오월 오 일 수요일"),
        ("3월 2일~3월 9일", "삼월 이 일부터 삼월 구 일"),
        ("월~금", "월요일부터 금요일"),
        ("1. 준비물", "일. 준비물"),
    ],
    "clock": [
        ("09:05", "오전 아홉 시 오 분"),
        ("13:00", "오후 한 시"),
        ("12:30", "낮 열두 시 삼십 분"),
        ("00:40", "밤 열두 시 사십 분"),
        ("24:00", "밤 열두 시"),
        ("20시 15분", "오후 여덟 시 십오 분"),
        ("오후 3시 20분", "오후 세 시 이십 분"),
        ("오후 15:20", "오후 세 시 이십 분"),
        ("10:00~17:00", "오전 열 시부터 오후 다섯 시까지"),
        ("10:00~17:00까지", "오전 열 시부터 오후 다섯 시까지"),
        ("2~3시", "두 시에서 세 시"),
    ],
    "telephones": [
        ("010-9876-5432", "공일공, 구팔칠육, 오사삼이"),
        ("02-345-6789로", "공이, 삼사오, 육칠팔구로"),
        ("1588-0000", "일오팔팔, 공공공공"),
        ("01098765432", "공일공, 구팔칠육, 오사삼이"),
        ("119에 신고", "일일구에 신고"),
        ("120번으로 전화하세요", "일이공 번으로 전화하세요"),
        ("120번 버스", "백이십 번 버스"),
        ("+82 2-345-6789", "국가번호 팔이, 이, 삼사오, 육칠팔구"),
    ],
    "receipts and codes": [
        ("접수번호 DH-2026-000987", "접수번호 디에이치, 이공이육, 공공공, 구팔칠"),
        ("연습-DH-2026-000987", "연습, 디에이치, 이공이육, 공공공, 구팔칠"),
        ("접수번호 20269876", "접수번호 이공이육, 구팔칠육"),
        ("34나7788", "삼십사 나, 칠칠팔팔"),
    ],
    "buses": [
        ("271번", "이백칠십일 번"),
        ("7016번이 와요", "칠공일육 번이 와요"),
        ("271, 7016번", "이백칠십일, 칠공일육 번"),
        ("버스 7016이 와요", "버스 칠공일육이 와요"),
        ("N13", "엔 십삼 번"),
        ("N13번", "엔 십삼 번"),
        ("서초08", "서초 공팔"),
        ("7-2번", "칠 다시 이 번"),
        ("M5107번", "엠 오일공칠 번"),
    ],
    "money": [
        ("12,000원", "만 이천 원"),
        ("250,000원", "이십오만 원"),
        ("1만 5천원", "만 오천 원"),
        ("3억 원", "삼억 원"),
        ("₩7,500", "칠천오백 원"),
        ("$20", "이십 달러"),
    ],
    "ranges, decimals, fractions": [
        ("10~15분", "십 분에서 십오 분"),
        ("2~3명", "두 명에서 세 명"),
        ("10%~20%", "십 퍼센트에서 이십 퍼센트"),
        ("2.75%", "이 점 칠오 퍼센트"),
        ("3/4", "사분의 삼"),
        ("-5", "마이너스 오"),
        ("1·2호선", "일, 이 호선"),
    ],
    "units": [
        ("700m", "칠백 미터"),
        ("2.5㎞", "이 점 오 킬로미터"),
        ("-7℃", "영하 칠 도"),
        ("18.5℃", "십팔 점 오 도"),
        ("28㎍/㎥", "세제곱미터당 이십팔 마이크로그램"),
        ("4m/s", "초속 사 미터"),
        ("80km/h", "시속 팔십 킬로미터"),
        ("59㎡", "오십구 제곱미터"),
    ],
    "addresses": [
        ("양화로 45, 302호", "양화로 사십오, 삼백이 호"),
        ("을지로 30-5", "을지로 삼십 다시 오"),
        ("월드컵로 112, 501호", "월드컵로 백십이, 오백일 호"),
        ("월드컵로25길 3", "월드컵로 이십오 길 삼"),
        ("3동 1204호", "삼 동 천이백사 호"),
        ("B2층", "지하 이 층"),
        ("종로3가역", "종로 삼가역"),
    ],
    "never aloud": [
        ("470815-2******", ""),
        ("470815-2345678", ""),
        ("1234-5678-1234-5678", ""),
        ("인증번호는 482913", "인증번호는"),
        ("010-****-5432", "공일공, 오사삼이"),
    ],
    "Latin": [
        ("QR코드", "큐알 코드"),
        ("ARS", "자동응답 전화"),
        ("KTX를 타요", "케이티엑스를 타요"),
        ("PDF", "피디에프"),
        ("PM2.5", "초미세먼지"),
        ("seoul.go.kr", "서울 닷 지오 닷 케이알"),
        ("ab@naver.com", "에이비 골뱅이 네이버 닷 씨오엠"),
    ],
    "particles after readings": [
        ("30%을 넘어요", "삼십 퍼센트를 넘어요"),
        ("3/5이 왔어요", "오분의 삼이 왔어요"),
        ("5km은 멀어요", "오 킬로미터는 멀어요"),
    ],
    "already spoken": [
        ("육사일일 번 버스가 삼 분 뒤에 와요.", "육사일일 번 버스가 삼 분 뒤에 와요."),
        ("네, 찾아볼게요!", "네, 찾아볼게요!"),
    ],
    "marks": [
        ("문의: 다산콜(서울)", "문의, 다산콜, 서울"),
        ("좋아요 😀 漢字", "좋아요"),
        ("줄\n바꿈", "줄, 바꿈"),
        ("끝…", "끝."),
    ],
}


@pytest.mark.parametrize(
    ("written", "spoken"),
    [pytest.param(*pair, id=f"{kind}: {pair[0]}") for kind, pairs in CASES.items() for pair in pairs],
)
def test_reading(written: str, spoken: str) -> None:
    assert read_aloud(written) == spoken
    assert read_aloud(spoken) == spoken


MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789.,:-/~%()원명시분번호동월일개A㎍/℃*√₩·만억 은는이가을를"),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)


@given(MIXED)
@example("0" * 40 + "원")
@example("9" * 60 + "번")
@example("0:00:00~24:59 99월 99일 0000-00-00 1/0 √0")
@example("()(월)~~--++")
def test_any_text_becomes_hangul_and_pauses_and_stays(text: str) -> None:
    spoken = read_aloud(text)
    assert re.fullmatch(rf"[가-힣 {re.escape(PAUSES)}]*", spoken)
    assert read_aloud(spoken) == spoken


@given(st.integers(0, 99_999_999), st.sampled_from(["원", "명", "번", "호", "분", "km", "%", "개", ""]))
def test_every_number_with_a_unit_is_said(number: int, unit: str) -> None:
    assert read_aloud(f"{number}{unit}")
    assert read_aloud(f"{number:,}{unit}")


def test_a_long_reply_is_quick() -> None:
    reply = (
        "접수번호 DH-2026-000123이에요. 6411번은 3분 뒤, 143번은 12분 뒤에 와요. 문의는 02-2133-1234예요. "
        * 5
    )
    read_aloud(reply)
    start = time.process_time()
    for _ in range(20):
        read_aloud(reply)
    assert (time.process_time() - start) / 20 < 0.02


def _plain(text: str) -> str:
    return re.sub(r"[\s,.!?~·:]", "", text)


@pytest.mark.parametrize(("name", "least"), [("civic", 0.97), ("nemo", 0.85)])
def test_labelled_cases(shared: Path, name: str, least: float) -> None:
    lines = (shared / f"data/text/reading/{name}/gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    right = [
        _plain(read_aloud(row["text"])) in {_plain(said) for said in (row["reading"], *row.get("also", ()))}
        for row in rows
    ]
    assert sum(right) / len(right) >= least
