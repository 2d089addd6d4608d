"""Where an answer comes from: which rows it was said from, and telling of them when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from donghaeng.dialogue.events import AnswerSourced
from donghaeng.dialogue.filling import put_question
from donghaeng.dialogue.turn import Turn
from donghaeng.understanding.acts import Act

Row = Mapping[str, Any]

MOST_NAMED: Final = 2
"""Sources named aloud; the screen shows all of them."""
_SAID_FROM: Final = ("spoken", "name")
"""Fields of a row whose words stand in a reply that speaks from it, the longest first."""


def sourced_rows(rows: Sequence[Row], written: str) -> list[Row]:
    """The rows with an id and a source whose words stand in a reply.

    Args:
        rows: what a call gave.
        written: the reply as it is written.
    """
    said = " ".join(written.split())
    return [row for row in rows if row.get("id") and row.get("source") and _stands_in(row, said)]


def note_source(turn: Turn, service: str, rows: Sequence[Row], written: str) -> None:
    """Keep where the words of a reply come from, if they come from a source."""
    found = sourced_rows(rows, written)
    if found:
        turn.emit(AnswerSourced(service, tuple(storable(row) for row in found)))


def tell_source(turn: Turn, act: Act) -> None:
    """Say in which document the last answer stands and who answers for it; then the open question again."""
    del act
    sourced = turn.state.sourced
    if sourced is None:
        turn.phrase("no_source")
    else:
        rows = sourced.rows
        named = list(dict.fromkeys(_place(row) for row in rows))[:MOST_NAMED]
        offices = list(dict.fromkeys(str(row["department"]) for row in rows if row.get("department")))
        turn.phrase("source", places=named, offices=offices[:MOST_NAMED])
        turn.show({"kind": "answer", "rows": [_line(one) for one in rows]})
    if turn.state.question is not None:
        put_question(turn)


def storable(row: Row) -> dict[str, Any]:
    """A row as an event can hold it: moments as ISO 8601."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _stands_in(row: Row, said: str) -> bool:
    words = next((str(row[name]) for name in _SAID_FROM if row.get(name)), "")
    return bool(words) and " ".join(words.split()) in said


def _place(row: Row) -> str:
    """The document with its section; of what is in no document, who publishes it and under which name."""
    if row.get("document"):
        parts = (row["document"], row.get("section"))
    else:
        parts = (row["source"], row.get("name") or row.get("title"))
    return " ".join(str(part) for part in parts if part)


def _line(row: Row) -> dict[str, str]:
    line = {"title": _place(row), "detail": str(row.get("department") or ""), "value": str(row["source"])}
    return line | ({"url": str(row["url"])} if row.get("url") else {})
