"""`donghaeng serve`: the server, with the sandbox city inside where the city is the sandbox."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import AsyncExitStack
from typing import Final

import click
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from donghaeng.app.serving import open_web
from donghaeng.errors import InputError
from donghaeng.settings import Settings, load_settings
from donghaeng.trust.logging import set_up_logging
from donghaeng.web.app import SERVER_OPTIONS

EVERYWHERE: Final = frozenset({"127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104  compared, never bound
"""Addresses at which this machine reaches itself as localhost."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8300, show_default=True, help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Run the server until Ctrl+C: page, HTTP, live voice, and the sandbox city.

    \b
    Examples:
      donghaeng serve
      donghaeng serve --host 0.0.0.0 --port 80
    """
    settings = load_settings()
    set_up_logging(settings.log_level)
    must_be_free(host, port)
    asyncio.run(_serve(settings, host, port))


def must_be_free(host: str, port: int) -> None:
    """Say that the port is taken before engines load for nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = "choose another with --port, or PORT=… make run"
            raise InputError(f"{host}:{port} cannot be used: {error.strerror}", remedy=remedy) from None


async def _serve(settings: Settings, host: str, port: int) -> None:
    began = time.perf_counter()
    console = Console(stderr=True)
    async with AsyncExitStack() as stack:
        with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as bar:
            task = bar.add_task("loading engines", total=None)

            def learned(done: int, total: int) -> None:
                if done == 1:
                    console.print("Learning the catalogue: minutes on a first start, seconds on later ones.")
                bar.update(task, description="learning the catalogue", completed=done, total=total)

            app = await stack.enter_async_context(open_web(settings, host=host, progress=learned))
        shown = "localhost" if host in EVERYWHERE else host
        console.print(
            f"Donghaeng is ready after {time.perf_counter() - began:.1f} s: http://{shown}:{port}/ "
            f"(console: http://{shown}:{port}/console/, city: {settings.city})",
            soft_wrap=True,
        )
        config = uvicorn.Config(
            app, host=host, port=port, log_config=None, timeout_graceful_shutdown=10, **SERVER_OPTIONS
        )
        await uvicorn.Server(config).serve()
