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
    for name, most in (("act_examples.yaml", 26), ("emergencies.yaml", 12)):
        _shorten(folder / "lexicon" / name, most)
    for service in KEPT:
        _shorten(folder / "services" / service / "service.yaml", 16)
    return folder


def few_tests(folder: Path) -> None:
    """Keep two tests of each service: they show as well as all of them that tests are played."""
    for tests in folder.glob("services/*/tests.yaml"):
        parts = tests.read_text(encoding="utf-8").split("\n- scenario:")
        tests.write_text("\n- scenario:".join(parts[:2]) + "\n", encoding="utf-8")


def _shorten(file: Path, most: int) -> None:
    """Keep the first lines of every long list, so that it is learnt quickly."""
    kept, count = [], 0
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        is_entry = line.lstrip().startswith("- ") and not line.lstrip().startswith("- {")
        count = count + 1 if is_entry else 0
        if count <= most:
            kept.append(line)
    file.write_text("".join(kept), encoding="utf-8")
