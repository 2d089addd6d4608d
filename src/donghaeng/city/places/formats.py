"""Official tables of places and how a row of each becomes a place.

The column names are those of the tables that Seoul, the KMA, the fire agency and the library network
publish. A row that is no place raises :class:`RowError` with the reason, and the file goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from donghaeng.city.places.model import Kind, Place, distance_m
from donghaeng.city.places.naming import dong_aliases, line_name, station_aliases
from donghaeng.city.places.table import PlaceTable

KOREA_LAT = (33.0, 39.0)
KOREA_LON = (124.0, 132.0)
SAME_STATION_M = 3_000.0
"""Farther apart, two stations of one name (양평 in Seoul and in 양평군) are not the same place."""

ROUTE_LINES: Mapping[str, str] = MappingProxyType(
    {
        "경부선": "1",
        "경원선": "1",
        "경인선": "1",
        "장항선": "1",
        "일산선": "3",
        "과천선": "4",
        "안산선": "4",
        "진접선": "4",
        "7호선(인천)": "7",
        "별내선": "8",
        "9호선(연장)": "9",
        "분당선": "수인분당",
        "수인선": "수인분당",
        "중앙선": "경의중앙",
        "공항철도1호선": "공항철도",
        "신분당선(연장)": "신분당",
        "신분당선(연장2)": "신분당",
        "수도권 광역급행철도": "GTX-A",
    }
)
"""Railway names of the coordinate table that passengers know as another line."""

Row = Mapping[str, str]


class RowError(ValueError):
    """A row cannot become a place; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table: the columns that tell it, and its reader."""

    name: str
    columns: frozenset[str]
    read: Callable[[Row, PlaceTable], Place]
    rank: int
    """Tables are read in this order: later ones take positions and names from earlier ones."""


def _text(row: Row, column: str) -> str:
    value = (row.get(column) or "").strip()
    if not value:
        raise RowError(f"{column} is empty")
    return value


def _number(row: Row, column: str, low: float, high: float) -> float:
    text = _text(row, column)
    try:
        value = float(text)
    except ValueError:
        raise RowError(f"{column} is not a number: {text[:20]!r}") from None
    if not low <= value <= high:
        raise RowError(f"{column} is outside Korea: {value}")
    return value


def _position(row: Row, lat: str = "lat", lon: str = "lon") -> tuple[float, float]:
    return _number(row, lat, *KOREA_LAT), _number(row, lon, *KOREA_LON)


def _stop(row: Row, known: PlaceTable) -> Place:
    ars_id, name = _text(row, "ars_id"), _text(row, "stop_name")
    if not re.fullmatch(r"[0-9]{5}", ars_id):
        raise RowError(
            f"ars_id has five digits, not {ars_id[:12]!r} (a spreadsheet may have dropped the leading 0)"
        )
    lat, lon = _position(row)
    district = (row.get("gu") or "").strip() or known.district_of(lat, lon) or ""
    return Place(Kind.STOP, ars_id, name, lat, lon, district)


def _station(name: str, line: str, at: tuple[float, float], known: PlaceTable, ids: str = "") -> Place:
    lat, lon = at
    same = known.by_key(Kind.STATION, name)
    near = same is not None and distance_m(lat, lon, same.lat, same.lon) < SAME_STATION_M
    district = same.district if same and near else (known.district_of(lat, lon) or "")
    extra = MappingProxyType({"ids": ids}) if ids else {}
    return Place(Kind.STATION, name, name, lat, lon, district, (line,), station_aliases(name), extra)


def _merged_station(row: Row, known: PlaceTable) -> Place:
    line = line_name(_text(row, "line_name"))
    ids = f"{line}:{_text(row, 'statn_id')}"
    return _station(_text(row, "statn_nm"), line, _position(row), known, ids)


def _feed_station(row: Row, known: PlaceTable) -> Place:
    name, line = _text(row, "statn_nm"), line_name(_text(row, "line_name"))
    same = known.by_key(Kind.STATION, name) or known.station(re.sub(r"\(.*", "", name))
    if same is None:
        raise RowError(f"no position is known for {name}: import the table of coordinates as well")
    return _station(name, line, (same.lat, same.lon), known, f"{line}:{_text(row, 'statn_id')}")


def _station_position(row: Row, known: PlaceTable) -> Place:
    name, route = _text(row, "station_name"), _text(row, "route")
    same = known.station(name)
    line = ROUTE_LINES.get(route) or line_name(route)
    return _station(same.name if same else name, line, _position(row), known)


def _district(row: Row, known: PlaceTable) -> Place:
    del known
    name = _text(row, "gu")
    lat, lon = _position(row)
    extra = {
        "nx": _text(row, "kma_nx"),
        "ny": _text(row, "kma_ny"),
        "air_code": _text(row, "air_msrstn_code"),
    }
    return Place(Kind.DISTRICT, name, name, lat, lon, name, extra=MappingProxyType(extra))


def _grid(row: Row, known: PlaceTable) -> Place:
    del known
    if not (row.get("sigungu") or "").strip():
        raise RowError("the city as a whole is not a place")
    district, dong = _text(row, "sigungu"), (row.get("dong") or "").strip()
    lat, lon = _position(row)
    extra = MappingProxyType({"nx": _text(row, "nx"), "ny": _text(row, "ny")})
    if not dong:
        return Place(Kind.DISTRICT, district, district, lat, lon, district, extra=extra)
    key = f"{district} {dong}"
    return Place(Kind.DONG, key, dong, lat, lon, district, aliases=dong_aliases(dong), extra=extra)


def _library(row: Row, known: PlaceTable) -> Place:
    lat, lon = _position(row, "latitude", "longitude")
    address = _text(row, "address")
    extra = {
        name: (row.get(column) or "").strip()
        for name, column in (("phone", "tel"), ("hours", "open_hours"), ("closed", "closed_info"))
    }
    district = district_in(address) or known.district_of(lat, lon) or ""
    return Place(
        Kind.LIBRARY,
        _text(row, "code"),
        _text(row, "name"),
        lat,
        lon,
        district,
        extra=MappingProxyType({"address": address, **{k: v for k, v in extra.items() if v}}),
    )


def _fire_station(row: Row, known: PlaceTable) -> Place:
    """The table has no coordinates: the place is put at the centre of its dong, else of its district."""
    name, address = _text(row, "119안전센터명"), _text(row, "주소")
    district = district_in(address)
    gu = known.by_key(Kind.DISTRICT, district) if district else None
    if gu is None:
        raise RowError(f"no known district in the address {address[:40]!r}")
    dongs = [
        place
        for text in re.findall(r"[가-힣0-9]+동", address)
        for place in known.by_name(text, Kind.DONG)
        if place.district == district
    ]
    at = dongs[0] if dongs else gu
    extra = {"address": address, "phone": (row.get("전화번호") or "").strip()}
    extra["position"] = "dong" if dongs else "district"
    key = f"{_text(row, '소방서명')} {name}"
    return Place(Kind.FIRE_STATION, key, name, at.lat, at.lon, gu.name, extra=MappingProxyType(extra))


def district_in(address: str) -> str:
    """The gu named in a Seoul address; empty when there is none."""
    match = re.search(r"서울\S*\s+([가-힣]{1,4}구)\b", address)
    return match[1] if match else ""


TABLES: tuple[Table, ...] = (
    Table("districts", frozenset({"gu", "kma_nx", "kma_ny", "air_msrstn_code", "lat", "lon"}), _district, 1),
    Table("KMA grid", frozenset({"admin_code", "sigungu", "dong", "nx", "ny", "lat", "lon"}), _grid, 2),
    Table(
        "stations with coordinates",
        frozenset({"statn_id", "statn_nm", "line_name", "lat", "lon"}),
        _merged_station,
        3,
    ),
    Table("station coordinates", frozenset({"station_name", "route", "lat", "lon"}), _station_position, 4),
    Table("station ids of the real-time feed", frozenset({"statn_id", "statn_nm"}), _feed_station, 5),
    Table("bus stops", frozenset({"ars_id", "stop_name", "lat", "lon"}), _stop, 6),
    Table("libraries", frozenset({"code", "name", "address", "latitude", "longitude"}), _library, 7),
    Table("fire safety centres", frozenset({"119안전센터명", "소방서명", "주소"}), _fire_station, 8),
)
"""Tables with a header line. The first whose columns are all there is meant."""


def area_place(name: str, known: PlaceTable) -> Place:
    """A place of the list of real-time areas, which gives names alone: where a known place of that name is.

    Raises:
        RowError: nothing of that name is known.
    """
    if len(name) > 40 or "\t" in name:
        raise RowError("a line holds one name of at most 40 characters")
    parts = (name, re.sub(r"\([^)]*\)", "", name).strip(), *re.split(r"[·\s]", name))
    for part in parts:
        found = [place for place in known.by_name(part) if part]
        if found:
            at = next((place for place in found if place.kind is Kind.LANDMARK), found[0])
            if at.kind is Kind.LANDMARK and name in (at.name, *at.aliases):
                return at
            return Place(Kind.LANDMARK, name, name, at.lat, at.lon, at.district)
    raise RowError(f"no position is known for {name}")


def outlines(document: Any, known: PlaceTable) -> list[Place | RowError]:
    """Districts with their outlines from GeoJSON features that carry ``SIG_KOR_NM``."""
    found: list[Place | RowError] = []
    for feature in document.get("features", ()):
        try:
            found.append(_outline(feature, known))
        except (RowError, KeyError, TypeError, ValueError, AttributeError) as error:
            found.append(RowError(f"not the outline of a district ({error})"))
    return found


def _outline(feature: Any, known: PlaceTable) -> Place:
    name = str(feature["properties"]["SIG_KOR_NM"])
    centre = known.by_key(Kind.DISTRICT, name)
    if centre is None:
        raise RowError(f"{name[:20]} is no district of Seoul")
    geometry = feature["geometry"]
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[(round(float(lon), 6), round(float(lat), 6)) for lon, lat, *_ in shape[0]] for shape in shapes]
    if not rings or any(len(ring) < 4 for ring in rings):
        raise RowError("a ring has at least four corners")
    extra = {**centre.extra, "outline": json.dumps(rings, separators=(",", ":"))}
    return Place(Kind.DISTRICT, name, name, centre.lat, centre.lon, name, extra=MappingProxyType(extra))


def english_names(document: Any, known: PlaceTable) -> list[Place | RowError]:
    """Stations with their English names as aliases, from ``englishToKorean``."""
    found: list[Place | RowError] = []
    for english, korean in document["englishToKorean"].items():
        station = known.station(str(korean)) or known.station(str(korean).removesuffix("역"))
        if station is None:
            found.append(RowError(f"{str(korean)[:20]} is not a known station"))
            continue
        found.append(
            Place(
                Kind.STATION,
                station.key,
                station.name,
                station.lat,
                station.lon,
                station.district,
                station.lines,
                aliases=(str(english),),
            )
        )
    return found
