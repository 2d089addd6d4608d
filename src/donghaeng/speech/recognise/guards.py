"""What a recogniser wrote is looked at before anybody believes it. Pure functions of text and figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from donghaeng.speech.recognise.phrases import StockPhrases, bare

WEAK_LOGPROB: Final = -0.9
"""Mean log probability of the tokens below which a text is weakly supported; of 80 recordings of speech
three lie below it."""
WEAK_NO_SPEECH: Final = 0.5
"""The model's own probability of silence above which a text is weakly supported."""
WEAK_SPEECH_SECONDS: Final = 0.2
"""Speech found by voice activity below which a text is weakly supported."""
NO_SPEECH_LOGPROB: Final = -1.0
NO_SPEECH_PROBABILITY: Final = 0.6
"""Both together mean that nobody spoke (Whisper's own rule, arXiv 2212.04356 section 4.5)."""
HOPELESS_LOGPROB: Final = -2.5
"""Mean log probability below which nothing was said, whatever else speaks for it; of 80 recordings of speech
the lowest is −1.65, a word written into a machine's noise −7.6."""
LOOP_REPEATS: Final = 6
"""Repetitions in a row, of two characters or more or of one Latin letter, that nobody says ("아니 아니 아니"
and eight noughts of a telephone number are said)."""
LOOP_SHARE: Final = 0.6
LOOP_CHARACTERS: Final = 20
"""A text that loses this share and this many characters to loops holds nothing worth keeping."""
FOREIGN_SHARE: Final = 0.5
"""Letters that are neither Hangul nor Latin; a text with this share of them is not Korean."""

_HANGUL_OR_LATIN: Final = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣA-Za-z]")
_FOREIGN: Final = re.compile(r"[^\W\d_가-힣ㄱ-ㅎㅏ-ㅣA-Za-z]")
_LOOP: Final = re.compile(r"(?P<unit>\S(?:.{1,30}?))[\s,.!?]*(?:(?P=unit)[\s,.!?]*){5,}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the sound supports the text."""

    logprob: float
    """Mean natural-log probability of the tokens (0 is certain)."""
    no_speech: float
    """The model's probability (0 … 1) that nobody speaks."""
    speech_seconds: float
    """Speech that voice activity found."""

    @property
    def none(self) -> bool:
        """Whether the text is an invention."""
        unlikely = self.no_speech > NO_SPEECH_PROBABILITY and self.logprob < NO_SPEECH_LOGPROB
        return unlikely or self.logprob < HOPELESS_LOGPROB

    @property
    def weak(self) -> bool:
        """Whether the text may be an invention."""
        return (
            self.logprob < WEAK_LOGPROB
            or self.no_speech > WEAK_NO_SPEECH
            or self.speech_seconds < WEAK_SPEECH_SECONDS
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A text as far as it is believed; ``rejected`` says why nothing of it is."""

    text: str
    rejected: str | None = None


def judge(text: str, evidence: Evidence, phrases: StockPhrases) -> Judged:
    """Drop stock phrases, loops and foreign script; an empty text is no rejection but silence."""
    text = " ".join(text.split())
    if not bare(text):
        return Judged("")
    if is_foreign(text):
        return Judged("", "foreign script")
    text = " ".join(_FOREIGN.sub("", text).split())
    kept, looped = unloop(text)
    if looped >= max(LOOP_CHARACTERS, LOOP_SHARE * len(text)):
        return Judged("", "loop")
    if evidence.none:
        return Judged("", "no speech")
    return Judged("", "stock phrase") if _is_stock(kept, evidence, phrases) else Judged(kept)


def _is_stock(text: str, evidence: Evidence, phrases: StockPhrases) -> bool:
    core = bare(text)
    return any(phrase in core for phrase in phrases.always) or (core in phrases.weak and evidence.weak)


def is_foreign(text: str) -> bool:
    """Whether most letters are neither Hangul nor Latin."""
    own, foreign = len(_HANGUL_OR_LATIN.findall(text)), len(_FOREIGN.findall(text))
    return foreign > 0 and foreign >= FOREIGN_SHARE * (own + foreign)


def unloop(text: str) -> tuple[str, int]:
    """The text with every loop reduced to its unit, and the number of characters taken out."""
    kept = _LOOP.sub(
        lambda found: found["unit"] if _repeats(found) >= LOOP_REPEATS else found[0], text
    ).strip()
    return kept, len(text) - len(kept)


def _repeats(found: re.Match[str]) -> int:
    unit = bare(found["unit"])
    is_said = len(unit) < 2 and not (unit.isascii() and unit.isalpha())
    return 0 if is_said else bare(found[0]).count(unit)
