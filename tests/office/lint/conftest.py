"""The linter with the catalogue's own rules, once a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_linter

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"


@pytest.fixture(scope="session")
def linter() -> Linter:
    return load_linter(CATALOGUE)
