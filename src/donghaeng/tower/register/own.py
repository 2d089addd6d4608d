"""The record of Donghaeng itself, from what actually runs. Pure.

Three sources, which never mix: what runs (always written anew), what is true of the program wherever it runs
(``own.yaml``, written where nobody wrote anything), and what people know (kept). What is in none of them
stays empty and is listed as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from donghaeng.tower.register.checking import Values, in_order
from donghaeng.tower.register.schema import Schema

HERE: Final = "시의 기계"
ELSEWHERE: Final = "바깥의 기계"
FROM_SANDBOX: Final = "시험용으로 만든 자료예요. 진짜 시의 자료가 아니에요."
FROM_CITY: Final = "내어 주는 기관이 모은 자료를 물을 때마다 받아요."
_PEOPLE_KEEP_ROWS: Final = frozenset({"suppliers"})
"""Fields to which people add rows of their own; of the others what runs is the whole truth."""


class Own(BaseModel):
    """The file ``own.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    statements: Mapping[str, Any]
    hosts: Mapping[str, str]
    """Korean for the systems that services name."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is loaded. None is what nobody knows."""

    part: str
    """What it does, in Korean."""
    name: str
    version: str | None = None
    licence: str | None = None
    origin: str | None = None
    sha256: str | None = None
    here: bool = True
    """On the city's own machines."""


@dataclass(frozen=True, slots=True)
class Source:
    """A system or file that services take their facts from."""

    host: str
    """As services name it."""
    services: Sequence[str]
    requests: Sequence[str]
    longest_kept_s: float | None = None
    """How long an answer may be used again, seconds; None where nobody declares it."""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What a running program says of itself."""

    models: Sequence[Model] | None
    """None where this process has not loaded them: what the record says of them stays."""
    channels: Sequence[str]
    notices: Sequence[tuple[str, str]]
    """Channel and the words that are said or shown there before the first answer."""
    sources: Sequence[Source]
    passages: int
    """Of the catalogue's knowledge that are verified."""
    suppliers: Sequence[tuple[str, str]]
    """Name and task of those who process data for the city."""
    live: bool
    """Whether the real city answers; else the sandbox."""
    conversations: tuple[str, int] | None = None
    """A whole month (``2026-10``) and the conversations counted in it; None where none are known."""


def own_values(schema: Schema, own: Own, running: Running, before: Values) -> dict[str, Any]:
    """The record's values.

    Args:
        schema: of a record.
        own: what is true of the program.
        running: what runs.
        before: the record as it stands, {} for the first time.
    """
    found = {**own.statements, **before}
    for name, value in _machine(own, running).items():
        rows = schema.by_name[name].type == "rows"
        found[name] = _merged(schema, name, value, before.get(name, ())) if rows else value
    return in_order(schema, {name: value for name, value in found.items() if value not in (None, [], ())})


def _machine(own: Own, running: Running) -> dict[str, Any]:
    told = {channel for channel, _ in running.notices}
    asked = [channel for channel in running.channels if channel != "console"]
    values: dict[str, Any] = {
        "channels": list(running.channels),
        "ai_notice": [{"channel": channel, "text": text} for channel, text in running.notices],
        "ai_notice_given": bool(asked) and told.issuperset(asked),
        "source_data": [_source(own, one, running) for one in running.sources],
        "suppliers": [{"external_supplier": name, "role": task} for name, task in running.suppliers],
    }
    if running.models is not None:
        values["models"] = [_without_none(_model(one)) for one in running.models]
    if running.conversations is not None:
        month, count = running.conversations
        year, _, number = month.partition("-")
        values["frequency_usage"] = f"{year}년 {int(number)}월에 대화 {count:,}번"
    return values


def _model(one: Model) -> dict[str, Any]:
    return {
        "name": one.name,
        "part": one.part,
        "version": one.version,
        "licence": one.licence,
        "hosting": HERE if one.here else ELSEWHERE,
        "origin": one.origin,
        "sha256": one.sha256,
    }


def _source(own: Own, one: Source, running: Running) -> dict[str, Any]:
    korean = own.hosts.get(one.host)
    row: dict[str, Any] = {"name": f"{korean} ({one.host})" if korean else one.host}
    told = f"쓰는 서비스: {', '.join(one.services)}"
    if one.requests:
        told += f"\n받는 것: {', '.join(one.requests)}"
    if one.host == "catalogue/knowledge":
        return {**row, "description": f"{told}\n사람이 원문과 맞춰 본 글 {running.passages}개"[:2_000]}
    row["description"] = told[:2_000]
    row["collection"] = FROM_CITY if running.live else FROM_SANDBOX
    if one.longest_kept_s is not None:
        row["access_storage"] = _kept(one.longest_kept_s)
    return _without_none({**row, "url": one.address if running.live else None})


def _kept(seconds: float) -> str:
    if seconds == 0:
        return "받은 답을 두지 않고 물을 때마다 새로 받아요."
    amount = f"{seconds / 3600:.0f}시간" if seconds >= 3600 else f"{seconds:.0f}초"
    return f"받은 답을 길어야 {amount} 동안 다시 쓰고 버려요."


def _without_none(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _merged(
    schema: Schema, name: str, rows: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Rows that run, with what people wrote in parts of them that the program does not know."""
    key = schema.by_name[name].fields[0].name
    # A channel may have several notices, and a notice is what is said: people change nothing in it.
    known = {} if name == "ai_notice" else {row.get(key): row for row in before}
    merged = [{**known.pop(row[key], {}), **row} for row in rows]
    if name in _PEOPLE_KEEP_ROWS:
        merged += [dict(row) for row in known.values()]
    return merged
