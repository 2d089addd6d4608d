"""The service owners' form: what it shows of a draft's text, and the text that a sent form makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from donghaeng.city.services.positions import Document, parse_yaml
from donghaeng.errors import CatalogueError, InputError
from donghaeng.review.service_change import MOST_LETTERS
from donghaeng.review.service_yaml import rewritten
from donghaeng.web.console.service_shapes import (
    MOST_ROWS,
    Raw,
    Shape,
    arranged,
    data_of,
    fits,
    raw_of,
    read_fields,
    rows_at,
    service_shape,
)

PREFIX: Final = "s."
"""Of the fields' names: without it one named ``id`` would hide the form's own in a browser."""
MOST_FIELDS: Final = 6_000
LIMIT_BYTES: Final = 2 * MOST_LETTERS * 9
"""Room for both texts, each syllable written as nine characters."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form and where the keyboard stands in it."""

    raw: Raw
    focus: str = ""
    """Name of the field that is to have the keyboard; empty where it stays."""


def form_of(document: Document | None) -> Form | None:
    """The form of a text; None where it could not say all that the text does."""
    if document is None or not isinstance(document.data, dict):
        return None
    shape = service_shape()
    return Form(raw_of(shape, document.data)) if fits(shape, document.data) else None


def sent_form(fields: Mapping[str, str]) -> Form:
    """What a sent form holds."""
    own = {name.removeprefix(PREFIX): text for name, text in fields.items() if name.startswith(PREFIX)}
    return Form(read_fields(service_shape(), own))


def text_of(form: Form, before: str) -> str:
    """The text that a form makes of the one it was made from; what did not change stays as written.

    Raises:
        InputError: a row has no name, or that of another.
    """
    shape = service_shape()
    data = data_of(shape, form.raw)
    try:
        document = parse_yaml_text(before)
    except CatalogueError:
        document = None
    like = document.data if document is not None else None
    return rewritten(before if like is not None else "", arranged(shape, data, like))


def parse_yaml_text(text: str) -> Document:
    """A text as a document.

    Raises:
        CatalogueError: it is not YAML.
    """
    return parse_yaml(Path("service.yaml"), text.encode("utf-8", "replace"))


def changed(form: Form, doing: str) -> Form:
    """A form with a row more, less, or in another place.

    Args:
        form: as it was sent.
        doing: ``add:slots``, ``remove:slots.1``, ``up:slots.1``, ``down:slots.1``; anything else changes
            nothing.

    Raises:
        InputError: there is no such row, or no room for more.
    """
    what, _, path = doing.partition(":")
    if what not in ("add", "remove", "up", "down"):
        return form
    where, _, number = (path, "", "") if what == "add" else path.rpartition(".")
    shape, rows = rows_at(service_shape(), form.raw, where)
    if what == "add":
        if len(rows) >= MOST_ROWS:
            raise InputError(f"줄은 {MOST_ROWS}개까지 더할 수 있어요")
        assert shape.item is not None
        rows.append(("", raw_of(shape.item, None)))
        return Form(form.raw, first_field(shape, where, len(rows) - 1))
    at = int(number) if number.isdecimal() and int(number) < len(rows) else -1
    if at < 0:
        raise InputError("그런 줄이 없어요")
    if what == "remove":
        del rows[at]
        return Form(form.raw, f"add:{where}")
    to = at - 1 if what == "up" else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        at = to
    return Form(form.raw, f"{what}:{where}.{at}")


def first_field(shape: Shape, where: str, number: int) -> str:
    """Name of the first field of a row."""
    name = f"{where}.{number}"
    if shape.keyed:
        return f"{name}.#key"
    inner: Any = shape.item
    while inner is not None and inner.kind == "group" and inner.fields:
        part, inner = inner.fields[0]
        name = f"{name}.{part}"
    return name
