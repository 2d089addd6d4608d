"""Engines behind OpenAI-compatible addresses: ``POST {url}/audio/transcriptions`` and ``…/audio/speech``.

Spoken by speaches, whisper.cpp, vLLM, LocalAI and hosted services (platform.openai.com/docs, "Audio").
Neither the key nor what is said reaches a log line or an error message. Redirects, proxies and ``.netrc`` of
the environment are not followed: what a citizen said goes to the named address alone.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from donghaeng.errors import AudioError, EngineError, EngineMissing
from donghaeng.speech.audio import read_audio, resample, wav_bytes
from donghaeng.speech.engines import LISTEN_RATE, NO_HINTS, Audio, EngineInfo, Hints, Recognition
from donghaeng.speech.remote.words import LANGUAGE, SPOKEN_RATE, recognition, stock_phrases

SECONDS: Final = 20.0
"""Longest wait for an answer."""
MOST_BYTES: Final = 20_000_000
MOST_PHRASES: Final = 8
HEARS: Final = "whisper-1"
SPEAKS: Final = "tts-1"
VOICE: Final = "alloy"


class OpenAIRecogniser:
    """Speech → words. Thread-safe."""

    def __init__(
        self,
        *,
        recogniser_url: str | None = None,
        recogniser_key: str | None = None,
        model: str | None = None,
        catalogue: Path | None = None,
    ) -> None:
        """Speak to an address up to and with its version (``http://127.0.0.1:8000/v1``).

        Raises:
            EngineMissing: no address is set.
        """
        self._client = _client(recogniser_url, recogniser_key, "DONGHAENG_RECOGNISER_URL")
        self._model = model or HEARS
        self._stock = stock_phrases(catalogue)
        self.info = EngineInfo("openai", "1", self._model)

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        """Recognise one utterance; the likely phrases of ``hints`` are its prompt.

        Raises:
            EngineError: the address does not answer as it should.
        """
        began = time.process_time()
        fields = {"model": self._model, "language": LANGUAGE, "response_format": "json", "temperature": "0"}
        if hints.phrases:
            fields["prompt"] = ", ".join(hints.phrases[:MOST_PHRASES])
        sound = wav_bytes(resample(audio, LISTEN_RATE))
        answer = _posted(
            self._client,
            "audio/transcriptions",
            data=fields,
            files={"file": ("said.wav", sound, "audio/wav")},
        )
        try:
            text = answer.json()["text"]
        except (ValueError, KeyError, TypeError):
            raise EngineError("the recogniser's answer holds no text") from None
        return recognition(str(text), audio, self._stock, began)


class OpenAISynthesiser:
    """Words → speech. Thread-safe."""

    rate = SPOKEN_RATE

    def __init__(
        self,
        *,
        synthesiser_url: str | None = None,
        synthesiser_key: str | None = None,
        synthesiser_model: str | None = None,
        voice: str | None = None,
    ) -> None:
        """Speak to an address up to and with its version.

        Raises:
            EngineMissing: no address is set.
        """
        self._client = _client(synthesiser_url, synthesiser_key, "DONGHAENG_SYNTHESISER_URL")
        self._model, self._voice = synthesiser_model or SPEAKS, voice or VOICE
        self.info = EngineInfo("openai", "1", f"{self._model}/{self._voice}")

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        """Speak one clause.

        Raises:
            EngineError: the address does not answer as it should.
        """
        if not any(char.isalnum() for char in clause):
            return Audio(np.zeros(0, np.float32), SPOKEN_RATE)
        wish = {
            "model": self._model,
            "input": clause,
            "voice": self._voice,
            "response_format": "wav",
            "speed": round(speed, 2),
        }
        answer = _posted(self._client, "audio/speech", json=wish)
        try:
            return resample(read_audio(answer.content), SPOKEN_RATE)
        except AudioError as error:
            raise EngineError("the synthesiser's answer is no sound") from error


def _client(url: str | None, key: str | None, setting: str) -> httpx.Client:
    if url is None or not url.startswith(("http://", "https://")):
        raise EngineMissing(
            "the engine `openai` needs an address", remedy=f"set {setting}=http://127.0.0.1:8000/v1"
        )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(
        base_url=url, headers=headers, timeout=SECONDS, follow_redirects=False, trust_env=False
    )


def _posted(client: httpx.Client, path: str, **body: object) -> httpx.Response:
    try:
        answer = client.post(path, **body)  # type: ignore[arg-type]
    except httpx.HTTPError as error:
        raise EngineError(f"the speech engine does not answer: {type(error).__name__}") from None
    if answer.status_code != httpx.codes.OK:
        raise EngineError(f"the speech engine answers {answer.status_code}")
    if len(answer.content) > MOST_BYTES:
        raise EngineError("the speech engine's answer is too large")
    return answer
