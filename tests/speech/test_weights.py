from __future__ import annotations

import hashlib
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from donghaeng.errors import EngineMissing, WeightsCorrupt
from donghaeng.speech import weights
from donghaeng.speech.weights import assemble, changed_files

WHOLE = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    first, second = tmp_path / "a.part1", tmp_path / "a.part2"
    first.write_bytes(WHOLE[:700_001])
    second.write_bytes(WHOLE[700_001:])
    return [first, second]


def test_joins_in_order_and_leaves_no_scraps(parts: list[Path], tmp_path: Path) -> None:
    whole = assemble("model.bin", parts, SHA256, tmp_path / "cache")
    assert whole.read_bytes() == WHOLE
    assert whole.name == "model.bin"
    assert SHA256[:16] in str(whole)
    assert {file.name for file in whole.parent.iterdir()} == {
        "model.bin",
        "model.bin.verified",
        "model.bin.lock",
    }


def test_second_start_reads_neither_parts_nor_whole(
    parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = assemble("model.bin", parts, SHA256, tmp_path)
    for part in parts:
        part.unlink()
    monkeypatch.setattr(weights, "file_sha256", lambda path: pytest.fail("hashed again"))
    assert assemble("model.bin", parts, SHA256, tmp_path) == whole


def test_changed_file_is_hashed_again_and_rebuilt(parts: list[Path], tmp_path: Path) -> None:
    whole = assemble("model.bin", parts, SHA256, tmp_path)
    whole.write_bytes(WHOLE[:-1] + b"!")
    assert assemble("model.bin", parts, SHA256, tmp_path).read_bytes() == WHOLE


def test_touched_but_right_file_is_kept(parts: list[Path], tmp_path: Path) -> None:
    whole = assemble("model.bin", parts, SHA256, tmp_path)
    inode = whole.stat().st_ino
    os.utime(whole, ns=(1, 1))
    for part in parts:
        part.unlink()
    assert assemble("model.bin", parts, SHA256, tmp_path).stat().st_ino == inode
    assert weights._verified(whole, SHA256)


def test_wrong_parts_are_corrupt_and_leave_nothing(parts: list[Path], tmp_path: Path) -> None:
    parts[1].write_bytes(b"x")
    with pytest.raises(WeightsCorrupt, match="SHA-256"):
        assemble("model.bin", parts, SHA256, tmp_path)
    assert not weights.place_of("model.bin", SHA256, tmp_path).exists()


def test_absent_part_names_it(parts: list[Path], tmp_path: Path) -> None:
    parts[0].unlink()
    with pytest.raises(EngineMissing, match=r"a\.part1"):
        assemble("model.bin", parts, SHA256, tmp_path)
    with pytest.raises(EngineMissing):
        assemble("other.bin", [], SHA256, tmp_path)


def test_unwritable_cache_is_said(parts: list[Path], tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    with pytest.raises(EngineMissing, match="cannot be written"):
        assemble("model.bin", parts, SHA256, blocker)


def test_broken_sidecar_is_no_obstacle(parts: list[Path], tmp_path: Path) -> None:
    whole = assemble("model.bin", parts, SHA256, tmp_path)
    weights._sidecar(whole).write_text("{")
    assert assemble("model.bin", parts, SHA256, tmp_path).read_bytes() == WHOLE


def test_two_processes_at_once(parts: list[Path], tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(assemble, "model.bin", parts, SHA256, tmp_path / "cache") for _ in range(4)]
        paths = {job.result() for job in jobs}
    assert len(paths) == 1
    assert paths.pop().read_bytes() == WHOLE


def test_a_bit_that_the_disk_forgot_is_found_by_reading_every_byte(parts: list[Path], tmp_path: Path) -> None:
    """A start compares size and time alone; `donghaeng doctor` reads."""
    whole = assemble("model.bin", parts, SHA256, tmp_path)
    assert changed_files(tmp_path) == []
    before = whole.stat()
    whole.write_bytes(WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]))
    os.utime(whole, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert assemble("model.bin", parts, SHA256, tmp_path) == whole
    assert changed_files(tmp_path) == [whole]
    whole.unlink()
    assert assemble("model.bin", parts, SHA256, tmp_path).read_bytes() == WHOLE
    assert changed_files(tmp_path) == []
    assert changed_files(tmp_path / "none") == []
