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
    Section("/office/drafts", "초안 쓰기", "항목을 채워 공문서의 초안을 만들고 다듬어요.", Permission.OFFICE),
    Section("/office/forms", "서식 채우기", "한글 서식의 빈칸을 이름표로 채워요.", Permission.OFFICE),
    Section(
        "/office/comparisons", "초안 견주기", "두 글을 가려 놓고 견주고, 잰 값을 봐요.", Permission.OFFICE
    ),
)


def sections_for(staff: Staff) -> list[Section]:
    """What ``staff`` may use."""
    return [section for section in SECTIONS if staff.may(section.permission)]
