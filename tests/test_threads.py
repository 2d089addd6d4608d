"""Matrices are multiplied on one thread, unless the operator says otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

LOOK = """
import donghaeng, numpy, scipy.linalg, json, threadpoolctl
pools = threadpoolctl.threadpool_info()
print(json.dumps([one["num_threads"] for one in pools if one["user_api"] == "blas"]))
"""


@pytest.mark.parametrize(("told", "threads"), [(None, 1), ("2", 2)])
def test_products_of_matrices_have_the_threads_they_are_given(told: str | None, threads: int) -> None:
    if threads > (os.cpu_count() or 1):
        pytest.skip("OpenBLAS takes no more threads than there are cores")
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    if told is not None:
        environment["OPENBLAS_NUM_THREADS"] = told
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, check=True, capture_output=True, text=True
    )
    assert set(json.loads(done.stdout)) == {threads}
