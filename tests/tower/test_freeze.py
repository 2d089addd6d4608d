"""Water-meter freeze risk: the planted effects come out, forecasts are calibrated, the baseline is beaten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import CHECKOUT

from donghaeng.errors import InputError
from donghaeng.tower.cases import freeze
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.freeze_model import NAMES, fit
from donghaeng.tower.cases.freeze_tables import read_city
from donghaeng.tower.cases.freeze_winters import (
    BUILDINGS,
    METERS,
    FreezeAssumptions,
    Stock,
    Winter,
    cold_before,
    days_of,
    intercept_of,
    make_winter,
    stock_of,
)
from donghaeng.tower.cases.loading import find_case
from donghaeng.tower.cases.result import CaseResult, result_hash
from donghaeng.tower.csv_files import write_csv

CATALOGUE = CHECKOUT / "catalogue"


@dataclass(frozen=True)
class World:
    """One run, and what it was made from."""

    assumed: FreezeAssumptions
    context: CaseContext
    result: CaseResult
    intercept: float

    @property
    def stock(self) -> Stock:
        return self.result.private["stock"]

    @property
    def winters(self) -> tuple[Winter, ...]:
        return self.result.private["winters"]


@pytest.fixture(scope="module")
def world() -> World:
    case = find_case(CATALOGUE, "water_meter_freeze")
    assumed = FreezeAssumptions.model_validate(case.assumptions)
    context = CaseContext(seed=case.package.seed, today=date(2026, 11, 23), assumptions=case.assumptions)
    return World(assumed, context, freeze.run(context), intercept_of(assumed, stock_of(assumed)))


def test_the_stock_is_the_citys(world: World) -> None:
    stock = world.stock
    assert stock.count.sum() == pytest.approx(world.assumed.meters, rel=1e-3)
    assert stock.count[stock.meter == METERS.index("디지털")].sum() == pytest.approx(10_000, rel=5e-3)
    assert len(stock.districts) == 25


def test_a_mean_winter_has_the_freezes_of_the_winter_before(world: World) -> None:
    stock = world.stock
    totals = [
        make_winter(world.assumed, stock, world.intercept, 2000 + seed, np.random.default_rng(seed)).total
        for seed in range(16)
    ]
    # Winters differ by more than a thousand freezes; sixteen of them tell the mean to some hundred.
    assert np.mean(totals) == pytest.approx(2046, abs=3 * np.std(totals) / 16**0.5)
    assert world.result.figure("보온 부족이나 오래 비움이 까닭인 몫").value == pytest.approx(97, abs=1)


def test_the_planted_effects_are_recovered(world: World) -> None:
    effects = world.assumed.effects
    planted = [effects.cold_today, effects.cold_before, effects.poor, effects.absent]
    planted += [effects.buildings[name] for name in BUILDINGS[1:]]
    planted += [effects.meters[name] for name in METERS[1:]]
    fitted = world.result.private["model"].effects
    assert [one.name for one in fitted] == list(NAMES)
    for one, true in zip(fitted, planted, strict=True):
        assert abs(one.value - true) < 3.5 * one.error, one
        assert one.error < 0.15, one
    # Standard errors that were far too wide would let anything pass.
    away = [abs(one.value - true) / one.error for one, true in zip(fitted, planted, strict=True)]
    assert np.mean(away) < 2
    assert world.result.private["model"].intercept == pytest.approx(world.intercept, abs=0.3)


def test_the_forecast_beats_last_years_rate_with_an_interval_above_zero(world: World) -> None:
    gain = world.result.figure("브라이어 점수가 지난해 구별 비율보다 나은 만큼")
    assert gain.low is not None
    assert gain.high is not None
    assert 0 < gain.low < gain.value < gain.high


def test_the_forecast_is_calibrated(world: World) -> None:
    reliable = next(chart for chart in world.result.charts if chart.kind == "reliability").table
    assert len(reliable.rows) >= 8
    for forecast, observed, *_ in reliable.rows:
        assert observed == pytest.approx(forecast, rel=0.25)
    assert world.result.figure("예보와 실제가 어긋난 몫").value < 12


def test_without_the_effect_of_the_cold_the_baseline_is_not_beaten_so(world: World) -> None:
    """The test above can fail: a model that knows no weather gains far less."""
    flat = [
        Winter(one.year, one.days, np.zeros_like(one.low), np.zeros_like(one.low), one.freezes)
        for one in world.winters[:3]
    ]
    blind = freeze.back_test(world.stock, flat, 1.2, world.context)
    seeing = freeze.back_test(world.stock, world.winters[:3], 1.2, world.context)
    assert blind.gain.value < seeing.gain.value / 3


def test_the_same_seed_gives_the_same_hash_and_another_another(world: World) -> None:
    small = {
        **world.context.assumptions,
        "districts": {"중구": world.context.assumptions["districts"]["중구"]},
    }

    def hashed(seed: int) -> str:
        return result_hash(freeze.run(CaseContext(seed=seed, today=date(2030, 1, 1), assumptions=small)))

    assert hashed(1) == hashed(1) != hashed(2)


def test_the_pages_say_that_a_claim_waits_for_the_citys_data(world: World) -> None:
    assert any("시의 자료가 들어온 뒤에야" in note for note in world.result.notes)
    assert "시의 자료" in find_case(CATALOGUE, "water_meter_freeze").package.claim


def test_the_days_before_count_and_the_day_itself_does_not() -> None:
    low = np.array([[-10.0], [-5.0], [-8.0], [0.0]])
    assert cold_before(low)[:, 0] == pytest.approx([0, 5 / 3, 5 / 3, 8 / 3])


def test_nothing_can_be_learnt_from_no_freezes(world: World) -> None:
    winter = world.winters[0]
    calm = Winter(winter.year, winter.days, winter.low, winter.forecast, winter.freezes * 0)
    with pytest.raises(ValueError, match="at least one winter"):
        fit(world.stock, [calm])


# The city's own tables


def tables(folder: Path, world: World, *, days_missing: int = 0) -> dict[str, Path]:
    stock, winters = world.stock, world.winters[:3]
    own = np.flatnonzero(stock.district < 2)

    def cell(place: int) -> list[object]:
        return [
            stock.districts[stock.district[place]],
            BUILDINGS[stock.building[place]],
            "미흡" if stock.poor[place] else "양호",
            "예" if stock.absent[place] else "아니오",
            METERS[stock.meter[place]],
        ]

    heads = ["자치구", "건물유형", "보온상태", "장기부재", "계량기종류"]
    meters = [[*cell(place), int(stock.count[place])] for place in own]
    frozen = [
        [winter.days[on], *cell(place), int(winter.freezes[on, place])]
        for winter in winters
        for on, place in zip(*np.nonzero(winter.freezes), strict=True)
        if place in own
    ]
    weather = [
        [on, stock.districts[district], winter.low[row, district], winter.forecast[row, district]]
        for winter in winters
        for row, on in enumerate(winter.days[days_missing * (winter is winters[0]) :], start=0)
        for district in range(2)
    ]
    files = {
        "meters": write_csv(
            [*heads, "전수"], [*meters, ["화성구", *meters[0][1:]], [*meters[0][:5], "많이"]]
        ),
        "freezes": write_csv(["발생일", *heads, "건수"], [*frozen, ["2026-02-30", *frozen[0][1:]]]),
        "weather": write_csv(["일시", "자치구", "최저기온(°C)", "예보최저기온"], weather),
    }
    for name, body in files.items():
        (folder / f"{name}.csv").write_bytes(body.lstrip("\ufeff").encode("cp949"))
    return {name: folder / f"{name}.csv" for name in files}


def test_the_citys_tables_give_the_same_winters(world: World, tmp_path: Path) -> None:
    names = world.stock.districts[:2]
    city = read_city(tables(tmp_path, world), names)
    own = world.stock.district < 2
    assert city.stock.count.sum() == world.stock.count[own].sum()
    assert [one.total for one in city.winters] == [
        int(one.freezes[:, own].sum()) for one in world.winters[:3]
    ]
    np.testing.assert_allclose(city.winters[1].low, world.winters[1].low[:, :2])
    assert city.left_out == ("모르는 자치구여서 뺐어요: 화성구",)
    assert [[row.reason for row in sheet.skipped] for sheet in city.tables[:2]] == [
        ["전수: 수가 아니에요: '많이'"],
        ["발생일: 날짜가 아니에요: '2026-02-30' (2026-11-23처럼 적어 주세요)"],
    ]
    result = freeze.run(
        CaseContext(
            seed=1,
            today=date(2026, 11, 23),
            assumptions=world.context.assumptions
            | {"districts": {name: world.context.assumptions["districts"][name] for name in names}},
            tables=tables(tmp_path, world),
        )
    )
    assert freeze.CITY_NOTE in result.notes
    assert freeze.GENERATED_NOTE not in result.notes
    assert any("많이" in note for note in result.notes)


def test_a_winter_that_lacks_a_day_is_left_out_and_said(world: World, tmp_path: Path) -> None:
    city = read_city(tables(tmp_path, world, days_missing=5), world.stock.districts[:2])
    assert [one.year for one in city.winters] == [one.year for one in world.winters[1:3]]
    assert any("기온이 없는 날이 5일" in words for words in city.left_out)


def test_tables_that_contradict_one_another_are_refused(world: World, tmp_path: Path) -> None:
    given = tables(tmp_path, world)
    body = given["freezes"].read_text("cp949").splitlines()
    body[1] = ",".join([*body[1].split(",")[:6], "99999"])
    given["freezes"].write_text("\n".join(body), "cp949")
    with pytest.raises(InputError, match="more freezes on a day than there are meters"):
        read_city(given, world.stock.districts[:2])


def test_missing_tables_are_named() -> None:
    with pytest.raises(InputError, match="freezes, weather"):
        read_city({"meters": Path("x")}, ["중구"])


def test_a_winter_has_the_days_of_its_two_years() -> None:
    assert (days_of(2023)[0], days_of(2023)[-1], len(days_of(2023))) == (
        date(2023, 11, 15),
        date(2024, 3, 15),
        122,
    )
