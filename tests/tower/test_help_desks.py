"""Where desks should stand: the solver's optimum is one, and the plan beats the plain baseline."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import CHECKOUT

from donghaeng.city.places import load_builtin
from donghaeng.errors import InputError
from donghaeng.tower.cases import help_desks
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.loading import find_case
from donghaeng.tower.cases.result import CaseResult
from donghaeng.tower.cases.siting import Step, best_sites, coverage, largest_first, parts_served

STEPS = (Step(700, 1.0), Step(1_500, 0.5))
CATALOGUE = CHECKOUT / "catalogue"


def apart(points: np.ndarray) -> np.ndarray:
    return np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(0, 2))
def test_the_solver_finds_what_trying_all_finds(seed: int, count: int, standing: int) -> None:
    rng = np.random.default_rng(seed)
    distance = apart(rng.uniform(0, 4_000, size=(8, 2)))
    demand = rng.integers(1, 1_000, size=8).astype(float)
    fixed = tuple(range(standing))
    found = best_sites(demand, distance, STEPS, count, standing=fixed)
    free = [site for site in range(8) if site not in fixed]
    tried = max(coverage(demand, distance, STEPS, (*fixed, *some)) for some in combinations(free, count))
    assert found.covered == pytest.approx(tried)
    assert set(fixed) <= set(found.chosen.tolist())
    assert len(found.chosen) <= count + standing


def test_a_neighbourhood_counts_by_its_nearest_desk_alone() -> None:
    distance = np.array([[0.0, 600.0, 1_400.0, 5_000.0]] * 1)
    assert parts_served(distance, STEPS, [2])[0] == 0.5
    assert parts_served(distance, STEPS, [1, 2])[0] == 1.0
    assert parts_served(distance, STEPS, [3])[0] == 0.0
    assert parts_served(distance, STEPS, [])[0] == 0.0


def test_too_many_desks_are_refused() -> None:
    with pytest.raises(ValueError, match="3 desks for 2 free places"):
        best_sites(np.ones(3), np.zeros((3, 3)), STEPS, 3, standing=[0])


def test_the_baseline_takes_the_largest_that_are_free() -> None:
    assert largest_first(np.array([5.0, 9.0, 7.0, 1.0]), 2, [1]).tolist() == [0, 1, 2]


@pytest.fixture(scope="module")
def context() -> CaseContext:
    case = find_case(CATALOGUE, "digital_exclusion")
    places = load_builtin(CATALOGUE / "places")
    return CaseContext(
        seed=7, today=date(2026, 11, 23), assumptions=case.assumptions | {"desks": 12}, places=places
    )


@pytest.fixture(scope="module")
def result(context: CaseContext) -> CaseResult:
    return help_desks.run(context)


def test_the_plan_reaches_more_than_the_baseline_whatever_the_draw(result: CaseResult) -> None:
    gain = result.figure("그보다 더 닿는 몫")
    assert gain.low is not None
    assert gain.high is not None
    assert 0 < gain.low < gain.value < gain.high
    assert result.figure("풀이와 최선의 차이").value == pytest.approx(0, abs=0.01)


def test_other_assumptions_are_solved_and_told(result: CaseResult) -> None:
    (table,) = result.tables
    assert len(table.rows) == 6
    kept = [row[3] for row in table.rows if row[3] is not None]
    assert len(kept) == 4
    assert all(0 < share <= 100 for share in kept)
    assert min(kept) < 100
    assert any("시의 인구표" in note for note in result.notes)


def test_the_citys_table_takes_the_place_of_the_assumption(context: CaseContext, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    # Everybody lives in one neighbourhood: the desk goes where they are.
    file.write_bytes(
        '자치구,행정동,65세 이상\n마포구,합정동,"10,000"\n마포구,없는동,5\n마포구,서교동,x\n'.encode("cp949")
    )
    given_table = help_desks.run(
        CaseContext(
            seed=1,
            today=context.today,
            assumptions=context.assumptions | {"desks": 1},
            places=context.places,
            tables={"population": file},
        )
    )
    assert given_table.figure("도움이 필요한 어르신").value == 3_500
    assert given_table.figure("고른 자리로 닿는 몫").value == pytest.approx(100)
    assert any("없는동" in note for note in given_table.notes)
    assert any("4줄" in note for note in given_table.notes)
    assert help_desks.GENERATED_NOTE not in given_table.notes


def test_wrong_assumptions_are_named(context: CaseContext) -> None:
    for change, says in (
        ({"cannot": 3}, "assumptions.yaml: cannot"),
        ({"standing": ["마포구 없는동"]}, "no neighbourhood 마포구 없는동"),
    ):
        with pytest.raises(InputError, match=says):
            help_desks.run(
                CaseContext(
                    seed=1,
                    today=context.today,
                    assumptions=context.assumptions | change,
                    places=context.places,
                )
            )
