"""What was learnt from examples, kept on disk by content hash.

A start with unchanged examples reads it in a fraction of a second instead of learning for some seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.ranking.features import Strengths, Vocabulary
from donghaeng.understanding.ranking.linear import LinearModel
from donghaeng.understanding.ranking.ranker import Deep, Learnt

FORMAT: Final = "4"
"""Changes whenever learning does, so that nothing learnt otherwise is taken for it."""
MOST_KEPT: Final = 6
"""Files kept; the oldest go."""


def key_of(examples: Mapping[str, Sequence[str]], *made_by: str) -> str:
    """The content hash of ``examples`` and of the names of what they are learnt with."""
    said = json.dumps([FORMAT, made_by, list(examples.items())], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def write(folder: Path, key: str, learnt: Learnt) -> None:
    """Keep ``learnt``, atomically: a process that starts meanwhile finds the whole file or none."""
    folder.mkdir(parents=True, exist_ok=True)
    grams = sorted(learnt.vocabulary.index, key=learnt.vocabulary.index.__getitem__)
    arrays: dict[str, Any] = {
        "labels": np.array(learnt.labels),
        "grams": np.frombuffer(zlib.compress("\n".join(grams).encode(), 1), dtype=np.uint8),
        "strengths": np.array(learnt.vocabulary.strengths),
        "rarity": learnt.vocabulary.weights,
        "settles": np.array(learnt.settles),
        **_packed("cheap", learnt.cheap),
    }
    if learnt.deep is not None:
        shares = np.array([learnt.deep.cheap_share, learnt.deep.scale])
        arrays |= {"mean": learnt.deep.mean, "shares": shares, **_packed("deep", learnt.deep.model)}
    draft = folder / f".{os.getpid()}.{key}.npz"
    with draft.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)
    draft.replace(folder / f"{key}.npz")
    for old in sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)[MOST_KEPT:]:
        old.unlink(missing_ok=True)


def read(folder: Path, key: str, analyse: Analyse | None) -> Learnt | None:
    """What was kept under ``key``; None where there is nothing whole."""
    try:
        with np.load(folder / f"{key}.npz", allow_pickle=False) as kept:
            grams = zlib.decompress(kept["grams"].tobytes()).decode().split("\n")
            rarity: NDArray[np.float32] = kept["rarity"]
            deep = None
            if "mean" in kept:
                share, scale = kept["shares"].tolist()
                deep = Deep(kept["mean"], _model("deep", kept), share, scale)
            cheap = _model("cheap", kept)
            if len(grams) != len(rarity) or len(grams) != len(cheap.weights):
                return None
            index = {gram: place for place, gram in enumerate(grams)}
            vocabulary = Vocabulary(index, rarity, analyse, Strengths(*kept["strengths"].tolist()))
            labels = tuple(kept["labels"].tolist())
            return Learnt(labels, vocabulary, cheap, float(kept["settles"]), deep)
    except (OSError, ValueError, KeyError, EOFError, zlib.error):
        return None


def _packed(name: str, model: LinearModel) -> dict[str, Any]:
    parts = {"weights": model.weights, "bias": model.bias, "scale": np.array(model.scale)}
    return {f"{name}_{part}": values for part, values in parts.items()}


def _model(name: str, kept: Mapping[str, NDArray[np.float32]]) -> LinearModel:
    return LinearModel(kept[f"{name}_weights"], kept[f"{name}_bias"], float(kept[f"{name}_scale"]))
