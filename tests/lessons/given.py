"""What the tests of learning share: the shipped catalogue, and the labelled files beside them.

The folder is not called as the package is: ``tests.learning`` is what the tests learn from the catalogue.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.conftest import CHECKOUT

from donghaeng.learning.loading import load_learning

HERE = Path(__file__).parent
CATALOGUE = CHECKOUT / "catalogue"
LEARNING = load_learning(CATALOGUE)


def read(name: str) -> Any:
    """A YAML file beside the tests."""
    return YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))


CALLS: dict[str, Any] = read("calls.yaml")
OFFICIALS: list[dict[str, Any]] = read("officials.yaml")["officials"]
