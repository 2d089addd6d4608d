"""A draft as a file: HWPX, DOCX or PDF, each with the AI mark for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from donghaeng.errors import InputError
from donghaeng.office.drafts.files.hwpx import write_hwpx
from donghaeng.office.drafts.files.pdf import write_pdf
from donghaeng.office.drafts.files.word import write_word
from donghaeng.office.drafts.model import Draft

WRITERS: Final[Mapping[str, Callable[[Draft], bytes]]] = MappingProxyType(
    {".hwpx": write_hwpx, ".docx": write_word, ".pdf": write_pdf}
)


def write(draft: Draft, name: str) -> bytes:
    """The file of a draft.

    Args:
        draft: what it says.
        name: of the file; its ending says the format.

    Raises:
        InputError: no format of this ending is written.
    """
    writer = WRITERS.get(PurePath(name).suffix.lower())
    if writer is None:
        raise InputError(f"{name}: no format of a draft", remedy=f"end its name in {', '.join(WRITERS)}")
    return writer(draft)
