"""What `donghaeng key status` and `vault status` print: whose keys they are, and what each seals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

BROKEN_STATUS = 1
"""A key is missing: something cannot be read."""


def tell(of: str, keys: Sequence[str], said: Mapping[str, str], lost: Mapping[str, int]) -> None:
    """Print a line for each key under what the keys are of.

    Args:
        of: what is sealed.
        keys: that are here, the one in force first.
        said: of each, what it seals.
        lost: values of each key that is not here.
    """
    click.echo(of)
    for key in keys:
        click.echo(f"  {key}: {said[key]}{' (in force)' if key == keys[0] else ''}")
    for key, count in lost.items():
        click.echo(f"  {key}: {count} values cannot be read: this key is not here")
