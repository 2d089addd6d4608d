"""Codes of six digits that bring a conversation from the telephone to the page.

They are said aloud and keyed in by hand, so they are short: what protects them is that they live ten minutes,
work once, and that nobody may try many (:mod:`donghaeng.web.continuing`). The database holds a slow hash, for
all million could be tried on a fast one.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

DIGITS: Final = 6
LIFETIME: Final = timedelta(minutes=10)
_CODES: Final = 10**DIGITS
_FAIR: Final = 2**24 // _CODES * _CODES
"""Numbers of three bytes from here on would make some codes likelier than others."""
_SPOKEN: Final = str.maketrans("공영일이삼사오육륙칠팔구", "001234566789")
_APART: Final = re.compile(r"[\s,.·-]+")
_CODE: Final = re.compile(r"[0-9]{6}")


def make_code(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A new code, all of them equally likely."""
    while (number := int.from_bytes(entropy(3), "big")) >= _FAIR:
        pass
    return f"{number % _CODES:0{DIGITS}}"


def read_code(text: str) -> str | None:
    """The code in what somebody typed or said ("01 23 45", "공일 이삼 사오"); None where it is none."""
    packed = _APART.sub("", text).translate(_SPOKEN)
    return packed if _CODE.fullmatch(packed) else None


def spoken_code(code: str) -> str:
    """The code in groups of two, as it is written so that it is read digit by digit."""
    return "-".join(code[at : at + 2] for at in range(0, DIGITS, 2))


def code_hash(code: str) -> str:
    """What the database keeps of a code: scrypt, some hundredths of a second each."""
    return hashlib.scrypt(code.encode(), salt=b"donghaeng page code", n=2**14, r=8, p=1, dklen=32).hex()
