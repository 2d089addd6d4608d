"""Numbers that must be found nowhere, in the forms that a citizen gives them in, and the search for them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from donghaeng.trust.sealing import Sealer

RESIDENT = "8304172938475"
CARD = "5274930188462713"
_SPOKEN = "공일이삼사오육칠팔구"
_COUNTED = dict(
    zip(("영", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"), "0123456789", strict=True)
)
_JOINT = r"[\s\-‐–—－.,·/_]|다시|하이픈|그리고|에|이?고|대시"
_FILLERS = re.compile(_JOINT)
_RUN = re.compile(rf"(?:[\d공영일이삼사오육륙칠팔구]|{'|'.join(_COUNTED)}|{_JOINT}){{7,}}")
"""What a number can stand in; everything else need not be looked at."""
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_LEAST_IN_A_ROW = 7


def forms(digits: str) -> list[str]:
    """A number as typed and as spoken digit by digit."""
    sizes = (6, 7) if len(digits) == 13 else (4, 4, 4, 4)
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    spoken = ["".join(_SPOKEN[int(digit)] for digit in group) for group in groups]
    return [
        "-".join(groups),
        digits,
        " ".join(groups),
        "".join(chr(ord("０") + int(digit)) for digit in digits),
        " ".join(spoken),
        " 다시 ".join(spoken),
        " ".join(" ".join(word) for word in spoken),
        "에 ".join(spoken),
    ]


class OpenSealer(Sealer):
    """Seals without encrypting: what reaches the disk can be searched."""

    def seal(self, value: Any, place: str) -> bytes:
        del place
        return b"OPEN" + json.dumps(value, ensure_ascii=False).encode()

    def open(self, blob: bytes, place: str) -> Any:
        del place
        return json.loads(blob[4:])


def found_in(folder: Path, *numbers: str) -> list[str]:
    """The files under ``folder`` in which one of the numbers stands in any form, with how it was read."""
    return [
        f"{file.relative_to(folder)}: {how}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for how in _readings_with(file.name.encode() + b"\n" + file.read_bytes(), numbers)
    ]


def _readings_with(data: bytes, numbers: Sequence[str]) -> Iterator[str]:
    for how, text in _texts(data):
        plain = [_in_digits(run) for run in _RUN.findall(text)]
        packed = [_FILLERS.sub("", run) for run in plain]
        for digits in numbers:
            tail, most = digits[-_LEAST_IN_A_ROW:], digits[-(_LEAST_IN_A_ROW + 3) :]
            # A tail in one piece, or all but the beginning however it is split.
            if any(tail in run for run in plain) or any(most in run for run in packed):
                yield how


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    yield "utf-8", _unescaped(data.decode("utf-8", "ignore"))
    for offset in (0, 1):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield f"{encoding}+{offset}", data[offset:].decode(encoding, "ignore")
    yield "cp949", data.decode("cp949", "ignore")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _in_digits(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    for word, digit in _COUNTED.items():
        text = text.replace(word, digit)
    return text.translate({ord(word): str(value) for value, word in enumerate(_SPOKEN)} | {ord("륙"): "6"})
