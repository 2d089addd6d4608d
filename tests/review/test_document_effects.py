"""What publishing a document would change: told before it is published; no words of citizens are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from tests.knowledge.made import Here
from tests.review.office import NOW, Office

from donghaeng.errors import DocumentRefused, EngineMissing
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.library import Library
from donghaeng.review.document_effects import FORGOTTEN, DocumentEffects
from donghaeng.review.effects import Measured
from donghaeng.review.measuring import Run
from donghaeng.review.recorded_questions import recorded_questions
from donghaeng.review.rules import ReviewRefused
from donghaeng.store import conversations, events
from donghaeng.store.document_tables import document_effects
from donghaeng.store.events import Event

TEXT = "# 돌확\n\n돌확은 대형 폐기물로 버려요.\n"
DETAILS = Details(department="과", verified=True)
QUESTION = "돌확은 어떻게 버려요"


def asked(office: Office, name: str, text: str, *, service: str = "ask", practice: bool = False) -> None:
    rows = [
        Event(1, "UtteranceHeard", NOW, {"acts": []}, {"text": text}),
        Event(1, "FrameOpened", NOW, {"service": service}),
    ]

    def keep(tx) -> None:
        conversations.add(tx, conversations.Conversation(name, "web", NOW, "v1", practice=practice), name)
        events.append(tx, name, 0, rows)

    office.store.run(keep)


class Answering:
    """Answers a question with the first served document that has its first word."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.gate: Callable | None = None

    async def __call__(self, run: Run, progress: Callable[[int, int], None]) -> Measured:
        self.runs.append(run)
        if self.gate is not None:
            await self.gate()
        progress(len(run.tests), len(run.tests) + len(run.texts))
        answers = {}
        for text in run.texts:
            for document in run.documents:
                told = [one.text for one in document.passages if text.split("은")[0] in one.text]
                answers |= {text: told[0]} if told and text not in answers else {}
        return Measured(dict.fromkeys(name for name, _ in run.tests), {}, 1.0, answers)


@pytest.fixture
def library(office: Office) -> Library:
    return Library(office.store, Here(), clock=lambda: NOW, new_id=lambda: "d_1")


@pytest.fixture
def measuring(office: Office) -> DocumentEffects:
    office.desk.effects._runner = Answering()
    return DocumentEffects(office.store, office.desk.effects, clock=lambda: office.clock[0])


async def test_the_questions_whose_answers_change_are_told_before_publishing(
    office: Office, library: Library, measuring: DocumentEffects
) -> None:
    asked(office, "c_1", QUESTION)
    asked(office, "c_2", "여권은 어디서 만들어요")
    library.add("돌확.md", TEXT.encode(), DETAILS, publish=False, staff="st_1")
    found = await measuring.measure("d_1", 1)
    assert found.is_fresh
    assert found.tests >= 1
    (one,) = found.answers
    assert (one.question, one.before, one.after) == (QUESTION, None, "돌확은 대형 폐기물로 버려요.")
    first, second = office.desk.effects._runner.runs
    assert (len(first.documents), len(second.documents)) == (0, 1)
    # Another mark, or another document: it is no longer what would be published.
    library.verify(library.version("돌확.md"), verified=False)
    stale = await measuring.look("d_1", 1)
    assert stale is not None
    assert not stale.is_fresh


async def test_a_next_version_stands_in_the_place_of_the_one_before(
    office: Office, library: Library, measuring: DocumentEffects
) -> None:
    asked(office, "c_1", QUESTION)
    library.add("돌확.md", TEXT.encode(), DETAILS)
    library.add("돌확.md", TEXT.replace("버려요", "신고해요").encode(), DETAILS, publish=False, staff="st_1")
    (one,) = (await measuring.measure("d_1", 2)).answers
    assert (one.before, one.after) == ("돌확은 대형 폐기물로 버려요.", "돌확은 대형 폐기물로 신고해요.")
    assert len(office.desk.effects._runner.runs[1].documents) == 1


async def test_no_word_of_a_citizen_is_kept_with_it(
    office: Office, library: Library, measuring: DocumentEffects
) -> None:
    asked(office, "c_1", QUESTION)
    library.add("돌확.md", TEXT.encode(), DETAILS, publish=False, staff="st_1")
    await measuring.measure("d_1", 1)
    rows = office.store.look(lambda tx: tx.connection.execute(select(document_effects)).all())
    assert QUESTION not in str(rows)
    office.store.run(lambda tx: tx.connection.execute(delete(conversations.conversations)))
    found = await measuring.look("d_1", 1)
    assert found is not None
    assert [one.question for one in found.answers] == [FORGOTTEN]


async def test_one_version_is_measured_once_at_a_time_and_a_failure_is_told(
    office: Office, library: Library, measuring: DocumentEffects
) -> None:
    library.add("돌확.md", TEXT.encode(), DETAILS, publish=False, staff="st_1")
    going, may = asyncio.Event(), asyncio.Event()

    async def gate() -> None:
        going.set()
        await may.wait()
        raise EngineMissing("no embedder")

    office.desk.effects._runner.gate = gate
    await measuring.begin("d_1", 1)
    await going.wait()
    with pytest.raises(ReviewRefused, match="이미 재고"):
        await measuring.begin("d_1", 1)
    may.set()
    await asyncio.gather(*measuring._running)
    found = await measuring.look("d_1", 1)
    assert found is not None
    assert found.row.state == "failed"
    with pytest.raises(DocumentRefused):
        await measuring.begin("d_1", 9)
    with pytest.raises(ReviewRefused, match="멈췄어요"):
        await measuring.measure("d_1", 1)
    assert await measuring.look("d_1", 2) is None


def test_recorded_questions_are_citizens_own_free_ones_each_once(office: Office) -> None:
    asked(office, "c_1", QUESTION)
    asked(office, "c_2", QUESTION)
    asked(office, "c_3", "오늘 비 와요", service="weather")
    asked(office, "c_4", "연습이에요", practice=True)
    asked(office, "c_5", "제 번호 010-1234-5678로 되나요")
    found = office.store.look(recorded_questions)
    texts = {one.text for one in found}
    assert len(found) == len(texts) == 2
    assert QUESTION in texts
    assert not any("1234" in text for text in texts)
    assert len(office.store.look(lambda tx: recorded_questions(tx, most=1))) == 1
    assert replace(found[0], text="x").ref.count("#") == 1
