"""Particles that agree with the word before them, as that word is *spoken*.

Reply templates write both forms directly after the word: ``은(는)``, ``이(가)``, ``을(를)``, ``과(와)``,
``(으)로``, ``(이)나``, ``이에요(예요)``, ``아(야)``, in either order. :func:`resolve` keeps the right one.
What counts is the last syllable heard: "6411번은(는)" ends in 번, "3으로(로)" in 삼, "7으로(로)" in 칠.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_FIRST, _LAST = 0xAC00, 0xD7A3
_CODAS = 28
_RIEUL = 8
"""Index of ㄹ among the 28 codas of a Hangul syllable (0 = open syllable)."""

PAIRS: dict[str, tuple[str, str]] = {
    "topic": ("은", "는"),
    "subject": ("이", "가"),
    "object": ("을", "를"),
    "with": ("과", "와"),
    "toward": ("으로", "로"),
    "or": ("이나", "나"),
    "copula": ("이에요", "예요"),
    "call": ("아", "야"),
    "even": ("이라도", "라도"),
    "quote": ("이라고", "라고"),
    "and": ("이랑", "랑"),
    "be": ("이고", "고"),
    "past": ("이었", "였"),
}
"""Name → (form after a closed syllable, form after an open one)."""


def coda(word: str) -> int | None:
    """Index (0 … 27) of the last syllable's coda, 0 where it is open; ``None`` without Hangul at the end.

    Marks and spaces after the last syllable are skipped.
    """
    for char in reversed(word):
        if _FIRST <= ord(char) <= _LAST:
            return (ord(char) - _FIRST) % _CODAS
        if char.isalnum():
            return None
    return None


def choose(spoken: str, closed: str, opened: str) -> str:
    """The form that agrees with ``spoken``; the open form where ``spoken`` does not end in Hangul.

    ``으로``/``로`` follows the ㄹ rule: 로 after an open syllable and after ㄹ (서울로, 칠로).
    """
    last = coda(spoken)
    if not last:
        return opened
    if last == _RIEUL and closed == "으로":
        return opened
    return closed


def attach(word: str, particle: str, spoken: str | None = None) -> str:
    """``word`` with the particle named by a key of :data:`PAIRS` or by either of its forms.

    Raises:
        KeyError: no such particle.
    """
    closed, opened = PAIRS[particle] if particle in PAIRS else _BY_FORM[particle]
    return word + choose(word if spoken is None else spoken, closed, opened)


_BY_FORM = {form: pair for pair in PAIRS.values() for form in pair}


def _markers() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for closed, opened in PAIRS.values():
        table[f"{closed}({opened})"] = (closed, opened)
        table[f"{opened}({closed})"] = (closed, opened)
        if closed.endswith(opened):
            table[f"({closed.removesuffix(opened)}){opened}"] = (closed, opened)
    return table


_MARKERS = _markers()
_MARKER = re.compile("|".join(re.escape(marker) for marker in sorted(_MARKERS, key=len, reverse=True)))
_WORD_CHARACTERS = 24
"""How much before a marker is read aloud to find its last syllable; longer than any number with its unit."""


def resolve(text: str, spoken: Callable[[str], str] = str) -> str:
    """Replace every marker in written ``text`` by the form that agrees with the word before it.

    Args:
        text: a filled reply template.
        spoken: how a written piece is said (:func:`donghaeng.korean.reading.read_aloud`); called only where
            the character before the marker is not Hangul, with up to 24 characters that begin at a space.
    """
    if "(" not in text:
        return text
    parts: list[str] = []
    position = 0
    for match in _MARKER.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        before = _word_before("".join(parts[-2:]))
        closed, opened = _MARKERS[match.group()]
        heard = before if _ends_in_hangul(before) else spoken(before)
        parts.append(choose(heard, closed, opened))
    parts.append(text[position:])
    return "".join(parts)


def _ends_in_hangul(word: str) -> bool:
    return bool(word) and _FIRST <= ord(word[-1]) <= _LAST


def _word_before(text: str) -> str:
    """The end of ``text`` from a space on, a quotation mark or bracket at its end left out."""
    stripped = text.rstrip("'\"’”」』》>)] ")
    tail = stripped[-_WORD_CHARACTERS:]
    if len(stripped) > _WORD_CHARACTERS and " " in tail[:-1]:
        tail = tail[tail.index(" ") + 1 :]
    return tail
