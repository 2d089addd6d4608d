"""Names of several words before the words that ask for them: "바람의 화원은 있나", "서대문 형무소 코스"."""

from __future__ import annotations

import re
from typing import Final

MOST_WORDS: Final = 8
"""Words that a name has at most; whoever says more before asking tells a story."""

_SAYS_NO_NAME = re.compile(
    r"(?:그럼|그러면|그라모|그라믄|혹시|저기요?|저|그|이|음+|어+|아|네|예|응|근데|그런데|또|거기|여기|제가|내가|나는|저는|우리"
    r"|서울에|동네|근처|집|가까운|찾는|보고|읽고|읽을|빌려|싶은|싶어서|추천|재미있는|재밌는|좋은|무슨|어떤|그런|이런|아니)"
)
"""Words at which a name does not begin."""
_BEFORE_NAME = re.compile(
    r"(?:[가-힣](?:에서?|에는|에도|서|는데|은데|은요|요|니까|다가|니다|세요)|도서관은?|거기서?)$"
)
"""Ends of words before a name: a place, the end of another clause."""
_NOT_NAMED = re.compile(
    r"(?:^|\s)(?:[이그저]\s?)?(?:책|소설책?|시집|동화책|만화책?|도서|거|것|코스|투어|길)$"
)
_BOUND: Final = frozenset({"수", "데", "것", "거", "게", "지", "곳"})
"""Nouns that never stand alone: a verb, not a name, ends in them ("빌릴 수 있나요")."""
_PARTICLE = re.compile(r"(?:[을를도이가은는]|이란|란)?(?:\s(?:좀|하나|한\s?권|다))?\s*$")
_NOUN = re.compile(r"^(?:책|코스)|(?:코스|책)$")
_DESCRIBES = re.compile(r"(?:[은는던을힐]|한|할|볼|싶)$")
"""How the word before a noun ends that describes it ("걷는 코스", "좋은 책")."""
_VERB = re.compile(r"(?:는|하고|하면서)$")
"""How words end that stand before the name of a noun and are no part of it."""


_CLAUSE = re.compile(
    r"(?:[가-힣]도|[아어여해]서|지만|면서|려고|는데|은데|니까)(?:\s(?:[이그저]\s)?(?:책|소설|코스)(?:\s?(?:을|를|이|가|도|좀|한\s?권))*)?$"
)
"""How a clause ends before what is wanted ("눈이 침침해도 책을 …")."""


def title_before(utterance: str, stem: str) -> str | None:
    """The name that stands before ``stem``, without its particle; None where nothing has a name there."""
    at = utterance.find(stem)
    while at >= 0:
        cut = utterance[at - 1 : at].strip() and stem.startswith("책")
        name = "" if cut else _name(utterance[:at].rstrip(), described=_NOUN.search(stem) is not None)
        if name:
            return name
        at = utterance.find(stem, at + 1)
    return None


def _name(said: str, *, described: bool) -> str:
    words = said.split()
    if not words or words[-1] in _BOUND or (described and _DESCRIBES.search(words[-1])):
        return ""
    named: list[str] = []
    for word in reversed(words):
        ends = _SAYS_NO_NAME.fullmatch(word) or (named and _BEFORE_NAME.search(word))
        if ends or (described and _VERB.search(word)) or len(named) == MOST_WORDS:
            break
        named.insert(0, word)
    name = " ".join(named)
    if not described and named and len(named[-1]) > 1:
        name = _PARTICLE.sub("", name, count=1)
    if _CLAUSE.search(name):
        return ""
    generic = _NOT_NAMED.search(name)
    name = name[: generic.start()].strip() if generic is not None else name
    return "" if generic is not None and _DESCRIBES.search(name) else name
