"""Passages as a city's documents have them, any number of them, made from a seed: for measuring speed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from donghaeng.knowledge.passages import Passage

_DISTRICTS: Final = (
    *("종로구", "중구", "용산구", "성동구", "광진구", "동대문구", "중랑구", "성북구", "강북구", "도봉구"),
    *("노원구", "은평구", "서대문구", "마포구", "양천구", "강서구", "구로구", "금천구", "영등포구"),
    *("동작구", "관악구", "서초구", "강남구", "송파구", "강동구"),
)
_GROUPS: Final = (
    *("어르신", "장애인", "한부모 가정", "다문화 가정", "청년", "임산부", "어린이", "혼자 사는 가구"),
    *("저소득 가구", "국가유공자", "새터민", "다자녀 가정", "맞벌이 부부", "치매 환자 가족", "소상공인"),
    *("보호 종료 아동", "중장년", "외국인 주민", "암 환자", "청각장애인"),
)
_THINGS: Final = (
    *(
        "틀니",
        "보청기",
        "난방비",
        "전기 요금",
        "월세",
        "이사 비용",
        "안경",
        "예방접종",
        "건강 검진",
        "도시락",
    ),
    *("김치", "기저귀", "유모차", "학원비", "교복", "자전거", "방충망", "보일러", "휠체어", "지팡이"),
    *("화장실 손잡이", "문턱 제거", "도배", "장판", "병원 동행", "목욕", "이발", "이불 빨래", "법률 상담"),
    *(
        "한글 교실",
        "휴대전화 교육",
        "심리 상담",
        "반찬 배달",
        "산후조리",
        "장례",
        "수도 요금",
        "가스 안전 점검",
    ),
    *("창업 교육", "일자리 소개", "여행"),
)
_KINDS: Final = ("지원", "대여", "할인", "방문 서비스", "이용권", "무료 나눔", "우선 신청", "연계")
_PLACES: Final = ("주민센터", "구청 민원실", "보건소", "종합사회복지관", "누리집", "가족센터")
_PAPERS: Final = ("신분증", "가족관계증명서", "통장 사본", "소득 증명", "진단서", "임대차 계약서")


@dataclass(frozen=True, slots=True)
class Made:
    """A passage and a question that it answers."""

    passage: Passage
    question: str


def made_passages(count: int, seed: int) -> list[Made]:
    """So many programmes of districts, no two of one name: conditions, sums, papers and places.

    Args:
        count: at most 160,000.
        seed: the same gives the same.
    """
    chance = Random(seed)  # noqa: S311  no secret
    kinds = len(_GROUPS) * len(_THINGS) * len(_KINDS)
    numbers = chance.sample(range(len(_DISTRICTS) * kinds), count)
    return [_made(number, chance) for number in numbers]


def _made(number: int, chance: Random) -> Made:
    rest, district = divmod(number, len(_DISTRICTS))
    rest, group = divmod(rest, len(_GROUPS))
    kind, thing = divmod(rest, len(_THINGS))
    name = f"{_GROUPS[group]} {_THINGS[thing]} {_KINDS[kind]}"
    where = _DISTRICTS[district]
    passage = Passage(
        id=f"made-{number}",
        topic="ask",
        title=f"{where} {name}",
        spoken=f"{where}에서 {name} 사업을 해요.",
        text=" ".join(_sentences(where, name, chance)),
        named=False,
        document=f"{where} 복지 안내",
        department=f"{where}청",
        source=f"{where}청",
        verified=True,
    )
    asked = chance.choice(("얼마예요", "어디서 신청해요", "뭘 가져가야 하나요", "누가 받을 수 있어요"))
    return Made(passage, f"{where} {name} {asked}")


def _sentences(where: str, name: str, chance: Random) -> Iterator[str]:
    def number(least: int, most: int) -> int:
        return chance.randrange(least, most + 1)

    first, second = chance.sample(_PAPERS, 2)
    yield f"{where}에 {number(1, 5)}년 넘게 사신 분 가운데 기준에 맞는 분께 {name} 사업을 해요."
    yield f"나이는 만 {number(18, 80)}세부터이고 소득이 기준 중위소득의 {number(50, 180)}% 아래여야 해요."
    yield f"한 해에 {number(1, 12)}번, 한 번에 {number(1, 60)}만 원까지 드려요."
    yield f"신청은 {chance.choice(_PLACES)}에서 받아요. 가져오실 것은 {first}, {second} 두 가지예요."
    yield f"{number(1, 12)}월 {number(1, 28)}일까지 신청하시면 {number(7, 60)}일 안에 알려 드려요."
    yield f"더 알고 싶은 것은 {where}청 02-{number(300, 999)}-{number(1000, 9999)}번에 물어보세요."
