"""A catalogue of a few services, which is learnt in no time."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.dialogue.harness import CATALOGUE

KEPT = ("ask", "counsellor", "emergency", "meter_freeze", "weather")


def small_catalogue(folder: Path) -> Path:
    """Copy the catalogue to ``folder`` without most services."""
    shutil.copytree(CATALOGUE, folder)
    for service in (folder / "services").iterdir():
        if service.name not in KEPT:
            shutil.rmtree(service)
    file = folder / "lexicon" / "out_of_scope.yaml"
    file.write_text(
        "".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:30]), encoding="utf-8"
    )
    return folder
