"""The room where samples are made: from fixed lists, once each, few at a time."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from donghaeng.app.audition import MOST_WAITING, AuditionRoom
from donghaeng.conversation.admission import NoPlace
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.audition_figures import Judgement
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import RATE, FakeSynthesiser
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class CountedSynthesiser(FakeSynthesiser):
    """Notes what it was asked for; can be made to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        self.gate.wait(10)
        self.asked.append(clause)
        return super().synthesise(clause, speed=speed)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data=tmp_path, cache=tmp_path / "cache", synthesiser="fake")


@pytest.fixture
def voice() -> CountedSynthesiser:
    return CountedSynthesiser()


@pytest.fixture
def room(settings: Settings, voice: CountedSynthesiser) -> Iterator[AuditionRoom]:
    pool = SpeechPool(2)
    speech = Speech(Ears(FakeRecogniser(), EnergyActivity()), PhraseCache(None, voice), RATE, pool)
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        yield AuditionRoom(settings, speech, store, clock=lambda: NOW)
    pool.close()


def read(sound: bytes | None) -> tuple[np.ndarray, int]:
    assert sound is not None
    return soundfile.read(io.BytesIO(sound), dtype="float32")


async def test_a_sentence_is_made_joined_and_in_one_piece_and_as_a_telephone_gives_it(
    room: AuditionRoom, voice: CountedSynthesiser
) -> None:
    joined, rate = read(await room.sample("question", "served"))
    clauses = list(voice.asked)
    assert len(clauses) > 1
    whole, _ = read(await room.sample("question", "whole"))
    assert voice.asked[len(clauses) :] == [voice.asked[-1]]
    assert len(voice.asked[-1]) > max(map(len, clauses))
    assert len(joined) > rate
    assert len(whole) > 0
    narrow, phone_rate = read(await room.sample("question", "phone"))
    assert (rate, phone_rate) == (RATE, 8_000)
    assert len(narrow) / phone_rate == pytest.approx(len(joined) / rate, abs=0.02)


async def test_a_sound_is_made_once(room: AuditionRoom, voice: CountedSynthesiser) -> None:
    first = await room.notice("lost")
    asked = len(voice.asked)
    assert await room.notice("lost") == first
    together = await asyncio.gather(*(room.sample("bus", "whole") for _ in range(4)))
    assert len(set(together)) == 1
    assert len(voice.asked) == asked + 1


async def test_only_what_stands_in_the_tables_can_be_asked_for(room: AuditionRoom) -> None:
    for wanted in (room.sample("bus", "other"), room.sample("other", "served"), room.notice("other")):
        with pytest.raises(KeyError):
            await wanted


async def test_more_than_may_wait_are_refused(room: AuditionRoom, voice: CountedSynthesiser) -> None:
    voice.gate.clear()
    waiting = [asyncio.create_task(room.sample(name, "whole")) for name in list(room.plan.sentences)]
    refused = await asyncio.gather(*waiting[MOST_WAITING:], return_exceptions=True)
    assert refused
    assert all(isinstance(one, NoPlace) for one in refused)
    voice.gate.set()
    made = await asyncio.gather(*waiting[:MOST_WAITING])
    assert all(made)


async def test_ratings_are_kept_by_round(room: AuditionRoom) -> None:
    kept = Judgement("score", "served", 4)
    assert await room.rate(kept, sentence="bus", rater="0" * 32)
    assert await room.judgements() == [kept]
