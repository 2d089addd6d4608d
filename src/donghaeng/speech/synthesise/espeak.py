"""eSpeak NG: small, plain and everywhere; the voice that is left when no other works.

The program (Debian package ``espeak-ng``) is started for each clause, gets it on standard input, so that what
is said is in no list of processes, and answers with a WAV file.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

import numpy as np

from donghaeng.errors import AudioError, EngineError, EngineMissing
from donghaeng.speech.audio import read_audio, resample
from donghaeng.speech.engines import Audio, EngineInfo

PROGRAM: Final = "espeak-ng"
RATE: Final = 22_050
"""Samples a second of its Korean voice."""
VOICE: Final = "ko"
USUAL_PACE: Final = 175
"""What it calls words a minute, at speed 1: its own default, five syllables a second."""
SECONDS: Final = 10.0
"""Longest wait for a clause, which takes it a tenth of a second."""


class EspeakSynthesiser:
    """Speaks Korean with eSpeak NG. Thread-safe: each clause has a process of its own.

    Raises:
        EngineMissing: the program is not installed, or does not run.
    """

    rate = RATE

    def __init__(self) -> None:
        program = shutil.which(PROGRAM)
        if program is None:
            raise EngineMissing(f"{PROGRAM} is not installed", remedy=f"`apt-get install {PROGRAM}`")
        self._program = program
        try:
            told = self._run("--version").decode(errors="replace")
        except EngineError as error:
            raise EngineMissing(str(error), remedy=f"`apt-get install --reinstall {PROGRAM}`") from error
        version = told.partition("text-to-speech:")[2].split()
        self.info = EngineInfo(PROGRAM, version[0] if version else "unknown", VOICE, licence="GPL-3.0")

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause; a clause without a letter or digit is no sound (length 0).

        Raises:
            EngineError: the program failed or took too long.
        """
        if not any(char.isalnum() for char in clause):
            return Audio(np.zeros(0, np.float32), RATE)
        pace = str(round(USUAL_PACE * speed))
        wav = self._run("-v", VOICE, "-b", "1", "-s", pace, "--stdin", "--stdout", text=clause)
        try:
            return resample(read_audio(wav), RATE)
        except AudioError as error:
            raise EngineError(f"{PROGRAM} made no sound") from error

    def _run(self, *arguments: str, text: str = "") -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - a program of the system, and arguments of our own
                [self._program, *arguments],
                input=text.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineError(f"{PROGRAM} failed: {type(error).__name__}") from None
        return done.stdout
