"""A process is known again by its name, dead or alive, whatever the wall clock says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import psutil
import pytest

from donghaeng.store.process_names import is_dead, process_name


def test_this_process_lives_and_another_start_under_its_number_does_not() -> None:
    name = process_name()
    assert not is_dead(name)
    assert name == process_name()
    assert is_dead(f"{socket.gethostname()}/{os.getpid()}/0.00")
    assert is_dead(f"{socket.gethostname()}/999999999/0.00")


@pytest.mark.parametrize("name", ["elsewhere/1/0.00", "", "nonsense", "a/b/c"])
def test_of_another_machine_nothing_is_known(name: str) -> None:
    assert not is_dead(name)


def test_a_wall_clock_that_is_set_makes_nobody_look_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel works a process's moment of birth out from a clock that may be set."""
    name = process_name()
    real = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: real(self) + 3600)
    assert not is_dead(name)
    assert process_name() == name


def test_a_process_that_has_ended_is_dead_before_anybody_asks_how() -> None:
    """Its parent may never ask, as in a container whose first process does not."""
    tell = "import sys; from donghaeng.store.process_names import process_name;"
    tell += "print(process_name(), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", tell], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        name = child.stdout.readline().strip()
        assert not is_dead(name)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
        assert is_dead(name)
    assert is_dead(name)
