"""The register beside the process: each is told what the other knows. Composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from donghaeng.errors import DonghaengError
from donghaeng.settings import Settings
from donghaeng.store import Store, process
from donghaeng.store.register import MACHINE, VersionRow
from donghaeng.tower.process.desk import states
from donghaeng.tower.process.gates import level_of
from donghaeng.tower.process.loading import load_rules
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.tower.register.loading import load_schema
from donghaeng.tower.register.register import OWN, Entry, Register
from donghaeng.tower.register.stages import STAGES, Stage

LOOK_EVERY_S: Final = 5.0
LEVEL_FILLED: Final = "위험 등급을 검토 절차에서 옮겼어요."
NOT_PUBLIC: Final = "등록부에 공개한 기록이 없어요. 먼저 기록을 공개해 주세요"
NO_OVERSEER: Final = "공개한 기록에 감독하는 사람의 이름과 연락처가 없어요. 적어서 다시 공개해 주세요"

_log = structlog.get_logger(__name__)


def open_register(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Register:
    """The register over a store; where a system stands is what the process says.

    Raises:
        InputError: its schema is wrong.
    """
    del settings
    return register_over(store, clock)


def register_over(store: Store, clock: Callable[[], datetime]) -> Register:
    """See :func:`open_register`."""
    return Register(store, load_schema(), clock=clock, stages=lambda: stages_of(store))


def stages_of(store: Store) -> Mapping[str, Stage]:
    """Where each system stands, by its id."""
    named: dict[str, Stage] = {one: one for one in STAGES}
    everybody = store.look(states)
    return {one.id: named[state.stage] for one, state in everybody.items() if one.kind == "system"}


def record_of(subject: Subject) -> str:
    """The record that tells of a subject: a system's own; this program's of all that is a part of it."""
    return subject.id if subject.kind is Kind.SYSTEM else OWN


def publication_fault(register: Register, subject: Subject) -> str | None:
    """Why the register's public record does not hold as evidence of publication; None where it does."""
    shown = register.published(record_of(subject))
    if not shown:
        return NOT_PUBLIC
    person = shown[0].values.get("oversight_person") or {}
    return None if person.get("name") and person.get("contact") else NO_OVERSEER


def change_record(
    register: Register, entry: Entry, change: Callable[[Mapping[str, Any]], Mapping[str, Any]], *, note: str
) -> VersionRow | None:
    """Change a record by the program: what is let out is let out anew, and what people have changed and not
    let out stays a draft on top of it.

    Returns:
        The newest version where one was written; None where nothing is other than before.

    Raises:
        RecordChanged: somebody changed the record meanwhile; the next look tries again.
    """
    newest = entry.newest.version
    wanted = change(entry.values)
    if wanted == entry.values:
        return None
    if entry.out is not None:
        shown = change(register.version(entry.id, entry.out)[1])
        row = register.save(entry.id, shown, by=MACHINE, base=newest, note=note)
        if entry.out != row.version:
            register.publish(entry.id, row.version, by=MACHINE)
        newest = row.version
    return register.save(entry.id, wanted, by=MACHINE, base=newest, note=note)


def fill_levels(register: Register, store: Store) -> int:
    """Write the risk level of each system's scored form into its record; how many records that changed.

    Raises:
        RecordChanged: somebody changed a record meanwhile; the next look tries again.
    """
    rules, everybody = load_rules(), store.look(states)
    levels = {
        one.id: level_of(rules, state)
        for one, state in everybody.items()
        if one.kind is Kind.SYSTEM and state.level is not None
    }
    changed = 0
    for entry in register.entries():
        level = levels.get(entry.id)
        if level is not None:
            filled = partial(_with_level, level=level)
            changed += change_record(register, entry, filled, note=LEVEL_FILLED) is not None
    return changed


def _with_level(values: Mapping[str, Any], *, level: int) -> dict[str, Any]:
    return {**values, "risk_level": level}


async def keep_levels(register: Register, store: Store) -> None:
    """Do so after each change of the process, for ever; an error is logged and the next look tries again."""
    seen = -1
    while True:
        try:
            now = await store.read(process.revision)
            if now != seen:
                changed = await asyncio.to_thread(fill_levels, register, store)
                seen = now
                if changed:
                    _log.info("register.levels", count=changed)
        except DonghaengError as error:
            _log.warning("register.levels_failed", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)
