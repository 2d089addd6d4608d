"""Time frames for mending: counted from the day of the advisory, the worse the sooner, held against a day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError

from donghaeng.cli.supply import OVERDUE_STATUS, supply
from donghaeng.trust.supply.advisories import Weakness, weaknesses
from donghaeng.trust.supply.components import Package
from donghaeng.trust.supply.mending import (
    SEVERITIES,
    Frames,
    advisories_are_old,
    due,
    load_frames,
    packages_are_old,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security" / "mending.md"
FRAMES = load_frames()
DAY = FRAMES.chosen


def weakness(severity: str = "HIGH", published: date | None = DAY) -> Weakness:
    return Weakness("thing", "1.0", "PYSEC-1", (), "bad", (), severity, published)


def audited(tmp_path: Path, on: date, **record: Any) -> Result:
    """An audit of this installation by one advisory about click."""
    affected = {
        "package": {"ecosystem": "PyPI", "name": "click"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
    }
    told = {"id": "PYSEC-1", "summary": "leaks", "affected": [affected], **record}
    file = tmp_path / "osv.json"
    file.write_text(json.dumps(told))
    return CliRunner().invoke(supply, ["audit", "--on", on.isoformat(), str(file)])


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_weakness_is_mended_within_its_days(severity: str) -> None:
    days = FRAMES.days[severity]  # type: ignore[index]
    (found,) = due([weakness(severity.upper())], FRAMES)
    assert (found.severity, found.until) == (severity, DAY + timedelta(days=days))
    assert not found.is_over(DAY + timedelta(days=days))
    assert found.is_over(DAY + timedelta(days=days + 1))


def test_what_nobody_rated_counts_as_high_and_what_nobody_dated_is_due_at_once() -> None:
    (unrated,) = due([weakness("")], FRAMES)
    assert (unrated.severity, unrated.rated) == ("high", False)
    (medium,) = due([weakness("Medium")], FRAMES)
    assert (medium.severity, medium.rated) == ("moderate", True)
    (undated,) = due([weakness(published=None)], FRAMES)
    assert undated.is_over(DAY)
    sooner = [one.severity for one in due([weakness("LOW"), weakness("CRITICAL")], FRAMES)]
    assert sooner == ["critical", "low"]


def test_severity_and_day_are_read_from_the_record() -> None:
    affected = {"package": {"ecosystem": "PyPI", "name": "thing"}, "versions": ["1.0"]}
    record = {
        "id": "GHSA-1",
        "published": "2026-10-01T10:00:00Z",
        "database_specific": {"severity": "CRITICAL"},
        "affected": [affected],
    }
    package = Package("thing", "1.0", "MIT", None, (), "", ())
    (found,) = weaknesses([package], [record])
    assert (found.severity, found.published) == ("CRITICAL", date(2026, 10, 1))
    for nonsense in ({"published": "soon"}, {"published": 3}, {"database_specific": "x"}):
        weaknesses([package], [{**record, **nonsense}])


def test_the_audit_tells_the_day_and_leaves_with_another_status_once_it_is_over(tmp_path: Path) -> None:
    told = {"published": f"{DAY}T00:00:00Z", "database_specific": {"severity": "CRITICAL"}}
    last = DAY + timedelta(days=FRAMES.days["critical"])
    early = audited(tmp_path, last, **told)
    assert early.exit_code == 1
    assert f"critical: to be mended until {last}" in early.output
    late = audited(tmp_path, last + timedelta(days=1), **told)
    assert late.exit_code == OVERDUE_STATUS
    assert "OVERDUE" in late.output


def test_packages_are_chosen_anew_weak_or_not(tmp_path: Path) -> None:
    last = DAY + timedelta(days=FRAMES.refresh_days)
    assert not packages_are_old(FRAMES, last)
    harmless = {"withdrawn": "2026-01-01T00:00:00Z"}
    fine = audited(tmp_path, last, **harmless)
    assert (fine.exit_code, "OVERDUE" in fine.output) == (0, False)
    late = audited(tmp_path, last + timedelta(days=1), **harmless)
    assert late.exit_code == OVERDUE_STATUS
    assert f"chosen on {FRAMES.chosen}" in late.output


def test_old_advisories_are_no_proof(tmp_path: Path) -> None:
    told = {"withdrawn": "2026-01-01T00:00:00Z", "modified": f"{DAY}T00:00:00Z"}
    last = DAY + timedelta(days=FRAMES.advisories_days)
    assert audited(tmp_path, last, **told).exit_code == 0
    assert audited(tmp_path, last + timedelta(days=1), **told).exit_code == OVERDUE_STATUS
    assert not advisories_are_old(None, FRAMES, last + timedelta(days=999))


@pytest.mark.parametrize(
    "wrong", [{"days": {"critical": 7}}, {"days": dict.fromkeys(SEVERITIES, 0)}, {"unrated": "dull"}]
)
def test_frames_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Frames.model_validate({**FRAMES.model_dump(), **wrong})


def test_the_page_says_the_same_days() -> None:
    text = PAGE.read_text("utf-8")
    for severity, days in FRAMES.days.items():
        assert f"| {severity} | {days} days |" in text
    assert f"every {FRAMES.refresh_days} days" in text
    assert f"{FRAMES.advisories_days} days" in text
