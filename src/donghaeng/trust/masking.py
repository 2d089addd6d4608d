"""Numbers that are never collected, taken out of any text before it is stored, logged or understood; and what
a person is reached by, taken out of what leaves the service's own store.

Which kinds go is a policy, :data:`POLICIES`. Everywhere: resident and foreigner registration numbers, payment
card numbers, account numbers, passwords, PINs and one-time codes, passport and driving licence numbers,
whether typed (ASCII or full-width), spoken digit by digit ("구공공일공일 다시 일이삼사오육칠") or mixed
(PRODUCT promise 6; 개인정보 보호법 제24조, 제24조의2). From logs, traces, metrics and what a language model
reads also telephone numbers, e-mail addresses, postal addresses and names. Routes, stops, dates of birth
alone, receipt numbers and sums of money stay.

Each becomes :data:`MASK`. Whoever turns text into speech leaves :data:`MASK` out: it is never read aloud.
Pure, idempotent, and linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from donghaeng.trust.contact import contact_data
from donghaeng.trust.digits import Chain, Unit, chains, has_digits
from donghaeng.trust.odd_numbers import in_words, odd_numbers
from donghaeng.trust.segments import BIRTH_DIGITS, DASH, RESIDENT_DIGITS, Segment, is_birth, segments

MASK = "[가림]"
"""What stands in place of a masked number. In brackets: nobody says it, nobody reads it aloud."""

MaskedKind = Literal[
    "resident",
    "alien",
    "card",
    "account",
    "secret",
    "passport",
    "licence",
    "phone",
    "email",
    "address",
    "name",
]
Purpose = Literal["store", "log", "metric", "trace", "model"]
"""What a text is masked for."""

NEVER_COLLECTED: frozenset[MaskedKind] = frozenset(
    {"resident", "alien", "card", "account", "secret", "passport", "licence"}
)
CONTACT: frozenset[MaskedKind] = frozenset({"phone", "email", "address", "name"})
POLICIES: Mapping[Purpose, frozenset[MaskedKind]] = {
    "store": NEVER_COLLECTED,
    "log": NEVER_COLLECTED | CONTACT,
    "metric": NEVER_COLLECTED | CONTACT,
    "trace": NEVER_COLLECTED | CONTACT,
    "model": NEVER_COLLECTED | CONTACT,
}
"""Which kinds go, by purpose. A service works with contact data, so its store keeps them, sealed."""

_NEAR = 25
"""Characters between a word such as "계좌번호" and the number it announces."""

_LEAST_DIGITS = 3
LEAST_PHONE_DIGITS = 8
PHONE_TAIL_DIGITS = 4
_LONG_NUMBER_DIGITS = 12
_WORDS: tuple[tuple[MaskedKind, str, int], ...] = (
    # kind, the words that announce it, the fewest digits that count
    ("resident", r"뒷\s*자리|뒤\s*(?:일곱|칠|7)\s*자리|뒷\s*번호", 6),
    ("resident", r"주민\s*(?:등록\s*)?(?:번호|증)|외국인\s*등록\s*(?:번호|증)|거소\s*(?:신고\s*)?번호", 7),
    ("card", r"카드\s*(?:번호|넘버)", 8),
    ("licence", r"면허\s*(?:증|번호)", 10),
    ("account", r"계좌|통장", 7),
    ("account", r"은행|뱅크|농협|수협|신협|금고|우체국", 10),
    ("passport", r"여권", 7),
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
    r"\s*+(?:이게|그게|이거|이|가|은|는|게|,)?+\s*+(?:이게|그게|제가?|내|우리|그)?+\s*+(?:카드|은행|현관|통장)?+\s*+"
    r"(?:(?P<secret>비밀\s*+번호|비번|인증\s*+번호|암호)|(?P<account>계좌|통장)|(?P<passport>여권)|(?P<card>카드\s*+번호))"
)
_NOT_THIS = re.compile(r"[\[\n!?]|말고|모르|몰라|잊|까먹|틀렸|틀려|없|빼고|관계\s*없|아니")
_NOT_SECRET = re.compile(
    r"\s*(?:원|호|동|층|번지|년|월|시(?!브)|분|개|명|살|세|번\s*(?:버스|출구|정류|마을)|호선)"
)
_MONEY = re.compile(r"\s*(?:만\s*)?원")
_PASSPORT = re.compile(
    r"(?P<word>여권\s*+(?:번호)?+[^\n\[]{0,15}?)(?P<number>(?<![A-Za-z])[A-Za-z][\s-]?\d{3}[\s-]?[A-Za-z\d]\d{4}(?!\d))"
)
_PASSPORT_ALONE = re.compile(r"(?<![A-Za-z\d-])(?P<number>[DGMRSdgmrs]\d{3}[A-Za-z\d]\d{4})(?![A-Za-z\d-])")
"""Kinds of passport (M 복수, S 단수, R 거주, G 관용, D 외교), then eight characters (ICAO 9303 part 4)."""
_PASSPORT_LETTER = re.compile(r"(?:엠|에스|알|지|디|[DGMRSdgmrs])\s?$")
_REGIONS = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_REGION = re.compile(rf"(?:{_REGIONS})\s?$")
_REGION_REACH = 4
_REGIONAL_DIGITS = 10
_REGIONAL_LICENCE = re.compile(rf"(?P<number>(?:{_REGIONS})\s?\d\d[-\s]\d{{6}}[-\s]\d\d(?!\d))")
_MOST_DIGITS: Mapping[str, int] = {"licence": 12, "passport": 8, "account": 16}
"""Digits of a number that only words announce; what the chain goes on with is something else."""
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
class Span:
    """A stretch of a text that is masked, and as what."""

    start: int
    end: int
    kind: MaskedKind


def mask(text: str, purpose: Purpose = "store") -> Masked:
    """Take out of a text what may not be in it.

    Args:
        text: an utterance, a reply, a log message; any length.
        purpose: where it goes: which kinds are taken out (:data:`POLICIES`).

    Returns:
        The text with :data:`MASK` in their places; unchanged (but for NFC) when there are none.
    """
    text = unicodedata.normalize("NFC", text)
    spans = find(text, purpose)
    if not spans:
        return Masked(text)
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += (text[at : span.start], MASK)
        at = span.end
    pieces.append(text[at:])
    return Masked("".join(pieces), tuple(sorted({span.kind for span in spans})))


def find(text: str, purpose: Purpose = "store") -> list[Span]:
    """What :func:`mask` takes out of a text in NFC, in order; spans that touch are one."""
    spans: list[Span] = []
    if _ANNOUNCED.search(text) or has_digits(text, _LEAST_DIGITS):
        spans += (*_in_chains(text, contact=purpose != "store"), *_in_words(text))
        spans += (Span(*found) for found in odd_numbers(text))
    spans += (Span(*found) for found in in_words(text))
    if purpose != "store":
        spans += (Span(start, end, kind) for start, end, kind in contact_data(text))
    return _merged(spans) if spans else spans


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


def _in_words(text: str) -> list[Span]:
    found = [("passport", match) for match in _PASSPORT.finditer(text)]
    found += [("passport", match) for match in _PASSPORT_ALONE.finditer(text)]
    found += [("licence", match) for match in _REGIONAL_LICENCE.finditer(text)]
    found += [("secret", match) for match in _WORD_SECRET.finditer(text)]
    found += [("secret", match) for match in _COUNTED_SECRET.finditer(text)]
    return [Span(match.start("number"), match.end("number"), kind) for kind, match in found]  # type: ignore[arg-type]


def _in_chains(text: str, *, contact: bool) -> list[Span]:
    announced = list(_ANNOUNCED.finditer(text))
    ends = [match.end() for match in announced]
    spans: list[Span] = []
    before = 0
    for chain in (part for whole in chains(text) for part in _parted(whole)):
        if _is_harmless(chain, announced=bool(announced), contact=contact):
            continue
        place = bisect_right(ends, chain.start) - 1
        word = announced[place] if place >= 0 and ends[place] >= before else None
        spans += _of_chain(text, chain, word, contact=contact)
        before = chain.end
    return spans


def _parted(chain: Chain) -> Iterator[Chain]:
    """A chain, in two where the word that announces the second part of a number stands within it and what is
    before is less than a birth date: of "1일생이고 뒷자리는 1234567" the copula reads as a digit."""
    seen = 0
    for at, group in enumerate(chain.groups):
        if 0 < seen < BIRTH_DIGITS and _ANNOUNCED.search(group.gap):
            yield Chain(chain.groups[:at], chain.after_code)
            yield Chain(chain.groups[at:])
            return
        seen += len(group.units)
    yield chain


def _is_harmless(chain: Chain, *, announced: bool, contact: bool) -> bool:
    """Whether the chain is too short to be anything masked; most are, and need no closer look."""
    count = sum(len(group.units) for group in chain.groups)
    if announced or count >= RESIDENT_DIGITS:
        return count < _LEAST_DIGITS
    if contact and count >= LEAST_PHONE_DIGITS:
        return False
    return count <= BIRTH_DIGITS or not any(DASH.search(group.gap) for group in chain.groups)


def _of_chain(text: str, chain: Chain, word: re.Match[str] | None, *, contact: bool) -> list[Span]:
    readings = [list(segments(reading)) for reading in chain.readings(text)]
    if word is not None and _NOT_THIS.search(text, word.end(), max(word.end(), chain.start)) is None:
        lettered = _PASSPORT_LETTER.search(text, max(0, chain.start - 3), chain.start) is not None
        readings = [_one_number(parts, None if lettered else chain.start) for parts in readings]
    kept = [part for parts in readings for part in parts if part.kind in ("phone", "date")]
    units = tuple(unit for group in chain.groups for unit in group.units)
    spans: list[Span] = []
    whole: set[int] = set()
    # The shortest reading first: where it has a whole number, a longer one only adds a particle to it.
    for parts in reversed(readings):
        for part in parts:
            if part.kind == "phone" and contact:
                spans.append(Span(part.start, part.end, "phone"))
            elif part.kind in ("resident", "card", "licence", "account") and not _MONEY.match(text, part.end):
                if part.start in whole:
                    continue
                if len(part.units) >= RESIDENT_DIGITS:
                    whole.add(part.start)
                # The words know the kind better: some account numbers read as a birth date too.
                spans += _told_by_words(text, part, units, word) or [Span(part.start, part.end, _kind(part))]
            elif part.kind == "rest" and not any(_overlap(part, one) for one in kept):
                spans += _told_by_words(text, part, units, word)
    return spans


def _kind(part: Segment) -> MaskedKind:
    if part.kind != "resident":
        return part.kind  # type: ignore[return-value]
    digits = "".join(unit.digit for unit in part.units)
    seventh = digits[BIRTH_DIGITS + (2 if len(digits) == RESIDENT_DIGITS + 2 else 0) :][:1]
    return "alien" if seventh in ("5", "6", "7", "8") else "resident"


def _one_number(parts: list[Segment], start: int | None) -> list[Segment]:
    """A chain that words announce, without telephone numbers that only chance finds inside it: digits said
    one by one, or split where nobody splits a telephone number. One at ``start`` is believed."""
    joined: list[Segment] = []
    for part in parts:
        by_chance = part.kind == "phone" and part.start != start and not _is_split_as_phone(part)
        if joined and joined[-1].kind == "rest" and (by_chance or part.kind == "rest"):
            joined[-1] = Segment("rest", joined[-1].units + part.units)
        else:
            joined.append(Segment("rest", part.units) if by_chance else part)
    return joined


def _is_split_as_phone(part: Segment) -> bool:
    sizes = [1]
    for unit, after in pairwise(part.units):
        if unit.end == after.start:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return len(sizes) > 1 and sizes[0] in (2, 3, 4) and sizes[-1] == PHONE_TAIL_DIGITS


def _told_by_words(
    text: str, part: Segment, units: tuple[Unit, ...], word: re.Match[str] | None
) -> list[Span]:
    if _MONEY.match(text, part.end):
        return []
    if word is not None:
        kind, _, least = _WORDS[int(str(word.lastgroup)[1:])]
        if kind == "resident" and (part.kind == "resident" or word[0][0] in "외거"):
            kind = "alien" if word[0][0] in "외거" else _kind(part)
        gap = text[word.end() : part.start]
        if len(gap) <= _NEAR and not _NOT_THIS.search(gap) and _counts(text, part, kind, least):
            return [_announced_span(text, part, units, kind)]
    named = _NAMED_AFTER.match(text, part.end)
    if named is None:
        return []
    kind = named.lastgroup  # type: ignore[assignment]
    least = 3 if kind == "secret" else 8
    return [Span(part.start, part.end, kind)] if _counts(text, part, kind, least) else []


def _announced_span(text: str, part: Segment, units: tuple[Unit, ...], kind: MaskedKind) -> Span:
    """The number, not what the chain ``units`` goes on with."""
    start = part.start
    most = _MOST_DIGITS.get(kind, len(units))
    if kind == "licence" and _REGION.search(text, max(0, start - _REGION_REACH), start):
        most = _REGIONAL_DIGITS
    last = next(at for at, unit in enumerate(units) if unit.start == start) + most - 1
    end = min(part.end, units[last].end) if last < len(units) else part.end
    if kind == "passport" and (letter := _PASSPORT_LETTER.search(text, max(0, start - 3), start)):
        start = letter.start()
    return Span(start, end, kind)


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


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch joined."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            merged.append(span)
    return merged
