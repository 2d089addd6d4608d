"""The agent's own sentences: all that the code uses exist, all that exist are used, all can be said."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.dialogue.harness import CATALOGUE

from donghaeng.city.services.templates import template_variables
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.errors import CatalogueError

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "donghaeng"
SAYERS = {"ConsentQuestion", "Remark", "phrase", "_phrase", "preface", "phrases"}
PROBLEMS = {"incomplete", "impossible", "past", "repeats", "vague", "here_unknown", "unknown"}


def used() -> dict[str, set[str]]:
    """Sentences that the package names, with the variables given to each."""
    found: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            second = name == "_pace" or (name == "say" and len(node.args) == 2)
            if name not in SAYERS and not second:
                continue
            words = node.args[1] if second else node.args[0]
            given = {key.arg for key in node.keywords if key.arg is not None}
            for part in ast.walk(words):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.setdefault(part.value, set()).update(given)
    return found


def test_every_sentence_that_the_code_says_exists_and_gets_its_variables() -> None:
    phrases = load_phrases(CATALOGUE / "lexicon" / "phrases.yaml").templates
    for name, given in used().items():
        if name.startswith("problem_"):
            continue
        assert name in phrases, name
        needed = {variable.name for variable in template_variables(phrases[name])}
        assert needed <= given, f"{name} needs {needed - given}"


def test_every_sentence_is_said_somewhere() -> None:
    phrases = load_phrases(CATALOGUE / "lexicon" / "phrases.yaml").templates
    said = set(used()) | {f"problem_{name}" for name in PROBLEMS}
    said |= {f"problem_{name}_{kind}" for name in PROBLEMS for kind in SLOT_TYPES}
    said |= {f"why_{kind}" for kind in SLOT_TYPES}
    assert set(phrases) - said == set()


def test_every_problem_has_a_sentence() -> None:
    phrases = load_phrases(CATALOGUE / "lexicon" / "phrases.yaml").templates
    assert {f"problem_{name}" for name in PROBLEMS} <= set(phrases)


def test_the_problems_are_those_that_recognisers_find() -> None:
    found = {
        keyword.value.value
        for file in (PACKAGE / "understanding").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "problem" and isinstance(keyword.value, ast.Constant)
    }
    assert found == PROBLEMS


@pytest.mark.parametrize(
    ("text", "why"),
    [("- a\n", "mapping"), ("a: [b]\n", "no sentence"), ("a: ''\n", "no sentence"), ("a: '{{ b'\n", "parse")],
)
def test_a_wrong_file_is_said_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "phrases.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why) as caught:
        load_phrases(file)
    assert caught.value.line == 1
