"""The tables of samples and notices, and the figures made of ratings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import CatalogueError
from donghaeng.korean.reading import read_aloud
from donghaeng.speech.audition import NOTICES, load_audition, load_notices
from donghaeng.speech.audition_figures import Judgement, preference_figures, score_figures
from donghaeng.trust.masking import mask_value

CATALOGUE = Path(__file__).parents[2] / "catalogue"
PLAN = load_audition(CATALOGUE / "audition.yaml")
GOOD = """
round: r1
sentences: {bus: 버스가 와요.}
conditions: {one: {name: 하나}, two: {name: 둘, speed: 0.8}}
pairs: {both: [one, two]}
singles: [one]
"""


def test_the_tables_that_ship_are_good() -> None:
    notices = load_notices(CATALOGUE / "lexicon" / "page_notices.yaml")
    assert set(notices) == NOTICES
    for text in [*PLAN.sentences.values(), *notices.values()]:
        assert any("가" <= letter <= "힣" for letter in read_aloud(text))
        assert mask_value(text) == text


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("[one, two]", "[one, three]", "no condition 'three'"),
        ("[one, two]", "[one, one]", "one condition twice"),
        ("singles: [one]", "singles: [four]", "no condition 'four'"),
        ("speed: 0.8", "speed: 3", "conditions.two.speed"),
        ("speed: 0.8", "tempo: 0.8", "conditions.two.tempo"),
        ("bus: 버스가", "Bus 1: 버스가", "sentences"),
        ("round: r1", "", "round"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    file = tmp_path / "audition.yaml"
    file.write_text(GOOD.replace(wrong, right), encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        load_audition(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("welcome: 안녕하세요.\nstay: 계속하세요?", "lost is missing"),
        ("welcome: 안녕하세요.\nstay: 네.\nlost: 끊겼어요.\nmore: 네.", "no notice 'more'"),
        (f"welcome: {'아' * 41}.\nstay: 네.\nlost: 네.", "41 letters"),
        ("welcome: 3\nstay: 네.\nlost: 네.", "no sentence"),
    ],
)
def test_wrong_notices_are_told(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "page_notices.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        load_notices(file)


def test_scores_have_a_mean_and_its_interval() -> None:
    found = {one.condition: one for one in score_figures(PLAN, _scores("served", [3, 4, 5, 4]))}
    served = found["served"]
    assert (served.n, served.mean) == (4, 4.0)
    assert served.low == pytest.approx(2.70, abs=0.01)  # t(3) = 3.182, standard error 0.408
    assert served.high == 5.0
    assert (found["slow"].n, found["slow"].mean, found["slow"].low) == (0, None, None)
    alike = score_figures(PLAN, _scores("served", [4, 4]))[0]
    assert (alike.mean, alike.low, alike.high) == (4.0, 4.0, 4.0)
    single = score_figures(PLAN, _scores("served", [2]))[0]
    assert (single.n, single.mean, single.low) == (1, 2.0, None)


def test_preferences_have_a_share_and_its_interval() -> None:
    values = [1] * 8 + [-1] * 2 + [0] * 3
    found = preference_figures(PLAN, [Judgement("preference", "joints", value) for value in values])[0]
    assert (found.prefer_a, found.same, found.prefer_b, found.share_b) == (2, 3, 8, 0.8)
    assert found.low == pytest.approx(0.490, abs=0.001)  # Wilson, 8 of 10
    assert found.high == pytest.approx(0.943, abs=0.001)


@given(st.lists(st.tuples(st.sampled_from(["served", "slow", "gone"]), st.integers(1, 5)), max_size=30))
def test_figures_stay_within_the_scale_and_count_what_is_asked_for(given_scores) -> None:
    judgements = [Judgement("score", name, value) for name, value in given_scores]
    figures = score_figures(PLAN, judgements)
    assert [one.condition for one in figures] == list(PLAN.singles)
    assert sum(one.n for one in figures) == sum(name != "gone" for name, _ in given_scores)
    for one in figures:
        if one.low is not None and one.high is not None and one.mean is not None:
            assert 1.0 <= one.low <= one.mean <= one.high <= 5.0


def _scores(condition: str, values: list[int]) -> list[Judgement]:
    return [Judgement("score", condition, value) for value in values]
