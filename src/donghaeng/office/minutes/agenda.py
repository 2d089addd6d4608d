"""Points of the agenda: where the chair takes one up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from donghaeng.office.minutes.heard import Heard
from donghaeng.office.minutes.model import Meeting, Topic
from donghaeng.office.minutes.words import MinutesWords

_LEAD: Final = re.compile(
    r"^(?:그럼|그러면|자|먼저|우선|이어서|다음으로|그리고|이제"
    r"|오늘은|오늘|이번 주는|이번 주|마지막으로)[,\s]+"
)
_TAIL: Final = re.compile(r"(?:\s(?:안건|건|문제부터|이야기))$|(?:부터|으로)$")
_ABOUT: Final = re.compile(
    r"(?:오늘은|오늘|이번에는)\s(?P<title>[^.,?]{2,40}?)(?:을|를)\s(?:두고|가지고|다루|논의|이야기|점검|검토)"
    r"|^(?P<other>[^.,?]{2,40}?)(?:을|를)\s(?:듣|시작하|시작합|점검하|논의하)"
)


def topics(meeting: Meeting, heard: Sequence[Heard], chair: str, words: MinutesWords) -> list[Topic]:
    """Every point, in order; the meeting's own subject where none is taken up by name."""
    found: list[Topic] = []
    seen: set[str] = set()
    for turn, one in enumerate(heard):
        if one.who != chair:
            continue
        for title in _titles(one, words):
            bare = title.replace(" ", "")
            if bare not in seen:
                seen.add(bare)
                found.append(Topic(title, one.at, turn))
                break
    if not found:
        found = _subject(meeting, heard)
    return found


def _titles(one: Heard, words: MinutesWords) -> Iterator[str]:
    for sentence in one.sentences:
        for pattern in words.openings:
            match = pattern.search(sentence.text)
            title = _clean(match["title"]) if match else ""
            if title and _is_name(title, words):
                yield title
                break


def _is_name(title: str, words: MinutesWords) -> bool:
    parts = title.split()
    if len(title) < 2 or len(parts) > 6 or parts[0] in words.never_topic or title in words.never_topic:
        return False
    return not re.search(r"(?:님|씨|까지|에게|께)(?:\s|$)|(?:습니다|어요|가지)", title)


def _clean(title: str) -> str:
    title = title.strip()
    while (shorter := _TAIL.sub("", _LEAD.sub("", title)).strip()) != title and shorter:
        title = shorter
    return title


def _subject(meeting: Meeting, heard: Sequence[Heard]) -> list[Topic]:
    for turn, one in enumerate(heard[:3]):
        for sentence in one.sentences:
            match = _ABOUT.search(sentence.text)
            if match:
                return [Topic(_clean(match["title"] or match["other"]), one.at, turn)]
    return [Topic(meeting.title, heard[0].at, 0)] if heard else []
