"""Imported operations against a real little HTTP server and a real MCP server."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from donghaeng.city.imported import ImportedOperation, declared, read_imported
from donghaeng.city.operations import Effect
from donghaeng.city.providers.imported import answer_of, carry
from donghaeng.city.with_imports import CityWithImports
from donghaeng.errors import (
    GatewayRefused,
    InputError,
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderUnavailable,
)

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
TOOLS = '''
from mcp.server import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("rooms")
booked = {}

@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def list_rooms(district: str) -> dict:
    """Rooms of a district."""
    return {"rooms": [{"name": district + " 다목적실", "seats": "30", "free": True}]}

@server.tool()
def book_room(room: str, key: str) -> dict:
    """Book."""
    if room == "no":
        raise ValueError("full")
    return {"receipt": booked.setdefault(key, "R-" + key)}

server.run()
'''


@dataclass
class Rooms:
    """What the little server was asked, and what it answers."""

    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: Any = None


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    state = Rooms()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            state.asked.append(
                {"path": self.path, "method": self.command, "headers": dict(self.headers), "body": body}
            )
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(json.dumps(state.body).encode() if state.body is not None else b"")

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    thread.join()


def http(rooms: Rooms, **more: Any) -> ImportedOperation:
    read = {
        "kind": "openapi",
        "effect": "read",
        "source": "rooms GET /rooms",
        "address": rooms.address,
        "path": "/rooms/{district}",
        "key": {"in": "header", "name": "X-Key", "prefix": "Token "},
        "parameters": {
            "district": {"type": "district", "says": "gu", "in": "path", "sent_as": "district"},
            "when": {"type": "datetime", "says": "when", "in": "query", "sent_as": "at", "optional": True},
        },
        "rows": "found.rooms",
        "row": {
            "name": {"type": "text", "says": "name", "path": "name", "optional": False},
            "seats": {"type": "count", "says": "seats", "path": "size.seats"},
            "free": {"type": "flag", "says": "free", "path": "free"},
        },
        "example": [{"name": "예시", "seats": 3, "free": True}],
    }
    return ImportedOperation.model_validate(read | more)


def booking(rooms: Rooms) -> ImportedOperation:
    return http(
        rooms,
        effect="write",
        method="POST",
        path="/bookings",
        idempotency="header Idempotency-Key",
        receipt="booking.number",
        rows="booking",
        row={"number": {"type": "text", "says": "number", "path": "number"}},
        example=[],
        parameters={"room": {"type": "text", "says": "room", "in": "body", "sent_as": "wish.room"}},
    )


@pytest.fixture
async def live() -> AsyncIterator[Any]:
    carried = carry(["127.0.0.1", "stdio"])

    def city(**operations: ImportedOperation) -> CityWithImports:
        imported = {f"imported.{name}": one for name, one in operations.items()}
        keys = dict.fromkeys(operations, "secret")
        return CityWithImports(Nothing(), imported, carried=carried, keys=keys)

    yield city
    await carried.client.aclose()


class Nothing:
    """A city without operations."""

    operations: dict[str, Any] = {}

    async def call(self, operation: str, *args: Any, **more: Any) -> Any:
        raise InputError(f"no operation {operation}")


async def test_a_read_over_http(rooms: Rooms, live: Any) -> None:
    rooms.body = {"found": {"rooms": [{"name": "다목적실", "size": {"seats": "30"}, "free": "true"}]}}
    city = live(list_rooms=http(rooms))
    given = {"district": "마포구", "when": "2026-12-01T10:00"}
    answer = await city.call("imported.list_rooms", given, now=NOW)
    assert answer.rows == ({"name": "다목적실", "seats": 30, "free": True},)
    asked = rooms.asked[0]
    assert asked["path"] == "/v1/rooms/%EB%A7%88%ED%8F%AC%EA%B5%AC?at=2026-12-01T10%3A00%3A00%2B09%3A00"
    assert asked["headers"]["X-Key"] == "Token secret"
    assert city.operations["imported.list_rooms"].effect is Effect.READ


async def test_a_write_over_http_carries_its_key_and_gives_its_receipt(rooms: Rooms, live: Any) -> None:
    rooms.body = {"booking": {"number": 7}}
    city = live(book_room=booking(rooms))
    answer = await city.call("imported.book_room", {"room": "다목적실"}, now=NOW, idempotency_key="c.1")
    assert answer.receipt == "7"
    assert rooms.asked[0]["body"] == {"wish": {"room": "다목적실"}}
    assert rooms.asked[0]["headers"]["Idempotency-Key"] == "c.1"
    with pytest.raises(InputError, match="idempotency key"):
        await city.call("imported.book_room", {"room": "다목적실"}, now=NOW)
    assert len(rooms.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (409, {}, GatewayRefused),
        (422, None, GatewayRefused),
        (401, {}, ProviderDenied),
        (500, {}, ProviderUnavailable),
        (200, {}, MalformedAnswer),
        (200, {"booking": [1]}, MalformedAnswer),
        (200, "text", MalformedAnswer),
    ],
)
async def test_what_a_system_answers_otherwise(
    rooms: Rooms, live: Any, status: int, body: Any, error: type[ProviderError]
) -> None:
    rooms.status, rooms.body = status, body
    with pytest.raises(error):
        await live(book_room=booking(rooms)).call(
            "imported.book_room", {"room": "다목적실"}, now=NOW, idempotency_key="c.1"
        )
    assert len(rooms.asked) == 1, "a write is sent once a call"


async def test_a_read_without_rows_is_empty_and_one_without_a_promised_field_is_malformed(
    rooms: Rooms,
) -> None:
    operation = http(rooms)
    assert answer_of(operation, "rooms", {"found": None}).rows == ()
    assert answer_of(operation, "rooms", None).rows == ()
    with pytest.raises(MalformedAnswer):
        answer_of(operation, "rooms", {"found": {"rooms": [{"seats": 3}]}})
    rows = {"found": {"rooms": [{"name": "a", "size": "many", "free": 3}]}}
    assert answer_of(operation, "rooms", rows).rows == ({"name": "a", "seats": None, "free": None},)


async def test_arguments_are_checked_and_other_operations_handed_on(rooms: Rooms, live: Any) -> None:
    city = live(list_rooms=http(rooms))
    for given in ({}, {"district": "마포구", "other": 1}):
        with pytest.raises(InputError):
            await city.call("imported.list_rooms", given, now=NOW)
    with pytest.raises(InputError, match="no operation weather"):
        await city.call("weather.day", {}, now=NOW)
    assert rooms.asked == []


async def test_the_sandbox_answers_with_the_examples(rooms: Rooms) -> None:
    imported = {"imported.list_rooms": http(rooms), "imported.book_room": booking(rooms)}
    city = CityWithImports(Nothing(), imported, receipts="연습-")
    read = await city.call("imported.list_rooms", {"district": "마포구"}, now=NOW)
    assert read.rows == ({"name": "예시", "seats": 3, "free": True},)
    first, again = [
        await city.call("imported.book_room", {"room": "방"}, now=NOW, idempotency_key="c.1")
        for _ in range(2)
    ]
    assert first.receipt == again.receipt
    assert str(first.receipt).startswith("연습-")
    assert rooms.asked == []


async def test_a_key_that_is_not_set_is_named(rooms: Rooms) -> None:
    carried = carry(["127.0.0.1", "stdio"])
    city = CityWithImports(Nothing(), {"imported.list_rooms": http(rooms)}, carried=carried)
    with pytest.raises(ProviderDenied, match="DONGHAENG_OPERATION_KEYS"):
        await city.call("imported.list_rooms", {"district": "마포구"}, now=NOW)
    await carried.client.aclose()


@pytest.mark.system
async def test_tools_of_an_mcp_server(tmp_path: Path, rooms: Rooms, live: Any) -> None:
    program = tmp_path / "server.py"
    program.write_text(TOOLS, encoding="utf-8")
    shared = {"kind": "mcp", "address": f"stdio: {sys.executable} {program}", "key": None}
    room = {"type": "text", "says": "room", "sent_as": "room"}
    city = live(
        list_rooms=http(
            rooms,
            **shared,
            tool="list_rooms",
            rows="rooms",
            parameters={"district": {"type": "district", "says": "gu", "sent_as": "district"}},
            row={"name": {"type": "text", "says": "name", "path": "name"},
                 "seats": {"type": "count", "says": "seats", "path": "seats"},
                 "free": {"type": "flag", "says": "free", "path": "free"}},
        ),
        book_room=http(
            rooms, **shared, tool="book_room", effect="write", idempotency="argument key", receipt="receipt",
            rows="", row={}, example=[], parameters={"room": room},
        ),
        broken=http(rooms, **shared | {"address": "stdio: /no/such/program"}, tool="x", parameters={}),
    )  # fmt: skip
    read = await city.call("imported.list_rooms", {"district": "마포구"}, now=NOW)
    assert read.rows == ({"name": "마포구 다목적실", "seats": 30, "free": True},)
    done = await city.call("imported.book_room", {"room": "다목적실"}, now=NOW, idempotency_key="c.1")
    assert done.receipt == "R-c.1"
    with pytest.raises(GatewayRefused):
        await city.call("imported.book_room", {"room": "no"}, now=NOW, idempotency_key="c.2")
    with pytest.raises(ProviderError):
        await city.call("imported.broken", {}, now=NOW)


def test_files_are_checked_with_line_and_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "services" / "book_room"
    folder.mkdir(parents=True)
    file = folder / "operation.yaml"
    file.write_text("kind: openapi\neffect: write\nsource: x\naddress: https://example.org\npath: /x\n")
    found, errors = read_imported(tmp_path)
    assert (found, len(errors)) == ({}, 1)
    assert "needs `idempotency` and `receipt`" in str(errors[0])
    file.write_text(file.read_text() + 'idempotency: "[채워 주세요] x"\nreceipt: number\nextra: 1\n')
    found, errors = read_imported(tmp_path)
    assert [str(error).partition("operation.yaml")[2][:3] for error in errors] == [":6:", ":8:"]
    file.write_text(file.read_text().replace("[채워 주세요] x", "by nature").replace("extra: 1\n", ""))
    found, errors = read_imported(tmp_path)
    assert errors == []
    assert declared(found)["imported.book_room"].effect is Effect.WRITE
