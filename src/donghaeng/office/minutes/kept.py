"""Minutes as they are kept and edited: JSON with the three lists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from donghaeng.errors import InputError
from donghaeng.office.minutes.model import Action, Decision, Minutes, Topic

List = Literal["topics", "decisions", "actions"]
LISTS: Final = ("topics", "decisions", "actions")
EMPTY: Final[Mapping[str, Any]] = {"topics": [], "decisions": [], "actions": []}
MOST: Final = 300
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one point."""

    list: str
    place: int
    """Which of the list; its length to add one."""
    text: str
    """Empty to leave the point out."""
    at: float = 0.0
    owner: str = ""
    due: date | None = None


def to_json(found: Minutes) -> dict[str, Any]:
    """As they are kept."""
    return {
        "topics": [{"text": one.title, "at": one.at} for one in found.topics],
        "decisions": [{"text": one.what, "at": one.at} for one in found.decisions],
        "actions": [
            {
                "text": one.what,
                "at": one.at,
                "owner": one.owner or "",
                "due": one.due.isoformat() if one.due else "",
            }
            for one in found.actions
        ],
    }


def from_json(held: Mapping[str, Any]) -> Minutes:
    """As documents take them."""
    return Minutes(
        topics=tuple(Topic(one["text"], one["at"], 0) for one in held["topics"]),
        decisions=tuple(Decision(one["text"], one["at"], 0) for one in held["decisions"]),
        actions=tuple(
            Action(
                one["text"],
                one["owner"] or None,
                date.fromisoformat(one["due"]) if one["due"] else None,
                one["at"],
                0,
            )
            for one in held["actions"]
        ),
    )


def changed(held: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The minutes after an edit, in the order of their moments.

    Raises:
        InputError: there is no such list or point, or it is too long.
    """
    if edit.list not in LISTS:
        raise InputError("그런 칸은 없어요")
    points = [dict(one) for one in held[edit.list]]
    if not 0 <= edit.place <= len(points) or len(points) > MOST or len(edit.text) > LONGEST:
        raise InputError("그런 항목이 없거나 글이 너무 길어요")
    del points[edit.place : edit.place + 1]
    text = " ".join(edit.text.split())
    if text:
        point: dict[str, Any] = {"text": text, "at": max(0.0, edit.at)}
        if edit.list == "actions":
            due = edit.due.isoformat() if edit.due else ""
            point |= {"owner": " ".join(edit.owner.split())[:60], "due": due}
        points.append(point)
        points.sort(key=lambda one: float(one["at"]))
    return {**held, edit.list: points}
