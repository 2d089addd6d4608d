"""JSON files of the cache: written whole or not at all, and read only as they were written."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_SUM: Final = "sha256"
_VALUE: Final = "value"


def write_kept(file: Path, value: Any) -> None:
    """Keep a JSON value; a folder that takes no file costs that it is made again, nothing else."""
    text = _text(value)
    document = json.dumps({_SUM: _sum(text), _VALUE: value}, ensure_ascii=False)
    draft = file.with_name(f".{os.getpid()}.{threading.get_ident()}.{file.name}")
    try:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(document, encoding="utf-8")
            draft.replace(file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def read_kept(file: Path) -> Any:
    """The value; None where there is none, or where one bit of it is another than was written."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return document[_VALUE] if document[_SUM] == _sum(_text(document[_VALUE])) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
