"""Which numerals a counter takes: native (세 명) or Sino-Korean (삼 층), and by context where both exist.

Sources: 국립국어원's advice on numbers before counters, and the table of Donghaeng's voice design:
native up to 99, Sino-Korean from 100 on and before decimals; 서/너, 석/넉 by custom before a few counters.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.numerals import NATIVE_LARGEST, native_attributive, sino

_NATIVE_WORDS = """
시 시간 살 명 사람 개 장 통 부 마리 대 잔 권 매 그루 켤레 번째 달 군데 가지 곳 편 줄 칸 정거장 정류장
벌 그릇 병 캔 봉지 상자 박스 묶음 송이 알 방울 컵 판 채 척 자루 다발 조각 끼 배 식구 팀 쌍 종류 과목
개소 사발 숟가락 바퀴 걸음 모금 차례 세트 포기 포대 집 나라 꾸러미 봉투 건
"""
_SINO_WORDS = """
분 초 년 월 일 개월 개년 개국 주 주일 주간 주년 층 호 동 호선 번 원 퍼센트 프로 세 인분 도
미터 킬로미터 센티미터 밀리미터 킬로그램 그램 킬로 리터 밀리리터 톤 평 점 등 등급 위 회 차 차선 차로
호차 호기 인 인승 인용 인실 가구 세대 박 학년 학기 반 교시 단계 번지 번길 길 단지 코스 쪽 페이지
조 항 목 급 기 호봉 정 종 여 년대 대째 달러 유로 엔 위안 볼트 와트 데시벨 칼로리 킬로와트 킬로와트시
제곱미터 세제곱미터 마이크로그램 년도 년생 일간 년간 분간 초간 개월간 주차 일차 년차 회차 절
가구당 인당 포인트 층짜리 원짜리 자리 형 구역 헥타르 인치 보 학년도
"""
NATIVE: Final = frozenset(_NATIVE_WORDS.split())
"""Counters that take native numerals up to 99."""
SINO: Final = frozenset(_SINO_WORDS.split())
"""Counters that take Sino-Korean numerals."""

SINO_BY_CUSTOM: Final = {"시간": frozenset({24, 36, 48, 72})}
"""Numbers that are said in Sino-Korean although the counter is native (이십사 시간)."""

SHORT_THREE_FOUR: Final = {"달": {3: "석", 4: "넉"}}
"""석/넉 before 달; 세 장, 네 장 are as right as 석 장, 넉 장 and easier to follow."""

_NOT_THIS_WORD: Final = {
    "부": "터|분|서|모|산|담|족|천",
    "장": "소|애|기|학|마|수|비",
    "대": "로|문|학|한|기|상|신|중|비|출|교|표",
    "통": "신|합|행|역|장|증",
    "권": "역|리",
    "달": "라|력|성",
    "개": "최|인|방|선|별|발|설|통",
    "살": "아|림",
    "병": "원|실",
    "편": "의|지|리|안",
    "알": "림|려|아|뜰|레",
    "채": "용|널|소|팅",
    "판": "매|단|정",
    "배": "송|달|우|차|정|출|부|치",
    "벌": "금|써|점",
    "시": "민|장|청|설|각|내|도|작|험|기|점|행|군|립|급|스|켜|키|원|음",
    "분": "류|실|석|야|기|홍|당",
    "번": "역|영|거|호",
    "줄": "어|넘|서|인|게|무",
    "건": "물|강|너|축|설|조|전|반|배|포|국|망|의|지|네",
    "칸": "막",
    "컵": "라",
    "팀": "장|원",
    "집": "계|중|단|회|행",
}
"""Beginnings of words that only look like the counter: "2부터" holds no 부."""


def _pattern() -> str:
    words = sorted(NATIVE | SINO, key=len, reverse=True)
    return "|".join(f"{word}(?!{_NOT_THIS_WORD[word]})" if word in _NOT_THIS_WORD else word for word in words)


PATTERN: Final = _pattern()
"""Alternation that matches any counter, longest first."""

_PEOPLE_BEFORE = re.compile(
    r"(?:손님|어르신|고객님?|승객|선생님|신청자|환자|보호자|가족|이용자|님|어른|성인|동행|일행)\s*(?:총|모두)?\s*$"
)
_PEOPLE_AFTER = re.compile(r"\s?(?:께서|께|이서|이 (?:오|계|함께|같이|신청|이용|탑|가)|모두|모십|모실)")
_TIMES_BEFORE = re.compile(
    r"(?:하루에?|일주일에|한 달에|달에|주에|년에|매일|매주|매달|최대|모두|총|적어도|벌써|딱|겨우|연속)\s*$"
)
_TIMES_AFTER = re.compile(
    r"\s?(?:했|하(?!차)|해|더|씩|이상|이하|이나|정도|가량|쯤|남짓|연속|연달|연이|시도|방문|반복|환승|갈아|갔|왔|만에|넘|틀|실패|울|읽|"
    r"다녀|다시|물|째|걸쳐|안에|밖에|까지 (?:할|신청|이용|바꿀))"
)
_BUILDINGS_BEFORE = re.compile(
    r"(?:건물|주택|하우스|창고|천막|막사|가건물)[은는이가을를도]?\s*(?:총|모두|약)?\s*$"
)
_AGE_AFTER = re.compile(r"\s?(?:남|여|청년|이상|이하|초반|중반|후반|의|부터|[·~∼〜-]|와|및|층|는|도)")
_AGE_BEFORE = re.compile(r"(?:나이|연령|세대)[가는은이]?\s*$")
_CONTEXT = 12
"""Characters looked at on each side."""


def is_native(number: int, counter: str, before: str = "", after: str = "") -> bool:
    """Whether ``number`` is said in native numerals before ``counter``.

    Args:
        number: a whole number.
        counter: a word of :data:`NATIVE` or :data:`SINO`; an unknown one takes Sino-Korean.
        before, after: the text on either side, for 분 (minutes or people), 번 (number or times),
            동 (building number or buildings) and 대 (age or machines).
    """
    if not 1 <= number <= NATIVE_LARGEST or number in SINO_BY_CUSTOM.get(counter, ()):
        return False
    before, after = before[-_CONTEXT:], after[:_CONTEXT]
    if counter == "분":
        return bool(_PEOPLE_BEFORE.search(before) or _PEOPLE_AFTER.match(after))
    if counter == "번":
        return bool(_TIMES_BEFORE.search(before) or _TIMES_AFTER.match(after))
    if counter == "동":
        return bool(_BUILDINGS_BEFORE.search(before))
    if counter == "대" and number % 10 == 0:
        return not (_AGE_AFTER.match(after) or _AGE_BEFORE.search(before))
    return counter in NATIVE and not before.endswith("제")


def count(number: int, counter: str, before: str = "", after: str = "") -> str:
    """The numeral as said before ``counter``, without it: (3, "명") → 세, (3, "층") → 삼, (1, "번째") → 첫.

    Raises:
        ValueError: ``number`` has no words (beyond :data:`donghaeng.korean.numerals.LARGEST`).
    """
    if counter == "번째" and number == 1:
        return "첫"
    if not is_native(number, counter, before, after):
        return sino(number)
    return SHORT_THREE_FOUR.get(counter, {}).get(number) or native_attributive(number)
