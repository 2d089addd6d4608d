"""What a program sees of the parts of a subject, and the review that a change calls for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from donghaeng.tower.process.deciding import Deeds, call_for_review
from donghaeng.tower.process.rules import Kind, Rules
from donghaeng.tower.process.state import ActionKind, Deed, SubjectState

_CHANGED: Final = {
    Kind.SERVICE: "definition_changed",
    Kind.KNOWLEDGE: "knowledge_changed",
    Kind.ENGINE: "model_changed",
}
"""Causes of a new review by what changed."""


def notice(
    rules: Rules, state: SubjectState, seen: str, today: date, parts: Mapping[str, str] | None = None
) -> Deeds:
    """A program sees what a subject is made of: where that is another than before, what serves is to be
    reviewed anew, with what changed as the reason.

    Args:
        rules: of the process.
        state: of the subject.
        seen: hash of what it is made of; empty where there is nothing to compare.
        today: the day in Seoul.
        parts: hashes by ``model/…``, ``prompt/…`` or ``knowledge/…``; a part that is not named here stays as
            it was seen last, and one that is seen first is no change.
    """
    told = parts or {}
    news = {name: value for name, value in told.items() if value and state.parts.get(name) != value}
    other = bool(seen) and seen != state.seen
    if not news and not other:
        return ()
    line: dict[str, Any] = {"seen": seen or state.seen}
    if news:
        line["parts"] = news
    deeds: Deeds = (Deed(ActionKind.SEEN, line),)
    if not rules.serves(state.stage):
        return deeds
    causes: dict[str, list[str]] = {}
    if other and state.seen and state.subject.kind in _CHANGED:
        causes[_CHANGED[state.subject.kind]] = []
    for name in sorted(one for one in news if one in state.parts):
        group, _, part = name.partition("/")
        causes.setdefault(f"{group}_changed", []).append(part)
    for cause, changed in causes.items():
        if cause not in state.due:
            words = ": ".join(["프로그램이 알아챘어요", *([", ".join(changed)] if changed else [])])
            deeds += call_for_review(rules, state, cause, today, words)
    return deeds
