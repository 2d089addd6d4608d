"""Log lines that cannot carry what a citizen said.

A line is a static message with fields. Only fields on :data:`ALLOWED` are written. Personal data can stand
only in fields with a ``pii`` segment in their name (``phone_pii``): those, and any other that is not on the
list, are left out and only their names are told. Texts are
masked (:mod:`donghaeng.trust.masking`) and cut. Of an exception the type and the places are written; its
message only where it is one of ours that never quotes a citizen. Lines of libraries pass through the same.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from functools import lru_cache
from types import TracebackType
from typing import Any, TextIO

import structlog

from donghaeng.errors import ConversationError, DonghaengError, InputError
from donghaeng.trust.masking import mask
from donghaeng.trust.tracing import running_trace

ALLOWED = frozenset(
    {
        "event", "level", "logger", "timestamp", "exception", "left_out",
        "conversation", "turn", "seq", "channel", "kind", "state", "service", "operation", "provider",
        "outcome", "act", "score", "effect", "expects", "asks", "call", "outbox", "handover", "attempts",
        "method", "route", "path", "status", "port", "host", "url", "version", "revision", "settings",
        "engine", "model", "voice", "sha256", "file", "line", "reason", "error", "at", "remedy",
        "ms", "seconds", "cpu_s", "audio_s", "bytes", "count", "rows", "limit", "used", "live", "threads",
        "length", "masked", "practice", "source", "cache", "workers", "pid", "protocol", "places", "proposal",
        "given_up", "account",
    }
)  # fmt: skip
"""Names of fields that hold nothing personal. ``path`` is without its query."""

_STAMPED = frozenset({"timestamp", "level"})
"""Fields that structlog itself puts over whatever a caller gave."""

_SHORTEST_NUMBER = 6
"""Digits below which a count or a duration is no number of a person."""

_MAX_TEXT = 500
_FRAMES = 12
_QUIET = (
    *("httpx", "httpx2", "httpcore", "alembic", "multipart", "websockets", "asyncio"),
    *("mcp", "sse_starlette"),
)
"""Libraries whose information lines quote addresses with keys, or frames."""

_ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def keep_private_out(
    _logger: Any, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The structlog processor: leaves out, masks and cuts as the module says."""
    kept: dict[str, Any] = {}
    left_out: list[str] = []
    for name, value in fields.items():
        if name.startswith("_") or name == "exc_info" or name in _STAMPED:
            kept[name] = value
        elif name in ALLOWED and _is_plain(value):
            kept[name] = _clean(value)
        elif value is not None:
            left_out.append(name)
    if left_out:
        kept["left_out"] = ",".join(sorted(left_out))
    return kept


def name_trace(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that adds the number of the running trace, where one runs."""
    trace = running_trace()
    if trace is not None:
        fields["trace"] = trace
    return fields


def without_message(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that turns ``exc_info`` into type and places."""
    info = fields.pop("exc_info", None)
    if not info:
        return fields
    error = info if isinstance(info, BaseException) else (info[1] if isinstance(info, tuple) else None)
    if error is None:
        error = sys.exc_info()[1]
    if error is not None:
        fields["exception"] = _describe(error)
    return fields


def set_up_logging(level: str = "info", *, stream: TextIO | None = None) -> None:
    """Send every line, those of libraries included, to ``stream`` (standard error) as JSON objects.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        stream: where to; standard error when None.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_message,
                keep_private_out,
                name_trace,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _clean(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10 ** (_SHORTEST_NUMBER - 1) else _clean_number(value)
    try:
        text = _harmless(value)
    except _HoldsPrivateError:
        text = mask(value, "log").text
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"


def _clean_number(value: int) -> int | str:
    masked = mask(str(value), "log")
    return masked.text if masked.kinds else value


class _HoldsPrivateError(Exception):
    pass


@lru_cache(maxsize=1024)
def _harmless(text: str) -> str:
    """A text in which nothing is masked; names of events and routes recur on every line.

    What holds something private raises, so that it is not kept in memory.
    """
    if mask(text, "log").text != text:
        raise _HoldsPrivateError
    return text


def _describe(error: BaseException) -> str:
    ours = isinstance(error, DonghaengError) and not isinstance(error, InputError | ConversationError)
    head = f"{type(error).__name__}: {error}" if ours else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{frame.name} {frame.filename}:{frame.lineno}" for frame in reversed(frames))
    text = f"{head} at {places}" if places else head
    return mask(text, "log").text
