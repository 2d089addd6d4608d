"""Memory of sound goes back to the system when it is freed.

glibc raises the size from which blocks are mapped of their own each time such a block is freed, up to 32 MB
(mallopt(3), M_MMAP_THRESHOLD). The sound of clauses, all of different lengths, then lies scattered over the
heaps of every thread and keeps them from shrinking: 200 short calls left some 50 kB each behind, and leave 5
with the threshold held where it starts.
"""

from __future__ import annotations

import ctypes
from typing import Final

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""
THRESHOLD_BYTES: Final = 128 * 1024
"""glibc's own first value of both."""


def hold_thresholds() -> bool:
    """Keep glibc from raising them; False where the system's allocator is another one."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return False
    return all(mallopt(which, THRESHOLD_BYTES) == 1 for which in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD))
