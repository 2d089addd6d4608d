"""Weight files that are delivered in parts, joined into the cache folder by content hash.

A package registry limits the size of one file, so models of some hundred megabytes arrive as parts inside
several installed packages. :func:`assemble` joins them once. The joined file lives in
``<cache>/weights/<first 16 digits of its SHA-256>/<name>``, so two models never share a place and a new
version never overwrites an old one. Beside it a small ``.verified`` file keeps the size and modification time
at which the checksum was found right: a start compares those instead of hashing hundreds of megabytes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from donghaeng.errors import EngineMissing, WeightsCorrupt

_NOTE = ".verified"
BLOCK_BYTES = 1 << 20
"""Bytes read at a time."""


def assemble(name: str, parts: Sequence[Path], sha256: str, cache: Path) -> Path:
    """Join ``parts`` in their order into the cache and return the path of the whole.

    Safe to call from several processes at once: the first one joins, the others wait for it. A file that is
    already there and unchanged since its checksum was verified is returned without being read; one that has
    changed is hashed again and, when it is wrong, joined again from the parts.

    Args:
        name: file name of the whole, without folders (``model.bin``).
        parts: files of the installed packages, in order; a single path is allowed.
        sha256: checksum of the whole, 64 hexadecimal digits.
        cache: the folder of ``Settings.cache``; made when absent.

    Raises:
        EngineMissing: a part is not there (its package is not installed), or the cache cannot be written.
        WeightsCorrupt: the joined parts have another checksum; nothing is left in the cache.
    """
    target = place_of(name, sha256, cache)
    if _verified(target, sha256):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target):
            if not _verified(target, sha256) and not _verify(target, sha256):
                _join(target, parts, sha256)
    except OSError as error:
        raise EngineMissing(
            f"weights {name} cannot be written to {target.parent}: {error.strerror or error}",
            remedy="make room or point DONGHAENG_CACHE to a writable folder",
        ) from error
    return target


def place_of(name: str, sha256: str, cache: Path) -> Path:
    """Where the file of this checksum lives in the cache, whether it is there or not."""
    return cache / "weights" / sha256.lower()[:16] / name


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in _blocks(file):
            digest.update(block)
    return digest.hexdigest()


def changed_files(cache: Path) -> list[Path]:
    """Joined files in the cache that are no longer what their folder's name says, every byte of them read: a
    start looks at size and time alone, which a disk that forgets a bit leaves as they were."""
    notes = sorted((cache / "weights").glob(f"*/*{_NOTE}"))
    wholes = [note.with_name(note.name.removesuffix(_NOTE)) for note in notes]
    return [one for one in wholes if one.is_file() and file_sha256(one)[:16] != one.parent.name]


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


def _sidecar(target: Path) -> Path:
    return target.with_name(target.name + _NOTE)


def _verified(target: Path, sha256: str) -> bool:
    """Whether the checksum was found right for exactly this size and modification time."""
    try:
        state = target.stat()
        noted = json.loads(_sidecar(target).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == _note(state, sha256))


def _note(state: os.stat_result, sha256: str) -> dict[str, str | int]:
    return {"sha256": sha256.lower(), "size": state.st_size, "mtime_ns": state.st_mtime_ns}


def _verify(target: Path, sha256: str) -> bool:
    """Hash the file in the cache; note it as verified when it is right."""
    if not target.is_file():
        return False
    if file_sha256(target) != sha256.lower():
        return False
    _write_note(target, sha256)
    return True


def _write_note(target: Path, sha256: str) -> None:
    note = _sidecar(target)
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    fresh.write_text(json.dumps(_note(target.stat(), sha256)), encoding="utf-8")
    fresh.replace(note)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the target's lock file; released by the system when the process dies."""
    with target.with_name(target.name + ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _join(target: Path, parts: Sequence[Path], sha256: str) -> None:
    missing = [part for part in parts if not part.is_file()]
    if missing or not parts:
        raise EngineMissing(
            f"weights {target.name}: part {missing[0] if missing else '(none named)'} is absent",
            remedy="install the package again: `pip install --force-reinstall donghaeng`",
        )
    digest = hashlib.sha256()
    handle, fresh_name = tempfile.mkstemp(prefix=target.name + ".", suffix=".joining", dir=target.parent)
    fresh = Path(fresh_name)
    try:
        with os.fdopen(handle, "wb") as whole:
            for part in parts:
                with part.open("rb") as file:
                    for block in _blocks(file):
                        digest.update(block)
                        whole.write(block)
            whole.flush()
            os.fsync(whole.fileno())
        if digest.hexdigest() != sha256.lower():
            raise WeightsCorrupt(
                f"weights {target.name}: the joined parts have SHA-256 {digest.hexdigest()}, not {sha256}",
                remedy="install the packages of the parts again: `pip install --force-reinstall donghaeng`",
            )
        fresh.chmod(0o644)
        fresh.replace(target)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
    _write_note(target, sha256)
