"""Requests are spans by the pattern of their route, under the caller's traceparent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from tests.spans import kept_spans

from donghaeng.web.app import create_app

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    with kept_spans() as kept:
        yield kept


def asked(web_kit: Any, settings: Any) -> TestClient:
    app = create_app(web_kit.services_over(web_kit.fake.FakeConversations(), settings))
    return TestClient(app)


def test_a_request_is_named_by_its_route(web_kit, settings, spans: InMemorySpanExporter) -> None:
    client = asked(web_kit, settings)
    client.get("/v1/conversations/900101-1234567?phone=01012345678", headers={"traceparent": PARENT})
    client.request("BREW", "/")
    client.get("/healthz")
    client.get("/metrics")
    first, second = spans.get_finished_spans()
    assert f"{first.context.trace_id:032x}" == TRACE
    assert first.kind is SpanKind.SERVER
    assert dict(first.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/v1/conversations/{conversation}",
        "http.response.status_code": 401,
    }
    assert dict(second.attributes or {})["http.request.method"] == "_OTHER"


def test_off_there_is_no_layer(web_kit, settings) -> None:
    app = create_app(web_kit.services_over(web_kit.fake.FakeConversations(), settings))
    assert "Traced" not in {middleware.cls.__name__ for middleware in app.user_middleware}
