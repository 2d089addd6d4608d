"""What pages and reports show of a range of days, and which conversations stand behind a figure."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from functools import partial

import pytest
from pypdf import PdfReader
from tests.conftest import CHECKOUT
from tests.tower.figures.conftest import BULKY, DONE, NOW, OPENED, Talk

from donghaeng.errors import InputError
from donghaeng.store import Store, contacts, figures
from donghaeng.tower.figures import rolling
from donghaeng.tower.figures.asking import Range, course, cuts_of, groups, overview
from donghaeng.tower.figures.definitions import load_definitions
from donghaeng.tower.figures.drilling import conversations_of
from donghaeng.tower.figures.folding import Cell, hour_of
from donghaeng.tower.figures.reporting import content_of, make, month_of
from donghaeng.tower.figures.sketch import bucket
from donghaeng.tower.figures.viewing import Wanted, cards, series

RULES = load_definitions(CHECKOUT / "catalogue")
DAY = date(2026, 11, 23)
WEEK = Range(DAY - timedelta(6), DAY)


@pytest.fixture
def filled(store: Store, talk: Talk) -> Store:
    places = ["마포구"] * 8 + ["종로구"] * 6 + ["중구"] * 2
    for n, district in enumerate(places):
        done = [DONE] if n % 4 else []
        talk(f"c_{n}", OPENED, BULKY, *done, home_district=district, channel="phone" if n % 2 else "web")
    talk("c_before", OPENED, BULKY, DONE, at=NOW - timedelta(7))
    while store.run(rolling.roll).conversations:
        pass
    sketch = {Cell(hour_of(NOW), "turn_seconds", "bucket", bucket(1.5)): 10.0}
    store.run(lambda tx: figures.add(tx, sketch))
    return store


def test_every_figure_of_a_range_and_of_the_range_before(filled: Store) -> None:
    found = {one.metric.id: one for one in filled.look(lambda tx: overview(tx, RULES, WEEK))}
    assert (found["conversations"].value, found["conversations"].before) == (16, 1)
    assert (found["completion"].value, found["completion"].before) == (0.75, 1.0)
    assert found["latency_p95"].value == pytest.approx(1.5, rel=0.05)
    assert found["cited"].value is None


def test_a_course_has_every_day_also_those_without_anything(filled: Store) -> None:
    found = filled.look(lambda tx: course(tx, RULES.metric("conversations"), WEEK))
    assert [point.value for point in found.points] == [0, 0, 0, 0, 0, 0, 16]
    assert [point.value for point in found.before] == [0, 0, 0, 0, 0, 0, 1]
    rate = filled.look(lambda tx: course(tx, RULES.metric("completion"), WEEK))
    assert [point.value for point in rate.points] == [None] * 6 + [0.75]
    long = filled.look(lambda tx: course(tx, RULES.metric("latency_p95"), Range(DAY - timedelta(120), DAY)))
    assert (long.dimension, long.points[-1].name) == ("month", "2026년 11월")
    assert long.points[-1].value == pytest.approx(1.5, rel=0.05)


def test_a_district_of_few_is_hidden_and_so_is_the_one_that_would_give_it_away(filled: Store) -> None:
    found = filled.look(lambda tx: groups(tx, RULES.metric("conversations"), "district", WEEK))
    assert [(one.name, one.value, one.hidden) for one in found.points] == [
        ("마포구", 8.0, False), ("종로구", None, True), ("중구", None, True),
    ]  # fmt: skip
    by_channel = filled.look(lambda tx: groups(tx, RULES.metric("conversations"), "channel", WEEK))
    assert not any(one.hidden for one in by_channel.points)


def test_a_share_of_few_is_hidden_too(filled: Store) -> None:
    found = filled.look(lambda tx: groups(tx, RULES.metric("completion"), "district", WEEK))
    assert {one.name for one in found.points if one.hidden} >= {"중구"}


def test_hours_and_services(filled: Store) -> None:
    hours = filled.look(lambda tx: groups(tx, RULES.metric("conversations"), "hour", WEEK))
    assert [(one.name, one.value) for one in hours.points if one.value] == [("10시", 16.0)]
    names = {"bulky_waste": "대형 폐기물"}
    found = filled.look(lambda tx: series(tx, RULES, Wanted(WEEK, "completion", "service"), names))
    assert [one.name for one in found["groups"].points] == ["대형 폐기물"]


def test_what_cannot_be_cut_is_not(filled: Store) -> None:
    assert cuts_of(RULES.metric("latency_p95")) == ()
    assert "service" not in cuts_of(RULES.metric("emergencies"))
    assert "service" in cuts_of(RULES.metric("handover"))
    assert set(filled.look(lambda tx: series(tx, RULES, Wanted(WEEK, "latency_p95"), {}))) == {"course"}
    for metric, cut in ((RULES.metric("latency_p95"), "channel"), (RULES.metric("conversations"), "vibes")):
        with pytest.raises(InputError):
            filled.look(partial(groups, metric=metric, dimension=cut, wanted=WEEK))
    with pytest.raises(InputError):
        filled.look(lambda tx: series(tx, RULES, Wanted(WEEK, "vibes"), {}))


@pytest.mark.parametrize("days", [(DAY, DAY - timedelta(1)), (DAY - timedelta(2000), DAY)])
def test_impossible_ranges(days: tuple[date, date]) -> None:
    with pytest.raises(InputError):
        Range(*days)


def test_behind_a_figure_stand_its_conversations(filled: Store) -> None:
    found = filled.look(lambda tx: conversations_of(tx, RULES.metric("completion"), DAY))
    assert len(found) == 12
    assert {one.times for one in found} == {1}
    assert filled.look(lambda tx: conversations_of(tx, RULES.metric("no_match"), DAY)) == []
    assert filled.look(lambda tx: conversations_of(tx, RULES.metric("completion"), DAY + timedelta(1))) == []


def test_a_target_that_is_missed_is_marked(filled: Store) -> None:
    found = {card.id: card for card in filled.look(lambda tx: cards(tx, RULES, Wanted(WEEK)))}
    assert found["completion"].missed
    assert not found["latency_p95"].missed
    assert found["completion"].change == "앞 기간(100.0%)보다 25.0%p 낮아요. 나빠졌어요."


def test_a_months_report_says_the_same_in_both_files(filled: Store) -> None:
    content = filled.look(
        lambda tx: content_of(tx, RULES, month_of("2026-11"), {"bulky_waste": "대형 <폐기물>"})
    )
    pages = PdfReader(io.BytesIO(make("pdf", content))).pages
    pdf = "".join(page.extract_text() for page in pages).replace("\n", "")
    with zipfile.ZipFile(io.BytesIO(make("hwpx", content))) as opened:
        hwpx = opened.read("Contents/section0.xml").decode()
        pictures = [name for name in opened.namelist() if name.startswith("BinData/")]
    for text in ("2026년 11월", "끝까지 마친 비율", "17건", "5 미만"):
        assert text in pdf
        assert text in hwpx
    assert "대형 <폐기물>" in pdf
    assert len(pictures) == len(content.drawn)
    assert sum(len(page.images) for page in pages) == len(content.drawn)


def test_one_file_holds_both_reports(filled: Store) -> None:
    content = filled.look(lambda tx: content_of(tx, RULES, month_of("2026-11"), {}))
    with zipfile.ZipFile(io.BytesIO(make("zip", content))) as opened:
        assert opened.read("report.pdf").startswith(b"%PDF")
        assert zipfile.is_zipfile(io.BytesIO(opened.read("report.hwpx")))


def test_a_month_without_anything_has_a_report_too(store: Store) -> None:
    content = store.look(lambda tx: content_of(tx, RULES, month_of("2020-02"), {}))
    assert make("pdf", content).startswith(b"%PDF")


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-00", "26-11", "0000-01", "2026-11-01"])
def test_what_is_no_month(month: str) -> None:
    with pytest.raises(InputError, match="no month"):
        month_of(month)


def test_a_chosen_period_is_compared_with_and_counts_are_brought_to_as_many_days(filled: Store) -> None:
    first = Range(DAY - timedelta(8), DAY - timedelta(7))
    found = {one.metric.id: one for one in filled.look(lambda tx: overview(tx, RULES, WEEK, against=first))}
    assert found["conversations"].before == pytest.approx(1 * 7 / 2)
    assert found["completion"].before == 1.0, "a share is a share of however many days"
    line = filled.look(lambda tx: course(tx, RULES.metric("conversations"), WEEK, against=first))
    assert [point.value for point in line.before] == [0, 1, None, None, None, None, None]
    assert line.than == "견줄 기간"
    shown = filled.look(lambda tx: cards(tx, RULES, Wanted(WEEK, against=first)))
    assert "견줄 기간(4건)보다" in next(one.change for one in shown if one.id == "conversations")


def test_who_came_again_within_a_week_is_found_behind_the_figure(filled: Store, talk: Talk) -> None:
    def work(tx) -> None:
        for name, person, days in (("c_far", "b", 9), ("c_old", "a", 6), ("c_1", "a", 0), ("c_2", "b", 0)):
            contacts.note(tx, name, person, "bulky_waste", NOW - timedelta(days))

    for name, days in (("c_old", 6), ("c_far", 9)):
        talk(name, OPENED, at=NOW - timedelta(days))
    filled.run(work)
    behind = filled.look(lambda tx: conversations_of(tx, RULES.metric("repeat_contact"), DAY))
    assert [(one.id, one.times) for one in behind] == [("c_1", 1)]
