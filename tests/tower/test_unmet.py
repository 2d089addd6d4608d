"""What citizens asked for and did not get: groups of one meaning, and nobody to be picked out of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.store import Store, conversations, review_items
from donghaeng.store.review_items import ItemRow, Unread
from donghaeng.tower.cases import unmet
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.result import CaseResult
from donghaeng.tower.cases.unmet_groups import FEWEST, Wish, group_wishes, part_of_day, suppressed
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.embed.fake import HashingEmbedder

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def words(text: str) -> set[str]:
    return set(text.split())


def wishes(text: str, count: int, *, first: int = 0, district: str | None = "마포구") -> list[Wish]:
    return [
        Wish(f"c_{first + number}", text, "no_match", NOW + timedelta(hours=number), district)
        for number in range(count)
    ]


def grouped(rows: list[Wish]):
    return group_wishes(rows, HashingEmbedder().embed([row.text for row in rows]), words, farthest=0.4)


def test_a_group_is_told_from_five_conversations_on() -> None:
    few = grouped(wishes("여권 재발급 신청", FEWEST - 1))
    assert (few.groups, few.kept_back, few.kept_back_conversations) == ((), 1, 0)
    enough = grouped(wishes("여권 재발급 신청", FEWEST))
    assert [group.conversations for group in enough.groups] == [FEWEST]
    assert enough.groups[0].name == "신청 여권 재발급"


def test_one_conversation_that_says_it_often_is_one() -> None:
    again = [Wish("c_1", "여권 재발급", "no_match", NOW) for _ in range(20)]
    assert grouped(again).groups == ()


def test_a_name_holds_no_word_that_fewer_said() -> None:
    rows = wishes("여권 재발급 신청", 6)
    rows[0] = Wish("c_0", "여권 재발급 신청 김복순", "no_match", NOW)
    (group,) = grouped(rows).groups
    assert "김복순" not in group.name


def test_a_cell_that_alone_is_hidden_takes_another_with_it() -> None:
    assert suppressed({"a": 9, "b": 2, "c": 6}, 5) == {"a": 9, "b": None, "c": None}
    assert suppressed({"a": 9, "b": 2, "c": 3}, 5) == {"a": 9, "b": None, "c": None}
    assert suppressed({"a": 9, "b": 7}, 5) == {"a": 9, "b": 7}
    assert suppressed({"a": 2}, 5) == {"a": None}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 30), max_size=8))
def test_no_cell_below_the_limit_is_told_or_can_be_worked_out(counts: dict[str, int]) -> None:
    shown = suppressed(counts, FEWEST)
    assert all(value is None or value >= FEWEST for value in shown.values())
    hidden = [name for name, value in shown.items() if value is None]
    assert len(hidden) != 1 or len(counts) == 1


def test_parts_of_the_day_go_by_seoul() -> None:
    assert part_of_day(NOW) == "낮 (9~18시)"  # ten o'clock there
    assert part_of_day(NOW - timedelta(hours=8)) == "밤 (0~6시)"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as opened:
        yield opened


def fill(store: Store, text: str, count: int, kind: str, district: str, first: int) -> None:
    def work(tx) -> None:
        for number in range(first, first + count):
            talk = conversations.Conversation(f"c_{number}", "phone", NOW, "v", home_district=district)
            conversations.add(tx, talk, f"t{number}")
            row = ItemRow("", talk.id, 1, kind, NOW, text)
            review_items.keep(tx, Unread(talk.id, 1, 0), [row])

    store.run(work)


def ran(store: Store) -> CaseResult:
    return unmet.run(CaseContext(seed=1, today=NOW.date(), store=store, embedder=HashingEmbedder()))


def test_the_records_are_read_and_small_groups_stay_out(store: Store) -> None:
    fill(store, "여권 재발급 신청하고 싶어요", 7, "no_match", "마포구", 0)
    fill(store, "여권 재발급 신청하고 싶어요", 2, "no_match", "중구", 10)
    fill(store, "강아지 등록은 어디서 해요", 5, "no_answer", "노원구", 20)
    fill(store, "옛날 사진 복원해 주세요", 3, "no_match", "마포구", 30)
    fill(store, "자신 없는 말", 9, "low_score", "마포구", 40)
    result = ran(store)
    told = repr(result)
    # Seventeen would tell that three more asked for something else.
    assert result.figure("바란 것을 못 얻은 대화").value == 14
    assert result.figure("뜻으로 묶은 것").value == 2
    assert result.figure("작아서 알리지 않은 묶음").value == 1
    assert "여권" in told
    assert "강아지" in told
    assert "복원" not in told
    assert "싶어요" not in [row[0] for row in result.charts[0].table.rows]
    where = next(table for table in result.tables if table.id == "where")
    of_passport = {row[1]: row[2] for row in where.rows if "여권" in str(row[0])}
    # Two conversations of one district would be told by the sum: both cells are hidden.
    assert of_passport == {"마포구": None, "중구": None}


def test_an_empty_record_is_told_as_such(store: Store) -> None:
    result = ran(store)
    assert result.charts[0].table.rows == ()
    assert "아직" in result.charts[0].says


def test_it_needs_records() -> None:
    with pytest.raises(InputError, match="read from the records"):
        unmet.run(CaseContext(seed=1, today=NOW.date()))
