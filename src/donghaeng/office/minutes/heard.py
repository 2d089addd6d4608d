"""One turn with its sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from donghaeng.office.minutes.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that has been cut into sentences."""

    at: float
    who: str
    sentences: tuple[Sentence, ...]

    def begins(self, words: Sequence[str]) -> bool:
        """Whether it opens with one of ``words``."""
        text = self.sentences[0].text if self.sentences else ""
        return text.startswith(tuple(words))

    def says(self, words: Sequence[str]) -> bool:
        """Whether one of ``words`` stands anywhere in it."""
        return any(one.says(words) for one in self.sentences)
