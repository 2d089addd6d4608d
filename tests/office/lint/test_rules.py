"""Rules as data: each example beside a rule holds, and a file that is wrong is told with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.office.lint.conftest import CATALOGUE

from donghaeng.errors import CatalogueError
from donghaeng.korean.morphemes import joiner, placer
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_rulebook
from donghaeng.office.lint.proving import faults


def test_every_example_beside_a_rule_holds(linter: Linter) -> None:
    assert list(faults(linter)) == []


def test_every_rule_has_an_example_and_a_source(linter: Linter) -> None:
    entries = {
        name: [*rule.wrong, *(one for lexicon in linter.book.lexicons for part in (
            lexicon.nouns, lexicon.morphemes, lexicon.patterns) for one in part.get(name, ()))]
        for name, rule in linter.book.rules.items()
    }  # fmt: skip
    assert [name for name, found in entries.items() if not found and name != "sentence.long"] == []
    assert all(rule.source and rule.reason.endswith(".") for rule in linter.book.rules.values())


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    shutil.copytree(CATALOGUE / "office", tmp_path / "office")
    return tmp_path


def told_of(catalogue: Path, words: str) -> str:
    (catalogue / "office" / "more.words.yaml").write_text(f"source: 시험\n{words}", "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_rulebook(catalogue)
    return str(caught.value).removeprefix(f"{catalogue / 'office'}/")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nouns:\n  word.odd:\n  - {noun: 익일, easy: [다음 날]}\n", ":3: no rule word.odd"),
        ("nouns:\n  word.hard:\n  - {noun: 익일, easy: []}\n", ":4: "),
        ('patterns:\n  word.hard:\n  - {text: "(", wrong: {가: 나}}\n', "is no regular expression"),
        ('patterns:\n  word.hard:\n  - {text: "가", fix: ["{b}"], wrong: {가: 나}}\n', "names a group"),
        ('morphemes:\n  word.hard:\n  - {find: "가", wrong: {가: 나}}\n', "is no morpheme"),
        ('morphemes:\n  word.hard:\n  - {find: "가/NNG", fix: ["{1}"], wrong: {가: 나}}\n', "has not"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(catalogue: Path, words: str, told: str) -> None:
    found = told_of(catalogue, words)
    assert found.startswith("more.words.yaml:")
    assert told in found


def test_an_example_that_does_not_hold_is_told(catalogue: Path) -> None:
    more = (
        "nouns:\n  word.hard:\n"
        "  - {noun: 다람쥐, easy: [청서, 익일], wrong: {다람쥐를 봅니다.: 글}, right: [다람쥐는 작다.]}\n"
    )
    (catalogue / "office" / "more.words.yaml").write_text(f"source: 시험\n{more}", "utf-8")
    told = list(faults(Linter(load_rulebook(catalogue), placer(), joiner())))
    assert len(told) == 3
    assert "becomes '청서를 봅니다.', not '글'" in told[0]
    assert "'다람쥐' is found in" in told[1] or "'다람쥐는'" in told[1]
    assert "is a hard word itself" in told[2]
