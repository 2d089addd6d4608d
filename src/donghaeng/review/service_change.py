"""A whole service as its owner wrote it: its definition and its conversation tests, and how both are checked.

What is wrong is said with the line where it stands and what would be right, in Korean. Pure but for the
catalogue's YAML reader, which reads bytes here and no files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from donghaeng.city.operations import Operation
from donghaeng.city.services.blanks import BLANK, blanks
from donghaeng.city.services.checking import check_service
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.loading import SERVICE_FILE, TESTS_FILE, service_of
from donghaeng.city.services.positions import MAX_FILE_BYTES, Document, parse_yaml
from donghaeng.conversation.scenarios import Written, written_in
from donghaeng.errors import CatalogueError
from donghaeng.trust.masking import MASK, mask

ID: Final = r"^[a-z][a-z0-9_]{0,39}$"
MOST_LETTERS: Final = MAX_FILE_BYTES // 3
"""Of each of the two texts: a Hangul syllable has three bytes."""
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_Text = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


class ServiceChange(BaseModel):
    """A new service, or one that takes the place of what answers under its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["service"] = "service"
    service: Annotated[str, StringConstraints(pattern=ID)]
    definition: _Text
    """``service.yaml``."""
    tests: _Text
    """``tests.yaml``."""
    base: Annotated[str, StringConstraints(pattern=r"^[a-p]{0,64}$")] = ""
    """:func:`hash_of` what it was written from; empty for a new service."""
    authors: tuple[Annotated[str, StringConstraints(max_length=64)], ...] = ()
    """Accounts of those who wrote it: none of them publishes it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one of the two texts."""

    file: Literal["service", "tests"]
    line: int
    """From 1."""
    words: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """On one line."""
        where = "대화 시험의 " if self.file == "tests" else ""
        return f"{where}{self.line}번째 줄: {self.words}" + (f" → {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pair of texts says, as far as it can be read."""

    faults: tuple[Fault, ...]
    document: Document | None = None
    """The definition, where it is YAML."""
    service: ServiceDefinition | None = None
    tests: tuple[Written, ...] = ()


def hash_of(definition: str | bytes, tests: str | bytes) -> str:
    """Names what two texts say, in letters alone: a run of digits might be taken for somebody's number."""
    digest = hashlib.sha256()
    for text in (definition, tests):
        raw = text.encode() if isinstance(text, str) else text
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest().translate(_LETTERS)


def restored(text: str, before: str) -> str:
    """A kept text with the numbers that may stand in it: they are masked wherever they are stored, so a line
    that stands in ``before`` but for its numbers is taken from there.

    Args:
        text: as it was kept.
        before: of the same file in the catalogue.
    """
    if MASK not in text:
        return text
    lines = {masked: line for line in before.splitlines() if (masked := mask(line).text) != line}
    return "\n".join(lines.get(line, line) for line in text.split("\n"))


def check_written(
    service: str,
    definition: str,
    tests: str,
    operations: Mapping[str, Operation],
    *,
    known: Iterable[str] = (),
) -> Checked:
    """Everything that is wrong with what an owner wrote.

    Args:
        service: the id that it is written for.
        definition: text of ``service.yaml``.
        tests: text of ``tests.yaml``.
        operations: that there are.
        known: examples that stood there before; others are looked at for personal numbers.
    """
    faults: list[Fault] = []
    document = _parsed(service, SERVICE_FILE, definition, faults)
    made: ServiceDefinition | None = None
    if document is not None:
        faults += [_fault("service", error) for error in blanks(document)]
        try:
            made = service_of(document)
        except CatalogueError as error:
            faults.append(_fault("service", error))
        except ExceptionGroup as group:
            faults += [_fault("service", one) for one in group.exceptions if isinstance(one, CatalogueError)]
    if document is not None and made is not None:
        faults += [_fault("service", one) for one in check_service(made, document, operations)]
        faults += _personal(made, document, frozenset(known))
    written = _tests(service, tests, faults)
    faults += [*_masked("service", definition), *_masked("tests", tests)]
    return Checked(tuple(sorted(faults, key=lambda one: (one.file, one.line))), document, made, written)


def name_in(definition: str) -> str:
    """The Korean name that a definition gives; empty where none can be seen."""
    found = re.search(r"^name: *(.{1,100})$", definition, re.MULTILINE)
    return found[1].strip().strip("\"'") if found else ""


def _masked(side: Literal["service", "tests"], text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), 1):
        if MASK in line:
            words = f"개인의 번호는 저장하지 않아서 {MASK}으로 바뀌었어요"
            yield Fault(side, number, words, "번호 없이 적어 주세요")


def _tests(service: str, text: str, faults: list[Fault]) -> tuple[Written, ...]:
    if not text.strip():
        faults.append(
            Fault("tests", 1, "대화 시험이 없어요", "시민이 하는 말과 기대하는 답을 하나라도 적어 주세요")
        )
        return ()
    document = _parsed(service, TESTS_FILE, text, faults)
    if document is None:
        return ()
    faults += [_fault("tests", error) for error in blanks(document)]
    try:
        written = tuple(written_in(document))
    except CatalogueError as error:
        faults.append(_fault("tests", error))
        return ()
    if not written:
        faults.append(
            Fault("tests", 1, "대화 시험이 없어요", "시민이 하는 말과 기대하는 답을 하나라도 적어 주세요")
        )
    return written


def _parsed(service: str, file: str, text: str, faults: list[Fault]) -> Document | None:
    side: Literal["service", "tests"] = "tests" if file == TESTS_FILE else "service"
    try:
        return parse_yaml(_named(service, file), text.encode("utf-8", "replace"))
    except CatalogueError as error:
        faults.append(_fault(side, error))
        return None


def _named(service: str, file: str) -> Path:
    return Path(service) / file


def _personal(service: ServiceDefinition, document: Document, known: frozenset[str]) -> Iterator[Fault]:
    for number, text in enumerate(service.examples):
        if text not in known and mask(text).text != text:
            line = document.line(["examples", number])
            yield Fault(
                "service", line, f"예문 “{mask(text).text}”에 개인의 번호가 있어요", "빼고 적어 주세요"
            )


def _fault(side: Literal["service", "tests"], error: CatalogueError) -> Fault:
    words, remedy = _korean(error.message), error.remedy or ""
    return Fault(side, error.line, words[:400], _korean(remedy)[:300])


_KOREAN: Final = (
    (r"is not YAML: (.*)", r"YAML로 읽을 수 없어요 (\1)"),
    (r"the same key stands twice", "같은 이름이 두 번 있어요"),
    (r"remove one", "하나를 지워 주세요"),
    (r"is over (\d+) bytes", r"너무 커요 (\1바이트까지)"),
    (r"has more than (\d+) values", r"값이 \1개보다 많아요"),
    (r"has brackets within brackets more than (\d+) deep", r"괄호 속의 괄호가 \1겹보다 깊어요"),
    (r"is not a mapping", "‘이름: 값’으로 된 글이 아니에요"),
    (r"(.+) is still blank: (.*)", r"\1 칸이 아직 비어 있어요 (\2)"),
    (re.escape(f"write it in place of {BLANK} and the hint"), f"{BLANK}와 도움말을 지우고 적어 주세요"),
    (r"id '(.*)' is not its folder's name", r"영문 이름 \1은(는) 바꿀 수 없어요"),
    (r"(.+): Field required", r"\1 칸이 없어요"),
    (r"(.+): Extra inputs are not permitted", r"\1: 그런 칸은 없어요"),
    (r"(.+): Input should be a valid (\w+).*", r"\1: 값의 종류가 맞지 않아요 (\2)"),
    (r"(.+): Input should be (.*)", r"\1: 고를 수 있는 값은 \2"),
    (r"(.+): String should have at least (\d+) characters?", r"\1: \2자는 적어 주세요"),
    (r"(.+): String should have at most (\d+) characters?", r"\1: \2자까지 적을 수 있어요"),
    (r"(.+): String should match pattern .*", r"\1: 모양이 맞지 않아요"),
    (r"(.+): List should have at least (\d+) items? .*", r"\1: \2개는 있어야 해요"),
    (r"unknown operation '(.*)'", r"연결 기능 \1을(를) 몰라요"),
    (r"unknown parameter '(.*)'", r"보내는 값 \1을(를) 몰라요"),
    (r"unknown variable '(.*)'", r"틀에 있는 이름 \1을(를) 몰라요"),
    (r"unknown row field '(.*)'", r"받은 자료에 \1 칸이 없어요"),
    (r"unknown slot '(.*)'", r"물어볼 것 \1이(가) 없어요"),
    (r"does not parse: (.*)", r"틀을 읽을 수 없어요 (\1)"),
    (r"(.+) is not allowed", r"\1은(는) 쓸 수 없어요"),
    (r"one of: (.*)", r"이 가운데 하나: \1"),
    (r"a second scenario '(.*)'", r"같은 이름의 시험이 또 있어요: \1"),
    (r"give each scenario a name of its own", "시험마다 다른 이름을 붙여 주세요"),
    (r"add it", "적어 주세요"),
    (r"add more", "더 적어 주세요"),
    (r"see docs/[a-z.-]+", "안내서를 보고 고쳐 주세요"),
    (r"remove it or see docs/[a-z.-]+ for the keys there are", "지우거나 안내서에서 있는 칸을 찾아 주세요"),
    (r"use one of the values named", "그 가운데 하나를 골라 주세요"),
)


def _korean(words: str) -> str:
    """A finding of the catalogue's checks in Korean; a rare one stays as it is."""
    for pattern, told in _KOREAN:
        if (found := re.fullmatch(pattern, words, re.DOTALL)) is not None:
            return found.expand(told)
    return words
