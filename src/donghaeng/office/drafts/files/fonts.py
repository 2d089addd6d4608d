"""The Korean letters that documents and charts are set in; they lie in a Python package."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from donghaeng.errors import EngineMissing

FONT_PACKAGE: Final = "koreanize_matplotlib"
"""Its font files alone: imported, it would change Matplotlib for the whole process."""
_FILES: Final = (("NanumGothic", "NanumGothic.ttf"), ("NanumGothic-Bold", "NanumGothicBold.ttf"))


@cache
def font_file(name: str = "NanumGothic.ttf") -> Path:
    """The Korean font that charts and documents are set in.

    Raises:
        EngineMissing: it is not installed.
    """
    spec = find_spec(FONT_PACKAGE)
    path = Path(spec.origin).parent / "fonts" / name if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise EngineMissing("the Korean font for documents is absent", remedy="install koreanize-matplotlib")
    return path


def register() -> None:
    """Make the fonts known to reportlab as ``NanumGothic`` and ``NanumGothic-Bold``."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    known = pdfmetrics.getRegisteredFontNames()
    for name, file in _FILES:
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, font_file(file)))
