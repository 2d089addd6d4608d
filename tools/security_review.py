"""The security review (docs/security/asvs.yaml): reading it, and the page that is written from it.

Each line of the standard's levels 1 and 2 is there with exactly one of: tests that prove it, pages that it
asks for, why it does not apply, what lies with whoever runs the server, or what is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from donghaeng.trust.permissions import PERMISSIONS
from donghaeng.web.limits import LIMITS

CHECKOUT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = CHECKOUT / "docs" / "security" / "asvs.yaml"
PAGE: Final = CHECKOUT / "docs" / "security.md"

CHAPTERS: Final = {
    "V1": ("Encoding, sanitising, injection", (2, 9, 11, 3, 2)),
    "V2": ("Validation and the order of business", (3, 3, 4, 1)),
    "V3": ("Browsers", (0, 2, 4, 6, 5, 0, 2)),
    "V4": ("HTTP and live lines", (3, 1, 2, 4)),
    "V5": ("Files", (1, 3, 2, 3)),
    "V6": ("Logging in", (3, 12, 4, 4, 5, 3, 0, 4)),
    "V7": ("Sessions", (3, 4, 2, 5, 2, 2)),
    "V8": ("Who may do what", (2, 3, 1, 1)),
    "V9": ("Signed tokens", (3, 4)),
    "V10": ("OAuth and OpenID Connect", (2, 2, 4, 11, 5, 2, 3)),
    "V11": ("Cryptography", (2, 3, 3, 4, 1, 1, 0)),
    "V12": ("Lines between machines", (3, 2, 4)),
    "V13": ("Configuration", (1, 5, 2, 5)),
    "V14": ("Data", (2, 4, 3)),
    "V15": ("Coding and parts", (3, 3, 7, 0)),
    "V16": ("Logs and errors", (1, 5, 4, 3, 3)),
    "V17": ("WebRTC", (1, 4, 2)),
}
"""Each chapter by our own name, and how many lines of levels 1 and 2 each of its sections has; within a
section they come first."""

State = Literal["met", "not applicable", "operator", "open"]
STATES: Final[tuple[State, ...]] = ("met", "not applicable", "operator", "open")
_TEST = re.compile(r"(?P<file>[a-z]+)::(?P<name>test_[a-z0-9_]+)")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Model):
    """One line of the standard."""

    says: str = Field(min_length=3, max_length=100, description="what it asks for, in our own words")
    tests: tuple[str, ...] = ()
    pages: tuple[str, ...] = Field(default=(), description="files under docs, with the heading's anchor")
    not_applicable: str | None = None
    operator: str | None = Field(default=None, description="what whoever runs the server does")
    open: str | None = Field(default=None, description="what is missing")
    note: str | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Line:
        given = [self.tests, self.pages, self.not_applicable, self.operator, self.open]
        if sum(bool(one) for one in given) != 1:
            raise ValueError("exactly one of tests, pages, not_applicable, operator and open")
        return self

    @property
    def state(self) -> State:
        """How it stands."""
        if self.not_applicable:
            return "not applicable"
        if self.operator:
            return "operator"
        return "open" if self.open else "met"


class BadInput(_Model):
    """A kind of bad input and the tests that it is borne."""

    what: str
    tests: tuple[str, ...] = Field(min_length=1)


class Review(_Model):
    """The whole file."""

    standard: str
    level: Literal[2]
    files: dict[str, str]
    bad_input: tuple[BadInput, ...]
    partners: tuple[dict[Literal["who", "when", "how"], str], ...]
    cryptography: tuple[dict[Literal["what", "by", "key"], str], ...]
    logs: tuple[dict[Literal["what", "where", "kept"], str], ...]
    lines: dict[str, Line]

    def test(self, short: str) -> tuple[str, str]:
        """File and name of a test.

        Raises:
            ValueError: it is not written as file::name, or the file has no line above.
        """
        match = _TEST.fullmatch(short)
        if match is None or match["file"] not in self.files:
            raise ValueError(f"no test: {short}")
        return self.files[match["file"]], match["name"]

    def every_test(self) -> Iterator[tuple[str, str]]:
        """Every test that is named."""
        named = [*(line.tests for line in self.lines.values()), *(one.tests for one in self.bad_input)]
        for tests in named:
            for short in tests:
                yield self.test(short)


def expected() -> list[str]:
    """The ids of every line of levels 1 and 2."""
    return [
        f"{chapter}.{section}.{number}"
        for chapter, (_, sections) in CHAPTERS.items()
        for section, count in enumerate(sections, 1)
        for number in range(1, count + 1)
    ]


def load(path: Path = SOURCE) -> Review:
    """The review.

    Raises:
        pydantic.ValidationError: it is malformed.
    """
    return Review.model_validate(YAML(typ="safe").load(path.read_text("utf-8")))


def counts(review: Review) -> Counter[State]:
    """How many lines stand how."""
    return Counter(line.state for line in review.lines.values())


def page(review: Review) -> str:
    """The whole page."""
    return "\n".join(_parts(review)).rstrip() + "\n"


def _parts(review: Review) -> Iterator[str]:
    told = counts(review)
    yield """# Security

Written by `python -m tools.write_security` from [security/asvs.yaml](security/asvs.yaml), the permission
table and the table of limits. A test checks that every named test and page is there, that no line of the
standard is left out, and that this page is current. Why access is built so: [0034](decisions/0034-access.md).
"""
    yield "## Roles\n"
    yield "The one table is `src/donghaeng/trust/permissions.py`; each route names one permission.\n"
    yield from _table(
        ("role", "may"),
        [
            (role.value, ", ".join(sorted(one.value for one in allowed)))
            for role, allowed in PERMISSIONS.items()
        ],
    )
    yield "\n## Limits\n"
    yield (
        "The one table is `src/donghaeng/web/limits.py`. Beyond a limit: 429 with `Retry-After`.\n"
        "Counted in each process; those of *everybody* in the database too, for all processes of a city\n"
        "([what that means for a cluster](operations.md#many-machines)).\n"
        "Tries to log in from a place where the account's own password was typed\n"
        "before do not count for `login_of_account`: strangers lock nobody out.\n"
    )
    yield from _table(
        ("limit", "of each", "at once", "then"),
        [(f"`{name}`", one.per, f"{one.burst:g}", _rate(one.per_second)) for name, one in LIMITS.items()],
    )
    yield "\n## Whom the program talks to\n"
    yield from _table(("who", "when", "how"), [tuple(one.values()) for one in review.partners])
    yield "\n## Cryptography\n"
    yield from _table(("what", "by", "key"), [tuple(one.values()) for one in review.cryptography])
    yield "\n## What is logged\n"
    yield from _table(("what", "where", "kept"), [tuple(one.values()) for one in review.logs])
    yield "\n## Bad input\n"
    yield from _table(("what", "tests"), [(one.what, _tests(review, one.tests)) for one in review.bad_input])
    yield f"\n## {review.standard}, level {review.level}\n"
    yield (
        "Lines of levels 1 and 2 by their ids, in our own words; the standard's own text counts. *Operator*\n"
        "lies with whoever runs the server, *open* says what is missing.\n"
    )
    yield from _table(("", "lines"), [(state, str(told[state])) for state in STATES])
    for chapter, (name, _) in CHAPTERS.items():
        yield f"\n### {chapter} {name}\n"
        mine = [(key, line) for key, line in review.lines.items() if key.startswith(f"{chapter}.")]
        yield from _table(
            ("line", "asks that", "", "shown by, or why"),
            [(key, line.says, line.state, _shown(review, line)) for key, line in mine],
        )


def _shown(review: Review, line: Line) -> str:
    found = line.not_applicable or line.operator or line.open
    if found is None:
        pages = ", ".join(f"[{one}](../{one})" for one in line.pages)
        found = pages or _tests(review, line.tests)
    return f"{found} ({line.note})" if line.note else found


def _tests(review: Review, tests: Sequence[str]) -> str:
    return "<br>".join("`{}::{}`".format(*review.test(one)) for one in tests)


def _rate(per_second: float) -> str:
    return f"{per_second:g} a second" if per_second >= 1 else f"one in {1 / per_second:g} s"


def _table(head: Sequence[str], rows: Sequence[Any]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '&#124;') for cell in row)} |"
