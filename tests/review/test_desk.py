"""From an item to a published change and back: two persons, measured, in one step."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.knowledge.made import Here
from tests.review.office import KIM, LEE, Office
from tests.review.test_changes import PASSAGE, RULE

from donghaeng.city.services import load_catalogue
from donghaeng.conversation.scenarios import read_written
from donghaeng.errors import DocumentRefused, EngineMissing, InputError
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.library import Library
from donghaeng.review.desk import ProposalView
from donghaeng.review.measuring import SILENT
from donghaeng.review.regression import read_test
from donghaeng.review.rules import ReviewRefused, TwoPersonRule, UnknownProposal
from donghaeng.store import knowledge, proposals

WORDS = "돌확에 물이 얼까 몰라"
WEATHER_TESTS = "services/weather/tests.yaml"
EXAMPLE = {"kind": "example", "service": "weather", "text": "돌확에 물이 얼 날씨예요"}


async def proposed(office: Office, values: dict[str, Any] = EXAMPLE, *, words: str = WORDS) -> ProposalView:
    items = office.fill(f"{words} {len(await office.desk.all_proposals())}")
    return await office.desk.propose(KIM, values, items=items, words=words, note="봐 주세요")


async def published(office: Office, values: dict[str, Any] = EXAMPLE, *, words: str = WORDS) -> str:
    made = await proposed(office, values, words=words)
    await office.desk.measure(made.row.id)
    await office.desk.publish(made.row.id, LEE)
    return made.row.id


def examples(office: Office) -> list[str]:
    return load_catalogue(office.folder())["weather"].examples


async def test_a_change_goes_its_way_and_back(office: Office) -> None:
    made = await proposed(office)
    assert (made.row.state, made.effect, [item.state for item in made.items]) == ("draft", None, ["answered"])
    assert await office.desk.board.clusters() == ()
    assert read_test(made.row.test).turns[0].citizen == WORDS
    effect = await office.desk.measure(made.row.id)
    assert (effect.own_before, effect.own_after) == ("1: not so", None)
    assert EXAMPLE["text"] not in examples(office)
    view = await office.desk.publish(made.row.id, LEE, "좋아요")
    assert (view.row.state, view.row.published_by) == ("published", LEE)
    assert EXAMPLE["text"] in examples(office)
    back = await office.desk.roll_back(made.row.id, KIM, "다른 말까지 가요")
    assert back.row.state == "rolled_back"
    assert EXAMPLE["text"] not in examples(office)
    history = await office.desk.history()
    assert [(step.action, step.staff, step.reason) for step, _ in history] == [
        ("rolled_back", KIM, "다른 말까지 가요"),
        ("published", LEE, "좋아요"),
    ]


async def test_the_author_does_not_publish(office: Office) -> None:
    made = await proposed(office)
    await office.desk.measure(made.row.id)
    with pytest.raises(TwoPersonRule):
        await office.desk.publish(made.row.id, KIM)
    assert EXAMPLE["text"] not in examples(office)


async def test_what_was_not_measured_is_not_published(office: Office) -> None:
    made = await proposed(office)
    with pytest.raises(ReviewRefused, match="먼저 효과를"):
        await office.desk.publish(made.row.id, LEE)


async def test_a_broken_test_wants_a_reason(office: Office) -> None:
    made = await proposed(office)
    office.runner.breaks = frozenset({next(iter(office.desk._effects._tests(office.base)))})
    effect = await office.desk.measure(made.row.id)
    assert list(effect.broken.values()) == ["2: broken"]
    with pytest.raises(ReviewRefused, match="1개가 깨져요"):
        await office.desk.publish(made.row.id, LEE)
    await office.desk.publish(made.row.id, LEE, "그 시험은 옛 문구를 봐요")
    assert EXAMPLE["text"] in examples(office)


async def test_another_publication_in_between_makes_it_stale(office: Office) -> None:
    first, second = (
        await proposed(office),
        await proposed(office, {**EXAMPLE, "text": "돌확이 깨질 날씨예요"}),
    )
    for one in (first, second):
        await office.desk.measure(one.row.id)
    await office.desk.publish(first.row.id, LEE)
    assert not (await office.desk.proposal(second.row.id)).is_fresh
    with pytest.raises(ReviewRefused, match="다시 재어"):
        await office.desk.publish(second.row.id, LEE)
    office.runner.holds = "깨질"
    await office.desk.measure(second.row.id)
    await office.desk.publish(second.row.id, LEE)
    assert {EXAMPLE["text"], "돌확이 깨질 날씨예요"} <= set(examples(office))


async def test_two_who_publish_at_once_publish_once(office: Office) -> None:
    made = await proposed(office)
    await office.desk.measure(made.row.id)
    done = await asyncio.gather(
        office.desk.publish(made.row.id, LEE),
        office.desk.publish(made.row.id, "st_park"),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, ReviewRefused) for one in done) == [False, True]
    assert len(await office.desk.history()) == 1


async def test_the_tests_of_what_is_in_force_are_run_for_every_later_proposal(office: Office) -> None:
    first = await published(office)
    office.runner.runs.clear()
    office.runner.holds = "깨질"
    later = await proposed(office, {**EXAMPLE, "text": "돌확이 깨질 날씨예요"}, words="돌확이 깨질까")
    await office.desk.measure(later.row.id)
    own = read_test((await office.desk.proposal(first)).row.test).scenario
    assert all(own in dict(run.tests) for run in office.runner.runs)


async def test_the_catalogue_without_the_change_is_measured_once(office: Office) -> None:
    first, second = (
        await proposed(office),
        await proposed(office, {**EXAMPLE, "text": "돌확이 깨질 날씨예요"}),
    )
    await office.desk.measure(first.row.id)
    office.runner.runs.clear()
    effect = await office.desk.measure(second.row.id)
    before, after = office.runner.runs
    assert len(before.tests) == 1, "its own test alone"
    assert len(after.tests) == effect.tests + 1 == 7
    assert effect.cases > 0


async def test_words_of_items_are_routed_and_kept_out_of_the_cache(office: Office, tmp_path: Path) -> None:
    office.fill("아무도 못 본 특별한 말")
    made = await proposed(office)
    effect = await office.desk.measure(made.row.id)
    moved = {one.text: (one.before, one.after) for one in effect.items}
    assert moved["아무도 못 본 특별한 말"] == ("none", "weather")
    kept = [file.read_text(encoding="utf-8") for file in (tmp_path / "cache" / "effects").iterdir()]
    assert kept
    assert not any("특별한" in one for one in kept)


async def test_a_run_that_fails_is_told_and_may_be_tried_again(office: Office) -> None:
    made = await proposed(office)

    async def fail() -> None:
        raise EngineMissing("no embedder")

    office.runner.gate = fail
    with pytest.raises(EngineMissing):
        await office.desk.measure(made.row.id)
    view = await office.desk.proposal(made.row.id)
    assert view.effect_row is not None
    assert (view.effect_row.state, view.effect) == ("failed", None)
    office.runner.gate = None
    await office.desk.measure(made.row.id)


async def test_one_that_is_being_measured_shows_how_far_it_is_and_is_not_measured_twice(
    office: Office,
) -> None:
    made = await proposed(office)
    gate = asyncio.Event()
    office.runner.gate = gate.wait
    await office.desk.begin_measuring(made.row.id)
    while True:
        view = await office.desk.proposal(made.row.id)
        if view.effect_row is not None and view.effect_row.done:
            break
        await asyncio.sleep(0)
    assert 0 < view.effect_row.done < view.effect_row.total
    with pytest.raises(ReviewRefused, match="이미 재고 있어요"):
        await office.desk.measure(made.row.id)
    office.clock[0] += SILENT
    again = asyncio.create_task(office.desk.measure(made.row.id))
    while view.effect_row is None or view.effect_row.at != office.clock[0]:
        await asyncio.sleep(0)
        view = await office.desk.proposal(made.row.id)
    gate.set()
    await again
    await office.desk.aclose()
    await office.desk.publish(made.row.id, LEE)


async def test_a_passage_is_served_with_the_citys_documents_and_withdrawn_with_its_roll_back(
    office: Office,
) -> None:
    passage = await published(office, PASSAGE, words="돌확은 어떻게 버려요")
    document = (await office.desk.proposal(passage)).row.document_id
    assert document is not None
    assert document in office.store.look(knowledge.served)
    (kept,) = office.store.look(lambda tx: knowledge.passages_of(tx, document, 1))
    assert (kept.title, kept.verified) == (PASSAGE["title"], True)
    assert office.folder() == office.base
    await office.desk.roll_back(passage, LEE, "출처가 바뀌었어요")
    assert office.store.look(knowledge.served) == {}


async def test_a_passage_that_is_withdrawn_among_the_documents_takes_its_proposal_back(
    office: Office,
) -> None:
    passage = await published(office, PASSAGE, words="돌확은 어떻게 버려요")
    document = (await office.desk.proposal(passage)).row.document_id
    assert document is not None
    library = Library(office.store, Here(), clock=lambda: office.clock[0])
    assert library.is_of_review(document)
    assert library.withdraw(document, staff=KIM)
    assert office.store.look(knowledge.served) == {}
    assert (await office.desk.proposal(passage)).row.state == "rolled_back"
    assert office.store.look(proposals.in_force) == []
    step, _ = (await office.desk.history())[0]
    assert (step.action, step.staff, step.proposal_id) == ("rolled_back", KIM, passage)
    # One person alone does not bring it back.
    with pytest.raises(DocumentRefused) as refused:
        library.publish(document, 1)
    assert refused.value.fault == "of_review"
    assert office.store.look(knowledge.served) == {}
    details = Details(department="과", verified=True)
    with pytest.raises(DocumentRefused) as refused:
        library.add(library.version(document).name, "<!doctype html><p>새 글이에요.".encode(), details)
    assert refused.value.fault == "of_review"
    assert not library.withdraw(document, staff=KIM)
    assert len(await office.desk.history()) == 2


async def test_what_others_need_is_rolled_back_after_them(office: Office) -> None:
    office.runner.holds = "서비스"
    made = await proposed(office, RULE, words="유산 때문에 왔어요")
    await _force(office, made.row.id)
    more = {"kind": "rule", "topic": RULE["topic"], "words": ["상속세로"], "examples": ["상속세로 싸워요"]}
    later = await proposed(office, more, words="상속세로 왔어요")
    await _force(office, later.row.id)
    with pytest.raises(ReviewRefused, match="그것부터 되돌려"):
        await office.desk.roll_back(made.row.id, LEE, "너무 넓어요")
    await office.desk.roll_back(later.row.id, LEE, "너무 넓어요")
    await office.desk.roll_back(made.row.id, LEE, "너무 넓어요")


async def test_a_draft_is_given_up_by_its_author_alone_and_its_items_come_back(office: Office) -> None:
    made = await proposed(office)
    with pytest.raises(ReviewRefused, match="제안한 사람만"):
        await office.desk.withdraw(made.row.id, LEE)
    await office.desk.withdraw(made.row.id, KIM)
    assert len(await office.desk.board.clusters()) == 1
    with pytest.raises(ReviewRefused):
        await office.desk.measure(made.row.id)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**EXAMPLE, "service": "no_such"}, "그런 서비스가 없어요"),
        ({**PASSAGE, "text": "돌확" + "을" * 500}, "짧은 문장이 없어요"),
        ({**RULE, "topic": "mistreated", "words": ["아들"], "examples": ["아들이요"]}, "규칙이 맞지 않아요"),
    ],
)
async def test_what_cannot_be_is_refused_before_anything_is_kept(
    office: Office, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        await proposed(office, values, words="돌확 아들이 유산 때문에")
    assert await office.desk.all_proposals() == ()
    assert len(await office.desk.board.clusters()) == 1


async def test_the_list_shows_clusters_with_their_kinds(office: Office) -> None:
    one, two = office.fill("비가 오려나", "비가 오려나요")
    (three,) = office.fill("약을 사야 해요", kind="handover")
    from donghaeng.store import review_items

    office.store.run(lambda tx: review_items.group(tx, {one: one, two: one}))
    first, second = await office.desk.board.clusters()
    assert (first.id, first.label, first.count, first.kinds) == (one, "비가 오려나", 2, {"no_match": 2})
    assert second.id == three
    assert [view.id for view in await office.desk.board.clusters("handover")] == [three]
    view, rows = await office.desk.board.cluster(two)
    assert (view.id, len(rows)) == (one, 2)
    assert await office.desk.board.counts() == {"no_match": 2, "handover": 1}
    assert await office.desk.board.dismiss([one, two]) == 2
    with pytest.raises(ReviewRefused):
        await office.desk.board.cluster(one)


async def test_the_catalogue_can_be_taken_over(office: Office, tmp_path: Path) -> None:
    await published(office)
    assert await office.desk.export(tmp_path / "out") == 1
    assert EXAMPLE["text"] in load_catalogue(tmp_path / "out")["weather"].examples
    written = [one.scenario.turns[0].citizen for one in read_written([tmp_path / "out" / WEATHER_TESTS])]
    before = [one.scenario.turns[0].citizen for one in read_written([office.base / WEATHER_TESTS])]
    assert written == [*before, WORDS]
    with pytest.raises(InputError, match="exists"):
        await office.desk.export(tmp_path / "out")


async def test_an_unknown_proposal_is_said_to_be_so(office: Office) -> None:
    with pytest.raises(UnknownProposal):
        await office.desk.proposal("pr_none")


async def _force(office: Office, proposal: str) -> None:
    """Publish without measuring: what is tested comes after."""
    from donghaeng.store import proposals

    now = office.clock[0]
    assert office.store.run(lambda tx: proposals.publish(tx, proposal, LEE, now, ""))
