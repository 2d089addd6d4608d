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
        "/office/learning",
        "배움터",
        "나에게 맞는 계획으로 짧은 강의를 듣고, 어르신 응대를 연습하고, 증서를 받아요.",
        Permission.LEARNING,
    ),
)


def sections_for(staff: Staff) -> list[Section]:
    """What ``staff`` may use."""
    return [section for section in SECTIONS if staff.may(section.permission)]
