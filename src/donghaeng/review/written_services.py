"""Services as they are written in a catalogue's folder: read, and what an owner's text would make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from donghaeng.city.imported import declared, read_imported
from donghaeng.city.operations import Operation
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.loading import SERVICE_FILE, TESTS_FILE, load_catalogue
from donghaeng.errors import CatalogueError, InputError
from donghaeng.review.changes import Change
from donghaeng.review.merging import file_of
from donghaeng.review.rules import ReviewRefused, TwoPersonRule
from donghaeng.review.service_change import ServiceChange, hash_of
from donghaeng.understanding.load import read_slot_lexicons

MOVED_ON: Final = (
    "이 초안을 쓰는 동안 답하는 판이 바뀌었어요. 바뀐 것을 보고 ‘지금 판 위에서 이어 쓰기’를 눌러 주세요"
)
GONE: Final = "이 서비스는 그사이에 목록에서 빠졌어요. 초안을 올릴 수 없어요"
TAKEN: Final = "이 영문 이름의 서비스가 이미 있어요. 다른 이름으로 만들어 주세요"


@dataclass(frozen=True, slots=True)
class WrittenService:
    """The two files of one service."""

    id: str
    definition: str = field(repr=False)
    tests: str = field(repr=False)
    base: str
    """:func:`~donghaeng.review.service_change.hash_of` both."""


def read_service(folder: Path, service: str) -> WrittenService | None:
    """A service as it stands in a catalogue's folder; None where it is not there."""
    file = folder / "services" / service / SERVICE_FILE
    if not file.is_file():
        return None
    tests = file.with_name(TESTS_FILE)
    definition = file.read_text(encoding="utf-8")
    told = tests.read_text(encoding="utf-8") if tests.is_file() else ""
    return WrittenService(service, definition, told, hash_of(definition, told))


def operations_of(folder: Path) -> Mapping[str, Operation]:
    """The operations that a service of a catalogue may call."""
    imported, _ = read_imported(folder)
    return {**OPERATIONS, **declared(imported)}


def check_base(change: Change, folder: Path) -> None:
    """A whole service must be written from what answers now, or what others published since would be lost.

    Args:
        change: any; only a whole service is looked at.
        folder: of the catalogue in force.

    Raises:
        ReviewRefused: another version answers now, none does any more, or one does by now.
    """
    if not isinstance(change, ServiceChange):
        return
    now = read_service(folder, change.service)
    if now is None and change.base:
        raise ReviewRefused(GONE)
    if now is not None and not change.base:
        raise ReviewRefused(TAKEN)
    if now is not None and now.base != change.base:
        raise ReviewRefused(MOVED_ON)


def check_writers(change: ServiceChange, staff: str) -> None:
    """Who wrote a part of a service does not publish it, whoever submitted it.

    Raises:
        TwoPersonRule: ``staff`` did.
    """
    if staff in change.authors:
        raise TwoPersonRule(
            "이 초안을 함께 쓰신 분은 적용할 수 없어요. 다른 한 사람이 살펴보고 적용해야 해요"
        )


def check_latest(change: Change, later: Iterable[Change]) -> None:
    """What a whole service took over is not taken back from under it.

    Args:
        change: is to be taken back.
        later: what was published after it and is in force.

    Raises:
        ReviewRefused: one of those is a whole service in the same file.
    """
    file = file_of(change)
    if any(isinstance(one, ServiceChange) and file_of(one) == file for one in later):
        raise ReviewRefused("나중에 적용한 서비스의 새 판이 이것을 담고 있어요. 그 판부터 되돌려 주세요")


def check_folder(folder: Path) -> None:
    """A catalogue with a whole service in it must load and hold together.

    Raises:
        InputError: the first thing that is wrong.
    """
    try:
        catalogue = load_catalogue(folder)
        for error in check_catalogue(catalogue, operations_of(folder)):
            raise error
        read_slot_lexicons(catalogue)
    except CatalogueError as error:
        place = "/".join(Path(error.file).parts[-2:])
        remedy = f" ({error.remedy})" if error.remedy else ""
        raise InputError(f"{place} {error.line}번째 줄: {error.message}{remedy}") from None
