"""Wyoming's own server at the other end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pytest
from tests.speech.test_load import fake_settings
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import Synthesize

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.speech import load
from donghaeng.speech.engines import Audio, Hints
from donghaeng.speech.remote.words import SPOKEN_RATE
from donghaeng.speech.remote.wyoming import WyomingRecogniser, WyomingSynthesiser

HEARD = "문 연 약국 있어요"
MAKER = Attribution(name="test", url="http://127.0.0.1")
HERE: dict[str, Any] = {"attribution": MAKER, "installed": True, "description": None, "version": "1.2"}
INFO = Info(
    asr=[AsrProgram(name="ears", models=[AsrModel(name="ko", languages=["ko"], **HERE)], **HERE)],
    tts=[TtsProgram(name="mouth", voices=[TtsVoice(name="ko", languages=["ko"], **HERE)], **HERE)],
)


class Engine(AsyncEventHandler):
    """Hears :data:`HEARD`, speaks a tone of 22,050 samples a second."""

    asked: ClassVar[list[Event]] = []
    manner: ClassVar[str] = "well"
    info: ClassVar[Info] = INFO

    async def handle_event(self, event: Event) -> bool:
        Engine.asked.append(event)
        if Describe.is_type(event.type):
            await self.write_event(Engine.info.event())
        elif Engine.manner == "error":
            await self.write_event(Error(text="out of order").event())
        elif Engine.manner == "hang up":
            return False
        elif AudioStop.is_type(event.type):
            await self.write_event(Transcript(text=HEARD).event())
        elif Synthesize.is_type(event.type):
            form = {"rate": 22_050, "width": 2, "channels": 1}
            await self.write_event(AudioStart(**form).event())
            await self.write_event(AudioChunk(audio=b"\0\20" * 22_050, **form).event())
            await self.write_event(AudioStop().event())
        return True


@contextmanager
def engine(manner: str = "well", info: Info = INFO) -> Iterator[str]:
    Engine.asked, Engine.manner, Engine.info = [], "well", info
    started, over, port = threading.Event(), asyncio.Event(), []

    async def serve() -> None:
        server = AsyncTcpServer("127.0.0.1", 0)
        await server.start(partial(Engine))
        port.append(server._server.sockets[0].getsockname()[1])
        loops.append(asyncio.get_running_loop())
        started.set()
        await over.wait()
        await server.stop()

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield f"tcp://127.0.0.1:{port[0]}"
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(10)


def speech(seconds: float = 1.0, rate: int = 8_000) -> Audio:
    return Audio(np.full(int(seconds * rate), 0.1, np.float32), rate)


def test_words_come_back_and_what_is_likely_is_sent_along() -> None:
    with engine() as url:
        recogniser = WyomingRecogniser(recogniser_url=url)
        assert recogniser.info.version == "1.2"
        heard = recogniser.recognise(speech(), Hints(phrases=("약국", "합정동")))
        assert heard.text == HEARD
        assert 0 < heard.confidence <= 1
        wish = next(Transcribe.from_event(one) for one in Engine.asked if Transcribe.is_type(one.type))
        assert (wish.language, wish.transcript_terms) == ("ko", ["약국", "합정동"])
        chunks = [AudioChunk.from_event(one) for one in Engine.asked if AudioChunk.is_type(one.type)]
        assert sum(len(one.audio) for one in chunks) == pytest.approx(2 * 16_000, abs=400)


def test_a_clause_is_spoken_at_our_rate() -> None:
    with engine() as url:
        synthesiser = WyomingSynthesiser(synthesiser_url=url, voice="ko")
        sound = synthesiser.synthesise("네, 알겠어요.")
        assert (sound.rate, synthesiser.rate) == (SPOKEN_RATE, SPOKEN_RATE)
        assert sound.seconds == pytest.approx(1.0, abs=0.01)
        assert synthesiser.synthesise("…").seconds == 0.0


@pytest.mark.parametrize("manner", ["error", "hang up"])
def test_an_engine_that_fails_loses_one_utterance_and_no_more(manner: str) -> None:
    with engine() as url:
        recogniser = WyomingRecogniser(recogniser_url=url)
        Engine.manner = manner
        with pytest.raises(EngineError):
            recogniser.recognise(speech())
        Engine.manner = "well"
        assert recogniser.recognise(speech()).text == HEARD


def test_stock_phrases_and_loops_are_dropped_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "HEARD", "ご視聴ありがとうございました")
    with engine() as url:
        heard = WyomingRecogniser(recogniser_url=url).recognise(speech())
        assert (heard.text, heard.confidence) == ("", 0.0)
        assert heard.rejected == "foreign script"


def test_an_engine_of_another_kind_or_none_is_said_with_its_remedy() -> None:
    with engine(info=Info()) as url:
        with pytest.raises(EngineMissing, match="recognises no speech"):
            WyomingRecogniser(recogniser_url=url)
        with pytest.raises(EngineMissing, match="does not speak"):
            WyomingSynthesiser(synthesiser_url=url)
    with pytest.raises(EngineMissing):
        WyomingRecogniser(recogniser_url="tcp://127.0.0.1:9")
    with pytest.raises(EngineMissing, match="DONGHAENG_RECOGNISER_URL"):
        WyomingRecogniser()


def test_the_settings_name_it(tmp_path: Any) -> None:
    with engine() as url:
        settings = fake_settings(tmp_path, recogniser="wyoming", recogniser_url=url)
        assert isinstance(load.load_recogniser(settings), WyomingRecogniser)
