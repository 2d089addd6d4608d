"""Tools of an MCP server, as its list describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from donghaeng.city.drafting.offered import (
    CannotDraft,
    Column,
    Offered,
    askable,
    identifier,
    inputs_of,
    receipt_in,
    rows_in,
)
from donghaeng.city.drafting.openapi import resolve_inside
from donghaeng.city.imported import BY_NATURE

TEXT = Column("text", "text", True, "what the tool answers in words", "예시")


def offered_by(
    tools: Iterable[Mapping[str, Any]], address: str
) -> Iterator[Offered | tuple[str, CannotDraft]]:
    """Every tool, in the server's order; of one that no service can be made of, its name and why.

    Args:
        tools: entries of ``tools/list`` as they come over the wire.
        address: of the server, or ``stdio: command``.
    """
    for tool in tools:
        name = identifier(str(tool["name"]))
        try:
            yield _offered(tool, name, address)
        except CannotDraft as error:
            yield name, error


def _offered(tool: Mapping[str, Any], name: str, address: str) -> Offered:
    hints = tool.get("annotations") or {}
    reads = hints.get("readOnlyHint") is True
    schema = resolve_inside(tool.get("inputSchema") or {})
    inputs, left_out = askable(inputs_of(schema, "body", required=True))
    output = tool.get("outputSchema")
    rows, columns = rows_in(resolve_inside(output)) if output else ("", (TEXT,))
    return Offered(
        id=name,
        kind="mcp",
        effect="read" if reads else "write",
        source=f"{address} tool {tool['name']}",
        address=address,
        title=str(tool.get("title") or hints.get("title") or ""),
        tool=str(tool["name"]),
        idempotency=BY_NATURE if hints.get("idempotentHint") is True and not reads else None,
        inputs=inputs,
        rows=rows,
        columns=columns,
        receipt=None if reads else receipt_in(columns),
        left_out=left_out,
    )
