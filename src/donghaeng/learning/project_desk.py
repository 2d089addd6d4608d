"""Projects: handed in by a learner, judged by another person under the rubric, neither knowing the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from donghaeng.errors import InputError, RecordChanged, UnknownRecord
from donghaeng.learning.issuing import issue
from donghaeng.learning.loading import Learning
from donghaeng.learning.rubric import Judgement, judge
from donghaeng.store import Store, Transaction, learner_projects, learners
from donghaeng.store.learner_projects import ProjectRow
from donghaeng.store.learners import Entry
from donghaeng.trust.tokens import make_id

LONGEST_TITLE: Final = 100
LONGEST_TEXT: Final = 4_000
LONGEST_WORDS: Final = 1_000
MOST_PROJECTS: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A project as somebody may see it."""

    versions: tuple[ProjectRow, ...]
    """The newest first; a reviewer sees that one alone."""
    mine: bool
    may_judge: bool

    @property
    def newest(self) -> ProjectRow:
        """The version that counts."""
        return self.versions[0]


class ProjectDesk:
    """Hand-ins and their reviews.

    Args:
        store: where they are kept.
        learning: gives the rubric in force.
        clock: the city's time.
        new_id: makes ids.
    """

    def __init__(
        self,
        store: Store,
        learning: Callable[[], Learning],
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str] = make_id,
    ) -> None:
        self._store = store
        self._learning = learning
        self._clock = clock
        self._new_id = new_id

    async def own(self, staff: str) -> tuple[ProjectRow, ...]:
        """The newest version of each of somebody's projects."""
        rows = await self._store.read(lambda tx: learner_projects.of_author(tx, staff))
        newest: dict[str, ProjectRow] = {}
        for row in rows:
            if row.id not in newest or row.version > newest[row.id].version:
                newest[row.id] = row
        return tuple(newest.values())

    async def waiting(self, reviewer: str) -> tuple[ProjectRow, ...]:
        """What somebody may judge, the longest waiting first; never their own."""
        return tuple(await self._store.read(lambda tx: learner_projects.waiting(tx, reviewer)))

    async def hand_in(self, staff: str, title: str, text: str, project: str | None = None) -> str:
        """Hand a project in, or its next version; its id.

        Raises:
            InputError: title or text are missing or too long, or there are too many.
            UnknownRecord: there is no such project of theirs.
            RecordChanged: it was passed already, or handed in elsewhere at this moment.
        """
        title, text = " ".join(title.split()), text.strip()
        if not 2 <= len(title) <= LONGEST_TITLE:
            raise InputError(f"제목은 두 글자에서 {LONGEST_TITLE}글자까지예요")
        if not 20 <= len(text) <= LONGEST_TEXT:
            raise InputError(f"내용은 스무 글자에서 {LONGEST_TEXT}글자까지예요")
        now = self._clock()
        fresh = self._new_id("p")

        def work(tx: Transaction) -> str:
            version, name = 1, fresh
            if project is None:
                if len({row.id for row in learner_projects.of_author(tx, staff)}) >= MOST_PROJECTS:
                    raise InputError(f"과제는 {MOST_PROJECTS}개까지 낼 수 있어요")
            else:
                before = learner_projects.versions(tx, project)
                if not before or before[0].author != staff:
                    raise UnknownRecord("그런 과제가 없어요")
                if any(row.state == "passed" for row in before):
                    raise RecordChanged("이미 통과한 과제예요")
                name, version = project, before[0].version + 1
            row = ProjectRow(name, version, staff, "waiting", now, title, text)
            if not learner_projects.hand_in(tx, row):
                raise RecordChanged("다른 창에서 먼저 냈어요", remedy="화면을 새로 여세요")
            return name

        return await self._store.transact(work)

    async def see(self, staff: str, project: str, *, reviews: bool) -> Seen:
        """A project for its author, or for who may judge it.

        Args:
            staff: who looks.
            project: its id.
            reviews: whether they judge projects at all.

        Raises:
            UnknownRecord: there is none that they may see.
        """
        rows = await self._store.read(lambda tx: learner_projects.versions(tx, project))
        if rows and rows[0].author == staff:
            return Seen(tuple(rows), mine=True, may_judge=False)
        if rows and reviews and (rows[0].state == "waiting" or rows[0].reviewer == staff):
            return Seen((rows[0],), mine=False, may_judge=rows[0].state == "waiting")
        raise UnknownRecord("그런 과제가 없어요")

    async def review(
        self, staff: str, project: str, version: int, marks: Mapping[str, int], words: str
    ) -> Judgement:
        """Judge a version; where it passes, the author's certificates follow.

        Raises:
            UnknownRecord: there is no such project.
            InputError: it is the reviewer's own, or the marks do not fit the rubric.
            RecordChanged: a newer version came, or somebody else has judged it.
        """
        learning, now = self._learning(), self._clock()
        words = words.strip()
        if len(words) > LONGEST_WORDS:
            raise InputError(f"덧붙이는 말은 {LONGEST_WORDS}글자까지예요")

        def work(tx: Transaction) -> Judgement:
            rows = learner_projects.versions(tx, project)
            if not rows:
                raise UnknownRecord("그런 과제가 없어요")
            row = rows[0]
            if row.author == staff:
                raise InputError("자기 과제는 살필 수 없어요", remedy="다른 분이 살펴요")
            found = judge(learning.rubric, marks, author=row.author, reviewer=staff)
            state: Literal["passed", "again"] = "passed" if found.passed else "again"
            told = {"marks": dict(marks), "words": words, "reasons": list(found.reasons)}
            noted = row.version == version and learner_projects.judge(
                tx, row, reviewer=staff, state=state, review=told, at=now
            )
            if not noted:
                raise RecordChanged("그 사이에 새로 냈거나 다른 분이 살폈어요", remedy="화면을 새로 여세요")
            if found.passed:
                kept = Entry("project", row.id, 1, now, None, {"title": row.title})
                learners.add(tx, row.author, kept)
                issue(tx, learning, row.author, now)
            return found

        return await self._store.transact(work)
