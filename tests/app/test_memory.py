"""Nobody new is let in before the kernel would end the program; who is there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.app.memory import FULL, LOOK_EVERY_S, MEGABYTE, ROOMY, MemoryGuard, Reading, readings
from donghaeng.app.memory import container_reading as container
from donghaeng.conversation.admission import Admission

TOTAL = 16_000 * MEGABYTE


class Machine:
    """Memory that tests fill, and time that they let pass."""

    def __init__(self) -> None:
        self.share = 0.5
        self.now = 0.0
        self.looked = 0
        self.guard = MemoryGuard(self.read, lambda: self.now)

    def read(self) -> list[Reading]:
        self.looked += 1
        used = round(self.share * TOTAL)
        return [Reading("machine", used, TOTAL), Reading("container", used // 2, TOTAL)]

    def has_room(self, share: float) -> bool:
        self.share = share
        self.now += LOOK_EVERY_S
        return self.guard.has_room()


def test_the_tightest_limit_decides_and_the_door_opens_only_when_there_is_room_again() -> None:
    machine = Machine()
    assert machine.has_room(FULL - 0.01)
    assert not machine.has_room(FULL + 0.01)
    assert not machine.has_room((FULL + ROOMY) / 2)
    assert machine.has_room(ROOMY - 0.01)


def test_memory_is_looked_at_once_a_second_however_many_ask() -> None:
    machine = Machine()
    machine.has_room(0.5)
    for _ in range(1000):
        machine.guard.has_room()
    assert machine.looked == 1


def test_a_new_caller_is_refused_and_one_who_lost_the_line_is_not() -> None:
    machine = Machine()
    admission = Admission(4, has_room=machine.guard.has_room)
    assert admission.join() is not None
    assert not machine.has_room(0.99)
    assert not admission.takes_new
    assert admission.join() is None
    assert admission.join(first=True) is not None
    assert admission.join(stays=False) is not None, "a turn of a conversation that is there"
    assert machine.has_room(0.1)
    assert admission.join() is not None


def v2(folder: Path, used: str, most: str, cache: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cache}\n")
    return folder


def test_a_container_s_limit_is_read_without_what_the_kernel_gives_back(tmp_path: Path) -> None:
    found = container(TOTAL, v2(tmp_path / "2", "900", "1000", cache=300), tmp_path / "none")
    assert found == Reading("container", 600, 1000)
    old = tmp_path / "1"
    old.mkdir()
    (old / "memory.usage_in_bytes").write_text("800")
    (old / "memory.limit_in_bytes").write_text("2000")
    (old / "memory.stat").write_text("total_inactive_file 100\n")
    assert container(TOTAL, tmp_path / "none", old) == Reading("container", 700, 2000)


@pytest.mark.parametrize("most", ["max", "9223372036854771712", "0", "nonsense", ""])
def test_without_a_limit_there_is_no_container(tmp_path: Path, most: str) -> None:
    assert container(TOTAL, v2(tmp_path / "2", "900", most), tmp_path / "none") is None
    assert container(TOTAL, tmp_path / "none", tmp_path / "none") is None


def test_the_setting_is_a_limit_of_its_own() -> None:
    found = {one.what: one for one in readings(100_000)}
    assert found["DONGHAENG_MAX_MEMORY_MB"].limit == 100_000 * MEGABYTE
    assert 0 < found["DONGHAENG_MAX_MEMORY_MB"].share < 1
    assert 0 < found["machine"].share < 1
    assert "DONGHAENG_MAX_MEMORY_MB" not in {one.what for one in readings(None)}
