"""Operations on what this conversation itself has asked of the city; no provider is asked for them."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import may, need

REQUESTS = "account.requests"

OPERATIONS = (
    Operation(
        REQUESTS,
        Effect.READ,
        parameters={
            "receipt": may("text", "one request alone; an older one needs the telephone number on it too"),
            "phone": may("phone", "telephone number on an older request"),
        },
        row={
            "receipt": need("text", "receipt number"),
            "service": need("text", "service id"),
            "name": need("text", "what was asked for: the service's name"),
            "what": may("text", "what exactly: 소파 1개"),
            "detail": may("text", "when, or what else its card says: 12월 1일 화요일"),
            "state": need("text", "accepted | cancelled"),
            "made_at": may("datetime", "when the city accepted it"),
        },
        source="this conversation; city gateway POST /v1/requests/lookup",
    ),
)
"""Every operation of this family. Refusals: ``phone_needed`` (the receipt is an older one)."""
