"""The owners' desk: drafts without loss, trials that reach nobody, two persons, and one step back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.review.owners import HARD, MARK, Owners, open_owners

from donghaeng.errors import EngineMissing, InputError
from donghaeng.review.rules import ReviewRefused, TwoPersonRule
from donghaeng.review.service_confusions import MOST_SHOWN
from donghaeng.review.service_difference import difference
from donghaeng.review.service_view import DraftChanged, DraftView, UnknownService
from donghaeng.store import Store
from donghaeng.trust.masking import MASK
from donghaeng.trust.sealing import Sealer

KIM, LEE, PARK = "st_kim", "st_lee", "st_park"
WHY = "글이 틀렸어요"


@pytest.fixture
def owners(small_base: Path, tmp_path: Path) -> Iterator[Owners]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as store:
        yield open_owners(small_base, tmp_path, store)


async def finished(owners: Owners, service: str = "weather") -> DraftView:
    while owners.desk._runs._tasks:
        await asyncio.gather(*owners.desk._runs._tasks)
    return await owners.desk.draft(service)


async def edited(owners: Owners, by: str = KIM, service: str = "weather") -> DraftView:
    view = await owners.desk.draft(service)
    text = view.definition.replace("empty: 그날", f"empty: {MARK} 그날")
    text = text.replace("examples:\n", f"examples:\n  - {HARD}\n", 1)
    assert text != view.definition
    await owners.desk.save(service, by, text, view.tests, version=view.version)
    return await owners.desk.draft(service)


async def submitted(owners: Owners) -> DraftView:
    view = await edited(owners)
    await owners.desk.begin_run("weather", "tests")
    view = await finished(owners)
    await owners.desk.submit("weather", KIM, version=view.version, note="봐 주세요")
    return await owners.desk.draft("weather")


def answers(owners: Owners) -> str:
    return str(owners.desk.catalogue["weather"].ways[0].reply.empty)


async def test_a_draft_is_kept_and_reaches_nobody(owners: Owners) -> None:
    before = await owners.desk.draft("weather")
    assert (before.state, before.version, before.differences, before.checked.faults) == (None, 0, (), ())
    view = await edited(owners)
    assert (view.state, view.version, view.is_stale) == ("saved", 1, False)
    told = {(one.path, one.sort, one.after) for one in view.differences}
    assert (("examples",), "added", HARD) in told
    assert any(one.path == ("reply", "empty") and MARK in one.after for one in view.differences)
    assert MARK not in answers(owners)
    assert [row.id for row in await owners.desk.rows() if row.draft] == ["weather"]
    await owners.desk.bring_back("weather", LEE, old=1, version=1)
    await owners.desk.drop("weather", LEE, version=2)
    view = await owners.desk.draft("weather")
    assert (view.state, view.definition) == (None, before.definition)
    assert [row.state for row in await owners.desk.history("weather")] == ["dropped", "saved", "saved"]


async def test_of_two_who_save_at_once_the_second_is_told_and_nothing_is_lost(owners: Owners) -> None:
    view = await owners.desk.draft("weather")
    texts = [view.definition.replace("name: 날씨", f"name: 날씨 {who}") for who in (KIM, LEE)]
    saved = await asyncio.gather(
        *(
            owners.desk.save("weather", who, text, view.tests, version=0)
            for who, text in zip((KIM, LEE), texts, strict=True)
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in saved) == ["DraftChanged", "NoneType"]
    assert len(await owners.desk.history("weather")) == 1
    with pytest.raises(DraftChanged):
        await owners.desk.save("weather", PARK, texts[0], view.tests, version=7)


async def test_what_is_wrong_is_kept_with_its_lines_and_not_tried(owners: Owners) -> None:
    view = await owners.desk.draft("weather")
    bombs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [*{last},*{last},*{last},*{last},*{last},*{last},*{last},*{last},*{last}]\n"
        for last, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    wrong = {
        "id: [": "YAML로 읽을 수 없어요",
        bombs: "YAML로 읽을 수 없어요",
        "[" * 500: "괄호",
        view.definition.replace("id: weather", "id: ../../etc"): "id",
        view.definition.replace("id: weather", "id: ask"): "바꿀 수 없어요",
        view.definition.replace("{{ row.sky }}", "{{ ''.__class__.__mro__ }}"): "틀",
        view.definition.replace("{{ row.sky }}", "{% for a in range(9**9) %}{% endfor %}"): "틀",
        view.definition.replace("{{ row.sky }}", "{{ row.colour }}"): "colour",
        view.definition.replace("examples:\n", "examples:\n  - 900101-1234567 날씨\n", 1): "저장하지 않아서",
        view.definition + "mood: good\n": "그런 칸은 없어요",
        view.definition.replace("  date:\n", "  district:\n", 1): "두 번",
    }
    version = 0
    for text, words in wrong.items():
        await owners.desk.save("weather", KIM, text, view.tests, version=version)
        version += 1
        seen = await owners.desk.draft("weather")
        assert any(words in one.sentence for one in seen.checked.faults), (words, seen.checked.faults)
        whole = text if text.endswith("\n") else f"{text}\n"
        assert seen.definition == whole.replace("900101-1234567", MASK)
        assert all(one.line >= 1 for one in seen.checked.faults)
        assert "1234567" not in " ".join(one.sentence for one in seen.checked.faults)
        for deed in (
            owners.desk.begin_run("weather", "tests"),
            owners.desk.talk("weather", ["날씨"]),
            owners.desk.submit("weather", KIM, version=version),
        ):
            with pytest.raises(ReviewRefused, match="고쳐"):
                await deed
    with pytest.raises(InputError, match="너무 길어요"):
        await owners.desk.save("weather", KIM, "x" * 600_000, view.tests, version=version)
    await owners.desk.save("weather", KIM, view.definition, "- scenario: 하나\n", version=version)
    (fault,) = (await owners.desk.draft("weather")).checked.faults
    assert (fault.file, fault.line) == ("tests", 1)
    await owners.desk.save("weather", KIM, view.definition, "", version=version + 1)
    assert "대화 시험이 없어요" in (await owners.desk.draft("weather")).checked.faults[0].words


async def test_a_trial_talks_by_the_draft_alone(owners: Owners) -> None:
    view = await owners.desk.draft("weather")
    text = view.definition.replace("ok: >-\n", f"ok: >-\n    {MARK}\n", 1)
    await owners.desk.save("weather", KIM, text, view.tests, version=0)
    talk = await owners.desk.talk("weather", [])
    assert len(talk.replies) == 1
    talk = await owners.desk.talk("weather", ["날씨"])
    assert MARK in talk.replies[-1]["show"]["text"]
    again = await owners.desk.talk("weather", ["날씨", "날씨"])
    assert again.replies[1]["turn"] == talk.replies[1]["turn"]
    assert len(again.replies) == 3
    assert MARK not in answers(owners)
    with pytest.raises(InputError):
        await owners.desk.talk("weather", ["날씨"] * 41)


async def test_its_tests_run_with_their_lines_and_a_changed_text_has_none(owners: Owners) -> None:
    view = await edited(owners)
    first = view.checked.tests[0].scenario.scenario
    owners.runner.fails[first] = "1: not so"
    await owners.desk.begin_run("weather", "tests")
    view = await finished(owners)
    assert view.failing == {first: "1: not so"}
    assert [name for name, _ in owners.runner.runs[0].tests] == [
        one.scenario.scenario for one in view.checked.tests
    ]
    (row,) = [row for row in await owners.desk.rows() if row.id == "weather"]
    assert row.tests is not None
    await owners.desk.save("weather", KIM, f"{view.definition}\n", view.tests, version=view.version)
    assert (await owners.desk.draft("weather")).runs == {}
    owners.runner.error = EngineMissing("gone")
    await owners.desk.begin_run("weather", "tests")
    assert (await finished(owners)).runs["tests"].state == "failed"


async def test_what_it_would_be_confused_with_in_both_directions(owners: Owners) -> None:
    await edited(owners)
    await owners.desk.begin_run("weather", "confusions")
    found = (await finished(owners)).runs["confusions"].result
    assert found is not None
    assert HARD in owners.runner.runs[-1].texts
    harmed = [one["right"] == "meter_freeze" for one in found["to"]]
    assert harmed == sorted(harmed, reverse=True), "what is taken from others comes first"
    assert found["harmed"] >= sum(harmed) > 1
    assert found["counts"]["to"] > len(found["to"]) == MOST_SHOWN
    assert found["counts"]["alike"] == 1
    assert found["alike"][0]["nearest"] == "얼었어요"
    assert dict(map(tuple, found["pairs"]))["meter_freeze"] > 1
    assert owners.runner.runs[-1].about == "weather"
    routed = len(owners.runner.runs)
    await owners.desk.begin_run("weather", "confusions")
    await finished(owners)
    assert len(owners.runner.runs) == routed + 1, "what answers was routed once"


async def test_another_person_publishes_and_one_step_takes_it_back(owners: Owners) -> None:
    told: list[tuple[str, str, str]] = []

    async def follow(change, step, staff, words) -> None:
        told.append((change.service, step, staff))

    owners.desk.review.follow_services = follow
    await edited(owners, LEE)
    view = await owners.desk.draft("weather")
    with pytest.raises(ReviewRefused, match="시험을 돌려"):
        await owners.desk.submit("weather", KIM, version=view.version)
    await owners.desk.begin_run("weather", "tests")
    await finished(owners)
    with pytest.raises(DraftChanged):
        await owners.desk.submit("weather", KIM, version=view.version + 1)
    made = await owners.desk.submit("weather", KIM, version=view.version, note="봐 주세요")
    view = await owners.desk.draft("weather")
    assert view.waits
    with pytest.raises(ReviewRefused, match="올린 초안"):
        await owners.desk.save("weather", KIM, view.definition, view.tests, version=view.version)
    review = owners.desk.review
    with pytest.raises(ReviewRefused, match="효과"):
        await review.publish(made.row.id, PARK)
    effect = await review.measure(made.row.id)
    assert effect.refusal is None
    assert effect.whole
    for who in (KIM, LEE):
        with pytest.raises(TwoPersonRule):
            await review.publish(made.row.id, who)
    before = answers(owners)
    await review.publish(made.row.id, PARK)
    assert MARK in answers(owners)
    view = await owners.desk.draft("weather")
    assert (view.state, view.differences) == (None, ())
    published = await owners.desk.published("weather")
    assert published is not None
    await review.roll_back(published.row.id, KIM, WHY)
    assert answers(owners) == before
    assert await owners.desk.published("weather") is None
    assert told == [
        ("weather", "proposed", KIM),
        ("weather", "published", PARK),
        ("weather", "rolled_back", KIM),
    ]


async def test_failing_tests_are_submitted_knowingly_and_never_published(owners: Owners) -> None:
    view = await edited(owners)
    name = view.checked.tests[0].scenario.scenario
    owners.runner.fails[name] = "1: not so"
    await owners.desk.begin_run("weather", "tests")
    view = await finished(owners)
    with pytest.raises(ReviewRefused, match="1개가 통과하지"):
        await owners.desk.submit("weather", KIM, version=view.version)
    made = await owners.desk.submit("weather", KIM, version=view.version, seen_failures=True)
    effect = await owners.desk.review.measure(made.row.id)
    assert effect.own_failing == {name: "1: not so"}
    with pytest.raises(ReviewRefused, match="통과하지"):
        await owners.desk.review.publish(made.row.id, LEE, "그래도 좋아요")
    await owners.desk.take_back("weather", KIM)
    assert (await owners.desk.draft("weather")).state == "saved"


async def test_what_others_published_meanwhile_is_not_lost(owners: Owners) -> None:
    view = await edited(owners)
    await owners.desk.begin_run("weather", "tests")
    await finished(owners)
    review = owners.desk.review
    example = {"kind": "example", "service": "weather", "text": "돌확에 물이 얼 날씨예요"}
    owners.office.desk._effects._runner = owners.office.runner
    other = await review.propose(PARK, example, items=[], words="돌확에 물이 얼까")
    await review.measure(other.row.id)
    await review.publish(other.row.id, LEE)
    view = await owners.desk.draft("weather")
    assert view.is_stale
    assert any(one.sort == "removed" and "돌확" in one.before for one in view.differences)
    with pytest.raises(ReviewRefused, match="이어 쓰기"):
        await owners.desk.submit("weather", KIM, version=view.version)
    text = view.definition.replace("examples:\n", "examples:\n  - 돌확에 물이 얼 날씨예요\n", 1)
    await owners.desk.save("weather", KIM, text, view.tests, version=view.version)
    await owners.desk.catch_up("weather", KIM, version=view.version + 1)
    owners.office.desk._effects._runner = owners.runner
    await owners.desk.begin_run("weather", "tests")
    view = await finished(owners)
    assert not view.is_stale
    made = await owners.desk.submit("weather", KIM, version=view.version)
    await review.measure(made.row.id)
    await review.publish(made.row.id, LEE)
    with pytest.raises(ReviewRefused, match="그 판부터"):
        await review.roll_back(other.row.id, KIM, WHY)
    await review.roll_back(made.row.id, KIM, WHY)
    await review.roll_back(other.row.id, KIM, WHY)
    assert "돌확" not in str(owners.desk.catalogue["weather"].examples)


async def test_a_draft_of_a_service_that_is_gone_says_so(owners: Owners, tmp_path: Path) -> None:
    import shutil

    view = await edited(owners)
    await owners.desk.begin_run("weather", "tests")
    await finished(owners)
    base = tmp_path / "less"
    shutil.copytree(owners.desk._base, base)
    shutil.rmtree(base / "services" / "weather")
    less = open_owners(base, tmp_path, owners.store)
    view = await less.desk.draft("weather")
    assert view.answering is None
    assert view.is_stale
    with pytest.raises(ReviewRefused, match="목록에서 빠졌어요"):
        await less.desk.submit("weather", KIM, version=view.version)
    with pytest.raises(UnknownService):
        await less.desk.draft("bus_arrival")


async def test_a_new_service_begins_full_of_blanks_and_answers_once_published(owners: Owners) -> None:
    desk = owners.desk
    for wrong in ("", "../x", "Weather", "a" * 41, "1a", "a-b", "a\n"):
        with pytest.raises(InputError, match="영문 이름"):
            await desk.begin(wrong, KIM, name="새 것", department="과", number="120")
    with pytest.raises(ReviewRefused, match="이미"):
        await desk.begin("weather", KIM, name="새 것", department="과", number="120")
    with pytest.raises(InputError, match="서비스 이름"):
        await desk.begin("seal", KIM, name=" ", department="과", number="120")
    await desk.begin("seal", KIM, name='인감: "증명"', department="민원\n과", number="120")
    with pytest.raises(ReviewRefused, match="초안"):
        await desk.begin("seal", LEE, name="다른 것", department="과", number="120")
    view = await desk.draft("seal")
    assert view.name == '인감: "증명"'
    assert all("비어 있어요" in one.words for one in view.checked.faults)
    text, tests = (one.replace("[채워 주세요] ", "") for one in (view.definition, view.tests))
    await desk.save("seal", KIM, text, tests, version=1)
    view = await desk.draft("seal")
    assert view.checked.faults == ()
    await desk.begin_run("seal", "tests")
    view = await finished(owners, "seal")
    made = await desk.submit("seal", KIM, version=view.version)
    await desk.review.measure(made.row.id)
    await desk.review.publish(made.row.id, LEE)
    assert desk.catalogue["seal"].name == '인감: "증명"'
    await desk.review.roll_back(made.row.id, LEE, WHY)
    assert "seal" not in desk.catalogue


async def test_a_service_may_leave_tests_out_only_with_a_reason(owners: Owners) -> None:
    view = await owners.desk.draft("weather")
    kept = view.tests.split("\n- scenario:")[0] + "\n"
    await owners.desk.save("weather", KIM, view.definition, kept, version=0)
    await owners.desk.begin_run("weather", "tests")
    view = await finished(owners)
    assert view.tests_changed
    made = await owners.desk.submit("weather", KIM, version=view.version)
    effect = await owners.desk.review.measure(made.row.id)
    assert effect.removed
    with pytest.raises(ReviewRefused, match="까닭"):
        await owners.desk.review.publish(made.row.id, LEE)
    await owners.desk.review.publish(made.row.id, LEE, "겹치는 시험이에요")


def test_a_difference_names_what_moved_and_what_became_of_each_line() -> None:
    before = {"a": 1, "slots": {"x": {"n": 1}, "y": {"n": 2}}, "examples": ["가", "나"], "ways": [{"e": 1}]}
    after = {
        "slots": {"y": {"n": 2}, "x": {"n": True}},
        "examples": ["나", "가"],
        "ways": [{"e": 1}, {"e": 2}],
    }
    told = [(one.path, one.sort) for one in difference(before, after)]
    assert (("slots",), "moved") in told
    assert (("examples",), "moved") in told
    assert (("ways", "2"), "added") in told
    assert (("a",), "removed") in told
    assert difference(before, before) == ()
    assert replace(difference({}, {"a": {"b": [1, True]}})[0]).after == "b: 1 / 예"


async def test_a_made_up_number_that_a_shipped_test_holds_survives_the_store_that_masks_it(
    owners: Owners, tmp_path: Path
) -> None:
    number = "470815-2345678"
    file = owners.desk._base / "services" / "weather" / "tests.yaml"
    kept = file.read_text(encoding="utf-8")
    extra = f'- scenario: 번호를 말함\n  turns:\n    - citizen: "날씨요 {number}"\n'
    file.write_text(kept + extra, encoding="utf-8")
    try:
        view = await edited(owners)
        assert number in view.tests
        row = (await owners.desk.history("weather"))[0]
        assert number not in row.tests, "the database holds no such number"
        await owners.desk.begin_run("weather", "tests")
        view = await finished(owners)
        assert any(number in str(one) for _, one in owners.runner.runs[0].tests)
        made = await owners.desk.submit("weather", KIM, version=view.version)
        await owners.desk.review.measure(made.row.id)
        assert any(number in str(one) for _, one in owners.runner.runs[-1].tests)
        await owners.desk.review.publish(made.row.id, LEE)
        folder = owners.office.folder()
        assert number in (folder / "services" / "weather" / "tests.yaml").read_text(encoding="utf-8")
        view = await owners.desk.draft("weather")
        assert not view.tests_changed
    finally:
        file.write_text(kept, encoding="utf-8")
