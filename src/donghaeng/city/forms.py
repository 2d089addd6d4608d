"""Forms that are prepared here and handed in by the citizen: where the law wants it in writing.

A complaint may be made aloud only where it asks for no decision (기타민원); every other one is handed in in
writing, electronic forms included (민원 처리에 관한 법률 제8조). Nothing is sent from here: the text is put
together, and the official places that take it, where citizens prove who they are, are named with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from donghaeng.city.apps import PublicApps
from donghaeng.city.local import LocalOperation, LocalOperations
from donghaeng.city.operations import Answer, City

OFFICES: Final = ("응답소", "국민신문고")
"""Places of the table of public apps that take a written complaint: the city's own first."""
_PARTS: Final = (("category", "분야"), ("content", "내용"), ("where", "곳"), ("phone", "연락처"))


def form_operations(apps: PublicApps) -> LocalOperations:
    """What prepares a form, by name of the operation; ``apps`` tells the addresses of the offices."""
    offices = [apps.row(name) for name in OFFICES if name in apps]

    async def complaint(city: City, arguments: Mapping[str, Any], now: datetime) -> Answer:
        del city
        prepared = {"text": complaint_text(arguments, now), "date": now.date().isoformat()}
        return Answer(rows=tuple({**office, **prepared} for office in offices))

    return MappingProxyType({"forms.complaint": LocalOperation(complaint, lambda given: ("complaint",))})


def complaint_text(arguments: Mapping[str, Any], now: datetime) -> str:
    """A complaint as it is handed in, in one line; the date as 행정업무규정 제7조 has it."""
    parts = [f"{title}: {arguments[name]}" for name, title in _PARTS if arguments.get(name)]
    return " / ".join([*parts, f"날짜: {now.year}. {now.month}. {now.day}."])
