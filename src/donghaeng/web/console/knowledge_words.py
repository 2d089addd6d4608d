"""Korean for the codes of documents, and how their days are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from donghaeng.errors import DocumentFault
from donghaeng.knowledge.documents.limits import LIMITS, MEGABYTE
from donghaeng.knowledge.due import Due
from donghaeng.knowledge.in_turn import in_turn, is_to_come
from donghaeng.knowledge.library import Added, Outcome
from donghaeng.store.knowledge import PassageRow, State, VersionRow

MOST_MB: Final = LIMITS.file_bytes // MEGABYTE
KINDS: Final = "HWPX, HWP, PDF, DOCX, XLSX, HTML, 마크다운(md), CSV"
SUFFIXES: Final = ".hwpx,.hwp,.pdf,.docx,.xlsx,.html,.htm,.md,.markdown,.txt,.csv,.tsv"
"""What the file chooser offers; what a file holds decides."""

STATES: Final[Mapping[State, str]] = {
    "draft": "넣어 둠",
    "published": "쓰는 중",
    "replaced": "지난 판",
    "withdrawn": "거둠",
}
DUE: Final[Mapping[Due, str]] = {
    Due.EXPIRED: "기한 지남",
    Due.OVERDUE: "다시 볼 날 지남",
    Due.SOON: "곧 다시 볼 때",
    Due.NOT: "",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    "added": "새 문서로 넣었어요.",
    "replaced": "새 판으로 바꾸었어요. 앞의 판은 남아 있어요.",
    "new details": "같은 파일이라 담당과 날짜 같은 것만 새 판에 적었어요. 앞의 판은 남아 있어요.",
    "kept as draft": "넣어 두었어요. 다른 담당자가 살펴보고 써야 답에 나와요.",
    "nothing new": "같은 파일이 이미 있어서 그대로 두었어요.",
}
FAULTS: Final[Mapping[DocumentFault, str]] = {
    "empty": "빈 파일이에요. 내용이 있는 파일을 올려 주세요.",
    "unknown_kind": f"읽을 수 없는 종류예요. {KINDS} 가운데 하나로 저장해 주세요.",
    "archive": "압축 파일은 읽지 않아요. 안에 든 문서를 하나씩 올려 주세요.",
    "old_office": "옛 오피스 파일이에요. DOCX나 XLSX로 저장해 주세요.",
    "encrypted": "암호가 걸려 있어요. 암호 없이 저장해서 올려 주세요.",
    "macros": "매크로가 든 파일이에요. 매크로 없이 DOCX나 XLSX로 저장해서 올려 주세요.",
    "damaged": "파일이 깨져 있어요. 열어서 다시 저장한 뒤 올려 주세요.",
    "letters": "글자를 읽을 수 없어요. UTF-8로 저장해 주세요.",
    "pictures": "글자가 없고 그림만 있어요. 글자를 고를 수 있는 파일을 올려 주세요.",
    "nothing_told": "읽을 문장이 없어요. 문장이 있는 파일을 올려 주세요.",
    "too_large": f"파일이 너무 커요. {MOST_MB}MB까지 읽어요. 나누어서 올려 주세요.",
    "too_long": "글이 너무 길어요. 나누어서 올려 주세요.",
    "too_many_parts": "파일 안에 든 조각이 너무 많아요. 나누어서 올려 주세요.",
    "unpacks_too_large": "풀면 지나치게 커지는 파일이라 읽지 않았어요. 어디서 온 파일인지 확인해 주세요.",
    "entities": "위험한 내용이 든 파일이라 읽지 않았어요. 어디서 온 파일인지 확인해 주세요.",
    "memory": "읽는 데 메모리가 너무 많이 들어요. 나누어서 올려 주세요.",
    "too_slow": f"{LIMITS.seconds:.0f}초 안에 다 읽지 못했어요. 나누어서 올려 주세요.",
    "reader_ended": "읽다가 멈추었어요. 열어서 다시 저장한 뒤 올려 주세요.",
    "not_started": "문서를 읽는 프로그램이 시작되지 않아요. 관리자에게 말씀해 주세요.",
    "name": "파일 이름이 없거나 너무 길어요. 이름을 짧게 바꾸어 주세요.",
    "department": "책임지는 부서를 적어 주세요. 200자까지 적을 수 있어요.",
    "owner": "담당을 100자까지만 적어 주세요.",
    "source": "원문 주소는 https://로 시작하게 적거나 비워 두세요.",
    "valid": "끝나는 날이 시작하는 날보다 앞서요. 날짜를 다시 봐 주세요.",
    "document": "그 문서를 찾을 수 없어요.",
    "version": "그 판을 찾을 수 없어요.",
    "passage": "그 대목을 찾을 수 없어요.",
    "of_review": "검토에서 만든 글이에요. 쓰거나 바꾸려면 검토 화면에서 제안해 주세요.",
    "own_version": "직접 올린 판은 스스로 쓰거나 들려줄 수 없어요. 다른 담당자가 살펴보고 눌러야 해요.",
    "passage_too_long": "문장이 너무 길어서 들려줄 수 없어요. 문서에서 문장을 짧게 나누어 주세요.",
}
UNKNOWN: Final = frozenset[DocumentFault]({"document", "version", "passage"})
FORBIDDEN: Final = frozenset[DocumentFault]({"own_version"})
OPERATOR_WORDS: Final = "서버 운영자"
STEPS: Final[Mapping[str, str]] = {"added": "넣음", "published": "답에 쓰기 시작함", "withdrawn": "거둠"}
FULL: Final = "지금 다른 파일들을 읽고 있어요. 잠시 뒤에 다시 올려 주세요."
NO_DAY: Final = "날짜를 다시 봐 주세요. 2027-03-31처럼 적어 주세요."


def day_words(day: date | None) -> str:
    """``2027. 3. 31.``; a dash where there is none."""
    return "–" if day is None else f"{day.year}. {day.month}. {day.day}."


def added_words(added: Added) -> str:
    """What came of a file."""
    words = OUTCOMES[added.outcome]
    if added.outcome == "nothing new":
        return words
    if added.version.state == "published" and is_to_come(added.version, added.version.added_at.date()):
        words = f"{words} {day_words(added.version.valid_from)}부터 답하고, 그때까지는 앞의 판이 답해요."
    told = f"{words} 대목 {added.version.passages}개"
    return f"{told}, 확인할 대목 {added.silent}개." if added.silent else f"{told}, 모두 확인됨."


def answering_words(row: VersionRow, versions: Sequence[VersionRow], today: date) -> str:
    """What a published or replaced version does while one of them is still to come; empty otherwise."""
    found = next((one for one in in_turn(versions) if one.version == row.version), None)
    if found is None:
        return ""
    if is_to_come(found, today):
        return f"{day_words(found.valid_from)}부터 답해요"
    ends = row.state == "replaced" and found.valid_until is not None and found.valid_until >= today
    return f"{day_words(found.valid_until)}까지 답해요" if ends else ""


def mark_words(passage: PassageRow) -> str:
    """Whether a passage is spoken."""
    if passage.verified:
        return "확인함"
    return "확인 전" if passage.spoken is not None else "너무 길어서 못 들려줌"


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "day": day_words,
    "due": lambda due: DUE[due],
    "answering": answering_words,
    "mark": mark_words,
    "document_step": lambda code: STEPS[code],
    "version_state": lambda code: STATES[code],
}
"""What templates call."""
