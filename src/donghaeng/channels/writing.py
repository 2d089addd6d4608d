"""A reply as a messenger shows it: text, numbers to call, addresses to open, answers that can be tapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from donghaeng.channels.protocol import Answer
from donghaeng.channels.words import Words
from donghaeng.conversation.reply import Card, Reply

_NUMBER: Final = re.compile(r"[0-9+][0-9-]{2,19}")
"""What is dialled."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be tapped."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A number to call or an https address to open, by what it is called."""

    title: str
    number: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown for one reply."""

    text: str
    reaches: tuple[Reach, ...] = ()
    choices: tuple[Choice, ...] = ()


def written(answer: Answer, words: Words) -> tuple[Message, ...]:
    """The messages of an answer, at least one. Buttons are for the last one: the others are past."""
    messages = [_written(reply, words) for reply in answer.replies]
    if answer.notice is not None:
        notice = Message(getattr(words, answer.notice))
        messages.append(replace(messages[-1], text=notice.text) if messages else notice)
    return tuple(messages)


def _written(reply: Reply, words: Words) -> Message:
    card = reply.show.card
    rows = card.rows if card is not None else []
    asked = [row for row in rows if row.get("say")]
    parts = ["\n".join(_lines(reply, words))]
    told = ["\n".join(_row(row, words)) for row in rows if not row.get("say")]
    parts.append(("\n\n" if any("\n" in row for row in told) else "\n").join(told))
    parts += ["\n".join(_asked(asked))]
    parts += [_source(card, reply, words)]
    choices = [Choice(_text(row, "title") or _text(row, "say"), _text(row, "say")) for row in asked]
    if not choices and reply.expects == "confirm":
        choices = [Choice(words.affirm, words.affirm), Choice(words.deny, words.deny)]
    text = "\n\n".join(part for part in parts if part)
    return Message(text, tuple(_reaches(rows)), tuple(choices))


def _lines(reply: Reply, words: Words) -> Iterator[str]:
    person = reply.handover is not None and reply.handover.state == "joined"
    yield words.says.format(text=reply.show.text) if person else reply.show.text
    if reply.handover is not None and reply.handover.position is not None:
        yield words.queue.format(position=reply.handover.position)
    card = reply.show.card
    if card is not None and card.title and card.title not in reply.show.text:
        yield f"\n[{card.title}]"


def _row(row: Mapping[str, Any], words: Words) -> Iterator[str]:
    head = ": ".join(part for part in (_text(row, "title"), _text(row, "value")) if part)
    if head:
        yield f"· {head}"
    for part in (_text(row, "detail"), row.get("phone") and words.phone.format(number=row["phone"])):
        if part:
            yield f"  {part}"


def _asked(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The choices with what tells them apart; where nothing does, the buttons say it all."""
    if any(row.get("detail") or row.get("value") for row in rows):
        for row in rows:
            parts = (_text(row, name) for name in ("title", "detail", "value"))
            yield "· " + " - ".join(part for part in parts if part)


def _source(card: Card | None, reply: Reply, words: Words) -> str:
    names = [card.source] if card is not None and card.source else []
    if not names:
        names = [", ".join(part for part in (one.title, one.source) if part) for one in reply.citations]
    parts = [words.source.format(names=" · ".join(dict.fromkeys(names)))] if names else []
    if card is not None and card.as_of:
        parts.append(words.as_of.format(time=card.as_of))
    return " · ".join(parts)


def _reaches(rows: Sequence[Mapping[str, Any]]) -> Iterator[Reach]:
    for row in rows:
        title = _text(row, "title")
        if _NUMBER.fullmatch(_text(row, "phone")):
            yield Reach(title, number=_text(row, "phone"))
        if _opens(_text(row, "url")):
            yield Reach(title, url=_text(row, "url"))


def _opens(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)
