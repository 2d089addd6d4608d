"""`donghaeng services new`: drafts of services from what other systems publish."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import click
import httpx

from donghaeng.city.drafting.draft import draft_of
from donghaeng.city.drafting.offered import CannotDraft, Offered, identifier
from donghaeng.city.drafting.openapi import offered_in, read_document
from donghaeng.city.drafting.tools import offered_by
from donghaeng.city.providers.imported import STDIO, connect, first_of
from donghaeng.errors import DonghaengError, InputError
from donghaeng.settings import load_settings

MCP: Final = "mcp:"
TIMEOUT_S: Final = 30.0
"""Fetching a document, or starting an MCP server and reading its list."""

Found = Offered | tuple[str, CannotDraft]


@click.command(name="new")
@click.option(
    "--from",
    "source",
    required=True,
    help="File or address of an OpenAPI document, mcp:stdio:… or mcp:http…",
)
@click.option("--operation", help="Draft this operation or tool alone; all of them unless given.")
@click.option(
    "--into", type=click.Path(path_type=Path), help="Folder for the drafts; by default the catalogue."
)
def new(source: str, operation: str | None, into: Path | None) -> None:
    """Draft services from an OpenAPI document or from the tools of an MCP server.

    Ids, slots, effect and the way of calling are told by the document; words for citizens are left blank and
    marked. `donghaeng services check` names every blank.

    \b
    Examples:
      donghaeng services new --from https://api.example.org/openapi.json --operation listRooms
      donghaeng services new --from mcp:stdio:"python server.py"
      donghaeng services new --from mcp:https://tools.example.org/mcp
    """
    found = list(_found(source))
    taken = _chosen(found, operation, source)
    drafts = {one.id: draft_of(one) for one in taken}
    if len(drafts) < len(taken):
        raise InputError(f"{source}: two operations have one name", remedy="choose one with --operation")
    folder = into if into is not None else load_settings().catalogue / "services"
    write_drafts(folder, drafts)
    for name, files in drafts.items():
        click.echo(f"{folder / name}: {', '.join(files)}")
    click.echo(f"Next: donghaeng services check {' '.join(drafts)}", err=True)


def _found(source: str) -> Iterator[Found]:
    if source.startswith(MCP):
        address = source.removeprefix(MCP)
        return offered_by(_tools(address), address)
    return offered_in(read_document(_fetched(source), source), source)


def _chosen(found: Iterable[Found], operation: str | None, source: str) -> list[Offered]:
    """The operations to draft; those that none can be drafted of are named.

    Raises:
        InputError: the one asked for is not there or cannot be drafted, or none can.
    """
    good = [one for one in found if isinstance(one, Offered)]
    bad = dict(one for one in found if not isinstance(one, Offered))
    if operation is None:
        for name, why in bad.items():
            click.echo(f"left out: {name}: {why}", err=True)
        if not good:
            raise InputError(f"{source}: offers nothing that a service can be made of")
        return good
    wanted = identifier(operation)
    if wanted in bad:
        raise bad[wanted]
    chosen = [one for one in good if one.id == wanted]
    if not chosen:
        known = ", ".join([*(one.id for one in good), *bad]) or "nothing"
        raise InputError(f"{source}: has no operation {operation!r}", remedy=f"it offers: {known}")
    return chosen


def write_drafts(folder: Path, drafts: Mapping[str, Mapping[str, str]]) -> None:
    """Write service folders: all of them or none.

    Raises:
        InputError: one is there already, or the folder cannot be written.
    """
    there = sorted(name for name in drafts if (folder / name).exists())
    if there:
        remedy = "move it away, or choose another folder with --into"
        raise InputError(f"{folder / there[0]}: is there already", remedy=remedy)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as name:
            draft = Path(name)
            for service, files in drafts.items():
                (draft / service).mkdir()
                for file, text in files.items():
                    (draft / service / file).write_text(text, encoding="utf-8")
            _move(draft, folder, drafts)
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or type(error).__name__}") from None


def _move(draft: Path, folder: Path, names: Iterable[str]) -> None:
    moved: list[Path] = []
    try:
        for name in names:
            (draft / name).rename(folder / name)
            moved.append(folder / name)
    except OSError:
        for path in moved:
            shutil.rmtree(path)
        raise


def _fetched(source: str) -> bytes:
    if not source.startswith(("http://", "https://")):
        try:
            return Path(source).read_bytes()
        except OSError as error:
            raise InputError(f"{source}: {error.strerror}", remedy="name a file or an address") from None
    try:
        answer = httpx.get(source, timeout=TIMEOUT_S, follow_redirects=True)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise InputError(f"{source}: HTTP {error.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InputError(f"{source}: cannot be fetched ({type(error).__name__})") from None
    return answer.content


def _tools(address: str) -> list[Mapping[str, Any]]:
    command = address.removeprefix(STDIO).strip() if address.startswith(STDIO) else None
    if command == "" or (command is None and not address.startswith(("http://", "https://"))):
        raise InputError(f"{MCP}{address}: is no server", remedy="mcp:stdio:COMMAND or mcp:https://…")
    try:
        return asyncio.run(_list(address))
    except DonghaengError:
        raise
    except Exception as error:
        # Whatever a stranger's server sends or does not send, the person gets one line.
        reason = type(first_of(error)).__name__
        raise InputError(f"{MCP}{address}: its tools cannot be listed ({reason})") from None


async def _list(address: str) -> list[Mapping[str, Any]]:
    async with asyncio.timeout(TIMEOUT_S), AsyncExitStack() as stack:
        client = await connect(address, {}, stack)
        tools: list[Mapping[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await client.list_tools(cursor=cursor)
            tools += [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in page.tools]
            cursor = page.next_cursor
            if cursor is None:
                return tools
