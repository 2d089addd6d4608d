"""Reading, writing and converting sound.

Everything inside is mono float32 in −1 … 1 (:data:`~donghaeng.speech.engines.Samples`); files, sockets and
devices convert here, once, at their edge.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from donghaeng.errors import AudioError
from donghaeng.speech.engines import LISTEN_RATE, Audio, Samples

UTTERANCE_LIMIT_SECONDS: Final = 60.0
"""Longest recording accepted as one utterance."""
LOWEST_RATE: Final = 4_000
"""Samples a second below which speech is not intelligible."""
HIGHEST_RATE: Final = 384_000
"""Samples a second that no microphone exceeds; above it a header is taken for broken."""
MOST_CHANNELS: Final = 16
"""Channels of a file; more is taken for a broken header."""
SPEECH_LEVEL: Final = 0.08
"""Level (RMS of full scale, −22 dB) that speech is brought to before it is recognised."""
PEAK_LIMIT: Final = 0.95
CANCELLED_SHARE: Final = 0.1
"""Channels whose mean keeps less than this share of the loudest one's level are in opposite phase."""
PCM16_PEAK: Final = 32_767
"""Largest 16-bit sample."""


def read_audio(source: Path | str | bytes, *, limit_seconds: float = UTTERANCE_LIMIT_SECONDS) -> Audio:
    """Read WAV, FLAC, OGG, MP3 … of any rate and channel count as mono sound at its own rate.

    Several channels are averaged, or the loudest is taken where they cancel each other. Sound louder than
    full scale (float files) is scaled down to it. Only the header of a file that is too long is read.

    Args:
        source: a path, or the bytes of a whole file.
        limit_seconds: the longest sound accepted.

    Raises:
        AudioError: absent, empty, not a sound file, cut off in its header, longer than ``limit_seconds``, an
            impossible rate or channel count, or samples that are no numbers.
    """
    name = "the recording" if isinstance(source, bytes) else str(source)
    if isinstance(source, bytes) and not source:
        raise AudioError(f"{name} is empty", remedy="record it again")
    if isinstance(source, str | Path) and not Path(source).is_file():
        raise AudioError(f"{name}: no such file", remedy="give the path of a WAV, FLAC or OGG file")
    try:
        with soundfile.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else str(source)) as file:
            _check_header(name, file, limit_seconds)
            # One sample beyond the limit shows a header that promises less than the file holds.
            frames = file.read(int(limit_seconds * file.samplerate) + 1, dtype="float32", always_2d=True)
            rate = int(file.samplerate)
    except (soundfile.LibsndfileError, RuntimeError, OSError, TypeError) as error:
        raise AudioError(
            f"{name} is not a sound file that can be read",
            remedy="send WAV (PCM 16-bit, mono, 16 kHz), FLAC or OGG",
        ) from error
    if len(frames) == 0:
        raise AudioError(f"{name} holds no sound", remedy="record it again")
    if len(frames) > limit_seconds * rate:
        raise _too_long(name, len(frames) / rate, limit_seconds)
    if not np.isfinite(frames).all():
        raise AudioError(f"{name} has samples that are no numbers", remedy="record or convert it again")
    return Audio(samples=_within_scale(_mono(frames)), rate=rate)


def _check_header(name: str, file: soundfile.SoundFile, limit_seconds: float) -> None:
    if not LOWEST_RATE <= file.samplerate <= HIGHEST_RATE:
        raise AudioError(
            f"{name} has {file.samplerate} samples a second",
            remedy=f"use {LOWEST_RATE} to {HIGHEST_RATE}, best {LISTEN_RATE}",
        )
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise AudioError(f"{name} has {file.channels} channels", remedy="use one or two")
    if file.frames > limit_seconds * file.samplerate:
        raise _too_long(name, file.frames / file.samplerate, limit_seconds)


def _too_long(name: str, seconds: float, limit_seconds: float) -> AudioError:
    return AudioError(
        f"{name} lasts {seconds:.1f} s, one utterance at most {limit_seconds:g} s",
        remedy="send one utterance at a time",
    )


def _mono(frames: NDArray[np.float32]) -> Samples:
    if frames.shape[1] == 1:
        return np.ascontiguousarray(frames[:, 0])
    mean: Samples = frames.mean(axis=1, dtype=np.float32)
    levels = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=0))
    if rms(mean) < CANCELLED_SHARE * levels.max():
        return np.ascontiguousarray(frames[:, int(levels.argmax())])
    return mean


def _within_scale(samples: Samples) -> Samples:
    peak = float(np.abs(samples).max(initial=0.0))
    return samples / np.float32(peak) if peak > 1.0 else samples


def rms(samples: Samples) -> float:
    """Root mean square of the samples; 0 for none."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def levelled(samples: Samples) -> Samples:
    """The sound at :data:`SPEECH_LEVEL`, or as near as its peaks allow; silence stays silence."""
    level, peak = rms(samples), float(np.abs(samples).max(initial=0.0))
    if level == 0.0:
        return samples
    return samples * np.float32(min(SPEECH_LEVEL / level, PEAK_LIMIT / peak))


def resample(audio: Audio, rate: int = LISTEN_RATE) -> Audio:
    """The same sound at another rate (a whole recording; :class:`Resampler` for streams)."""
    if audio.rate == rate:
        return audio
    samples = soxr.resample(audio.samples, audio.rate, rate, quality="HQ").astype(np.float32, copy=False)
    return Audio(samples=np.clip(samples, -1.0, 1.0), rate=rate)


class Resampler:
    """Changes the rate of one stream and keeps the filter's state between chunks."""

    def __init__(self, in_rate: int, out_rate: int = LISTEN_RATE) -> None:
        self.in_rate = in_rate
        self.out_rate = out_rate
        self._stream = (
            None
            if in_rate == out_rate
            else soxr.ResampleStream(in_rate, out_rate, num_channels=1, dtype="float32", quality="MQ")
        )

    def feed(self, samples: Samples, *, last: bool = False) -> Samples:
        """What has become ready after ``samples``; ``last`` lets out the filter's tail as well."""
        if self._stream is None:
            return samples
        ready: Samples = self._stream.resample_chunk(np.ascontiguousarray(samples, dtype=np.float32), last)
        return ready


def pcm16_to_samples(data: bytes) -> Samples:
    """Mono 16-bit little-endian PCM as samples.

    Raises:
        AudioError: an odd number of bytes.
    """
    if len(data) % 2:
        raise AudioError(
            f"a frame of {len(data)} bytes is not 16-bit PCM",
            remedy="send whole 16-bit little-endian samples",
        )
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32_768.0)


def samples_to_pcm16(samples: Samples) -> bytes:
    """Samples as mono 16-bit little-endian PCM; what is beyond full scale is clipped."""
    return (np.clip(samples, -1.0, 1.0) * PCM16_PEAK).round().astype("<i2").tobytes()


def wav_bytes(audio: Audio) -> bytes:
    """The sound as a 16-bit WAV file."""
    file = io.BytesIO()
    soundfile.write(file, np.clip(audio.samples, -1.0, 1.0), audio.rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def write_wav(audio: Audio, path: Path) -> None:
    """Write the sound as a 16-bit WAV file.

    Raises:
        AudioError: the file cannot be written.
    """
    try:
        path.write_bytes(wav_bytes(audio))
    except OSError as error:
        raise AudioError(f"{path} cannot be written: {error.strerror}") from error
