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
    Section("/office/drafts", "초안 쓰기", "항목을 채워 공문서의 초안을 만들고 다듬어요.", Permission.OFFICE),
    Section("/office/forms", "서식 채우기", "한글 서식의 빈칸을 이름표로 채워요.", Permission.OFFICE),
    Section(
        "/office/minutes",
        "회의록",
        "녹음을 받아 적고 안건, 정한 것, 할 일을 뽑아요.",
        Permission.OFFICE,
    ),
    Section(
        "/office/comparisons", "초안 견주기", "두 글을 가려 놓고 견주고, 잰 값을 봐요.", Permission.OFFICE
    ),
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
