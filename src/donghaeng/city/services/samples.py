"""What a template may come to: its texts with sample values, one for each way through its conditions.

For whoever checks how long and how clear the words of a service are before anybody hears them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from jinja2 import nodes

from donghaeng.city.operations import Operation
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.templates import parse_template
from donghaeng.korean.particles import resolve
from donghaeng.korean.reading import read_aloud

MOST_WAYS: Final = 64
"""Ways through one template that are looked at."""
MOST_OPTIONS: Final = 3

BY_TYPE: Final[Mapping[str, str]] = {
    "address": "마포구 양화로 45, 302호",
    "choice": "보기",
    "count": "2",
    "date": "12월 1일 화요일",
    "datetime": "12월 1일 화요일 오후 3시",
    "district": "마포구",
    "dong": "합정동",
    "flag": "예",
    "line": "2",
    "metres": "350",
    "minutes": "12",
    "money": "8000",
    "number": "8",
    "person_name": "김복순",
    "phone": "010-1234-5678",
    "place": "합정역",
    "receipt": "SEL-1123-0042",
    "route": "6411",
    "station": "강남",
    "stop": "합정역",
    "text": "여섯글자이름",
    "time": "오후 3시",
}
"""A usual value of each type of slot and row field, as it is written in a sentence."""
_NAMES: Final[Mapping[str, str]] = {
    "at": "오전 10시",
    "desk": "open",
    "home_district": "마포구",
    "name": "이름",
    "number": "120",
    "opens": "11월 24일 화요일 오전 9시",
    "position": "3",
    "receipt": "7",
    "service": "대형 폐기물",
    "state": "queued",
}
"""A receipt is as long as the city makes it: what is said around it counts."""
_FIELDS: Final[Mapping[str, str]] = {
    "closes": "21:00",
    "hours": "09:00~18:00",
    "line": "2",
    "opens": "09:00",
    "route": "6411",
}
"""Texts of rows that have a known form."""
SOME_TEXT: Final = "여섯글자이름"
"""A text that a city gives."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Sample values of the variables of one template."""

    service: ServiceDefinition | None = None
    operation: Operation | None = None
    rows: int = 1
    """How many rows a loop goes over."""
    named: Mapping[str, str] = field(default_factory=lambda: _NAMES)

    def slot(self, name: str) -> str | None:
        """How a slot is written; None when there is none of that name."""
        spec = self.service.slots.get(name) if self.service is not None else None
        if spec is None:
            return None
        if spec.values is not None:
            return max((choice.name for choice in spec.values.values()), key=len)
        return BY_TYPE.get(spec.type, SOME_TEXT)

    def row(self, name: str) -> str:
        """A field of a row."""
        if name in _FIELDS:
            return _FIELDS[name]
        found = self.operation.row.get(name) if self.operation is not None else None
        return BY_TYPE.get(found.type, SOME_TEXT) if found is not None else SOME_TEXT


def written_ways(template: str, samples: Samples) -> list[str]:
    """Every written text that a template may come to, at most :data:`MOST_WAYS`.

    Raises:
        TemplateFault: it does not parse.
    """
    ways = _body(parse_template(template).body, samples)
    return list(dict.fromkeys(resolve(" ".join(way.split()), read_aloud) for way in ways))


def own_words(template: str) -> list[str]:
    """The same without any value."""
    empty = _Nothing()
    return list(dict.fromkeys(" ".join(way.split()) for way in _body(parse_template(template).body, empty)))


class _Nothing(Samples):
    """Samples that are all empty."""

    __slots__ = ()

    def slot(self, name: str) -> str | None:
        del name
        return ""

    def row(self, name: str) -> str:
        del name
        return ""


def _body(body: Sequence[nodes.Node], samples: Samples) -> list[str]:
    ways = [""]
    for node in body:
        ways = list(islice((before + after for before in ways for after in _ways(node, samples)), MOST_WAYS))
    return ways


def _ways(node: nodes.Node, samples: Samples) -> list[str]:
    match node:
        case nodes.Output():
            return ["".join(_text(part, samples) for part in node.nodes)]
        case nodes.If():
            branches = [node.body, *(branch.body for branch in node.elif_), node.else_]
            return [way for branch in branches for way in _body(branch, samples)]
        case nodes.For():
            return [way * _times(node.iter, samples) for way in _body(node.body, samples)]
        case _:
            return [""]


def _times(over: nodes.Node, samples: Samples) -> int:
    """How often a loop goes round: over ``rows[:2]`` at most twice."""
    sliced = over.arg if isinstance(over, nodes.Getitem) else None
    if isinstance(sliced, nodes.Slice) and isinstance(sliced.stop, nodes.Const):
        return min(samples.rows, int(sliced.stop.value))
    return samples.rows


def _text(node: nodes.Node, samples: Samples) -> str:
    if isinstance(node, nodes.TemplateData):
        return str(node.data)
    if isinstance(samples, _Nothing):
        return ""
    return _value(node, samples)


def _value(node: nodes.Node, samples: Samples) -> str:
    text = SOME_TEXT
    match node:
        case nodes.Const():
            text = str(node.value)
        case nodes.Name():
            text = samples.slot(node.name) or samples.named.get(node.name, SOME_TEXT)
        case nodes.Getattr():
            text = _attribute(node, samples)
        case nodes.Filter() if node.node is not None:
            text = _filtered(node, samples)
        case nodes.CondExpr():
            options = [_value(part, samples) for part in (node.expr1, node.expr2) if part is not None]
            text = max(options, key=len)
        case nodes.Getitem() | nodes.Call():
            text = _looked_up(node, samples)
        case nodes.Or() | nodes.And():
            text = _value(node.left, samples)
        case nodes.Concat():
            text = "".join(_value(part, samples) for part in node.nodes)
        case nodes.BinExpr():
            text = BY_TYPE["count"]
    return text


def _attribute(node: nodes.Getattr, samples: Samples) -> str:
    if isinstance(node.node, nodes.Name):
        if node.node.name == "written":
            return samples.slot(node.attr) or SOME_TEXT
        slot = samples.slot(node.node.name)
        if slot is not None:
            return slot
    return samples.row(node.attr)


def _filtered(node: nodes.Filter, samples: Samples) -> str:
    assert node.node is not None
    inner = _value(node.node, samples)
    match node.name:
        case "won":
            return "8,000원"
        case "distance":
            return "350m"
        case "join":
            return ", ".join([inner] * MOST_OPTIONS)
        case "length":
            return BY_TYPE["count"]
        case _:
            return inner


def _looked_up(node: nodes.Getitem | nodes.Call, samples: Samples) -> str:
    """The longest of the words between which a table in the template chooses; a part of a date is a
    number."""
    texts = [
        str(pair.value.value)
        for table in node.find_all(nodes.Dict)
        for pair in table.items
        if isinstance(pair.value, nodes.Const)
    ]
    if texts:
        return max(texts, key=len)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        return BY_TYPE["count"]
    inner = node.node
    return _value(inner.node if isinstance(inner, nodes.Getattr) else inner, samples)
