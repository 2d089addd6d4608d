"""Has the citizen finished? Judged from the recognised words and what was asked; pure.

A whole sentence ends a turn soon, words after which more is to come ask for patience, everything else is left
to silence (:mod:`donghaeng.speech.sentence_ends` tells them apart).
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from donghaeng.korean.jamo import split
from donghaeng.korean.phones import Phone, find_phones
from donghaeng.speech.sentence_ends import Ends


class Completeness(Enum):
    """What the words so far say about the end of the turn."""

    CLOSED = "closed"
    """A whole answer to a closed question, or a whole number: nothing can follow."""
    SENTENCE = "sentence"
    """Ends as a sentence ends."""
    UNKNOWN = "unknown"
    """The words do not tell."""
    UNFINISHED = "unfinished"
    """Ends in a connective, a particle or a filler: more is to come."""


CLOSED_ANSWERS: Final = frozenset(
    (
        *(
            "네",
            "예",
            "응",
            "어",
            "그래",
            "그래요",
            "맞아",
            "맞아요",
            "맞습니다",
            "좋아",
            "좋아요",
            "그럼",
            "그럼요",
            "됐어",
            "됐어요",
        ),
        *(
            "알았어",
            "알겠어요",
            "네네",
            "예예",
            "응응",
            "네맞아요",
            "예맞아요",
            "네그래요",
            "네좋아요",
            "응그래",
            "네네맞아요",
        ),
        *(
            "아니",
            "아니요",
            "아뇨",
            "아니오",
            "아니에요",
            "아닌데요",
            "아냐",
            "아니아니",
            "싫어",
            "싫어요",
            "몰라",
            "몰라요",
            "취소",
            "확인",
        ),
    )
)
"""Whole answers to a yes/no question, without spaces."""
BACKCHANNELS: Final = frozenset(
    (
        *("네", "예", "응", "어", "음", "아", "네네", "예예", "응응", "아네", "아예", "어어", "으응", "흠"),
        *("그래", "그래요", "그렇죠", "그쵸", "그렇구나"),
    )
)
"""What a listener says to show that they are listening, without spaces."""
ALWAYS_ACTIVE: Final = frozenset(
    (
        *("도움말", "다시", "천천히", "크게", "뒤로", "처음으로", "그만", "취소", "계속"),
        *("상담사", "상담원", "상담사요", "상담원이요"),
    )
)
"""Words that steer in any state (voice-ux.md, section 2), without spaces."""
WHOLE_DIGITS: Final = 11
"""Digits of a mobile number."""
DICTATED: Final = frozenset({"phone", "address", "text", "receipt"})
"""Slot types that are dictated in groups with pauses between them."""

SENTENCE_FROM: Final = 0.7
"""Probability from which words are a whole sentence: of 1,044 unseen sentences 0.72 reach it (0.93 of those
that end in 요, 니다 or 까), of their beginnings 3.4 %, mostly where one sentence ends and another begins."""
ASKED_FROM: Final = 0.05
"""The same where the recogniser has heard a question that ends as a verb may ("내일 비 와?")."""
UNFINISHED_BELOW: Final = 0.15
"""Probability below which more is to come: 0.86 of those beginnings, 0.09 of the sentences."""
BARE_ANSWER: Final = 0.6
"""What a bare word counts as where it may be all of an answer ("합정역")."""
BARE_WORDS: Final = 3

_FILLER: Final = re.compile(r"(?:^|\s)(?:어|음|저|그|에|아|저기|뭐|그게|이제|인자|거시기)[\s.,!?…~]*$")
_PARTICLE: Final = re.compile(
    r"[가-힣](?:은|는|을|를|에|의|에서|에게|한테|께|부터|까지|하고|이랑|랑|보다|으로)$"
)
_INDIRECT: Final = re.compile(r"(?:[는은던을]|[가-힣]인)지$")
_EDGE: Final = re.compile(r"[\s.,!?…~]+$")
_SPACES: Final = re.compile(r"[\s.,!?…~]+")


class Judged(NamedTuple):
    """What words say about the end of the turn, and the probability that they are a whole sentence."""

    completeness: Completeness
    chance: float


NOTHING_SAID: Final = Judged(Completeness.UNKNOWN, 0.5)
"""Before any words are known."""


def sentence_completeness(text: str, ends: Ends) -> Judged:
    """Judge an answer to an open question.

    Args:
        text: the words recognised so far.
        ends: tells how words end that are a whole sentence.
    """
    if not _EDGE.sub("", text):
        return NOTHING_SAID
    if _FILLER.search(text):
        return Judged(Completeness.UNFINISHED, 0.0)
    chance = ends(text)
    if chance >= SENTENCE_FROM or (chance >= ASKED_FROM and _asks(text)):
        return Judged(Completeness.SENTENCE, chance)
    return Judged(Completeness.UNFINISHED if chance < UNFINISHED_BELOW else Completeness.UNKNOWN, chance)


def answer_completeness(
    text: str, ends: Ends, *, expects: str = "open", slot_type: str | None = None
) -> Judged:
    """Judge an answer by what was asked.

    Args:
        text: the words recognised so far.
        ends: tells how words end that are a whole sentence.
        expects: what the last reply expects (CONTRACT 3).
        slot_type: type of the slot that was asked for.
    """
    bare = _SPACES.sub("", text)
    if expects in ("confirm", "choice") and bare in CLOSED_ANSWERS:
        return Judged(Completeness.CLOSED, 1.0)
    if slot_type == "phone" and _whole_number(text):
        return Judged(Completeness.CLOSED, 1.0)
    if bare in ALWAYS_ACTIVE:
        return Judged(Completeness.SENTENCE, 1.0)
    judged = sentence_completeness(text, ends)
    unfinished = judged.completeness is Completeness.UNFINISHED
    if unfinished and not _FILLER.search(text) and _is_bare(text, expects, slot_type):
        return Judged(Completeness.UNKNOWN, BARE_ANSWER)
    return judged


def _asks(text: str) -> bool:
    """Whether words are a question by more than the mark, which a recogniser puts behind any rising voice: no
    form that asks by its melody alone ends in a consonant, and "어디쯤 오고 있는지" goes on."""
    words = _EDGE.sub("", text)
    last = split(words[-1])
    return "?" in text[-3:] and last is not None and not last[2] and not _INDIRECT.search(words)


def _is_bare(text: str, expects: str, slot_type: str | None) -> bool:
    """Whether a word or two without a particle answer a question for a name, a place, a day …"""
    words = _EDGE.sub("", text).split()
    asked = expects in ("slot", "choice") and slot_type not in DICTATED
    return asked and len(words) <= BARE_WORDS and not _PARTICLE.search(words[-1])


def _whole_number(text: str) -> bool:
    """Eleven digits are a whole number; fewer may be one with a digit still to come."""
    return any(
        isinstance(found.value, Phone) and len(found.value.digits) == WHOLE_DIGITS
        for found in find_phones(text)
    )


def is_backchannel(text: str) -> bool:
    """Whether the words only show that somebody listens: by class, never by number of words."""
    return _SPACES.sub("", text) in BACKCHANNELS
