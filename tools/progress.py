"""What pip is doing, read from its output, shown as one bar on a terminal or as plain lines elsewhere."""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

BAR_CELLS = 24
COLLECTING = re.compile(r"^\s*(?:Collecting|Processing)\s+(?P<what>\S+)")
DOWNLOADING = re.compile(r"^\s*(?:Downloading|Using cached)\s+(?P<file>\S+)(?:\s+\((?P<size>[^)]+)\))?")
INSTALLING = re.compile(r"^\s*Installing collected packages:\s*(?P<names>.+)")
WHEEL_PARTS_BEFORE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that pip reports: ``kind`` is ``find``, ``download`` or ``install``; ``label`` names it."""

    kind: str
    label: str


def read_step(line: str) -> Step | None:
    """The step that a line of pip's output announces, or None for all other lines."""
    if found := INSTALLING.match(line):
        return Step("install", found["names"].strip())
    if found := DOWNLOADING.match(line):
        name = _package_of(found["file"])
        return Step("download", f"{name} ({found['size']})" if found["size"] else name)
    if found := COLLECTING.match(line):
        return Step("find", _package_of(found["what"]))
    return None


def _package_of(what: str) -> str:
    name = what.rsplit("/", 1)[-1]
    if name.endswith((".whl", ".metadata")):
        return name.split("-", WHEEL_PARTS_BEFORE_VERSION)[0].replace("_", "-")
    return re.split(r"[=<>!~;\[]", name, maxsplit=1)[0]


def clock_text(seconds: float) -> str:
    """Elapsed time as ``m:ss``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def clip(text: str, columns: int) -> str:
    """``text`` cut to terminal columns; Korean letters and other wide signs take two."""
    width = 0
    for position, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > columns:
            return text[:position]
    return text


@dataclass(slots=True)
class Display:
    """Packages done of all, megabytes fetched, what is under way and the time it took.

    On a terminal one line is redrawn; elsewhere (a log) a line is written when the count of packages changes.
    """

    stream: TextIO
    total: int
    live: bool
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    megabytes: float = 0.0
    label: str = ""
    started: float = field(init=False)
    written: int = field(init=False, default=-1)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def render(self, columns: int) -> str:
        """The line as it stands now, at most ``columns`` wide."""
        share = self.done / self.total if self.total else 1.0
        filled = int(share * BAR_CELLS)
        bar = "█" * filled + "░" * (BAR_CELLS - filled)
        elapsed = clock_text(self.clock() - self.started)
        line = f"[{bar}] {self.done}/{self.total} packages  {self.megabytes:.0f} MB  {elapsed}  {self.label}"
        return clip(line, columns)

    def draw(self) -> None:
        """Show the present state."""
        if self.live:
            self.stream.write("\r\x1b[K" + self.render(shutil.get_terminal_size().columns - 1))
        elif self.done != self.written:
            elapsed = clock_text(self.clock() - self.started)
            self.stream.write(f"{self.done}/{self.total} packages, {self.megabytes:.0f} MB, {elapsed}\n")
            self.written = self.done
        self.stream.flush()

    def close(self) -> None:
        """Leave the last state on a line of its own."""
        self.label = ""
        self.draw()
        if self.live:
            self.stream.write("\n")
            self.stream.flush()
