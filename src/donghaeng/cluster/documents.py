"""Serve's configuration of a shape, and the RayService that KubeRay takes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from math import ceil
from types import MappingProxyType
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from donghaeng.cluster.shape import (
    AGENT,
    ANSWERS,
    APPLICATION,
    EMBEDDER,
    RECOGNISER,
    SYNTHESISER,
    ClusterShape,
)

IMPORT_PATH: Final = "donghaeng.cluster.deployments:build"
RETRY_SECONDS: Final = 5
"""As the application's own 503 (:data:`donghaeng.web.problems.RETRY_SECONDS`)."""
SURGE_PERCENT: Final = 50
"""New agents are ready before old ones take no more calls: an update needs room for half as many more."""
CALLS_BEFORE_MORE: Final = 0.7
"""Share of an agent's places that is taken before another agent is started."""
DRAIN_UNTIL_LOOK_S: Final = 1.0
WAITS: Final = MappingProxyType({"initial_backoff_s": 0.01, "backoff_multiplier": 1.5, "max_backoff_s": 0.05})
"""Between two looks for a free engine. Serve's own half a second leaves one idle while a caller waits."""
SECRET: Final = "donghaeng-settings"  # noqa: S105  the name of a Kubernetes object
SERVICE_PORT: Final = 8300
HEAD_PORTS: Final = MappingProxyType({"gcs-server": 6379, "dashboard": 8265, "client": 10001})
"""Ports of the head by KubeRay's names. Where a container names one of its ports KubeRay takes no other for
granted, and it must name ``serve``: KubeRay's service and its probes would go to port 8000 instead."""

Document = dict[str, Any]


def serve_config(shape: ClusterShape, *, host: str = "0.0.0.0", port: int = SERVICE_PORT) -> Document:  # noqa: S104
    """Serve's configuration (``ServeDeploySchema``): what `serve deploy` and ``serveConfigV2`` take.

    Args:
        shape: how many of what.
        host: address that every node's proxy listens on.
        port: its port.
    """
    return {
        "proxy_location": "EveryNode",
        "http_options": {"host": host, "port": port, "keep_alive_timeout_s": 65},
        # What people ask for stands in no log; the application's own log leaves it out as well.
        "logging_config": {"encoding": "JSON", "log_level": "WARNING", "enable_access_log": False},
        "applications": [
            {
                "name": APPLICATION,
                "route_prefix": "/",
                "import_path": IMPORT_PATH,
                "args": shape.options.model_dump(),
                "deployments": _deployments(shape),
            }
        ],
    }


def _deployments(shape: ClusterShape) -> list[Document]:
    speech = (
        [
            _engine(RECOGNISER, shape.recognisers, shape, cores=shape.recogniser_cores, at_once=1),
            _engine(SYNTHESISER, shape.synthesisers, shape, cores=shape.synthesiser_cores, at_once=1),
        ]
        if shape.speech
        else []
    )
    return [
        _agent(shape),
        *speech,
        _engine(EMBEDDER, shape.embedders, shape, cores=1.0, at_once=16),
        _engine(ANSWERS, shape.answers, shape, cores=1.0, at_once=8),
    ]


def _agent(shape: ClusterShape) -> Document:
    return {
        "name": AGENT,
        **_count(shape.agents, shape, target=max(1.0, shape.places * CALLS_BEFORE_MORE)),
        # Those who wait for a place hold a socket too: they are told so by voice, not by the proxy.
        "max_ongoing_requests": shape.places + shape.waiting + shape.requests,
        "max_queued_requests": shape.requests,
        "backpressure_config": {"status_code": 503, "retry_after_s": RETRY_SECONDS},
        "graceful_shutdown_wait_loop_s": DRAIN_UNTIL_LOOK_S,
        "graceful_shutdown_timeout_s": shape.drain_s,
        "rolling_update_percentage": 0.5,
        "max_surge_percent": SURGE_PERCENT,
        "health_check_period_s": 5.0,
        "health_check_timeout_s": 15.0,
        "ray_actor_options": {"num_cpus": shape.agent_cores},
    }


def _engine(name: str, count: int, shape: ClusterShape, *, cores: float, at_once: int) -> Document:
    return {
        "name": name,
        **_count(count, shape, target=float(at_once)),
        "max_ongoing_requests": at_once,
        "max_queued_requests": shape.queue * at_once,
        "request_router_config": dict(WAITS),
        "graceful_shutdown_timeout_s": 30.0,
        # One of several may be missing for a moment: its sentences wait for the others.
        "max_surge_percent": SURGE_PERCENT if count == 1 else 0,
        "ray_actor_options": {"num_cpus": cores},
    }


def _count(count: int, shape: ClusterShape, *, target: float) -> Document:
    if shape.most == 1.0:
        return {"num_replicas": count}
    scaling = {
        "min_replicas": count,
        "max_replicas": ceil(count * shape.most),
        "target_ongoing_requests": target,
        "upscale_delay_s": 10.0,
        "downscale_delay_s": 600.0,
    }
    return {"num_replicas": "auto", "autoscaling_config": scaling}


def ray_service(
    shape: ClusterShape,
    *,
    image: str,
    ray_version: str,
    machines: int = 2,
    cores: int = 8,
    memory_gib: int = 16,
) -> Document:
    """The RayService (``ray.io/v1``) of a shape.

    Settings come from a Secret of the name :data:`SECRET`, never from this document.

    Args:
        shape: how many of what.
        image: container image with Donghaeng and its ``cluster`` extra.
        ray_version: of the Ray in that image.
        machines: worker pods.
        cores: of one worker pod.
        memory_gib: of one worker pod.
    """
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": {"name": APPLICATION},
        "spec": {
            "serveConfigV2": LiteralScalarString(as_yaml(serve_config(shape))),
            "rayClusterConfig": {
                "rayVersion": ray_version,
                # Replicas that Serve adds need machines, which only the autoscaler adds.
                "enableInTreeAutoscaling": shape.most > 1.0,
                "headGroupSpec": {
                    # Nothing of the application runs where the cluster is held together.
                    "rayStartParams": {"num-cpus": "0", "dashboard-host": "0.0.0.0"},  # noqa: S104
                    "template": _pod("ray-head", image, cores=2, memory_gib=4, ports=HEAD_PORTS),
                },
                "workerGroupSpecs": [
                    {
                        "groupName": "workers",
                        "replicas": machines,
                        "minReplicas": machines,
                        "maxReplicas": ceil(machines * shape.most),
                        "rayStartParams": {},
                        "template": _pod("ray-worker", image, cores=cores, memory_gib=memory_gib),
                    }
                ],
            },
        },
    }


def _pod(
    name: str, image: str, *, cores: int, memory_gib: int, ports: Mapping[str, int] = MappingProxyType({})
) -> Document:
    amount = {"cpu": str(cores), "memory": f"{memory_gib}Gi"}
    return {
        "spec": {
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": name,
                    "image": image,
                    "envFrom": [{"secretRef": {"name": SECRET}}],
                    "env": [{"name": "RAY_USAGE_STATS_ENABLED", "value": "0"}],
                    "ports": [
                        {"name": port, "containerPort": number}
                        for port, number in {**ports, "serve": SERVICE_PORT}.items()
                    ],
                    "resources": {"limits": dict(amount), "requests": dict(amount)},
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        }
    }


def as_yaml(document: Document) -> str:
    """A document as YAML text."""
    writer, text = YAML(), StringIO()
    writer.default_flow_style = False
    writer.dump(document, text)
    return text.getvalue()
