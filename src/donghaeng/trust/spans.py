"""Spans of OpenTelemetry for :mod:`donghaeng.trust.tracing`, which loads this where traces are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import Token
from dataclasses import dataclass
from typing import Final

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT: Final = "traceparent"
"""The header of W3C Trace Context. Baggage, which could carry anything, is neither read nor sent."""
KINDS: Final[Mapping[str, SpanKind]] = {"request": SpanKind.SERVER, "provider": SpanKind.CLIENT}
"""Steps that are not internal."""

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_HEADERS: Final = frozenset({TRACEPARENT, "tracestate"})

Attribute = str | int | float | bool


@dataclass(slots=True)
class OpenSpan:
    """A span in force."""

    span: Span
    token: Token[Context]

    def set(self, key: str, value: Attribute) -> None:
        """Add an attribute."""
        self.span.set_attribute(key, value)

    def end(self, *, failed: bool) -> None:
        """Put what was in force before back, and end it. What the error says is not taken."""
        detach(self.token)
        if failed:
            self.span.set_status(StatusCode.ERROR)
        self.span.end()


class Spans:
    """Begins spans with one tracer."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def begin(self, step: str, attributes: Mapping[str, Attribute], parent: Context | None) -> OpenSpan:
        """A span in force from now on, below ``parent`` or else below the one in force."""
        kind = KINDS.get(step, SpanKind.INTERNAL)
        span = self._tracer.start_span(f"donghaeng.{step}", parent, kind, attributes)
        return OpenSpan(span, attach(set_span_in_context(span, parent)))

    def context_from(self, headers: Iterable[tuple[bytes, bytes]]) -> Context:
        """The context that a request's headers name."""
        carrier = {
            name: value.decode("latin-1")
            for raw, value in headers
            if (name := raw.decode("latin-1").lower()) in _HEADERS
        }
        return _PROPAGATOR.extract(carrier)

    def outgoing(self) -> dict[str, str]:
        """The header that names the span in force; empty outside of one."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return {name: value for name, value in carrier.items() if name == TRACEPARENT}

    def running(self) -> str | None:
        """The number of the trace in force, 32 hexadecimal digits; None outside of one."""
        context = get_current_span().get_span_context()
        return f"{context.trace_id:032x}" if context.is_valid else None

    def attach(self, context: Context) -> Token[Context]:
        """Put a context in force."""
        return attach(context)

    def detach(self, token: Token[Context]) -> None:
        """Put back what was in force before."""
        detach(token)
