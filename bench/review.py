"""How fast what went wrong is collected and grouped, and how near texts of one meaning are.

.venv/bin/python bench/review.py collect --conversations 500
.venv/bin/python bench/review.py cluster --items 5000
.venv/bin/python bench/review.py threshold

``threshold`` groups the catalogue's own examples at several distances: purity is the share of examples whose
cluster is mostly of their service, `pairs` the share of pairs of one cluster that are of one service.
CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np

from donghaeng.city.services import load_catalogue
from donghaeng.review.clustering import cluster
from donghaeng.review.collecting import Collector
from donghaeng.settings import load_settings
from donghaeng.store import Store, Transaction, conversations, events
from donghaeng.store.events import Event
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.embed.example_vectors import example_vectors
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.load import load_embedder

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TURNS = 8
DISTANCES = (0.06, 0.08, 0.09, 0.1, 0.11, 0.12, 0.13, 0.14, 0.16)


def examples() -> list[tuple[str, str]]:
    """Each example of the catalogue with its service, in a fixed order that mixes services."""
    catalogue = load_catalogue(load_settings().catalogue)
    found = [(text, service.id) for service in catalogue.values() for text in service.examples]
    Random(7).shuffle(found)
    return found


def collect(count: int) -> None:
    """Collect from conversations of :data:`TURNS` turns each, two of them without a match."""
    texts = [text for text, _ in examples()]

    def fill(tx: Transaction) -> None:
        for number in range(count):
            name = f"c_{number}"
            conversations.add(tx, conversations.Conversation(name, "chat", NOW, "v1"), name)
            rows = []
            for turn in range(1, TURNS + 1):
                text = texts[(number * TURNS + turn) % len(texts)]
                act = {"kind": "ask", "service": "weather", "score": 0.9}
                rows.append(Event(turn, "UtteranceHeard", NOW, {"acts": [act]}, {"text": text}))
                rows.append(Event(turn, "FrameOpened", NOW, {"service": "weather"}, {"slots": {}}))
                rows.append(Event(turn, "Missed" if turn in {3, 6} else "Understood", NOW))
                rows.append(Event(turn, "Replied", NOW, {"phrases": []}, {"say": text, "show": text}))
            events.append(tx, name, 0, rows)

    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/a.db", Sealer([b"k" * 32])) as store,
    ):
        store.run(fill)
        here = Collector(store, HashingEmbedder(), clock=lambda: NOW, is_personal=lambda service, slot: False)
        began, cpu = time.perf_counter(), time.process_time()
        found = asyncio.run(here.collect())
        cpu = time.process_time() - cpu
        seconds = time.perf_counter() - began
    print(
        f"{found} items of {count} conversations in {cpu:.2f} CPU-s ({seconds:.2f} s):"
        f" {found / cpu:.0f} items and {count / cpu:.0f} conversations a CPU-second"
    )


def grouped(count: int) -> None:
    """Group so many different texts, their vectors known."""
    texts = [text for text, _ in examples()][:count]
    vectors = _vectors(texts)
    # Of more than the catalogue has, others lie near its own.
    chance = np.random.default_rng(7)
    more = chance.integers(0, len(texts), count - len(texts))
    near = vectors[more] + chance.normal(0, 0.01, (len(more), vectors.shape[1])).astype(np.float32)
    vectors = np.concatenate([vectors, near / np.linalg.norm(near, axis=1, keepdims=True)])
    texts += [f"{texts[place]} {number}" for number, place in enumerate(more)]
    cpu = time.process_time()
    found = cluster(texts, vectors)
    print(f"{len(texts)} texts: {len(found)} clusters in {time.process_time() - cpu:.2f} CPU-s")


def threshold() -> None:
    """Purity at several distances."""
    chosen = examples()[:1500]
    vectors = _vectors([text for text, _ in chosen])
    for farthest in DISTANCES:
        found = cluster([text for text, _ in chosen], vectors, farthest=farthest)
        right = same = pairs = 0
        for one in found:
            services = Counter(chosen[place][1] for place in one.members)
            right += max(services.values())
            size = len(one.members)
            pairs += size * (size - 1) // 2
            same += sum(number * (number - 1) // 2 for number in services.values())
        alone = sum(len(one.members) == 1 for one in found)
        print(
            f"{farthest:.2f}: {len(found)} clusters, {alone} of one text, largest {len(found[0].members)},"
            f" purity {right / len(chosen):.3f}, pairs {same / max(1, pairs):.3f}"
        )


def _vectors(texts: list[str]) -> np.ndarray:
    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        # A copy: what is asked for here must not take the place of the whole catalogue's vectors.
        shutil.copytree(settings.cache / "vectors", Path(folder) / "vectors", dirs_exist_ok=True)
        return example_vectors(texts, load_embedder(settings.embedder), Path(folder))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("collect", "cluster", "threshold"))
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--items", type=int, default=5_000)
    given = parser.parse_args()
    match given.what:
        case "collect":
            collect(given.conversations)
        case "cluster":
            grouped(given.items)
        case "threshold":
            threshold()


if __name__ == "__main__":
    main()
