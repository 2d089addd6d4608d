"""An index that was changed step by step finds what one built at once finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.conftest import words_only

from donghaeng.knowledge.index import Entry, Index
from donghaeng.knowledge.segments import Segment

TEXTS = st.lists(st.text(alphabet="가나다라 ", min_size=1, max_size=20), min_size=1, max_size=4)
STEPS = st.lists(st.tuples(TEXTS, st.sets(st.integers(0, 30), max_size=6)), max_size=8)


@given(STEPS, st.text(alphabet="가나다라마 ", max_size=20))
def test_steps_make_the_same_index_as_one_go(steps: list[tuple[list[str], set[int]]], question: str) -> None:
    index, kept, count = Index([], words_only), dict[str, Entry](), 0
    for texts, removed in steps:
        gone = {str(number) for number in removed}
        added = [
            Entry(str(count + place), text[:3], text, subjects=(text[3:6],))
            for place, text in enumerate(texts)
        ]
        count += len(texts)
        added = [one for one in added if one.id not in gone]
        kept = {name: one for name, one in kept.items() if name not in gone}
        kept |= {one.id: one for one in added}
        index = index.changed(added, gone)
    whole = Index(list(kept.values()), words_only)
    assert index.ids == whole.ids == tuple(kept)
    assert index.weigh(question) == pytest.approx(whole.weigh(question))
    found, expected = index.search(question, most=99), whole.search(question, most=99)
    assert [hit.id for hit in found] == [hit.id for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-5)


def test_the_index_before_stays_as_it_was() -> None:
    before = Index([Entry("a", "버스", "버스 요금")], words_only)
    after = before.changed([Entry("b", "수도", "수도 요금")], {"a"})
    assert [hit.id for hit in before.search("요금")] == ["a"]
    assert [hit.id for hit in after.search("요금")] == ["b"]


def test_segments_stay_few_however_many_documents_come() -> None:
    index = Index([], words_only)
    for number in range(300):
        index = index.changed([Entry(str(number), f"글{number}", "같은 말")], ())
    assert len(index) == 300
    assert len(index._segments) <= 10


def test_a_segment_without_all_of_its_texts_is_empty() -> None:
    segment = Segment.of([Entry("a", "버스", "버스 요금")], words_only)
    assert segment.without(["b"]) is segment
    empty = segment.without(["a"])
    assert len(empty) == 0
    assert empty.postings == {}
