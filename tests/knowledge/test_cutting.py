"""Documents become passages: titled, short enough, without marks and without numbers that are never kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.made import version_row

from donghaeng.knowledge.cutting import as_passage, passages_in, spoken_of, title_of
from donghaeng.knowledge.documents.blocks import Document, heading, paragraph
from donghaeng.knowledge.passages import MAX_SPOKEN_CHARS, MAX_TEXT_CHARS, sentences
from donghaeng.store.knowledge import PassageRow

VERSION = version_row(version=3, source="https://example.org/a")


def document(*blocks) -> Document:
    return Document("md", tuple(blocks))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("안내/2027_틀니_지원.hwpx", "2027 틀니 지원"),
        ("https://example.org/view.do?id=3", "틀니 지원 안내"),
        ("___", "___"),
    ],
)
def test_a_document_is_called_as_its_file_or_its_first_heading(name: str, title: str) -> None:
    assert title_of(name, document(heading("틀니 지원 안내", 1))) == title


def test_passages_know_where_they_stand_and_lines_are_sentences() -> None:
    found = passages_in(
        document(
            heading("□ 지원", 2),
            heading("가. 대상", 3),
            paragraph("○ 65세 이상인 분", page=4),
            paragraph("※ 소득은 보지 않음", page=4),
        ),
        "틀니",
        verified=True,
    )
    text = "65세 이상인 분.\n소득은 보지 않음."
    assert found == [
        PassageRow(1, ("지원", "가. 대상"), 4, "틀니 · 지원 · 가. 대상", text, text.replace("\n", " "), True)
    ]
    passage = as_passage(VERSION, found[0])
    assert (passage.id, passage.section) == ("d_0a1b-3-1", "지원 > 가. 대상 > 4쪽")
    assert (passage.issued, passage.named, passage.url) == (date(2026, 11, 23), False, VERSION.source)


def test_numbers_that_are_never_kept_are_masked() -> None:
    (found,) = passages_in(document(paragraph("담당자 주민등록번호 470815-2345678.")), "글", verified=False)
    assert "2345678" not in found.text
    assert not found.verified


def test_what_has_no_short_sentence_is_never_verified() -> None:
    (found,) = passages_in(document(paragraph("가" * 500)), "글", verified=True)
    assert found.spoken is None
    assert not found.verified


@given(st.lists(st.text(alphabet="가나다 .", min_size=1, max_size=900), max_size=6))
def test_whatever_comes_fits_a_passage(texts: list[str]) -> None:
    found = passages_in(document(*(paragraph(text) for text in texts)), "제목", verified=True)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    for one in found:
        assert 0 < len(one.text) <= MAX_TEXT_CHARS
        if one.spoken is not None:
            assert len(one.spoken) <= MAX_SPOKEN_CHARS
            assert as_passage(VERSION, one).spoken == one.spoken


def test_what_is_spoken_is_whole_sentences() -> None:
    assert spoken_of("첫째예요. 둘째예요. 셋째예요.") == "첫째예요. 둘째예요."
    assert spoken_of(f"{'가' * 500}. 둘째예요.") == "둘째예요."
    long = f"{'가' * 300}."
    assert spoken_of(f"{long} {long}") == long
    assert sentences(spoken_of(f"{long} {long}") or "") == [long]
