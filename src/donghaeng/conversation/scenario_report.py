"""A played conversation test as a person reads it: the whole talk, and what was expected beside what came.

Lines carry a tone and no colour: the command line paints them where it writes to a terminal.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from donghaeng.conversation.matching import Mismatch
from donghaeng.conversation.scenario_runner import Exchange, JsonObject, Verdict

COLUMN = 44
"""Columns of a terminal for what was expected; longer text goes on a line of its own."""


class Tone(StrEnum):
    """What a line is."""

    PASSED = "passed"
    FAILED = "failed"
    CITIZEN = "citizen"
    AGENT = "agent"
    FACT = "fact"
    """Fields of a reply, in short."""
    WANTED = "wanted"
    GOT = "got"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report."""

    tone: Tone
    text: str


def report(verdict: Verdict, name: str, *, run: int | None = None) -> list[Line]:
    """The whole conversation of one run, with every expectation that did not hold."""
    which = name if run is None else f"{name} (run {run})"
    lines = [
        Line(
            Tone.PASSED if verdict.passed else Tone.FAILED,
            f"{'passed' if verdict.passed else 'FAILED'}: {which}",
        )
    ]
    if verdict.greeting:
        lines.append(Line(Tone.AGENT, f"      agent    {verdict.greeting.get('say', '')}"))
    for exchange in verdict.exchanges:
        lines += _exchange(exchange)
    lines += _differences(verdict.missed)
    if not verdict.passed:
        where = f"turn {verdict.failed_step}: " if verdict.failed_step is not None else ""
        lines.append(Line(Tone.FAILED, f"  → {where}{verdict.why}"))
    return lines


def plain(lines: Sequence[Line]) -> str:
    """The lines without tones."""
    return "\n".join(line.text for line in lines)


def _exchange(exchange: Exchange) -> Iterator[Line]:
    number = f"{exchange.step:>4}" if exchange.step is not None else "   ·"
    reply = exchange.reply
    yield Line(Tone.CITIZEN, f"{number}  citizen  {exchange.words}")
    yield Line(Tone.AGENT, f"      agent    {reply.get('say', '')}")
    facts = _facts(reply)
    if facts:
        yield Line(Tone.FACT, f"               {facts}")
    yield from _differences(exchange.missed)


def _facts(reply: JsonObject) -> str:
    """Service, what is asked, calls: what one looks at first."""
    parts = [str(reply["service"])] if reply.get("service") else []
    if reply.get("slots"):
        parts.append(_json(reply["slots"]))
    if reply.get("expects") not in (None, "open"):
        asks = f" {reply['asks']}" if reply.get("asks") else ""
        parts.append(f"expects {reply['expects']}{asks}")
    parts += [f"{call['service']} {call['effect']} → {call['outcome']}" for call in reply.get("calls") or ()]
    if reply.get("handover"):
        parts.append(f"hand-over {reply['handover']['state']}")
    return " · ".join(parts)


def _differences(missed: Sequence[Mismatch]) -> Iterator[Line]:
    for one in missed:
        wanted = f"  ✗ {one.path}: expected {one.expected}"
        got = f"got {one.got}"
        if _width(wanted) <= COLUMN:
            yield Line(Tone.WANTED, f"{wanted}{' ' * (COLUMN - _width(wanted))} │ {got}")
        else:
            yield Line(Tone.WANTED, wanted)
            yield Line(Tone.GOT, f"    {' ' * len(one.path)}  {got}")


def _width(text: str) -> int:
    """Columns of a terminal: a Korean letter takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
