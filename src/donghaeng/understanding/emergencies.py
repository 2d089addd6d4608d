"""Finds an emergency in an utterance, before anything else is looked for."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.emergencies import Emergencies
from donghaeng.understanding.text import compact

BREAK: Final = "\n"
"""Stands for calm words that were taken out: no pattern reaches across it."""

SUICIDE: Final = "suicide"

_CALM = re.compile(
    r"껐|꺼졌|꺼짔|껏(?:어|수)|진화|잡혔|잠갔|잠궜|잠것|잠가(?:뒀|놨|수)|괜찮(?:아졌|대|으니|으께|응께|다고|다네|네요?$|아요?$)|개안(?:타|심더|으)|"
    r"가라앉|나아졌|나았|정신(?:을|이)?(?:차렸|들었|돌아)|깨어났|일어났|숨(?:을|이)?(?:잘|제대로)?(?:쉬어|쉬고|쉽|돌아)|"
    r"(?:구급차|소방차|경찰|119|일일구|112)(?:가|이|에서|도)?(?:왔|다녀|와서|데려|도착)|실려갔|데려갔|별일(?:은|이)?아니|"
    r"아무일(?:도)?(?:아니|없)|오작동|잘못울|착각|아니었|아녔|해결됐|끝났"
)
"""Words that an alarm is over, or in good hands."""
_NOT_CALM = re.compile(
    r"(?:안|못)(?:괜찮|껐|꺼졌|잠갔|잠궜|일어|깨어|쉬|나았)|(?:다가|또|다시)(?:불|쓰러|났|나요|붙|새|심해)|는데(?:도|또|아직)|안돼"
)


class EmergencyFinder:
    """Patterns by kind; the first kind of the table that matches wins.

    Words that ``unless`` names are taken out before its kind is looked for, and only they: who asks for the
    emergency room and tells that someone lies unconscious has an emergency.
    """

    def __init__(self, emergencies: Emergencies) -> None:
        self._patterns = [
            (kind, re.compile("|".join(entry.patterns)), _any(entry.unless))
            for kind, entry in emergencies.items()
        ]

    def find(self, utterance: str) -> str | None:
        """The kind of emergency that ``utterance`` tells of, if any."""
        packed = compact(utterance)
        for kind, pattern, unless in self._patterns:
            if pattern.search(packed if unless is None else unless.sub(BREAK, packed)):
                return kind
        return None

    def calms(self, utterance: str, kind: str) -> bool:
        """Whether ``utterance`` tells that an alarm of ``kind`` is over, or only sounds like one. Never of
        suicide: to miss one is worse than to answer one too many."""
        if kind == SUICIDE:
            return False
        unless = next((calm for name, _, calm in self._patterns if name == kind), None)
        return reassures(utterance) or (unless is not None and unless.search(compact(utterance)) is not None)


def reassures(words: str) -> bool:
    """Whether words tell that an alarm is over, or that help is there."""
    packed = compact(words)
    return _CALM.search(packed) is not None and _NOT_CALM.search(packed) is None


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None
