"""One member of staff learns: intake, plan, lessons, quizzes, practice calls, what is asked again.

Everybody sees their own records alone. What somebody passed is kept, never that they failed: the answers of a
first try are counted without a name (:func:`donghaeng.store.learners.count_answers`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from donghaeng.errors import InputError, RecordChanged, UnknownRecord
from donghaeng.learning import own_plan
from donghaeng.learning.call_practice import Call, play
from donghaeng.learning.call_score import CallScore, score_call
from donghaeng.learning.certificates import Standing
from donghaeng.learning.elder import Elder
from donghaeng.learning.intake import Intake
from donghaeng.learning.issuing import Issued, issue, passed_of, standings
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import Learning
from donghaeng.learning.own_plan import OwnPlan, evidenced
from donghaeng.learning.quiz import ItemStatistics, QuizItem, QuizResult, item_statistics, score_quiz
from donghaeng.learning.repeating import Memory, answered, due
from donghaeng.learning.signals import Proposal, proposals
from donghaeng.store import Store, Transaction, learner_signals, learners
from donghaeng.store.learners import Entry

SEOUL: Final = ZoneInfo("Asia/Seoul")
MOST_AGAIN: Final = 10
"""Questions that are asked again at a time."""
LATELY: Final = timedelta(days=30)
"""What signals are counted over, and for how long a lesson that was passed is not proposed."""
LEFT_OUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Own:
    """Where somebody stands."""

    plan: OwnPlan | None
    plan_version: int
    """0 where there is none."""
    passed: tuple[Entry, ...]
    """Quizzes, practice calls, projects; the oldest first."""
    steps: frozenset[str]
    reached: Mapping[str, int]
    """The level shown of each competence."""
    again: int
    """Questions that are due."""
    standings: tuple[Standing, ...]
    certificates: tuple[Issued, ...]

    @property
    def quizzes(self) -> frozenset[str]:
        """Lessons whose quiz was passed."""
        return frozenset(one.what for one in self.passed if one.kind == "quiz")

    @property
    def calls(self) -> frozenset[str]:
        """Simulated citizens with whom a call was passed."""
        return frozenset(one.what for one in self.passed if one.kind == "simulation")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked again."""

    key: str
    """``<lesson>/<number>``."""
    lesson: Lesson
    item: QuizItem


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a quiz."""

    lesson: Lesson
    result: QuizResult | None
    """None where the lesson has changed since it was opened: nothing was scored."""
    new: tuple[Issued, ...] = ()
    """Certificates that it completed."""


@dataclass(frozen=True, slots=True)
class Practised:
    """A practice call as far as it went."""

    elder: Elder
    call: Call
    score: CallScore | None
    """When it is over."""
    new: tuple[Issued, ...] = ()


class LearningDesk:
    """What the pages for learners do.

    Args:
        store: where records are kept.
        learning: gives the lessons in force.
        clock: the city's time.
    """

    def __init__(
        self, store: Store, learning: Callable[[], Learning], *, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._learning = learning
        self._clock = clock

    @property
    def learning(self) -> Learning:
        """The lessons in force."""
        return self._learning()

    @property
    def today(self) -> date:
        """In Seoul."""
        return self._clock().astimezone(SEOUL).date()

    async def own(self, staff: str) -> Own:
        """Where somebody stands."""
        learning, now = self.learning, self._clock()
        return await self._store.read(lambda tx: self._own(tx, learning, staff, now))

    async def proposed(self, staff: str) -> tuple[Proposal, ...]:
        """Lessons that might help, for somebody's own eyes; counted anew each time and kept nowhere."""
        learning, since = self.learning, self._clock() - LATELY

        def look(tx: Transaction) -> tuple[Proposal, ...]:
            done = frozenset(one.what for one in learners.of_kinds(tx, staff, "quiz") if one.at >= since)
            return proposals(learning.signals, learner_signals.counts(tx, staff, since), done)

        return await self._store.read(look)

    async def take_intake(self, staff: str, given: Mapping[str, Any]) -> OwnPlan:
        """Make a plan from answers, in place of the one before; what was passed stays.

        Raises:
            InputError: an answer is missing or none of those that can be given.
        """
        learning = self.learning
        try:
            intake = Intake.model_validate(given)
        except ValidationError as error:
            raise InputError(_wrong_answer(learning, error)) from None

        def work(tx: Transaction) -> OwnPlan:
            steps = frozenset(one.what for one in learners.of_kinds(tx, staff, "step"))
            reached = evidenced(learning.curriculum, steps)
            plan = own_plan.plan_from(learning.curriculum, intake, reached, self.today)
            before = learners.plan_of(tx, staff)
            self._put(tx, staff, plan, 0 if before is None else before.version)
            return plan

        return await self._store.transact(work)

    async def change_plan(
        self, staff: str, version: int, change: Callable[[Learning, OwnPlan], OwnPlan]
    ) -> None:
        """Change one's plan.

        Raises:
            InputError: there is none, or the change is refused.
            RecordChanged: it was changed elsewhere since it was read.
        """
        learning = self.learning

        def work(tx: Transaction) -> None:
            entry = learners.plan_of(tx, staff)
            if entry is None:
                raise InputError("아직 계획이 없어요", remedy="물음에 먼저 답해 주세요")
            if entry.version != version:
                raise _changed_elsewhere()
            self._put(tx, staff, change(learning, OwnPlan.model_validate(entry.told)), version)

        await self._store.transact(work)

    def lesson(self, name: str) -> Lesson | None:
        """A lesson; None where there is none, or it was withdrawn."""
        return self.learning.lessons.get(name)

    async def answer_quiz(
        self,
        staff: str,
        lesson: Lesson,
        version: int,
        answers: Sequence[int | None],
        guessed: frozenset[int],
    ) -> Tried:
        """Score a quiz, and keep what was passed.

        Args:
            staff: who answers.
            lesson: whose quiz it is, as it is now.
            version: of the lesson that the answers were given to; another one is not scored.
            answers: number of the choice for each question.
            guessed: places of the questions (from 0) of which the learner was not sure.

        Raises:
            InputError: the answers do not fit the quiz.
        """
        if version != lesson.version:
            return Tried(lesson, None)
        learning, now = self.learning, self._clock()
        result = score_quiz(lesson.quiz, answers)

        def work(tx: Transaction) -> tuple[Issued, ...]:
            before = _memories(tx, staff)
            if not any(key.startswith(f"{lesson.id}/") for key in before):
                told = ",".join(LEFT_OUT if one is None else str(one) for one in answers)
                learners.count_answers(tx, lesson.id, lesson.version, told)
            for place, right in enumerate(result.right):
                key = f"{lesson.id}/{place + 1}"
                _remember(tx, staff, before.get(key), key, right=right, sure=place not in guessed, at=now)
            if not result.passed:
                return ()
            kept = Entry("quiz", lesson.id, lesson.version, now, None, {"title": lesson.title})
            learners.add(tx, staff, kept)
            _note_step(tx, learning, staff, lesson, now)
            return issue(tx, learning, staff, now)

        return Tried(lesson, result, await self._store.transact(work))

    async def again(self, staff: str) -> tuple[Asked, ...]:
        """What is asked again now; questions of lessons that were withdrawn are left out."""
        learning, now = self.learning, self._clock()
        found = await self._store.read(lambda tx: _due(tx, learning, staff, now))
        return found[:MOST_AGAIN]

    async def answer_again(
        self, staff: str, key: str, answer: int | None, *, sure: bool
    ) -> tuple[QuizItem, bool]:
        """Answer a question that came again: it, and whether that was right.

        Raises:
            UnknownRecord: its lesson was withdrawn, or it is asked no more.
            InputError: there is no such choice.
        """
        asked = _question(self.learning, key)
        if asked is None:
            raise UnknownRecord("이 문제는 이제 없어요. 다음 문제로 가세요")
        right = score_quiz((asked.item,), (answer,)).passed
        now = self._clock()

        def work(tx: Transaction) -> None:
            before = _memories(tx, staff).get(key)
            if before is not None:
                _remember(tx, staff, before, key, right=right, sure=sure, at=now)

        await self._store.transact(work)
        return asked.item, right

    async def practise(self, staff: str, elder: Elder, said: Sequence[str], *, over: bool) -> Practised:
        """A practice call after what the trainee said so far, judged when it is over. The words are kept
        nowhere; that a call was passed is."""
        learning, now = self.learning, self._clock()
        call = play(elder, tuple(said), learning.hard_words)
        if not (call.ended or over):
            return Practised(elder, call, None)
        score = score_call(elder, call)
        new: tuple[Issued, ...] = ()
        if score.passed:

            def work(tx: Transaction) -> tuple[Issued, ...]:
                learners.add(tx, staff, Entry("simulation", elder.id, 1, now, None, {"title": elder.title}))
                return issue(tx, learning, staff, now)

            new = await self._store.transact(work)
        return Practised(elder, call, score, new)

    async def statistics(self, lesson: Lesson) -> tuple[int, tuple[ItemStatistics, ...] | None]:
        """First tries at a quiz, and what they say of its questions; None while they are too few."""
        rows = await self._store.read(lambda tx: learners.answers_of(tx, lesson.id, lesson.version))
        attempts = [_attempt(told) for told, count in rows for _ in range(count)]
        return len(attempts), item_statistics(lesson.quiz, attempts)

    def _own(self, tx: Transaction, learning: Learning, staff: str, now: datetime) -> Own:
        entries = learners.of_kinds(tx, staff, "plan", "step", "quiz", "simulation", "project", "certificate")
        plan = next((one for one in entries if one.kind == "plan"), None)
        steps = frozenset(one.what for one in entries if one.kind == "step")
        passed = tuple(one for one in entries if one.kind in ("quiz", "simulation", "project"))
        own = None if plan is None else OwnPlan.model_validate(plan.told)
        issued = tuple(Issued.of(one) for one in entries if one.kind == "certificate")
        old = [one for one in issued if not one.holds(now.astimezone(SEOUL).date())]
        return Own(
            plan=own,
            plan_version=0 if plan is None else plan.version,
            passed=passed,
            steps=steps,
            reached=evidenced(learning.curriculum, steps),
            again=len(_due(tx, learning, staff, now)),
            standings=() if own is None else standings(learning, own.intake, passed_of(passed), old),
            certificates=issued,
        )

    def _put(self, tx: Transaction, staff: str, plan: OwnPlan, after: int) -> None:
        told = plan.model_dump(mode="json")
        if not learners.put_plan(tx, staff, told, self._clock(), after=after):
            raise _changed_elsewhere()


def _changed_elsewhere() -> RecordChanged:
    return RecordChanged("다른 창에서 계획을 먼저 바꿨어요", remedy="화면을 새로 여세요")


def _wrong_answer(learning: Learning, error: ValidationError) -> str:
    places = [str(place) for one in error.errors() for place in one["loc"][:1]]
    asked = {one.id: one.ask for one in learning.questions.questions}
    for place in places:
        if place in asked:
            return f"답을 살펴봐 주세요: {asked[place]}"
    return "한 주에 하는 일을 살펴봐 주세요. 같은 일이 두 번 있거나 시간이 너무 길어요"


def _note_step(tx: Transaction, learning: Learning, staff: str, lesson: Lesson, now: datetime) -> None:
    """Keep that a step was shown when every lesson of it was passed; a lesson that comes later takes nothing
    back."""
    if lesson.step is None:
        return
    done = {one.what for one in learners.of_kinds(tx, staff, "quiz")}
    if all(one.id in done for one in learning.lesson_of(lesson.step)):
        learners.add(tx, staff, Entry("step", lesson.step, 1, now))


def _memories(tx: Transaction, staff: str) -> dict[str, Memory]:
    return {
        one.what: Memory(one.what, one.due, one.told["card"])
        for one in learners.of_kinds(tx, staff, "memory")
        if one.due is not None
    }


def _remember(
    tx: Transaction, staff: str, before: Memory | None, key: str, *, right: bool, sure: bool, at: datetime
) -> None:
    """Note an answer; a right one before its day changes nothing, so that pressing twice does not either."""
    if before is not None and right and at < before.due:
        return
    memory = answered(key, before, right=right, sure=sure, at=at)
    learners.renew(tx, staff, Entry("memory", key, 1, at, memory.due, {"card": dict(memory.card)}))


def _due(tx: Transaction, learning: Learning, staff: str, now: datetime) -> tuple[Asked, ...]:
    memories = _memories(tx, staff).values()
    found = (_question(learning, one.item) for one in due(memories, now, len(memories)))
    return tuple(one for one in found if one is not None)


def _question(learning: Learning, key: str) -> Asked | None:
    name, _, number = key.partition("/")
    lesson = learning.lessons.get(name)
    if lesson is None or not number.isdecimal() or not 1 <= int(number) <= len(lesson.quiz):
        return None
    return Asked(key, lesson, lesson.quiz[int(number) - 1])


def _attempt(told: str) -> list[int | None]:
    return [None if one == LEFT_OUT else int(one) for one in told.split(",")]
