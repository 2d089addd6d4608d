"""Free questions of an agent, answered by the deployment of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from donghaeng.city.local import CarryOut, LocalOperations
from donghaeng.city.operations import Answer, City
from donghaeng.cluster.calling import EngineCalls
from donghaeng.cluster.shape import ANSWERS
from donghaeng.errors import EngineError, ProviderUnavailable

APART: Final = ("knowledge.search", "knowledge.choices")
"""What costs a vector and a search; the rest are look-ups by name, done where they are asked."""
ANSWER_SECONDS: Final = 10.0
"""A language model may word the answer anew."""


def answered_apart(operations: LocalOperations) -> LocalOperations:
    """The operations of the knowledge base, free questions among them carried out by the deployment."""
    calls = EngineCalls(ANSWERS, seconds=ANSWER_SECONDS)
    return {
        name: replace(operation, carry_out=_asked(calls, name)) if name in APART else operation
        for name, operation in operations.items()
    }


def _asked(calls: EngineCalls, name: str) -> CarryOut:
    async def ask(city: City, arguments: Mapping[str, Any], now: datetime) -> Answer:
        del city
        try:
            answer: Answer = await calls.ask("carry_out", name, dict(arguments), now)
        except EngineError as error:
            raise ProviderUnavailable("knowledge", str(error)) from error
        return answer

    return ask
