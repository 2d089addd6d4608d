"""Korean for the codes of the desk, and how its moments and spans are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from donghaeng.people.cases import Attempt, LineKind, Opening, OutcomeCode, Urgency, Waiting

SEOUL: Final = ZoneInfo("Asia/Seoul")
CHANNELS: Final = {"web": "웹", "kiosk": "키오스크", "phone": "전화", "chat": "채팅"}
SPOKEN: Final = {
    "web": "화면에 보이고, 음성으로 쓰는 분에게는 소리로도 들려요.",
    "kiosk": "키오스크 화면에 보이고 소리로 들려요.",
    "phone": "이 글은 전화로 읽어 드려요. 쉬운 말로 짧게 써 주세요.",
    "chat": "채팅 창에 글로 보여요.",
}
"""What becomes of a counsellor's words, by channel."""
STATES: Final = {"queued": "기다림", "joined": "상담 중", "callback": "전화 드릴 분", "closed": "끝남"}
URGENCY: Final = {Urgency.NORMAL: "", Urgency.URGENT: "긴급", Urgency.RETURNED: "다시 기다림"}
LINES: Final = {
    LineKind.CITIZEN: "시민",
    LineKind.COUNSELLOR: "상담사",
    LineKind.MACHINE: "동행(기계)",
    LineKind.WITHHELD: "기계가 하려다 멈춘 말",
    LineKind.NOTE: "메모",
    LineKind.QUEUED: "상담을 기다려요",
    LineKind.CALLBACK: "전화를 부탁했어요",
    LineKind.CLAIMED: "상담을 맡았어요",
    LineKind.FORWARDED: "다른 곳으로 넘겼어요",
    LineKind.RETURNED: "상담사가 자리를 비워 다시 기다려요",
    LineKind.HANDED_BACK: "기계에게 돌려주었어요",
    LineKind.CLOSED: "상담을 마쳤어요",
    LineKind.SUGGESTION: "추천 답을 골랐어요",
}
TALK: Final = frozenset(
    {LineKind.CITIZEN, LineKind.COUNSELLOR, LineKind.MACHINE, LineKind.WITHHELD, LineKind.NOTE}
)
"""Lines that hold words."""
EMERGENCIES: Final = {
    "medical": "응급 환자",
    "fire": "화재",
    "gas": "가스 누출",
    "crime": "범죄",
    "abuse": "학대",
    "suicide": "마음의 위기",
    "phishing": "전화 사기",
}
"""Kinds of emergencies; any other is told as an emergency alone."""
OUTCOMES: Final = {
    "ok": "됨",
    "empty": "없음",
    "refused": "거절됨",
    "unconnected": "연결 안 됨",
    "failed": "실패",
    "unanswered": "대답 없음",
    "pending": "보내는 중",
}
"""What came of a call."""


def clock(moment: datetime) -> str:
    """``14:05``, on the city's clocks."""
    return f"{moment.astimezone(SEOUL):%H:%M}"


def day_and_clock(moment: datetime) -> str:
    """``11월 23일 14:05``."""
    there = moment.astimezone(SEOUL)
    return f"{there.month}월 {there.day}일 {there:%H:%M}"


def span(seconds: float | None) -> str:
    """``40초``, ``12분``, ``2시간 5분``; a dash where there is none."""
    if seconds is None:
        return "–"
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}초"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}분"
    return f"{minutes // 60}시간 {minutes % 60}분" if minutes % 60 else f"{minutes // 60}시간"


def topic_of(waiting: Waiting, services: dict[str, str]) -> str:
    """What a row of the queue is called: the citizen's own words, else the service, else that they ask."""
    if waiting.topic:
        return waiting.topic
    return services.get(waiting.service or "", "") or "상담 요청"


def opening_words(opening: Opening) -> str:
    """Whether the desk works now, and until or from when."""
    if opening.is_open:
        return f"상담 시간이에요. {clock(opening.closes_at)}까지" if opening.closes_at else "상담 시간이에요."
    hours = opening.why_closed in (None, "hours")
    why = "상담 시간이 아니에요." if hours else f"쉬는 날이에요({opening.why_closed})."
    return f"{why} {day_and_clock(opening.opens_at)}에 열어요." if opening.opens_at else why


def is_due(waiting: Waiting) -> bool:
    """Whether the time of a call-back has come, by the clock that counted how long they wait."""
    now = waiting.requested_at + timedelta(seconds=waiting.waited_seconds)
    return waiting.callback_at is not None and waiting.callback_at <= now


def channel_words(channel: str) -> str:
    """Where the citizen talks."""
    return CHANNELS.get(channel, channel)


def outcome_words(code: str, outcomes: Sequence[OutcomeCode]) -> str:
    """How hand-overs ended."""
    titles = {one.id: one.title for one in outcomes}
    return titles.get(code, "기계에게 돌려줌" if code == "handed_back" else code)


def attempt_words(attempt: Attempt, services: dict[str, str]) -> str:
    """One request to the city."""
    name = services.get(attempt.service, attempt.service)
    words = f"{name}: {OUTCOMES.get(attempt.outcome, attempt.outcome)}"
    return f"{words} ({attempt.receipt})" if attempt.receipt else words


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "attempt": attempt_words,
    "channel": channel_words,
    "clock": clock,
    "day_and_clock": day_and_clock,
    "emergency": lambda code: EMERGENCIES.get(code, "긴급"),
    "line_words": lambda kind: LINES[kind],
    "opening": opening_words,
    "outcome": outcome_words,
    "span": span,
    "spoken": lambda channel: SPOKEN.get(channel, SPOKEN["web"]),
    "state": lambda code: STATES[code],
    "topic": topic_of,
    "urgency": lambda urgency: URGENCY[urgency],
}
"""What templates call."""
