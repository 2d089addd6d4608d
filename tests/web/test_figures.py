"""What Prometheus reads of providers that are left alone."""

from __future__ import annotations

import pytest

from donghaeng.city.providers.circuits import CircuitState
from donghaeng.web.figures import CIRCUIT_FIGURES, Figures


@pytest.mark.parametrize("state", list(CircuitState))
def test_every_state_of_a_circuit_is_a_figure(state: CircuitState) -> None:
    figures = Figures()
    figures.circuit("bus stationinfo/getStationByUid", state.value)
    line = f'donghaeng_provider_open{{interface="bus stationinfo/getStationByUid"}} {CIRCUIT_FIGURES[state]}'
    assert line in figures.text().decode()
