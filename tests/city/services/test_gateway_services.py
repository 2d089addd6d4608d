"""Services that write through the gateway: they send what it takes, read back what they send, and ask within
the limits of speech."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from donghaeng.city.operations import Effect
from donghaeng.city.providers.declared.gateway import WRITES
from donghaeng.city.services import Catalogue, ServiceDefinition, load_catalogue
from donghaeng.city.services.definition import Procedure, SlotSpec
from donghaeng.city.services.templates import template_variables
from donghaeng.dialogue.wording import slot_values, speak, write

CHECKOUT = Path(__file__).resolve().parents[3]
MOST_SYLLABLES, MOST_SENTENCES, MOST_OPTIONS = 40, 2, 3
"""Before the question of a prompt (facts on voice use)."""
BOOKED = ("date", "when")
VALUES: dict[str, Any] = {
    "address": "서울특별시 마포구 양화로 45, 303호",
    "count": 3,
    "date": "2026-12-01",
    "datetime": "2026-12-01T14:00",
    "district": "마포구",
    "dong": "합정동",
    "person_name": "김복순",
    "phone": "010-1234-5678",
    "place": {"name": "합정역", "lat": 37.55, "lon": 126.91},
    "text": "테니스장",
    "time": "14:00",
}
CATALOGUE: Catalogue = load_catalogue(CHECKOUT / "catalogue")
WRITERS = sorted(WRITES)


def value_of(spec: SlotSpec) -> Any:
    return next(iter(spec.values)) if spec.values else VALUES[spec.type]


def writing(service: ServiceDefinition) -> Procedure:
    """The procedure of a service that writes."""
    return next(way for way in service.ways if way.effect is Effect.WRITE)


def readback(service: ServiceDefinition, slots: dict[str, Any]) -> str:
    way = writing(service)
    lookups = {name: {"fee_won": 8_000, "free": False} for name in way.lookups}
    return write(way.confirm or "", {**slot_values(service, slots), **lookups})


@pytest.mark.parametrize("name", WRITERS)
def test_a_service_sends_what_the_gateway_takes(name: str) -> None:
    service = CATALOGUE[name]
    assert service.carried_out == "gateway"
    call = writing(service).call
    assert call is not None
    assert call.operation == f"gateway.{name}"
    assert set(call.arguments) == set(WRITES[name])
    own = {slot for slot, spec in service.slots.items() if not spec.internal}
    assert own == set(WRITES[name])
    for slot, field in WRITES[name].items():
        spec = service.slots[slot]
        assert spec.required != field.optional, slot
        if spec.values is not None:
            assert field.type == "choice " + "|".join(spec.values), slot


@pytest.mark.parametrize("name", WRITERS)
def test_all_that_is_sent_is_read_back_and_one_question_ends_it(name: str) -> None:
    service = CATALOGUE[name]
    slots = {slot: value_of(spec) for slot, spec in service.slots.items() if not spec.internal}
    text = readback(service, slots)
    assert text.count("?") == 1
    assert text.endswith(("까요?", "되나요?"))
    read = {variable.name for variable in template_variables(writing(service).confirm or "")}
    confirm = writing(service).confirm or ""
    read |= {one.attribute for one in template_variables(confirm) if one.name == "written"}
    assert set(slots) <= read
    spoken = speak(text)
    assert "공일공, 일이삼사, 오육칠팔" in spoken
    assert not re.search(r"[0-9A-Za-z]", spoken)


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_not_said_is_not_read_back(name: str) -> None:
    service = CATALOGUE[name]
    slots = {slot: value_of(spec) for slot, spec in service.slots.items() if spec.required}
    assert "None" not in readback(service, slots)
    values = {**slot_values(service, slots), "receipt": "SEL-261123-0001", "listing": {}, "fee": {}}
    reply = writing(service).reply
    told = write(reply.ok, values)
    assert "공공공일" in speak(told).replace(" ", "")
    failed = write(reply.failed or "", {**values, "number": service.owner.handover_number})
    assert "접수번호" not in failed
    assert service.owner.handover_number in failed


OF_AN_EVENT = {"event_full", "which_event"}
"""Whose time is fixed: fewer people or another event are asked for."""


@pytest.mark.parametrize("name", [name for name in WRITERS if set(BOOKED) & set(WRITES[name])])
def test_what_cannot_be_booked_is_asked_for_anew(name: str) -> None:
    service = CATALOGUE[name]
    reply = writing(service).reply
    assert {"full"} <= set(reply.refused)
    for reason in reply.refused:
        slots = [service.slots[name] for name in reply.asked_again(reason)]
        assert slots
        assert all(slot.prompts is not None for slot in slots)
        if reason not in OF_AN_EVENT:
            assert {slot.type for slot in slots} <= {"date", "time", "datetime"}


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!])\s+", text) if one.strip()]


@pytest.mark.parametrize("name", WRITERS)
def test_prompts_are_short_ask_once_and_give_an_example(name: str) -> None:
    for slot, spec in CATALOGUE[name].slots.items():
        if spec.prompts is None:
            continue
        forms = [spec.prompts.first, spec.prompts.again, *([spec.prompts.help] if spec.prompts.help else [])]
        assert len(set(forms)) == len(forms), slot
        for form in forms:
            spoken = speak(form)
            assert len(sentences(form)) <= MOST_SENTENCES, (slot, form)
            assert spoken.count("?") <= 1, (slot, form)
            before = spoken.rpartition("?")[0].rpartition(".")[0] if "?" in spoken else ""
            assert len(re.findall("[가-힣]", before)) <= MOST_SYLLABLES, (slot, form)
        assert (
            not spec.values
            or sum(choice.name in spec.prompts.first for choice in spec.values.values()) <= MOST_OPTIONS
        )
        assert re.search(r"['‘]|010부터", spec.prompts.again), (slot, "no example")


def test_what_is_said_of_a_failure_holds_the_one_apology_of_the_whole_reply() -> None:
    told = [way.reply.failed for service in CATALOGUE.values() for way in service.ways if way.reply.failed]
    assert told
    assert [text for text in told if text.count("죄송해요.") != 1] == []
