"""Log lines carry no utterance."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from donghaeng.errors import InputError, StoreError
from donghaeng.trust.logging import set_up_logging

UTTERANCE = "쇼파를 내다 버려야 쓰겄는디"
PACKAGE = Path(__file__).resolve().parents[2] / "src/donghaeng"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logging("debug", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def read(stream: io.StringIO) -> dict[str, object]:
    return json.loads(stream.getvalue().splitlines()[-1])


def test_only_allowed_fields_are_written(lines: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info(
        "turn taken", conversation="c_1", turn=3, utterance=UTTERANCE, phone_pii="x", slots={"a": UTTERANCE}
    )
    line = read(lines)
    assert line["conversation"] == "c_1"
    assert line["turn"] == 3
    assert line["left_out"] == "phone_pii,slots,utterance"
    assert UTTERANCE not in lines.getvalue()


def test_structures_are_left_out_even_under_an_allowed_name(lines: io.StringIO) -> None:
    structlog.get_logger().info("x", kind={"text": UTTERANCE}, count=None)
    assert UTTERANCE not in lines.getvalue()
    assert read(lines)["left_out"] == "kind"


def test_messages_and_numbers_are_masked(lines: io.StringIO) -> None:
    structlog.get_logger().info("주민 900101-1234567", count=4708152345678)
    assert read(lines)["event"] == "주민 [가림]"
    assert read(lines)["count"] == "[가림]"


def test_what_recurs_is_masked_each_time_and_no_caller_sets_the_stamps(lines: io.StringIO) -> None:
    for _ in range(3):
        structlog.get_logger().info("주민 900101-1234567", timestamp=UTTERANCE, level=UTTERANCE, ms=12)
    assert lines.getvalue().count("[가림]") == 3
    assert UTTERANCE not in lines.getvalue()
    assert read(lines)["level"] == "info"
    assert read(lines)["ms"] == 12


@pytest.mark.parametrize("error", [ValueError(UTTERANCE), InputError(UTTERANCE), KeyError(UTTERANCE)])
def test_an_exception_tells_its_type_and_place_but_not_its_words(
    lines: io.StringIO, error: Exception
) -> None:
    try:
        raise error
    except Exception:  # noqa: BLE001
        structlog.get_logger().exception("turn failed")
        logging.getLogger("library").exception("library failed")
    text = lines.getvalue()
    assert UTTERANCE not in text
    assert text.count(type(error).__name__) == 2
    assert "test_logging.py" in text


def test_an_error_of_the_store_is_told_in_full(lines: io.StringIO) -> None:
    structlog.get_logger().error("no database", exc_info=StoreError("disk is full"))
    assert "disk is full" in str(read(lines)["exception"])


def test_library_lines_are_masked_and_chatty_libraries_quiet(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn").info("hello %s", "900101-1234567")
    logging.getLogger("httpx").info("GET http://city/KEY/json")
    assert "[가림]" in lines.getvalue()
    assert "KEY" not in lines.getvalue()


def test_long_texts_are_cut(lines: io.StringIO) -> None:
    structlog.get_logger().info("a" * 10_000)
    assert len(lines.getvalue()) < 1_000


def test_no_module_logs_past_the_processor() -> None:
    """Modules log through structlog; only the set-up itself touches the standard library's logging."""
    past = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.name != "logging.py"
        and re.search(
            r"= logging\.getLogger|logging\.(debug|info|warning|error|exception)\(", path.read_text()
        )
    ]
    assert past == []
