"""Writes ``docs/service.schema.json``, the JSON Schema of service files, from the model.

``.venv/bin/python -m tools.write_schema [--check]``; with ``--check`` nothing is written and the exit status
is 1 where the file is not what the model says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from donghaeng.city.services.definition import service_schema

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "service.schema.json"


def main(arguments: Sequence[str], schema: Path = SCHEMA) -> int:
    """Exit status 0 when the file is (now) right, 1 when it is not, 2 on wrong usage."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tools.write_schema [--check]\n")
        return 2
    text = json.dumps(service_schema(), ensure_ascii=False, indent=2) + "\n"
    if not arguments:
        schema.write_text(text, encoding="utf-8")
    elif not schema.is_file() or schema.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{schema}:1: is not what the model says; run python -m tools.write_schema\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
