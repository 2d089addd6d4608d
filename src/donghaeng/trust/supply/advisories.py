"""Known weaknesses of packages, looked up in a file instead of on the network.

The file is in the Open Source Vulnerability format (ossf.github.io/osv-schema): one record as JSON, a list of
them, a folder of such files, or the zip file that vulnerability databases offer for a whole ecosystem.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from donghaeng.errors import InputError
from donghaeng.trust.supply.components import Package

ECOSYSTEM: Final = "PyPI"
LARGEST_RECORD: Final = 10_000_000
"""Bytes of one record in a zip file, unpacked."""
MOST_RECORDS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Weakness:
    """An installed package that an advisory speaks of."""

    package: str
    version: str
    advisory: str
    aliases: tuple[str, ...]
    summary: str
    fixed_in: tuple[str, ...]
    """Versions in which it is mended, lowest first; none if nobody has."""
    severity: str = ""
    """As the database words it; empty where it does not."""
    published: date | None = None


def weaknesses(packages: Iterable[Package], records: Iterable[Mapping[str, Any]]) -> list[Weakness]:
    """What the advisories say of these packages, by package; withdrawn advisories say nothing."""
    installed = {package.name: package for package in packages}
    found = []
    for record in records:
        if record.get("withdrawn"):
            continue
        for affected in _list(record.get("affected")):
            package = installed.get(_name(affected))
            if package is None or not _is_affected(package.version, affected):
                continue
            found.append(
                Weakness(
                    package=package.name,
                    version=package.version,
                    advisory=str(record.get("id", "?")),
                    aliases=tuple(str(one) for one in record.get("aliases") or ()),
                    summary=str(record.get("summary") or record.get("details") or "")[:200],
                    fixed_in=_fixed(package.version, affected),
                    severity=_severity(record, affected),
                    published=day_of(record.get("published")),
                )
            )
    return sorted(set(found), key=lambda one: (one.package, one.advisory))


def read_records(path: Path) -> Iterator[Mapping[str, Any]]:
    """The records of a file, a folder or a zip file.

    Raises:
        InputError: there is no such file, or a part of it is no record; the message names it.
    """
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield from _records(file.read_bytes(), str(file))
    elif zipfile.is_zipfile(path):
        yield from _zipped(path)
    elif path.is_file():
        yield from _records(path.read_bytes(), str(path))
    else:
        raise InputError(f"{path}: no such file", remedy="give a file, folder or zip file of OSV records")


def _zipped(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one for one in archive.infolist() if one.filename.endswith(".json")]
            if len(names) > MOST_RECORDS:
                raise InputError(f"{path}: more than {MOST_RECORDS:,} records")
            for one in names:
                if one.file_size > LARGEST_RECORD:
                    raise InputError(f"{path}: {one.filename} is larger than {LARGEST_RECORD:,} bytes")
                with archive.open(one) as file:
                    yield from _records(file.read(LARGEST_RECORD), f"{path}: {one.filename}")
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise InputError(f"{path}: the zip file is damaged: {error}") from error


def _records(raw: bytes, place: str) -> Iterator[Mapping[str, Any]]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: no JSON: {error}") from error
    for record in content if isinstance(content, list) else [content]:
        if not isinstance(record, dict) or "id" not in record:
            raise InputError(f"{place}: no OSV record", remedy="every record has an id")
        yield record


def _list(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(affected: Mapping[str, Any]) -> str:
    package = affected.get("package")
    if not isinstance(package, dict) or package.get("ecosystem") != ECOSYSTEM:
        return ""
    return canonicalize_name(str(package.get("name", "")))


def _is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """As the format's own evaluation does: listed by name, or within a range."""
    if version in (affected.get("versions") or ()):
        return True
    ours = _version(version)
    if ours is None:
        return False
    return any(_within(ours, _events(one)) for one in _ranges(affected))


def _within(ours: Version, events: Iterable[tuple[Version, str]]) -> bool:
    inside = False
    for at, kind in events:
        if kind == "introduced" and ours >= at:
            inside = True
        elif (kind == "fixed" and ours >= at) or (kind == "last_affected" and ours > at):
            inside = False
    return inside


def _ranges(affected: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in _list(affected.get("ranges")) if one.get("type") == "ECOSYSTEM"]


def _events(versions: Mapping[str, Any]) -> list[tuple[Version, str]]:
    events = []
    for event in _list(versions.get("events")):
        for kind, at in event.items():
            version = _version(str(at))
            if version is not None:
                events.append((version, str(kind)))
    return sorted(events)


def _fixed(version: str, affected: Mapping[str, Any]) -> tuple[str, ...]:
    ours = _version(version)
    fixed = {at for one in _ranges(affected) for at, kind in _events(one) if kind == "fixed"}
    return tuple(str(at) for at in sorted(fixed) if ours is None or at > ours)


def _severity(record: Mapping[str, Any], affected: Mapping[str, Any]) -> str:
    """The word that databases put beside the vector of the score."""
    for holder in (record, affected):
        for name in ("database_specific", "ecosystem_specific"):
            specific = holder.get(name)
            if isinstance(specific, dict) and isinstance(specific.get("severity"), str):
                return str(specific["severity"])
    return ""


def day_of(value: Any) -> date | None:
    """The day of a moment as records write it (RFC 3339); None where it is none."""
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
