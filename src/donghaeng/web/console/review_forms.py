"""The form in which a reviewer writes a change: its fields, and the change that filled ones make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from donghaeng.city.person_topics import PersonTopics, load_person_topics
from donghaeng.city.services import Catalogue
from donghaeng.review.changes import NOTHING
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.merging import PERSON_TOPICS
from donghaeng.understanding.load import read_slot_lexicons

CHANGES: Final = {
    "example": "예문",
    "word": "낱말",
    "passage": "글(지식)",
    "rule": "규칙(상담사 연결)",
}
LIST_NAMES: Final = {
    "books": "책 이름",
    "bill_months": "고지 달",
    "bulky_items": "대형 폐기물 물건",
    "event_kinds": "행사 종류",
    "libraries": "도서관",
    "lost_items": "잃어버린 물건",
    "public_apps": "공공 앱",
    "public_facilities": "공공 시설",
    "senior_jobs": "노인 일자리",
    "senior_programs": "경로당 프로그램",
    "specialties": "진료 과목",
    "tour_courses": "도보 관광 코스",
    "waste_items": "분리배출 물건",
    "welfare_needs": "복지 필요",
}
"""Korean for lists of words; any other is shown by its own name."""
_OF_NEW_RULE: Final = frozenset({"name", "way", "urgent", "reply"})
_LINES: Final = ("words", "examples", "not_examples")


def choices(desk: ReviewDesk, likely: Sequence[str]) -> dict[str, Any]:
    """What the fields let choose from. Reads files once for each edition: call it on a thread.

    Args:
        desk: knows the catalogue in force.
        likely: services that stand first.
    """
    catalogue = desk.catalogue
    names = {one.id: one.name for one in catalogue.values()}
    ordered = [*(one for one in likely if one in names), *(one for one in names if one not in likely)]
    lists, topics = _tables(catalogue)
    return {
        "services": [(one, names[one]) for one in ordered],
        "nothing": NOTHING,
        "lexicons": [(one, LIST_NAMES.get(one, one)) for one in sorted(lists)],
        "words": {one: sorted(lists[one]) for one in sorted(lists)},
        "topics": [(one, topic.name) for one, topic in topics.items()],
    }


_read: dict[str, tuple[dict[str, Mapping[str, Sequence[str]]], PersonTopics]] = {}


def _tables(catalogue: Catalogue) -> tuple[dict[str, Mapping[str, Sequence[str]]], PersonTopics]:
    """Lists of words and rules of an edition; of the last one that was asked for they are known."""
    found = _read.get(catalogue.version)
    if found is None:
        found = read_slot_lexicons(catalogue), load_person_topics(catalogue.folder / PERSON_TOPICS)
        _read.clear()
        _read[catalogue.version] = found
    return found


def values_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The values of a change (:func:`donghaeng.review.changes.read_change`) from the form's fields, which are
    named ``change.…``; empty ones are left out."""
    values: dict[str, Any] = {}
    for name, text in fields.items():
        prefix, _, key = name.partition(".")
        if prefix != "change" or not text.strip():
            continue
        if key in _LINES:
            values[key] = [line.strip() for line in text.splitlines() if line.strip()]
        elif key == "urgent":
            values[key] = True
        else:
            values[key] = text.strip()
    new = values.pop("new_topic", "")
    if values.get("topic") == "+":
        values["topic"] = new
    elif "topic" in values:
        # What is said of a new rule alone.
        values = {key: value for key, value in values.items() if key not in _OF_NEW_RULE}
    return values
