"""Log calls are read in the source: personal data can stand only under keys with a ``pii`` segment."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.trust.log_calls import violations

from donghaeng.trust.logging import ALLOWED

PACKAGE = Path(__file__).resolve().parents[2] / "src/donghaeng"


def test_no_line_could_tell_of_a_person() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{what}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for what in violations(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('_log.info(f"said {text}")', "the message is made up at run time"),
        ('_log.info("said %s" % text)', "the message is made up at run time"),
        ('_log.info("said %s", text)', "values are fields, not arguments of a format"),
        ('_log.info("said", **told)', "fields that nobody can read here (**)"),
        ('_log.info("said", utterance=x)', "utterance is not on the list of fields"),
        ('_log.info("said", reason=said.text)', "reason takes text"),
        ('_log.info("said", reason=f"{turn.heard}")', "reason takes heard"),
        ('_log.info("said", reason=row["phone"])', "reason takes phone"),
        ('_log.info("failed", reason=str(error))', "reason takes str() of something"),
        ('_log.info("failed", reason=error.message)', "reason takes message"),
        ('_log.warning("x", count=given or slots)', "count takes slots"),
        ('structlog.get_logger().info("x", who=1)', "who is not on the list of fields"),
        ("structlog.contextvars.bind_contextvars(caller=number)", "caller is not on the list of fields"),
    ],
)
def test_a_line_that_could_is_found(line: str, what: str) -> None:
    assert violations(line) == [f"1: {what}"]


@pytest.mark.parametrize(
    "line",
    [
        '_log.info("said", text_pii=said.text, turn=3)',
        '_log.info("failed", error=type(error).__name__, count=len(slots))',
        '_log.warning("machine.off" if off else "machine.on")',
        '_log.exception("failed")',
        '_log.info("answered", status=answer["status"], ms=round(seconds * 1000))',
    ],
)
def test_a_line_that_could_not_passes(line: str) -> None:
    assert violations(line) == []


def test_no_field_on_the_list_is_personal_by_its_name() -> None:
    personal = {"text", "say", "name", "phone", "address", "utterance", "slots", "arguments", "token", "key"}
    assert {name for name in ALLOWED if set(name.split("_")) & (personal | {"pii"})} == set()
