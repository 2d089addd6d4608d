"""Spoken consent: one object for whatever a citizen agreed to by voice (개인정보 보호법 제22조,
시행령 제17조).

What was asked tells purpose, items, period and that a no costs nothing (제15조 제2항); its version names the
words in the catalogue. It is kept with what it allows and goes with it; taking it back needs one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """What somebody had been told, the yes, and when."""

    script: str
    """Version of the words that asked."""
    asked: str = field(repr=False)
    said: str = field(repr=False)
    """The masked utterance that agreed."""
    at: datetime
    purposes: tuple[str, ...] = ()
    """What it allows: ``remember``, ``call_back``."""
    audio: str | None = None
    """Where the yes can be heard; None, as nothing is recorded unless a city records."""

    def words(self) -> dict[str, Any]:
        """What of it is sealed."""
        told = {"asked": self.asked, "said": self.said, "purposes": list(self.purposes)}
        return told if self.audio is None else {**told, "audio": self.audio}

    @classmethod
    def of(cls, script: str, at: datetime, words: Mapping[str, Any]) -> SpokenConsent:
        """From what was kept."""
        purposes = tuple(words.get("purposes", ()))
        return cls(script, words["asked"], words["said"], at, purposes, words.get("audio"))
