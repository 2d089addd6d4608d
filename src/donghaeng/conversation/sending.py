"""One attempt at a write to the city, and what a trace tells of a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donghaeng.city.operations import Answer, City
from donghaeng.dialogue.effects import CityCall, OutcomeKind
from donghaeng.errors import GatewayRefused, InputError, ProviderDenied, ProviderError, ProviderUnconnected
from donghaeng.trust.tracing import Attributes, Key


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending a write."""

    kind: OutcomeKind
    answer: Answer | None = None
    reason: str | None = None


def told_of(call: CityCall) -> Attributes:
    """What a trace tells of a call: never its arguments."""
    return {Key.SERVICE: call.service, Key.OPERATION: call.operation, Key.EFFECT: call.effect.value}


async def write(city: City, call: CityCall, key: str, now: datetime) -> Sent:
    """Send it once, under its idempotency key; whatever comes of it is an outcome."""
    try:
        answer = await city.call(call.operation, call.arguments, now=now, idempotency_key=key)
    except GatewayRefused as error:
        return Sent(OutcomeKind.REFUSED, reason=error.reason)
    except ProviderUnconnected as error:
        return Sent(OutcomeKind.UNCONNECTED, reason=type(error).__name__)
    except (ProviderDenied, InputError) as error:
        return Sent(OutcomeKind.FAILED, reason=type(error).__name__)
    except ProviderError as error:
        return Sent(OutcomeKind.UNANSWERED, reason=type(error).__name__)
    return Sent(OutcomeKind.OK, answer)
