"""Every served service as a tool: valid schemas, hints by effect."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from tests.dialogue.harness import VALUES, catalogue

from donghaeng.city.operations import Effect
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.definition import ServiceDefinition, SlotTypeName
from donghaeng.mcp.schemas import _SHAPES, CONFIRMATION, tool_of

SERVED = [service for service in catalogue().values() if service.is_served]


def test_every_slot_type_has_a_shape() -> None:
    assert set(_SHAPES) == set(SlotTypeName.__args__)


@pytest.mark.parametrize("service", SERVED, ids=lambda one: one.id)
def test_a_service_is_a_tool(service: ServiceDefinition) -> None:
    tool = tool_of(service, OPERATIONS)
    assert (tool.name, tool.title) == (service.id, service.name)
    assert service.examples[0] in (tool.description or "")
    Draft202012Validator.check_schema(tool.input_schema)
    Draft202012Validator.check_schema(tool.output_schema)
    given = {
        name: next(iter(spec.values)) if spec.values is not None else VALUES[spec.type]
        for name, spec in service.slots.items()
        if not spec.internal
    }
    Draft202012Validator(tool.input_schema).validate(given)
    optional = {name for name, spec in service.slots.items() if not spec.required}
    assert not optional & set(tool.input_schema["required"])


@pytest.mark.parametrize("service", SERVED, ids=lambda one: one.id)
def test_hints_follow_the_effect(service: ServiceDefinition) -> None:
    tool = tool_of(service, OPERATIONS)
    hints = tool.annotations
    assert hints is not None
    writes = any(way.effect is Effect.WRITE for way in service.ways)
    assert hints.destructive_hint is writes
    assert hints.read_only_hint is all(way.effect in (Effect.READ, Effect.GUIDE) for way in service.ways)
    assert hints.idempotent_hint is (service.effect is not Effect.HANDOVER)
    assert (CONFIRMATION in tool.input_schema["properties"]) is writes
