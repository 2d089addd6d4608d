"""What stands under `/office`, in the order of its first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """One small tool of the assistant."""

    address: str
    name: str
    words: str
    """What it is for, in one sentence."""
    permission: Permission


SECTIONS: Final[tuple[Section, ...]] = (
    Section(
        "/office/minutes",
        "회의록",
        "녹음을 받아 적고 안건, 정한 것, 할 일을 뽑아요.",
        Permission.OFFICE,
    ),
)


def sections_for(staff: Staff) -> list[Section]:
    """What ``staff`` may use."""
    return [section for section in SECTIONS if staff.may(section.permission)]
