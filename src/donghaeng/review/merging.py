"""Where a change goes: into which file of a catalogue, and how its parsed YAML looks afterwards. Pure.

Adding what is there already changes nothing, so a change that its owner has taken over into the catalogue's
own files does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from donghaeng.city.services import Catalogue
from donghaeng.errors import InputError
from donghaeng.review.changes import NOTHING, Change, Example, PassageChange, Rule, Word
from donghaeng.review.service_change import ServiceChange

PERSON_TOPICS: Final = "lexicon/person_topics.yaml"
OUT_OF_SCOPE: Final = "lexicon/out_of_scope.yaml"
FEWEST_EXAMPLES: Final = 3
"""Of a topic that only a person hears (:mod:`donghaeng.city.person_topics`)."""


def file_of(change: Change) -> str | None:
    """The file that it goes into, from the catalogue's folder; None for what the database keeps."""
    match change:
        case ServiceChange(service=service):
            return f"services/{service}/service.yaml"
        case Example(service=service):
            return OUT_OF_SCOPE if service == NOTHING else f"services/{service}/service.yaml"
        case Word(lexicon=lexicon):
            return f"lexicon/{lexicon}.yaml"
        case Rule():
            return PERSON_TOPICS
        case PassageChange():
            return None


def check(change: Change, catalogue: Catalogue, lexicons: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse what does not fit into a catalogue, as somebody proposes it.

    Args:
        change: is proposed.
        catalogue: in force.
        lexicons: its lists of words by name: standard word → ways it is said.

    Raises:
        InputError: the first thing that is wrong, in Korean.
    """
    match change:
        case Example(service=service, text=text):
            if service != NOTHING and service not in catalogue:
                raise InputError(f"서비스 {service}: 그런 서비스가 없어요")
            for other in catalogue.values():
                if _packed(text) in {_packed(one) for one in other.examples}:
                    whose = "이 서비스" if other.id == service else f"다른 서비스({other.name})"
                    raise InputError(f"“{text}”: {whose}의 예문에 이미 있어요")
        case Word(lexicon=lexicon, word=word, says=says):
            if lexicon not in lexicons:
                raise InputError(f"낱말 목록 {lexicon}: 그런 목록이 없어요")
            for standard, ways in lexicons[lexicon].items():
                if _packed(says) in {_packed(one) for one in (standard, *ways)}:
                    raise InputError(f"“{says}”: “{standard}”의 말로 이미 있어요")
            del word
        case Rule() | PassageChange() | ServiceChange():
            pass


def apply(change: Change, data: Any) -> None:
    """Add a change to the parsed YAML of its file, in place.

    Args:
        change: is added.
        data: what :func:`file_of`'s file holds, plain or as a round-trip tree.

    Raises:
        InputError: it does not fit there, in Korean.
    """
    match change:
        case Example(service=service, text=text):
            _add(data if service == NOTHING else data["examples"], text)
        case Word(word=word, says=says):
            _add_word(data, word, says)
        case Rule():
            _add_rule(data, change)
        case PassageChange() | ServiceChange():
            raise InputError("it is not added to a file of the catalogue")


def _add_word(data: Any, word: str, says: str) -> None:
    entry = data.get(word)
    if isinstance(entry, dict):
        _add(entry.setdefault("says", []), says)
    elif entry is not None:
        _add(entry, says)
    elif any(isinstance(one, dict) for one in data.values()):
        raise InputError(
            f"“{word}”: 이 목록의 새 낱말에는 설명이 더 있어야 해요. 목록 담당자에게 말씀해 주세요"
        )
    else:
        data[word] = [] if says == word else [says]


def _add_rule(data: Any, rule: Rule) -> None:
    topic = data.get(rule.topic)
    if topic is None:
        if not rule.name or not rule.reply:
            raise InputError("새 규칙에는 주제 이름과 먼저 하는 말이 있어야 해요")
        if len(rule.examples) < FEWEST_EXAMPLES:
            raise InputError(f"새 규칙에는 예문이 {FEWEST_EXAMPLES}개는 있어야 해요")
        topic = data[rule.topic] = {
            "name": rule.name,
            "way": rule.way,
            "urgent": rule.urgent,
            "reply": rule.reply,
            "patterns": [],
            "examples": [],
            "not_examples": [],
        }
    for name, values in (
        ("patterns", rule.patterns),
        ("examples", rule.examples),
        ("not_examples", rule.not_examples),
    ):
        held = topic.setdefault(name, [])
        for value in values:
            _add(held, value)


def _add(held: Any, value: str) -> None:
    if value not in held:
        held.append(value)


def _packed(text: str) -> str:
    return "".join(text.split())
