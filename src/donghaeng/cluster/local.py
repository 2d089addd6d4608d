"""A Ray cluster of several nodes on this machine: for trying, for tests, and for measuring.

Each node is a set of processes with a store of its own, as on machines of their own; only the proxy of the
first node listens, because they share their ports.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

import psutil

from donghaeng.cluster import quiet_ray
from donghaeng.cluster.documents import Document
from donghaeng.cluster.shape import AGENT, APPLICATION
from donghaeng.errors import EngineError

STORE_BYTES: Final = 100_000_000
"""Of shared memory a node: sound of an utterance is 0.2 MB."""
START_SECONDS: Final = 600.0
LOOK_EVERY_S: Final = 0.25
DEATH_LOOK_S: Final = 0.01
DEATH_NOTICED: Final = MappingProxyType(
    {
        "RAY_health_check_initial_delay_ms": "1000",
        "RAY_health_check_period_ms": "500",
        "RAY_health_check_timeout_ms": "1500",
        "RAY_health_check_failure_threshold": "3",
    }
)
"""A node that is gone is given up within two seconds instead of a quarter of a minute."""


@dataclass(frozen=True, slots=True)
class Replica:
    """One replica that runs."""

    actor: str
    node: str
    pid: int


class LocalCluster:
    """A cluster while the block runs.

    Args:
        nodes: beside the first, which holds the cluster together and nothing of the application.
        cores: that each says it has; Ray counts them, it does not enforce them.
        environment: what the processes of the nodes find in theirs, beside this process's own.
        core_each: keep all processes of a node on one core of this machine, another for each node as long
            as there are any: a node is then a machine of one core.
    """

    def __init__(
        self,
        nodes: int,
        *,
        cores: int = 16,
        environment: Mapping[str, str] | None = None,
        core_each: bool = False,
    ) -> None:
        quiet_ray.prepare()
        self._nodes = nodes
        self._cores = cores
        self._core_each = core_each
        self._environment = {**DEATH_NOTICED, **(environment or {})}
        self._before: dict[str, str | None] = {}
        self._folder = ""
        self._cluster: Any = None
        self._workers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        # Short, because names of sockets are.
        self._folder = tempfile.mkdtemp(prefix="dh-")
        (self.folder / "ray").mkdir()
        self._environment["RAY_TMPDIR"] = self._folder
        self._before = {name: os.environ.get(name) for name in self._environment}
        os.environ.update(self._environment)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def _start(self) -> None:
        import ray  # noqa: PLC0415  reads the environment that was prepared
        from ray.cluster_utils import Cluster  # noqa: PLC0415

        head = {"object_store_memory": STORE_BYTES, "num_cpus": 1, "include_dashboard": False}
        self._cluster = Cluster(initialize_head=True, head_node_args=head)
        for _ in range(self._nodes):
            self.add_node()
        ray.init(address=self._cluster.address, namespace="serve", log_to_driver=False, logging_level="error")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from ray import serve  # noqa: PLC0415

        try:
            serve.shutdown()
        finally:
            self._stop()

    def _stop(self) -> None:
        import ray  # noqa: PLC0415

        ray.shutdown()
        if self._cluster is not None:
            self._cluster.shutdown()
        shutil.rmtree(self._folder, ignore_errors=True)
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def add_node(self) -> str:
        """Start another node; its id."""
        with on_core(len(self._workers) if self._core_each else None):
            node = self._cluster.add_node(num_cpus=self._cores, object_store_memory=STORE_BYTES)
        self._workers[node.node_id] = node
        return str(node.node_id)

    def kill_node(self, node: str) -> None:
        """Kill all processes of a node (SIGKILL); nothing there is told."""
        every = (replica for name in self.deployments() for replica in self.replicas(name))
        pids = [replica.pid for replica in every if replica.node == node]
        self._cluster.remove_node(self._workers.pop(node), allow_graceful=False)
        for pid in pids:
            _kill(pid)

    def deploy(self, config: Document, *, tell: Callable[[str], None] = lambda state: None) -> None:
        """Have the cluster run what a configuration says, and wait until it does.

        Raises:
            EngineError: it does not start; the message is the end of Serve's.
        """
        self.apply(config)
        deadline = time.monotonic() + START_SECONDS
        while True:
            state, why = self.state()
            tell(state)
            if state == "RUNNING":
                return
            if state == "DEPLOY_FAILED" or time.monotonic() > deadline:
                raise EngineError(f"the cluster does not start ({state}): {why}")
            time.sleep(LOOK_EVERY_S)

    def apply(self, config: Document) -> None:
        """Tell the cluster what to run; what runs is replaced piece by piece."""
        from ray import serve  # noqa: PLC0415
        from ray.serve.schema import LoggingConfig, ServeDeploySchema  # noqa: PLC0415

        local = {**config, "proxy_location": "HeadOnly"}
        serve.start(
            proxy_location="HeadOnly",
            http_options=local["http_options"],
            logging_config=LoggingConfig(**local["logging_config"]),
        )
        self._client().deploy_apps(ServeDeploySchema.model_validate(local))

    @staticmethod
    def state() -> tuple[str, str]:
        """Serve's word for how the application is (``RUNNING`` once nothing old is left), and why."""
        from ray import serve  # noqa: PLC0415

        found = serve.status().applications.get(APPLICATION)
        if found is None:
            return "NOT_STARTED", ""
        lines = found.message.strip().splitlines()
        return str(found.status.value), lines[-1] if lines else ""

    def deployments(self) -> tuple[str, ...]:
        """Names of what runs."""
        return tuple(self._details())

    def replicas(self, deployment: str = AGENT) -> list[Replica]:
        """The replicas of a deployment that run."""
        return [
            Replica(actor=found["actor_name"], node=found["node_id"], pid=found["pid"])
            for found in self._details().get(deployment, {}).get("replicas", ())
            if found["state"] == "RUNNING"
        ]

    def busy(self, replica: Replica) -> int:
        """Requests and sockets that a replica serves at the moment."""
        import ray  # noqa: PLC0415

        actor = ray.get_actor(replica.actor, namespace="serve")
        return int(ray.get(actor.get_num_ongoing_requests.remote()))

    def _details(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client().get_serve_details()["applications"].get(APPLICATION, {})
        return dict(found.get("deployments", {}))

    @staticmethod
    def _client() -> Any:
        from ray.serve.context import _get_global_client  # noqa: PLC0415

        return _get_global_client()

    @property
    def folder(self) -> Path:
        """Where Ray keeps its files and logs until the end."""
        return Path(self._folder)


@contextmanager
def on_core(number: int | None) -> Iterator[None]:
    """Processes that this thread starts stay on one of the machine's cores, as do those that they start."""
    if number is None:
        yield
        return
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _kill(pid: int) -> None:
    """Kill a process that its node may have left behind, and wait until it is dead."""
    try:
        process = psutil.Process(pid)
        process.kill()
        while process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(DEATH_LOOK_S)
    except psutil.NoSuchProcess:
        return
