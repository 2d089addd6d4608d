"""How long a recorded meeting takes to become turns: ``python -m bench.minutes_speed SPEECH --minutes 60``.

Composes a recording of that length from the clips of a folder, pauses between them, and hears it with the
default recogniser. Told are the seconds on the clock and the CPU seconds of all threads and of the process
that decodes; where other work shares the machine only the latter mean something (half of them is the time
on two free cores).
"""

from __future__ import annotations

import json
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import numpy as np
import soundfile

from donghaeng.office.minutes.sound.transcribing import Ears, Said, transcribe
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio, resample
from donghaeng.speech.engines import LISTEN_RATE
from donghaeng.speech.load import load_recogniser, load_voice_activity

PAUSES: Final = (0.4, 1.6)
"""Seconds between two clips."""
CORES: Final = 2


class _Kept:
    def __init__(self) -> None:
        self.said: list[Said] = []

    def kept(self) -> Sequence[Said]:
        return self.said

    def keep(self, said: Said) -> None:
        self.said.append(said)


def _compose(clips: Sequence[Path], seconds: float, path: Path) -> float:
    """Write clips in shuffled order until the length is reached; seconds."""
    chance = random.Random(7)
    written = 0
    with soundfile.SoundFile(path, "w", LISTEN_RATE, 1, "PCM_16") as out:
        while written < seconds * LISTEN_RATE:
            for clip in chance.sample(list(clips), len(clips)):
                samples = resample(read_audio(clip)).samples
                pause = np.zeros(int(chance.uniform(*PAUSES) * LISTEN_RATE), np.float32)
                out.write(np.concatenate([samples, pause]))
                written += len(samples) + len(pause)
                if written >= seconds * LISTEN_RATE:
                    break
    return written / LISTEN_RATE


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@click.command()
@click.argument("speech", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--minutes", default=60.0, show_default=True, type=click.FloatRange(0.5, 480))
def main(speech: Path, minutes: float) -> None:
    """Measure with the clips of a folder."""
    clips = sorted(path for path in speech.iterdir() if path.suffix in (".wav", ".flac"))
    settings = load_settings()
    recogniser = load_recogniser(settings)
    ears = Ears(recogniser, load_voice_activity(settings))
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "meeting.wav"
        seconds = _compose(clips, minutes * 60, recording)
        keeper = _Kept()
        cpu, clock = _cpu(), time.perf_counter()
        transcribe(recording, ears, keeper)
        cpu, clock = _cpu() - cpu, time.perf_counter() - clock
    figures = {
        "bench": "minutes",
        "clips": len(clips),
        "recording_s": round(seconds, 1),
        "turns": len(keeper.said),
        "recogniser": recogniser.info.model,
        "clock_s": round(clock, 1),
        "cpu_s": round(cpu, 1),
        "real_time_factor": round(clock / seconds, 3),
        "cpu_factor_of_two_cores": round(cpu / CORES / seconds, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
