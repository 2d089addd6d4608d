"""Every service of the shipped catalogue is whole: examples, conversation tests, an owner, sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.city.services import load_catalogue
from donghaeng.city.services.loading import TESTS_FILE
from donghaeng.conversation.scenarios import read_scenarios

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
SERVICES = load_catalogue(CATALOGUE)
FEWEST_EXAMPLES, FEWEST_TESTS = 15, 4


def test_all_services_are_there() -> None:
    assert len(SERVICES) == 42


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_examples_tests_owner_and_sources(name: str) -> None:
    service = SERVICES[name]
    scenarios = read_scenarios([CATALOGUE / "services" / name / TESTS_FILE])
    assert len(service.examples) >= FEWEST_EXAMPLES
    assert len(scenarios) >= FEWEST_TESTS
    assert len({scenario.scenario for scenario in scenarios}) == len(scenarios)
    assert service.owner.department
    assert service.owner.handover_number
    assert service.sources
