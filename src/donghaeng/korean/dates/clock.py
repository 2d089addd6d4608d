"""Hours and parts of the day."""

from __future__ import annotations

from datetime import time
from typing import Final

from donghaeng.korean.dates.model import Impossible, Reading

PARTS: Final = {
    "새벽": (time(0), time(6)), "이른새벽": (time(0), time(3)), "늦은새벽": (time(3), time(6)),
    "아침": (time(6), time(9)), "이른아침": (time(6), time(8)), "늦은아침": (time(8), time(10)),
    "아침때": (time(6), time(9)), "오전": (time(6), time(12)), "am": (time(0), time(12)),
    "점심": (time(11), time(14)), "점심때": (time(11), time(14)), "점심시간": (time(12), time(13)),
    "낮": (time(11), time(16)), "한낮": (time(11), time(15)), "대낮": (time(11), time(16)),
    "낮때": (time(11), time(16)),
    "오후": (time(12), time(18)), "이른오후": (time(12), time(15)), "늦은오후": (time(15), time(18)),
    "pm": (time(12), time(23, 59, 59)), "저녁": (time(17), time(21)), "저녁때": (time(17), time(21)),
    "이른저녁": (time(17), time(19)), "늦은저녁": (time(19), time(21)), "밤": (time(20), time(23, 59, 59)),
    "이른밤": (time(20), time(22)), "늦은밤": (time(22), time(23, 59, 59)),
    "한밤": (time(22), time(23, 59, 59)),
    "저녁나절": (time(17), time(20)), "아침나절": (time(7), time(11)), "점심나절": (time(11), time(14)),
    "초저녁": (time(18), time(20)), "꼭두새벽": (time(3), time(5)), "첫새벽": (time(3), time(5)),
    "해질녘": (time(17), time(19)), "해질무렵": (time(17), time(19)), "저물녘": (time(17), time(19)),
    "동틀녘": (time(5), time(7)),
    "한밤중": (time(22), time(23, 59, 59)),
}  # fmt: skip
"""What a part of the day spans when no hour is said; custom, not law, hence always vague."""
_QUARTERS: Final = {"아침": 8, "오전": 8, "점심": 12, "낮": 12, "오후": 12, "저녁": 16, "밤": 20}
LITERAL_PARTS: Final = {
    prefix + part: (time(hour + first), time(23, 59, 59) if hour + last == 24 else time(hour + last))
    for part, hour in _QUARTERS.items()
    for prefix, first, last in (("", 0, 4), ("이른", 0, 2), ("늦은", 2, 4))
}
"""Parts of the day in the published specs of Recognizers-Text, early and late halves included."""
LITERAL_EVENING_OF_A_NEAR_DAY: Final = LITERAL_PARTS["밤"]
"""저녁 after 어제 and 내일 in the same specs, where it stands for their *night*."""
LITERAL_LOOSE_PARTS: Final = {"일찍": (time(0), 12), "중간": (time(10), 14), "늦게": (time(12), 24)}
"""오늘 늦게 in the same specs: the hour it begins, the hour that it ends before."""
POINTS: Final = {"정오": (time(12), 0), "자정": (time(0), 1)}
"""Parts of the day that are a moment: the time and the days to add (자정 ends its day)."""
_MORNING: Final = frozenset(
    ("오전", "아침", "이른아침", "늦은아침", "아침때", "아침나절", "새벽", "이른새벽", "늦은새벽", "꼭두새벽")
    + ("첫새벽", "동틀녘", "am")
)
_NIGHT: Final = frozenset({"밤", "이른밤", "늦은밤", "한밤", "한밤중"})
_MIDDAY: Final = frozenset({"낮", "점심", "점심때", "점심시간", "한낮", "대낮", "낮때", "점심나절"})
FIRST_DAYTIME_HOUR: Final = 7
"""A bare hour from this one on is read as morning first, an earlier one as afternoon."""


def resolve_clock(
    hour: int, minute: int, second: int, part: str, reading: Reading
) -> list[tuple[time, int]] | Impossible:
    """Times of day that the words may mean, best first, each with the days to add (밤 열두 시 = next day)."""
    if minute < 0:
        hour, minute = (hour - 1 if hour > 1 else 12), 60 + minute
    if not 0 <= hour <= 24 or (hour == 24 and (minute or second)):
        return Impossible("no_such_hour")
    if not 0 <= minute <= 59 or not 0 <= second <= 59:
        return Impossible("no_such_minute")
    return [(time(h % 24, minute, second), h // 24) for h in _hours(hour, part, reading)]


def _hours(hour: int, part: str, reading: Reading) -> list[int]:
    if hour > 12 or hour == 0:
        return [hour]
    if part:
        return [_hour_within(hour, part)]
    if hour == 12:
        return [12, 24]
    morning_first = reading is Reading.LITERAL or hour >= FIRST_DAYTIME_HOUR
    return [hour, hour + 12] if morning_first else [hour + 12, hour]


def _hour_within(hour: int, part: str) -> int:
    """The hour of the clock of 24 for 1 to 12 in a part of the day; from 24 on it is the next day's."""
    if part in _MORNING:
        return hour % 12
    if part in _NIGHT:
        return 24 + hour % 12 if hour in (12, 1, 2, 3, 4) else hour + 12
    if part in _MIDDAY:
        return hour if hour >= 10 else hour + 12
    return hour % 12 + 12
