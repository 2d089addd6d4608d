"""The lock files ``requirements/*.txt``: what is pinned, and which of it an environment lacks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import SetupError

PINNED = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)")
BATCH_SIZE = 6
"""Packages that one pip process installs: an interruption costs little, and pip's start weighs little."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock file: normalised name, version, and its lines as they stand with their hashes."""

    name: str
    version: str
    text: str


def normalise(name: str) -> str:
    """The name as package indexes compare it: lower case, single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse_lock(text: str, source: str = "lock file") -> list[Pin]:
    """The pins of a lock file, in its order.

    Raises:
        SetupError: a line is neither a pin with hashes nor a comment.
    """
    pins = []
    logical_lines = text.replace("\\\n", "\0").splitlines()
    for line in logical_lines:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        found = PINNED.match(stripped)
        if found is None or "--hash=sha256:" not in stripped:
            raise SetupError(
                f"{source}: not a pinned package with hashes: {stripped[:80]!r}",
                remedy="restore the file from the repository, or write it anew with `make lock`",
            )
        pin_text = stripped.replace("\0", "\\\n") + "\n"
        pins.append(Pin(normalise(found["name"]), found["version"], pin_text))
    return pins


def installed_versions(site_packages: Path) -> dict[str, str]:
    """Normalised name → version of every package that is completely installed in ``site_packages``.

    pip writes ``INSTALLER`` and the final ``RECORD`` after everything else, so a package without them was
    interrupted and does not count.
    """
    versions = {}
    for info in site_packages.glob("*.dist-info"):
        if _is_complete(info):
            name, _, version = info.name.removesuffix(".dist-info").partition("-")
            versions[normalise(name)] = version
    return versions


def remove_interrupted(site_packages: Path) -> list[str]:
    """Forget packages whose installation was cut off, which pip cannot replace; returns their folders."""
    broken = [info for info in site_packages.glob("*.dist-info") if not _is_complete(info)]
    for info in broken:
        shutil.rmtree(info)
    return [info.name for info in broken]


def _is_complete(info: Path) -> bool:
    return (info / "INSTALLER").is_file() and (info / "RECORD").is_file()


def missing(pins: Iterable[Pin], installed: Mapping[str, str]) -> list[Pin]:
    """The pins that are absent or of another version."""
    return [pin for pin in pins if installed.get(pin.name) != pin.version]


def batches(pins: Sequence[Pin], size: int = BATCH_SIZE) -> list[Sequence[Pin]]:
    """The pins in runs of ``size``, order kept."""
    return [pins[start : start + size] for start in range(0, len(pins), size)]
