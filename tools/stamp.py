"""A stamp in the environment says what it was made from, so that an unchanged checkout starts at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

STAMP_NAME = "donghaeng-installed.json"
LAYOUT_VERSION = "1"
"""Changes when bootstrap installs in another way, so that old environments are looked over again."""


def digest(python: str, checkout: Path, files: Iterable[Path]) -> str:
    """SHA-256 (hex) over all that an environment depends on: Python, where it lies, what ``files`` hold."""
    sha = hashlib.sha256()
    for part in (LAYOUT_VERSION, python, str(checkout)):
        sha.update(part.encode() + b"\0")
    for file in files:
        content = file.read_bytes()
        sha.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()


def read_stamps(environment: Path) -> dict[str, str]:
    """Profile → digest of what is installed; empty where there is no readable stamp."""
    try:
        stamps = json.loads((environment / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamps.items()} if isinstance(stamps, dict) else {}


def write_stamps(environment: Path, stamps: dict[str, str]) -> None:
    """Replace the stamp in one step, so that an interruption leaves the old one or the new one."""
    fresh = environment / f"{STAMP_NAME}.new"
    fresh.write_text(json.dumps(stamps, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(environment / STAMP_NAME)
