"""Documents as a list shows them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from donghaeng.store.knowledge import VersionRow


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a list shows it."""

    current: VersionRow
    """The published version, else the newest."""
    draft: VersionRow | None
    """A draft that is newer than the published version."""


def entry_of(versions: Sequence[VersionRow]) -> Entry:
    """A document from its versions, the newest first."""
    newest = versions[0]
    current = next((one for one in versions if one.state == "published"), newest)
    draft = newest if newest.state == "draft" and newest is not current else None
    return Entry(current, draft)


def is_about(row: VersionRow, words: Sequence[str], telling: Collection[tuple[str, int]]) -> bool:
    """Whether a version holds all the words in what is said of it, or is one of those that tell them."""
    about = " ".join((row.name, row.title, row.department, row.owner)).lower()
    return (row.document_id, row.version) in telling or all(word in about for word in words)
