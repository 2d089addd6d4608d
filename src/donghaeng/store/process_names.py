"""Under which name a process holds what others must leave alone, and whether that process still runs.

The name holds the moment of its start as the kernel counts it, in ticks since the machine started: the moment
on the wall clock is worked out anew from a clock that may be set meanwhile, and a living process would look
like another one.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final

import psutil

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_STATE, _STARTED = 0, 19
"""Places of a process's state and start in ``/proc/PID/stat`` after its name in brackets (proc(5))."""
_GONE: Final = frozenset("ZXx")
"""States of a process that has ended and that nobody has asked for its status yet."""


def process_name() -> str:
    """The name of this process: machine, process id, moment of its start."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def is_dead(owner: str) -> bool:
    """Whether ``owner`` was a process of this machine that no longer runs."""
    host, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str | None:
    """When a process that runs was started; None where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        fields = stat.rpartition(")")[2].split()
        return None if fields[_STATE] in _GONE else f"{_BOOT.read_text()[:8]}.{fields[_STARTED]}"
    except (FileNotFoundError, ProcessLookupError):
        if _BOOT.exists():
            return None
    try:
        # Not Linux.
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
