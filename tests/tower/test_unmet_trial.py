"""The trial of unmet demand: it says that a good grouping is good, and that a bad one is bad."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from donghaeng.errors import InputError
from donghaeng.store import Store
from donghaeng.tower.cases import unmet
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.loading import find_case
from donghaeng.tower.cases.result import CaseResult
from donghaeng.tower.cases.unmet_trial import Trial, UnmetAssumptions, assumed, texts_of, tried
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.embed.protocol import Vectors

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"

PLANTED = {
    "draws": 6,
    "conversations": [12, 40],
    "small": [2, 4],
    "placed_share": 0.7,
    "topics": [
        {"name": "여권", "district": "강서구", "said": ["여권 만들기", "여권 재발급", "여권 갱신"]},
        {"name": "텃밭", "said": ["텃밭 빌리기", "텃밭 분양", "주말농장"]},
        {"name": "틀니", "district": "중구", "said": ["틀니 지원", "틀니 값"]},
    ],
    "few": [{"name": "바둑", "said": ["바둑 배우기", "기원 찾기"]}],
    "alone": ["피아노 조율", "비둘기 쫓기", "돌침대 고장"],
}
ASSUMED = assumed(PLANTED)


def words(text: str) -> set[str]:
    return set(text.split())


def knowing(assumptions: UnmetAssumptions) -> dict[str, Vectors]:
    """Vectors that know what means the same: one direction a wish."""
    texts = texts_of(assumptions)
    planted = (*assumptions.topics, *assumptions.few)
    about = {text: one.name for one in planted for text in one.said}
    names = sorted({about.get(text, text) for text in texts})
    directions = np.eye(len(names), dtype=np.float32)
    return {text: directions[names.index(about.get(text, text))] for text in texts}


def judged(vectors: dict[str, Vectors]) -> Trial:
    return tried(ASSUMED, vectors, words, np.random.default_rng(7))


def test_who_knows_what_means_the_same_finds_all_that_was_planted_and_invents_nothing() -> None:
    trial = judged(knowing(ASSUMED))

    assert trial.whole == (1.0, 1.0, 1.0)
    assert trial.mixed == (0.0, 0.0, 0.0)
    assert (trial.leaked, trial.first, trial.placed, trial.invented) == (0, 1.0, 1.0, 0.0)


def test_equal_words_alone_are_the_baseline_that_finds_nothing_whole() -> None:
    assert judged(knowing(ASSUMED)).whole_by_words[0] == 0.0


def test_to_whom_all_means_the_same_everything_is_one_mixed_group() -> None:
    one = np.ones(1, dtype=np.float32)

    trial = judged(dict.fromkeys(texts_of(ASSUMED), one))

    assert trial.whole[0] == 0.0
    assert trial.mixed == (1.0, 1.0, 1.0)


def test_what_too_few_wished_is_counted_where_it_is_told() -> None:
    often = assumed(PLANTED | {"small": [9, 12]})

    trial = tried(often, knowing(often), words, np.random.default_rng(7))

    assert trial.leaked == often.draws


def test_the_page_tells_how_far_it_may_be_believed() -> None:
    trial = Trial((0.4, 0.25, 0.5), (0.0, 0.0, 0.0), (0.0, 0.0, 0.1), 2, 0.3, 0.9, 0.05)

    result = unmet.with_trial(CaseResult(figures=()), trial)

    found = result.figure("되시험: 많이 바란 것을 온전히 찾음")
    assert (found.value, found.low, found.high) == (40.0, 25.0, 50.0)
    assert result.figure("되시험: 적게 바란 것을 알린 일").value == 2
    assert "적어도" in result.notes[-1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"draws": 0}, "draws"),
        ({"topics": [{"name": "여권", "district": "부산", "said": ["여권"]}]}, "no district 부산"),
        ({"placed_share": 0.2}, "placed_share"),
    ],
)
def test_wrong_assumptions_are_named(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        assumed(PLANTED | wrong)


def test_a_run_with_the_shipped_assumptions_tells_of_its_trial(tmp_path: Path) -> None:
    case = find_case(CATALOGUE, "unmet_demand")
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as store:
        result = unmet.run(
            CaseContext(
                seed=1,
                today=date(2026, 11, 23),
                assumptions=case.assumptions,
                store=store,
                embedder=HashingEmbedder(),
            )
        )

    assert result.figure("되시험: 같은 말만 묶으면").value == 0.0
    assert result.figure("바란 것을 못 얻은 대화").value == 0
