"""Circuit breakers: what keeps failing is left alone for a while, so that nobody waits for it. Pure.

::

    closed ──FAILURES within WINDOW_S, none answered between──▶ open
      ▲                                                          │ OPEN_S
      └──────────────── answered ──── half open ◀────────────────┘
                                          └──── failed ────▶ open

Half open lets one call through; the others fail at once until it has an answer, or OPEN_S are over. Time is
the caller's, in seconds of a clock of any origin; one that jumps back opens nothing for longer than OPEN_S.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

FAILURES = 5
"""Calls (with all their attempts) that fail in a row before a provider is left alone."""
WINDOW_S = 60.0
"""Failures longer apart than this tell nothing about now."""
OPEN_S = 30.0
"""How long a provider is left alone: a citizen who asks once more a minute later should be served."""


class CircuitState(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


@dataclass(slots=True)
class Circuit:
    """The breaker of one provider, or of one of its interfaces."""

    state: CircuitState = CircuitState.CLOSED
    since: float = 0.0
    """When it was opened, or when the call that tries it began."""
    _failed_at: list[float] = field(default_factory=list)

    def lets_through(self, at: float) -> bool:
        """Whether a call may be made now; a call that was let through is told how it ended."""
        if self.state is CircuitState.CLOSED:
            return True
        if 0 <= at - self.since < OPEN_S:
            return False
        self.state, self.since = CircuitState.HALF_OPEN, at
        return True

    def answered(self) -> None:
        """The provider answered, be it that it has nothing or that it refuses."""
        self.state = CircuitState.CLOSED
        self._failed_at.clear()

    def failed(self, at: float) -> None:
        """No answer that could be used."""
        if self.state is CircuitState.OPEN:
            return
        self._failed_at = [one for one in self._failed_at if 0 <= at - one < WINDOW_S]
        self._failed_at.append(at)
        if self.state is CircuitState.HALF_OPEN or len(self._failed_at) >= FAILURES:
            self.state, self.since = CircuitState.OPEN, at
            self._failed_at.clear()


OnChange = Callable[[str, CircuitState], None]
"""Is told a circuit's name and new state."""


class Circuits:
    """Circuits by name, each made when it is first asked for.

    Args:
        on_change: told of every change of state.
    """

    def __init__(self, on_change: OnChange = lambda name, state: None) -> None:
        self._circuits: dict[str, Circuit] = {}
        self._on_change = on_change

    def lets_through(self, name: str, at: float) -> bool:
        """Whether a call may be made now."""
        circuit = self._circuits.setdefault(name, Circuit())
        before = circuit.state
        through = circuit.lets_through(at)
        self._tell(name, before)
        return through

    def answered(self, name: str) -> None:
        """A call that was let through has an answer."""
        before = self._circuits[name].state
        self._circuits[name].answered()
        self._tell(name, before)

    def failed(self, name: str, at: float) -> None:
        """A call that was let through has none."""
        before = self._circuits[name].state
        self._circuits[name].failed(at)
        self._tell(name, before)

    def _tell(self, name: str, before: CircuitState) -> None:
        state = self._circuits[name].state
        if state is not before:
            self._on_change(name, state)
