"""What tests of documents begin with: a reader in this process, a text, a version as the store gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from donghaeng.knowledge.documents.blocks import Document
from donghaeng.knowledge.documents.reading import read
from donghaeng.store.knowledge import VersionRow

TEXT = "# 틀니\n\n틀니 지원금은 50만 원이에요. 주민센터에서 신청하세요.\n\n## 서류\n\n신분증을 가져오세요.\n"


class Here:
    """Reads in this process, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.closed = 0

    def read(self, name: str, data: bytes) -> Document:
        self.count += 1
        return read(name, data)

    def close(self) -> None:
        self.closed += 1


def version_row(**changes: object) -> VersionRow:
    """A published version of a document about dentures."""
    made = VersionRow(
        document_id="d_0a1b",
        name="틀니.md",
        version=1,
        state="published",
        title="틀니",
        kind="md",
        sha256="a" * 64,
        department="복지정책과",
        owner="",
        added_at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
    )
    return replace(made, **changes)
