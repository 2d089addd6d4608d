"""Whether a statement stands in a passage: its figures, its telling words, what it denies and what it means.

A language model may word a passage anew, and a statement is only believed when it can be laid over one clause
of the passage: the same figures with their units in the same order, no telling word that neither the clause
nor the passage's title has, the same negation, the same "can", "must" and "only", and a condition where the
clause has one. A clause, not the passage: figures and words of two clauses put together make a third
statement that nobody made ("집은 반씩, 땅은 9월에" says nothing of a house in September).

The check is strict: what it lets through stands in the passage, and some of what it refuses does too. It
knows no synonyms, and does not see who does what to whom when both stand in one clause. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from donghaeng.knowledge.passages import sentences
from donghaeng.korean.counters import PATTERN as COUNTER
from donghaeng.korean.morphemes import Place, Placed
from donghaeng.korean.numerals import NUMBER, parse


class Flaw(StrEnum):
    """What is wrong with a statement."""

    EMPTY = "empty"
    """It says nothing."""
    NUMBER = "number"
    """A figure, its unit or its bound (이상, 까지) is another one, or figures are put together anew."""
    WORD = "word"
    """A telling word stands in no one clause."""
    NEGATION = "negation"
    """It denies what the clause says, or the other way round."""
    MODALITY = "modality"
    """It says "can", "must" or "may not" where the clause says something else."""
    CONDITION = "condition"
    """The clause holds under a condition or for some only, and the statement leaves that out."""


Figure = tuple[str, str, str]
"""Value, unit, bound."""
Sizes = tuple[Figure, ...]
"""Figures in order."""

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LARGE: Final = {"백": 100, "천": 1_000, "만": 10_000, "억": 100_000_000}
_PARTICLES: Final = frozenset("로에은는이가을를도과와의")
"""What stands behind a figure and is no unit: 119로."""
_BOUND: Final = (
    r"(?:이상|이하|미만|초과|이내|안에|넘|부터|까지|마다|전까지|(?:전|뒤|후)(?![가-힣])|(?:전|뒤|후)(?=에))"
)
_FIGURE = re.compile(
    rf"(?:(?P<digits>{_DIGITS})\s?(?P<large>[백천만억])?\s?(?P<unit>{COUNTER}|[%가-힣])?"
    rf"|(?<![가-힣])(?P<words>{NUMBER})\s?(?P<counter>{COUNTER}))"
    rf"(?:에서|씩)?\s?(?P<bound>{_BOUND})?"
)
_TELLING: Final = frozenset({"NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SH", "MAG", "MM", "XPN"})
_NAMING: Final = frozenset({"NNG", "NNP", "NR", "XR", "SL", "SH"})
"""What of a title is its subject: what it says of that is for the text to say."""
_LISTED_LIGHT: Final = """
하 되 있 주 드리 말씀 그 이 저 네 예 같 보 오 가 알리 계시 위하 대하 따르 통하 경우 또 그리고 그러니까 더
다시 바로 좀 잘 먼저 그다음 여기 거기 안 못 없 없이 필요 시키 나오
"""
_LIGHT: Final = frozenset(_LISTED_LIGHT.split())
"""Words that tell nothing by themselves, and those that are checked by their own rule."""
_NEGATORS: Final = frozenset(
    {
        ("안", "MAG"),
        ("못", "MAG"),
        ("않", "VX"),
        ("못하", "VX"),
        ("말", "VX"),
        ("없", "VA"),
        ("없이", "MAG"),
        ("아니", "VCN"),
    }
)
_ONLY: Final = frozenset({"만", "밖에", "뿐", "빼", "제외", "말고", "뿐이"})
_CONDITION = re.compile(r"(?:으면|면|거든|다가는)$")
_CONDITION_WORDS: Final = frozenset({"때", "경우", "한하", "동안"})
_CLAUSE_ENDS: Final = frozenset(
    {"고", "며", "으며", "지만", "는데", "은데", "ᆫ데", "ㄴ데", "으나", "거나", "이고"}
)

_MODALITIES: Final = (
    ("can", re.compile(r"[ㄹᆯ을를]?\s?수(?:가|는|도|만)?\s?있|ㄹ 수 있|[가-힣]\s수(?:가|는|도)?\s?있")),
    (
        "cannot",
        re.compile(r"\s수(?:가|는|도)?\s?없|(?:면|서는)\s?안\s?(?:되|돼|됩)|지\s?못|금지|막혀\s?있|불가"),
    ),
    ("must", re.compile(r"[가-힣]야\s?(?:하|해|합|한|할|되|돼|됩|만)|반드시|꼭|의무|필요")),
    ("may", re.compile(r"도\s?(?:되|돼|됩|괜찮)")),
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a clause says, as far as it is compared."""

    words: frozenset[str]
    figures: Sizes
    denied: bool
    modality: frozenset[str]
    only: bool
    conditional: bool
    topic: frozenset[str]
    """Words before its first topic particle."""
    does: str | None
    """Its last verb or adjective; None where it has none, or one that tells nothing (하다, 되다)."""


Flaws = frozenset[Flaw]


def flaws(statement: str, title: str, text: str, place: Place) -> Flaws:
    """What keeps a statement from standing in a passage; empty where it stands there.

    Args:
        statement: one sentence or several; each is looked at by itself.
        title: the passage's.
        text: the whole passage.
        place: finds morphemes and where they begin.
    """
    said = sentences(statement)
    if not any(char.isalnum() for char in statement):
        return frozenset({Flaw.EMPTY})
    named = frozenset(_words([one for one in place(title) if one.tag in _NAMING]))
    held = [_read(sentence, place) for sentence in sentences(text)]
    found: set[Flaw] = set()
    for sentence in said:
        whole, parts = _read(sentence, place)
        found |= _best(whole, parts, held, named)
    return frozenset(found)


def _best(
    whole: _Clause,
    parts: Sequence[_Clause],
    held: Iterable[tuple[_Clause, Sequence[_Clause]]],
    named: frozenset[str],
) -> Flaws:
    """The fewest flaws that a sentence has over any one sentence of the passage."""
    ways = [
        frozenset().union(*(_over(part, source, clauses, named) for part in parts))
        | (frozenset({Flaw.CONDITION}) if source.conditional and not whole.conditional else frozenset())
        for source, clauses in held
    ]
    return min(ways, key=len, default=frozenset({Flaw.WORD}))


def _over(part: _Clause, source: _Clause, clauses: Sequence[_Clause], named: frozenset[str]) -> Flaws:
    """The fewest flaws of a clause over the clauses of a sentence; one without a topic may have that of the
    first, for it is said of it."""
    ways = []
    for clause in clauses:
        known = clause.words | (clause.topic or source.topic)
        # What is done stands at the end, for every clause that does not say so itself.
        known |= {source.does} if source.does is not None else set()
        # The title names what is spoken of, where the clause does not.
        known |= named & part.topic if not clause.topic else frozenset()
        ways.append(_compared(part, clause, known))
    return min(ways, key=len, default=frozenset({Flaw.WORD}))


def _compared(part: _Clause, clause: _Clause, known: frozenset[str]) -> Flaws:
    checks = (
        (Flaw.WORD, part.words <= known and (part.does is not None or clause.does is None)),
        (Flaw.NUMBER, _runs_in(part.figures, clause.figures)),
        (Flaw.NEGATION, part.denied == clause.denied),
        (Flaw.MODALITY, part.modality == clause.modality),
        (Flaw.CONDITION, part.only == clause.only),
    )
    return frozenset(flaw for flaw, holds in checks if not holds)


def _runs_in(some: Sizes, all_of: Sizes) -> bool:
    """Whether figures stand side by side in others, in the same order."""
    return any(all_of[start : start + len(some)] == some for start in range(len(all_of) - len(some) + 1))


def _read(sentence: str, place: Place) -> tuple[_Clause, Sequence[_Clause]]:
    """A sentence as a whole and its clauses."""
    morphemes = place(sentence)
    pieces = [sentence[start:end] for start, end in _bounds(sentence, morphemes)]
    return _clause(sentence, morphemes), [_clause(piece, place(piece)) for piece in pieces]


def _bounds(sentence: str, morphemes: Sequence[Placed]) -> list[tuple[int, int]]:
    """Where clauses begin and end: after an ending that joins, and at a comma between two topics or two
    figures."""
    cuts = []
    for one, following in pairwise(morphemes):
        if one.tag == "EC" and one.form in _CLAUSE_ENDS and not following.tag.startswith("VX"):
            cuts.append(following.start)
    topics = [one.start for one in morphemes if _is_topic(one)]
    figures = [start for start, _ in _figures(sentence)[1]]
    commas = [match.start() for match in re.finditer(",", sentence)]
    for comma, end in pairwise([*commas, len(sentence)]):
        begun = max([0, *(cut for cut in cuts if cut <= comma)])
        if any(_both_sides(places, begun, comma, end) for places in (topics, figures)):
            cuts.append(comma + 1)
    edges = sorted({0, *cuts, len(sentence)})
    return [(start, end) for start, end in pairwise(edges) if sentence[start:end].strip()]


def _both_sides(places: Sequence[int], begun: int, comma: int, end: int) -> bool:
    return any(begun <= at < comma for at in places) and any(comma < at < end for at in places)


def _is_topic(one: Placed) -> bool:
    return one.tag == "JX" and one.form in ("은", "는", "ᆫ", "ㄴ")


def _clause(text: str, morphemes: Sequence[Placed]) -> _Clause:
    figures, spans = _figures(text)
    plain = [one for one in morphemes if not any(start <= one.start < end for start, end in spans)]
    first_topic = next((one.start for one in plain if _is_topic(one)), 0)
    forms = {one.form for one in morphemes}
    denials = sum((one.form, one.tag.partition("-")[0]) in _NEGATORS for one in morphemes)
    return _Clause(
        words=frozenset(_words(plain)),
        figures=figures,
        denied=denials % 2 == 1,
        modality=frozenset(name for name, pattern in _MODALITIES if pattern.search(text)),
        only=bool(_ONLY & {one.form for one in morphemes if one.tag in ("JX", "NNB", "VV", "NNG", "VCP")}),
        conditional=bool(_CONDITION_WORDS & forms)
        or any(one.tag == "EC" and _CONDITION.search(one.form) for one in morphemes),
        topic=frozenset(_words([one for one in plain if one.start < first_topic])),
        does=_does(plain),
    )


def _does(morphemes: Sequence[Placed]) -> str | None:
    """The last verb, adjective, or noun that a light verb makes one (전화하다)."""
    for one, following in reversed(list(pairwise([*morphemes, Placed("", "", 0)]))):
        tag = one.tag.partition("-")[0]
        if tag in ("VV", "VA") or (tag in ("NNG", "XR") and following.tag[:3] in ("XSV", "XSA")):
            return one.form if one.form not in _LIGHT else None
        if tag == "VCP":
            return None
    return None


def _words(morphemes: Iterable[Placed]) -> Iterable[str]:
    for one in morphemes:
        if one.tag.partition("-")[0] in _TELLING and one.form not in _LIGHT:
            yield one.form


def _figures(text: str) -> tuple[Sizes, list[tuple[int, int]]]:
    """Figures of a text with their units and bounds, and where they stand."""
    found: list[tuple[str, str, str]] = []
    spans = []
    for match in _FIGURE.finditer(text):
        value = _value(match)
        if value is None:
            continue
        unit = match["unit"] or match["counter"] or ""
        found.append((value, "" if unit in _PARTICLES else unit, match["bound"] or ""))
        spans.append((match.start(), match.end()))
    return tuple(found), spans


def _value(match: re.Match[str]) -> str | None:
    """The value as a number in digits, so that 열 and 10 are one."""
    if match["digits"] is None:
        number = parse(match["words"])
        return f"{number:g}" if number is not None else None
    plain = match["digits"].replace(",", "")
    # A telephone number keeps its leading zero: 02 is no 2.
    if match["large"] is None:
        return plain
    return f"{float(plain) * _LARGE[match['large']]:g}"


Check = Callable[[str, str, str], Flaws]
"""Statement, title, text → flaws."""
