"""A real HTTP server that speaks the format, well or badly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.speech.test_load import fake_settings
from tests.web.serving import served

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.settings import load_settings
from donghaeng.speech import load
from donghaeng.speech.audio import read_audio, wav_bytes
from donghaeng.speech.engines import Audio, Hints
from donghaeng.speech.remote.openai import OpenAIRecogniser, OpenAISynthesiser
from donghaeng.speech.remote.words import SPOKEN_RATE

HEARD = "문 연 약국 있어요"
KEY = "a-key-that-is-no-key"


class Engine:
    """What was asked, and what is answered instead of the right thing."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.instead: Response | None = None

    async def transcribe(self, request: Request) -> Response:
        form = await request.form()
        file: Any = form["file"]
        sound = read_audio(await file.read())
        fields = {name: value for name, value in form.items() if name != "file"}
        self.asked.append({**fields, "key": request.headers.get("authorization"), "rate": sound.rate})
        return self.instead or JSONResponse({"text": HEARD})

    async def speak(self, request: Request) -> Response:
        self.asked.append(await request.json())
        tone = Audio(np.full(22_050, 0.1, np.float32), 22_050)
        return self.instead or Response(wav_bytes(tone), media_type="audio/wav")


@contextmanager
def engine() -> Iterator[tuple[str, Engine]]:
    here = Engine()
    routes = [
        Route("/v1/audio/transcriptions", here.transcribe, methods=["POST"]),
        Route("/v1/audio/speech", here.speak, methods=["POST"]),
    ]
    with served(Starlette(routes=routes)) as address:  # type: ignore[arg-type]
        yield f"{address}/v1", here


def speech() -> Audio:
    return Audio(np.full(8_000, 0.1, np.float32), 8_000)


def test_words_come_back_in_korean_and_what_is_likely_is_the_prompt() -> None:
    with engine() as (url, here):
        recogniser = OpenAIRecogniser(recogniser_url=url, recogniser_key=KEY, model="large")
        assert recogniser.recognise(speech(), Hints(phrases=("약국", "합정동"))).text == HEARD
        (asked,) = here.asked
        assert (asked["language"], asked["model"], asked["prompt"]) == ("ko", "large", "약국, 합정동")
        assert (asked["key"], asked["rate"]) == (f"Bearer {KEY}", 16_000)


def test_a_stock_phrase_of_the_catalogue_is_no_speech() -> None:
    with engine() as (url, here):
        here.instead = JSONResponse({"text": "시청해주셔서 감사합니다."})
        heard = OpenAIRecogniser(recogniser_url=url, catalogue=load_settings().catalogue).recognise(speech())
        assert (heard.text, heard.rejected) == ("", "stock phrase")


def test_a_clause_is_spoken_at_our_rate_and_the_wanted_speed() -> None:
    with engine() as (url, here):
        synthesiser = OpenAISynthesiser(synthesiser_url=url, voice="sage")
        sound = synthesiser.synthesise("네, 알겠어요.", speed=0.9)
        assert (sound.rate, synthesiser.rate) == (SPOKEN_RATE, SPOKEN_RATE)
        assert sound.seconds == pytest.approx(1.0, abs=0.01)
        assert here.asked[0]["voice"] == "sage"
        assert here.asked[0]["speed"] == 0.9
        assert synthesiser.synthesise("…").seconds == 0.0


@pytest.mark.parametrize(
    "instead",
    [
        Response(status_code=503),
        Response(status_code=307, headers={"location": "http://127.0.0.1:9/"}),
        JSONResponse({"words": 1}),
        Response(b"not sound", media_type="audio/wav"),
    ],
)
def test_a_wrong_answer_is_an_error_that_tells_nothing_of_what_was_said(instead: Response) -> None:
    with engine() as (url, here):
        here.instead = instead
        recogniser = OpenAIRecogniser(recogniser_url=url, recogniser_key=KEY)
        synthesiser = OpenAISynthesiser(synthesiser_url=url)
        with pytest.raises(EngineError) as of_ears:
            recogniser.recognise(speech(), Hints(phrases=("비밀",)))
        with pytest.raises(EngineError) as of_mouth:
            synthesiser.synthesise("비밀이에요")
        assert "비밀" not in f"{of_ears.value}{of_mouth.value}"
        assert KEY not in f"{of_ears.value}{of_mouth.value}"


def test_without_an_address_or_anybody_there() -> None:
    with pytest.raises(EngineMissing, match="DONGHAENG_RECOGNISER_URL"):
        OpenAIRecogniser()
    with pytest.raises(EngineMissing, match="DONGHAENG_SYNTHESISER_URL"):
        OpenAISynthesiser(synthesiser_url="ftp://x")
    with pytest.raises(EngineError):
        OpenAIRecogniser(recogniser_url="http://127.0.0.1:9/v1").recognise(speech())


def test_the_settings_name_it(tmp_path: Any) -> None:
    with engine() as (url, _):
        settings = fake_settings(tmp_path, synthesiser="openai", synthesiser_url=url, synthesiser_key=KEY)
        assert isinstance(load.load_synthesiser(settings), OpenAISynthesiser)
