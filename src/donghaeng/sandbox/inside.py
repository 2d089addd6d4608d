"""A sandbox city inside this process: the same requests and answers, without a socket or a wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from donghaeng.city.connect import ConnectedCity, inside
from donghaeng.city.operations import Answer
from donghaeng.city.places import PlaceTable
from donghaeng.city.providers.circuits import OnChange
from donghaeng.city.providers.transport import ATTEMPTS, TIMEOUT_S
from donghaeng.errors import MalformedAnswer, ProviderError, ProviderTimeout, ProviderUnavailable
from donghaeng.sandbox import clock
from donghaeng.sandbox.app import SLOW_S, create_app
from donghaeng.sandbox.city import PRACTICE_PREFIX, SandboxCity
from donghaeng.sandbox.faults import Fault, FaultKind, Full
from donghaeng.sandbox.ledger import Ledger


class InsideCity(ConnectedCity):
    """A connection to a sandbox city in this process, whose time is each call's ``now``."""

    def __init__(
        self,
        sandbox: SandboxCity,
        places: PlaceTable,
        *,
        on_circuit: OnChange = lambda name, state: None,
    ) -> None:
        outside, client = inside(create_app(sandbox, sleep=no_wait), places, on_circuit=on_circuit)
        super().__init__(outside, client)
        self.sandbox = sandbox

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Make one request; see :class:`~donghaeng.city.connect.ConnectedCity`."""
        with clock.at(now):
            if operation in self._local and await self._struck(operation, arguments):
                return Answer(())
            return await super().call(operation, arguments, now=now, idempotency_key=idempotency_key)

    async def _struck(self, operation: str, arguments: Mapping[str, Any]) -> bool:
        """Let the faults of a service strike what this process answers for it, as they strike the wire: they
        are raised when they outlast the attempts of a read; true where there is nothing to answer with."""
        services = self._local[operation].services(arguments)
        provider = operation.partition(".")[0]
        error: ProviderError | None = None
        for _ in range(ATTEMPTS):
            struck = self.sandbox.faults.strike(services)
            match struck.kind if struck is not None else None:
                case FaultKind.TIMEOUT:
                    error = ProviderTimeout(provider, "no answer")
                case FaultKind.ERROR:
                    error = ProviderUnavailable(provider, "it is down")
                case FaultKind.MALFORMED:
                    error = MalformedAnswer(provider, "the answer breaks off")
                case FaultKind.SLOW:
                    await no_wait(SLOW_S)
                    return False
                case FaultKind.EMPTY:
                    return True
                case None:
                    return False
        if error is not None:
            raise error
        return False

    async def aclose(self) -> None:
        """Close connections and the city's ledger."""
        await super().aclose()
        self.sandbox.ledger.close()


async def no_wait(seconds: float) -> None:
    """Passes at once; a wait beyond any caller's patience breaks off as that caller would.

    Raises:
        TimeoutError: nobody waits that long.
    """
    if seconds > TIMEOUT_S:
        raise TimeoutError


def shared_city(
    places: PlaceTable,
    *,
    seed: int,
    ledger: Ledger | None = None,
    on_circuit: OnChange = lambda name, state: None,
) -> InsideCity:
    """The sandbox city of a server; ``ledger`` keeps what it accepted between runs."""
    return InsideCity(
        SandboxCity(seed, places, clock.city_time, ledger=ledger), places, on_circuit=on_circuit
    )


def own_city(
    places: PlaceTable,
    *,
    seed: int = 7,
    faults: Iterable[Fault] = (),
    full: Iterable[Full] = (),
    practice: bool = False,
) -> InsideCity:
    """A sandbox city for one conversation test or one practice; it forgets everything when closed."""
    ledger = Ledger(prefix=PRACTICE_PREFIX) if practice else Ledger()
    return InsideCity(SandboxCity(seed, places, clock.city_time, faults, full, ledger=ledger), places)
