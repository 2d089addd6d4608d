"""Written Korean → the words as spoken: Hangul and pauses only.

``read_aloud("6411번 버스가 3분 뒤에 와요.")`` → ``"육사일일 번 버스가 삼 분 뒤에 와요."``. Rules follow
section 5 of Donghaeng's voice design; they are tried in one pass from left to right, so text that is already
spoken stays as it is. Pure; a reply takes well under a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from donghaeng.korean.counters import PATTERN as COUNTER
from donghaeng.korean.particles import PAIRS, choose
from donghaeng.korean.reading import clock, codes, latin, numbers

__all__ = ["PAUSES", "read_aloud"]

PAUSES: Final = ",.?!"
"""The only characters besides Hangul syllables and spaces in what :func:`read_aloud` returns."""

_RULES = (
    *latin.RULES_BEFORE_NUMBERS,
    *codes.RULES[:2],
    *clock.RULES[:2],
    *codes.RULES[2:],
    *clock.RULES[2:],
    *numbers.RULES,
    *latin.RULES_AFTER_NUMBERS,
)
_HANDLERS: dict[str, Callable[[re.Match[str]], str]] = {name: handler for name, _, handler in _RULES}
_CAN_BEGIN = r"(?=[^가-힣\s]|\s[(~∼〜～–:]|[월화수목금토일]|[가-힣]{2}-)"
"""What every rule begins with; spares most positions of a sentence the long alternation."""
_ANY = re.compile(
    _CAN_BEGIN + "(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern, _ in _RULES) + ")"
)

_SPOKEN = re.compile(r"[가-힣 ,.?!]*")
_HANGUL_OR_PAUSE = re.compile(r"[^가-힣\s,.?!]+")
_PAUSE_MARKS = str.maketrans(
    {
        **dict.fromkeys("·ㆍ•∙/;:()[]{}<>「」『』《》〈〉【】|―—\n\r\t、，", ","),
        **dict.fromkeys("…。", "."),
        **dict.fromkeys("'\"‘’“”`´", ""),
        "？": "?",
        "！": "!",
    }
)
_BOTH_FORMS = {
    form: PAIRS[name] for name in ("topic", "object", "with", "toward", "copula") for form in PAIRS[name]
}
_PARTICLE = re.compile(r"(?:이에요|예요|으로|로|은|는|을|를|과|와|이)(?![가-힣])")
_COUNTER = re.compile(COUNTER)
_COUNTER_NEXT = re.compile(r"번(?!째)|원|호(?![가-힣])")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_PAUSE = re.compile(r"\s+(?=[,.?!])")
_PAUSE_RUN = re.compile(r"[,.?!](?:\s*[,.?!])+")
_NO_SPACE_AFTER = re.compile(r"(?<=[,.?!])(?=[가-힣])")
_LEADING = re.compile(r"^[\s,.?!]+")


def read_aloud(text: str) -> str:
    """What a voice says for written ``text``: Hangul syllables, spaces and the pauses ``, . ? !``.

    Total: any string gives a string, possibly empty. Idempotent. Resident, card and account numbers and
    masked characters are left out; so are characters without a Korean reading (Chinese characters, pictures).
    """
    if not _SPOKEN.fullmatch(text):
        text = _words(unicodedata.normalize("NFKC", text))
    return _tidy(text)


def _words(text: str) -> str:
    parts: list[str] = []
    position = 0
    for match in _ANY.finditer(text):
        if match.start() < position:
            continue
        parts.append(text[position : match.start()])
        said = "" if numbers.is_secret(match) else _HANDLERS[match.lastgroup or ""](match)
        position = match.end()
        particle = _PARTICLE.match(text, position)
        if particle and said:
            said += _agreeing(particle.group(), said, match.lastgroup or "")
            position = particle.end()
        elif (_COUNTER if match.lastgroup == "powers" else _COUNTER_NEXT).match(text, position):
            said += " "
        parts.append(_apart(parts[-1] or "".join(parts[-2:-1]), said))
    parts.append(text[position:])
    return _HANGUL_OR_PAUSE.sub(" ", "".join(parts).translate(_PAUSE_MARKS))


def _apart(left: str, said: str) -> str:
    """A space before a reading that follows Hangul, except after the prefix 제 and where it is a suffix."""
    if (
        said
        and left[-1:] >= "가"
        and left[-1:] <= "힣"
        and not left.endswith("제")
        and said[0] not in " ,부에는"
    ):
        return " " + said
    return said


def _agreeing(particle: str, said: str, rule: str) -> str:
    """The particle in the form that agrees with the reading; 이 changes only where it is surely one."""
    if particle == "이":
        return (
            choose(said, "이", "가") if rule in ("fraction", "unit", "unit_range", "word", "money") else "이"
        )
    closed, opened = _BOTH_FORMS[particle]
    return choose(said, closed, opened)


def _strongest(match: re.Match[str]) -> str:
    marks = match.group()
    return next((mark for mark in "?!." if mark in marks), ",")


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", text)
    text = _SPACE_BEFORE_PAUSE.sub("", text)
    text = _PAUSE_RUN.sub(_strongest, text)
    text = _NO_SPACE_AFTER.sub(" ", text)
    return _LEADING.sub("", text).rstrip(" ,")
