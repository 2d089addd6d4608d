"""`donghaeng library`: a set of an account, filled and asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from donghaeng.cli.library import library
from donghaeng.cli.staff import staff
from donghaeng.errors import InputError


@pytest.fixture(autouse=True)
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))
    made = CliRunner().invoke(
        staff, ["add", "lee", "--role", "official", "--department", "노인복지과", "--make-password"]
    )
    assert made.exit_code == 0, made.output


def run(*words: str):
    return CliRunner().invoke(library, list(words))


def test_a_set_is_made_filled_and_asked(tmp_path: Path) -> None:
    set_id = run("make", "--as", "lee", "경로당 업무").output.strip()
    file, broken = tmp_path / "난방비 지침.md", tmp_path / "깨진.hwpx"
    file.write_text("# 지원 금액\n\n경로당 난방비는 매달 37만 원을 지원한다.\n", "utf-8")
    broken.write_bytes(b"PK\x03\x04")
    added = run("add", "--as", "lee", set_id, str(file), str(broken))
    assert added.exit_code == 2
    assert "난방비 지침.md: version 1, 1 passages" in added.output
    assert "경로당 업무" in run("sets", "--as", "lee").output
    told = run("ask", "--as", "lee", set_id, "경로당 난방비는 매달 얼마를 지원해요?")
    assert told.exit_code == 0
    assert "매달 37만 원을 지원한다.  [난방비 지침 > 지원 금액" in told.output
    assert run("ask", "--as", "lee", set_id, "비트코인 세율이 몇 퍼센트예요?").exit_code == 1


def test_an_account_that_is_not_there_reads_nothing() -> None:
    result = run("sets", "--as", "nobody")
    assert isinstance(result.exception, InputError)
    assert "노인복지과" in CliRunner().invoke(staff, ["list", "--json"]).output
