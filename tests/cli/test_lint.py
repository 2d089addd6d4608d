"""`donghaeng lint`: files of several kinds, exit status, fixes that are written back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from donghaeng.cli.lint import lint
from donghaeng.errors import DocumentRefused, InputError

WRONG = "회의는 익일 오후 3시입니다.\n"


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(lint, list(arguments), catch_exceptions=False, input=given)


def test_findings_are_told_with_their_place_and_leave_with_one(tmp_path: Path) -> None:
    file = tmp_path / "공문.txt"
    file.write_text(f"안녕하십니까.\n{WRONG}", "utf-8")
    told = run(str(file))
    assert told.exit_code == 1
    first, second = told.stdout.splitlines()
    assert first.startswith(f"{file}:2:5: word.hard: '익일' → 다음 날")
    assert second.startswith(f"{file}:2:8: time.form: '오후 3시' → 15:00.")
    assert "2 findings, 0 fixed" in told.stderr


def test_json_has_one_object_a_finding_and_a_summary_last(tmp_path: Path) -> None:
    file = tmp_path / "공문.md"
    file.write_text(WRONG, "utf-8")
    told = [json.loads(line) for line in run("--json", "--rule", "time.form", str(file)).stdout.splitlines()]
    assert [one.get("rule") for one in told] == ["time.form", None]
    assert told[0]["fixes"] == ["15:00"]
    assert (told[0]["line"], told[0]["column"]) == (1, 8)
    assert told[1] == {"files": 1, "findings": 1, "fixed": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_fixes_are_written_back_in_the_same_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "공문.txt"
    file.write_bytes(f"1. 첫째\r\n{WRONG}".encode(encoding))
    told = run("--fix", str(file))
    assert told.exit_code == 0
    assert "0 findings, 2 fixed" in told.stderr
    assert file.read_bytes() == "1. 첫째\r\n회의는 다음 날 15:00입니다.\n".encode(encoding)
    assert [one.name for one in tmp_path.iterdir()] == ["공문.txt"]


def test_a_clean_text_leaves_with_nothing(tmp_path: Path) -> None:
    assert (run("-", given="회의는 15:00입니다.".encode()).exit_code, run("-", given=b"").exit_code) == (0, 0)
    letter = run("--letter", "-", given="자료를 보냅니다.".encode())
    assert letter.exit_code == 1
    assert "end.missing" in letter.stdout


def test_documents_are_read_by_paragraph_and_never_written(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("첫 문단입니다.")
    made.add_paragraph("회의는 익일 합니다.")
    held = io.BytesIO()
    made.save(held)
    file = tmp_path / "계획.docx"
    file.write_bytes(held.getvalue())
    assert f"{file}:2:5: word.hard" in run(str(file)).stdout
    with pytest.raises(InputError, match="only text and Markdown"):
        run("--fix", str(file))
    assert file.read_bytes() == held.getvalue()


def test_wrong_use_and_bad_files_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rule odd"):
        run("--rule", "odd", "-", given=b"")
    with pytest.raises(InputError, match="no file"):
        run()
    with pytest.raises(InputError, match="cannot be read"):
        run(str(tmp_path / "없음.txt"))
    broken = tmp_path / "깨짐.hwpx"
    broken.write_bytes(b"PK\x03\x04broken")
    with pytest.raises(DocumentRefused):
        run(str(broken))


def test_rules_are_listed_and_proven() -> None:
    listed = run("--rules").stdout
    assert "date.form" in listed
    assert "행정업무규정" in listed
    proven = run("--prove")
    assert (proven.exit_code, proven.stdout) == (0, "")
