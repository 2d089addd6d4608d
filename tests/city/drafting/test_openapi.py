"""OpenAPI documents → drafts: what is told, what is marked as blank, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from donghaeng.city.drafting.draft import draft_of
from donghaeng.city.drafting.offered import CannotDraft, Offered, identifier
from donghaeng.city.drafting.openapi import MOST_PARTS, offered_in, read_document
from donghaeng.city.imported import BY_NATURE
from donghaeng.city.services.blanks import BLANK
from donghaeng.errors import InputError

ROOMS = Path(__file__).with_name("rooms.yaml")


def offered(raw: bytes | None = None, source: str = "rooms.yaml") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in offered_in(read_document(raw or ROOMS.read_bytes(), source), source):
        if isinstance(one, Offered):
            found[one.id] = one
        else:
            found[one[0]] = one[1]
    return found


def drafted(name: str) -> dict[str, Any]:
    return {file: YAML(typ="safe").load(text) for file, text in draft_of(offered()[name]).items()}


def document(**operation: Any) -> bytes:
    whole = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "x"}}, **operation}}},
    }
    return json.dumps(whole).encode()


def test_a_read_is_drafted_with_types_places_and_rows() -> None:
    service = drafted("list_rooms")["service.yaml"]
    assert (service["effect"], service["name"]) == ("read", "빈 방 찾기")
    assert {name: spec["type"] for name, spec in service["slots"].items()} == {
        "district": "district",
        "date": "date",
        "place": "place",
    }
    assert service["slots"]["district"]["name"] == "자치구"
    assert service["call"]["arguments"]["place_lat"] == "place.lat if place else none"
    operation = drafted("list_rooms")["operation.yaml"]
    assert operation["rows"] == "rooms"
    assert operation["row"]["at_lat"]["path"] == "at.lat"
    assert operation["parameters"]["place_lon"] == {
        "type": "number", "says": "lng", "in": "query", "sent_as": "lng", "optional": True,
    }  # fmt: skip
    assert operation["key"] == {"in": "header", "name": "X-Key"}
    assert operation["example"][0]["name"] == "다목적실"


def test_a_write_is_drafted_with_its_key_and_its_receipt() -> None:
    files = drafted("book_room")
    service, operation = files["service.yaml"], files["operation.yaml"]
    assert service["effect"] == "write"
    assert service["confirm"].startswith(BLANK)
    assert {name: spec["type"] for name, spec in service["slots"].items()} == {
        "room": "text", "when": "datetime", "people": "count", "phone": "phone", "purpose": "choice",
        "projector": "choice", "meet_at": "place",
    }  # fmt: skip
    assert list(service["slots"]["purpose"]["values"]) == ["meeting", "class"]
    assert (operation["idempotency"], operation["receipt"]) == ("header Idempotency-Key", "receipt")
    assert operation["parameters"]["meet_at_lat"]["sent_as"] == "meet_at.lat"


def test_what_the_document_does_not_say_is_blank() -> None:
    operation = drafted("cancel_booking")["operation.yaml"]
    assert operation["idempotency"] == BY_NATURE
    assert operation["receipt"].startswith(BLANK)
    assert offered(document())["get_x"].address is None
    elsewhere = offered(document(), "https://example.org/api/openapi.json")["get_x"]
    assert elsewhere.address == "https://example.org"


def test_an_optional_list_is_left_out_and_said_so() -> None:
    assert offered()["list_rooms"].left_out == ("tags: is a list or an open object",)
    assert "# Left out: tags" in draft_of(offered()["list_rooms"])["operation.yaml"]


def parameter(name: str = "a", where: str = "query", kind: str = "string", **more: Any) -> dict[str, Any]:
    schema = {"type": kind} | ({"items": {}} if kind == "array" else {})
    return {"parameters": [{"name": name, "in": where, "required": True, "schema": schema, **more}]}


def body(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (parameter(kind="array"), "a: is a list"),
        (parameter(where="cookie"), "a: "),
        (parameter("password"), "never collected"),
        (parameter("번호", description="주민등록번호"), "never collected"),
        (body("text/csv", {"type": "string"}), "JSON"),
        (body("application/json", {"type": "array", "items": {}}), "no object"),
    ],
)
def test_what_no_citizen_can_be_asked_for_is_refused(operation: dict[str, Any], words: str) -> None:
    found = offered(document(**operation))["get_x"]
    assert isinstance(found, CannotDraft)
    assert words in str(found)
    assert isinstance(offered()["register_resident"], CannotDraft)


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%s: &%s [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\n" % (n, n, p, p, p, p, p, p, p, p)
    for p, n in zip(b"abcdefg", b"bcdefgh", strict=True)
    for p, n in [(bytes([p]), bytes([n]))]
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no OpenAPI 3 document"),
        (b"\xff\xfe", "neither JSON nor YAML"),
        (b"{", "neither JSON nor YAML"),
        (b"a: [", "neither JSON nor YAML"),
        (b"[" * 3_000, "neither JSON nor YAML"),
        (b"- 1", "no OpenAPI 3 document"),
        (b'{"swagger": "2.0"}', "no OpenAPI 3 document"),
        (b'{"openapi": "3.(1"}', "no version that is known"),
        (b'{"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}', "'version' is a required property"),
        (b'{"openapi": "3.1.0", "paths": {"/x": {"$ref": "http://example.org/x"}}}', "outside the document"),
        (b'{"openapi": "3.1.0", "paths": {"/x": {"$ref": "file:///etc/passwd"}}}', "outside the document"),
        (BOMB, f"more than {MOST_PARTS} values"),
    ],
)  # fmt: skip
def test_a_bad_document_is_one_clear_error(raw: bytes, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read_document(raw, "bad.yaml")
    assert str(raised.value).startswith("bad.yaml: ")
    assert words in str(raised.value).replace('"', "'")
    assert "\n" not in str(raised.value)


def test_a_schema_that_holds_itself_ends() -> None:
    whole = json.loads(document())
    whole["components"] = {"schemas": {"A": {"type": "object", "properties": {
        "name": {"type": "string"}, "inner": {"$ref": "#/components/schemas/A"}}}}}  # fmt: skip
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    whole["paths"]["/x"]["get"]["responses"]["200"]["content"] = content
    found = offered(json.dumps(whole).encode())["get_x"]
    assert "name" in {column.path for column in found.columns}


@given(st.text(max_size=60))
def test_an_identifier_is_one(name: str) -> None:
    found = identifier(name)
    assert found == "" or (found.isascii() and found.replace("_", "a").isalpha() and len(found) <= 40)
    assert identifier(found) == found
