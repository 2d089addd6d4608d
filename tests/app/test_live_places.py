"""How many callers a process lets in before and after its machine is measured."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from donghaeng.app import live_places
from donghaeng.app.live_places import admission_for, measure_places
from donghaeng.errors import EngineError
from donghaeng.measuring import capacity_kept
from donghaeng.measuring.capacity import Costs
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import RATE, FakeSynthesiser
from donghaeng.web.figures import Figures

CHEAP = Costs(hear=0.01, speak=0.02, listen=0.001)
USUAL = 2 * live_places.PLACES_A_CORE
"""Places of two cores that nobody has measured."""


@pytest.fixture
def speech() -> Speech:
    pool = SpeechPool(1)
    voice = PhraseCache(None, FakeSynthesiser())
    return Speech(Ears(FakeRecogniser(["강남역"] * 9), EnergyActivity()), voice, RATE, pool)


@pytest.fixture
def unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(live_places, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(capacity_kept, "usable_cores", lambda: 2)
    return load_settings(cache=tmp_path, max_live=None, max_waiting=7)


async def test_a_machine_is_measured_once_in_the_background_and_then_known(
    unset: Settings, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[object] = []

    def measure(found: object) -> Costs:
        measured.append(found)
        return CHEAP

    monkeypatch.setattr(capacity_kept, "measure", measure)
    figures = Figures()
    admission = admission_for(unset, speech, figures)
    assert admission.places == USUAL
    await measure_places(admission, unset, speech)
    assert admission.places == capacity_kept.places(CHEAP) > USUAL
    assert f"donghaeng_live_places {admission.places}.0" in figures.text().decode()
    assert admission_for(unset, speech, Figures()).places == admission.places
    await measure_places(admission, unset, speech)
    assert len(measured) == 1


async def test_nothing_is_measured_while_somebody_speaks_nor_kept_if_somebody_came(
    unset: Settings, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = admission_for(unset, speech, Figures())
    measured: list[object] = []
    second = threading.Event()

    def measure(found: object) -> Costs:
        measured.append(found)
        if len(measured) == 1:
            came.append(admission.join())
            second.set()
        return CHEAP

    came = [admission.join()]
    monkeypatch.setattr(capacity_kept, "measure", measure)
    task = asyncio.create_task(measure_places(admission, unset, speech))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not measured
    came[0].leave()  # type: ignore[union-attr]
    await asyncio.to_thread(second.wait, 10)
    for _ in range(50):
        await asyncio.sleep(0)
    assert admission.places == USUAL
    came[1].leave()  # type: ignore[union-attr]
    await task
    assert len(measured) == 2
    assert admission.places > USUAL


async def test_a_number_that_is_set_counts(unset: Settings, speech: Speech) -> None:
    chosen = unset.model_copy(update={"max_live": 5})
    admission = admission_for(chosen, speech, Figures())
    await measure_places(admission, chosen, speech)
    assert admission.places == 5
    assert not (unset.cache / capacity_kept.FILE).exists()


async def test_engines_that_fail_leave_the_cautious_number(
    unset: Settings, speech: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(found: object) -> Costs:
        raise EngineError("broken")

    monkeypatch.setattr(capacity_kept, "measure", measure)
    admission = admission_for(unset, speech, Figures())
    await measure_places(admission, unset, speech)
    assert admission.places == USUAL
    assert admission_for(unset, None, Figures()).places == USUAL
    await measure_places(admission, unset, None)
