"""Nodes of one core each, without a cluster."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("ray", reason="Ray is not installed")

from donghaeng.cluster.local import on_core

SAY_CORES = "import os; print(*sorted(os.sched_getaffinity(0)))"


def cores_of_a_child() -> list[int]:
    said = subprocess.run([sys.executable, "-c", SAY_CORES], check=True, capture_output=True, text=True)
    return [int(core) for core in said.stdout.split()]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system pins no process")
def test_what_a_node_starts_stays_on_its_core_and_nodes_go_round_the_cores() -> None:
    before = sorted(os.sched_getaffinity(0))
    for node in range(len(before) + 1):
        with on_core(node):
            assert cores_of_a_child() == [before[node % len(before)]]
    with on_core(None):
        assert cores_of_a_child() == before
    assert sorted(os.sched_getaffinity(0)) == before
