"""`donghaeng services new`: from a document to a service that runs against a server."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.mcp.kit import PROGRAM, environment, small_catalogue

from donghaeng.cli.drafting import write_drafts
from donghaeng.errors import InputError
from mcp import Client, StdioServerParameters

ROOMS = Path(__file__).parents[1] / "city" / "drafting" / "rooms.yaml"
SHIPPED = Path(__file__).parents[2] / "catalogue" / "process" / "imported.yaml"
BLANK = "[채워 주세요]"
TOOLS = '''
from mcp.server import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("helper")

@server.tool(title="빈 방 찾기", annotations=ToolAnnotations(read_only_hint=True))
def find_rooms(district: str, people: int = 1) -> dict:
    """Rooms."""
    return {"rooms": []}

@server.tool()
def reserve(room: str) -> str:
    """Reserve."""
    return "done"

server.run()
'''
SAID = {
    "name": "모임방 예약",
    "owner": {"department": "마포구 주민자치과", "handover_number": "120"},
    "examples": [
        f"모임방을 {word} 예약해 주세요"
        for word in ("꼭", "좀", "얼른", "새로", "또", "미리", "같이", "바로")
    ],
    "confirm": "{{ room }}을(를) {{ written.when }}에 예약할까요?",
    "reply": {"ok": "예약했어요. 접수번호는 {{ receipt }}이에요(예요)."},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small_catalogue(tmp_path)
    return tmp_path


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "services", *arguments],
        env=environment(folder, **more),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def read(file: Path) -> Any:
    return YAML(typ="safe").load(file)


def fill(folder: Path) -> None:
    """Do what a person does: write every text that is blank."""
    service = read(folder / "service.yaml") | SAID
    for spec in service["slots"].values():
        if spec["name"].startswith(BLANK):
            spec["name"] = "값"
        for value in spec.get("values", {}).values():
            if value["name"].startswith(BLANK):
                value["name"] = "모임" if "meeting" in value["name"] else "수업"
        if "prompts" in spec:
            spec["prompts"] = {
                "first": "말씀해 주시겠어요?",
                "again": "한 번 더 말씀해 주세요. 예를 들면 '하나'처럼요.",
            }
    tests = read(folder / "tests.yaml")
    tests[0]["turns"][0]["citizen"] = SAID["examples"][0]
    for name, value in (("service.yaml", service), ("tests.yaml", tests)):
        with (folder / name).open("w", encoding="utf-8") as file:
            YAML().dump(value, file)


def review(file: Path) -> None:
    """Do what a city does before its service answers anybody: the shipped reviews, and one for the draft."""
    shipped = read(SHIPPED)
    others = [group for group in shipped["groups"] if group["kind"] not in {"service", "engine"}]
    own = [{"kind": "service", "ids": ["book_room"]}, {"kind": "engine", "ids": ["embedder.fake"]}]
    shipped["groups"] = [*others, *own]
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8") as to:
        YAML().dump(shipped, to)


@pytest.mark.system
@pytest.mark.timeout(200)
def test_a_check_names_every_blank_and_passes_when_a_person_has_filled_them(folder: Path) -> None:
    drafted = run(folder, "new", "--from", str(ROOMS), "--operation", "bookRoom")
    assert drafted.returncode == 0, drafted.stderr
    draft = folder / "catalogue" / "services" / "book_room"
    before = run(folder, "check", "book_room")
    assert before.returncode == 2
    blank = sum(
        file.read_text().count(f"'{BLANK}") + file.read_text().count(f'"{BLANK}') for file in draft.iterdir()
    )
    lines = [line for line in before.stderr.splitlines() if "is still blank" in line]
    assert len(lines) == blank > 10
    assert all(".yaml:" in line and f"write it in place of {BLANK}" in line for line in lines)
    assert any("tests.yaml" in line for line in lines)
    fill(draft)
    after = run(folder, "check", "book_room")
    assert after.returncode == 0, after.stderr
    assert "1 service is in order" in after.stdout


@pytest.mark.system
@pytest.mark.timeout(200)
async def test_a_drafted_write_runs_once_against_a_real_server(folder: Path, booking: list[Any]) -> None:
    run(folder, "new", "--from", str(ROOMS), "--operation", "bookRoom")
    draft = folder / "catalogue" / "services" / "book_room"
    fill(draft)
    operation = draft / "operation.yaml"
    operation.write_text(operation.read_text().replace("http://127.0.0.1:9/v1", booking[0]))
    review(folder / "catalogue" / "process" / "imported.yaml")
    more = {
        "DONGHAENG_CITY": "live",
        "DONGHAENG_OPERATION_KEYS": '{"book_room": "secret"}',
        "DONGHAENG_SERVICE_HOSTS": '["127.0.0.1"]',
    }
    server = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment(folder, **more))
    async with Client(server) as client:
        given = {"room": "다목적실", "when": "2026-12-01T10:00", "phone": "010-1234-5678", "purpose": "class"}
        asked = (await client.call_tool("book_room", given)).structured_content
        assert (asked["status"], len(booking)) == ("confirm", 1)
        given["confirmation"] = asked["confirmation"]["token"]
        receipts = [
            (await client.call_tool("book_room", given)).structured_content["receipt"] for _ in range(2)
        ]
    assert receipts == ["R-1", "R-1"]
    assert len(booking) == 2
    headers, body = booking[1]
    assert (headers["X-Key"], body["when"]) == ("secret", "2026-12-01T10:00:00+09:00")
    assert headers["Idempotency-Key"]
    assert body == {
        "room": "다목적실", "when": "2026-12-01T10:00:00+09:00", "phone": "010-1234-5678", "purpose": "class"
    }  # fmt: skip


@pytest.fixture
def booking() -> Iterator[list[Any]]:
    """The address of a little server, then every request that it got."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append((dict(self.headers), body))
            self.send_response(201)
            self.end_headers()
            self.wfile.write(json.dumps({"receipt": f"R-{len(got) - 1}", "room": body["room"]}).encode())

        def log_message(self, *args: Any) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    got.append(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield got
    server.shutdown()
    thread.join()


@pytest.mark.system
def test_drafts_of_everything_leave_out_what_no_citizen_may_be_asked(folder: Path) -> None:
    into = folder / "drafts"
    done = run(folder, "new", "--from", str(ROOMS), "--into", str(into))
    assert done.returncode == 0
    assert {one.name for one in into.iterdir()} == {"list_rooms", "book_room", "cancel_booking"}
    assert "left out: register_resident" in done.stderr


@pytest.mark.system
def test_tools_of_an_mcp_server_become_drafts(folder: Path) -> None:
    program = folder / "server.py"
    program.write_text(TOOLS, encoding="utf-8")
    into = folder / "drafts"
    done = run(folder, "new", "--from", f"mcp:stdio:{sys.executable} {program}", "--into", str(into))
    assert done.returncode == 0, done.stderr
    found = read(into / "find_rooms" / "service.yaml")
    assert (found["effect"], found["name"]) == ("read", "빈 방 찾기")
    assert {name: spec["type"] for name, spec in found["slots"].items()} == {
        "district": "district",
        "people": "count",
    }
    assert found["slots"]["people"]["required"] is False
    reserve = read(into / "reserve" / "operation.yaml")
    assert (reserve["effect"], reserve["tool"]) == ("write", "reserve")
    assert reserve["idempotency"].startswith(BLANK)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no-such-file.yaml", "No such file"),
        ("http://127.0.0.1:9/openapi.json", "cannot be fetched"),
        ("mcp:stdio:/no/such/program", "its tools cannot be listed"),
        ("mcp:http://127.0.0.1:9/mcp", "its tools cannot be listed"),
        ("mcp:carrier-pigeon", "is no server"),
        (str(ROOMS) + "#", "No such file"),
    ],
)
@pytest.mark.system
def test_what_cannot_be_read_is_one_line_and_writes_nothing(folder: Path, source: str, words: str) -> None:
    into = folder / "drafts"
    done = run(folder, "new", "--from", source, "--into", str(into))
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not into.exists()


@pytest.mark.system
def test_an_operation_that_is_not_there_or_cannot_be_is_named(folder: Path) -> None:
    for name, words in (("teleport", "it offers: list_rooms"), ("registerResident", "never collected")):
        done = run(folder, "new", "--from", str(ROOMS), "--operation", name)
        assert done.returncode == 2
        assert words in done.stderr
    assert not (folder / "catalogue" / "services" / "register_resident").exists()


def test_all_drafts_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    drafts = {"one": {"service.yaml": "id: one"}, "two": {"service.yaml": "id: two"}}
    with pytest.raises(InputError, match="is there already"):
        write_drafts(tmp_path, drafts)
    assert [path.name for path in tmp_path.iterdir()] == ["two"]
    with pytest.raises(InputError):
        write_drafts(Path("/proc/no-such-folder"), drafts)
