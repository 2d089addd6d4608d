"""What was said → a line of the minutes: no address, no day, the verb as a noun. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from donghaeng.korean.morphemes import Join, Morpheme, Placed
from donghaeng.office.minutes.sentences import Sentence

_LEAD: Final = re.compile(
    r"^(?:(?:자|네|예|아|음|어|저|그럼|그러면|그리고|그래서|그러니|그러니까|또|대신|이제|참|일단|좋습니다"
    r"|알겠습니다|이번에는|아니요|아니|이의 없으시면|이의가 없으시면|다른 의견 없으시면)(?:[,.]\s*|\s+))+"
)
_SELF: Final = re.compile(
    r"(?:^|(?<=\s))(?:제가|저희가|저희는|저는|내가|우리가|우리는|저희 쪽에서|제 쪽에서)\s+(?:직접\s+)?"
)
_SPACES: Final = re.compile(r"\s{2,}")
NOUN_TAGS: Final = ("NNG", "NNP", "SL", "XR")
LONGEST: Final = 200
"""Characters of a line; what is longer is cut, the moment leads to all of it."""


def line(sentence: Sentence, join: Join, cuts: Sequence[tuple[int, int]], ending: str = "기") -> str:
    """The sentence as a point: ``연장 공고문을 올리기``.

    Args:
        sentence: what was said.
        join: inflects the verb.
        cuts: places in its text that are told elsewhere (who, until when).
        ending: ``기`` of what is to be done, ``기로 함`` of what was settled.
    """
    if sentence.verb < 0:
        return _tidy(_without(sentence.text.rstrip(" .?!"), cuts))
    at = sentence.morphemes[sentence.verb]
    kept = _without(sentence.text[: at.start], cuts)
    nominal = join([Morpheme(at.form, at.tag), Morpheme("기", "ETN")])
    glue = "" if at.tag.startswith("XS") or not sentence.text[: at.start].endswith(" ") else " "
    return _tidy(f"{kept.rstrip()}{glue}{nominal}{ending.removeprefix('기')}")


def nouns(morphemes: Sequence[Morpheme] | Sequence[Placed]) -> list[str]:
    """Nouns of two syllables or more."""
    return [one.form for one in morphemes if one.tag in NOUN_TAGS and len(one.form) > 1]


def _without(text: str, cuts: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(cuts, reverse=True):
        if start < len(text):
            text = f"{text[:start]} {text[end:]}"
    return text


def _tidy(text: str) -> str:
    text = _SELF.sub("", _LEAD.sub("", text.strip()))
    text = _SPACES.sub(" ", text).strip(" ,.")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
