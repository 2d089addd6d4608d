"""`donghaeng draft`: kinds, files, what is missing, forms."""

from __future__ import annotations

import json
from pathlib import Path

import hwpx
import pytest
from click.testing import CliRunner, Result

from donghaeng.cli.draft import draft
from donghaeng.errors import DraftIncomplete, InputError
from donghaeng.knowledge.documents.reading import read

FACTS = """
title: 디지털 안내사 운영 보고
day: 2026-11-23
department: 디지털정책과
summary: 익일까지 정해야 합니다.
background: [민원이 늘었습니다.]
state: [{안내사 52명이 일합니다.: [목표는 80명입니다.]}]
proposal: [28명을 더 뽑습니다.]
passages:
- {text: 안내사는 평일에 일합니다., source: 운영 지침, place: 3쪽}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(draft, list(arguments), catch_exceptions=False)


def test_kinds_and_their_facts_are_listed() -> None:
    assert {"letter", "complaint_reply", "report", "plan", "press_release"} <= {
        json.loads(line)["id"] for line in run("kinds", "--json").stdout.splitlines()
    }
    assert "points  본문  points" in run("kinds", "letter").stdout
    with pytest.raises(InputError, match="no template odd"):
        run("kinds", "odd")


@pytest.mark.parametrize("ending", [".hwpx", ".docx", ".pdf"])
def test_a_draft_is_written_and_linted(tmp_path: Path, ending: str) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, "utf-8")
    out = tmp_path / f"보고{ending}"
    told = run("write", "report", "--facts", str(tmp_path / "facts.yaml"), "--out", str(out))
    assert told.exit_code == 0
    assert "word.hard: '익일' → 다음 날" in told.stderr
    text = "".join(read(out.name, out.read_bytes()).text.split())
    assert "안내사는평일에일합니다.(근거:운영지침,3쪽)" in text


def test_missing_facts_and_a_wrong_passage_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("title: 보고\n", "utf-8")
    out = tmp_path / "보고.hwpx"
    with pytest.raises(DraftIncomplete, match="'보고일'이 비었어요"):
        run("write", "report", "--facts", str(facts), "--out", str(out))
    facts.write_text(FACTS.replace("source: 운영 지침, ", ""), "utf-8")
    with pytest.raises(InputError, match="a passage is text, source and place"):
        run("write", "report", "--facts", str(facts), "--out", str(out))
    with pytest.raises(InputError, match="end its name in"):
        run("write", "report", "--facts", str(facts), "--out", str(tmp_path / "보고.txt"))
    assert not out.exists()


def test_a_form_is_filled_and_labels_not_found_are_told(tmp_path: Path) -> None:
    document = hwpx.HwpxDocument.new()
    document.add_table(1, 2).set_cell_text(0, 0, "성명")
    document.save_to_path(tmp_path / "form.hwpx")
    (tmp_path / "v.yaml").write_text("성명: 홍길동\n주소: 중구\n", "utf-8")
    out = tmp_path / "out.hwpx"
    told = run("fill", str(tmp_path / "form.hwpx"), "--facts", str(tmp_path / "v.yaml"), "--out", str(out))
    assert told.exit_code == 1
    assert told.stderr.strip().endswith("not found: 주소")
    assert "홍길동" in read("out.hwpx", out.read_bytes()).text


def test_blanks_of_a_form_are_listed(tmp_path: Path) -> None:
    document = hwpx.HwpxDocument.new()
    table = document.add_table(1, 2)
    table.set_cell_text(0, 0, "성  명")
    (tmp_path / "서식.hwpx").write_bytes(document.to_bytes())
    assert run("blanks", str(tmp_path / "서식.hwpx")).stdout == "성 명\n"
    with pytest.raises(InputError, match="cannot be read"):
        run("blanks", str(tmp_path / "absent.hwpx"))


def test_nothing_is_told_where_nobody_has_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path))
    told = run("measured").stdout
    assert "no answers yet" in told
    assert "none yet" in told
    found = json.loads(run("measured", "--json").stdout)
    assert found == {
        "saved": {"n": 0, "mean": None, "median": None, "low": None, "high": None},
        "compared": [],
    }
