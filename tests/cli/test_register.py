"""`donghaeng register …`: files in and out, each row judged, nothing public by itself."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from donghaeng.app.records import open_store
from donghaeng.cli.register import register
from donghaeng.errors import RecordRefused, UnknownRecord
from donghaeng.settings import load_settings

TABLE = "id,name,organisation,risk_name[1]\nbus,버스 안내,서울특별시,=틀린 답\nair,미세먼지,종로구,\n"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(register, list(arguments), catch_exceptions=False)


def put(data: Path, text: str, encoding: str = "utf-8") -> Result:
    (data / "in.csv").write_text(text, encoding)
    return run("import", str(data / "in.csv"))


def listed() -> dict[str, dict]:
    return {one["id"]: one for one in map(json.loads, run("list", "--json").stdout.splitlines())}


def test_a_table_of_an_office_comes_in_once(data: Path) -> None:
    assert "2 records written, 0 unchanged, 0 refused" in put(data, TABLE, "cp949").stdout
    assert "0 records written, 2 unchanged" in put(data, TABLE).stdout
    assert {name: (one["version"], one["public"]) for name, one in listed().items()} == {
        "bus": (1, None),
        "air": (1, None),
    }
    assert "버스 안내" in run("list").stdout
    changed = put(data, TABLE.replace("버스 안내", "버스"))
    assert "1 records written, 1 unchanged" in changed.stdout
    assert (
        run("show", "bus", "--against", "1").stdout
        == '이름: "버스 안내" → "버스"\n영문 이름: "버스 안내" → "버스"\n'
    )
    shown = json.loads(run("show", "bus", "--version", "1").stdout)
    assert (shown["name_ko"], shown["version"], shown["risks"]) == ("버스 안내", 1, [{"name": "=틀린 답"}])
    assert shown["by"].startswith("command:")


def test_what_a_file_does_not_speak_of_stays(data: Path) -> None:
    put(data, TABLE)
    put(data, "id,name,team\nbus,버스 안내,버스팀\n")
    shown = json.loads(run("show", "bus").stdout)
    assert (shown["team"], shown["organisation"]) == ("버스팀", "서울특별시")


def test_bad_rows_are_told_and_keep_the_rest_out_unless_asked(data: Path) -> None:
    bad = TABLE + "sea,바다,구,\nsea,바다 둘,구,\nsky,하늘\n"
    with pytest.raises(RecordRefused, match="6번째 줄"):
        put(data, bad)
    bad = TABLE.replace("risk_name[1]", "website") + "sea,바다,구,\nsea,바다 둘,구,\n"
    answer = put(data, bad)
    assert answer.exit_code == 1
    assert "2번째 줄 bus: 더 알아볼 누리집" in answer.stderr
    assert "5번째 줄 sea: 같은 번호가 이 파일에 두 번" in answer.stderr
    assert "2 records fit, 2 do not; nothing written" in answer.stdout
    assert listed() == {}
    good = run("import", str(data / "in.csv"), "--good-rows")
    assert "2 records written, 0 unchanged, 2 refused" in good.stdout
    assert good.exit_code == 1
    assert set(listed()) == {"air", "sea"}


def test_a_check_writes_nothing(data: Path) -> None:
    (data / "in.csv").write_text(TABLE, "utf-8")
    answer = run("import", str(data / "in.csv"), "--check")
    assert (answer.exit_code, answer.stdout) == (0, "2 records fit, 0 do not; nothing written\n")
    assert listed() == {}


def test_what_goes_out_comes_back_in(data: Path) -> None:
    put(data, TABLE)
    for kind in ("csv", "atrs", "own"):
        out = data / f"out.{kind}"
        assert run("export", "--format", kind, "--out", str(out)).exit_code == 0
        again = run("import", str(out))
        assert "0 refused" in again.stdout, kind
        assert again.exit_code == 0
    assert "'=틀린 답" in (data / "out.csv").read_text("utf-8-sig")
    bus = json.loads(run("export", "bus").stdout)
    assert (bus["name"], bus["phase"]) == ("버스 안내", "pre-deployment")
    assert json.loads(run("export", "bus", "--format", "nl").stdout)["status"] == "In ontwikkeling"
    assert json.loads(run("export", "--public").stdout) == {"records": []}
    with pytest.raises(UnknownRecord, match="no record bus"):
        run("export", "bus", "--public")
    jsonschema.Draft202012Validator.check_schema(json.loads(run("export", "--format", "schema").stdout))


def test_what_is_missing_is_named(data: Path) -> None:
    put(data, TABLE)
    assert run("show", "bus", "--missing").stdout.splitlines()[0] == (
        "risks[0].description\t위험 1번째 · 설명"
    )
    with pytest.raises(UnknownRecord):
        run("show", "none")


def test_an_empty_register_is_no_error(data: Path) -> None:
    del data
    with open_store(load_settings()):
        assert listed() == {}


@pytest.mark.parametrize("command", ["list", "show", "import", "export", "self"])
def test_every_help_has_an_example(command: str) -> None:
    assert f"donghaeng register {command}" in run(command, "--help").stdout.replace("\n", " ")
