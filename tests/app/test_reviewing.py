"""From words that nobody understood to a served change and back, by the real parts over a small catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.knowledge.made import Here
from tests.review.small import few_tests, small_catalogue

from donghaeng.app.application import Application, open_application
from donghaeng.app.effect_run import SubprocessRunner, carry_out
from donghaeng.app.reviewing import open_collector, open_review
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.library import Library
from donghaeng.people.accounts import StaffAccounts
from donghaeng.review.desk import ReviewDesk
from donghaeng.review.document_effects import DocumentEffects
from donghaeng.review.measuring import Run
from donghaeng.review.rules import ReviewRefused
from donghaeng.settings import Settings, load_settings

WORDS = "우리 집 강아지 털 깎아 주쇼"
PASSAGE = {
    "kind": "passage",
    "title": "인감증명을 대신 떼기",
    "text": "인감증명은 본인이 꼭 가야 하는 것은 아니에요.",
    "department": "민원과",
    "source": "https://example.go.kr/seal",
}
KIM, LEE = "st_kim", "st_lee"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("review")
    base = small_catalogue(folder / "catalogue")
    few_tests(base)
    return load_settings(
        data=folder / "data",
        catalogue=base,
        embedder="fake",
        cache=folder / "cache",
        database=None,
        allow_test_clock=True,
    )


def desk_of(application: Application, settings: Settings) -> ReviewDesk:
    async def here(run: Run, progress: Any) -> Any:
        return await carry_out(run, settings, progress)

    clock = application.conversations._clock
    return open_review(
        settings, application.store, catalogue=lambda: application.catalogue, clock=clock, runner=here
    )


async def say(application: Application, words: str) -> Reply:
    opened = await application.conversations.open(Opening())
    return await application.conversations.turn(opened.conversation, opened.token, Said(text=words))


async def test_words_that_nobody_understood_are_understood_and_taken_back(settings: Settings) -> None:
    async with open_application(settings, watch=False) as application:
        assert (await say(application, WORDS)).service != "weather"
        clock = application.conversations._clock
        collector = open_collector(
            settings, application.store, catalogue=lambda: application.catalogue, clock=clock
        )
        assert await collector.collect() >= 1
        await collector.group()
        desk = desk_of(application, settings)
        cluster = next(one for one in await desk.board.clusters() if one.label == WORDS)
        _, rows = await desk.board.cluster(cluster.id)
        values = {"kind": "example", "service": "weather", "text": WORDS}
        made = await desk.propose(KIM, values, items=[row.id for row in rows], words=WORDS)
        effect = await desk.measure(made.row.id)
        assert effect.refusal is None, (effect.own_before, effect.own_after)
        assert effect.tests >= 4
        assert effect.cases >= 4
        await desk.publish(made.row.id, LEE, "시험 하나가 바뀌어요")
        before = application.catalogue.version
        assert await application.editions.refresh(), "it takes effect without a restart"
        assert application.catalogue.version != before
        assert (await say(application, WORDS)).service == "weather"
        assert not await application.editions.refresh()
        await desk.roll_back(made.row.id, KIM, "새가 아니었어요")
        assert await application.editions.refresh()
        assert application.catalogue.version == before
        assert (await say(application, WORDS)).service != "weather"


async def test_a_passage_answers_once_it_is_published(settings: Settings) -> None:
    question = "인감증명은 본인이 꼭 가야 하나요"
    async with open_application(settings, watch=False) as application:
        desk = desk_of(application, settings)
        made = await desk.propose(KIM, PASSAGE, items=[], words=question)
        effect = await desk.measure(made.row.id)
        assert effect.refusal is None, (effect.own_before, effect.own_after)
        await desk.publish(made.row.id, LEE, "시험 하나가 바뀌어요")
        await application.knowledge.refresh()
        reply = await say(application, question)
        assert PASSAGE["text"] in reply.show.text
        assert [one.title for one in reply.citations] == [PASSAGE["title"]]
        await desk.roll_back(made.row.id, KIM, "출처가 바뀌었어요")
        await application.knowledge.refresh()
        assert (await say(application, question)).citations == []


async def test_an_upload_tells_which_answers_it_changes_before_it_is_published(settings: Settings) -> None:
    question = "인감증명은 본인이 꼭 가야 하나요"
    text = "# 인감증명을 대신 떼기\n\n인감증명은 본인이 꼭 가야 하는 것은 아니에요.\n"
    async with open_application(settings, watch=False) as application:
        assert (await say(application, question)).citations == []
        library = Library(application.store, Here(), clock=application.conversations._clock)
        details = Details(department="민원과", verified=True)
        version = library.add("인감.md", text.encode(), details, publish=False, staff=KIM).version
        effects = desk_of(application, settings).effects
        measuring = DocumentEffects(application.store, effects, clock=application.conversations._clock)
        found = await measuring.measure(version.document_id, version.version)
        changed = {one.question: (one.before, one.after) for one in found.answers}
        assert changed[question][0] is None
        assert "아니에요" in str(changed[question][1])
        assert found.broken == {}
        # Published, and the next one that says the same: nothing changes, as the run has the document too.
        library.publish("인감.md", staff=LEE)
        more = text + "\n신분증을 가져오세요.\n"
        version = library.add("인감 둘.md", more.encode(), details, publish=False, staff=KIM).version
        again = await measuring.measure(version.document_id, version.version)
        assert question not in {one.question for one in again.answers if one.before is None}


async def test_a_run_has_a_process_of_its_own_and_tells_how_far_it_is(settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    run = Run(settings.catalogue, (), (), ("오늘 비 와요", "수도가 얼었어요"))
    measured = await SubprocessRunner(settings)(run, lambda done, total: told.append((done, total)))
    assert set(measured.routing) == set(run.texts)
    assert told == [(1, 2), (2, 2)]
    wrong = Run(settings.data / "no such catalogue", (), (), ())
    with pytest.raises(ReviewRefused, match="재지 못했어요"):
        await SubprocessRunner(settings)(wrong, lambda done, total: None)


def test_the_command_line_holds_to_the_two_persons(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import asyncio

    from argon2 import PasswordHasher
    from click.testing import CliRunner
    from tests.review.office import FakeRunner

    from donghaeng.cli import review as module
    from donghaeng.errors import InputError
    from donghaeng.review.rules import TwoPersonRule
    from donghaeng.store import Store, conversations, review_items
    from donghaeng.store.review_items import ItemRow, Unread
    from donghaeng.trust.passwords import Passwords
    from donghaeng.trust.permissions import Role
    from donghaeng.trust.sealing import make_sealer

    own = load_settings(
        data=tmp_path / "data",
        catalogue=settings.catalogue,
        embedder="fake",
        cache=settings.cache,
        database=None,
    )
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(module, "load_settings", lambda: own)
    monkeypatch.setattr(module, "Passwords", lambda: cheap)
    fake = FakeRunner()

    async def carry(run: Run, _settings: Settings, progress: Any) -> Any:
        return await fake(run, progress)

    monkeypatch.setattr(module, "carry_out", carry)
    now = module.seoul_now()
    with Store.open(own.database_url, make_sealer(None, own.data)) as store:
        accounts = StaffAccounts(store, cheap, clock=module.seoul_now, second_factor=frozenset())
        for name, role in (("kim", Role.REVIEWER), ("lee", Role.REVIEWER), ("park", Role.COUNSELLOR)):
            asyncio.run(accounts.add(name, name, role, "비 오는 날의 우산 하나"))

        def fill(tx) -> None:
            conversations.add(tx, conversations.Conversation("c_1", "chat", now, "v1"), "t")
            row = ItemRow("", "c_1", 1, "no_match", now, "돌확이 얼까 몰라", None)
            review_items.keep(tx, Unread("c_1", 1, 0), [row])

        store.run(fill)

    def run(*arguments: str, password: str = "비 오는 날의 우산 하나") -> str:
        result = CliRunner().invoke(module.review, arguments, input=f"{password}\n", catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    (item,) = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert item["label"] == "돌확이 얼까 몰라"
    assert "no_match" in run("show", item["id"])
    change = ["--set", "kind=example", "--set", "service=weather", "--set", "text=돌확이 얼 날씨예요"]
    with pytest.raises(InputError, match="do not fit"):
        run("propose", item["id"], "--as", "kim", "--password-stdin", *change, password="x")
    proposal = run("propose", item["id"], "--as", "kim", "--password-stdin", *change).partition(":")[0]
    assert "its own test fails without it" in run("effect", proposal)
    for name, error in (("kim", TwoPersonRule), ("park", InputError)):
        with pytest.raises(error):
            run("publish", proposal, "--as", name, "--password-stdin")
    assert "published" in run("publish", proposal, "--as", "lee", "--password-stdin")
    assert "돌확" in run("show", proposal)
    assert "1 changes" in run("export", str(tmp_path / "out"))
    why = ("--reason", "너무 넓어요")
    assert "rolled back" in run("rollback", proposal, "--as", "kim", "--password-stdin", *why)
    steps = [json.loads(line) for line in run("history", "--json").splitlines()]
    assert [(one["action"], one["by"]) for one in steps] == [("rolled_back", "kim"), ("published", "lee")]
    assert [json.loads(line)["state"] for line in run("proposals", "--json").splitlines()] == ["rolled_back"]
