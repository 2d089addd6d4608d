"""Korean of the register's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from donghaeng.store.register import MACHINE, Operation
from donghaeng.tower.register.english import words
from donghaeng.web.console.desk_words import SEOUL

OPERATIONS: Final[Mapping[Operation, str]] = {
    "published": "공개함",
    "retracted": "공개를 거둠",
    "archived": "보관함에 넣음",
    "unarchived": "보관함에서 꺼냄",
}
THE_MACHINE: Final = "동행 프로그램"
CHANGED: Final = (
    "쓰시는 동안 다른 분이 이 기록을 고쳤어요. 바뀐 것을 보시고, 쓰신 것을 그대로 두려면 다시 저장해 주세요."
)
OWN_WORDS: Final = "쓰신 분이 아닌 다른 분이 공개해 주세요."
SAME_ID: Final = "같은 번호의 기록이 이미 있어요. 다른 번호를 적어 주세요."


def dated(moment: datetime) -> str:
    """``2026. 11. 23. 10:00``, on the city's clocks."""
    there = moment.astimezone(SEOUL)
    return f"{there.year}. {there.month}. {there.day}. {there:%H:%M}"


def who(by: str, names: Mapping[str, str]) -> str:
    """Who did something: a person, the program, or a command."""
    return THE_MACHINE if by == MACHINE else names.get(by, by)


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "dated": dated,
    "who": who,
    "english_words": words,
}
