"""Date and time words, and what each adds to a phrase."""

from __future__ import annotations

from typing import Final

DAYS_AWAY: Final = {
    "오늘": 0, "금일": 0, "당일": 0, "그날": 0, "그 날": 0, "이 날": 0, "이날": 0, "나의 하루": 0,
    "내일모레": 2, "내일 모레": 2, "낼모레": 2, "낼 모레": 2, "내일 모래": 2, "내일": 1, "낼": 1, "명일": 1,
    "익일": 1, "그 다음 날": 1, "그다음 날": 1, "그 다음날": 1, "그다음날": 1,
    "다음 날": 1, "다음날": 1, "이튿날": 1,
    "모레": 2, "그글피": 4, "글피": 3, "어제": -1, "어저께": -1, "작일": -1, "그 전날": -1, "전날": -1,
    "지난 날": -1, "그저께": -2, "그제께": -2, "그제": -2, "엊그제": -2, "엊그저께": -2, "그끄저께": -3,
    "그끄제": -3, "그그저께": -3, "그그제": -3, "내모레": 2, "저모레": 3, "다다음 날": 2, "다다음날": 2,
    "다음다음 날": 2, "다음다음날": 2,
}  # fmt: skip
"""Words for days near today."""
BESIDE: Final = frozenset(
    {"전날", "그 전날", "다음 날", "다음날", "그 다음 날", "그다음 날", "그 다음날", "그다음날", "이튿날"}
)
"""Those that count from a day named before them (추석 전날), else from today."""
STEPS: Final = {
    "이번": 0, "금": 0, "이": 0, "그": 0, "같은": 0, "올": 0, "요번": 0, "다음": 1, "다음번": 1, "담": 1,
    "차": 1, "내": 1, "다가오는": 1, "오는": 1, "돌아오는": 1, "다다음": 2, "다담": 2, "다음다음": 2,
    "지난": -1, "저번": -1, "지난번": -1, "전": -1, "지지난": -2, "저저번": -2,
}  # fmt: skip
"""Words before 주, 달, 요일: how many weeks or months away."""
YEARS_AWAY: Final = {
    "올해": 0, "올 해": 0, "금년": 0, "이번 해": 0, "그해": 0, "그 해": 0, "당해": 0, "내년": 1, "다음 해": 1,
    "다음해": 1, "명년": 1, "작년": -1,
    "지난해": -1, "지난 해": -1, "전년도": -1, "전년": -1, "재작년": -2,
    "이듬해": 1, "그러께": -2, "내내년": 2, "지지난해": -2, "내후년": 2, "후년": 2, "다다음 해": 2,
    "다다음해": 2,
}  # fmt: skip
"""Words for years near this one."""
MONTH_WORDS: Final = {"금월": 0, "당월": 0, "내월": 1, "익월": 1, "내달": 1, "새달": 1, "전월": -1}
"""Sino-Korean words for months near this one."""
ORDINALS: Final = {
    "첫": 1, "첫째": 1, "첫 번째": 1, "첫번째": 1, "둘째": 2, "셋째": 3, "넷째": 4, "다섯째": 5, "마지막": -1,
}  # fmt: skip
"""Ranks of weeks and weekdays within a month; -1 = the last."""
_DAY_STEMS: Final = ("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레")
MOON_DAYS: Final = {
    **{f"초{stem}": day for day, stem in enumerate(_DAY_STEMS, 1)}, "초열흘": 10, "열흘": 10,
    **{f"열{stem}": 10 + day for day, stem in enumerate(_DAY_STEMS, 1)}, "보름": 15, "대보름": 15, "스무": 20,
    **{f"스무{stem}": 20 + day for day, stem in enumerate(_DAY_STEMS, 1)}, "그믐": 0,
}  # fmt: skip
"""Days of the month as the lunar calendar counts them; 0 = the last. Most are lengths of time as well."""
_DAY_STEMS_BEFORE_DAY: Final = ("하룻", "이튿", "사흗", "나흗", "닷샛", "엿샛", "이렛", "여드렛", "아흐렛")
MOON_DAYS_WITH_DAY: Final = {
    f"{tens}{stem}날": more + day
    for tens, more in (("초", 0), ("열", 10), ("스무", 20))
    for day, stem in enumerate(_DAY_STEMS_BEFORE_DAY, 1)
}
"""The same before 날, with the sound that joins them (초하룻날)."""
MOON_MONTHS: Final = {"정월": 1, "동짓달": 11, "섣달": 12}
"""Months that are called so in the lunar calendar."""
REPEATS: Final = "매일|날마다|매주|매달|매월|매년|해마다|주마다|달마다|격주|격일|하루 ?걸러|이틀 ?걸러"
"""What makes of a day or an hour every such one. Alternatives of a regular expression."""
SEASONS: Final = {"봄": 3, "여름": 6, "가을": 9, "겨울": 12}
"""The first of the three months of each season (기상청)."""
PERIOD_ENDS: Final = {"연말": "years", "연초": "years", "월말": "months", "월초": "months", "주초": "weeks"}
"""Beginnings and ends of the running year, month or week."""
PARTS_OF_DAY: Final = (
    "이른 아침|늦은 아침|이른 오후|늦은 오후|이른 저녁|늦은 저녁|이른 밤|늦은 밤|이른 새벽"
    "|저녁때|점심때|점심시간|점심 때|저녁 때|아침때|아침 때|한밤중|한밤"
    "|저녁나절|아침나절|점심나절|초저녁|꼭두새벽|첫새벽|해 ?질 ?녘|해 ?질 ?무렵|저물녘|동틀 ?녘"
    "|한낮|대낮|낮때|오전|오후|아침|점심|저녁|새벽"
    "|정오|자정|밤|낮|am|pm|AM|PM"
)
"""Alternatives of a regular expression."""
NOT_PART_OF_DAY: Final = "꽃|마|지기|은밥| ?밥|약|샘|낮|참|상| ?식사| ?먹| ?메뉴| ?값"
"""What follows a part of the day in words that name a meal or something else."""
PERIOD_PARTS: Final = "초순|중순|하순|상순|상반기|하반기|초반|중반|후반|초|말"
"""Parts of a week, month or year."""
WEEKDAYS: Final = "월화수목금토일"
OFFSET_AFTER: Final = "뒤|후|이후|있다가|있다|지나서|지나|넘어서|이전|전"
"""What makes a length of time an offset; the last two count backwards."""
