from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.activity.silero import SileroActivity
from donghaeng.speech.audio import read_audio, resample, rms
from donghaeng.speech.completeness import NOTHING_SAID
from donghaeng.speech.engines import LISTEN_RATE, Audio, Samples, VoiceActivity
from donghaeng.speech.listening import PRE_ROLL_SECONDS, Listener
from donghaeng.speech.turn_taking import Expectation, Kind, TurnTiming, ending_silence

OPEN_SECONDS = ending_silence(TurnTiming(), Expectation(), NOTHING_SAID)


def voice(seconds: float, rate: int = LISTEN_RATE) -> Samples:
    return (0.3 * np.sin(2 * np.pi * 200 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def quiet(seconds: float, rate: int = LISTEN_RATE) -> Samples:
    return np.zeros(round(seconds * rate), np.float32)


SIGNS = (Kind.STIR, Kind.STILL)
"""What only the loudspeaker heeds."""


def listen(
    activity: VoiceActivity, sound: Samples, *, chunk_ms: int = 40, rate: int = LISTEN_RATE
) -> tuple[list[Kind], list[Audio]]:
    listener = Listener(activity, rate)
    step = rate * chunk_ms // 1000
    heard = [one for at in range(0, len(sound), step) for one in listener.feed(sound[at : at + step])]
    kinds = [one.event.kind for one in heard if one.event.kind not in SIGNS]
    return kinds, [one.utterance for one in heard if one.utterance]


def test_an_utterance_has_its_beginning_and_its_end() -> None:
    kinds, utterances = listen(EnergyActivity(), np.concatenate([quiet(3), voice(2), quiet(2)]))
    assert kinds == [Kind.SPEECH_START, Kind.PAUSE, Kind.SPEECH_END]
    (utterance,) = utterances
    assert utterance.rate == LISTEN_RATE
    assert utterance.seconds == pytest.approx(PRE_ROLL_SECONDS + 2 + OPEN_SECONDS, abs=0.12)
    before = utterance.samples[: LISTEN_RATE // 2]
    assert rms(before) < 0.01


@pytest.mark.parametrize("chunk_ms", [10, 20, 32, 60, 100, 200])
def test_the_size_of_the_chunks_changes_nothing(chunk_ms: int) -> None:
    sound = np.concatenate([quiet(1), voice(1), quiet(0.7), voice(0.4), quiet(2), voice(0.3), quiet(2)])
    kinds, utterances = listen(EnergyActivity(), sound, chunk_ms=chunk_ms)
    wanted_kinds, wanted = listen(EnergyActivity(), sound, chunk_ms=40)
    assert kinds == wanted_kinds
    assert len(utterances) == len(wanted) == 2
    for got, want in zip(utterances, wanted, strict=True):
        np.testing.assert_array_equal(got.samples, want.samples)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_other_rates_give_the_same_turns(rate: int) -> None:
    sound = np.concatenate([quiet(1, rate), voice(1, rate), quiet(2, rate)])
    kinds, (utterance,) = listen(EnergyActivity(), sound, rate=rate)
    assert kinds == [Kind.SPEECH_START, Kind.PAUSE, Kind.SPEECH_END]
    assert utterance.seconds == pytest.approx(PRE_ROLL_SECONDS + 1 + OPEN_SECONDS, abs=0.15)


def test_speech_from_the_first_sample_is_heard() -> None:
    kinds, (utterance,) = listen(EnergyActivity(), np.concatenate([voice(0.3), quiet(2)]))
    assert kinds[0] is Kind.SPEECH_START
    assert rms(utterance.samples[:1600]) > 0.1


def test_so_far_grows_and_cancel_forgets() -> None:
    listener = Listener(EnergyActivity(), LISTEN_RATE)
    listener.feed(voice(1.0))
    assert listener.so_far().seconds == pytest.approx(1.0, abs=0.1)
    listener.cancel()
    assert listener.so_far().seconds == 0.0
    assert all(one.event.kind in SIGNS for one in listener.feed(quiet(2)))


def test_commit_gives_what_was_said() -> None:
    listener = Listener(EnergyActivity(), LISTEN_RATE)
    assert listener.commit() == []
    listener.feed(np.concatenate([quiet(0.5), voice(0.5)]))
    (heard,) = listener.commit()
    assert heard.utterance is not None
    assert heard.utterance.seconds == pytest.approx(1.0, abs=0.1)


def test_silence_keeps_no_sound() -> None:
    listener = Listener(EnergyActivity(), LISTEN_RATE)
    for _ in range(100):
        listener.feed(quiet(1.0))
    kept = sum(frame.nbytes for frame in listener._before) + listener._rest.nbytes
    assert kept <= (PRE_ROLL_SECONDS + 0.1) * LISTEN_RATE * 4


@pytest.mark.audio
@pytest.mark.parametrize("name", ["deeply-AirbnbStudio-000.wav", "pansori-019.flac"])
def test_recorded_people_end_where_they_end(shared: Path, name: str) -> None:
    speech = resample(read_audio(shared / "data/speech" / name)).samples
    room = np.random.default_rng(3).normal(0, 0.001, 3 * LISTEN_RATE).astype(np.float32)
    kinds, utterances = listen(SileroActivity(), np.concatenate([room, speech, room]))
    assert kinds.count(Kind.SPEECH_START) == kinds.count(Kind.SPEECH_END) >= 1
    assert sum(utterance.seconds for utterance in utterances) > 0.8 * len(speech) / LISTEN_RATE
