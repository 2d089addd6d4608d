"""Reads the rules and the risk questions that come with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from donghaeng.tower.process.risk import RiskForm
from donghaeng.tower.process.rules import Rules
from donghaeng.trust.rule_files import read_rules

FOLDER: Final = Path(__file__).parent


@cache
def load_rules() -> Rules:
    """The rules of the process.

    Raises:
        InputError: the file is wrong.
    """
    return read_rules(FOLDER / "process.yaml", Rules)


@cache
def load_risk_form() -> RiskForm:
    """The questions for the risk level.

    Raises:
        InputError: the file is wrong.
    """
    return read_rules(FOLDER / "risk.yaml", RiskForm)
