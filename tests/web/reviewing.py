"""The console with a reviewers' desk over a small catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.review.office import Office, open_office

from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from donghaeng.web.services import WebServices

WORDS = "돌확에 물이 얼까 몰라"
FIELDS = {
    "change.kind": "example",
    "change.service": "weather",
    "change.text": "돌확에 물이 얼 날씨예요",
    "words": WORDS,
    "note": "봐 주세요",
}


@contextmanager
def with_review(services: WebServices, base: Path, folder: Path) -> Iterator[tuple[WebServices, Office]]:
    """The same services with the desk, and its inside."""

    async def transcript(conversation: str) -> dict[str, Any]:
        turns = [
            {"turn": 0, "heard": None, "say": "안녕하세요", "show": "안녕하세요."},
            {"turn": 1, "heard": WORDS, "say": "잘 못 들었어요", "show": "잘 못 들었어요."},
            {"turn": 9, "heard": "훨씬 뒤의 말", "say": "네", "show": "네."},
        ]
        return {"conversation": conversation, "turns": turns, "events": []}

    with Store.open(f"sqlite:///{folder}/review.db", Sealer([b"k" * 32])) as store:
        office = open_office(base, folder / "cache", store)
        yield replace(services, review=office.desk, transcript_for_staff=transcript), office
