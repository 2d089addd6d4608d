"""`donghaeng knowledge` as a knowledge owner uses it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.knowledge.made import TEXT, Here

from donghaeng.app.application import seoul_now
from donghaeng.cli import knowledge as module
from donghaeng.cli.knowledge import knowledge
from donghaeng.cli.knowledge_sources import AddressSource, read_addresses, sources_of
from donghaeng.errors import InputError

DEPARTMENT = ("--department", "복지정책과")


class HereReader(Here):
    def __enter__(self) -> HereReader:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DONGHAENG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DONGHAENG_EMBEDDER", "fake")
    monkeypatch.setattr(module, "DocumentReader", HereReader)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "안내").mkdir()
    (tmp_path / "안내" / "틀니.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(knowledge, arguments, catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def test_a_folder_is_added_once_and_told_file_by_file(folder: Path) -> None:
    (folder / "안내" / ".숨김.md").write_text("x")
    (folder / "안내" / "낡은 글.doc").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    result = run("add", "안내", *DEPARTMENT, status=2)
    assert "안내/틀니.md: added, version 1, 2 passages, 2 silent" in result.stdout
    assert "refused: 안내/낡은 글.doc: an old Office file; save it as DOCX or XLSX" in result.stderr
    assert "1 added, 0 nothing new, 1 refused" in result.stdout
    (folder / "안내" / "낡은 글.doc").unlink()
    again = run("add", "안내", *DEPARTMENT)
    assert "0 added, 1 nothing new, 0 refused" in again.stdout


def test_a_document_goes_its_way(folder: Path) -> None:
    run("add", "안내/틀니.md", *DEPARTMENT, "--owner", "복지상담팀", "--source", "https://example.org/a")
    (row,) = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert (row["document"], row["state"], row["verified"], row["owner"]) == (
        "틀니.md",
        "published",
        0,
        "복지상담팀",
    )
    assert "[silent]" in run("show", "틀니.md").stdout
    assert "1 of 2" in run("verify", "틀니.md", "--passage", "1").stdout
    assert "0 of 2" in run("verify", "틀니.md", "--not").stdout
    (folder / "안내" / "틀니.md").write_text(TEXT.replace("50", "60"), encoding="utf-8")
    draft = run("add", "안내/틀니.md", *DEPARTMENT, "--draft", "--verified")
    assert "kept as draft, version 2" in draft.stdout
    assert "version 2 is served" in run("publish", "틀니.md").stdout
    assert "50만" in run("show", "틀니.md", "--version", "1").stdout
    assert "withdrawn" in run("withdraw", "틀니.md").stdout
    assert "was not served" in run("withdraw", "틀니.md").stdout
    assert run("list", "--json").stdout == ""
    assert len(run("list", "--all", "--json").stdout.splitlines()) == 2
    assert "틀니" in run("list", "--all").stdout


def test_what_is_due_is_warned_of(folder: Path) -> None:
    today = seoul_now().date()
    soon, past = today + timedelta(days=9), today - timedelta(days=1)
    run("add", "안내/틀니.md", *DEPARTMENT, "--review-by", soon.isoformat(), "--verified")
    assert "틀니" in run("list", "--due", "--json").stdout
    assert run("list", "--due", "--days", "3", "--json").stdout == ""
    assert "1 due within 30 days" in run("list").stdout
    checked = run("check")
    assert "0 wrong" in checked.stdout
    assert "no address where it can be read" in checked.stdout
    assert "passages of the catalogue" in checked.stdout
    run("verify", "틀니.md", "--review-by", past.isoformat())
    assert f"to be looked at by {past}" in run("check").stdout
    (folder / "끝.md").write_text("끝난 사업이에요.", encoding="utf-8")
    run("add", "끝.md", *DEPARTMENT, "--valid-until", past.isoformat())
    assert f"wrong: 끝.md: held until {past}" in run("check", status=1).stderr


def test_an_export_is_one_passage_a_line(folder: Path) -> None:
    run("add", "안내", *DEPARTMENT)
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [line["passage"] for line in lines] == [1, 2]
    assert "2 passages in out.jsonl" in run("export", "out.jsonl").stdout
    assert [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()] == lines


def test_vectors_can_be_made_beforehand(folder: Path) -> None:
    run("add", "안내", *DEPARTMENT, "--verified")
    assert "2 passages are found by meaning" in run("embed").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", *DEPARTMENT], "name files"),
        (["add", "안내"], "--department"),
        (["add", "안내", *DEPARTMENT, "--review-by", "내일"], "is no day"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(knowledge, arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_addresses_are_fetched_only_where_that_is_allowed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "주소.txt").write_text("# 주소\n\nhttps://seoul.example/a.md\n", encoding="utf-8")
    refused = run("add", "--urls", "주소.txt", *DEPARTMENT, status=2)
    assert "addresses are not fetched here; set DONGHAENG_ALLOW_FETCH=1" in refused.stderr
    monkeypatch.setenv("DONGHAENG_ALLOW_FETCH", "1")
    monkeypatch.setattr(module.Fetcher, "fetch", lambda self, address: TEXT.encode())
    run("add", "--urls", "주소.txt", *DEPARTMENT)
    (row,) = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert (row["document"], row["source"]) == ("https://seoul.example/a.md",) * 2


def test_sources_are_named_and_doubles_refused(folder: Path) -> None:
    (folder / "다른").mkdir()
    (folder / "다른" / "틀니.md").write_text("다른 글", encoding="utf-8")
    (folder / "빈").mkdir()
    (folder / "안내" / "길.md").symlink_to(folder / "다른" / "틀니.md")
    found, errors = sources_of(
        ["안내/틀니.md", "다른/틀니.md", "안내", "빈", "없음.md", "https://seoul.example"], allow_fetch=True
    )
    assert [one.name for one in found] == ["틀니.md", "안내/틀니.md", "https://seoul.example"]
    assert isinstance(found[-1], AddressSource)
    assert [str(error).split(":")[0] for error in errors] == ["틀니.md", "빈", "없음.md"]


def test_a_list_of_addresses_names_its_wrong_line(folder: Path) -> None:
    (folder / "주소.txt").write_text("https://a.example\nfile:///etc/passwd\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"주소.txt:2: "):
        read_addresses(folder / "주소.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_addresses(folder / "없음.txt")


def test_days_are_days() -> None:
    assert module.Day().convert("2027-03-31", None, None) == date(2027, 3, 31)
