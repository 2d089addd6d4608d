"""The record as a JSON Schema, for whoever keeps records elsewhere. Pure."""

from __future__ import annotations

from typing import Any, Final

from donghaeng.tower.register.checking import RECORD_ID, model_of
from donghaeng.tower.register.schema import Schema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: Schema) -> dict[str, Any]:
    """What holds for a record's values in their one form, with its ``id``. What is ours alone begins with
    ``x-``: from which stage a field is required, whether it is public, tags of frameworks, and what it is
    called in other standards."""
    document = _without_null(model_of(schema).model_json_schema())
    properties = {
        "id": {
            "type": "string",
            "pattern": RECORD_ID,
            "title": "번호",
            "description": "바뀌지 않는 이름표예요.",
        },
        **document["properties"],
    }
    return {
        "$schema": DIALECT,
        **document,
        "title": "인공지능 시스템 기록",
        "properties": properties,
        "required": ["id"],
    }


def _without_null(node: Any) -> Any:
    """A field that is not known is absent, never null."""
    if isinstance(node, list):
        return [_without_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(one) for key, one in node.items()}
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        (kind,) = [one for one in options if one != {"type": "null"}]
        kept = {**kind, **{key: one for key, one in kept.items() if key not in {"anyOf", "default"}}}
    return kept
