"""How many conversations a machine carries, and where that is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.measuring import capacity_kept
from donghaeng.measuring.capacity import LIMIT_SECONDS, MOST, Costs, carries, load_of_one
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.fake import FakeSynthesiser

COSTS = Costs(hear=0.16, speak=0.7, listen=0.006)


def test_more_cores_and_more_cached_sound_carry_more() -> None:
    by_cache = [carries(COSTS, 2, cached=share).live for share in (0.0, 0.5, 0.7, 0.9)]
    assert by_cache == sorted(by_cache)
    assert by_cache[0] < by_cache[2] < by_cache[3]
    by_cores = [carries(COSTS, cores).live for cores in (1, 2, 4, 8)]
    assert by_cores == sorted(by_cores)
    assert by_cores[0] < by_cores[3]


def test_the_answers_are_in_time_and_one_more_would_not_be() -> None:
    found = carries(COSTS, 4)
    assert 0 < found.p95_seconds <= LIMIT_SECONDS
    assert found.utilisation == pytest.approx(found.live * load_of_one(COSTS, 0.7) / 4)
    assert 0.2 < found.utilisation < 1.0


def test_a_machine_that_is_too_slow_for_one_carries_none_and_lets_two_a_core_in() -> None:
    slow = Costs(hear=2.0, speak=4.0, listen=0.1)
    assert carries(slow, 1, cached=0.0).live == 0
    least = capacity_kept.LEAST_A_CORE * capacity_kept.usable_cores()
    assert capacity_kept.places(slow, cached=0.0) == least


def test_nobody_is_asked_to_carry_more_than_the_most() -> None:
    assert carries(Costs(hear=0.0, speak=0.0, listen=0.0), 64).live == MOST


def test_alone_and_almost_without_work_it_takes_the_silence_that_ends_a_turn() -> None:
    quick = carries(Costs(hear=0.0, speak=0.0, listen=0.49), 1)
    assert (quick.live, quick.p95_seconds) == (1, pytest.approx(0.5))


@given(st.floats(0.01, 1.0), st.floats(0.01, 2.0), st.sampled_from([1, 2, 4]), st.floats(0.0, 1.0))
@settings(deadline=None, max_examples=25)
def test_dearer_engines_never_carry_more(hear: float, speak: float, cores: int, cached: float) -> None:
    costs = Costs(hear, speak, 0.005)
    dear = Costs(2 * hear, 2 * speak, 0.01)
    assert carries(dear, cores, cached=cached).live <= carries(costs, cores, cached=cached).live + 1


def test_what_was_measured_is_kept_for_these_engines_and_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    infos = [FakeSynthesiser().info, EnergyActivity().info]
    assert capacity_kept.kept(tmp_path, infos) is None
    capacity_kept.keep(tmp_path / "new", infos, COSTS)
    assert capacity_kept.kept(tmp_path / "new", infos) == COSTS
    other = [replace(infos[0], sha256="0" * 64), infos[1]]
    assert capacity_kept.kept(tmp_path / "new", other) is None
    monkeypatch.setattr(capacity_kept, "usable_cores", lambda: 99)
    assert capacity_kept.kept(tmp_path / "new", infos) is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"engines": "%s"}', '{"engines": "%s", "costs": {"hear": "x"}}',
     '{"engines": "%s", "costs": {"hear": -1, "speak": 1, "listen": 1}}'],
)  # fmt: skip
def test_a_broken_file_is_measured_anew(tmp_path: Path, text: str) -> None:
    infos = [FakeSynthesiser().info]
    file = tmp_path / capacity_kept.FILE
    file.write_text(text.replace("%s", capacity_kept.fingerprint(infos)), encoding="utf-8")
    assert capacity_kept.kept(tmp_path, infos) is None


def test_a_folder_that_takes_nothing_costs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    capacity_kept.keep(file, [FakeSynthesiser().info], COSTS)
    assert capacity_kept.kept(file, [FakeSynthesiser().info]) is None


def test_every_engine_is_measured() -> None:
    found = capacity_kept.Engines(FakeSynthesiser(), EnergyActivity(), FakeRecogniser(["강남역"] * 3))
    costs = capacity_kept.measure(found)
    assert min(costs.hear, costs.speak, costs.listen) >= 0
    assert len(found.infos) == 3
