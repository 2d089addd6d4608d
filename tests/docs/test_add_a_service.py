"""The page "Add a service in ten minutes" is followed literally, in a copy of the catalogue."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "add-a-service.md"
BLOCK = re.compile(r"^```(?P<kind>sh|yaml)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.mark.system
@pytest.mark.timeout(400)
def test_every_step_of_the_page_works(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "catalogue", tmp_path / "catalogue")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DONGHAENG_CATALOGUE": str(tmp_path / "catalogue"),
        "DONGHAENG_DATA": str(tmp_path / "data"),
        "DONGHAENG_EMBEDDER": "fake",
    }
    said = ""
    steps = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))
    for step in steps:
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        done = subprocess.run(
            ["sh", "-e", "-c", step["text"]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        said += done.stdout
    assert len(steps) == 5
    assert "1 service is in order" in said
    assert "3 passed, 0 failed" in said
    assert "어느 정류장을 찾으세요?" in said
