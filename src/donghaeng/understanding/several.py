"""Utterances that may hold more than one wish: where they can be cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 3
"""Syllables that each half needs."""

_AND = r"그리고|그라고|그리구|그러고|글고|또|이어서|그\s?다음에?는?|그담에|겸해서|그라고예|그르고"
_SENTENCES = re.compile(rf"(?<=[요줘까고소쇼서오유나])\s+(?:(?:{_AND})\s+)?|\s+(?:{_AND})\s+")
_NOUNS = re.compile(r"(?<=[가-힣])(?:이랑|하고|하구|허고|랑|과|와|이며|며)\s+")


_ASKS = re.compile(
    r"(?:줘|줘요|줘유|주세요|주이소|주소|주쇼|줍서|주십시오|주시오|달라고요?|부탁해요|부탁합니다|까요?|나요|는가요|어때요?|어떤가요|"
    r"언제\s?(?:와|오|와요|온대요|오나)|얼마예요|어디예요|뭐예요|싶어요|싶습니다|려고요|려구요|할게요|할래요|합니다|되나요|"
    r"(?:어야|아야|여야|려야|해야|야)\s?(?:돼요|되는데요|됩니다|해요|하는데요|겠어요|쓰겄는디|한데이)|"
    r"(?P<goes_on>(?:주고|주시고)요?|하고|해\s?놓고|알아보고|물어보고|싶고))[\s.?!]*$"
)
"""How a request or a question ends; `goes_on` where another one follows."""


_QUESTIONS = re.compile(
    r"(?:까요?|나요|는가요?|은가요?|인가요?|대요|다면서요?|어때요?|어떻습니까|뭐예요|무엇인가요|얼마(?:예요|지요?|야|인가요|입니까)|"
    r"(?:언제|어디|몇)\s?\S{0,8}요|(?:알려|가르쳐|찾아|봐)\s?(?:줘|줘요|주세요|주이소|주소|주쇼)|교|꺼|노|입니까|습니까)[\s.?!]*$"
)
"""How words end that want to know something."""


def asks(words: str) -> bool:
    """Whether the words end as a request or a question."""
    last = _ASKS.search(words)
    return (last is not None and not last["goes_on"]) or questions(words)


def questions(words: str) -> bool:
    """Whether the words, or one sentence of them, want to know something."""
    return "?" in words or _QUESTIONS.search(words) is not None


def halves(words: str) -> Iterator[tuple[str, str, bool]]:
    """Every way to cut ``words`` in two between wishes: what stands before, what stands after, and whether
    the cut is between nouns of one sentence ("날씨하고 미세먼지 어때요"), where the verb belongs to both."""
    last = _ASKS.search(words)
    if last is None or last["goes_on"]:
        return
    for pattern, nouns in ((_SENTENCES, False), (_NOUNS, True)):
        for cut in pattern.finditer(words):
            before, after = words[: cut.start()].strip(), words[cut.end() :].strip()
            if min(len(before.replace(" ", "")), len(after.replace(" ", ""))) < SHORTEST:
                continue
            if nouns or _ASKS.search(before):
                yield before, after, nouns
