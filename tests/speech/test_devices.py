from __future__ import annotations

import asyncio
import importlib
from types import SimpleNamespace
from typing import Any

import pytest

from donghaeng.errors import EngineMissing
from donghaeng.speech.devices import MOST_FRAMES_WAITING, MachineSound


class PortAudioError(Exception):
    pass


class Stream:
    made: list[Stream] = []
    fail = False

    def __init__(self, *_: Any, callback: Any, **__: Any) -> None:
        if Stream.fail:
            raise PortAudioError("no device")
        self.callback = callback
        self.closed = False
        Stream.made.append(self)

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> None:
    library = SimpleNamespace(RawInputStream=Stream, RawOutputStream=Stream, PortAudioError=PortAudioError)
    monkeypatch.setattr(importlib, "import_module", lambda _name: library)
    Stream.made, Stream.fail = [], False


async def test_sound_goes_both_ways_and_stops(devices: None) -> None:
    with MachineSound(24_000) as sound:
        microphone, loudspeaker = Stream.made
        microphone.callback(b"\1\2", 1, None, None)
        assert await anext(sound.frames()) == b"\1\2"
        sound.play(b"abcd")
        sound.play(b"ef")
        data = bytearray(5)
        loudspeaker.callback(data, 0, None, None)
        assert data == b"abcde"
        loudspeaker.callback(data, 0, None, None)
        assert data == b"f\0\0\0\0"
        sound.play(b"gh")
        sound.stop()
        loudspeaker.callback(data, 0, None, None)
        assert data == b"\0" * 5
    assert all(stream.closed for stream in Stream.made)


async def test_unfetched_sound_is_bounded(devices: None) -> None:
    with MachineSound(24_000) as sound:
        for number in range(MOST_FRAMES_WAITING + 10):
            sound._keep(bytes([number % 256]))
        assert await anext(sound.frames()) == bytes([10])


async def test_no_device_and_no_library_are_said(devices: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Stream.fail = True
    with pytest.raises(EngineMissing, match="donghaeng call"), MachineSound(24_000):
        pass

    def absent(_name: str) -> Any:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(EngineMissing, match="libportaudio2"):
        MachineSound(24_000)
    await asyncio.sleep(0)
