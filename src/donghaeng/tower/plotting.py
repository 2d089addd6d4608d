"""Matplotlib as every chart of the control tower uses it: one Korean font, one drawing at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from donghaeng.office.drafts.files.fonts import font_file

_COMMON: Final[Any] = {
    "font.family": ["NanumGothic"],
    "svg.hashsalt": "donghaeng",  # equal charts are equal files
    "axes.unicode_minus": False,
}
_drawing = threading.Lock()
"""Matplotlib's fonts and settings are one process's, not one thread's."""


@contextmanager
def drawing(settings: Mapping[str, Any]) -> Iterator[None]:
    """Draw with these settings on top of the common ones; whoever draws elsewhere waits.

    Raises:
        EngineMissing: the font is not installed.
    """
    # Half a second, which only charts pay.
    from matplotlib import rc_context  # noqa: PLC0415

    chosen: Any = _COMMON | dict(settings)
    with _drawing:
        _bring_font()
        with rc_context(chosen):
            yield


@cache
def _bring_font() -> None:
    from matplotlib import font_manager  # noqa: PLC0415

    font_manager.fontManager.addfont(str(font_file()))
