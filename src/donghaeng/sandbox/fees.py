"""Fees for bulky waste in the sandbox city, won for one piece. Invented, in the range of real tables."""

from __future__ import annotations

OTHER_WON = 5_000

# The longer word is looked for first, so 안마의자 is not taken for 의자. Household appliances are collected
# free of charge.
_FEES = {
    "소파": 8_000, "쇼파": 8_000, "책꽂이": 4_000, "책장": 6_000, "장롱": 15_000, "옷장": 12_000,
    "농": 15_000, "서랍장": 5_000, "문갑": 4_000, "장식장": 7_000, "찬장": 7_000, "신발장": 4_000,
    "화장대": 5_000, "침대": 10_000, "돌침대": 18_000, "매트리스": 8_000, "이불": 2_000, "의자": 3_000,
    "안마의자": 12_000, "책상": 6_000, "식탁": 6_000, "밥상": 2_000, "탁자": 4_000, "거울": 2_000,
    "카펫": 4_000, "장판": 4_000, "병풍": 3_000, "항아리": 3_000, "화분": 2_000, "어항": 5_000,
    "자전거": 3_000, "유모차": 3_000, "보행기": 2_000, "휠체어": 3_000, "피아노": 20_000, "여행가방": 2_000,
    "러닝머신": 12_000, "운동기구": 8_000, "빨래건조대": 2_000, "액자": 2_000, "캐비닛": 6_000,
    "냉장고": 0, "세탁기": 0, "텔레비전": 0, "티브이": 0, "TV": 0, "에어컨": 0, "전자레인지": 0,
    "선풍기": 0, "밥솥": 0, "컴퓨터": 0, "모니터": 0, "청소기": 0, "가습기": 0, "정수기": 0,
}  # fmt: skip
_BY_LENGTH = sorted(_FEES, key=len, reverse=True)


def fee(item: str) -> tuple[str, int]:
    """The item and its fee; what the table does not know costs what other pieces cost."""
    closed = item.replace(" ", "")
    return next(((item, _FEES[word]) for word in _BY_LENGTH if word in closed), (item, OTHER_WON))
