"""What is made ahead of time: common words with nothing of anybody's own in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.app.rehearsing import MOST, Rehearsed, rehearsed
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.dialogue.phrases import load_phrases
from donghaeng.dialogue.wording import Phrases

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> list[Rehearsed]:
    return list(rehearsed(catalogue, load_phrases(CATALOGUE / "lexicon" / "phrases.yaml")))


def pieces(template: str) -> list[Rehearsed]:
    return list(rehearsed(Catalogue({}, CATALOGUE, "0"), Phrases({"one": template})))


def test_all_is_spoken_korean_without_holes(found: list[Rehearsed]) -> None:
    assert found[0].spoken.startswith("안녕하세요")
    for piece in found:
        assert not any(char.isdigit() or char in "{}%\x00\x01" for char in piece.spoken), piece
        assert any("가" <= char <= "힣" for char in piece.spoken)


def test_each_is_made_once_and_their_number_is_bounded(found: list[Rehearsed]) -> None:
    assert len(found) == len(set(found)) <= MOST


def test_questions_are_made_for_the_beginning_and_for_the_middle_of_a_reply(found: list[Rehearsed]) -> None:
    question = "어느 정류장에서 타세요?"
    assert {piece.begins for piece in found if piece.spoken == question} == {True, False}


def test_what_stands_around_values_is_made(found: list[Rehearsed]) -> None:
    assert Rehearsed("예약했어요.", begins=True) in found
    assert Rehearsed("지금 예약이 되지 않았어요.", begins=False) in found


def test_sentences_with_values_are_left_out() -> None:
    assert pieces("네, {{ name }} 님. 언제 오시겠어요?") == [Rehearsed("언제 오시겠어요?", begins=False)]
    assert pieces("{{ a }}.{{ b }}킬로미터예요.") == []
    assert pieces("{{ rows | join(', ') }} 중에서요.") == []


def test_tags_are_no_words() -> None:
    either = pieces("{% if a %}무료예요.{% else %}{{ b }}원이에요.{% endif %} 또 오세요.")
    assert either == [Rehearsed("무료예요.", begins=True), Rehearsed("또 오세요.", begins=False)]
    assert pieces("동네{% if a %}는{% endif %} 좋아요.") == []
