"""What a messenger itself tells is complete, plain and fits its buttons."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from donghaeng.channels.words import WORDS_FILE, load_words
from donghaeng.errors import CatalogueError
from donghaeng.settings import CHECKOUT

FILE = CHECKOUT / "catalogue" / "lexicon" / WORDS_FILE


def changed(folder: Path, **sentences: object) -> Path:
    entries = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    entries |= sentences
    file = folder / "words.yaml"
    with file.open("w", encoding="utf-8") as opened:
        YAML().dump({name: text for name, text in entries.items() if text is not None}, opened)
    return file


def test_who_is_new_reads_first_that_a_machine_answers(words) -> None:
    assert "인공지능" in words.waiting
    assert "인공지능" in words.waiting_callback
    for notice in (words.waiting, words.waiting_callback, words.busy):
        assert "119" in notice
    for notice in (words.sorry, words.unreadable):
        assert "120" in notice


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("queue", None, "Field required"),
        ("queue", "기다려요", "'queue' names []; write {position}"),
        ("busy", "{name}님", "'busy' names ['name']; write nothing in braces"),
        ("busy", "{", "does not parse"),
        ("show", "글자가 열네 자를 넘는 단추", "at most 14"),
        ("unknown", "무엇", "Extra inputs"),
        ("sorry", "", "at least 1"),
    ],
)
def test_a_wrong_sentence_is_told_with_its_line(tmp_path: Path, name, text, problem) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_words(changed(tmp_path, **{name: text}))
    assert problem in str(caught.value)
