"""Forms filled by label: another library reads what was filled, all else is byte for byte the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import hwpx
import pytest
import syhwp
from tests.office.form_files import FORMS, Form, grid, lines

from donghaeng.errors import DocumentRefused
from donghaeng.knowledge.documents.limits import LIMITS
from donghaeng.office.forms import blanks_of, fill_form, key
from donghaeng.office.forms_apart import FormReader


@pytest.fixture(scope="module")
def made() -> Mapping[str, bytes]:
    found = {}
    for form in FORMS:
        document = hwpx.HwpxDocument.new()
        form.make(document)
        found[form.name] = document.to_bytes()
    return found


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(data: bytes, folder: Path) -> str:
    file = folder / "f.hwpx"
    file.write_bytes(data)
    return "".join(syhwp.extract_text(str(file)).split())


def test_there_are_twenty_forms() -> None:
    assert len(FORMS) == len({form.name for form in FORMS}) == 20


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_is_filled_and_nothing_else_changes(
    made: Mapping[str, bytes], form: Form, tmp_path: Path
) -> None:
    before = made[form.name]
    filled = fill_form("서식.hwpx", before, form.values)
    assert (set(filled.applied), filled.missing) == (set(form.values), ())
    old, new = parts(before), parts(filled.data)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == ["Contents/section0.xml"]
    told = text_of(filled.data, tmp_path)
    was = text_of(before, tmp_path)
    for value in form.values.values():
        assert told.count("".join(value.split())) >= was.count("".join(value.split())) + 1
    assert [issue for issue in hwpx.validate_package(filled.data).issues if issue.level == "error"] == []


def test_the_blanks_that_are_listed_are_those_that_can_be_filled(made: Mapping[str, bytes]) -> None:
    """Each label that is offered finds its own blank; of the labels that people fill, nearly all are."""
    wanted = found = 0
    for form in FORMS:
        labels = [one.label for one in blanks_of("서식.hwpx", made[form.name])]
        values = {label: f"값{number}" for number, label in enumerate(labels)}
        filled = fill_form("서식.hwpx", made[form.name], values)
        assert (filled.applied, filled.missing) == (tuple(labels), ()), form.name
        offered = {key(label.rpartition(">")[2]) for label in labels}
        wanted += len(form.values)
        found += sum(key(label.rpartition(">")[2]) in offered for label in form.values)
    assert found / wanted >= 0.95, f"{found} of {wanted}"


def test_a_form_is_opened_in_a_process_of_its_own(made: Mapping[str, bytes]) -> None:
    form = FORMS[0]
    with FormReader() as reader:
        assert reader.blanks("서식.hwpx", made[form.name]) == blanks_of("서식.hwpx", made[form.name])
        assert reader.fill("서식.hwpx", made[form.name], form.values) == fill_form(
            "서식.hwpx", made[form.name], form.values
        )
        assert reader._process is not None
        assert reader._process.is_alive()
        with pytest.raises(DocumentRefused):
            reader.blanks("서식.hwpx", made[form.name][:500])
    slow = replace(LIMITS, seconds=0.0)
    with FormReader(slow) as reader, pytest.raises(DocumentRefused, match="not read within"):
        reader.fill("서식.hwpx", made[form.name], form.values)


def test_each_value_stands_beside_its_own_label(made: Mapping[str, bytes]) -> None:
    form = FORMS[1]
    table = hwpx.HwpxDocument.open(fill_form("서식.hwpx", made[form.name], form.values).data).tables.all[0]
    seen = {
        (one.row, one.column): one.cell.text
        for one in table.iter_grid()
        if one.anchor == (one.row, one.column)
    }
    assert (seen[0, 2], seen[1, 2], seen[2, 2], seen[3, 4]) == ("김하나", "종로구", "이둘", "자녀")
    assert (seen[0, 4], seen[3, 2]) == ("", "")


def form_of(*rows: list[str], words: tuple[str, ...] = ()) -> bytes:
    document = hwpx.HwpxDocument.new()
    if rows:
        grid(document, rows)
    lines(document, *words)
    data: bytes = document.to_bytes()
    return data


def test_a_label_that_stands_twice_is_not_guessed() -> None:
    data = form_of(["성명", ""], ["성명", ""])
    filled = fill_form("서식.hwpx", data, {"성명": "홍길동"})
    assert (filled.applied, filled.missing, filled.data) == ((), ("성명",), data)


def test_what_is_written_already_is_never_overwritten() -> None:
    data = form_of(["성명", "김하나"], words=("주소: 종로구",))
    filled = fill_form("서식.hwpx", data, {"성명": "홍길동", "주소": "중구", "없는 것": "값"})
    assert (filled.applied, filled.missing, filled.data) == ((), ("성명", "주소", "없는 것"), data)


def test_labels_are_compared_without_spaces_signs_and_notes() -> None:
    assert {key(label) for label in ("성명", "성  명", "성명:", "* 성 명 (한글)", "성명：")} == {"성명"}
    assert key("(인)") == "(인)"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        b"PK\x03\x04 broken",
        b"%PDF-1.7 a pdf",
    ],
)
def test_what_is_no_form_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentRefused):
        fill_form("서식.hwpx", data, {"성명": "홍길동"})


def test_a_form_with_entities_is_refused(made: Mapping[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, held in parts(made[FORMS[0].name]).items():
            hostile = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + held.split(b"?>", 1)[-1]
            archive.writestr(name, hostile if name == "Contents/section0.xml" else held)
    with pytest.raises(DocumentRefused) as caught:
        fill_form("서식.hwpx", out.getvalue(), {"성명": "홍길동"})
    assert caught.value.fault == "entities"
