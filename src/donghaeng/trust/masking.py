"""Numbers that are never collected, taken out of any text before it is stored, logged or understood.

Masked are resident and foreigner registration numbers, payment card numbers, account numbers, passwords,
PINs and one-time codes, passport and driving licence numbers, whether typed (ASCII or full-width), spoken
digit by digit ("구공공일공일 다시 일이삼사오육칠") or mixed. Telephone numbers, routes, stops, addresses,
dates of birth alone, receipt numbers and sums of money stay (PRODUCT promise 6; 개인정보 보호법
제24조, 제24조의2).

Each becomes :data:`MASK`. Whoever turns text into speech leaves :data:`MASK` out: it is never read aloud.
Pure, idempotent, and linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from donghaeng.trust.digits import Chain, chains, has_digits
from donghaeng.trust.segments import BIRTH_DIGITS, DASH, RESIDENT_DIGITS, Segment, is_birth, segments

MASK = "[가림]"
"""What stands in place of a masked number. In brackets: nobody says it, nobody reads it aloud."""

MaskedKind = Literal["resident", "card", "account", "secret", "passport", "licence"]

_NEAR = 25
"""Characters between a word such as "계좌번호" and the number it announces."""

_LEAST_DIGITS = 3
_LONG_NUMBER_DIGITS = 12
_WORDS: tuple[tuple[MaskedKind, str, int], ...] = (
    # kind, the words that announce it, the fewest digits that count
    ("resident", r"뒷\s*자리|뒤\s*(?:일곱|칠|7)\s*자리|뒷\s*번호", 6),
    ("resident", r"주민\s*(?:등록\s*)?(?:번호|증)|외국인\s*등록\s*(?:번호|증)|거소\s*(?:신고\s*)?번호", 7),
    ("card", r"카드\s*(?:번호|넘버)", 8),
    ("licence", r"면허\s*(?:증|번호)", 10),
    ("account", r"계좌|통장", 7),
    (
        "secret",
        r"비밀\s*번호|비번|패스\s*워드|암호|핀\s*(?:번호|코드)|오티피|인증\s*(?:번호|코드)|보안\s*(?:카드|코드)"
        r"|씨브이씨|시브이씨|(?<![A-Za-z])(?:password|passwd|pin|otp|cvc|cvv)(?![A-Za-z])",
        3,
    ),
)
_ANNOUNCED = re.compile(
    "|".join(f"(?P<w{place}>{words})" for place, (_, words, _) in enumerate(_WORDS)), re.IGNORECASE
)
_NAMED_AFTER = re.compile(
    r"\s*+(?:이|가|은|는|게|,)?+\s*+(?:제가?|내|우리|그|이게|그게)?+\s*+(?:카드|은행|현관|통장)?+\s*+"
    r"(?:(?P<secret>비밀\s*+번호|비번|인증\s*+번호|암호)|(?P<account>계좌|통장\s*+번호)|(?P<card>카드\s*+번호))"
)
_NOT_THIS = re.compile(r"[\[\n!?]|말고|모르|몰라|잊|까먹|틀렸|틀려|없|빼고|관계\s*없|아니")
_NOT_SECRET = re.compile(
    r"\s*(?:원|호|동|층|번지|년|월|시(?!브)|분|개|명|살|세|번\s*(?:버스|출구|정류|마을)|호선)"
)
_MONEY = re.compile(r"\s*(?:만\s*)?원")
_PASSPORT = re.compile(
    r"(?P<word>여권\s*+(?:번호)?+[^\n\[]{0,15}?)(?P<number>(?<![A-Za-z])[A-Za-z][\s-]?\d{3}[\s-]?[A-Za-z\d]\d{4}(?!\d))"
)
_WORD_SECRET = re.compile(
    r"(?P<word>(?:비밀\s*+번호|비번|패스\s*+워드|암호|(?<![A-Za-z])(?:password|passwd))"
    r"\s*+(?:는|은|가|이|를|을|is)?+\s*+[:=]?+\s*+)"
    r"(?P<number>(?=[!-~]{4})[A-Za-z\d!@#$%^&*()_+=.,?~-]{4,64})",
    re.IGNORECASE,
)
_COUNTED_SECRET = re.compile(
    r"(?P<word>(?:비밀\s*+번호|비번|패스\s*+워드|암호|인증\s*+번호)\s*+(?:는|은|가|이|를|을)?+\s*+[:=]?+\s*+)"
    r"(?P<number>(?=[일이삼사오육칠팔구십백천만]*[십백천만])[일이삼사오육칠팔구십백천만]{3,})"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without never-collected numbers, in NFC, and which kinds were in it (sorted, each once)."""

    text: str
    kinds: tuple[MaskedKind, ...] = ()


REMEMBERED = 512
"""Texts whose masked form is kept: what is said in a turn is masked for its event and for its reply."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: MaskedKind


def mask(text: str) -> Masked:
    """Take never-collected numbers out of a text.

    Args:
        text: an utterance, a reply, a log message; any length.

    Returns:
        The text with :data:`MASK` in their places; unchanged (but for NFC) when there are none.
    """
    text = unicodedata.normalize("NFC", text)
    if not _ANNOUNCED.search(text) and not _PASSPORT.search(text) and not has_digits(text, _LEAST_DIGITS):
        return Masked(text)
    spans = _merged([*_in_chains(text), *_in_words(text)])
    if not spans:
        return Masked(text)
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += (text[at : span.start], MASK)
        at = span.end
    pieces.append(text[at:])
    return Masked("".join(pieces), tuple(sorted({span.kind for span in spans})))


@lru_cache(maxsize=REMEMBERED)
def _masked(text: str) -> str:
    return mask(text).text


def mask_value(value: Any) -> Any:
    """A JSON value with every text in it masked, whole numbers of that length included."""
    if isinstance(value, str):
        return _masked(value)
    if isinstance(value, Mapping):
        return {name: mask_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [mask_value(part) for part in value]
    if isinstance(value, int) and abs(value) >= 10**_LONG_NUMBER_DIGITS:
        return MASK if mask(str(value)).kinds else value
    return value


def _in_words(text: str) -> list[_Span]:
    found = [("passport", match) for match in _PASSPORT.finditer(text)]
    found += [("secret", match) for match in _WORD_SECRET.finditer(text)]
    found += [("secret", match) for match in _COUNTED_SECRET.finditer(text)]
    return [_Span(match.start("number"), match.end("number"), kind) for kind, match in found]  # type: ignore[arg-type]


def _in_chains(text: str) -> list[_Span]:
    announced = list(_ANNOUNCED.finditer(text))
    ends = [match.end() for match in announced]
    spans: list[_Span] = []
    before = 0
    for chain in chains(text):
        if _is_harmless(chain, announced=bool(announced)):
            continue
        place = bisect_right(ends, chain.start) - 1
        word = announced[place] if place >= 0 and ends[place] >= before else None
        spans += _of_chain(text, chain, word)
        before = chain.end
    return spans


def _is_harmless(chain: Chain, *, announced: bool) -> bool:
    """Whether the chain is too short to be anything masked; most are, and need no closer look."""
    count = sum(len(group.units) for group in chain.groups)
    if announced or count >= RESIDENT_DIGITS:
        return count < _LEAST_DIGITS
    return count <= BIRTH_DIGITS or not any(DASH.search(group.gap) for group in chain.groups)


def _of_chain(text: str, chain: Chain, word: re.Match[str] | None) -> list[_Span]:
    readings = [list(segments(reading)) for reading in chain.readings(text)]
    kept = [part for parts in readings for part in parts if part.kind in ("phone", "date")]
    spans: list[_Span] = []
    whole: set[int] = set()
    # The shortest reading first: where it has a whole number, a longer one only adds a particle to it.
    for parts in reversed(readings):
        for part in parts:
            if part.kind in ("resident", "card") and not _MONEY.match(text, part.end):
                if part.start in whole:
                    continue
                if len(part.units) >= RESIDENT_DIGITS:
                    whole.add(part.start)
                # The words know the kind better: some account numbers read as a birth date too.
                kind: MaskedKind = "resident" if part.kind == "resident" else "card"
                spans += _told_by_words(text, part, word) or [_Span(part.start, part.end, kind)]
            elif part.kind == "rest" and not any(_overlap(part, one) for one in kept):
                spans += _told_by_words(text, part, word)
    return spans


def _told_by_words(text: str, part: Segment, word: re.Match[str] | None) -> list[_Span]:
    if _MONEY.match(text, part.end):
        return []
    if word is not None:
        kind, _, least = _WORDS[int(str(word.lastgroup)[1:])]
        gap = text[word.end() : part.start]
        if len(gap) <= _NEAR and not _NOT_THIS.search(gap) and _counts(text, part, kind, least):
            return [_Span(part.start, part.end, kind)]
    named = _NAMED_AFTER.match(text, part.end)
    if named is None:
        return []
    kind = named.lastgroup  # type: ignore[assignment]
    least = 3 if kind == "secret" else 8
    return [_Span(part.start, part.end, kind)] if _counts(text, part, kind, least) else []


def _counts(text: str, part: Segment, kind: MaskedKind, least: int) -> bool:
    count = len(part.units)
    if count < least:
        return False
    if kind == "secret":
        spoken_too_short = count < 4 and all(unit.spoken for unit in part.units)
        return not spoken_too_short and not _NOT_SECRET.match(text, part.end)
    if kind == "resident" and count == BIRTH_DIGITS:
        return not is_birth("".join(unit.digit for unit in part.units))
    return True


def _overlap(one: Segment, other: Segment) -> bool:
    return one.start < other.end and other.start < one.end


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Spans in order, those that touch joined."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = _Span(last.start, max(last.end, span.end), last.kind)
        else:
            merged.append(span)
    return merged
