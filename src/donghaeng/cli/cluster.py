"""`donghaeng cluster …`: the application on several machines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from donghaeng.cluster import quiet_ray
from donghaeng.cluster.capacity_table import capacity_document
from donghaeng.cluster.documents import SERVICE_PORT, as_yaml, ray_service, serve_config
from donghaeng.cluster.shape import ClusterShape
from donghaeng.errors import EngineError
from donghaeng.settings import load_settings
from donghaeng.trust.logging import set_up_logging

SANDBOX_PORT: Final = 8400
LOCAL_DRAIN_S: Final = 10.0
"""Calls on this machine end soon after Ctrl+C."""
RAY_DASHBOARD: Final = "http://127.0.0.1:8265"

_COUNTS: Final = (
    ("agents", "Agents; two at least, or an update stops the service."),
    ("recognisers", "Recognisers, one sentence and one core each."),
    ("synthesisers", "Synthesisers, one clause and one core each."),
    ("embedders", "Embedders."),
    ("answers", "Deployments that answer free questions."),
    ("places", "Calls that one agent takes at a time."),
)


def _shaped(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say how many of what."""
    given = ClusterShape.model_fields
    for name, text in reversed(_COUNTS):
        default = given[name].default
        command = click.option(
            f"--{name}", default=default, show_default=True, type=click.IntRange(1), help=text
        )(command)
    command = click.option(
        "--most",
        default=1.0,
        show_default=True,
        type=click.FloatRange(1.0, 20.0),
        help="Times as many when busy.",
    )(command)
    return click.option("--speech/--no-speech", default=True, show_default=True, help="Hear and speak.")(
        command
    )


@click.group()
def cluster() -> None:
    """The application on several machines, as Ray Serve deployments that scale apart.

    \b
    Examples:
      donghaeng cluster run --nodes 2
      donghaeng cluster config --agents 8 --recognisers 24 > cluster.yaml
      donghaeng cluster deploy cluster.yaml --address http://head:8265
      donghaeng cluster kuberay --image registry.example/donghaeng:1 > service.yaml
      donghaeng cluster capacity
    """


@cluster.command(name="config")
@click.option("--port", default=SERVICE_PORT, show_default=True, help="Port of every node's proxy.")
@_shaped
def config(port: int, **counts: Any) -> None:
    """Print Serve's configuration, for `donghaeng cluster deploy` and `serve deploy`."""
    click.echo(as_yaml(serve_config(ClusterShape(**counts), port=port)), nl=False)


@cluster.command(name="kuberay")
@click.option("--image", required=True, help="Container image with Donghaeng and its extra `cluster`.")
@click.option("--machines", default=2, show_default=True, type=click.IntRange(1), help="Worker pods.")
@click.option("--cores", default=8, show_default=True, type=click.IntRange(1), help="Of a worker pod.")
@click.option("--memory", default=16, show_default=True, type=click.IntRange(1), help="GiB of a worker pod.")
@_shaped
def kuberay(image: str, machines: int, cores: int, memory: int, **counts: Any) -> None:
    """Print the RayService for KubeRay. Settings come from the Secret `donghaeng-settings`."""
    quiet_ray.prepare()
    import ray  # noqa: PLC0415  after what it reads is set

    document = ray_service(
        ClusterShape(**counts),
        image=image,
        ray_version=ray.__version__,
        machines=machines,
        cores=cores,
        memory_gib=memory,
    )
    click.echo(as_yaml(document), nl=False)


@cluster.command(name="deploy")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--address", default=RAY_DASHBOARD, show_default=True, help="The head node's dashboard.")
def deploy(file: Any, address: str) -> None:
    """Have a Ray cluster run FILE (as `donghaeng cluster config` prints it), or follow its changes."""
    quiet_ray.prepare()
    from ray.dashboard.modules.serve.sdk import ServeSubmissionClient  # noqa: PLC0415
    from ruamel.yaml import YAML  # noqa: PLC0415

    document = YAML(typ="safe").load(file)
    try:
        ServeSubmissionClient(address).deploy_applications(document)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise EngineError(f"{address}: {error}", remedy="ray start --head --include-dashboard=true") from None
    click.echo(f"Handed to {address}; `serve status --address {address}` shows how far it is.")


@cluster.command(name="run")
@click.option(
    "--nodes", default=2, show_default=True, type=click.IntRange(1, 16), help="Nodes on this machine."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=SERVICE_PORT, show_default=True, help="Port to listen on.")
@_shaped
def run(nodes: int, host: str, port: int, **counts: Any) -> None:
    """Run a cluster of several nodes on this machine until Ctrl+C, with a sandbox city of its own."""
    settings = load_settings()
    set_up_logging(settings.log_level)
    from donghaeng.cluster.local import LocalCluster  # noqa: PLC0415  Ray loads only for this

    shape = ClusterShape(**counts, drain_s=LOCAL_DRAIN_S)
    # Ray counts cores and enforces nothing: on one machine everything finds room, replacements too.
    cores = 4 * (shape.agents + shape.recognisers + shape.synthesisers + shape.embedders + shape.answers)
    seen = ""

    def tell(state: str) -> None:
        nonlocal seen
        if state != seen:
            seen = state
            click.echo(f"  {state.lower().replace('_', ' ')}", err=True)

    wants_city = settings.city == "sandbox" and settings.sandbox_url is None
    with (
        _sandbox(wanted=wants_city) as environment,
        LocalCluster(nodes, cores=cores, environment=environment) as here,
    ):
        here.deploy(serve_config(shape, host=host, port=port), tell=tell)
        click.echo(f"Donghaeng is ready on {nodes} nodes: http://{host}:{port}/", err=True)
        _wait_for_the_end()


def _wait_for_the_end() -> None:
    """Wait for Ctrl+C or a request to end; Ray's own handlers would leave at once."""
    end = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda number, frame: end.set())
    end.wait()


@contextmanager
def _sandbox(*, wanted: bool) -> Iterator[dict[str, str]]:
    """A sandbox city for all agents while the block runs; gives the setting that names it."""
    if not wanted:
        yield {}
        return
    command = [sys.executable, "-c", "from donghaeng.cli.main import main; main()"]
    with subprocess.Popen([*command, "sandbox", "--port", str(SANDBOX_PORT)], env=os.environ) as city:  # noqa: S603
        try:
            yield {"DONGHAENG_SANDBOX_URL": f"http://127.0.0.1:{SANDBOX_PORT}"}
        finally:
            city.terminate()


@cluster.command(name="capacity")
def capacity() -> None:
    """Print docs/capacity.md's tables: what 10 to 10,000 calls at a time need, simulated."""
    click.echo(capacity_document(), nl=False)
