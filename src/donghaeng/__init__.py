"""Donghaeng (동행): a citizen says it in Korean, the city does it, the agent answers aloud."""

import os

__version__ = "0.1.0"

# Turns run beside each other: threads within one product wait for each other, and while they wait
# they take the cores from other turns (docs/decisions/0069-one-thread-a-product.md). NumPy reads it at first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
