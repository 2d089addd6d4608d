"""The linter on the 300 labelled sentences, which were written before it: what the issue asks for holds."""

from __future__ import annotations

import pytest
import yaml
from bench.office_lint import SETS, Score, judge

from donghaeng.office.lint.linter import Linter


@pytest.mark.parametrize("half", ["development", "test"])
def test_precision_on_each_half(linter: Linter, half: str) -> None:
    score = Score()
    for sentence in yaml.safe_load((SETS / f"{half}.yaml").read_text("utf-8"))["sentences"]:
        judge(linter, sentence, score)
    told = score.told()
    assert told["precision"] >= 0.95
    assert told["recall"] >= 0.9
