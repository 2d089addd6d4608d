"""The protocol's side: tools and resources over the SDK's server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import mcp_types as types
import structlog
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from donghaeng import __version__
from donghaeng.city.emergencies import Emergencies
from donghaeng.city.operations import Operation
from donghaeng.city.services import ServiceDefinition
from donghaeng.errors import DonghaengError
from donghaeng.mcp.desk import ToolDesk
from donghaeng.mcp.schemas import tool_of

EMERGENCIES_URI = "donghaeng://emergencies"
COUNSELLOR_URI = "donghaeng://counsellor"
COUNSELLOR = "counsellor"
SESSION_HEADER = "mcp-session-id"
JSON = "application/json"

INSTRUCTIONS = (
    "Services of the city of Seoul for its citizens. Texts are Korean, for an older person: read them out as "
    "they are. Never state a figure, an hour or a fee that no answer holds. Tools that change something need "
    "a person's yes to the text of the first call. Never ask for or pass on resident registration, card or "
    "account numbers or passwords: they are refused. For emergencies read donghaeng://emergencies; a person "
    "answers through the tool `counsellor`."
)

_log = structlog.get_logger(__name__)

Context = ServerRequestContext[Any, Any]


def make_server(
    desk: ToolDesk, *, emergencies: Emergencies, operations: Mapping[str, Operation]
) -> Server[Any]:
    """The server over ``desk``; it may serve any number of connections."""
    services = desk.services
    tools = [tool_of(service, operations) for service in services]
    texts = _resources(services, emergencies)

    async def list_tools(ctx: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        del ctx, params
        return types.ListToolsResult(tools=tools)

    async def call_tool(ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await _call(desk, params.name, params.arguments or {}, _session_of(ctx))

    async def list_resources(
        ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        del ctx, params
        return types.ListResourcesResult(resources=[resource for resource, _ in texts.values()])

    async def read_resource(
        ctx: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        del ctx
        found = texts.get(str(params.uri))
        if found is None:
            raise MCPError(types.INVALID_PARAMS, "there is no such resource")
        resource, text = found
        content = types.TextResourceContents(uri=resource.uri, mime_type=JSON, text=text)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "donghaeng",
        version=__version__,
        title="동행 (Donghaeng)",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Serve the program that started this one, until it closes standard input."""
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _call(
    desk: ToolDesk, name: str, arguments: Mapping[str, Any], session: str
) -> types.CallToolResult:
    """A call's result. What is wrong with it is a result too, so that the caller can mend it."""
    known = name if name in {service.id for service in desk.services} else None
    try:
        answer = await desk.call(name, arguments, session=session)
    except DonghaengError as error:
        _log.info("tool", service=known, outcome=type(error).__name__)
        told = str(error) if error.http_status < 500 else "the server cannot answer now; try again later"
        return types.CallToolResult(content=[types.TextContent(text=told)], is_error=True)
    _log.info("tool", service=known, outcome=answer["status"])
    return types.CallToolResult(
        content=[types.TextContent(text=answer["text"])],
        structured_content=answer,
        is_error=answer["status"] == "failed",
    )


def _session_of(ctx: Context) -> str:
    headers = getattr(ctx.request, "headers", None)
    return str(headers.get(SESSION_HEADER, "")) if headers is not None else ""


def _resources(
    services: list[ServiceDefinition], emergencies: Emergencies
) -> dict[str, tuple[types.Resource, str]]:
    """By address: what each resource is, and its text. Numbers that nobody has checked are left out."""
    kinds = [
        {"kind": kind, "name": entry.name, "number": entry.number, "say": entry.reply, "source": entry.source}
        for kind, entry in emergencies.items()
        if entry.verified
    ]
    resources = [
        (
            types.Resource(
                uri=EMERGENCIES_URI,
                name="emergencies",
                title="긴급 전화",
                description="Numbers for fire, medical emergencies, crime and the like, with what to say "
                "first. They come before every tool.",
                mime_type=JSON,
            ),
            kinds,
        )
    ]
    person = next((service for service in services if service.id == COUNSELLOR), None)
    if person is not None:
        number = person.owner.handover_number
        how = {
            "name": person.name,
            "department": person.owner.department,
            "number": number,
            "tool": person.id,
        }
        described = types.Resource(
            uri=COUNSELLOR_URI,
            name="counsellor",
            title=person.name,
            description="How to reach a person: by telephone, or through the tool, which may call back.",
            mime_type=JSON,
        )
        resources.append((described, how))  # type: ignore[arg-type]
    return {resource.uri: (resource, json.dumps(value, ensure_ascii=False)) for resource, value in resources}
