"""What is read from the cache is what was written, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from donghaeng.trust.kept_json import read_kept, write_kept

VALUE = {"무게": [0.5, -1.25, 3], "bias": 0.125, "ends": {"요": True}}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.json"
    write_kept(file, {**VALUE, "ends": {}})
    assert read_kept(file) == {**VALUE, "ends": {}}
    assert [one.name for one in file.parent.iterdir()] == ["a.json"]


def test_every_single_flipped_bit_of_it_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_kept(file, {"hear": 0.25, "names": ["가", "b"]})
    whole = file.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            found = read_kept(file)
            assert found in (None, {"hear": 0.25, "names": ["가", "b"]}), (place, bit)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"value": 1}', json.dumps({"sha256": 1, "value": 1})])
def test_anything_else_is_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)
    assert read_kept(file) is None
    assert read_kept(tmp_path / "absent.json") is None


def test_a_folder_that_takes_no_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_kept(tmp_path / "file" / "a.json", 1)
