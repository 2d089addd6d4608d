"""The catalogue as outsiders see it: `GET /v1/services` and `donghaeng services list --json`."""

from __future__ import annotations

from typing import Any

from donghaeng.city.services.loading import Catalogue


def describe(catalogue: Catalogue) -> list[dict[str, Any]]:
    """One JSON object a service, in the order of their ids."""
    return [
        {
            "id": service.id,
            "name": service.name,
            "domain": service.domain,
            "effect": service.effect.value,
            "carried_out": service.carried_out,
            "slots": {
                name: {"type": spec.type, "required": spec.required, "name": spec.name}
                for name, spec in service.slots.items()
                if not spec.internal
            },
            "example": service.examples[0],
            "owner": service.owner.department,
            "number": service.owner.handover_number,
            "sources": list(service.sources),
        }
        for service in catalogue.values()
    ]
