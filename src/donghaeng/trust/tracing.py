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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from donghaeng.trust.masking import mask

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.trace import Tracer

    from donghaeng.trust.spans import OpenSpan, Spans

LEFT_OUT: Final = "(left out)"
"""Stands for a value that is no identifier of ours."""
MOST_NUMBER: Final = 1_000_000
"""Numbers beyond it are somebody's, not a count of ours."""
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


class _Process:
    """What is watched in this process, as its log is one."""

    def __init__(self) -> None:
        self.spans: Spans | None = None
        self.listeners: tuple[Listener, ...] = ()


_process = _Process()


def switch_on(tracer: Tracer) -> None:
    """Make spans with ``tracer`` from now on."""
    from donghaeng.trust.spans import Spans  # noqa: PLC0415  OpenTelemetry is loaded only where it is used

    _process.spans = Spans(tracer)


def switch_off() -> None:
    """Make no more spans."""
    _process.spans = None


def is_on() -> bool:
    """Whether spans are made."""
    return _process.spans is not None


def listen(listener: Listener) -> Callable[[], None]:
    """Tell ``listener`` of every step; gives what ends that."""
    _process.listeners = (*_process.listeners, listener)

    def stop() -> None:
        _process.listeners = tuple(one for one in _process.listeners if one != listener)

    return stop


class Watch:
    """A step while it goes on. Made by :func:`step`."""

    __slots__ = ("_attributes", "_began", "_parent", "_span", "_step")

    def __init__(self, what: Step, attributes: Attributes, parent: Context | None) -> None:
        self._step = what
        self._attributes = attributes
        self._parent = parent
        self._span: OpenSpan | None = None
        self._began = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        if _process.spans is not None:
            told = {key.value: clean(value) for key, value in self._attributes.items() if value is not None}
            self._span = _process.spans.begin(self._step.value, told, self._parent)
        self._began = perf_counter()
        return self

    def set(self, key: Key, value: Value) -> None:
        """Add what is known only now."""
        if self._span is not None and value is not None:
            self._span.set(key.value, clean(value))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, be it by an error: its class is told, not its words."""
        seconds = perf_counter() - self._began
        for listener in _process.listeners:
            listener(self._step, seconds)
        if self._span is not None:
            if kind is not None:
                self.set(Key.ERROR, kind.__name__)
            self._span.end(failed=kind is not None)


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
    """The context that a request's ``traceparent`` names; None where no spans are made."""
    return None if _process.spans is None else _process.spans.context_from(headers)


@contextmanager
def attached(context: Context) -> Iterator[None]:
    """Run what follows under ``context``."""
    spans = _process.spans
    token: Token[Context] | None = None if spans is None else spans.attach(context)
    try:
        yield
    finally:
        if spans is not None and token is not None:
            spans.detach(token)


def outgoing() -> dict[str, str]:
    """The header that lets an own system go on with the running trace; empty where there is none."""
    return {} if _process.spans is None else _process.spans.outgoing()


def running_trace() -> str | None:
    """The number of the running trace, 32 hexadecimal digits; None outside of one."""
    return None if _process.spans is None else _process.spans.running()
