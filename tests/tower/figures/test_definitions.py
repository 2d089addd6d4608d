"""The city's file of figures, and mistakes in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from tests.conftest import CHECKOUT

from donghaeng.errors import InputError
from donghaeng.tower.figures.definitions import FILE, Definitions, load_definitions

SHIPPED = CHECKOUT / "catalogue"


def test_the_file_that_comes_with_the_program_holds_what_the_tower_is_to_count() -> None:
    found = load_definitions(SHIPPED)
    wanted = {
        "conversations",
        "completion",
        "handover",
        "wait_p95",
        "abandonment",
        "repeat_contact",
        "no_match",
        "repeats",
        "slow_downs",
        "latency_p50",
        "latency_p95",
        "confidence_p50",
        "cited",
        "failures",
    }
    assert wanted <= {one.id for one in found.metrics}
    assert any(rule.silent_after for rule in found.alerts.rules)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["metrics"][0]["formula"].update(of="vibes"), "vibes is not counted"),
        (lambda told: told["metrics"][0]["formula"].update(per="turns"), "a rate, and nothing else"),
        (lambda told: told["metrics"][0]["formula"].update(kind="quantile"), "a quantile, and nothing else"),
        (lambda told: told["metrics"].append(told["metrics"][0]), "stands there twice"),
        (lambda told: told["alerts"]["rules"][0].update(metric="nothing"), "there is no metric nothing"),
        (lambda told: told["alerts"]["rules"][0].update(below=1.0), "one of above, below, silent_after"),
        (lambda told: told["alerts"]["rules"][-1].update(metric="turns"), "has a metric, or silent_after"),
    ],
)
def test_a_mistake_is_named(change, said: str) -> None:
    told = YAML(typ="safe").load(SHIPPED / FILE)
    change(told)
    with pytest.raises(ValidationError, match=said):
        Definitions.model_validate(told)


def test_a_city_without_the_file_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"figures\.yaml"):
        load_definitions(tmp_path)
