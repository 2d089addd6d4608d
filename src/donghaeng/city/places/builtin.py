"""The places that come with Donghaeng: ``catalogue/places/*.csv``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.naming import dong_aliases, join_lines, station_aliases
from donghaeng.city.places.table import PlaceTable
from donghaeng.errors import CatalogueError

Row = dict[str, str]


def load_builtin(folder: Path) -> PlaceTable:
    """Read every built-in table.

    Args:
        folder: ``catalogue/places``.

    Raises:
        CatalogueError: a file is missing, or a row of it cannot be read.
    """
    found = [place for name, read in _READERS.items() for place in _rows(folder / name, read)]
    stations = join_lines(place for place in found if place.kind is Kind.STATION)
    return PlaceTable((*(place for place in found if place.kind is not Kind.STATION), *stations))


def _rows(file: Path, read: Callable[[Row], Place]) -> Iterator[Place]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            for row in reader:
                try:
                    yield read(row)
                except (KeyError, ValueError, TypeError) as error:
                    raise CatalogueError(
                        file,
                        reader.line_num,
                        f"this row is not a place ({error})",
                        remedy="see the column names in line 1",
                    ) from None
    except OSError as error:
        raise CatalogueError(
            file, 1, f"cannot be read: {error.strerror}", remedy="check DONGHAENG_CATALOGUE"
        ) from None


def _position(row: Row) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


def _district(row: Row) -> Place:
    lat, lon = _position(row)
    extra = {name: row[name] for name in ("nx", "ny", "air_code")}
    return Place(
        Kind.DISTRICT, row["name"], row["name"], lat, lon, row["name"], extra=MappingProxyType(extra)
    )


def _dong(row: Row) -> Place:
    lat, lon = _position(row)
    key = f"{row['district']} {row['name']}"
    return Place(Kind.DONG, key, row["name"], lat, lon, row["district"], aliases=dong_aliases(row["name"]))


def _station(row: Row) -> Place:
    lat, lon = _position(row)
    return Place(
        Kind.STATION,
        row["name"],
        row["name"],
        lat,
        lon,
        row["district"],
        lines=(row["line"],),
        aliases=station_aliases(row["name"]),
        extra=MappingProxyType({"ids": f"{row['line']}:{row['station_id']}"}),
    )


def _stop(row: Row) -> Place:
    lat, lon = _position(row)
    if len(row["ars_id"]) != 5 or not row["ars_id"].isdigit():
        raise ValueError("ars_id has five digits")
    return Place(Kind.STOP, row["ars_id"], row["name"], lat, lon, row["district"])


def _landmark(row: Row) -> Place:
    lat, lon = _position(row)
    aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
    return Place(Kind.LANDMARK, row["name"], row["name"], lat, lon, row["district"], aliases=aliases)


_READERS: dict[str, Callable[[Row], Place]] = {
    "districts.csv": _district,
    "dongs.csv": _dong,
    "stations.csv": _station,
    "stops.csv": _stop,
    "landmarks.csv": _landmark,
}
