"""What may be changed: an example, a word, a passage, a rule or a whole service; the shape of each.

A change says only what is added. Where it is added, and whether it fits there, is :mod:`.merging`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from donghaeng.errors import InputError
from donghaeng.review.service_change import ServiceChange, name_in
from donghaeng.trust.masking import MASK, mask

NOTHING: Final = "none"
"""In the place of a service: what no service covers."""
_HANGUL: Final = re.compile(r"[가-힣]")


def _shareable(text: str) -> str:
    """Words that may stand in the catalogue, which is no place for anybody's numbers.

    Raises:
        ValueError: they may not.
    """
    if MASK in text or mask(text).text != text:
        raise ValueError("에 개인의 번호가 있어요. 빼고 적어 주세요")
    if not _HANGUL.search(text):
        raise ValueError("에 한글이 없어요")
    return text


_Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), AfterValidator(_shareable)
]
_Utterance = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), AfterValidator(_shareable)
]
_Body = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=800), AfterValidator(_shareable)
]
_Spoken = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(_shareable)
]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Change):
    """An utterance that asks for a service, or for none of them (:data:`NOTHING`)."""

    kind: Literal["example"] = "example"
    service: _Code
    text: _Utterance


class Word(_Change):
    """Another way to say a standard word of a list of words, or a new standard word with that way."""

    kind: Literal["word"] = "word"
    lexicon: _Code
    word: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    says: _Spoken


class PassageChange(_Change):
    """A passage that free questions are answered from; who writes it has read it in its source."""

    kind: Literal["passage"] = "passage"
    title: _Line
    text: _Body
    department: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]
    source: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,290}$")]


class Rule(_Change):
    """Words with which a person is to be called, whatever a service could do. ``topic`` may be one that
    exists: then only words are added."""

    kind: Literal["rule"] = "rule"
    topic: _Code
    words: list[_Line] = Field(min_length=1, max_length=10)
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    way: Literal["offer", "hand_over"] = "offer"
    urgent: bool = False
    reply: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    examples: list[_Utterance] = Field(min_length=1, max_length=20)
    not_examples: list[_Utterance] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _found(self) -> Rule:
        for example in self.examples:
            if not any(_packed(words) in _packed(example) for words in self.words):
                raise ValueError(f"예문 “{example}”에 규칙의 말이 하나도 없어요")
        for other in self.not_examples:
            if any(_packed(words) in _packed(other) for words in self.words):
                raise ValueError(f"비슷하지만 다른 말 “{other}”에도 규칙의 말이 들어 있어요")
        return self

    @property
    def patterns(self) -> list[str]:
        """Regular expressions over utterances without spaces."""
        return [re.escape(_packed(words)) for words in self.words]


Change = Annotated[Example | Word | PassageChange | Rule | ServiceChange, Field(discriminator="kind")]
KINDS: Final = ("example", "word", "passage", "rule", "service")
_ANY: TypeAdapter[Any] = TypeAdapter(Change)

FIELD_NAMES: Final[Mapping[str, str]] = {
    "service": "서비스",
    "text": "글",
    "lexicon": "낱말 목록",
    "word": "표준 낱말",
    "says": "사람들이 하는 말",
    "title": "제목",
    "department": "담당 부서",
    "source": "출처 주소",
    "topic": "규칙 이름(영문)",
    "words": "규칙의 말",
    "name": "주제 이름",
    "way": "연결 방법",
    "urgent": "급함",
    "reply": "먼저 하는 말",
    "examples": "예문",
    "not_examples": "비슷하지만 다른 말",
    "kind": "종류",
    "definition": "서비스 내용",
    "tests": "대화 시험",
    "base": "고치기 전의 판",
}
"""What the fields of a change are called, in errors and on the page."""
_PROBLEMS: Final[Mapping[str, str]] = {
    "missing": "적어 주세요",
    "string_too_short": "더 길게 적어 주세요",
    "string_too_long": "더 짧게 적어 주세요",
    "string_pattern_mismatch": "모양이 맞지 않아요",
    "too_short": "하나는 있어야 해요",
    "too_long": "너무 많아요",
    "literal_error": "고를 수 있는 것 가운데 하나여야 해요",
    "union_tag_invalid": "예문, 낱말, 글, 규칙 가운데 하나여야 해요",
    "union_tag_not_found": "예문, 낱말, 글, 규칙 가운데 하나를 골라 주세요",
    "extra_forbidden": "알 수 없는 칸이에요",
}


def read_change(values: Mapping[str, Any]) -> Change:
    """A change from plain values.

    Raises:
        InputError: the first thing that is wrong, in Korean, as the reviewer's page shows it.
    """
    try:
        change: Change = _ANY.validate_python(dict(values))
    except ValidationError as error:
        raise InputError(_told(error.errors()[0])) from None
    return change


def write_change(change: Change) -> dict[str, Any]:
    """The plain values that :func:`read_change` reads."""
    return change.model_dump(mode="json")


def title_of(change: Change, services: Mapping[str, str]) -> str:
    """What a list calls it. ``services``: Korean names by id."""
    match change:
        case Example(service=service, text=text):
            return f"예문: “{text}” → {services.get(service, '맡는 서비스 없음')}"
        case Word(word=word, says=says):
            return f"낱말: “{says}” → {word}"
        case PassageChange(title=title):
            return f"글: {title}"
        case Rule(name=name, topic=topic, words=words):
            return f"규칙: “{words[0]}” → 상담사 ({name or topic})"
        case ServiceChange(service=service, definition=definition, base=base):
            return f"{'서비스 고침' if base else '새 서비스'}: {name_in(definition) or service}"


def _told(problem: Mapping[str, Any]) -> str:
    # The first part names the kind of the change.
    place: Sequence[Any] = problem["loc"][1:]
    name = FIELD_NAMES.get(str(place[0]), str(place[0])) if place else ""
    if problem["type"] == "value_error":
        words = str(problem["msg"]).removeprefix("Value error, ")
        return f"{name}{words}" if words.startswith("에 ") else words
    return (
        f"{name}: {_PROBLEMS.get(problem['type'], problem['msg'])}"
        if name
        else str(_PROBLEMS.get(problem["type"], problem["msg"]))
    )


def _packed(words: str) -> str:
    return re.sub(r"\s+", "", words)
