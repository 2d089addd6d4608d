"""The server hears recordings in the background and leaves none half kept when it is stopped."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import numpy as np
import soundfile

from donghaeng.app.minutes import keep_hearing, open_minutes
from donghaeng.office.minutes.desk import SEOUL, MinutesDesk, NewMeeting
from donghaeng.office.minutes.working import MinutesWorker
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.engines import NO_HINTS, Audio, Hints, Recognition
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.store import Store, staff
from donghaeng.store.staff import StaffRow
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Waiting(FakeRecogniser):
    """Tells that it hears, and waits until it may answer."""

    def __init__(self, *texts: str) -> None:
        super().__init__(texts)
        self.hears, self.may_answer = Event(), Event()

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        self.hears.set()
        self.may_answer.wait(30)
        return super().recognise(audio, hints)


def _recording() -> bytes:
    noise, silence = 0.3 * np.random.default_rng(5).standard_normal(16_000), np.zeros(24_000)
    file = io.BytesIO()
    soundfile.write(
        file, np.clip(np.concatenate([noise, silence, noise, silence]), -1, 1), 16_000, format="WAV"
    )
    return file.getvalue()


def _uploaded(desk: MinutesDesk) -> str:
    new = NewMeeting("회의", "weekly", NOW.astimezone(SEOUL), (), 30, "회의.wav")
    name, key, writer = desk.begin(new)
    with writer as out:
        out.write(_recording())
    return desk.keep("st_1", new, name, key, writer.size)


async def _hear(settings: Settings, desk: MinutesDesk, recogniser: FakeRecogniser) -> asyncio.Task[None]:
    speech = SimpleNamespace(ears=SimpleNamespace(recogniser=recogniser, activity=EnergyActivity()))
    return asyncio.create_task(
        keep_hearing(settings, desk, speech, clock=lambda: NOW, may_work=lambda: True)  # type: ignore[arg-type]
    )


async def test_a_stopped_server_keeps_what_it_hears_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path)
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as store:
        row = StaffRow("st_1", "official", "김공무", Role.OFFICIAL, "x", NOW, NOW, None)
        store.run(lambda tx: staff.add(tx, row))
        desk = open_minutes(settings, store, clock=lambda: NOW)
        name = _uploaded(desk)
        recogniser = Waiting("첫 말입니다", "둘째 말입니다")
        hearing = await _hear(settings, desk, recogniser)
        assert await asyncio.to_thread(recogniser.hears.wait, 30)
        hearing.cancel()
        await asyncio.sleep(0)
        recogniser.may_answer.set()
        with suppress(asyncio.CancelledError):
            await hearing
        view = desk.view("st_1", name)
        assert (view.row.state, [turn.held["text"] for turn in view.turns]) == ("waiting", ["첫 말입니다"])

        worker = MinutesWorker(
            desk,
            (recogniser, EnergyActivity()),
            catalogue=settings.catalogue,
            worker="another process",
            clock=lambda: NOW,
        )
        assert await asyncio.to_thread(worker.work_once)
        assert desk.view("st_1", name).row.state == "done"
        texts = [turn.held["text"] for turn in desk.view("st_1", name).turns]
        assert texts == ["첫 말입니다", "둘째 말입니다"]
