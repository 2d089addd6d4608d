"""How fast each engine is on this machine, for `donghaeng doctor`: one sentence spoken, found and heard."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.figures import cpu_seconds, milliseconds
from donghaeng.speech.audio import resample
from donghaeng.speech.engines import LISTEN_RATE, Audio, EngineInfo, Recogniser, Synthesiser, VoiceActivity
from donghaeng.speech.hearing_eval import character_errors
from donghaeng.understanding.embed.protocol import Embedder

SENTENCE: Final = "강남역에 지하철이 언제 오는지 알려 주세요."
"""What is spoken and heard."""
SENTENCES: Final = ("오늘 비가 오나요", "근처에 약국이 있어요", "소파를 버리고 싶어요", "버스가 언제 와요")
"""What is embedded."""
COST: Final = "cpu_s_per_audio_s"
"""Name of the figure that tells how many CPU seconds a second of sound takes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What an engine did and how much CPU time it took."""

    figures: JsonObject
    sound: Audio | None = None


def describe(info: EngineInfo) -> str:
    """An engine in one line: model, version, checksum."""
    checksum = f", sha256 {info.sha256[:16]}…" if info.sha256 else ""
    return f"{info.name}: {info.model} ({info.version}{checksum})"


def speak(synthesiser: Synthesiser) -> Measured:
    """CPU seconds for a second of sound."""
    synthesiser.synthesise("네.")
    cpu, began = cpu_seconds(), time.perf_counter()
    sound = synthesiser.synthesise(SENTENCE)
    wall, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    return Measured({COST: _share(cpu, sound), "seconds": round(wall, 2)}, sound)


def hear(recogniser: Recogniser, sound: Audio) -> Measured:
    """CPU seconds for a second of sound, and the share of wrong letters."""
    recogniser.recognise(sound)
    began = time.perf_counter()
    heard = recogniser.recognise(sound)
    wall = time.perf_counter() - began
    wrong, letters = character_errors(heard.text, SENTENCE)
    return Measured(
        {
            COST: _share(heard.cpu_seconds, sound),
            "seconds": round(wall, 2),
            "letters_wrong": round(wrong / letters, 3),
        }
    )


def find_speech(activity: VoiceActivity, sound: Audio) -> Measured:
    """CPU seconds for a second of sound, and the share of frames taken for speech."""
    samples = resample(sound, LISTEN_RATE).samples
    stream = activity.stream()
    size = stream.frame_samples
    frames = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    cpu = cpu_seconds()
    speech = sum(stream.probability(frame) >= 0.5 for frame in frames)
    cpu = cpu_seconds() - cpu
    return Measured({COST: _share(cpu, sound), "speech_share": round(speech / len(frames), 2)})


def embed(embedder: Embedder) -> Measured:
    """Milliseconds a sentence."""
    embedder.embed(SENTENCES[:1])
    seconds = []
    for sentence in SENTENCES:
        began = time.perf_counter()
        embedder.embed([sentence])
        seconds.append(time.perf_counter() - began)
    return Measured(dict(milliseconds(seconds)))


def _share(cpu: float, sound: Audio) -> float:
    return round(cpu / sound.seconds, 3)
