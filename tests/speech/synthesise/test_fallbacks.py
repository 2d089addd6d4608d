"""Nobody is left without a voice, and nobody's sound passes for another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import EngineError
from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import FakeSynthesiser
from donghaeng.speech.synthesise.fallbacks import (
    FAILURES,
    REST_SECONDS,
    FallbackSynthesiser,
    LaterSynthesiser,
)

CLAUSE = "안녕하세요."


class Named(FakeSynthesiser):
    """A tone that can be broken."""

    def __init__(self, name: str, rate: int = 24_000) -> None:
        super().__init__()
        self.info = EngineInfo(name, "1", "tone")
        self.rate = rate
        self.breaks: Exception | None = None

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        sound = super().synthesise(clause, speed=speed)
        if self.breaks is not None:
            raise self.breaks
        return Audio(sound.samples, self.rate)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def chain(*engines: Named) -> tuple[FallbackSynthesiser, Clock]:
    clock = Clock()
    return FallbackSynthesiser(engines, clock=clock), clock


def test_the_chosen_engine_speaks_while_it_can() -> None:
    first, last = Named("first"), Named("last")
    both, _ = chain(first, last)
    assert both.synthesise(CLAUSE).instead is None
    assert (len(first.spoken), len(last.spoken)) == (1, 0)
    assert (both.info, both.rate) == (first.info, first.rate)


@pytest.mark.parametrize("fault", [EngineError("out of order"), RuntimeError("a plug-in's own")])
def test_another_takes_its_place_at_the_same_rate(fault: Exception) -> None:
    first, last = Named("first", 24_000), Named("last", 22_050)
    first.breaks = fault
    both, _ = chain(first, last)
    sound = both.synthesise(CLAUSE)
    assert sound.instead == last.info
    assert sound.rate == 24_000
    assert sound.seconds == pytest.approx(5 * 0.15 * 24_000 / 22_050, abs=0.01)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(24_000), np.full(24_000, np.nan)])
def test_silence_and_nonsense_are_failures(samples: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = Named("first"), Named("last")
    monkeypatch.setattr(first, "synthesise", lambda clause, speed: Audio(samples.astype(np.float32), 24_000))
    assert chain(first, last)[0].synthesise(CLAUSE).instead == last.info


def test_a_clause_without_words_may_be_silent() -> None:
    both, _ = chain(Named("first"), Named("last"))
    sound = both.synthesise("…")
    assert (sound.seconds, sound.instead) == (0.0, None)


def test_an_engine_that_fails_again_and_again_rests_and_is_tried_again_later() -> None:
    first, last = Named("first"), Named("last")
    first.breaks = EngineError("no")
    both, clock = chain(first, last)
    for _ in range(FAILURES + 3):
        both.synthesise(CLAUSE)
    assert len(first.spoken) == FAILURES
    first.breaks = None
    clock.now += REST_SECONDS
    assert both.synthesise(CLAUSE).instead is None


def test_an_engine_that_rests_is_still_better_than_none() -> None:
    first, last = Named("first"), Named("last")
    first.breaks = EngineError("no")
    both, _ = chain(first, last)
    for _ in range(FAILURES):
        both.synthesise(CLAUSE)
    first.breaks, last.breaks = None, EngineError("no")
    assert both.synthesise(CLAUSE).instead is None


def test_when_none_can_speak_the_error_names_engines_and_no_words() -> None:
    first, last = Named("first"), Named("last")
    first.breaks = last.breaks = EngineError("비밀")
    with pytest.raises(EngineError, match="first: EngineError, last: EngineError") as failure:
        chain(first, last)[0].synthesise("비밀이에요")
    assert "비밀" not in str(failure.value)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 60)), max_size=30))
def test_whatever_fails_and_when_there_is_sound_while_one_engine_works(
    steps: list[tuple[bool, bool, float]],
) -> None:
    first, last = Named("first"), Named("last")
    both, clock = chain(first, last)
    for first_works, last_works, waits in steps:
        clock.now += waits
        first.breaks = None if first_works else EngineError("no")
        last.breaks = None if last_works else EngineError("no")
        if first_works or last_works:
            sound = both.synthesise(CLAUSE)
            assert sound.samples.any()
            assert sound.instead in ((None, last.info) if first_works else (last.info,))
        else:
            with pytest.raises(EngineError):
                both.synthesise(CLAUSE)


def test_an_engine_in_reserve_is_loaded_when_it_is_needed_and_once() -> None:
    first, last, loads = Named("first"), Named("last"), []

    def build() -> Named:
        loads.append(1)
        if len(loads) == 1:
            raise EngineError("not yet")
        return last

    later = LaterSynthesiser("last", build)
    both = FallbackSynthesiser([first, later], clock=Clock())
    both.synthesise(CLAUSE)
    assert (loads, later.info.name) == ([], "last")
    first.breaks = EngineError("no")
    with pytest.raises(EngineError):
        both.synthesise(CLAUSE)
    with ThreadPoolExecutor(4) as pool:
        sounds = list(pool.map(lambda _: both.synthesise(CLAUSE), range(8)))
    assert all(sound.instead == last.info for sound in sounds)
    assert len(loads) == 2
    assert later.rate == last.rate


def test_what_another_engine_made_is_never_kept_as_the_chosen_ones(tmp_path: Path) -> None:
    first, last = Named("first"), Named("last")
    first.breaks = EngineError("no")
    cache = PhraseCache(tmp_path, chain(first, last)[0])
    assert next(cache.speak(CLAUSE, private=frozenset())).samples.any()
    assert list(tmp_path.glob("*.flac")) == []
    first.breaks = None
    list(cache.speak(CLAUSE, private=frozenset()))
    list(cache.speak(CLAUSE, private=frozenset()))
    assert len(first.spoken) == 2
    assert (cache.stats.made, cache.stats.instead, cache.stats.memory_hits) == (2, 1, 1)
    assert len(list(tmp_path.glob("*.flac"))) == 1
    alone = PhraseCache(tmp_path, first)
    list(alone.speak(CLAUSE, private=frozenset()))
    assert alone.stats.disk_hits == 1
