"""Builds the speech engines that the settings name, and the threads that they run in.

An entry point of the groups below names a class. Its constructor takes, by keyword, whatever it wants of what
:func:`offers` lists for its group; parameters without a default must be among them.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import entry_points
from typing import Any, Final, Protocol, TypeVar, cast, runtime_checkable

import structlog
from pydantic import SecretStr

from donghaeng.errors import EngineError, EngineMissing
from donghaeng.korean.morphemes import analyser
from donghaeng.settings import Settings
from donghaeng.speech.engines import Audio, EngineInfo, Recogniser, Synthesiser, VoiceActivity
from donghaeng.speech.sentence_ends import Ends, Progress, learn_or_read, unknown
from donghaeng.speech.synthesise.browser import BrowserSynthesiser
from donghaeng.speech.synthesise.cache import PhraseCache, Private
from donghaeng.speech.synthesise.fallbacks import FallbackSynthesiser, LaterSynthesiser
from donghaeng.speech.synthesise.queue import EngineQueue, due_by

RECOGNISERS: Final = "donghaeng.recognisers"
SYNTHESISERS: Final = "donghaeng.synthesisers"
VOICE_ACTIVITY: Final = "donghaeng.voice_activity"
PHRASE_FOLDER: Final = "phrases"
"""Folder below the cache where spoken clauses are kept."""
WARM_PHRASE: Final = "네,"
READERS: Final = 16
"""Threads that hand out cached sound while the engine's are busy."""

T = TypeVar("T")

_log = structlog.get_logger(__name__)


@runtime_checkable
class WarmsUp(Protocol):
    """An engine whose first call is slow may have this."""

    def warm_up(self) -> None:
        """Do once what makes the first call slow."""
        ...


class Voice(Protocol):
    """Speaks replies clause by clause (:class:`~donghaeng.speech.synthesise.cache.PhraseCache`)."""

    def speak(
        self, spoken: str, speed: float = ..., volume_db: float = ..., *, private: Private | None = None
    ) -> Iterator[Audio]:
        """The sound of ``spoken``, a clause at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears."""

    recogniser: Recogniser
    activity: VoiceActivity
    ends: Ends = unknown
    """Tells how words end that are a whole sentence."""


class SpeechPool:
    """Threads for engines: some hear, some speak, so that a cached clause never waits for an engine.

    Of those that speak only ``workers`` make sound at a time (:class:`EngineQueue`); the others read what is
    cached.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._hearing = ThreadPoolExecutor(workers, thread_name_prefix="hear")
        self._speaking = ThreadPoolExecutor(workers + READERS, thread_name_prefix="speak")
        self._busy_hearing = 0

    @property
    def can_hear_now(self) -> bool:
        """Whether a recognition would begin at once: recognising in advance must not delay anybody."""
        return self._busy_hearing < self._workers

    @property
    def hears_nobody(self) -> bool:
        """Whether no recognition is under way: what only serves the eye must not take a core from anybody."""
        return self._busy_hearing == 0

    async def hear(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run a recognition in a thread."""
        self._busy_hearing += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._hearing, work, *arguments)
        finally:
            self._busy_hearing -= 1

    async def speak(self, work: Callable[..., T], *arguments: Any, due: float = 0.0) -> T:
        """Run a synthesis in a thread.

        Args:
            work: makes the sound.
            arguments: of ``work``.
            due: when the sound is needed, on one clock for all; the engine makes the earliest first.
        """
        return await asyncio.get_running_loop().run_in_executor(self._speaking, due_by, due, work, *arguments)

    def close(self) -> None:
        """Let running work finish and start no more."""
        self._hearing.shutdown(wait=False, cancel_futures=True)
        self._speaking.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything that a spoken conversation needs; one a process."""

    ears: Ears
    voice: Voice
    rate: int
    """Samples a second of what :attr:`voice` makes."""
    pool: SpeechPool
    page_voice: Voice | None = None
    """Stands for the voice of a page that speaks itself, where pages are to do so."""
    sounds: bool = True
    """Whether the sound of :attr:`voice` is for sending; else the client speaks the words itself."""
    speaker: EngineInfo | None = None
    """The engine behind :attr:`voice`, where it is known."""

    def for_client(self, *, own_voice: bool) -> Speech:
        """The same for one client; ``own_voice``: it could speak itself."""
        if self.page_voice is None or not own_voice:
            return self
        return replace(self, voice=self.page_voice, sounds=False)


def offers(group: str, settings: Settings) -> Mapping[str, Any]:
    """What engines of ``group`` may take in their constructors."""
    common = {"cache": settings.cache, "threads": settings.speech_threads, "allow_hub": settings.allow_hub}
    if group == RECOGNISERS:
        return {
            **common,
            "model": settings.recogniser_model,
            "catalogue": settings.catalogue,
            "recogniser_url": settings.recogniser_url,
            "recogniser_key": _revealed(settings.recogniser_key),
        }
    if group == SYNTHESISERS:
        return {
            **common,
            "voice": settings.voice,
            "synthesiser_url": settings.synthesiser_url,
            "synthesiser_key": _revealed(settings.synthesiser_key),
            "synthesiser_model": settings.synthesiser_model,
        }
    return common


def _revealed(key: SecretStr | None) -> str | None:
    return key.get_secret_value() if key is not None else None


def load_recogniser(settings: Settings) -> Recogniser:
    """The engine that hears.

    Raises:
        EngineMissing: no such engine, or its weights are absent; the message names what is installed.
        WeightsCorrupt: its weights have a wrong checksum.
    """
    return cast(Recogniser, _build(RECOGNISERS, settings.recogniser, settings))


def load_synthesiser(settings: Settings, name: str | None = None) -> Synthesiser:
    """The engine that speaks, or another by its name. Raises as :func:`load_recogniser`.

    The voice and the model that the settings name are the chosen engine's; others speak with their best.
    """
    if name is None or name == settings.synthesiser:
        return cast(Synthesiser, _build(SYNTHESISERS, settings.synthesiser, settings))
    plain = settings.model_copy(update={"voice": None, "synthesiser_model": None})
    return cast(Synthesiser, _build(SYNTHESISERS, name, plain))


def load_synthesisers(settings: Settings) -> tuple[Synthesiser, ...]:
    """The engine that speaks and those that take its place, the chosen one first.

    Where the chosen one cannot be loaded the next is; those after the first that makes sound are loaded when
    they are needed.

    Raises:
        EngineMissing: no engine has the chosen name, or none at all can be loaded.
        WeightsCorrupt: none at all can be loaded.
        SettingsError: a setting of the chosen engine is wrong.
    """
    chosen = settings.synthesiser
    if chosen not in installed(SYNTHESISERS):
        raise _unknown(SYNTHESISERS, chosen)
    engines: list[Synthesiser] = []
    why: EngineError | None = None
    for name in dict.fromkeys((chosen, *settings.synthesiser_fallbacks)):
        if any(not isinstance(engine, BrowserSynthesiser) for engine in engines):
            engines.append(LaterSynthesiser(name, partial(load_synthesiser, settings, name)))
            continue
        try:
            engines.append(load_synthesiser(settings, name))
        except EngineError as error:
            why = why or error
            _log.warning(
                "a synthesiser is missing", engine=name, error=type(error).__name__, remedy=error.remedy
            )
    if not engines and why is not None:
        raise why
    return tuple(engines)


def load_voice_activity(settings: Settings) -> VoiceActivity:
    """The engine that finds speech. Raises as :func:`load_recogniser`."""
    return cast(VoiceActivity, _build(VOICE_ACTIVITY, settings.voice_activity, settings))


def load_speech(
    settings: Settings, sentences: Sequence[str] = (), *, progress: Progress | None = None
) -> Speech:
    """All engines, the phrase cache and the threads. Takes seconds; run it in a thread.

    Args:
        settings: name the engines.
        sentences: what citizens say, from which the ends of sentences are learnt; of none nothing is learnt.
        progress: is told how far that has got.

    Raises:
        EngineMissing, WeightsCorrupt: as :func:`load_recogniser`.
    """
    page_voice, synthesiser = _mouths(load_synthesisers(settings))
    ends = learn_or_read(sentences, analyser(), settings.cache, progress) if sentences else unknown
    at_a_time = settings.speech_threads if synthesiser.info.parallel else 1
    return Speech(
        ears=Ears(load_recogniser(settings), load_voice_activity(settings), ends),
        voice=PhraseCache(settings.cache / PHRASE_FOLDER, EngineQueue(synthesiser, at_a_time)),
        rate=synthesiser.rate,
        pool=SpeechPool(settings.speech_threads),
        page_voice=page_voice,
        speaker=synthesiser.info,
    )


def _mouths(engines: Sequence[Synthesiser]) -> tuple[BrowserSynthesiser | None, Synthesiser]:
    """The voice of pages that speak themselves, if any, and the one that makes sound for everybody else."""
    sounding = [engine for engine in engines if not isinstance(engine, BrowserSynthesiser)]
    if not sounding:
        raise EngineMissing(
            "the synthesiser `browser` makes no sound for telephones",
            remedy='leave DONGHAENG_SYNTHESISER_FALLBACKS at ["kokoro", "espeak-ng"]',
        )
    first = engines[0]
    page = first if isinstance(first, BrowserSynthesiser) else None
    return page, sounding[0] if len(sounding) == 1 else FallbackSynthesiser(sounding)


def warm_up(speech: Speech) -> float:
    """Do every engine's first, slow call; returns the seconds it took. Run it in a thread.

    Raises:
        EngineError: an engine failed.
    """
    began = time.perf_counter()
    if isinstance(speech.ears.recogniser, WarmsUp):
        speech.ears.recogniser.warm_up()
    for _ in speech.voice.speak(WARM_PHRASE):
        pass
    return time.perf_counter() - began


def installed(group: str) -> tuple[str, ...]:
    """Names of the engines that are installed, in order."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def _build(group: str, name: str, settings: Settings) -> object:
    kind = _kind(group)
    found = [point for point in entry_points(group=group) if point.name == name]
    if not found:
        raise _unknown(group, name)
    try:
        engine = found[0].load()
    except ImportError as error:
        raise EngineMissing(
            f"{kind}: {name!r} cannot be imported: {error}", remedy=f"install its package ({found[0].value})"
        ) from error
    wanted = inspect.signature(engine).parameters
    return engine(**{key: value for key, value in offers(group, settings).items() if key in wanted})


def _kind(group: str) -> str:
    return group.removeprefix("donghaeng.").replace("_", " ")


def _unknown(group: str, name: str) -> EngineMissing:
    return EngineMissing(
        f"{_kind(group)}: {name!r} is not installed",
        remedy=f"choose one of {', '.join(installed(group)) or 'none'}",
    )
