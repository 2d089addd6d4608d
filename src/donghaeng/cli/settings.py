"""`donghaeng settings`: every setting, its value and what it means."""

from __future__ import annotations

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
        shown = "(set)" if isinstance(value, SecretStr) else "" if value is None else str(value)
        table.add_row(f"DONGHAENG_{name.upper()}", shown, field.description or "")
    Console().print(table)
