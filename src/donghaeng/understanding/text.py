"""Utterances made uniform before anything reads them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 1_000
"""What is read of one utterance; nobody speaks longer in one breath."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ufeff]")
_STOPS = re.compile(r"(?<!\d)[,.]+|[,.]+(?!\s*\d)")
_SIGNS = re.compile(r"[\s.,!?~…·:;\"'“”‘’()\[\]{}<>/\\|@#$%^&*_+=`-]+")
_FILLERS = re.compile(
    r"^(?:(?:음+|으음|어+|아+|에+|저+기?|저기요|그+|그게|있잖아요?|거시기|아이고|아이구|에구|그러니까|근까|글쎄|뭐냐|뭐더라|인자|이제|자)[\s,.…~]+)+"
)
_SIGHS = re.compile(r"^(?:(?:에이|에잇|아유|아휴|어휴|에휴|휴|하이고|어머나?|오메|아따|참)[\s,.…~]+)+(?=\S)")
_POLITE = re.compile(
    r"^(?:(?:안녕하세요|안녕하십니까|여보세요|수고하십니다|고마워요?|고맙습니다|감사합니다|감사해요|네|예|응|어|아니요?|아뇨)[\s,]+)+"
    r"(?:(?:그런데|근데|그리고|그럼|그러면|다름이 아니라|저기|있잖아요)[\s,]+)*"
)


def tidy(text: str) -> str:
    """NFC, no control characters, invisible ones or halves of pairs, single spaces, at most
    :data:`MAX_CHARACTERS`.

    Commas and full stops that do not stand between digits go: recognisers put them anywhere, also into a
    number that was said in pieces.
    """
    cut = unicodedata.normalize("NFC", text[: MAX_CHARACTERS * 3])
    return " ".join(_STOPS.sub(" ", _CONTROL.sub(" ", cut)).split())[:MAX_CHARACTERS]


def compact(text: str) -> str:
    """Lower case without spaces and signs, for patterns that must not depend on spacing."""
    return _SIGNS.sub("", text.lower())


def without_politeness(text: str) -> str:
    """The utterance without a greeting, thanks, yes or no at its beginning; never empties it."""
    return _POLITE.sub("", text) or text


def without_fillers(text: str) -> str:
    """The utterance without hesitation at its beginning ("저기, 음 …"); never empties it."""
    return _FILLERS.sub("", text) or text


def without_sighs(text: str) -> str:
    """The utterance without a sigh at its beginning; of a value one may be a part (에이 is the letter A)."""
    return _SIGHS.sub("", text)
