"""The texts of a service as an owner begins and sends them. Pure."""

from __future__ import annotations

import json
import re

from donghaeng.city.services.blanks import BLANK
from donghaeng.errors import InputError
from donghaeng.review.service_change import ID, MOST_LETTERS

FEWEST_EXAMPLES = 8
"""That a service needs (:class:`donghaeng.city.services.definition.ServiceDefinition`)."""


def check_id(service: str) -> None:
    """An id names a folder and a variable.

    Raises:
        InputError: it can be none.
    """
    if not re.fullmatch(ID, service):
        raise InputError("영문 이름은 소문자로 시작하고 소문자, 숫자, _ 만 40자까지 쓸 수 있어요")


def check_room(*texts: str) -> None:
    """A text has its greatest length.

    Raises:
        InputError: one is longer.
    """
    if any(len(one) > MOST_LETTERS for one in texts):
        raise InputError(f"글이 너무 길어요 ({MOST_LETTERS}자까지)")


def tidied(text: str) -> str:
    """As files are kept: lines end in one way, the last one too."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") or not lines else f"{lines}\n"


def blank(service: str, name: str, department: str, number: str) -> tuple[str, str]:
    """A new service that answers from the knowledge, full of blanks, and one conversation test."""
    told = department.strip() or f"{BLANK} 맡은 부서"
    examples = "\n".join(
        f"  - {_quoted(f'{BLANK} 시민이 하는 말 {one}')}" for one in range(1, FEWEST_EXAMPLES + 1)
    )
    definition = f"""id: {service}
name: {_quoted(name)}
domain: administration
effect: guide
carried_out: builtin
owner: {{department: {_quoted(told)}, handover_number: {_quoted(number or "120")}}}
sources:
  - {_quoted(f"{BLANK} 어디에서 온 내용인가요")}
examples:
{examples}
call:
  operation: knowledge.search
  arguments: {{question: {_quoted(f"'{name.strip()}'")}}}
reply:
  ok: {_quoted(f"{BLANK} 시민에게 하는 답")}
"""
    tests = f"""- scenario: {_quoted(f"{name.strip()} 물어보기")}
  turns:
    - citizen: {_quoted(f"{BLANK} 시민이 하는 말")}
      expect: {{service: {service}}}
"""
    return definition, tests


def _quoted(text: str) -> str:
    # A JSON string is a YAML string, whatever is in it.
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
