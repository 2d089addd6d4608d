"""Hard words: each can stand in a sentence, none holds a figure; what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.city.glossary import MEANS, load_glossary
from donghaeng.errors import CatalogueError

FILE = Path(__file__).resolve().parents[2] / "catalogue" / "lexicon" / "glossary.yaml"
GLOSSARY = load_glossary(FILE)
HEAD = "document: 풀이\ndepartment: 과\nsource: 사전\nterms:\n"


def test_there_are_enough_terms_and_each_says_more_than_itself() -> None:
    assert len(GLOSSARY.terms) >= 80
    for name, term in GLOSSARY.terms.items():
        assert name not in term.easy, name
        assert term.spoken.endswith("요."), name
        assert not term.easy.endswith((".", "요", "다")), name


@pytest.mark.parametrize("name", ["수급자", "기초 수급자", "기초생활수급자", "기초수급자"])
def test_a_term_is_found_by_each_of_its_names_in_any_spacing(name: str) -> None:
    found = GLOSSARY.meaning(name)
    assert found is not None
    assert found[0] == "수급자"
    assert GLOSSARY.meaning("수급자가") is None


@pytest.mark.parametrize(
    ("text", "eased"),
    [
        ("수급자는 무료예요.", f"수급자{MEANS}나라에서 도움을 받는 분은 무료예요."),
        ("먼저 바우처를 받으세요.", f"먼저 바우처{MEANS}정해진 데에만 쓰는 이용권을 받으세요."),
        ("큐알 코드로 들어가요.", f"큐알 코드{MEANS}사진기로 비추는 네모난 무늬로 들어가요."),
        ("체납이 있으면 안 돼요.", f"체납{MEANS}내야 할 돈을 밀린 것이 있으면 안 돼요."),
        # The first one only, and neither a part of a word nor what everybody knows.
        ("위임장과 확정일자", f"위임장{MEANS}내 일을 남에게 맡긴다고 적은 종이와 확정일자"),
        ("바우처택시는 신청해요.", "바우처택시는 신청해요."),
        ("주민센터에서 등본을 떼요.", "주민센터에서 등본을 떼요."),
        ("", ""),
    ],
)
def test_the_first_hard_word_gets_its_easy_word(text: str, eased: str) -> None:
    assert GLOSSARY.eased(text) == eased


@given(st.text(max_size=200))
def test_nothing_but_easy_words_is_added(text: str) -> None:
    eased = GLOSSARY.eased(text)
    assert eased == text or MEANS in eased


@pytest.mark.parametrize(
    ("entry", "line", "says"),
    [
        ("  수급자:\n    easy: 분\n    spoken: 65세 이상이에요.\n", 7, "figure"),
        ("  수급자:\n    easy: 분\n    spoken: 가요. 나요. 다요.\n", 7, "sentences"),
        ("  수급자:\n    easy: 분\n", 5, "required"),
        ("  수급자:\n    easy: 분\n    spoken: 네요.\n    hard: 1\n", 8, "not permitted"),
        (
            "  가:\n    easy: 분\n    spoken: 네요.\n    also: [나]\n"
            "  나:\n    easy: 분\n    spoken: 네요.\n",
            9,
            "too",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, entry: str, line: int, says: str) -> None:
    file = tmp_path / "glossary.yaml"
    file.write_text(HEAD + entry, encoding="utf-8")
    with pytest.raises(CatalogueError, match=says) as error:
        load_glossary(file)
    assert error.value.line == line
