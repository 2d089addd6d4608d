"""Whether values fit the schema, and what is missing at a stage. Pure.

Values are kept without what is empty: a field that nobody filled is absent, never "" or an empty list, so
that "not known" has one form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from donghaeng.errors import RecordRefused
from donghaeng.tower.register.schema import MOST_ROWS, Kind, Schema, Spec
from donghaeng.tower.register.stages import Stage, reached

RECORD_ID: Final = r"^[a-z0-9][a-z0-9_-]{1,62}$"
"""Of a record: stands in addresses and never changes."""
Values = Mapping[str, Any]
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_URL: Final = r"^https?://[^\s<>\"']+$"
_EMAIL: Final = r"^[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+$"
_SHA256: Final = r"^[0-9a-f]{64}$"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that must be filled and is not."""

    field: str
    """Path, for example ``models[2].sha256``."""
    title: str
    """The same in Korean, for example ``쓰는 모델 3번째 · 확인값(SHA-256)``."""


def normal(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values checked and in their one form: trimmed, in Unicode's NFC, without what is empty, in the
    order of the schema.

    Raises:
        RecordRefused: something does not fit; its ``faults`` name each field and what would be right.
    """
    filled = _without_empty(values)
    try:
        held = model_of(schema).model_validate(filled if isinstance(filled, dict) else {})
    except ValidationError as error:
        faults = tuple(dict.fromkeys(_fault(schema, one) for one in error.errors(include_url=False)))
        raise RecordRefused("; ".join(faults), faults=faults) from None
    found: dict[str, Any] = held.model_dump(mode="json", exclude_none=True)
    begin, end = found.get("begin_date"), found.get("end_date")
    if begin and end and end < begin:
        fault = (
            f"{schema.by_name['end_date'].title}: 시작한 날({begin})보다 앞서요. 두 날짜를 다시 봐 주세요."
        )
        raise RecordRefused(fault, faults=(fault,))
    return found


def missing(schema: Schema, values: Values, stage: Stage) -> tuple[Missing, ...]:
    """What must be filled at ``stage`` and is not, in the order of the form."""
    return tuple(_missing(schema, values, stage))


@lru_cache(maxsize=8)
def model_of(schema: Schema) -> type[BaseModel]:
    """The schema as a model; every field may be absent, since a draft may be."""
    return _model("AISystem", tuple(schema))


def title_of(schema: Schema, path: Sequence[str | int]) -> str:
    """A path in Korean: ``쓰는 모델 2번째 · 사용 조건``."""
    if not path or str(path[0]) not in schema.by_name:
        return ".".join(str(part) for part in path)
    spec = schema.by_name[str(path[0])]
    title = spec.title
    for part in path[1:]:
        if isinstance(part, int):
            title += f" {part + 1}번째"
        else:
            title += f" · {spec.by_name[part].title if part in spec.by_name else part}"
    return title


def split(schema: Schema, values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values in two: what names nobody, and what names or reaches somebody."""
    personal = {spec.name for spec in schema if spec.personal}
    return (
        {name: value for name, value in values.items() if name not in personal},
        {name: value for name, value in values.items() if name in personal},
    )


def in_order(schema: Schema, values: Values) -> dict[str, Any]:
    """The same values in the schema's order; names that it does not know are left out."""
    return {spec.name: values[spec.name] for spec in schema if spec.name in values}


def _missing(schema: Schema, values: Values, stage: Stage) -> Iterator[Missing]:
    for spec in schema:
        value = values.get(spec.name)
        due = spec.required_from is not None and reached(stage, spec.required_from)
        if value is None:
            if due:
                yield Missing(spec.name, spec.title)
            continue
        rows = value if spec.type == "rows" else [value] if spec.type == "group" else []
        for number, row in enumerate(rows):
            for part in spec.fields:
                if part.needed and part.name not in row:
                    where = (number,) if spec.type == "rows" else ()
                    path = (spec.name, *where, part.name)
                    yield Missing(_path(path), title_of(schema, path))
    yield from _channels_without_notice(schema, values, stage)


def _channels_without_notice(schema: Schema, values: Values, stage: Stage) -> Iterator[Missing]:
    """Where somebody meets the machine and is not told so (인공지능기본법 제31조 제1항); who works with it at
    a desk knows (시행령 제23조 제4항)."""
    notice, channels = schema.by_name["ai_notice"], schema.by_name["channels"]
    due = notice.required_from is not None and reached(stage, notice.required_from)
    if not due or "ai_notice" not in values:
        return
    told = {row.get("channel") for row in values["ai_notice"]}
    for channel in values.get("channels", ()):
        if channel not in told and channel != "console":
            yield Missing(f"ai_notice.{channel}", f"{notice.title} · {channels.choices[channel]}")


def _path(parts: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _without_empty(value: Any) -> Any:
    """Without "", None and what holds nothing else."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip() or None
    if isinstance(value, Mapping):
        kept = {str(name): _without_empty(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    if isinstance(value, list | tuple):
        return [one for one in map(_without_empty, value) if one is not None] or None
    return value


def _model(name: str, specs: Sequence[Spec]) -> type[BaseModel]:
    fields: dict[str, Any] = {spec.name: (_type(name, spec) | None, _described(spec)) for spec in specs}
    return create_model(name, __config__=ConfigDict(extra="forbid", frozen=True), **fields)


def _described(spec: Spec) -> Any:
    extra: dict[str, Any] = {
        "x-personal": spec.personal,
        "x-tags": {key: value for key, value in spec.tags.model_dump(mode="json").items() if value},
        "x-required-from": spec.required_from,
        "x-choices": dict(spec.choices),
        "x-atrs": spec.atrs,
        "x-nl": spec.nl,
        "x-omb": spec.omb,
        "x-instructions": spec.instructions,
    }
    example = None if spec.type in {"group", "rows", "flag", "choice", "choices"} else [spec.example]
    kept = {
        key: value for key, value in extra.items() if value not in (None, {}, "", False) or key == "x-public"
    }
    return Field(None, title=spec.title, description=spec.help, examples=example, json_schema_extra=kept)


def _type(owner: str, spec: Spec) -> Any:
    nested = _model(f"{owner}_{spec.name}", spec.fields) if spec.fields else None
    choice: Any = Literal[tuple(spec.choices)] if spec.choices else None
    order = tuple(spec.choices)
    chosen = AfterValidator(lambda given: sorted(set(given), key=order.index))
    clean, most = AfterValidator(_clean), MOST_ROWS
    types: dict[Kind, Any] = {
        "text": Annotated[str, Field(max_length=spec.max), AfterValidator(_one_line), clean],
        "long": Annotated[str, Field(max_length=spec.max), clean],
        "url": Annotated[str, Field(max_length=spec.max, pattern=_URL), clean],
        "email": Annotated[str, Field(max_length=spec.max, pattern=_EMAIL), clean],
        "sha256": Annotated[str, BeforeValidator(_lower), Field(pattern=_SHA256)],
        "date": Annotated[date, BeforeValidator(_day)],
        "choice": choice,
        "choices": Annotated[list[choice], Field(max_length=most), chosen],
        "flag": Annotated[bool, Field(strict=True)],
        "number": Annotated[int, Field(strict=True, ge=spec.least, le=spec.most)],
        "group": nested,
        "rows": Annotated[list[nested], Field(max_length=most)],  # type: ignore[valid-type]
    }
    return types[spec.type]


def _one_line(given: str) -> str:
    if "\n" in given:
        raise ValueError("one_line")
    return given


def _clean(given: str) -> str:
    if _CONTROL.search(given):
        raise ValueError("control")
    return given


def _lower(given: Any) -> Any:
    return given.lower() if isinstance(given, str) else given


def _day(given: Any) -> Any:
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("day")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError("day") from None


def _fault(schema: Schema, error: Mapping[str, Any]) -> str:
    path: tuple[str | int, ...] = tuple(error["loc"])
    title = title_of(schema, path)
    spec = _spec_at(schema, path)
    if error["type"] == "extra_forbidden" or spec is None:
        return f"{title}: 이 기록에 없는 칸이에요. 이름을 다시 봐 주세요."
    return f"{title}: {_remedy(spec, error)}"


def _spec_at(schema: Schema, path: Sequence[str | int]) -> Spec | None:
    names = [part for part in path if isinstance(part, str)]
    spec = schema.by_name.get(names[0]) if names else None
    if spec is not None and spec.fields and len(names) > 1:
        spec = spec.by_name.get(names[1])
    return spec


def _remedy(spec: Spec, error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind == "string_too_long":
        return f"{spec.max:,}자까지 적을 수 있어요. 줄여 주세요."
    if kind == "too_long":
        return f"{MOST_ROWS}개까지 적을 수 있어요. 줄여 주세요."
    if kind == "value_error":
        reason = str(error.get("ctx", {}).get("error", ""))
        if reason in _OF_VALUE:
            return _OF_VALUE[reason]
    return _OF_KIND[spec.type](spec)


_OF_VALUE: Final = {
    "one_line": "한 줄로 적어 주세요.",
    "control": "보이지 않는 글자가 들어 있어요. 다시 적어 주세요.",
}
_OF_KIND: Final[Mapping[Kind, Callable[[Spec], str]]] = {
    "text": lambda spec: "글로 적어 주세요.",
    "long": lambda spec: "글로 적어 주세요.",
    "url": lambda spec: f"https://로 시작하는 주소를 적어 주세요. 예: {spec.example}",
    "email": lambda spec: f"이메일 주소를 적어 주세요. 예: {spec.example}",
    "sha256": lambda spec: "0-9와 a-f로 된 글자 64개를 적어 주세요.",
    "date": lambda spec: f"있는 날짜를 {spec.example}처럼 적어 주세요.",
    "choice": lambda spec: f"다음 가운데 하나여야 해요: {', '.join(spec.choices)}",
    "choices": lambda spec: f"다음 가운데에서 골라 주세요: {', '.join(spec.choices)}",
    "flag": lambda spec: "예(true)나 아니요(false)여야 해요.",
    "number": lambda spec: f"{spec.least}부터 {spec.most}까지의 수여야 해요.",
    "group": lambda spec: "칸마다 따로 적어 주세요.",
    "rows": lambda spec: "하나씩 줄로 적어 주세요.",
}
