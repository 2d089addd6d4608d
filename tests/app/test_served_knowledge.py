"""Answers follow the documents: what is published answers, what is withdrawn does not, without a restart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.knowledge.conftest import TODAY, words_only
from tests.knowledge.test_library import DETAILS, Here

from donghaeng.app import served_knowledge
from donghaeng.app.served_knowledge import ServedKnowledge, open_knowledge
from donghaeng.errors import EngineError, StoreError
from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.library import Library
from donghaeng.knowledge.passages import Passage
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.embed.fake import HashingEmbedder

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
OWN = Passage(
    id="own",
    topic="ask",
    title="다산콜",
    spoken="다산콜 전화는 120번이에요.",
    document="안내",
    department="과",
    source="곳",
    verified=True,
)
QUESTION = "틀니 지원금 얼마"


class CountingEmbedder(HashingEmbedder):
    """Counts, and fails where it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False

    def embed(self, sentences: Sequence[str]):
        if self.fails:
            raise EngineError("broken")
        self.asked += sentences
        return super().embed(sentences)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture
def library(store: Store) -> Library:
    ids = count(1)
    return Library(store, Here(), clock=lambda: NOW, new_id=lambda: f"d_{next(ids)}")


def serve(
    store: Store, embedder: CountingEmbedder | None = None, cache: Path | None = None
) -> ServedKnowledge:
    embedding = None if embedder is None else Embedding(embedder, cache=cache)
    return ServedKnowledge(KnowledgeBase([OWN], words_only, embedding=embedding), store, embedding)


def told(served: ServedKnowledge, question: str = QUESTION) -> list[str]:
    return [answer for _, answer in served.search(question, TODAY)]


def text(amount: int) -> bytes:
    return f"# 틀니 지원금\n\n틀니 지원금 얼마 {amount}만 원.\n".encode()


async def test_what_is_published_answers_beside_the_catalogue(store: Store, library: Library) -> None:
    served = serve(store)
    await served.refresh()
    assert told(served) == []
    library.add("틀니.md", text(50), DETAILS)
    assert not await served.refresh()
    ((passage, answer),) = served.search(QUESTION, TODAY)
    assert answer == "틀니 지원금 얼마 50만 원."
    assert (passage.document, passage.department, passage.section) == ("틀니", "복지정책과", "틀니 지원금")
    assert told(served, "다산콜 전화")


async def test_a_new_version_takes_the_place_and_a_withdrawn_one_goes(store: Store, library: Library) -> None:
    served = serve(store)
    library.add("틀니.md", text(50), DETAILS)
    await served.refresh()
    library.add("틀니.md", text(60), DETAILS)
    assert told(served) == ["틀니 지원금 얼마 50만 원."]
    await served.refresh()
    assert told(served) == ["틀니 지원금 얼마 60만 원."]
    library.withdraw("틀니.md")
    await served.refresh()
    assert told(served) == []
    assert told(served, "다산콜 전화")


async def test_until_a_version_holds_the_one_before_answers(store: Store, library: Library) -> None:
    # Words that most passages have tell nothing, so there are others beside the versions.
    others = [
        OWN.model_copy(update={"id": word, "title": word, "spoken": f"{word} 문의는 구청에서 받아요."})
        for word in ("여권", "수도", "주차", "도서관", "보건소", "경로당")
    ]
    served = ServedKnowledge(KnowledgeBase([OWN, *others], words_only), store, None)
    january, march = TODAY.replace(year=2027, month=1, day=1), TODAY.replace(year=2027, month=3, day=1)
    library.add("틀니.md", text(40), DETAILS)
    library.add("틀니.md", text(50), DETAILS)
    library.add("틀니.md", text(60), replace(DETAILS, valid_from=january))
    library.add("틀니.md", text(70), replace(DETAILS, valid_from=march))
    await served.refresh()

    def on(day: date) -> list[str]:
        return [answer for _, answer in served.search(QUESTION, day)]

    for day, amount in (
        (TODAY, 50),
        (january - timedelta(days=1), 50),
        (january, 60),
        (march - timedelta(days=1), 60),
        (march, 70),
    ):
        assert on(day) == [f"틀니 지원금 얼마 {amount}만 원."]
    library.publish("틀니.md", 3)
    await served.refresh()
    assert (on(january - timedelta(days=1)), on(march)) == (
        ["틀니 지원금 얼마 50만 원."],
        ["틀니 지원금 얼마 60만 원."],
    )
    library.withdraw("틀니.md")
    await served.refresh()
    assert on(TODAY) == on(march) == []


async def test_only_what_is_verified_answers_and_only_while_it_holds(store: Store, library: Library) -> None:
    served = serve(store)
    added = library.add("틀니.md", text(50), Details(department="과", valid_until=TODAY))
    await served.refresh()
    assert told(served) == []
    library.verify(added.version)
    await served.refresh()
    assert told(served)
    assert served.search(QUESTION, TODAY.replace(year=2027)) == ()
    library.verify(added.version, verified=False)
    await served.refresh()
    assert told(served) == []


async def test_many_documents_come_step_by_step(
    store: Store, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_knowledge, "PASSAGES_AT_ONCE", 2)
    served = serve(store)
    for number in range(5):
        library.add(f"{number}.md", f"틀니 {number}번 안내.".encode(), DETAILS)
    left = [await served.refresh(steps=1) for _ in range(4)]
    assert left == [True, True, False, False]
    assert told(served, "틀니 4번 안내") == ["틀니 4번 안내."]


async def test_vectors_follow_and_are_there_after_a_restart(
    store: Store, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_knowledge, "VECTORS_AT_ONCE", 2)
    first, second = CountingEmbedder(), CountingEmbedder()
    for number in range(3):
        library.add(f"{number}.md", f"틀니 {number}번 안내.".encode(), DETAILS)
    served = serve(store, first, tmp_path)
    await served.refresh()
    assert served.waiting == 3
    assert told(served, "틀니 2번 안내") == ["틀니 2번 안내."]
    assert [await served.embed() for _ in range(3)] == [True, True, False]
    assert served.waiting == 0
    again = serve(store, second, tmp_path)
    await again.refresh()
    while await again.embed():
        pass
    assert (again.waiting, second.asked) == (0, [])


async def test_an_embedder_that_fails_leaves_words(store: Store, library: Library) -> None:
    embedder = CountingEmbedder()
    served = serve(store, embedder)
    library.add("틀니.md", text(50), DETAILS)
    await served.refresh()
    embedder.fails = True
    with pytest.raises(EngineError):
        await served.embed()
    embedder.fails = False
    assert await served.embed()
    assert told(served)


async def test_it_follows_until_it_is_ended(
    store: Store, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(store)
    looks = 0

    async def broken(work: object) -> None:
        raise StoreError("away")

    async def looked(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            library.add("틀니.md", text(50), DETAILS)
        elif looks == 2:
            assert told(served)
            monkeypatch.setattr(store, "read", broken)
        elif looks == 4:
            raise EngineError("enough")

    monkeypatch.setattr(served_knowledge.asyncio, "sleep", looked)
    with pytest.raises(EngineError, match="enough"):
        await served.keep_fresh()


def test_the_catalogue_is_opened_with_and_without_words(store: Store, tmp_path: Path) -> None:
    settings = load_settings(embedder="fake", cache=tmp_path)
    for words in (False, True):
        served = open_knowledge(settings, store, words=words)
        assert told(served, "다산콜은 밤에도 전화를 받아요")
        assert served.waiting == 0


async def test_nothing_is_embedded_while_somebody_needs_the_machine(store: Store, library: Library) -> None:
    served = serve(store, CountingEmbedder())
    for number in range(3):
        library.add(f"{number}.md", f"틀니 {number}번 안내.".encode(), DETAILS)
    await served.refresh()
    free = iter([True, False, False])
    served.may_embed = lambda: next(free)
    assert await served.embed()
    assert served.waiting == 2
    assert not await served.embed()
    assert served.waiting == 2
