"""Weaknesses are found by the rules of the OSV format, in each kind of file, and broken files are named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.trust.supply.advisories import read_records, weaknesses
from donghaeng.trust.supply.components import Package


def package(version: str, name: str = "thing") -> Package:
    return Package(name, version, "MIT", None, (), "", ())


def record(*events: dict[str, str], versions: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Thing"},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
        "versions": list(versions),
    }
    return {"id": "PYSEC-1", "aliases": ["CVE-1"], "summary": "bad", "affected": [affected], **more}


@pytest.mark.parametrize(
    ("version", "events", "hit"),
    [
        ("1.0", [{"introduced": "0"}], True),
        ("1.0", [{"introduced": "0"}, {"fixed": "1.0"}], False),
        ("0.9", [{"introduced": "0"}, {"fixed": "1.0"}], True),
        ("1.0rc1", [{"introduced": "0"}, {"fixed": "1.0"}], True),
        ("1.5", [{"introduced": "1.0"}, {"last_affected": "1.5"}], True),
        ("1.6", [{"introduced": "1.0"}, {"last_affected": "1.5"}], False),
        ("2.1", [{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "2.2"}], True),
        ("1.5", [{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}], False),
        ("0.5", [{"fixed": "1.0"}, {"introduced": "0"}], True),
    ],
)
def test_ranges(version: str, events: list[dict[str, str]], hit: bool) -> None:
    assert bool(weaknesses([package(version)], [record(*events)])) is hit


def test_a_weakness_says_where_it_is_mended() -> None:
    (found,) = weaknesses(
        [package("1.2")],
        [record({"introduced": "0"}, {"fixed": "1.1"}, {"introduced": "1.2"}, {"fixed": "1.4"})],
    )
    assert (found.package, found.version, found.aliases, found.fixed_in) == (
        "thing",
        "1.2",
        ("CVE-1",),
        ("1.4",),
    )


def test_versions_by_name_count_too() -> None:
    assert weaknesses([package("1.0.post1")], [record(versions=("1.0.post1",))])


@pytest.mark.parametrize(
    "other",
    [
        record({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
        {"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": "thing"}, "versions": ["1.0"]}]},
        {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": "else"}, "versions": ["1.0"]}]},
        {"id": "X", "affected": "all"},
        {"id": "X"},
    ],
)
def test_what_does_not_concern_us_says_nothing(other: dict[str, Any]) -> None:
    assert weaknesses([package("1.0")], [other]) == []


def test_files_folders_and_zip_files_say_the_same(tmp_path: Path) -> None:
    bad = json.dumps(record({"introduced": "0"}))
    (tmp_path / "one.json").write_text(bad)
    (tmp_path / "list.json").write_text(f"[{bad}]")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.json").write_text(bad)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("PYSEC-1.json", bad)
        archive.writestr("readme.txt", "no record")
    for name in ("one.json", "list.json", "folder", "all.zip"):
        assert len(weaknesses([package("1.0")], read_records(tmp_path / name))) == 1, name


@pytest.mark.parametrize(
    "content", [b"", b"{", b"3", b'[{"id": "a"}, 4]', b"\xff", b"PK\x03\x04broken", b"[" * 10**5]
)
def test_what_is_no_record_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.json"):
        list(read_records(file))


def test_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_records(tmp_path / "gone.zip"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["affected", "package", "ranges", "events", "versions", "ecosystem", "name", "introduced"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_record_breaks_the_search(affected: Any) -> None:
    weaknesses([package("1.0")], [{"id": "X", "affected": [affected], "aliases": None}])
