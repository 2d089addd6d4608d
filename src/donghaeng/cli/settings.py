"""`donghaeng settings`: every setting, its value and what it means."""

from __future__ import annotations

import re
from typing import Any

import click
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from donghaeng.settings import Settings, load_settings


@click.command(name="settings")
def settings() -> None:
    """List every setting with the value in force; secrets are not shown.

    \b
    Example:
      DONGHAENG_CITY=live donghaeng settings
    """
    values = load_settings()
    table = Table("setting", "value", "meaning")
    for name, field in Settings.model_fields.items():
        value = getattr(values, name)
        table.add_row(f"DONGHAENG_{name.upper()}", _shown(value), field.description or "")
    Console().print(table)


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)"
    # An address may hold a password, before its host or among its parameters.
    hidden = re.sub(r"(://[^/@\s:]*:)[^@\s]*@", r"\1(set)@", "" if value is None else str(value))
    return re.sub(r"([?&]password=)[^&\s]*", r"\1(set)", hidden)
