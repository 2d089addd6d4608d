"""The files of a draft: all that can be told is told, all that a person must write is marked as blank."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from ruamel.yaml import YAML

from donghaeng.city.drafting.offered import CannotDraft, Column, Offered, identifier
from donghaeng.city.drafting.slots import SlotDraft, draft_slots, spoken_name
from donghaeng.city.imported import PROVIDER
from donghaeng.city.services.blanks import BLANK
from donghaeng.city.services.loading import OPERATION_FILE, SERVICE_FILE, TESTS_FILE

EXAMPLES: Final = 8
"""As many as a service file needs at least."""
COUNSELLOR_NUMBER: Final = "120"
"""Dasan call centre: people answer for every service of the city there."""
_ROWS_KEPT: Final = 3
_TESTED_AT: Final = "2026-11-23T10:00:00+09:00"


def draft_of(offered: Offered) -> dict[str, str]:
    """The texts of a service folder by file name.

    Raises:
        CannotDraft: no service can be made of the operation.
    """
    if not offered.id:
        raise CannotDraft(f"{offered.source}: has no name in Latin letters", remedy="give an operationId")
    slots = draft_slots(offered.inputs)
    columns = _columns(offered)
    return {
        SERVICE_FILE: _yaml(_service(offered, slots, columns), _about_service(offered)),
        OPERATION_FILE: _yaml(_operation(offered, slots, columns), _about_operation(offered)),
        TESTS_FILE: _yaml(_tests(offered), "Conversation tests, see docs/conversation-tests.md."),
    }


def _columns(offered: Offered) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in offered.columns:
        name = identifier(column.path)
        if name and name not in found:
            found[name] = column
    return found


def _service(offered: Offered, slots: list[SlotDraft], columns: Mapping[str, Column]) -> dict[str, Any]:
    call: dict[str, Any] = {
        "operation": f"{PROVIDER}.{offered.id}",
        "arguments": {name: text for slot in slots for name, text in slot.arguments.items()},
    }
    known = ", ".join(slot.name for slot in slots) or "없음"
    fields = ", ".join(f"row.{name}" for name in columns) or "없음"
    write = offered.effect == "write"
    found: dict[str, Any] = {
        "id": offered.id,
        "name": spoken_name(offered.title, offered.id),
        "domain": "administration",
        "effect": offered.effect,
        "carried_out": "live",
        "owner": {"department": f"{BLANK} 맡은 부서", "handover_number": COUNSELLOR_NUMBER},
        "sources": [offered.source],
        "examples": [f"{BLANK} 이 일을 부탁하는 말 {place + 1}" for place in range(EXAMPLES)],
        "slots": {slot.name: dict(slot.spec) for slot in slots},
        "call": call if write else call | {"most": _ROWS_KEPT},
    }
    if write:
        confirm = f"{BLANK} 보내기 전에 다 읽어 드리고 끝에 묻는 말. 쓸 수 있는 값: {known}"
        ok = f"{BLANK} 접수된 뒤에 하는 말. 쓸 수 있는 값: receipt, {known}"
        return found | {"confirm": confirm, "reply": {"ok": ok}}
    ok = f"{BLANK} 찾은 것을 알리는 말. 쓸 수 있는 값: {fields}"
    return found | {"reply": {"ok": ok, "empty": f"{BLANK} 찾은 것이 없을 때 하는 말"}}


def _operation(offered: Offered, slots: list[SlotDraft], columns: Mapping[str, Column]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": offered.kind,
        "effect": offered.effect,
        "source": offered.source,
        "address": offered.address or f"{BLANK} base address, https://…",
    }
    found |= {"tool": offered.tool} if offered.kind == "mcp" else _route(offered)
    if offered.key is not None:
        found["key"] = dict(offered.key)
    if offered.effect == "write":
        found["idempotency"] = offered.idempotency or (
            f"{BLANK} what tells a repeated request from a second one: `header NAME`, `argument NAME` "
            "or `by nature`; ask the system's owner"
        )
        found["receipt"] = offered.receipt or f"{BLANK} field of the answer that holds the receipt number"
    found["parameters"] = {name: dict(spec) for slot in slots for name, spec in slot.parameters.items()}
    found["rows"] = offered.rows
    found["row"] = {
        name: {"type": one.type, "says": one.says or one.path, "path": one.path}
        | ({"optional": False} if one.required else {})
        for name, one in columns.items()
    }
    found["example"] = [{name: one.example for name, one in columns.items()}] if columns else []
    return found


def _route(offered: Offered) -> dict[str, str]:
    return {"method": offered.method, "path": offered.path}


def _tests(offered: Offered) -> list[dict[str, Any]]:
    return [
        {
            "scenario": f"{offered.id} 처음부터 끝까지",
            "now": _TESTED_AT,
            "turns": [
                {
                    "citizen": f"{BLANK} 이 일을 부탁하는 말",
                    "expect": {"service": offered.id},
                }
            ],
        }
    ]


def _about_service(offered: Offered) -> str:
    return (
        f"Drafted from {offered.source}.\n"
        f"Write every text that begins with {BLANK}, check domain, owner and carried_out, then:\n"
        f"donghaeng services check {offered.id}"
    )


def _about_operation(offered: Offered) -> str:
    lines = [
        "How the operation is sent and read. In the sandbox city the rows of `example` are the answer; with",
        "DONGHAENG_CITY=live the system at `address` is asked, with the key that DONGHAENG_OPERATION_KEYS",
        f'holds for it: {{"{offered.id}": "…"}}',
    ]
    lines += [f"Left out: {one}" for one in offered.left_out]
    return "\n".join(lines)


def _yaml(value: Any, about: str) -> str:
    writer = YAML()
    writer.width = 108
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    out.write("".join(f"# {line}\n" for line in about.splitlines()))
    writer.dump(value, out)
    return out.getvalue()
