"""The table of weights is what is installed, and a changed or absent file is told apart."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from donghaeng.trust.supply.weights import State, Weights, check, load_weights, markdown

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("weights", load_weights(), ids=lambda weights: weights.file)
def test_the_installed_weights_are_those_of_the_table(weights: Weights) -> None:
    assert check(weights).state is State.RIGHT


def test_changed_and_absent_files_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "part.bin"
    file.write_bytes(b"weights")
    right = Weights(
        name="w",
        package="p",
        file="part.bin",
        sha256=hashlib.sha256(b"weights").hexdigest(),
        licence="MIT",
        origin="o",
    )
    assert check(right, lambda _: file).state is State.RIGHT
    file.write_bytes(b"weightz")
    assert check(right, lambda _: file).state is State.CHANGED
    assert check(right, lambda _: tmp_path / "gone").state is State.ABSENT
    assert check(right, lambda _: None).state is State.ABSENT


def test_the_documents_have_this_table() -> None:
    assert markdown(load_weights()) in (DOCS / "models.md").read_text(encoding="utf-8")
