"""Contact data behind stand-ins, for a language model that has to quote words but need not know them.

"양화로 45예요" becomes "⟨주소1⟩예요"; a quotation of "⟨주소1⟩" becomes "양화로 45" again, here and only
here. Numbers that are never collected become :data:`~donghaeng.trust.masking.MASK`, which nothing brings
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from donghaeng.trust.masking import CONTACT, MASK, find

_NAMES: Final[Mapping[str, str]] = {"phone": "전화", "email": "메일", "address": "주소", "name": "이름"}


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A text as a model may read it, and what its stand-ins stand for."""

    text: str
    pieces: Mapping[str, str]

    def restored(self, quoted: str) -> str:
        """A quotation of :attr:`text` in the words that were said."""
        for stand_in, piece in self.pieces.items():
            quoted = quoted.replace(stand_in, piece)
        return quoted


def stand_in(text: str) -> StoodIn:
    """Put stand-ins in the place of contact data; ``text`` is in NFC."""
    said: list[str] = []
    pieces: dict[str, str] = {}
    at = 0
    for span in find(text, "model"):
        name = MASK
        if span.kind in CONTACT:
            name = f"⟨{_NAMES[span.kind]}{len(pieces) + 1}⟩"
            pieces[name] = text[span.start : span.end]
        said += (text[at : span.start], name)
        at = span.end
    return StoodIn("".join([*said, text[at:]]), pieces)
