"""The page "Add a service in ten minutes" is followed literally, in a copy of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.following import CHECKOUT, copy_catalogue, run

PAGE = CHECKOUT / "docs" / "add-a-service.md"
BLOCK = re.compile(r"^```(?P<kind>sh|yaml)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.mark.system
@pytest.mark.timeout(400)
def test_every_step_of_the_page_works(tmp_path: Path) -> None:
    copy_catalogue(tmp_path)
    said = ""
    steps = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))
    for step in steps:
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        said += run(step["text"], tmp_path)
    assert len(steps) == 5
    assert "1 service is in order" in said
    assert "3 passed, 0 failed" in said
    assert "어느 정류장을 찾으세요?" in said
