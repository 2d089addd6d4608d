"""The form of a service: generated from the schema, it holds every service without loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dialogue.harness import CATALOGUE

from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.positions import parse_yaml
from donghaeng.errors import InputError
from donghaeng.review.service_yaml import rewritten
from donghaeng.web.console.service_forms import (
    PREFIX,
    Form,
    changed,
    form_of,
    parse_yaml_text,
    sent_form,
    text_of,
)
from donghaeng.web.console.service_shapes import (
    KEY,
    Raw,
    Shape,
    data_of,
    fits,
    raw_of,
    read_fields,
    service_shape,
)
from donghaeng.web.console.service_words import WORDS, help_of, key_of, label_of, service_named

FILES = sorted(CATALOGUE.glob("services/*/service.yaml"))
SHAPE = service_shape()


def sent(shape: Shape, raw: Raw, name: str = "") -> dict[str, str]:
    """What a browser sends of a form that shows ``raw``."""
    fields: dict[str, str] = {}
    match shape.kind:
        case "group":
            for part, inner in shape.fields:
                fields |= sent(inner, raw[part], f"{name}.{part}" if name else part)
        case "rows":
            assert shape.item is not None
            for number, (key, one) in enumerate(raw):
                fields |= {f"{name}.{number}.{KEY}": key} | sent(shape.item, one, f"{name}.{number}")
        case "flag":
            fields |= {name: "1"} if raw else {}
        case _:
            fields[name] = raw.replace("\n", "\r\n")
    return fields


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_shipped_service_goes_through_the_form_without_loss(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    document = parse_yaml_text(text)
    form = form_of(document)
    assert form is not None
    back = sent_form({f"{PREFIX}{name}": one for name, one in sent(SHAPE, form.raw).items()})
    data = data_of(SHAPE, back.raw)
    assert data == document.data
    assert list(data.get("slots", {})) == list(document.data.get("slots", {})), "the order of the questions"
    assert ServiceDefinition.model_validate(data) == ServiceDefinition.model_validate(document.data)
    assert text_of(back, text) == text, "what did not change stays as it is written"


def test_a_change_by_the_form_changes_that_line_alone() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        form = form_of(parse_yaml_text(text))
        assert form is not None
        form.raw["owner"]["department"] = "새 부서: '가'"
        made = text_of(form, text)
        after = parse_yaml_text(made).data
        assert after["owner"]["department"] == "새 부서: '가'"
        before = parse_yaml_text(text).data
        before["owner"]["department"] = "새 부서: '가'"
        assert after == before, file


def plain(shape: Shape) -> st.SearchStrategy[Any]:
    """Values that a shape may hold."""
    words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
    lines = st.one_of(words, words.map(lambda one: f"{one}\n{one}"), st.just(' "a" '), st.just('"'))
    match shape.kind:
        case "group":
            parts = {name: st.none() | plain(inner) for name, inner in shape.fields}
            return st.fixed_dictionaries(parts).map(
                lambda found: {name: one for name, one in found.items() if one not in (None, {}, [])}
            )
        case "rows":
            assert shape.item is not None
            item = plain(shape.item).filter(lambda one: one != {})
            if not shape.keyed:
                return st.lists(item, max_size=2)
            keys = st.sampled_from(shape.keys) if shape.keys else st.from_regex(r"[a-z]{1,3}", fullmatch=True)
            return st.dictionaries(keys, item, max_size=3)
        case "flag":
            return st.just(not shape.default)
        case "number":
            return st.integers(0, 50)
        case "scalar":
            return words | st.integers(-9, 99) | st.just("12") | st.just('"x"')
        case "names":
            name = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
            return name | st.lists(name, min_size=1, max_size=3)
        case "lines":
            return st.lists(lines, min_size=1, max_size=3)
        case "choice":
            return st.sampled_from(shape.choices)
        case "long":
            return lines.map(lambda one: f"{one} {{{{ row.x }}}}\n다음")
        case _:
            return words


@settings(max_examples=60, deadline=None)
@given(plain(SHAPE))
def test_whatever_a_service_may_say_survives_the_form_and_the_file(value: dict[str, Any]) -> None:
    assert fits(SHAPE, value)
    back = data_of(SHAPE, read_fields(SHAPE, sent(SHAPE, raw_of(SHAPE, value))))
    assert (back or {}) == value
    if value:
        assert parse_yaml(Path("a.yaml"), rewritten("", value).encode()).data == value


def weather() -> Form:
    form = form_of(parse_yaml_text((CATALOGUE / "services/weather/service.yaml").read_text("utf-8")))
    assert form is not None
    return form


def test_rows_are_added_moved_and_taken_out_and_the_keyboard_follows() -> None:
    form = changed(weather(), "down:slots.0")
    assert [key for key, _ in form.raw["slots"]] == ["date", "district"]
    assert form.focus == "down:slots.1"
    assert [key for key, _ in changed(form, "down:slots.1").raw["slots"]] == ["date", "district"]
    form = changed(form, "add:slots")
    assert (len(form.raw["slots"]), form.focus) == (3, f"slots.2.{KEY}")
    form.raw["slots"][2] = ("date", form.raw["slots"][0][1])
    with pytest.raises(InputError, match="이름이 같은"):
        text_of(form, "")
    form.raw["slots"][2] = ("", form.raw["slots"][0][1])
    with pytest.raises(InputError, match="이름이 없는"):
        text_of(form, "")
    form = changed(form, "remove:slots.2")
    form = changed(form, "add:card.row")
    form = changed(form, "add:procedures")
    assert form.focus == "procedures.0.when"
    assert "procedures" not in data_of(SHAPE, form.raw), "an empty row is none"
    for wrong in (
        "add:name",
        "add:slots.9.x",
        "remove:slots.9",
        "up:slots",
        "add:../../etc",
        "remove:slots.-1",
    ):
        with pytest.raises(InputError):
            changed(form, wrong)
    assert changed(form, "dance:slots") is form


def test_what_a_form_could_not_say_is_left_to_the_text() -> None:
    for text in ("id: a\nmood: good\n", "- a\n", "slots: [a]\n", "id: {a: b}\n", "examples: x\n"):
        assert form_of(parse_yaml_text(text)) is None, text
    assert form_of(None) is None
    assert (
        form_of(parse_yaml_text("id: a\nslots:\n  x: {type: text, required: true, name: 가}\n")) is not None
    )


def test_every_place_of_the_schema_has_a_korean_name_and_help() -> None:
    places = set()

    def walk(shape: Shape) -> None:
        places.add(shape.place)
        if shape.kind != "group" or shape.place.rpartition(".")[2] != "item":
            assert label_of(shape) != shape.place.rpartition(".")[2] or shape is SHAPE, shape.place
            assert help_of(shape) or shape is SHAPE, shape.place
        assert shape.description or shape.kind != "rows" or help_of(shape)
        if shape.keyed:
            assert key_of(shape)
        for _, inner in shape.fields:
            walk(inner)
        if shape.item is not None:
            walk(shape.item)

    walk(SHAPE)
    assert {place for place in WORDS if place.split(".")[0] not in ("CallSpec", "Procedure")} <= places


def test_services_that_are_not_served_here_are_told_apart_from_each_other_and_from_none() -> None:
    services = {"weather": "날씨"}
    names = [service_named(name, services) for name in ("weather", "none", "bus_arrival", "subway")]
    assert names[:2] == ["날씨", "맡는 서비스 없음"]
    assert len(set(names)) == 4
