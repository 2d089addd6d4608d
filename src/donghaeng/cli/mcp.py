"""`donghaeng mcp`: the catalogue as tools for programs."""

from __future__ import annotations

import asyncio

import click
import uvicorn

from donghaeng.app import open_application
from donghaeng.app.tools import standalone, token_for, tool_endpoint, tool_server
from donghaeng.cli.serve import must_be_free
from donghaeng.mcp.http import PATH
from donghaeng.mcp.server import serve_stdio
from donghaeng.settings import Settings, load_settings
from donghaeng.trust.logging import set_up_logging
from donghaeng.web.app import SERVER_OPTIONS
from donghaeng.web.figures import Figures


@click.command()
@click.option("--http", is_flag=True, help="Serve over streamable HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on with --http.")
@click.option("--port", default=8310, show_default=True, help="Port to listen on with --http.")
def mcp(http: bool, host: str, port: int) -> None:
    """Offer the catalogue's services as tools of the Model Context Protocol.

    Without --http it talks to the program that started it. `donghaeng serve` offers the same at /mcp.

    \b
    Examples:
      donghaeng mcp
      donghaeng mcp --http --port 8310
      DONGHAENG_MCP_TOKEN=… donghaeng mcp --http --host 0.0.0.0
    """
    settings = load_settings()
    set_up_logging(settings.log_level)
    if http:
        token = token_for(settings, host)
        must_be_free(host, port)
        asyncio.run(_serve_http(settings, host, port, token))
    else:
        asyncio.run(_serve_stdio(settings))


async def _serve_stdio(settings: Settings) -> None:
    async with open_application(settings, words=False) as application:
        await serve_stdio(tool_server(application))


async def _serve_http(settings: Settings, host: str, port: int, token: str | None) -> None:
    figures = Figures()
    async with open_application(settings, words=False) as application:
        endpoint = tool_endpoint(application, figures, token=token)
        async with endpoint.running():
            click.echo(f"The tools are ready: http://{host}:{port}{PATH}", err=True)
            config = uvicorn.Config(
                standalone(endpoint, settings, figures),
                host=host,
                port=port,
                log_config=None,
                timeout_graceful_shutdown=10,
                **SERVER_OPTIONS,
            )
            await uvicorn.Server(config).serve()
