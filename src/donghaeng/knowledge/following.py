"""Questions about the answer before: "그럼 얼마나 받아요?", "어디로 가요?", "저도 되나요?".

Such a question has no subject of its own, so no words of it find a passage. It is put to what was answered
last, sentence by sentence, and then to the passages of the same programme: an answer is a sentence that holds
what is asked for (an amount, a time, a place, a condition). Where none does, there is no answer. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from donghaeng.knowledge.answering import ASPECTS, CONDITIONS, TIMES, aspect
from donghaeng.knowledge.passages import MAX_SPOKEN_SENTENCES, Passage, sentences
from donghaeng.korean.particles import resolve
from donghaeng.korean.reading import read_aloud

APART: Final = frozenset({"ask", "waste_guide"})
"""Topics whose passages have nothing in common with one another."""
SHORTEST_SHARED: Final = 2
"""Syllables of a word that names of one programme have in common."""

_FOLLOWED: Final = (
    *(one for one in ASPECTS if one is not TIMES),
    aspect(
        r"몇\s?시|언제|은제|며칠|몇\s?월|무슨\s?요일|기한|기간|날짜|얼마나 (?:걸|기다)|몇\s?(?:년|달|주|일)",
        TIMES.held.pattern,
    ),
    aspect(
        r"주말|토요일|일요일|공휴일|휴일",
        r"주말|토요일|일요일|공휴일|일 년 내내|평일",
    ),
    aspect(r"밤에|저녁|새벽|아침", r"밤|24시간|\d시"),
    aspect(
        r"어디|어데|워디|어딨|장소|위치",
        r"에서|누리집|센터|공단|구청|발급기|홈페이지|앱에|번으로|번을|있어요",
    ),
    aspect(r"전화|번호|연락|몇\s?번", r"\d{3,4}번|\d{2,4}-\d{3,4}"),
    aspect(
        r"어떻게|어떡게|우째|우예|어찌|워떻게|방법|절차|신청|접수",
        r"신청|말씀하|전화|누르|들어가|예약|불러|떼|내요|로그인|챙겨",
    ),
    aspect(r"서류|준비물|가져|갖고|챙겨|필요|신분증|도장|사진", r"신분증|서류|챙겨|고객번호|필요"),
    aspect(r"인터넷|컴퓨터|집에서|앱으로", r"누리집|앱|인터넷|집에서"),
)
"""What such a question may ask for. One that asks for none of it is not answered."""
_OWN_CASE = re.compile(
    r"(?:받|타|탈|신청|이용|쓸)\S{0,3}\s?수(?:가|는|도)?\s?(?:있|읎|없)|해당(?:이\s?)?(?:돼|되|될|하|할)"
    r"|자격이?\s?(?:돼|되|될|있)|(?:저|나|제|내|저희|우리|본인)\S{0,3}\s?(?:가능|대상|되|돼|될|됩)"
    r"|^(?:\S{1,3}\s)?(?:되|돼|될|됩)\S{1,4}$"
)
_ABOUT_ALL = re.compile(r"누가|누구|어떤|어디|언제|어떻게|얼마|몇|무슨|뭐|뭘|무엇")


def about_own_case(question: str, answer: str) -> bool:
    """Whether somebody asks whether *they* get it, and the answer tells the conditions: who decides it is to
    be said then, for an answer never decides it (행정기본법 제20조)."""
    if _OWN_CASE.search(question) is None or _ABOUT_ALL.search(question) is not None:
        return False
    return CONDITIONS.held.search(answer) is not None


def answer_about(question: str, text: str) -> str | None:
    """The first one or two sentences of a text that hold what is asked for; None where none does.

    Args:
        question: without a subject of its own.
        text: what it is about.
    """
    asked = [one.held for one in _FOLLOWED if one.asked.search(question)]
    if not asked:
        return None
    found = [part for part in sentences(text) if all(held.search(part) for held in asked)]
    return " ".join(found[:MAX_SPOKEN_SENTENCES]) or None


def follow(question: str, first: Passage, others: Iterable[Passage]) -> tuple[Passage, str] | None:
    """The passage that answers a question about the answer before, with its words.

    Args:
        question: without a subject of its own.
        first: what was answered from.
        others: all passages that may be answered from.
    """
    for passage in (first, *(other for other in others if is_akin(first, other))):
        answer = answer_about(question, passage.body)
        if answer is not None:
            return passage, answer
    return None


def is_akin(first: Passage, other: Passage) -> bool:
    """Whether a passage is about the same programme: of one topic, not about less than the first one, of no
    month of its own, and with a word of its names in common."""
    if other.id == first.id or other.topic != first.topic or first.topic in APART or other.months:
        return False
    if other.about and not (first.about and set(first.about) <= set(other.about)):
        return False
    return _shares_a_word(first, other)


def _shares_a_word(one: Passage, other: Passage) -> bool:
    packed = "".join("".join((name, " ")) for name in _names(one)).replace(" ", "")
    heads = {name.split()[0] for name in _names(other)}
    return any(len(head) >= SHORTEST_SHARED and head in packed for head in heads)


def _names(passage: Passage) -> Sequence[str]:
    return (passage.title, *passage.names)


def told_of_service(row: Mapping[str, Any]) -> str:
    """What the row of a welfare service says, in sentences: what it is, for whom, where, and whom to call.

    Args:
        row: of ``welfare.services``.
    """
    name = row["name"]
    parts = [str(row["what"])]
    if row.get("targets"):
        parts.append(f"{name}의 대상은 {row['targets']}이에요(예요).")
    places = "주민센터나 복지로 누리집" if row.get("online") else "주민센터"
    parts.append(f"신청은 {places}에서 하세요.")
    if row.get("phone"):
        parts.append(f"물어보실 전화는 {row['phone']}번이에요.")
    ended = [part if part.rstrip().endswith((".", "!", "?")) else f"{part.rstrip()}." for part in parts]
    return resolve(" ".join(ended), read_aloud)
