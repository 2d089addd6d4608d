"""What was learnt from examples, kept on disk by content hash.

A start with unchanged examples reads it in a fraction of a second instead of learning for some seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from donghaeng.korean.morphemes import Analyse
from donghaeng.understanding.ranking.features import Strengths, Vocabulary
from donghaeng.understanding.ranking.linear import LinearModel
from donghaeng.understanding.ranking.ranker import Deep, Learnt

FORMAT: Final = "8"
"""Changes whenever learning does, so that nothing learnt otherwise is taken for it."""
ANY_TEXT: Final = "surrogatepass"
"""How text is encoded: a labelled file may hold halves of UTF-16 pairs."""
MOST_KEPT: Final = 12
"""Files kept, about 40 MB each for 42 services; those not used for longest go. A run of the tests uses
eight."""


def key_of(examples: Mapping[str, Sequence[str]], *made_by: str) -> str:
    """The content hash of ``examples`` and of the names of what they are learnt with."""
    said = json.dumps([FORMAT, made_by, list(examples.items())], ensure_ascii=False)
    return hashlib.sha256(said.encode(errors=ANY_TEXT)).hexdigest()[:24]


def write(folder: Path, key: str, learnt: Learnt) -> None:
    """Keep ``learnt``, atomically: a process that starts meanwhile finds the whole file or none."""
    folder.mkdir(parents=True, exist_ok=True)
    grams = sorted(learnt.vocabulary.index, key=learnt.vocabulary.index.__getitem__)
    arrays: dict[str, Any] = {
        "labels": np.array(learnt.labels),
        "grams": np.frombuffer(zlib.compress("\n".join(grams).encode(errors=ANY_TEXT), 1), dtype=np.uint8),
        "strengths": np.array(learnt.vocabulary.strengths),
        "rarity": learnt.vocabulary.weights,
        "settles": np.array(learnt.settles),
        **_packed("cheap", learnt.cheap),
    }
    if learnt.deep is not None:
        shares = np.array([learnt.deep.cheap_share, learnt.deep.scale])
        arrays |= {"mean": learnt.deep.mean, "shares": shares, **_packed("deep", learnt.deep.model)}
    draft = folder / f".{os.getpid()}.{threading.get_ident()}.{key}.npz"
    try:
        with draft.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        draft.replace(folder / f"{key}.npz")
    finally:
        draft.unlink(missing_ok=True)
    for old in sorted(folder.glob("[!.]*.npz"), key=_last_used, reverse=True)[MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _last_used(file: Path) -> float:
    """Time stamp; 0 where another process has just removed the file."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def read(folder: Path, key: str, analyse: Analyse | None) -> Learnt | None:
    """What was kept under ``key``; None where there is nothing whole."""
    file = folder / f"{key}.npz"
    try:
        with np.load(file, allow_pickle=False) as kept:
            learnt = _unpacked(kept, analyse)
    except _DAMAGE:
        return None
    with suppress(OSError):
        os.utime(file)
    return learnt if _is_whole(learnt) else None


_DAMAGE: Final = (OSError, ValueError, TypeError, KeyError, EOFError, zlib.error, zipfile.BadZipFile)
"""What reading a file that is cut, damaged or something else raises."""


def _unpacked(kept: Mapping[str, NDArray[Any]], analyse: Analyse | None) -> Learnt:
    grams = zlib.decompress(kept["grams"].tobytes()).decode(errors=ANY_TEXT).split("\n")
    index = {gram: place for place, gram in enumerate(grams)} if grams != [""] else {}
    vocabulary = Vocabulary(index, kept["rarity"], analyse, Strengths(*kept["strengths"].tolist()))
    deep = None
    if "mean" in kept:
        share, scale = kept["shares"].tolist()
        deep = Deep(kept["mean"], _model("deep", kept), share, scale)
    labels = tuple(kept["labels"].tolist())
    return Learnt(labels, vocabulary, _model("cheap", kept), float(kept["settles"]), deep)


def _is_whole(learnt: Learnt) -> bool:
    """Whether all shapes fit together."""
    classes = len(learnt.labels)
    shapes: list[tuple[object, object]] = [(learnt.vocabulary.weights.shape, (len(learnt.vocabulary),))]
    models = [(learnt.cheap, len(learnt.vocabulary))]
    if learnt.deep is not None:
        models.append((learnt.deep.model, learnt.deep.mean.size))
    for model, features in models:
        shapes += [(model.weights.shape, (features, classes)), (model.bias.shape, (classes,))]
    return all(found == wanted for found, wanted in shapes)


def _packed(name: str, model: LinearModel) -> dict[str, Any]:
    parts = {"weights": model.weights, "bias": model.bias, "scale": np.array(model.scale)}
    return {f"{name}_{part}": values for part, values in parts.items()}


def _model(name: str, kept: Mapping[str, NDArray[np.float32]]) -> LinearModel:
    return LinearModel(kept[f"{name}_weights"], kept[f"{name}_bias"], float(kept[f"{name}_scale"]))
