"""The console with the pages for learners and the targets board, over one store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from tests.lessons.given import CATALOGUE
from tests.lessons.learners import School

from donghaeng.learning.certificate_pdf import Fonts
from donghaeng.office.drafts.files.fonts import font_file
from donghaeng.speech.audio import read_audio, wav_bytes
from donghaeng.speech.engines import Audio
from donghaeng.store import Store
from donghaeng.tower.cases.desk import CasesDesk
from donghaeng.trust.sealing import Sealer
from donghaeng.web.services import LearningServices, WebServices


@dataclass
class ScriptedVoice:
    """Hears what a test wants heard next, and speaks a short sound."""

    next: list[str] = field(default_factory=list)
    spoke: list[str] = field(default_factory=list)

    async def hear(self, sound: bytes, hints: Mapping[str, Any]) -> str:
        read_audio(sound)
        return self.next.pop(0) if self.next else ""

    async def speak(self, say: str) -> bytes | None:
        self.spoke.append(say)
        return wav_bytes(Audio(np.zeros(1600, np.float32), 16000))


@contextmanager
def with_learning(
    services: WebServices, folder: Path, *, voice: ScriptedVoice | None = None
) -> Iterator[tuple[WebServices, School]]:
    """The same services with everything of learning, and the board that its certificates are counted on."""
    with Store.open(f"sqlite:///{folder}/learning.db", Sealer([b"k" * 32])) as store:
        school = School(store)
        fonts = Fonts(font_file(), font_file("NanumGothicBold.ttf"))
        here = LearningServices(school.desk, school.projects, school.records, fonts)
        cases = CasesDesk(store, catalogue=CATALOGUE, data=folder, clock=lambda: school.now)
        yield replace(services, learning=here, cases=cases, trial_voice=voice), school
