"""What every provider offers: names, parameters and row fields of all operations.

Service files are checked against this table; the adapters beside it fill the rows. Units are in the
names (``first_minutes``, ``distance_m``, ``fee_won``). An optional field may be absent from a row or
``None``. Rows come in the order in which one would say them: soonest, nearest or official first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Operation
from donghaeng.city.providers.declared import (
    account,
    apps,
    culture,
    facilities,
    forms,
    gateway,
    health,
    knowledge,
    safety,
    transport,
    welfare,
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.name: operation
        for family in (
            transport,
            safety,
            health,
            facilities,
            culture,
            gateway,
            account,
            apps,
            forms,
            knowledge,
            welfare,
        )
        for operation in family.OPERATIONS
    }
)
"""Every operation by name."""
