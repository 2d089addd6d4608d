"""The conversation test that a change is held to: it fails without the change and passes with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from donghaeng.city.person_topics import PersonTopics
from donghaeng.city.services import Catalogue
from donghaeng.conversation.scenarios import Scenario
from donghaeng.errors import InputError
from donghaeng.review.changes import NOTHING, Change, Example, PassageChange, Rule, Word
from donghaeng.review.service_change import ServiceChange

FREE_QUESTION: Final = "ask"
ASKED_FIRST: Final = "passage"
"""What a reply asks for that offers passages to choose from."""
_DIGIT: Final = re.compile(r"\d")


def write_test(
    change: Change, words: str, *, proposal: str, catalogue: Catalogue, topics: PersonTopics
) -> dict[str, Any]:
    """A conversation test in the project's format (docs/conversation-tests.md).

    Args:
        change: that it is about.
        words: what a citizen says first; the failure that the change comes from.
        proposal: id, part of the test's name, so that names are never the same.
        catalogue: in force.
        topics: that a person hears, in force.

    Raises:
        InputError: nothing can be expected of these words.
    """
    if not words.strip():
        raise InputError("시험: 시민이 한 말을 적어 주세요")
    expect, end, answers = _expected(change, words, catalogue, topics)
    test: dict[str, Any] = {
        "scenario": f"검토 {proposal}: {words.strip()}",
        "turns": [{"citizen": words.strip(), "expect": expect}],
    }
    if end:
        test["end"] = end
    if answers:
        test["answers"] = answers
    Scenario.model_validate(test)
    return test


def read_test(test: Mapping[str, Any]) -> Scenario:
    """The scenario of a kept test."""
    return Scenario.model_validate(dict(test))


def _expected(
    change: Change, words: str, catalogue: Catalogue, topics: PersonTopics
) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """What the first reply must be, what must hold at the end, and what is said where something is asked."""
    match change:
        case Example(service=service):
            return {"service": None if service == NOTHING else service}, {}, {}
        case Word(lexicon=lexicon, word=word, says=says):
            if _packed(says) not in _packed(words):
                raise InputError(f"시험: 시민이 한 말에 “{says}”이(가) 들어 있어야 해요")
            service, slot = _slot_of(lexicon, catalogue)
            return {"service": service, "slots": {slot: word}}, {}, {}
        case PassageChange(title=title):
            # One that may be a neighbour of what is meant is asked about first: its title is the answer.
            return {"service": FREE_QUESTION}, {"citations": [{"title": title}]}, {ASKED_FIRST: title}
        case Rule(topic=topic, way=way, reply=reply):
            if not any(_packed(one) in _packed(words) for one in change.words):
                raise InputError("시험: 시민이 한 말에 규칙의 말이 들어 있어야 해요")
            known = topics.get(topic)
            way = known.way if known is not None else way
            said = known.reply if known is not None else reply
            expect = {"say": [said]} if said and not _DIGIT.search(said) else {}
            return expect, ({"handover": True} if way == "hand_over" else {}), {}
        case ServiceChange():
            raise InputError("a service is held to the tests that it brings along")


def _slot_of(lexicon: str, catalogue: Catalogue) -> tuple[str, str]:
    for service in catalogue.values():
        for name, spec in service.slots.items():
            if spec.lexicon == lexicon:
                return service.id, name
    raise InputError(f"낱말 목록 {lexicon}: 이 목록을 쓰는 서비스가 없어요")


def _packed(words: str) -> str:
    return "".join(words.split())
