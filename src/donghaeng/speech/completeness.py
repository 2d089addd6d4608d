"""Has the citizen finished the sentence? Judged from recognised text alone; pure.

The endings follow voice-ux.md section 2: a sentence-final ending ends a turn soon, a connective or a particle
asks for patience, everything else is left to silence.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from donghaeng.korean.phones import Phone, find_phones


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
WHOLE_DIGITS: Final = 11
"""Digits of a mobile number."""
DICTATED: Final = frozenset({"phone", "address", "text", "receipt"})
"""Slot types that are dictated in groups with pauses between them."""

_FINAL: Final = re.compile(
    r"(?:요|죠|니다|니까|까|줘|주라|네|냐|자|래|어|야|지|군|구나|거든|다|라고|대"
    r"|유|슈|당께|랑께|께라|능교|능겨|는교|노|데이|더|잉|수다|수꽈|우꽈|꽈|쥬|겨)$"
)
"""Sentence-final endings, the common dialect ones included (전라 -당께, 충청 -유, 경상 -능교, 제주 -수다)."""
_FIRM_FINAL: Final = re.compile(
    r"(?:요|죠|습니다|ㅂ니다|니다|습니까|줘|줘라|주라|당께|랑께|능교|수다|쥬|슈)$"
)
"""Endings that no connective shares."""
_CONNECTIVE: Final = re.compile(
    r"(?:[가-힣](?:은|는|을|를|에|의|에서|에게|한테|께|부터|까지|하고|이랑|랑|보다|마다|처럼|으로|이나)"
    r"|는데|인데|은데|던데|니까|면서|아서|어서|해서|라서|려고|려면|지만|거나|다가|든지|으면|하면|되면|아니라|말고"
    r"|[가-힣]고|근데|그런데|그리고|그래서|그러니까|그러면|그게|저기|그니까|있잖아|뭐냐|뭐더라|왜냐하면)$"
)
_FILLER: Final = re.compile(r"(?:^|\s)(?:어|음|저|그|에|아|저기|뭐|그게|이제|인자|거시기)$")
_EDGE: Final = re.compile(r"[\s.,!?…~]+$")
_SPACES: Final = re.compile(r"[\s.,!?…~]+")


def sentence_completeness(text: str) -> Completeness:
    """Judge an answer to an open question."""
    asked = "?" in text[-3:]
    words = _EDGE.sub("", text)
    if not words:
        return Completeness.UNKNOWN
    if asked or _FIRM_FINAL.search(words):
        return Completeness.SENTENCE
    if " " in words and _FILLER.search(words):
        return Completeness.UNFINISHED
    if _CONNECTIVE.search(words):
        return Completeness.UNFINISHED
    return Completeness.SENTENCE if _FINAL.search(words) and len(words) > 1 else Completeness.UNKNOWN


def answer_completeness(text: str, *, expects: str = "open", slot_type: str | None = None) -> Completeness:
    """Judge an answer by what was asked.

    Args:
        text: the words recognised so far.
        expects: what the last reply expects (CONTRACT 3).
        slot_type: type of the slot that was asked for.
    """
    bare = _SPACES.sub("", text)
    if expects in ("confirm", "choice") and bare in CLOSED_ANSWERS:
        return Completeness.CLOSED
    if slot_type == "phone" and _whole_number(text):
        return Completeness.CLOSED
    return sentence_completeness(text)


def _whole_number(text: str) -> bool:
    """Eleven digits are a whole number; fewer may be one with a digit still to come."""
    return any(
        isinstance(found.value, Phone) and len(found.value.digits) == WHOLE_DIGITS
        for found in find_phones(text)
    )


def is_backchannel(text: str) -> bool:
    """Whether the words only show that somebody listens: by class, never by number of words."""
    return _SPACES.sub("", text) in BACKCHANNELS
