"""Spans are sent by OTLP where OpenTelemetry's own variables name an address, and nowhere else."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from donghaeng.app.tracing import address_of, traces
from donghaeng.errors import SettingsError
from donghaeng.trust.tracing import Key, Step, is_on, step

HERE = "http://127.0.0.1:4318"
GENERAL, OWN = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, None),
        ({GENERAL: HERE}, HERE),
        ({GENERAL: HERE, OWN: f"{HERE}/t"}, f"{HERE}/t"),
        ({GENERAL: " "}, None),
        ({GENERAL: HERE, "OTEL_SDK_DISABLED": "true"}, None),
        ({GENERAL: HERE, "OTEL_TRACES_EXPORTER": "none"}, None),
        ({GENERAL: HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, HERE),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, None),
    ],
)
def test_the_address_is_the_standard_variables(environment: dict[str, str], address: str | None) -> None:
    assert address_of(environment) == address


@pytest.mark.parametrize(
    ("name", "value"), [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_TRACES_EXPORTER", "zipkin")]
)
def test_what_is_not_spoken_is_said_at_once(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=value):
        address_of({GENERAL: HERE, name: value})


async def test_without_an_address_nothing_is_made() -> None:
    async with traces({}):
        assert not is_on()


class Collector(HTTPServer):
    """Takes what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[tuple[str, ExportTraceServiceRequest]] = []


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert isinstance(self.server, Collector)
        self.server.taken.append((self.path, ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.end_headers()

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_a_collector_gets_them(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GENERAL, f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
    async with traces():
        assert is_on()
        with step(Step.TURN, {Key.MEDIUM: "text"}), step(Step.MASK):
            pass
    assert not is_on()
    ((path, request),) = collector.taken
    assert path == "/v1/traces"
    (of_resource,) = request.resource_spans
    resource = {one.key: one.value.string_value for one in of_resource.resource.attributes}
    assert resource["service.name"] == "donghaeng"
    assert resource["deployment.environment"] == "test"
    names = [span.name for scope in of_resource.scope_spans for span in scope.spans]
    assert names == ["donghaeng.mask", "donghaeng.turn"]


async def test_a_collector_that_is_gone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GENERAL, "http://127.0.0.1:9")
    monkeypatch.setattr("donghaeng.app.tracing.LAST_SECONDS", 0.05)
    async with traces():
        with step(Step.TURN):
            pass
    assert not is_on()
