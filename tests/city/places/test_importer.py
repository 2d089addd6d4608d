from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donghaeng.city.places import Kind, Place, PlaceTable
from donghaeng.city.places.importer import import_files, read_files
from donghaeng.errors import CatalogueError

STOPS = "node_id,ars_id,stop_name,lon,lat,stop_type,gu,gu_source\n"


class MemoryStore:
    """A place store that remembers."""

    def __init__(self) -> None:
        self.rows: list[Place] = []

    def save(self, rows: Sequence[Place]) -> None:
        self.rows += rows

    def load(self) -> tuple[Place, ...]:
        return tuple(self.rows)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def test_good_rows_are_kept_and_bad_ones_reported_by_line(tmp_path: Path, places: PlaceTable) -> None:
    file = write(
        tmp_path,
        "stops.csv",
        STOPS
        + "1,14999,새정류장,126.91,37.55,일반차로,마포구,x\n"
        + "1,1499,앞자리없음,126.91,37.55,일반차로,마포구,x\n"
        + "1,14998,바다,0,0,일반차로,마포구,x\n"
        + "1,14997,,126.91,37.55,일반차로,마포구,x\n"
        + "1,14996,구없음,126.9138,37.5495,일반차로,,x\n",
    )
    store = MemoryStore()
    (report,) = import_files([file], store, places)
    assert (report.table, report.rows, report.accepted) == ("bus stops", 5, 2)
    assert [(skip.line, skip.reason.split()[0]) for skip in report.skipped] == [
        (3, "ars_id"),
        (4, "lat"),
        (5, "stop_name"),
    ]
    assert [(place.key, place.district) for place in store.load()] == [
        ("14999", "마포구"),
        ("14996", "마포구"),
    ]


def test_older_files_in_cp949_and_tabs_are_read(tmp_path: Path, places: PlaceTable) -> None:
    text = "subway_id\tstatn_id\tstatn_nm\tline_name\n1002\t1002000222\t강남\t2호선\n1002\t1\t없는역\t2호선\n"
    (report,) = read_files([write(tmp_path, "ids.tsv", text, "cp949")], places)
    assert report.accepted == 1
    assert report.skipped[0].line == 3
    assert report.places[0].station_ids["2"] == "1002000222"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.csv", b"x,y\n1,2\n"),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00\x01"),
        ("a.json", b'{"a": 1}'),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.geojson", b"[]"),
        ("a.json", b"1" * 5_000),
        ("a.csv", b"\r\x01"),
        ("a.csv", b'"' + b"x" * 200_000),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_name(
    tmp_path: Path, places: PlaceTable, name: str, raw: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with pytest.raises(CatalogueError) as raised:
        read_files([file], places)
    assert raised.value.file == str(file)
    assert raised.value.line >= 1
    assert raised.value.remedy


def test_a_missing_file_is_one_clear_error(tmp_path: Path, places: PlaceTable) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_files([tmp_path / "none.csv"], places)


def test_tables_help_each_other_whatever_their_order(tmp_path: Path, places: PlaceTable) -> None:
    ids = write(
        tmp_path, "ids.tsv", "subway_id\tstatn_id\tstatn_nm\tline_name\n1002\t1002009999\t새역\t2호선\n"
    )
    where = write(tmp_path, "where.csv", "station_name,route,lat,lon,avg\n새역,2호선,37.55,126.91,\n")
    areas = write(tmp_path, "areas.txt", "새역\n아무데도없는곳\n경복궁\n")
    reports = {report.table: report for report in read_files([areas, ids, where], places)}
    assert reports["station ids of the real-time feed"].accepted == 1
    assert reports["names of areas"].skipped[0].line == 2
    assert reports["names of areas"].accepted == 2


def test_progress_is_told_and_ends_at_the_end(tmp_path: Path, places: PlaceTable) -> None:
    rows = "".join(f"1,{number:05d},정류장{number},126.91,37.55,x,마포구,x\n" for number in range(1_200))
    told: list[tuple[int, int]] = []
    read_files(
        [write(tmp_path, "s.csv", STOPS + rows)], places, lambda file, done, total: told.append((done, total))
    )
    assert told[-1] == (1_200, 1_200)
    assert len(told) >= 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.sampled_from(["x.csv", "x.tsv", "x.json", "x.geojson", "x.txt"]),
    st.binary(max_size=300),
    st.booleans(),
)
def test_no_file_raises_anything_but_a_catalogue_error(
    tmp_path: Path, places: PlaceTable, name: str, raw: bytes, with_header: bool
) -> None:
    file = tmp_path / name
    file.write_bytes((STOPS.encode() if with_header else b"") + raw)
    with suppress(CatalogueError):
        read_files([file], places)


def test_all_of_the_shared_tables_are_read_in_time(shared: Path, places: PlaceTable) -> None:
    files = sorted((shared / "data" / "seoul").iterdir())
    begun = time.monotonic()
    reports = {report.file.name: report for report in read_files(files, places)}
    assert time.monotonic() - begun < 20
    assert reports["bus_stops_seoul_20260506.csv"].accepted == 11_250
    assert reports["subway_stations_merged.csv"].accepted == 690
    assert reports["kma_grid_seoul_202510.csv"].accepted == 452
    assert reports["districts_seoul.csv"].accepted == 25
    assert reports["seoul_districts_juso2015_simple.geojson"].accepted == 25
    assert reports["libraries_seoul.csv"].accepted == 340
    assert reports["citydata_areas_121.txt"].accepted == 121
    table = places.with_places(place for report in reports.values() for place in report.places)
    assert table.district_of(37.5495, 126.9137) == "마포구"
    yangpyeong = table.by_key(Kind.STATION, "양평")
    assert yangpyeong is not None
    assert yangpyeong.district == "영등포구"
    assert yangpyeong.lat == pytest.approx(37.5256, abs=0.001)


def test_any_kind_of_line_ending_is_read(tmp_path: Path, places: PlaceTable) -> None:
    rows = STOPS + "1,14999,새정류장,126.91,37.55,일반차로,마포구,x\n"
    for ending in ("\r\n", "\r"):
        (report,) = read_files([write(tmp_path, "stops.csv", "\ufeff" + rows.replace("\n", ending))], places)
        assert report.accepted == 1
