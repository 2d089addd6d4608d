"""Charts: allowed by the page's policy, told to a screen reader, read without colour, also of nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from tests.tower.figures.test_telling import COUNT, SHARE

from donghaeng.tower.csv_files import neutral, write_csv
from donghaeng.tower.figures.asking import Series
from donghaeng.tower.figures.charting import png_of, svg_of
from donghaeng.tower.figures.tabling import csv_of, rows_of
from donghaeng.tower.figures.telling import NO_DATA, Point

SVG = "{http://www.w3.org/2000/svg}"


def course(*values: float | None, before: tuple[float | None, ...] = ()) -> Series:
    def points(given) -> tuple[Point, ...]:
        return tuple(Point(f"11월 {n + 1}일", value) for n, value in enumerate(given))

    return Series(SHARE, "day", points(values), points(before))


BARS = Series(COUNT, "district", (Point("종로구", 40.0), Point("중구", None, hidden=True)))
EVERY = {
    "course": course(0.5, None, 0.7, before=(0.4, 0.5, 0.6)),
    "one": course(None, 0.5),
    "nothing": course(None, None),
    "empty": Series(COUNT, "service", ()),
    "bars": BARS,
    "hours": Series(COUNT, "hour", tuple(Point(f"{n}시", float(n)) for n in range(24))),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: svg_of(series, f"문장 <{name}>", name=name) for name, series in EVERY.items()}


@pytest.mark.parametrize("name", EVERY)
def test_a_page_with_a_strict_policy_may_hold_it(drawn: dict[str, str], name: str) -> None:
    svg = drawn[name]
    for forbidden in ("style=", "<style", "<script", "onload", "http://", "https://", "<!DOCTYPE"):
        assert forbidden not in svg, forbidden
    ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


@pytest.mark.parametrize("name", EVERY)
def test_a_screen_reader_is_told(drawn: dict[str, str], name: str) -> None:
    svg = drawn[name]
    assert f'role="img" aria-labelledby="{name}-title {name}-desc"' in svg
    assert f'<desc id="{name}-desc">문장 &lt;{name}&gt;</desc>' in svg


def test_no_two_charts_share_an_id(drawn: dict[str, str]) -> None:
    found = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in drawn.values()]
    assert sum(map(len, found)) == len(set().union(*found))
    for svg in drawn.values():
        wanted = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
        assert wanted <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_it_is_read_without_colour(drawn: dict[str, str]) -> None:
    assert "stroke-dasharray" in drawn["course"]
    assert {"이번 기간", "앞 기간"} <= set(re.findall(r">([^<>]+)</text>", drawn["course"]))
    assert {"40건", "5 미만", "종로구", "중구"} <= set(re.findall(r">([^<>]+)</text>", drawn["bars"]))
    assert "<pattern" in drawn["bars"]


def test_no_colour_is_fixed_so_that_dark_and_high_contrast_hold(drawn: dict[str, str]) -> None:
    assert re.findall(r"#[0-9a-f]{6}\b(?=[\";])", "".join(drawn.values())) == []


def test_nothing_is_said_to_be_nothing(drawn: dict[str, str]) -> None:
    assert NO_DATA in drawn["nothing"]
    assert NO_DATA in drawn["empty"]
    assert NO_DATA not in drawn["one"]


def test_a_document_gets_a_picture() -> None:
    assert png_of(BARS, dots=50).startswith(b"\x89PNG")


def test_the_table_and_the_file_hold_what_the_chart_shows() -> None:
    assert rows_of(BARS) == [["종로구", "40건"], ["중구", "5 미만"]]
    assert csv_of(BARS).decode("utf-8-sig").splitlines()[1] == "종로구,40건"
    assert rows_of(course(0.5, before=(0.4,))) == [["11월 1일", "50.0%", "40.0%"]]


@pytest.mark.parametrize("cell", ["=1+1", "+82", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_no_cell_is_carried_out(cell: str) -> None:
    assert neutral(cell).startswith("'")
    assert "'" in write_csv(["a"], [[cell]])


def test_plain_cells_stay() -> None:
    assert [neutral(cell) for cell in ("12건", "마포구", "a=b")] == ["12건", "마포구", "a=b"]
