"""The page on tools is followed literally, in a small copy of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.following import CHECKOUT, run
from tests.mcp.kit import small_catalogue

PAGE = CHECKOUT / "docs" / "mcp.md"
BLOCK = re.compile(r"^```(?P<kind>sh|yaml|python)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.mark.system
@pytest.mark.timeout(400)
def test_every_step_of_the_page_works(tmp_path: Path) -> None:
    small_catalogue(tmp_path)
    said = []
    for step in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
        else:
            said.append(run(step["text"], tmp_path))
    tools, drafts, checks = said
    assert "bulky_waste 대형 폐기물 writes" in tools
    assert "따릉이" in tools
    assert re.search(r"^ok \S+-\d+", tools, re.M)
    assert "blanks are left" in drafts
    assert "1 service is in order" in checks
    assert "1 passed, 0 failed" in checks
