"""The page for knowledge owners is followed literally, in a copy of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.following import CHECKOUT, copy_catalogue, run_here

PAGE = CHECKOUT / "docs" / "knowledge.md"
BLOCK = re.compile(r"^```(?P<kind>sh|md)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.mark.system
@pytest.mark.timeout(400)
def test_every_step_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_catalogue(tmp_path)
    said = []
    for step in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if step["file"]:
            file = tmp_path / step["file"]
            file.parent.mkdir(exist_ok=True)
            file.write_text(step["text"], encoding="utf-8")
        else:
            said.append(run_here(step["text"], tmp_path, monkeypatch))
    added, shown, verified, asked, replaced, tended, withdrawn = said
    assert "1 added, 0 nothing new, 0 refused" in added
    assert "2 passages, 2 of them silent" in added
    assert "1 [silent] 효도안경" in shown
    assert "1 of 2 passages are verified" in verified
    assert "2 of 2 passages are verified" in verified
    assert "만 70세부터" in asked
    before, _, answer = replaced.partition("version 1, replaced")[2].rpartition("주민센터에서")
    assert "만 70세부터" in before
    assert "만 65세부터" in answer
    assert "0 wrong" in tended
    assert "1 passages in 자료.jsonl" in tended
    assert "withdrawn" in withdrawn
    assert "65세" not in withdrawn
    assert "자료에 없어요" in withdrawn
