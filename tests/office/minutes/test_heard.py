"""The real recogniser on a short recording of the shared speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from donghaeng.office.minutes.sound.transcribing import Ears, Ended, Said, transcribe
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio, resample
from donghaeng.speech.engines import LISTEN_RATE
from donghaeng.speech.load import load_recogniser, load_voice_activity


class Memory:
    """Keeps in memory."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    def kept(self) -> list[Said]:
        return self.said

    def keep(self, said: Said) -> None:
        self.said.append(said)


@pytest.mark.audio
def test_recorded_people_are_written_down_turn_by_turn(shared: Path, tmp_path: Path) -> None:
    clips = [
        path for path in sorted((shared / "data" / "speech").glob("*")) if path.suffix in (".wav", ".flac")
    ][:3]
    parts = []
    for clip in clips:
        parts += [resample(read_audio(clip)).samples, np.zeros(2 * LISTEN_RATE, np.float32)]
    recording = tmp_path / "meeting.flac"
    soundfile.write(recording, np.concatenate(parts), LISTEN_RATE)
    settings = load_settings()
    memory = Memory()
    ears = Ears(load_recogniser(settings), load_voice_activity(settings))
    assert transcribe(recording, ears, memory) is Ended.DONE
    assert len(memory.said) >= 3
    assert sum(any("가" <= sign <= "힣" for sign in said.text) for said in memory.said) >= 3
    assert [said.start for said in memory.said] == sorted(said.start for said in memory.said)
