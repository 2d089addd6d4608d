"""Serve's configuration is what Serve takes, and says what protects callers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from donghaeng.cluster.documents import as_yaml, ray_service, serve_config
from donghaeng.cluster.shape import AgentOptions, ClusterShape

SHAPES = st.builds(
    ClusterShape,
    speech=st.booleans(),
    places=st.integers(1, 256),
    waiting=st.integers(0, 100),
    agents=st.integers(1, 700),
    recognisers=st.integers(1, 500),
    synthesisers=st.integers(1, 1100),
    most=st.sampled_from([1.0, 1.5, 4.0]),
)


def deployments(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in config["applications"][0]["deployments"]}


@given(SHAPES)
def test_serve_takes_every_configuration(shape: ClusterShape) -> None:
    schema = pytest.importorskip("ray.serve.schema", reason="Ray is not installed")
    taken = schema.ServeDeploySchema.model_validate(YAML(typ="safe").load(as_yaml(serve_config(shape))))
    [application] = taken.applications
    assert AgentOptions.model_validate(application.args) == shape.options
    # Nothing that we say is unknown to Serve, which would drop it without a word.
    for ours in serve_config(shape)["applications"][0]["deployments"]:
        known = type(application.deployments[0]).model_fields
        assert set(ours) <= set(known)


@given(SHAPES)
def test_whoever_waits_for_a_place_is_told_so_by_voice_and_not_turned_away_by_the_proxy(
    shape: ClusterShape,
) -> None:
    agent = deployments(serve_config(shape))["agent"]
    assert agent["max_ongoing_requests"] >= shape.places + shape.waiting
    assert agent["max_queued_requests"] > 0
    assert agent["backpressure_config"] == {"status_code": 503, "retry_after_s": 5}


@given(SHAPES)
def test_an_engine_does_one_thing_at_a_time_and_its_queue_has_an_end(shape: ClusterShape) -> None:
    found = deployments(serve_config(shape))
    assert ("recogniser" in found) == shape.speech
    for name in {"recogniser", "synthesiser"} & set(found):
        assert found[name]["max_ongoing_requests"] == 1
        assert found[name]["max_queued_requests"] == shape.queue


def test_calls_are_given_time_before_a_replica_is_replaced() -> None:
    agent = deployments(serve_config(ClusterShape()))["agent"]
    assert agent["graceful_shutdown_timeout_s"] == 1800
    assert agent["max_surge_percent"] > 0


def test_what_is_asked_for_stands_in_no_log_of_the_proxy() -> None:
    assert serve_config(ClusterShape())["logging_config"]["enable_access_log"] is False


def test_kuberay_gets_the_same_configuration_as_text_and_no_secret() -> None:
    shape = ClusterShape(agents=4, most=2.0)
    service = ray_service(shape, image="registry.example/donghaeng:1", ray_version="2.60.0")
    read = YAML(typ="safe").load(as_yaml(service))
    assert (read["apiVersion"], read["kind"]) == ("ray.io/v1", "RayService")
    assert YAML(typ="safe").load(read["spec"]["serveConfigV2"]) == serve_config(shape)
    workers = read["spec"]["rayClusterConfig"]["workerGroupSpecs"][0]
    assert (workers["minReplicas"], workers["maxReplicas"]) == (2, 4)
    container = workers["template"]["spec"]["containers"][0]
    assert container["envFrom"] == [{"secretRef": {"name": "donghaeng-settings"}}]
    assert container["env"] == [{"name": "RAY_USAGE_STATS_ENABLED", "value": "0"}]


def test_kuberay_finds_the_port_that_serve_answers_at() -> None:
    """Its service and the workers' probe take the container's port of the name `serve`, else 8000."""
    service = ray_service(ClusterShape(), image="i", ray_version="2.60.0")["spec"]
    serving = YAML(typ="safe").load(service["serveConfigV2"])["http_options"]["port"]
    cluster = service["rayClusterConfig"]
    for group in (cluster["headGroupSpec"], *cluster["workerGroupSpecs"]):
        [container] = group["template"]["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert ports["serve"] == serving
    head = {port["name"] for port in cluster["headGroupSpec"]["template"]["spec"]["containers"][0]["ports"]}
    assert head == {"gcs-server", "dashboard", "client", "serve"}


@pytest.mark.parametrize(("most", "grows"), [(1.0, False), (2.0, True)])
def test_machines_are_added_where_replicas_may_be(most: float, grows: bool) -> None:
    cluster = ray_service(ClusterShape(most=most), image="i", ray_version="2.60.0")["spec"][
        "rayClusterConfig"
    ]
    assert cluster["enableInTreeAutoscaling"] is grows
    [workers] = cluster["workerGroupSpecs"]
    assert (workers["maxReplicas"] > workers["minReplicas"]) is grows


def test_pods_have_no_rights_that_they_do_not_need() -> None:
    cluster = ray_service(ClusterShape(), image="i", ray_version="2.60.0")["spec"]["rayClusterConfig"]
    for group in (cluster["headGroupSpec"], *cluster["workerGroupSpecs"]):
        pod = group["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        [container] = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
