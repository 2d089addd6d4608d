"""Whether the words of a catalogue can be followed by ear: the limits of voice design, on every sentence.

The rules are those of the design for older citizens (sections 2, 4, 6 and 8): at most two sentences and forty
syllables before a question, one question at a time, three options at once, twelve seconds without a turn, the
answer first, 해요체, no honorifics for things, other words when a question is put again, and never a question
for what must not be asked. A read-back says every value, so only its own words are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from donghaeng.city.operations import Operation
from donghaeng.city.services.definition import Procedure, ServiceDefinition, SlotSpec
from donghaeng.city.services.loading import Catalogue
from donghaeng.city.services.positions import Document
from donghaeng.city.services.samples import SOME_TEXT, Samples, own_words, written_ways
from donghaeng.errors import CatalogueError, TemplateFault
from donghaeng.korean.jamo import is_syllable
from donghaeng.korean.reading import read_aloud

SENTENCES_BEFORE: Final = 2
SYLLABLES_BEFORE: Final = 40
"""Before the question of a prompt."""
OPTIONS_AT_ONCE: Final = 3
SECONDS_AT_ONCE: Final = 12.0
SYLLABLES_A_SECOND: Final = 4.1
"""Of the embedded voice at its usual speed of 0.9: 147 syllables of three replies in 36.4 s, pauses aside."""
PHRASE_PAUSE_S: Final = 0.3
SENTENCE_PAUSE_S: Final = 0.6

_SENTENCE: Final = re.compile(r"[^.?!]*[.?!]+['\"’”]?|[^.?!]+$")
_POLITE: Final = re.compile(r"(?:요|죠)['\"’”]?[.?!]?$")
_FORMAL: Final = re.compile(r"(?:니다|니까|시오|하라|한다)['\"’”]?[.?!]?$")
_NEVER_ASKED: Final = re.compile(
    r"(?:주민|주민\s*등록|카드|비밀|계좌|인증)\s*번호|보안\s*코드|CVC|OTP", re.IGNORECASE
)
_HONOURED_THING: Final = re.compile(
    r"(?:접수|신청|완료|예약|취소|처리|등록|결제|확인|도착|출발|마감|발급)(?:이|가)?\s*되(?:셨|시|십)"
    r"|(?:원|미터|분|번|대|곳)이(?:세요|십니다|시고)|나오셨|(?:번호|요금|수수료|날짜|시간)(?:은|는|이|가)[^.?!]*이세요"
)
_FILLER: Final = re.compile(
    r"^[^.?!,]*(?:알려|말씀|안내해|설명해|찾아|조회해)\s*(?:드릴게요|드리겠|볼게요|드릴까요)"
)
_REFUSES: Final = re.compile(r"묻지|않|마세요|안 ")
"""Words of a sentence that warns instead of asking."""


class Weight(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It breaks a promise, or cannot be meant."""
    WARNING = "warning"
    """It is harder to follow than it need be."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one sentence of the catalogue."""

    weight: Weight
    error: CatalogueError
    """File, line, what is wrong and what would be right."""


class Role(StrEnum):
    """What a text is for: the rules that hold for it follow."""

    PROMPT = "prompt"
    CONFIRM = "confirm"
    REPLY = "reply"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One text of the catalogue and where it stands."""

    document: Document
    path: Sequence[str | int]
    role: Role
    template: str
    samples: Samples

    def finding(self, weight: Weight, message: str, remedy: str) -> Finding:
        return Finding(weight, self.document.error(self.path, message, remedy=remedy))


PHRASES_FILE: Final = "phrases.yaml"
"""The agent's own sentences, in the catalogue's folder ``lexicon``."""
NO_SENTENCES: Final = frozenset(
    {"acknowledge", "callback_any", "callback_wish", "examples", "no_guess", "no_person", "yes_person"}
    | {"course_again", "course_choices", "course_next", "course_stop", "practice_examples"}
)
"""Entries of ``phrases.yaml`` that are parts of a reply or labels of buttons."""


def check_speaking(
    catalogue: Catalogue, operations: Mapping[str, Operation], phrases: Document | None = None
) -> list[Finding]:
    """Every finding on the services of a catalogue and, where they are given, on the agent's sentences."""
    findings: list[Finding] = []
    for service in catalogue.values():
        document = catalogue.documents[service.id]
        for spoken in _texts(service, document, operations):
            findings += _check(spoken)
        findings += _slots(service, document)
    if phrases is not None:
        for spoken in _phrases(phrases):
            findings += _check(spoken)
    return findings


def seconds(text: str) -> float:
    """How long the embedded voice takes for a written text, pauses between its parts included."""
    spoken = read_aloud(text)
    pauses = [SENTENCE_PAUSE_S if mark in ".?!" else PHRASE_PAUSE_S for mark in spoken if mark in ".?!,"]
    return syllables(spoken) / SYLLABLES_A_SECOND + sum(pauses[:-1])


def syllables(spoken: str) -> int:
    """Hangul syllables."""
    return sum(is_syllable(char) for char in spoken)


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their marks."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip(" .'\"’”")]


def _texts(
    service: ServiceDefinition, document: Document, operations: Mapping[str, Operation]
) -> Iterator[_Spoken]:
    plain = Samples(service)
    for name, spec in service.slots.items():
        at: list[str | int] = ["slots", name]
        if spec.prompts is not None:
            for form in ("first", "again", "help"):
                text = getattr(spec.prompts, form)
                role = Role.REPLY if form == "help" else Role.PROMPT
                if text is not None:
                    yield _Spoken(document, [*at, "prompts", form], role, text, plain)
        if spec.ambiguous is not None:
            yield _Spoken(document, [*at, "ambiguous"], Role.PROMPT, spec.ambiguous, plain)
    for number, way in enumerate(service.ways):
        at = ["procedures", number] if service.procedures else []
        yield from _way(service, document, at, way, operations)


def _way(
    service: ServiceDefinition,
    document: Document,
    at: list[str | int],
    way: Procedure,
    operations: Mapping[str, Operation],
) -> Iterator[_Spoken]:
    operation = operations.get(way.call.operation) if way.call is not None else None
    before = Samples(service)
    most = min(way.call.most, OPTIONS_AT_ONCE) if way.call is not None else 1
    if way.confirm is not None:
        yield _Spoken(document, [*at, "confirm"], Role.CONFIRM, way.confirm, before)
    replies: list[tuple[list[str | int], str | None]] = [
        (["ok"], way.reply.ok),
        (["empty"], way.reply.empty),
        (["failed"], way.reply.failed),
    ]
    replies += [(["refused", reason], text) for reason, text in way.reply.refused.items()]
    for path, text in replies:
        if text is not None:
            rows = Samples(service, operation, most)
            yield _Spoken(document, [*at, "reply", *path], Role.REPLY, text, rows)


def _phrases(document: Document) -> Iterator[_Spoken]:
    texts = document.data if isinstance(document.data, dict) else {}
    for name, text in texts.items():
        if isinstance(text, str) and name not in NO_SENTENCES and not name.startswith("message_"):
            role = Role.PROMPT if "?" in text and not name.startswith("greeting") else Role.PHRASE
            yield _Spoken(document, [name], role, text, Samples())


def _check(spoken: _Spoken) -> Iterator[Finding]:
    try:
        ways = written_ways(spoken.template, spoken.samples)
        own = own_words(spoken.template)
    except TemplateFault:
        return  # it is reported where templates are checked
    found: dict[str, Finding] = {}
    for way in ways:
        for finding in _manner(spoken, way):
            found.setdefault(finding.error.message.partition(":")[0], finding)
    yield from found.values()
    yield from _length(spoken, _usual(own if spoken.role is Role.CONFIRM else ways))


def _usual(ways: Sequence[str]) -> str:
    """The way of middle length: many of the longer ones are of conditions that exclude each other."""
    return sorted(ways, key=len)[(len(ways) - 1) // 2]


def _manner(spoken: _Spoken, text: str) -> Iterator[Finding]:
    """How it is said."""
    error, warning = Weight.ERROR, Weight.WARNING
    for sentence in sentences(text):
        if _FORMAL.search(sentence):
            yield spoken.finding(error, f"is no 해요체: {sentence!r}", "end it in 요")
        elif not _POLITE.search(sentence) and not _ends_itself(sentence):
            yield spoken.finding(error, f"no sentence ends so: {sentence!r}", "end it in 요 and a full stop")
        honoured = _HONOURED_THING.search(sentence)
        if honoured is not None:
            remedy = "honour people, not things: 완료됐어요, 3분이에요"
            yield spoken.finding(error, f"honours a thing: {honoured.group()!r}", remedy)
        asked = _NEVER_ASKED.search(sentence)
        if asked is not None and not _REFUSES.search(sentence):
            message = f"asks for what is never asked: {asked.group()!r}"
            yield spoken.finding(error, message, "leave it out")
    if text.count("?") > 1:
        yield spoken.finding(error, f"asks {text.count('?')} questions: {text!r}", "ask one at a time")
    if spoken.role is Role.REPLY and _FILLER.search(text):
        yield spoken.finding(warning, f"does not begin with the answer: {text!r}", "say the answer first")


def _ends_itself(sentence: str) -> bool:
    """A word of its own, or words of the city that end as it likes."""
    return sentence in ("네.", "아니요.") or sentence.endswith(SOME_TEXT)


def _length(spoken: _Spoken, text: str) -> Iterator[Finding]:
    """How long it is."""
    asks = spoken.role in (Role.PROMPT, Role.CONFIRM)
    before = sentences(text)[:-1] if asks else []
    if len(before) > SENTENCES_BEFORE and spoken.role is Role.PROMPT:
        message = f"says {len(before)} sentences before the question: {text!r}"
        yield spoken.finding(Weight.WARNING, message, f"say at most {SENTENCES_BEFORE}")
    count = syllables(read_aloud(" ".join(before)))
    if count > SYLLABLES_BEFORE:
        message = f"says {count} syllables before the question: {text!r}"
        yield spoken.finding(Weight.WARNING, message, f"say at most {SYLLABLES_BEFORE}")
    took = seconds(text)
    if took > SECONDS_AT_ONCE and spoken.role is not Role.CONFIRM:
        message = f"takes {took:.0f} s to say: {text!r}"
        yield spoken.finding(Weight.WARNING, message, f"say it in {SECONDS_AT_ONCE:.0f} s")


def _slots(service: ServiceDefinition, document: Document) -> Iterator[Finding]:
    for name, spec in service.slots.items():
        at = ["slots", name]
        if spec.required and spec.prompts is None and spec.default in ("here", "home_district"):
            message = f"{name!r} is required, its default may be unknown, and nothing asks for it"
            yield Finding(Weight.ERROR, document.error(at, message, remedy="add `prompts`"))
        if spec.prompts is not None and spec.prompts.first == spec.prompts.again:
            error = document.error(
                [*at, "prompts", "again"], "repeats `first`", remedy="say it in other words"
            )
            yield Finding(Weight.ERROR, error)
        yield from _options(document, at, spec)


def _options(document: Document, at: Sequence[str | int], spec: SlotSpec) -> Iterator[Finding]:
    if spec.values is None or spec.prompts is None:
        return
    for form in ("first", "again", "help"):
        text = getattr(spec.prompts, form) or ""
        offered = [choice.name for choice in spec.values.values() if choice.name in text]
        if len(offered) > OPTIONS_AT_ONCE:
            message = f"offers {len(offered)} options at once: {', '.join(offered)}"
            remedy = f"name at most {OPTIONS_AT_ONCE}, the likeliest, and ask openly"
            yield Finding(Weight.ERROR, document.error([*at, "prompts", form], message, remedy=remedy))
