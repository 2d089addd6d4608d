"""The steps of a turn, timed, and where traces are wanted each as a span of OpenTelemetry.

A span cannot carry what a citizen said: its name is a :class:`Step`, its attributes are a :class:`Key` with a
number, a truth value or a short identifier of ours in plain letters. Anything else is replaced by
:data:`LEFT_OUT`. Messages of exceptions are never taken, only their class. Conversations are not named: a
log line holds the trace's number instead, so the way from a trace to a conversation leads through this
machine's own log.

Without :func:`switch_on` no span is made and nothing of OpenTelemetry is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from donghaeng.trust.masking import mask

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer

LEFT_OUT: Final = "(left out)"
"""Stands for a value that is no identifier of ours."""
MOST_NUMBER: Final = 1_000_000
"""Numbers beyond it are somebody's, not a count of ours."""
TRACEPARENT: Final = "traceparent"
"""The header of W3C Trace Context."""
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_(/{.][A-Za-z0-9_.:/{} ()-]{0,119}")


class Step(StrEnum):
    """What is timed."""

    REQUEST = "request"
    """One HTTP request, from its first byte to the last of the answer."""
    SPOKEN = "spoken"
    """A turn of a live line: words, turn, and the sound of the answer."""
    TURN = "turn"
    """From the citizen's words to the reply."""
    MASK = "mask"
    """Numbers that are never collected leave."""
    UNDERSTAND = "understand"
    """Words become acts."""
    DECIDE = "decide"
    """Acts, or what came of a call, become what is done next."""
    CALL = "call"
    """One effect: a call to the city, an answer, a hand-over."""
    PROVIDER = "provider"
    """One attempt at a provider's interface."""
    RECORD = "record"
    """One transaction."""
    READ = "read"
    """The written reply becomes spoken words."""
    SYNTHESISE = "synthesise"
    """Spoken words become sound, one clause."""
    RECOGNISE = "recognise"
    """Waiting for the words of a sound; what was recognised in advance costs nothing here."""


class Key(StrEnum):
    """Every attribute that a span may have. None tells who, or what was said."""

    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    ERROR = "error.type"
    MEDIUM = "donghaeng.medium"
    SERVICE = "donghaeng.service"
    OPERATION = "donghaeng.operation"
    EFFECT = "donghaeng.effect"
    OUTCOME = "donghaeng.outcome"
    EXPECTS = "donghaeng.expects"
    ACT = "donghaeng.act"
    SCORE = "donghaeng.score"
    PROVIDER = "donghaeng.provider"
    INTERFACE = "donghaeng.interface"
    CALLS = "donghaeng.calls"
    CLAUSE = "donghaeng.clause"
    IN_ADVANCE = "donghaeng.in_advance"
    CONFIDENCE = "donghaeng.confidence"
    AUDIO_SECONDS = "donghaeng.audio_seconds"


Value = str | int | float | bool | None
Attributes = Mapping[Key, Value]
Listener = Callable[[Step, float], None]
"""Is told a step and the seconds that it took."""

NO_ATTRIBUTES: Final[Attributes] = {}
_CLIENTS: Final = frozenset({Step.PROVIDER})
_SERVERS: Final = frozenset({Step.REQUEST})


class _Process:
    """What is watched in this process, as its log is one."""

    def __init__(self) -> None:
        self.tracer: Tracer | None = None
        self.listeners: tuple[Listener, ...] = ()


_process = _Process()


def switch_on(tracer: Tracer) -> None:
    """Make spans with ``tracer`` from now on."""
    _process.tracer = tracer


def switch_off() -> None:
    """Make no more spans."""
    _process.tracer = None


def is_on() -> bool:
    """Whether spans are made."""
    return _process.tracer is not None


def listen(listener: Listener) -> Callable[[], None]:
    """Tell ``listener`` of every step; gives what ends that."""
    _process.listeners = (*_process.listeners, listener)

    def stop() -> None:
        _process.listeners = tuple(one for one in _process.listeners if one is not listener)

    return stop


class Watch:
    """A step while it goes on. Made by :func:`step`."""

    __slots__ = ("_attributes", "_began", "_parent", "_span", "_step", "_token")

    def __init__(self, what: Step, attributes: Attributes, parent: Context | None) -> None:
        self._step = what
        self._attributes = attributes
        self._parent = parent
        self._span: Span | None = None
        self._token: Token[Context] | None = None
        self._began = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        if _process.tracer is not None:
            self._span = _begin(_process.tracer, self._step, self._attributes, self._parent)
            self._token = _enter(self._span, self._parent)
        self._began = perf_counter()
        return self

    def set(self, key: Key, value: Value) -> None:
        """Add what is known only now."""
        if self._span is not None and value is not None:
            self._span.set_attribute(key.value, clean(value))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, be it by an error: its class is told, not its words."""
        seconds = perf_counter() - self._began
        for listener in _process.listeners:
            listener(self._step, seconds)
        if self._span is not None and self._token is not None:
            _end(self._span, self._token, kind)


def step(what: Step, attributes: Attributes = NO_ATTRIBUTES, *, parent: Context | None = None) -> Watch:
    """Watch one step: ``with step(Step.MASK): …``.

    Args:
        what: the step.
        attributes: what is known of it at the beginning.
        parent: the context that it belongs to, where that is not the running one.
    """
    return Watch(what, attributes, parent)


def clean(value: str | int | float | bool) -> str | int | float | bool:
    """``value`` where it is a number of ours, a truth value or an identifier, else :data:`LEFT_OUT`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if -MOST_NUMBER < value < MOST_NUMBER else LEFT_OUT
    return value if _is_identifier(str(value)) else LEFT_OUT


@lru_cache(maxsize=4096)
def _is_identifier(text: str) -> bool:
    return _IDENTIFIER.fullmatch(text) is not None and mask(text, "trace").text == text


def context_from(headers: Iterable[tuple[bytes, bytes]]) -> Context | None:
    """The context that a request's ``traceparent`` names; None where no spans are made.

    Only W3C Trace Context is read: baggage could carry anything about anybody.
    """
    if _process.tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415  loaded only where it is used
        TraceContextTextMapPropagator,
    )

    wanted = {TRACEPARENT, "tracestate"}
    carrier = {
        name: value.decode("latin-1")
        for raw, value in headers
        if (name := raw.decode("latin-1").lower()) in wanted
    }
    return TraceContextTextMapPropagator().extract(carrier)


def attached(context: Context) -> Attached:
    """Run what follows under ``context``: ``with attached(context): …``."""
    return Attached(context)


class Attached:
    """A context in force."""

    __slots__ = ("_context", "_token")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._token: Token[Context] | None = None

    def __enter__(self) -> None:
        """Put it in force."""
        from opentelemetry.context import attach  # noqa: PLC0415  loaded only where it is used

        self._token = attach(self._context)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put back what was in force before."""
        from opentelemetry.context import detach  # noqa: PLC0415  loaded only where it is used

        assert self._token is not None
        detach(self._token)


def outgoing() -> dict[str, str]:
    """The header that lets an own system go on with the running trace; empty where there is none."""
    if _process.tracer is None:
        return {}
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415  loaded only where it is used
        TraceContextTextMapPropagator,
    )

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return {name: value for name, value in carrier.items() if name == TRACEPARENT}


def running_trace() -> str | None:
    """The number of the running trace, 32 hexadecimal digits; None outside of one."""
    if _process.tracer is None:
        return None
    from opentelemetry.trace import get_current_span  # noqa: PLC0415  loaded only where it is used

    context = get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _begin(tracer: Tracer, what: Step, attributes: Attributes, parent: Context | None) -> Span:
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  loaded only where it is used

    kind = SpanKind.INTERNAL
    if what in _CLIENTS:
        kind = SpanKind.CLIENT
    elif what in _SERVERS:
        kind = SpanKind.SERVER
    told = {key.value: clean(value) for key, value in attributes.items() if value is not None}
    return tracer.start_span(f"donghaeng.{what.value}", context=parent, kind=kind, attributes=told)


def _enter(span: Span, parent: Context | None) -> Token[Context]:
    from opentelemetry.context import attach  # noqa: PLC0415  loaded only where it is used
    from opentelemetry.trace import set_span_in_context  # noqa: PLC0415  loaded only where it is used

    return attach(set_span_in_context(span, parent))


def _end(span: Span, token: Token[Context], kind: type[BaseException] | None) -> None:
    from opentelemetry.context import detach  # noqa: PLC0415  loaded only where it is used
    from opentelemetry.trace import StatusCode  # noqa: PLC0415  loaded only where it is used

    detach(token)
    if kind is not None:
        span.set_attribute(Key.ERROR.value, clean(kind.__name__))
        span.set_status(StatusCode.ERROR)
    span.end()
