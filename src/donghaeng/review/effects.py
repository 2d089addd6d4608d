"""What a change does: conversation tests and routing before and after, by name. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run over tests and cases gave."""

    tests: Mapping[str, str | None]
    """By name of each conversation test: None where it passed, else why not."""
    routing: Mapping[str, str]
    """By utterance: the service that it reached."""
    seconds: float = 0.0
    answers: Mapping[str, str] = field(default_factory=dict)
    """By question, an utterance or ``test: utterance``: the words that were answered out of texts. A question
    of which nothing is known has none."""
    confusions: Sequence[Mapping[str, Any]] = ()
    """Of the service that the run was about: ``service``, ``text``, ``other``, ``nearest``, ``nearly_same``
    (:class:`donghaeng.understanding.overlap.Confusion`)."""

    def as_plain(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "tests": dict(self.tests),
            "routing": dict(self.routing),
            "seconds": self.seconds,
            "answers": dict(self.answers),
            "confusions": [dict(one) for one in self.confusions],
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """An utterance that now reaches another service."""

    text: str
    before: str
    after: str
    right: str | None = None
    """What is right, where that is known."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that is now answered otherwise."""

    question: str
    before: str | None
    """None: nothing was known of it."""
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference that a change makes."""

    tests: int
    """Conversation tests that were run, the proposal's own not among them."""
    broken: Mapping[str, str]
    """Tests that passed before and fail now, and why."""
    mended: tuple[str, ...]
    """Tests that failed before and pass now."""
    failing: tuple[str, ...]
    """Tests that failed before and still do."""
    own_before: str | None
    """Why the proposal's own test fails without the change; None where it passes, as it should not."""
    own_after: str | None
    """Why it fails with the change; None where it passes, as it should."""
    cases: int
    """Labelled utterances that were routed."""
    right_before: int
    right_after: int
    better: tuple[Moved, ...] = ()
    worse: tuple[Moved, ...] = ()
    items: tuple[Moved, ...] = ()
    """Words of review items, for which nobody has said what is right, that now reach another service."""
    seconds: float = 0.0
    answers: tuple[Answered, ...] = ()
    """Questions of the conversation tests, of review items and of the log that are answered otherwise."""
    answered: int = 0
    """Questions that were answered out of texts, before or after."""
    whole: bool = False
    """Whether a whole service was proposed: it is held to all its tests, which need not fail without it."""
    own_failing: Mapping[str, str] = field(default_factory=dict)
    """Tests of a whole service that fail with it, and why."""
    removed: tuple[str, ...] = ()
    """Tests that a whole service leaves out."""

    @property
    def refusal(self) -> str | None:
        """Why it must not be published at all; None where it may."""
        if self.whole:
            failing = len(self.own_failing)
            return f"이 서비스의 대화 시험 {failing}개가 통과하지 않아요" if failing else None
        if self.own_after is not None:
            return "이 변경으로도 제안의 시험이 통과하지 않아요"
        if self.own_before is None:
            return "변경이 없어도 제안의 시험이 통과해요. 무엇이 나아지는지 알 수 없어요"
        return None

    @property
    def needs_reason(self) -> bool:
        """Whether who publishes it must say why nevertheless."""
        return bool(self.broken or self.removed)

    def as_plain(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cases:
    """What is measured."""

    labelled: Mapping[str, str]
    """Utterances and the service that each is for."""
    items: Sequence[str] = field(default_factory=tuple)
    """Words of open review items."""


def compare(
    before: Measured,
    after: Measured,
    *,
    own: Collection[str],
    cases: Cases,
    whole: bool = False,
    removed: Sequence[str] = (),
) -> Effect:
    """What changed between two runs.

    Args:
        before: without the change.
        after: with it.
        own: names of the proposal's own tests; one, unless it is a whole service.
        cases: what was routed in both.
        whole: whether a whole service is proposed.
        removed: tests that it leaves out.
    """
    questions = list(dict.fromkeys((*before.answers, *after.answers)))
    others = [name for name in after.tests if name not in own and name in before.tests]
    alone = None if whole else next(iter(own), None)
    moved = [
        Moved(text, before.routing[text], after.routing[text], right)
        for text, right in cases.labelled.items()
        if before.routing.get(text) != after.routing.get(text)
    ]
    return Effect(
        tests=len(others),
        broken={
            name: str(after.tests[name])
            for name in others
            if before.tests[name] is None and after.tests[name] is not None
        },
        mended=tuple(name for name in others if before.tests[name] is not None and after.tests[name] is None),
        failing=tuple(
            name for name in others if before.tests[name] is not None and after.tests[name] is not None
        ),
        own_before=None if alone is None else before.tests.get(alone),
        own_after=None if alone is None else after.tests.get(alone, "was not run"),
        cases=len(cases.labelled),
        right_before=_right(before, cases),
        right_after=_right(after, cases),
        better=tuple(one for one in moved if one.after == one.right),
        worse=tuple(one for one in moved if one.before == one.right),
        items=tuple(
            Moved(text, before.routing[text], after.routing[text])
            for text in cases.items
            if text in after.routing and before.routing.get(text) != after.routing[text]
        ),
        seconds=round(before.seconds + after.seconds, 1),
        answers=tuple(
            Answered(question, before.answers.get(question), after.answers.get(question))
            for question in questions
            if before.answers.get(question) != after.answers.get(question)
        ),
        answered=len(questions),
        whole=whole,
        own_failing=(
            {name: why for name in own if (why := after.tests.get(name, "was not run")) is not None}
            if whole
            else {}
        ),
        removed=tuple(removed),
    )


def read_effect(plain: Mapping[str, Any]) -> Effect:
    """The effect that :meth:`Effect.as_plain` wrote."""
    values = dict(plain)
    for name in ("better", "worse", "items"):
        values[name] = tuple(Moved(**one) for one in values[name])
    values["answers"] = tuple(Answered(**one) for one in values.get("answers", ()))
    for name in ("mended", "failing", "removed"):
        values[name] = tuple(values.get(name, ()))
    return Effect(**values)


def read_measured(plain: Mapping[str, Any]) -> Measured:
    """The run that :meth:`Measured.as_plain` wrote."""
    return Measured(**plain)


def _right(measured: Measured, cases: Cases) -> int:
    return sum(measured.routing.get(text) == right for text, right in cases.labelled.items())
