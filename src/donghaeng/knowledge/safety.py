"""Fraud around free questions: which passage warns of it, and which answers are never given.

Telephone fraud asks for money, secrets or an app. A question that smells of it is answered with the passage
that warns of it, before anything else; the number to call is that passage's. And whatever a document says,
no answer of this agent tells a citizen to name a secret or to send money: those who defraud would only have
to get a page of theirs among the documents. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from donghaeng.knowledge.passages import Passage, sentences
from donghaeng.understanding.text import compact

_SECRETS = (
    r"(?:비밀\s?번호|비번|카드\s?번호|계좌\s?번호|인증\s?번호|보안\s?카드|오티피|OTP|CVC"
    r"|주민\s?(?:등록\s?)?번호(?:\s?뒷\s?자리)?)"
)
_TELLS = r"(?:알려|말씀해|말해|불러|보내|대|넣어|찍어)\s?(?:주|달|드|보)?"
_ASKS_SECRET = re.compile(rf"{_SECRETS}\S{{0,2}}\s?(?:\S+\s){{0,3}}{_TELLS}", re.IGNORECASE)
_ASKS_MONEY = re.compile(
    r"(?:돈|현금|상품권|보증금|수수료|계좌)\S{0,3}\s?(?:\S+\s){0,4}(?:송금|이체|입금|보내|부치|옮기|옮겨)\S*"
)
_BIDS = re.compile(r"(?:세요|십시오|주시면|셔야|해야|야 해요|야 합니다|바랍니다)")
_FORBIDS = re.compile(r"지\s?(?:마|말|않)|안\s?(?:돼|됩|되)|묻지|않아요|않습니다|끊")


def warning(question: str, passages: Iterable[Passage], day: date) -> Passage | None:
    """The first passage that warns of what a question smells of; None where none does.

    Args:
        question: in the citizen's words.
        passages: all of them.
        day: the passage has to hold on it.
    """
    packed = compact(question)
    return next(
        (
            passage
            for passage in passages
            if passage.warns_of
            and passage.holds(day)
            and any(re.search(one, packed) for one in passage.warns_of)
        ),
        None,
    )


def is_safe(answer: str) -> bool:
    """Whether no sentence of an answer bids somebody to name a secret or to send money."""
    return not any(_bids_danger(sentence) for sentence in sentences(answer))


def _bids_danger(sentence: str) -> bool:
    asks = _ASKS_SECRET.search(sentence) or _ASKS_MONEY.search(sentence)
    return bool(asks) and _BIDS.search(sentence) is not None and _FORBIDS.search(sentence) is None
