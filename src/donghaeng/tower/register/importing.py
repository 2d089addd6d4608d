"""Records from files of others: JSON or CSV, in ATRS, Dutch or our own fields, judged one by one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from donghaeng.errors import DocumentRefused, RecordRefused
from donghaeng.knowledge.documents.readers.tables import decoded
from donghaeng.tower.csv_files import BOM
from donghaeng.tower.register.atrs import from_atrs
from donghaeng.tower.register.checking import RECORD_ID, normal
from donghaeng.tower.register.dutch import from_dutch
from donghaeng.tower.register.schema import Schema
from donghaeng.tower.register.tables import MOST_ROWS, from_csv

Fields = Literal["atrs", "dutch", "own"]
MOST_BYTES: Final = 20_000_000
"""Some hundred times the largest register that is public today."""
_DUTCH_ALONE: Final = frozenset({"organization", "description_short", "impacttoetsen", "lang", "goal"})


@dataclass(frozen=True, slots=True)
class Read:
    """One record of a file: its values, or what is wrong with it."""

    place: str
    """``3번째 줄`` or ``2번째 기록``."""
    record: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    faults: tuple[str, ...] = ()


def read_records(schema: Schema, data: bytes) -> list[Read]:
    """The records of a file, each with its faults.

    Raises:
        RecordRefused: the file as a whole cannot be read: its letters, its form, its size.
    """
    if len(data) > MOST_BYTES:
        raise _refused(f"파일이 너무 커요. {MOST_BYTES // 1_000_000}MB까지 읽어요.")
    try:
        text = decoded(data).removeprefix(BOM)
    except DocumentRefused:
        raise _refused("글자를 읽을 수 없어요. UTF-8로 저장해 주세요.") from None
    if text.lstrip()[:1] in {"{", "["}:
        return [_judged(schema, f"{number}번째 기록", one) for number, one in enumerate(_documents(text), 1)]
    found = from_csv(text)
    if not found:
        raise _refused("기록이 하나도 없어요. 첫 줄에 항목 이름, 다음 줄부터 기록을 적어 주세요.")
    return [_judged(schema, f"{line}번째 줄", document) for line, document in found]


def fields_of(schema: Schema, document: Mapping[str, Any]) -> Fields:
    """In whose fields a document is written."""
    names = {name.rstrip("*") for name in document}
    if names & _DUTCH_ALONE:
        return "dutch"
    ours = set(schema.by_name) - set(schema.places("atrs"))
    return "own" if names & ours else "atrs"


def _documents(text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused("JSON으로 읽을 수 없어요. 파일을 다시 저장해 주세요.") from None
    if isinstance(found, dict):
        found = found.get("records", [found])
    if not isinstance(found, list) or not found:
        raise _refused("기록이 하나도 없어요.")
    if len(found) > MOST_ROWS:
        raise _refused(f"기록을 {MOST_ROWS:,}개까지 읽어요. 나누어서 가져와 주세요.")
    return found


def _judged(schema: Schema, place: str, document: Any) -> Read:
    if not isinstance(document, dict):
        return Read(place, "", faults=("기록이 아니에요. 항목 이름과 값으로 적어 주세요.",))
    try:
        record, values = _taken(schema, document)
        checked = normal(schema, values)
    except RecordRefused as refused:
        return Read(place, str(document.get("id", "")), faults=refused.faults)
    if record is not None and not re.fullmatch(RECORD_ID, record):
        return Read(place, record, faults=("번호: 영어 소문자, 숫자, -, _로 두 글자 이상 적어 주세요.",))
    if not checked.get("name_ko"):
        return Read(place, record or "", faults=("이름: 비어 있어요. name을 적어 주세요.",))
    return Read(place, record or _id_of(checked), checked)


def _taken(schema: Schema, document: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    match fields_of(schema, document):
        case "dutch":
            return from_dutch(schema, document)
        case "own":
            record = document.get("id")
            return (str(record) if record else None), {k: v for k, v in document.items() if k not in _FED}
        case _:
            return from_atrs(schema, document)


_FED: Final = frozenset({"id", "phase", "stage", "version", "published_at", "links"})
"""What our own feed says of a record beside its fields."""


def _id_of(values: Mapping[str, Any]) -> str:
    """An id for a record that comes without one: the same for the same name and organisation."""
    name = str(values.get("name") or values["name_ko"])
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]
    whose = f"{name}\x00{values.get('organisation', '')}"
    return f"{slug or 'system'}-{hashlib.sha256(whose.encode()).hexdigest()[:8]}"


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


def _refused(fault: str) -> RecordRefused:
    return RecordRefused(fault, faults=(fault,))
