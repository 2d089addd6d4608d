"""Figures that every measurement uses: quantiles, scores, reliability, time and memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, comb

import psutil

MEGABYTE = 1_000_000


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` (0 … 1) of ``values`` do not exceed (nearest rank); ``None``
    for no values."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def milliseconds(seconds: Sequence[float], name: str = "") -> dict[str, float | None]:
    """``p50_ms`` and ``p95_ms`` of durations in seconds, to a hundredth; ``name`` stands before."""
    found = {f"{name}p50_ms": quantile(seconds, 0.5), f"{name}p95_ms": quantile(seconds, 0.95)}
    return {key: None if value is None else round(value * 1000, 2) for key, value in found.items()}


def accuracy(gold: Sequence[str], said: Sequence[str | None]) -> float:
    """Share of right labels; a case without a prediction (``None``) is wrong."""
    return sum(one == other for one, other in zip(gold, said, strict=True)) / len(gold)


def macro_f1(gold: Sequence[str], said: Sequence[str | None]) -> float:
    """Mean F1 over the classes of ``gold``, each counting the same."""
    right = Counter(one for one, other in zip(gold, said, strict=True) if one == other)
    wanted, given = Counter(gold), Counter(said)
    return sum(2 * right[label] / (wanted[label] + given[label]) for label in wanted) / len(wanted)


def pass_hat(passes: Iterable[tuple[int, int]], k: int) -> float:
    """pass^k: the chance that ``k`` runs of a task all pass, averaged over tasks.

    Args:
        passes: for each task how many of its runs passed and how many there were (at least ``k``).
        k: runs that must all pass.

    The unbiased estimate of τ-bench (arXiv 2406.12045): C(passed, k) / C(runs, k).
    """
    shares = [comb(passed, k) / comb(runs, k) for passed, runs in passes]
    return sum(shares) / len(shares)


def cpu_seconds() -> float:
    """CPU time of all threads of this process so far, user and system."""
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def memory_bytes() -> int:
    """Resident memory of this process."""
    return int(psutil.Process().memory_info().rss)


def rounded(figures: Mapping[str, object], digits: int = 4) -> dict[str, object]:
    """``figures`` with every float rounded."""
    return {
        key: round(value, digits) if isinstance(value, float) else value for key, value in figures.items()
    }
