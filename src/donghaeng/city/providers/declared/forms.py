"""Forms that citizens hand in themselves; prepared in this process, sent nowhere."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import may, need

OPERATIONS = (
    Operation(
        "forms.complaint",
        Effect.READ,
        parameters={
            "category": need("text", "what it is about, as people call it"),
            "content": need("text", "what is wrong, in the citizen's words"),
            "where": need("text", "where it is"),
            "phone": may("phone", "number for the answer"),
        },
        row={
            "id": need("text", "id of the office in the table of public apps"),
            "name": need("text", "official name of the place that takes it"),
            "purpose": need("text", "what that place is for, in a plain sentence or two"),
            "url": may("text", "its official https address"),
            "site": may("text", "the host of that address, as people write it"),
            "android": may("text", "address of its app in Google's market"),
            "ios": may("text", "address of its app in Apple's market"),
            "phone": may("phone", "telephone of that place, verified ones alone"),
            "text": need("text", "the complaint as it is handed in, in one line"),
            "date": need("date", "day on which it was prepared"),
        },
        source="catalogue/lexicon/public_apps.yaml; 민원 처리에 관한 법률 제8조",
    ),
)
"""Every operation of this family."""
