"""`donghaeng supply`: exit statuses that a pipeline can rely on, and clear words."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from donghaeng.cli.supply import supply
from donghaeng.trust.supply.mending import load_frames

DAY = load_frames().chosen.isoformat()


def record(name: str) -> str:
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": []}
    events = [{"introduced": "0"}]
    affected["ranges"] = [{"type": "ECOSYSTEM", "events": events}]  # type: ignore[assignment]
    told = {"id": "PYSEC-7", "summary": "leaks", "affected": [affected], "published": f"{DAY}T00:00:00Z"}
    return json.dumps(told)


def test_a_known_weakness_is_told_and_fails(tmp_path: Path) -> None:
    (tmp_path / "osv.json").write_text(record("click"))
    ran = CliRunner().invoke(supply, ["audit", "--on", DAY, str(tmp_path / "osv.json")])
    assert ran.exit_code == 1
    assert "PYSEC-7: leaks (not mended yet)" in ran.stdout


def test_no_weakness_is_status_zero(tmp_path: Path) -> None:
    (tmp_path / "osv.json").write_text(record("nothing-of-ours"))
    ran = CliRunner().invoke(supply, ["audit", "--on", DAY, str(tmp_path / "osv.json")])
    assert ran.exit_code == 0
    assert "against 1 advisories: 0 weaknesses" in ran.stdout


def test_the_bill_goes_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "donghaeng.cdx.json"
    ran = CliRunner().invoke(supply, ["sbom", "--out", str(out)])
    assert ran.exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["specVersion"] == "1.6"


def test_licences_are_all_allowed() -> None:
    ran = CliRunner().invoke(supply, ["licences", "--all"])
    assert ran.exit_code == 0
    assert "0 with a licence that is not allowed" in ran.stdout
