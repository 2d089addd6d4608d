"""Cases that measure masking: sentences with every number, name and address in them marked by its kind.

A marked sentence reads ``제 번호는 {resident|900101-1234567}이에요``. Sentences written by hand stand in one
file; others are filled from templates by a generator with a seed, so that the same seed gives the same cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from ruamel.yaml import YAML

from donghaeng.errors import InputError
from donghaeng.measuring.masking_pieces import piece

_MARKED: Final = re.compile(r"\{(?P<kind>[a-z_]+)\|(?P<text>[^{}]+)\}")
_FILLED: Final = re.compile(r"\{(?P<kind>[a-z_]+)(?::(?P<style>[a-z]+))?\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A marked stretch of a sentence."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MaskingCase:
    """A sentence and its marked pieces, in order."""

    text: str
    pieces: tuple[Piece, ...]


def parse(marked: str) -> MaskingCase:
    """Read a marked sentence.

    Raises:
        InputError: a brace that marks nothing.
    """
    text = ""
    pieces: list[Piece] = []
    at = 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        pieces.append(Piece(match["kind"], len(text), len(text) + len(match["text"])))
        text += match["text"]
        at = match.end()
    text += marked[at:]
    if "{" in text or "}" in text:
        raise InputError(f"masking case {marked[:60]!r}: a brace marks nothing", remedy="write {kind|piece}")
    return MaskingCase(text, tuple(pieces))


def read_marked(path: Path) -> list[str]:
    """The marked sentences of a file, one a line; ``#`` begins a comment."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def generate(templates: Path, count: int, seed: int) -> list[str]:
    """So many marked sentences, all different, from the templates.

    Args:
        templates: YAML list of ``{weight, lines}``.
        count: how many.
        seed: of the generator.
    """
    chance = Random(seed)  # noqa: S311  no secret
    groups = YAML(typ="safe").load(templates)
    weights = [group["weight"] for group in groups]
    made: dict[str, None] = {}
    while len(made) < count:
        group = chance.choices(groups, weights)[0]
        made[_fill(chance.choice(group["lines"]), chance)] = None
    return list(made)


def all_cases(folder: Path, *, total: int = 1000, seed: int = 7) -> list[MaskingCase]:
    """Those of ``lines.txt`` and as many from ``templates.yaml`` as make ``total``."""
    written = read_marked(folder / "lines.txt")
    return [parse(line) for line in marked_cases(folder, written, total=total, seed=seed)]


def marked_cases(folder: Path, written: Sequence[str], *, total: int, seed: int) -> list[str]:
    """The marked sentences of :func:`all_cases`."""
    return [*written, *generate(folder / "templates.yaml", total - len(written), seed)]


def _fill(template: str, chance: Random) -> str:
    return _FILLED.sub(
        lambda match: "{" + _kind(match["kind"]) + "|" + piece(match["kind"], chance, match["style"]) + "}",
        template,
    )


def _kind(name: str) -> str:
    return {"resident_tail": "resident", "resident_apart": "resident", "birth_front": "birth"}.get(name, name)
