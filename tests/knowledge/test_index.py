"""Retrieval: rare words count, titles count more, and nothing is found without a common word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.conftest import words_only

from donghaeng.knowledge.index import Entry, Index
from donghaeng.knowledge.terms import terms

ENTRIES = [
    Entry("bus", "버스 요금", "버스 요금 안내"),
    Entry("water", "수도 요금", "수도 요금 안내"),
    Entry("other", "안내 안내", "버스 이야기도 조금 나오는 긴 글 " + "글자 " * 40),
]


def test_the_rarer_word_decides() -> None:
    hits = Index(ENTRIES, words_only).search("수도 요금")
    assert [hit.id for hit in hits] == ["water", "bus"]
    assert hits[0].coverage == 1.0
    assert 0 < hits[1].coverage < 0.5
    assert hits[0].score > hits[1].score > 0


def test_a_word_in_the_title_counts_more_than_one_in_a_long_text() -> None:
    assert Index(ENTRIES, words_only).search("버스")[0].id == "bus"


def test_only_what_is_asked_among_is_found_and_never_more_than_asked() -> None:
    index = Index(ENTRIES, words_only)
    assert [hit.id for hit in index.search("요금", among={"bus"})] == ["bus"]
    assert len(index.search("안내 버스 수도", most=2)) == 2


def test_no_common_word_finds_nothing() -> None:
    assert Index(ENTRIES, words_only).search("김치찌개 끓이기") == []
    assert Index([], words_only).search("버스") == []


def test_words_in_every_question_are_no_terms_and_compounds_also_count_in_pairs() -> None:
    assert list(terms("어디 버스", words_only)) == ["버스", "~버스"] or "버스" in terms(
        "어디 버스", words_only
    )
    assert "어디" not in terms("어디 버스", words_only)
    assert {"~장애", "~애수", "~수당"} <= terms("장애수당", words_only).keys()


@given(st.lists(st.text(alphabet="가나다라마바 ", max_size=30), max_size=6), st.text(max_size=60))
def test_scores_are_ordered_and_shares_are_shares(texts: list[str], question: str) -> None:
    entries = [Entry(str(number), "", text) for number, text in enumerate(texts)]
    hits = Index(entries, words_only).search(question)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.coverage <= 1 + 1e-9 for hit in hits)
    assert len({hit.id for hit in hits}) == len(hits)
