"""Operations that this process carries out itself, without asking an outside system.

What carries them out stands above the city (passages, for example) and is handed to it by the composition
root, so the city knows of it only this: what is asked, and for which service.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from donghaeng.city.operations import Answer, City

CarryOut = Callable[[City, Mapping[str, Any], datetime], Awaitable[Answer]]
"""The city (for what has to be asked outside after all), the arguments and the conversation's clock."""


@dataclass(frozen=True, slots=True)
class LocalOperation:
    """One operation that is carried out here."""

    carry_out: CarryOut
    services: Callable[[Mapping[str, Any]], tuple[str, ...]]
    """Ids of the services that these arguments are asked for: a sandbox city lets their faults strike."""


LocalOperations = Mapping[str, LocalOperation]
"""Local operations by name."""

NO_LOCAL_OPERATIONS: LocalOperations = MappingProxyType({})
