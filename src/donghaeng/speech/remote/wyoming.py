"""Engines behind the Wyoming protocol (Home Assistant's speech engines: whisper, vosk, piper …).

Events over TCP, JSON with a payload (https://github.com/OHF-Voice/wyoming); each utterance and each clause
has a connection of its own, so that engines that take one at a time are not mixed up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.speech.audio import pcm16_to_samples, resample, samples_to_pcm16
from donghaeng.speech.engines import LISTEN_RATE, NO_HINTS, Audio, EngineInfo, Hints, Recognition, Samples
from donghaeng.speech.remote.words import LANGUAGE, SPOKEN_RATE, recognition, stock_phrases

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 20.0
CHUNK_SECONDS: Final = 0.1


class WyomingRecogniser:
    """Speech → words at ``tcp://host:port``."""

    def __init__(
        self, *, recogniser_url: str | None = None, model: str | None = None, catalogue: Path | None = None
    ) -> None:
        """Ask the engine what it is.

        Args:
            recogniser_url: where it listens.
            model: one of its models; its own choice when None.
            catalogue: folder with the list of stock phrases.

        Raises:
            EngineMissing: nothing answers there, or nothing that recognises.
        """
        self._address = _address(recogniser_url, "DONGHAENG_RECOGNISER_URL")
        self._model = model
        self._stock = stock_phrases(catalogue)
        programs = asyncio.run(_describe(self._address)).asr
        if not programs:
            raise EngineMissing(
                f"{self._address} recognises no speech", remedy="give the address of a recogniser"
            )
        self.info = EngineInfo("wyoming", programs[0].version or "unknown", model or programs[0].name)

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance; the likely phrases of ``hints`` are sent along.

        Raises:
            EngineError: the engine failed or did not answer in time.
        """
        began = time.process_time()
        text = asyncio.run(self._transcript(resample(audio, LISTEN_RATE).samples, hints))
        return recognition(text, audio, self._stock, began)

    async def _transcript(self, samples: Samples, hints: Hints) -> str:
        form: dict[str, Any] = {"rate": LISTEN_RATE, "width": 2, "channels": 1}
        step = int(CHUNK_SECONDS * LISTEN_RATE)
        async with _talking(self._address) as client:
            terms = list(hints.phrases) or None
            wish = Transcribe(name=self._model, language=LANGUAGE, transcript_terms=terms)
            await client.write_event(wish.event())
            await client.write_event(AudioStart(**form).event())
            for at in range(0, len(samples), step):
                piece = samples_to_pcm16(samples[at : at + step])
                await client.write_event(AudioChunk(audio=piece, **form).event())
            await client.write_event(AudioStop().event())
            while True:
                event = await _next(client, self._address)
                if Transcript.is_type(event.type):
                    return Transcript.from_event(event).text


class WyomingSynthesiser:
    """Words → speech at ``tcp://host:port``."""

    rate = SPOKEN_RATE

    def __init__(self, *, synthesiser_url: str | None = None, voice: str | None = None) -> None:
        """Ask the engine what it is.

        Args:
            synthesiser_url: where it listens.
            voice: one of its voices; its Korean one when None.

        Raises:
            EngineMissing: nothing answers there, or nothing that speaks.
        """
        self._address = _address(synthesiser_url, "DONGHAENG_SYNTHESISER_URL")
        self._voice = SynthesizeVoice(name=voice) if voice else SynthesizeVoice(language=LANGUAGE)
        programs = asyncio.run(_describe(self._address)).tts
        if not programs:
            raise EngineMissing(f"{self._address} does not speak", remedy="give the address of a synthesiser")
        self.info = EngineInfo("wyoming", programs[0].version or "unknown", voice or programs[0].name)

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause. The protocol knows no speed: slowness is in the pauses between clauses.

        Raises:
            EngineError: the engine failed or did not answer in time.
        """
        del speed
        if not any(char.isalnum() for char in clause):
            return Audio(np.zeros(0, np.float32), SPOKEN_RATE)
        return resample(asyncio.run(self._sound(clause)), SPOKEN_RATE)

    async def _sound(self, clause: str) -> Audio:
        rate, channels, pieces = SPOKEN_RATE, 1, [np.zeros(0, np.float32)]
        async with _talking(self._address) as client:
            await client.write_event(Synthesize(text=clause, voice=self._voice).event())
            while True:
                event = await _next(client, self._address)
                if AudioStart.is_type(event.type):
                    start = AudioStart.from_event(event)
                    rate, channels = start.rate, start.channels
                    if start.width != 2:
                        raise EngineError(f"{self._address} sends samples of {start.width} bytes, not 2")
                elif AudioChunk.is_type(event.type):
                    pieces.append(pcm16_to_samples(AudioChunk.from_event(event).audio)[::channels])
                elif AudioStop.is_type(event.type):
                    return Audio(np.concatenate(pieces), rate)


def _address(url: str | None, setting: str) -> str:
    if url is None or not url.startswith("tcp://"):
        raise EngineMissing("the engine `wyoming` needs an address", remedy=f"set {setting}=tcp://host:port")
    return url


async def _describe(address: str) -> Info:
    try:
        async with _talking(address) as client:
            await client.write_event(Describe().event())
            while True:
                event = await _next(client, address)
                if Info.is_type(event.type):
                    return Info.from_event(event)
    except EngineError as error:
        raise EngineMissing(str(error), remedy="start the engine, or correct its address") from error


@asynccontextmanager
async def _talking(address: str) -> AsyncIterator[AsyncClient]:
    """A connection while the block runs, all of it within :data:`ANSWER_SECONDS`."""
    client = AsyncClient.from_uri(address, connect_timeout=CONNECT_SECONDS)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await client.connect()
            yield client
    except TimeoutError:
        raise EngineError(f"{address} did not answer in time") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"{address} failed: {type(error).__name__}") from error
    finally:
        with suppress(OSError):
            await client.disconnect()


async def _next(client: AsyncClient, address: str) -> Event:
    event = await client.read_event()
    if event is None:
        raise EngineError(f"{address} hung up")
    if Error.is_type(event.type):
        raise EngineError(f"{address} failed")
    return event
