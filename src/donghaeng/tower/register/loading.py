"""Reads the schema of a record and the program's own statements from the files that come with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from donghaeng.errors import InputError
from donghaeng.tower.register.own import Own
from donghaeng.tower.register.schema import Schema, Section
from donghaeng.trust.rule_files import read_rules

FOLDER: Final = Path(__file__).parent / "fields"
OWN_FILE: Final = Path(__file__).parent / "own.yaml"


@cache
def load_schema(folder: Path = FOLDER) -> Schema:
    """The schema, its sections in the order of the files' names.

    Raises:
        InputError: a file is wrong, or two fields have one name.
    """
    sections = [read_rules(path, Section) for path in sorted(folder.glob("*.yaml"))]
    names = [spec.name for section in sections for spec in section.fields]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled or not names:
        raise InputError(
            f"{folder}: {', '.join(doubled) or 'no fields'}", remedy="each field stands there once"
        )
    return Schema(sections)


@cache
def load_own() -> Own:
    """What is true of the program itself wherever it runs.

    Raises:
        InputError: the file is wrong.
    """
    return read_rules(OWN_FILE, Own)
