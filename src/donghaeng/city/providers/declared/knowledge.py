"""Operations that answer from the city's passages, carried out in this process."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from donghaeng.city.operations import Effect, Field, Operation
from donghaeng.city.providers.declared.fields import may, need

PASSAGE: Mapping[str, Field] = MappingProxyType(
    {
        "id": need("text", "id of the passage"),
        "title": need("text", "what it is about"),
        "spoken": need("text", "the answer: at most two plain sentences of the passage"),
        "text": need("text", "the whole passage in plain words"),
        "document": need("text", "the document that says so"),
        "section": may("text", "article, page or section of the document"),
        "department": need("text", "who answers for it"),
        "source": need("text", "who publishes the document"),
        "url": may("text", "address where it can be read"),
        "verified": need("flag", "checked against its source; what is not is never answered with"),
    }
)
"""A passage as a row; every row of these operations is also the citation of what is said from it."""

_SOURCE = "catalogue/knowledge"

OPERATIONS = (
    Operation(
        "knowledge.search",
        Effect.READ,
        parameters={
            "question": need("text", "the question in the citizen's words"),
            "topic": may("text", "only passages of this topic; all of them unless given"),
            "passage": may("text", "the passage that was chosen (`id` of knowledge.choices)"),
            "answered": may("row", "what was answered last (`answered`), where the question is about that"),
            "word": may("text", "the word whose meaning is asked for"),
        },
        row={
            **PASSAGE,
            "own_case": need("flag", "somebody asks whether they get it: who decides that is to be said"),
        },
        source=_SOURCE,
    ),
    Operation(
        "knowledge.choices",
        Effect.READ,
        parameters={
            "question": need("text", "the question in the citizen's words"),
            "topic": may("text", "only passages of this topic; all of them unless given"),
            "answered": may("row", "what was answered last (`answered`), where the question is about that"),
            "word": may("text", "the word whose meaning is asked for"),
        },
        row={
            "id": need("text", "id of a passage; `none`, alone, where there is nothing to choose"),
            "title": need("text", "what it is about"),
            "unsure": need("flag", "whether it, alone, may be a neighbour of what is meant"),
        },
        source=_SOURCE,
    ),
    Operation(
        "knowledge.item",
        Effect.READ,
        parameters={"item": need("text", "what is thrown away, in the citizen's words")},
        row=PASSAGE,
        source=_SOURCE,
    ),
    Operation(
        "knowledge.guide",
        Effect.READ,
        parameters={
            "topic": need("text", "topic of the passages"),
            "about": may("text", "passages about this key, and those about none"),
            "month": may("text", "a month in the citizen's words; passages of that month come first"),
        },
        row=PASSAGE,
        source=_SOURCE,
    ),
    Operation(
        "knowledge.pension",
        Effect.READ,
        parameters={
            "birth_date": may("date", "when the citizen was born"),
            "household": may("text", "alone | couple"),
        },
        row={
            **PASSAGE,
            "age": may("count", "full years on the day of the question; first row only"),
            "from_year": may("count", "year in which the age of the condition is reached; first row only"),
            "from_month": may("count", "month of that year; first row only"),
        },
        source=_SOURCE,
    ),
    Operation(
        "knowledge.certificate",
        Effect.READ,
        parameters={
            "kind": need("text", "resident_register | family | tax | land"),
            "lat": may("number", "degrees north of the place to look around"),
            "lon": may("number", "degrees east of the place to look around"),
        },
        row={
            **PASSAGE,
            "kiosk_name": may("text", "the nearest certificate kiosk; first row only"),
            "kiosk_address": may("address", "its address as registered"),
            "kiosk_hours": may("text", "when it is open, in the source's words"),
            "kiosk_distance_m": may("metres", "straight distance from the place"),
            "kiosk_lat": may("number", "degrees north"),
            "kiosk_lon": may("number", "degrees east"),
            "kiosk_unknown": may("flag", "a place was given, but the list of kiosks did not answer"),
        },
        source=f"{_SOURCE}; data.go.kr tn_pubr_public_mnlss_cvpl_issu_info_api",
    ),
)
"""Every operation of this family."""
