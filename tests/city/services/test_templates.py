"""Templates of service files: what they may say, and that none reaches into the program or keeps it busy."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.services.templates import (
    MAX_TEXT,
    Variable,
    evaluate,
    expression_variables,
    render,
    template_variables,
)
from donghaeng.errors import TemplateFault

VALUES: dict[str, Any] = {
    "row": {"minutes": 3, "fee": 8000, "name": "합정역", "none": None},
    "rows": [{"n": number} for number in range(60)],
    "route": None,
    "word": "가",
}

ESCAPES = [
    "{{ ''.__class__.__mro__ }}",
    "{{ row.__class__ }}",
    "{{ row['__class__'].__init__ }}",
    "{{ word|attr('__class__') }}",
    "{{ rows|map(attribute='__class__')|list }}",
    "{{ '{0.__class__}'.format(row) }}",
    "{{ row.update({'minutes': 4}) }}",
    "{{ rows.append(1) }}",
    "{% include 'x' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'x' %}",
    "{{ cycler('a') }}",
    "{{ namespace() }}",
    "{{ lipsum() }}",
    "{{ self.x() }}",
    "{{ (rows|first)() }}",
]

ENDLESS = [
    "{% for i in range(10**9) %}a{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{{ word * 1000000000 }}",
    "{{ rows * 1000000000 }}",
    "{{ 1000000000 * word }}",
    "{{ 10 ** 10 ** 8 }}",
    "{{ row.minutes ** 2 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ word|center(1000000000) }}",
    "{{ word.zfill(1000000000) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ word|replace('가', '가' * 1000) }}",
    "{{ word|indent(1000000000) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "{% for a in rows %}{% for b in rows %}{% for c in rows %}a{% endfor %}{% endfor %}{% endfor %}",
    "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
    "{{ " + "-" * 1800 + "1 }}",
]


@pytest.mark.parametrize("template", [*ESCAPES, *ENDLESS])
def test_escapes_and_endless_templates_are_refused_at_once(template: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateFault):
        render(template, VALUES)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("template", [one for one in ENDLESS if "**" not in one and " * " not in one])
def test_most_are_refused_when_the_file_is_read_already(template: str) -> None:
    if "% 1" in template:
        return
    with pytest.raises(TemplateFault):
        template_variables(template)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ row.minutes }}분 뒤에 와요.", "3분 뒤에 와요."),
        ("{{ row.minutes * 60 }}초", "180초"),
        ("{{ row.minutes % 2 }}", "1"),
        ("{{ row.fee | won }}", "8,000원"),
        ("{{ 4 | distance }}", "10m"),
        ("{{ 346 | distance }}", "350m"),
        ("{{ 2961 | distance }}", "3km쯤"),
        ("{{ '치매 검사 예약' | requested }}, {{ '콜택시' | requested }}", "치매 검사 예약, 콜택시 신청"),
        ("{{ {'합정역': '여기'}.get(row.name, '저기') }}", "여기"),
        ("{% for one in rows[:3] %}{{ one.n }}, {% endfor %}", "0, 1, 2,"),
        ("{% if route %}있음{% else %}없음{% endif %}", "없음"),
        ("  a\n\n  b ", "a b"),
        ("{{ rows | length }}", "60"),
    ],
)
def test_what_service_files_say(template: str, text: str) -> None:
    assert render(template, VALUES) == text


def test_a_rendered_text_is_cut() -> None:
    assert (
        len(render("{% for a in rows %}{% for b in rows %}긴말{% endfor %}{% endfor %}", VALUES)) == MAX_TEXT
    )


@pytest.mark.parametrize(
    "template", ["{{ missing }}", "{{ row.missing.deeper }}", "{{ word | won }}", "{{ row.none.x }}"]
)
def test_what_is_not_there_is_a_fault_never_silence(template: str) -> None:
    with pytest.raises(TemplateFault):
        render(template, VALUES)


def test_expressions_have_values() -> None:
    assert evaluate("row.minutes < 5 and not route", VALUES) is True
    assert evaluate("route or '중구'", VALUES) == "중구"
    for wrong in ("row.", "missing", "row.minutes +", "1 / 0", "word + 1", "rows * 9", "dict()"):
        with pytest.raises(TemplateFault):
            evaluate(wrong, VALUES)


def test_variables_are_listed_with_the_attribute_read_from_them() -> None:
    template = "{{ stop.name }}{% for row in rows %}{{ row.x }}{{ loop.index }}{% endfor %}{{ now }}"
    assert template_variables(template) == {Variable("stop", "name"), Variable("rows"), Variable("now")}
    assert expression_variables("row.open and row.m < most") == {
        Variable("row", "open"),
        Variable("row", "m"),
        Variable("most"),
    }


PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        " row ",
        ".name",
        "|",
        "won",
        "join",
        "(",
        ")",
        "[",
        "]",
        "'",
        "for a in rows",
        "endfor",
    ]
    + [
        "if",
        "endif",
        "else",
        "+",
        "*",
        "1",
        "set x =",
        "word",
        ",",
        ":",
        "~",
        "not",
        "is none",
        "가",
        "{#",
        "#}",
    ]
)


@given(st.lists(PIECES, max_size=14))
def test_any_template_renders_or_is_a_fault(pieces: list[str]) -> None:
    for work in (lambda text: render(text, VALUES), lambda text: evaluate(text, VALUES), template_variables):
        with suppress(TemplateFault):
            work("".join(pieces))
