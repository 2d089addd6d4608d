"""`donghaeng bench understanding`: how long an utterance takes to be understood (CONTRACT 6)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from random import Random
from typing import Final

from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.figures import cpu_seconds, milliseconds
from donghaeng.measuring.sound_alike import sound_alike
from donghaeng.understanding.acts import Context
from donghaeng.understanding.engine import CatalogueUnderstanding

SEED: Final = 7


def distinct(utterances: Iterable[str], count: int) -> list[str]:
    """At most ``count`` different utterances: those given, then as a recogniser hears them, so that none is
    remembered from before."""
    found = list(dict.fromkeys(utterances))[:count]
    chance, seen, given = Random(SEED), set(found), list(found)  # noqa: S311  repeatable, no secret
    for _ in range(count * 20):
        if len(found) >= count:
            break
        heard = sound_alike(chance.choice(given), chance)
        if heard not in seen:
            seen.add(heard)
            found.append(heard)
    return found


def run(
    understanding: CatalogueUnderstanding,
    utterances: Sequence[str],
    now: datetime,
    progress: Progress = no_progress,
) -> JsonObject:
    """Understand each utterance as the first of a conversation, in one thread."""
    ranker = understanding.ranker
    first = [_timed(partial(ranker.rank_cheaply, text)) for text in utterances]
    asked = ranker.embedded
    cpu, began = cpu_seconds(), time.perf_counter()
    whole = []
    for done, text in enumerate(utterances, start=1):
        whole.append(_timed(partial(understanding.understand, text, Context(now))))
        progress(done, len(utterances))
    elapsed, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    embedded = ranker.embedded - asked
    return {
        "kind": "understanding",
        "utterances": len(utterances),
        **milliseconds(first, "first_stage_"),
        **milliseconds(whole),
        "utterances_per_s": round(len(utterances) / elapsed, 1),
        "utterances_per_cpu_s": round(len(utterances) / cpu, 1) if cpu else None,
        "embeddings": embedded,
        "settled_without_embedding": round(max(0.0, 1 - embedded / len(utterances)), 4),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
