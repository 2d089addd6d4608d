"""The public records as open data. Pure: the same records give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from donghaeng.tower.register.atrs import to_atrs
from donghaeng.tower.register.publishing import Shown
from donghaeng.tower.register.schema import Schema
from donghaeng.tower.register.tables import to_csv

TITLE: Final = "인공지능 시스템 등록부"


def as_json(records: Sequence[Shown]) -> dict[str, Any]:
    """Every public field of every record, in our own names (``/registry/schema.json`` describes them)."""
    newest = max((one.at for one in records), default=None)
    return {
        "title": TITLE,
        "schema": "/registry/schema.json",
        "updated": None if newest is None else newest.isoformat(),
        "records": [as_document(one) for one in records],
    }


def as_document(record: Shown) -> dict[str, Any]:
    """One record of it."""
    return {
        "id": record.id,
        "version": record.version,
        "published_at": record.at.isoformat(),
        "stage": record.stage,
        "phase": record.phase,
        **record.values,
        "links": {
            "page": f"/registry/{record.id}",
            "atrs": f"/registry/{record.id}.atrs.json",
            "nl": f"/registry/{record.id}.nl.json",
        },
    }


def as_csv(schema: Schema, records: Sequence[Shown]) -> str:
    """The attributes of the British standard as a table."""
    return to_csv([to_atrs(schema, one.id, one.values, one.phase) for one in records])
