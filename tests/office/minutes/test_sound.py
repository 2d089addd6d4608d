"""A recording becomes turns: any format, any block, stopped and carried on, broken and hostile files."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from donghaeng.errors import AudioError, EngineError
from donghaeng.office.minutes.sound.cutting import LONGEST_SECONDS, Cutter, Piece
from donghaeng.office.minutes.sound.decoding import decoded
from donghaeng.office.minutes.sound.kept_file import KeptFile
from donghaeng.office.minutes.sound.transcribing import Ears, Ended, Said, Wish, transcribe
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.engines import NO_HINTS, Audio, EngineInfo, Hints, Recognition
from donghaeng.trust.sealing import Sealer

RATE = 16_000
KEY = b"k" * 32


class LengthRecogniser:
    """Tells how long each piece is: the same words for the same sound."""

    info = EngineInfo(name="length", version="1", model="none")

    def __init__(self, *, dies_at: int | None = None) -> None:
        self.heard = 0
        self._dies_at = dies_at

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        del hints
        if self.heard == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.heard += 1
        return Recognition(f"{len(audio.samples)} {float(np.abs(audio.samples).sum()):.3f}", 0.9)


class Memory:
    """Keeps in memory."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    def kept(self) -> Sequence[Said]:
        return self.said

    def keep(self, said: Said) -> None:
        self.said.append(said)


def _meeting_sound(turns: int = 6) -> np.ndarray:
    rng = np.random.default_rng(3)
    parts = []
    for turn in range(turns):
        seconds = 1.0 + 0.5 * turn
        parts += [0.3 * rng.standard_normal(int(seconds * RATE)), np.zeros(int(1.5 * RATE))]
    return np.clip(np.concatenate(parts), -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "회의.wav"
    soundfile.write(path, _meeting_sound(), RATE)
    return path


def _pieces(samples: np.ndarray, block: int) -> list[Piece]:
    cutter = Cutter(EnergyActivity())
    found = [piece for at in range(0, len(samples), block) for piece in cutter.feed(samples[at : at + block])]
    return [*found, *cutter.finish()]


def test_turns_are_cut_where_nobody_speaks():
    pieces = _pieces(_meeting_sound(), 64_000)
    assert [piece.number for piece in pieces] == list(range(6))
    begins = np.cumsum([0, 2.5, 3.0, 3.5, 4.0, 4.5])
    assert [piece.start for piece in pieces] == pytest.approx(begins, abs=0.4)


def test_the_blocks_change_nothing():
    one, other = _pieces(_meeting_sound(), 64_000), _pieces(_meeting_sound(), 777)
    assert [(a.start, len(a.samples)) for a in one] == [(b.start, len(b.samples)) for b in other]


def test_somebody_who_never_pauses_is_cut_below_the_recogniser_s_limit():
    pieces = _pieces((0.3 * np.random.default_rng(1).standard_normal(70 * RATE)).astype(np.float32), 64_000)
    assert all(len(piece.samples) / RATE <= LONGEST_SECONDS + 0.1 for piece in pieces)
    assert sum(len(piece.samples) for piece in pieces) == pytest.approx(70 * RATE, rel=0.01)


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp3", "libmp3lame"), ("m4a", "aac"), ("webm", "libopus"), ("flac", "flac")]
)
def test_any_format_is_decoded(tmp_path: Path, suffix: str, codec: str):
    path = tmp_path / f"sound.{suffix}"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=48_000)
        tone = (8_000 * np.sin(np.arange(96_000) / 20)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        frame.sample_rate = 48_000
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (piece := fifo.read(stream.codec_context.frame_size or 1_024, partial=True)) is not None:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    with decoded(path) as blocks:
        assert sum(len(block) for block in blocks) / RATE == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\x00" * 5_000, "no recording"),
        (os.urandom(50_000), "no recording"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00", "no recording"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", "no recording"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "no recording"),
    ],
    ids=["empty", "zeros", "chance", "header", "playlist", "concat"],
)
def test_a_bad_file_is_one_clear_error(tmp_path: Path, content: bytes, told: str):
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=told):
        transcribe(path, Ears(LengthRecogniser(), EnergyActivity()), Memory())


def test_a_recording_in_which_nobody_speaks_is_told(tmp_path: Path):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(RATE * 3), RATE)
    with pytest.raises(AudioError, match="nobody speaks"):
        transcribe(path, Ears(LengthRecogniser(), EnergyActivity()), Memory())


def test_a_file_that_breaks_off_gives_what_it_holds(recording: Path, tmp_path: Path):
    path = tmp_path / "half.wav"
    path.write_bytes(recording.read_bytes()[: recording.stat().st_size // 2])
    memory = Memory()
    assert transcribe(path, Ears(LengthRecogniser(), EnergyActivity()), memory) is Ended.DONE
    assert 2 <= len(memory.said) < 6


def test_pause_and_going_on_give_what_a_whole_run_gives(recording: Path):
    whole, stopped = Memory(), Memory()
    ears = Ears(LengthRecogniser(), EnergyActivity())
    assert transcribe(recording, ears, whole) is Ended.DONE
    wish = lambda: Wish.PAUSE if len(stopped.said) == 2 else Wish.GO_ON  # noqa: E731
    assert transcribe(recording, ears, stopped, wish=wish) is Ended.PAUSED
    assert len(stopped.said) == 2
    again = LengthRecogniser()
    assert transcribe(recording, Ears(again, EnergyActivity()), stopped) is Ended.DONE
    assert stopped.said == whole.said
    assert again.heard == 4, "what was kept is not heard again"


def test_a_run_is_cancelled(recording: Path):
    memory = Memory()
    wish = lambda: Wish.CANCEL if memory.said else Wish.GO_ON  # noqa: E731
    assert (
        transcribe(recording, Ears(LengthRecogniser(), EnergyActivity()), memory, wish=wish)
        is Ended.CANCELLED
    )


def test_progress_never_goes_back(recording: Path):
    told: list[float] = []
    transcribe(recording, Ears(LengthRecogniser(), EnergyActivity()), Memory(), progress=told.append)
    assert told[-1] == pytest.approx(soundfile.info(recording).duration, abs=2.0)
    assert max(told) - told[-1] < 2.0


def _killed(recording: str, data: str) -> None:
    keeper = KeptFile(Path(data), "job", Sealer([KEY]))
    transcribe(Path(recording), Ears(LengthRecogniser(dies_at=3), EnergyActivity()), keeper)


def test_kill_9_in_the_middle_loses_nothing(recording: Path, tmp_path: Path):
    process = multiprocessing.get_context("spawn").Process(
        target=_killed, args=(str(recording), str(tmp_path))
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    keeper = KeptFile(tmp_path, "job", Sealer([KEY]))
    assert len(keeper.kept()) == 3
    path = next(tmp_path.rglob("*.heard"))
    path.write_bytes(path.read_bytes() + b"half a li")  # what a power cut leaves
    again = LengthRecogniser()
    assert transcribe(recording, Ears(again, EnergyActivity()), keeper) is Ended.DONE
    whole = Memory()
    transcribe(recording, Ears(LengthRecogniser(), EnergyActivity()), whole)
    assert list(keeper.kept()) == whole.said
    assert again.heard == 3
    keeper.forget()
    assert keeper.kept() == []


def test_what_is_kept_is_sealed(tmp_path: Path):
    keeper = KeptFile(tmp_path, "job", Sealer([KEY]))
    keeper.keep(Said(0, 0.0, 1.0, "접수 기간을 늘립니다", 0.9))
    path = next(tmp_path.rglob("*.heard"))
    assert "접수".encode() not in path.read_bytes()
    assert path.parent == tmp_path / "recordings" / "minutes", "under the rule of retention for recordings"


def test_a_failing_recogniser_leaves_what_was_heard(recording: Path):
    class Failing(LengthRecogniser):
        def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
            if self.heard == 2:
                raise EngineError("it broke")
            return super().recognise(audio, hints)

    memory = Memory()
    with pytest.raises(EngineError):
        transcribe(recording, Ears(Failing(), EnergyActivity()), memory)
    assert len(memory.said) == 2
