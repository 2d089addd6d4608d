"""Traces by OTLP where OpenTelemetry's own environment variables name an address; else nothing of it runs.

The variables are those of the OpenTelemetry specification: ``OTEL_EXPORTER_OTLP_ENDPOINT`` or
``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` (address), ``…_HEADERS``, ``…_CERTIFICATE``, ``OTEL_TRACES_SAMPLER``,
``OTEL_SERVICE_NAME``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_BSP_…``, ``OTEL_SDK_DISABLED``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from donghaeng import __version__
from donghaeng.errors import SettingsError
from donghaeng.trust import tracing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

ADDRESSES: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL: Final = "http/protobuf"
LAST_SECONDS: Final = 3.0
"""The server ends so long after the last span at most, whether the collector takes it or not."""

_log = structlog.get_logger(__name__)


def address_of(environment: Mapping[str, str]) -> str | None:
    """Where spans are sent; None where they are not.

    Raises:
        SettingsError: they are to be sent by a protocol that is not spoken here.
    """
    disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower()
    if disabled or exporter == "none":
        return None
    if exporter != "otlp":
        raise SettingsError(f"OTEL_TRACES_EXPORTER={exporter}: only otlp is spoken", remedy="unset it")
    address = next((found for name in ADDRESSES if (found := environment.get(name, "").strip())), None)
    protocol = next((found for name in PROTOCOLS if (found := environment.get(name, "").strip())), PROTOCOL)
    if address is not None and protocol != PROTOCOL:
        name = next(name for name in PROTOCOLS if environment.get(name, "").strip())
        raise SettingsError(f"{name}={protocol}: only {PROTOCOL} is spoken", remedy="unset it; port 4318")
    return address


@asynccontextmanager
async def traces(
    environment: Mapping[str, str] | None = None, exporter: SpanExporter | None = None
) -> AsyncIterator[None]:
    """Spans are made and sent while the block runs, where an address is named.

    The provider is no global one: libraries that make spans of their own, with attributes that nobody here
    has read, send none.

    Args:
        environment: of this process when None.
        exporter: takes the spans instead of one that sends them.

    Raises:
        SettingsError: as :func:`address_of`.
    """
    address = address_of(os.environ if environment is None else environment)
    if address is None and exporter is None:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  0.2 s to load
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    own = {"service.version": __version__}
    if "OTEL_SERVICE_NAME" not in os.environ:
        own["service.name"] = "donghaeng"
    provider = TracerProvider(resource=Resource.create(own), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    tracing.switch_on(provider.get_tracer("donghaeng", __version__))
    _log.info("traces.on")
    try:
        yield
    finally:
        tracing.switch_off()
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await asyncio.to_thread(provider.shutdown)
        except TimeoutError:
            _log.warning("traces.unsent", seconds=LAST_SECONDS)
