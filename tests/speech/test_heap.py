"""Freed sound goes back to the system, however it was made."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import random, sys
import numpy as np, psutil
if sys.argv[1] == "held":
    from donghaeng.speech.heap import hold_thresholds
    assert hold_thresholds()
chance = random.Random(1)
kept = []
for number in range(300):
    sounds = [np.ones(chance.randrange(20_000, 400_000), np.float32) for _ in range(8)]
    kept.append(np.ones(40, np.float32))
    chance.shuffle(sounds)
    del sounds
whole = [np.ones(chance.randrange(20_000, 400_000), np.float32) for _ in range(60)]
pins = [np.ones(1_000, np.float32) for _ in range(60)]
before = psutil.Process().memory_info().rss
del whole
print((before - psutil.Process().memory_info().rss) / 1e6)
"""


def given_back(way: str) -> float:
    """Megabytes that fall with the sounds."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, way], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator than glibc's")
def test_sounds_that_are_freed_leave_the_process() -> None:
    sounds_mb = 60 * 210_000 * 4 / 1e6
    held = given_back("held")
    assert held > 0.8 * sounds_mb
    assert held > given_back("as it is") + 5
