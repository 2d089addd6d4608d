"""Public apps and sites, from the agent's own table; carried out in this process."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import may, need

OPERATIONS = (
    Operation(
        "apps.find",
        Effect.READ,
        parameters={
            "app": need("text", "app or site in the citizen's words or by its official name"),
            "district": may("text", "gu with 구 whose office 구청 alone means"),
            "phone": may("phone", "number that the address goes to by text message; not used to find it"),
        },
        row={
            "id": need("text", "id in the table"),
            "name": need("text", "official name"),
            "purpose": need("text", "what it is for, in a plain sentence or two"),
            "url": may("text", "the operator's official https address"),
            "site": may("text", "the host of that address, as people write it"),
            "android": may("text", "address in Google's market"),
            "ios": may("text", "address in Apple's market"),
            "phone": may("phone", "telephone of the operator, verified ones alone"),
        },
        source="catalogue/lexicon/public_apps.yaml",
    ),
)
"""Every operation of this family."""
