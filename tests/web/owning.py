"""The console with the owners' desk and the process, and a citizen who hears what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from tests.conversation.scripted import World
from tests.review.owners import FolderEditions, Owners, open_owners
from tests.web.towering import Tower, with_tower

from donghaeng.app.service_owners import noting
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.speech.audio import read_audio, wav_bytes
from donghaeng.speech.engines import Audio
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from donghaeng.web.services import WebServices


@dataclass
class FakeVoice:
    """Hears the weather in every sound, and speaks a short one."""

    heard: list[Mapping[str, Any]] = field(default_factory=list)
    spoke: list[str] = field(default_factory=list)

    async def hear(self, sound: bytes, hints: Mapping[str, Any]) -> str:
        read_audio(sound)
        self.heard.append(hints)
        return "날씨"

    async def speak(self, say: str) -> bytes | None:
        self.spoke.append(say)
        return wav_bytes(Audio(np.zeros(1600, np.float32), 16000))


@dataclass
class Site:
    """The inside of what is served."""

    owners: Owners
    tower: Tower
    voice: FakeVoice
    runtime: ConversationRuntime


@contextmanager
def with_owners(services: WebServices, base: Path, folder: Path) -> Iterator[tuple[WebServices, Site]]:
    """The same services with the owners' desk."""
    with (
        Store.open(f"sqlite:///{folder}/owners.db", Sealer([b"k" * 32])) as store,
        with_tower(services, folder) as (full, tower),
    ):
        owners = open_owners(base, folder, store)
        owners.desk.review.follow_services = noting(tower.desk)
        world = World(folder)
        editions = FolderEditions(owners.office.folder, world)
        runtime = world.runtime(store, "one", editions=editions)
        voice = FakeVoice()
        desk = owners.desk
        yield (
            replace(full, service_desk=desk, review=desk.review, trial_voice=voice),
            Site(owners, tower, voice, runtime),
        )
