"""The machine that a measurement runs on: what it is, and one core of it alone."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from donghaeng.measuring.cases import JsonObject


@contextmanager
def one_core() -> Iterator[None]:
    """All threads of this process on one core, where the system can do so."""
    process = psutil.Process()
    before = process.cpu_affinity() if hasattr(process, "cpu_affinity") else None
    if before is None:
        yield
        return
    process.cpu_affinity(before[:1])
    try:
        yield
    finally:
        process.cpu_affinity(before)


def machine() -> JsonObject:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor() or platform.processor() or platform.machine(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
        "load_1min": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
