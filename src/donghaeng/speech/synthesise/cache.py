"""Speech by the clause, made once: a bounded cache in memory and, for clauses that are nobody's own, on disk.

Replies can hold telephone numbers, addresses and names, so nothing reaches the disk unless the caller says
which values are private; clauses that hold one of them, or four digits in a row, stay in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from donghaeng.korean.reading import read_aloud
from donghaeng.speech.engines import Audio, Samples, Synthesiser
from donghaeng.speech.synthesise.clauses import USUAL_SPEED, split_clauses, voice_speed
from donghaeng.speech.synthesise.loudness import STAMP, bent, equally_loud

DISK_BYTES: Final = 200_000_000
"""Default bound of the folder: about three hours of speech as FLAC."""
MEMORY_BYTES: Final = 24_000_000
"""Default bound in memory: about eight minutes at 24 kHz, 16 bit."""
KEEP_SHARE: Final = 0.9
"""An overfull folder is emptied to this share of its bound, least recently used first."""
SUFFIX: Final = ".flac"
_PART: Final = ".part"
_FULL_SCALE: Final = 32_767.0
_DIGITS_IN_A_ROW = re.compile(r"(?:[공영일이삼사오육칠팔구][ ,]*){4}")
_NOT_HANGUL = re.compile(r"[^가-힣]+")

Private = Set[str] | Callable[[str], bool]
"""Personal values (spoken or written), or a test of a clause, that keep a clause off the disk."""
_Pcm = NDArray[np.int16]


@dataclass(slots=True)
class CacheStats:
    """What happened since the start; counts of clauses."""

    memory_hits: int = 0
    disk_hits: int = 0
    made: int = 0
    instead: int = 0
    """Of these, made by an engine that took another's place, and not kept."""
    disk_errors: int = 0
    """Entries that could not be read or written; speech went on without them."""


class PhraseCache:
    """Speaks replies clause by clause with a synthesiser, all equally loud, and keeps what was made.
    Thread-safe.

    Args:
        folder: where clauses are kept as 16-bit FLAC under hash names; ``None`` for memory alone.
        synthesiser: the engine; its ``info`` is part of every key, and sound of another is not kept.
        disk_bytes, memory_bytes: bounds of what is kept.
    """

    def __init__(
        self,
        folder: Path | None,
        synthesiser: Synthesiser,
        *,
        disk_bytes: int = DISK_BYTES,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self.stats = CacheStats()
        self._synthesiser = synthesiser
        info = synthesiser.info
        self._engine = [info.name, info.model, info.sha256, sorted(info.extra.items()), STAMP]
        self._disk = _Disk(folder, disk_bytes, self.stats) if folder else None
        self._memory: OrderedDict[str, _Pcm] = OrderedDict()
        self._memory_bytes = memory_bytes
        self._memory_used = 0
        self._making: dict[str, Future[_Pcm]] = {}
        self._lock = threading.Lock()

    @property
    def synthesiser(self) -> Synthesiser:
        """The engine behind."""
        return self._synthesiser

    @property
    def memory_used(self) -> int:
        """Bytes of sound kept in memory now."""
        return self._memory_used

    def speak(
        self,
        spoken: str,
        speed: float = USUAL_SPEED,
        volume_db: float = 0.0,
        *,
        private: Private | None = None,
    ) -> Iterator[Audio]:
        """The sound of spoken Korean, one clause at a time with the pause after it (none after the last).

        Args:
            spoken: what ``read_aloud`` gives.
            speed: how fast, 0.6 … 1.5 times the voice's own rate; slow speech has longer pauses.
            volume_db: gain; loud peaks are bent, never clipped.
            private: which clauses must not reach the disk; ``None`` keeps all of them off it.

        Raises:
            EngineError: the engine failed; clauses given before are good.
        """
        clauses = split_clauses(spoken, speed=speed)
        rate = voice_speed(speed)
        for index, clause in enumerate(clauses):
            sound = self._sound(clause.text, rate, on_disk=_may_be_kept(clause.text, private))
            pause_ms = clause.pause_ms if index + 1 < len(clauses) else 0
            yield self._finished(sound, volume_db, pause_ms)

    def in_one_piece(self, spoken: str, speed: float = USUAL_SPEED) -> Audio:
        """The sound of an impersonal sentence made in one piece, to be compared with its clauses joined.

        Raises:
            EngineError: the engine failed.
        """
        sound = self._sound(spoken, voice_speed(speed), on_disk=_may_be_kept(spoken, frozenset()))
        return self._finished(sound, 0.0, 0)

    def prepare(self, spoken: str, begins: bool = True, speed: float = USUAL_SPEED) -> int:
        """Make the clauses of a common, impersonal phrase ahead of time; returns how many were not there yet.

        ``begins``: whether replies begin with it.

        Raises:
            EngineError: the engine failed.
        """
        before = self.stats.made
        for clause in split_clauses(spoken, speed=speed, begins=begins):
            self._sound(clause.text, voice_speed(speed), on_disk=_may_be_kept(clause.text, frozenset()))
        return self.stats.made - before

    def _finished(self, sound: _Pcm, volume_db: float, pause_ms: int) -> Audio:
        rate = self._synthesiser.rate
        samples = _louder(sound.astype(np.float32) / np.float32(_FULL_SCALE), volume_db)
        silence = np.zeros(rate * pause_ms // 1000, np.float32)
        return Audio(np.concatenate([samples, silence]), rate)

    def _key(self, clause: str, speed: float) -> str:
        named = json.dumps([*self._engine, f"{speed:.2f}", clause], ensure_ascii=False)
        return hashlib.sha256(named.encode()).hexdigest()

    def _sound(self, clause: str, speed: float, *, on_disk: bool) -> _Pcm:
        """From memory, from disk or from the engine; two callers at once make it once."""
        key = self._key(clause, speed)
        with self._lock:
            kept = self._memory.get(key)
            if kept is not None:
                self._memory.move_to_end(key)
                self.stats.memory_hits += 1
                return kept
            waiting = self._making.get(key)
            if waiting is None:
                mine: Future[_Pcm] = Future()
                self._making[key] = mine
        if waiting is not None:
            return waiting.result()
        try:
            sound, kept_for_next = self._load_or_make(key, clause, speed, on_disk)
        except BaseException as error:
            mine.set_exception(error)
            with self._lock:
                del self._making[key]
            raise
        with self._lock:
            if kept_for_next:
                self._remember(key, sound)
            del self._making[key]
        mine.set_result(sound)
        return sound

    def _load_or_make(self, key: str, clause: str, speed: float, on_disk: bool) -> tuple[_Pcm, bool]:
        """The sound, and whether it is the chosen engine's and may be kept."""
        if self._disk:
            found = self._disk.get(key, self._synthesiser.rate)
            if found is not None:
                with self._lock:
                    self.stats.disk_hits += 1
                return found, True
        made = equally_loud(self._synthesiser.synthesise(clause, speed=speed))
        sound: _Pcm = (np.clip(made.samples, -1.0, 1.0) * _FULL_SCALE).round().astype(np.int16)
        with self._lock:
            self.stats.made += 1
            self.stats.instead += made.instead is not None
        if self._disk and on_disk and made.instead is None:
            self._disk.put(key, sound, made.rate)
        return sound, made.instead is None

    def _remember(self, key: str, sound: _Pcm) -> None:
        self._memory[key] = sound
        self._memory_used += sound.nbytes
        while self._memory_used > self._memory_bytes and self._memory:
            _, oldest = self._memory.popitem(last=False)
            self._memory_used -= oldest.nbytes


class _Disk:
    """A folder of FLAC files named by key, bounded in size, least recently used out first."""

    def __init__(self, folder: Path, limit: int, stats: CacheStats) -> None:
        self._folder = folder
        self._limit = limit
        self._stats = stats
        self._lock = threading.Lock()
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._used = sum(size for _, size, _ in self._entries())

    def get(self, key: str, rate: int) -> _Pcm | None:
        """The sound, or ``None`` where it is absent, broken (then it is removed) or of another rate."""
        path = self._folder / (key + SUFFIX)
        try:
            samples, stored_rate = soundfile.read(path, dtype="int16")
            if stored_rate == rate and samples.ndim == 1:
                os.utime(path)
                return np.asarray(samples, dtype=np.int16)
        except (soundfile.LibsndfileError, RuntimeError, OSError):
            if not path.exists():
                return None
        with self._lock:
            self._stats.disk_errors += 1
        with suppress(OSError):
            path.unlink()
        return None

    def put(self, key: str, sound: _Pcm, rate: int) -> None:
        """Write under a temporary name, then rename; a full or read-only disk is only counted."""
        fresh: Path | None = None
        try:
            handle, name = tempfile.mkstemp(prefix=key[:16], suffix=_PART, dir=self._folder)
            fresh = Path(name)
            with os.fdopen(handle, "wb") as file:
                soundfile.write(file, sound, rate, format="FLAC", subtype="PCM_16")
            size = fresh.stat().st_size
            fresh.replace(self._folder / (key + SUFFIX))
        except (soundfile.LibsndfileError, RuntimeError, OSError):
            with self._lock:
                self._stats.disk_errors += 1
            if fresh:
                with suppress(OSError):
                    fresh.unlink()
            return
        with self._lock:
            self._used += size
            if self._used > self._limit:
                self._evict()

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Last use, size and path of every entry."""
        entries: list[tuple[float, int, Path]] = []
        with suppress(OSError):
            for path in self._folder.glob("*" + SUFFIX):
                with suppress(OSError):
                    state = path.stat()
                    entries.append((state.st_mtime, state.st_size, path))
        return entries

    def _evict(self) -> None:
        entries = sorted(self._entries())
        self._used = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if self._used <= self._limit * KEEP_SHARE:
                return
            with suppress(OSError):
                path.unlink()
                self._used -= size


def _may_be_kept(clause: str, private: Private | None) -> bool:
    if private is None or _DIGITS_IN_A_ROW.search(clause):
        return False
    if callable(private):
        return not private(clause)
    return not any(_holds(clause, value) for value in private)


def _holds(clause: str, value: str) -> bool:
    """Whether the clause has the value or a word of it (two syllables or more), spaces left aside.

    Words count because a clause may end inside a value; a written value is read aloud first.
    """
    text = clause.replace(" ", "")
    said = _NOT_HANGUL.sub(" ", read_aloud(value)).split()
    words = [word for word in said if len(word) > 1] or ["".join(said)]
    return any(word and word in text for word in words)


def _louder(samples: Samples, volume_db: float) -> Samples:
    """``samples`` with a gain; what is then too loud is bent."""
    return samples if volume_db == 0.0 else bent(samples * np.float32(10.0 ** (volume_db / 20.0)))
