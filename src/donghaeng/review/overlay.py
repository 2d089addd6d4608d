"""A catalogue folder with published changes in it: made beside the cache, named by what it holds.

The folder that the operator gave is never written to. What was made stands under a name of its own content,
so two processes make the same one, and one that is there is not made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from ruamel.yaml import YAML

from donghaeng.city.person_topics import load_person_topics
from donghaeng.city.services.loading import OPERATION_FILE, SERVICE_FILE, TESTS_FILE
from donghaeng.errors import CatalogueError, InputError
from donghaeng.review.changes import Change, write_change
from donghaeng.review.merging import PERSON_TOPICS, apply, file_of
from donghaeng.review.regression import FREE_QUESTION
from donghaeng.review.service_change import ServiceChange, restored

MOST_KEPT: Final = 8
"""Folders that stay in the cache; the oldest goes first."""
_READ: Final = (
    f"services/*/{SERVICE_FILE}",
    f"services/*/{OPERATION_FILE}",
    f"services/*/{TESTS_FILE}",
    "lexicon/*",
    "places/*",
    "knowledge/*",
    "desk/*",
    "*.yaml",
)
_WIDE: Final = 10_000
_SUM: Final = ".sum"
"""File in a folder that was made: the hash of all others."""

_log = structlog.get_logger(__name__)


def fingerprint(base: Path, changes: Sequence[Change]) -> str:
    """Hash of all that a folder with ``changes`` holds."""
    digest = hashlib.sha256()
    for pattern in _READ:
        for file in sorted(base.glob(pattern)):
            if file.is_file():
                digest.update(f"{file.relative_to(base)}\n".encode())
                digest.update(file.read_bytes())
    for change in changes:
        digest.update(json.dumps(write_change(change), sort_keys=True).encode())
    return digest.hexdigest()[:24]


def with_changes(base: Path, changes: Sequence[Change], cache: Path, *, strict: bool = False) -> Path:
    """The folder of the catalogue ``base`` with changes added; ``base`` itself where none goes into a file.

    Args:
        base: as the operator keeps it.
        changes: in the order in which they were published.
        cache: where folders are made.
        strict: refuse a change that does not fit; else it is left out and logged, and the others serve.

    Raises:
        InputError: with ``strict``, a change does not fit.
    """
    filed = [change for change in changes if file_of(change) is not None]
    if not filed:
        return base
    folder = cache / "catalogues" / fingerprint(base, filed)
    if folder.is_dir() and not _is_whole(folder):
        _log.warning("review.folder_damaged", version=folder.name)
        shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir() and not strict:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as making:
        made = Path(making) / "catalogue"
        shutil.copytree(base, made)
        for change in filed:
            try:
                _add(change, made)
            except InputError as error:
                if strict:
                    raise
                _log.error(
                    "review.left_out",
                    kind=change.kind,
                    error=type(error).__name__,
                    remedy="donghaeng review list",
                )
        (made / _SUM).write_text(fingerprint(made, ()), encoding="utf-8")
        if not folder.is_dir():
            made.rename(folder)
    os.utime(folder)  # a copy has the age of what it was made of
    _tidy(folder.parent)
    return folder


def add_tests(folder: Path, tests: Iterable[Mapping[str, Any]]) -> None:
    """Put conversation tests into a catalogue's folder: each to the service that it expects, those of none to
    the free questions'. What stands there stays as it is written, and a test that does is not added."""
    yaml = YAML()
    yaml.width = _WIDE
    for test in tests:
        service = test["turns"][0]["expect"].get("service") or FREE_QUESTION
        file = folder / "services" / service / TESTS_FILE
        if not file.parent.is_dir():
            file = folder / "services" / FREE_QUESTION / TESTS_FILE
        if file.exists() and str(test["scenario"]) in file.read_text(encoding="utf-8"):
            continue
        with file.open("a", encoding="utf-8") as stream:
            yaml.dump([dict(test)], stream)


def _is_whole(folder: Path) -> bool:
    """Whether every file of it is what was written."""
    try:
        return (folder / _SUM).read_text(encoding="utf-8") == fingerprint(folder, ())
    except (OSError, ValueError):
        return False


def _add(change: Change, folder: Path) -> None:
    """Add a change to its file; the file stays as it was where it does not fit."""
    name = file_of(change)
    assert name is not None, "a passage goes into no file"
    file = folder / name
    if isinstance(change, ServiceChange):
        file.parent.mkdir(parents=True, exist_ok=True)
        for one, text in ((file, change.definition), (file.with_name(TESTS_FILE), change.tests)):
            known = one.read_text(encoding="utf-8") if one.is_file() else ""
            one.write_text(restored(text, known), encoding="utf-8")
        return
    if not file.is_file():
        raise InputError(f"{name}: 카탈로그에 이 파일이 없어요")
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    data = yaml.load(file.read_text(encoding="utf-8"))
    before = file.read_bytes()
    apply(change, data)
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(data, stream)
    try:
        if name == PERSON_TOPICS:
            load_person_topics(file)
    except CatalogueError as error:
        file.write_bytes(before)
        raise InputError(f"규칙이 맞지 않아요: {error}") from None


def _tidy(parent: Path) -> None:
    folders = [one for one in parent.iterdir() if one.is_dir() and not one.name.startswith(".")]
    folders.sort(key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for old in folders[MOST_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
