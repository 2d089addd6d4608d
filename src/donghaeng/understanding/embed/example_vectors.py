"""Vectors of sentences, the catalogue's examples first of all, made once and kept by content hash."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from donghaeng.understanding.embed.protocol import Embedder, Vectors

Progress = Callable[[int, int], None]
"""Called with (examples done, examples in all)."""
SAVE_EVERY = 1_000
"""Sentences, about half a minute's work, after which what is made is written."""


def example_vectors(
    texts: Sequence[str],
    embedder: Embedder,
    cache: Path | None,
    progress: Progress | None = None,
) -> Vectors:
    """Vectors of ``texts``, shape ``(len(texts), dimension)``, from ``cache`` where they are known.

    A damaged cache file counts as absent. Each sentence has an entry of its own in the file of its
    embedder, so an edited service file costs only its new sentences; what is made is written now and then, so
    long work that is broken off goes on where it was.
    """
    file = cache / "vectors" / f"{embedder.name}.npz" if cache is not None else None
    known = _read(file, embedder.dimension) if file is not None else {}
    keys = [hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:24] for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    for done, (key, text) in enumerate(missing.items(), start=1):
        known[key] = embedder.embed([text])[0]
        if progress is not None:
            progress(done, len(missing))
        if file is not None and done % SAVE_EVERY == 0:
            with suppress(OSError):
                _write(file, known)
    if file is not None and missing:
        with suppress(OSError):  # a folder that takes no file costs time at the next start, nothing else
            _write(file, {key: known[key] for key in keys})
    return np.array([known[key] for key in keys], np.float32).reshape(len(keys), embedder.dimension)


def _read(file: Path, dimension: int) -> dict[str, Vectors]:
    try:
        with np.load(file, allow_pickle=False) as stored:
            keys, rows = stored["keys"], stored["rows"]
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile):
        return {}
    if rows.ndim != 2 or rows.shape != (len(keys), dimension):
        return {}
    return {str(key): row for key, row in zip(keys, rows, strict=True)}


def _write(file: Path, vectors: dict[str, Vectors]) -> None:
    """Atomically: a process that starts meanwhile reads the old file or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{os.getpid()}.{threading.get_ident()}.{file.name}")
    with draft.open("wb") as stream:
        np.savez(stream, keys=np.array(list(vectors)), rows=np.stack(list(vectors.values())))
    draft.replace(file)
