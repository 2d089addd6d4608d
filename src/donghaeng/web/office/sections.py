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
        "/office/library",
        "문서함",
        "내 문서와 부서 문서에 물어보고, 답이 적힌 곳을 바로 열어요.",
        Permission.LEARNING,
    ),
)


def sections_for(staff: Staff) -> list[Section]:
    """What ``staff`` may use."""
    return [section for section in SECTIONS if staff.may(section.permission)]
