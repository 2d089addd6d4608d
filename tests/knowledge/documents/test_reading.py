"""Every kind of file gives its headings, sentences and rows, whatever its name, and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.documents.conftest import HEADING, HIDDEN, MADE, SENTENCE

from donghaeng.knowledge.documents.blocks import Block, BlockKind, Document, cleaned
from donghaeng.knowledge.documents.readers.pdf import joined
from donghaeng.knowledge.documents.reading import read
from donghaeng.knowledge.documents.sections import MOST_CHARS, sections

ROW = "구: 마포구, 전화: 02-120"


@pytest.mark.parametrize("kind", MADE)
def test_a_file_is_known_by_what_it_holds(made: Callable[[str], bytes], kind: str) -> None:
    name = f"구청.{kind}" if kind in ("md", "csv") else "구청.bin"
    assert read(name, made(kind)).format == kind


@pytest.mark.parametrize("kind", ["hwpx", "docx", "html", "md"])
def test_headings_and_sentences_are_read(made: Callable[[str], bytes], kind: str) -> None:
    document = read(f"구청.{kind}", made(kind))
    assert document.blocks[0] == Block(BlockKind.HEADING, HEADING, 2)
    assert document.blocks[1] == Block(BlockKind.TEXT, SENTENCE)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "md", "csv"])
def test_rows_are_told_with_the_names_of_their_columns(made: Callable[[str], bytes], kind: str) -> None:
    rows = [block.text for block in read(f"구청.{kind}", made(kind)).blocks if block.kind is BlockKind.ROW]
    assert rows == [f"{ROW}, 날: 2026-11-23" if kind == "xlsx" else ROW]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_what_nobody_would_see_is_not_read(made: Callable[[str], bytes], kind: str) -> None:
    assert HIDDEN in made(kind).decode("utf-8", "ignore") or kind != "html"
    assert HIDDEN not in read(f"구청.{kind}", made(kind)).text


def test_lines_of_a_pdf_are_put_together_and_know_their_page(made: Callable[[str], bytes]) -> None:
    blocks = read("guide.pdf", made("pdf")).blocks
    assert [(block.kind, block.text, block.page) for block in blocks] == [
        (BlockKind.HEADING, "1. How to apply", 1),
        (BlockKind.TEXT, "Go to the centre, it is open.", 1),
    ]
    assert joined(["긴 문장이 줄 끝에서", "이어져요.", "○ 새 줄", "□ 제목", "글"]) == [
        "긴 문장이 줄 끝에서 이어져요.",
        "○ 새 줄",
        "□ 제목",
        "글",
    ]


def test_characters_that_cannot_be_seen_are_taken_out() -> None:
    assert cleaned("신\u200b청\u202e 은\ufeff\U000e0041\x00 여기") == "신청 은 여기"
    assert cleaned("신청") == "신청"


def test_sections_have_the_headings_above_them() -> None:
    blocks = (
        Block(BlockKind.HEADING, "안내", 1),
        Block(BlockKind.HEADING, "신청", 2),
        Block(BlockKind.TEXT, "여기서 해요.", page=3),
        Block(BlockKind.HEADING, "비용", 2),
        Block(BlockKind.ROW, ROW),
    )
    found = [(one.path, one.text, one.page) for one in sections(Document("md", blocks))]
    assert found == [(("안내", "신청"), "여기서 해요.", 3), (("안내", "비용"), f"{ROW}.", None)]


@given(st.lists(st.text(alphabet="가나다 .", min_size=1, max_size=400), max_size=20))
def test_sections_lose_no_word_and_are_short(texts: list[str]) -> None:
    blocks = tuple(Block(BlockKind.TEXT, cleaned(text)) for text in texts if cleaned(text))
    found = list(sections(Document("md", blocks)))
    told = "".join(one.text for one in found)
    assert "".join(told.split()) == "".join("".join(block.text for block in blocks).split())
    assert all(len(one.text) <= MOST_CHARS or "." not in one.text[:-1].rstrip(".") for one in found)


def test_paragraphs_and_rows_of_a_section_are_lines() -> None:
    blocks = (
        Block(BlockKind.TEXT, "첫 줄"),
        Block(BlockKind.TEXT, "둘째 줄이에요. 이어져요."),
        Block(BlockKind.ROW, ROW),
    )
    (found,) = sections(Document("md", blocks))
    assert found.text == f"첫 줄\n둘째 줄이에요. 이어져요.\n{ROW}."
