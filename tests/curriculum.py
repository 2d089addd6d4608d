"""What the tests of learning share: the shipped catalogue, and the labelled files in tests/learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.conftest import CHECKOUT

from donghaeng.learning.loading import load_learning

HERE = Path(__file__).parent / "learning"
CATALOGUE = CHECKOUT / "catalogue"
LEARNING = load_learning(CATALOGUE)


def read(name: str) -> Any:
    """A YAML file of tests/learning."""
    return YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))


CALLS: dict[str, Any] = read("calls.yaml")
OFFICIALS: list[dict[str, Any]] = read("officials.yaml")["officials"]
