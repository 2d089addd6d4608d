"""The page "Teach it how your citizens talk" is followed literally, in a copy of the catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.docs.following import CHECKOUT, copy_catalogue, run

from donghaeng.city.dialects import load_dialects
from donghaeng.city.emergencies import load_emergencies
from donghaeng.city.services import load_catalogue
from donghaeng.understanding.learnt_acts import read_act_examples
from donghaeng.understanding.load import read_slot_lexicons

PAGE = CHECKOUT / "docs" / "korean.md"
BLOCK = re.compile(
    r'^```(?P<kind>\w+)(?: file=(?P<file>\S+))?(?: below="(?P<below>[^"]+)")?\n(?P<text>.*?)^```$',
    re.M | re.S,
)


def put_below(file: Path, keys: str, text: str) -> None:
    """Put ``text`` under the line of the last of ``keys`` (separated by ``|``), each looked for after the one
    before it."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = 0
    for key in keys.split("|"):
        place = next(n for n in range(place, len(lines)) if lines[n].strip().startswith(key)) + 1
    file.write_text("".join([*lines[:place], text, *lines[place:]]), encoding="utf-8")


@pytest.mark.system
@pytest.mark.timeout(400)
def test_every_step_of_the_page_works(tmp_path: Path) -> None:
    copy_catalogue(tmp_path)
    (tmp_path / "bench").symlink_to(CHECKOUT / "bench")
    said, kinds = "", []
    for step in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        kinds.append(step["kind"])
        if step["below"]:
            put_below(tmp_path / step["file"], step["below"], step["text"])
        elif step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
        else:
            said += run(step["text"], tmp_path)
    assert kinds == ["sh", "yaml", "csv", "sh", *["yaml"] * 5, "sh", "jsonl", "sh", "sh"]
    assert "42 services are in order" in said
    assert "1 places imported" in said
    assert "1 service is in order" in said
    assert "새마을장터입구 정류장에" in said

    lexicon = tmp_path / "catalogue" / "lexicon"
    catalogue = load_catalogue(tmp_path / "catalogue")
    assert "안마 기계" in read_slot_lexicons(catalogue)["bulky_items"]["안마기"]
    assert (
        "귀가 어두워서 그러니 한 번 더 읊어 봐요"
        in read_act_examples(lexicon / "act_examples.yaml")["repeat"]
    )
    gas = load_emergencies(lexicon / "emergencies.yaml")["gas"]
    assert "보일러실에서 계란 썩는 냄새가 진동을 해요" in gas.examples
    assert "한밤중에 애가 열이 나는데 약 살 데가 있을까요" in catalogue["pharmacy"].examples
    assert set(load_dialects(lexicon / "dialect.yaml").regions) > {"ganghwa", "chungcheong"}

    ganghwa = (tmp_path / "ganghwa.jsonl").read_text(encoding="utf-8")
    assert "문 연 약국이 어디꺄" in ganghwa
    summaries = [json.loads(line) for line in said.splitlines() if line.startswith('{"kind": "noise"')]
    assert summaries[0]["cer"] == pytest.approx(0.15, abs=0.03)
    assert summaries[1]["cer"] == 0.0
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert report.startswith("# 혼동 보고 · routing noisy.jsonl\n\n문장 5개 가운데")
