"""The register: records and their versions in the database, changed by one person and let out by another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from donghaeng.errors import InputError, RecordRefused, UnknownRecord
from donghaeng.store import Store, Transaction, opinions
from donghaeng.store import register as rows
from donghaeng.store.opinions import Opinion
from donghaeng.store.register import MACHINE, Operation, StepRow, VersionRow
from donghaeng.tower.register.changes import PublicChange, What
from donghaeng.tower.register.checking import RECORD_ID, Missing, in_order, missing, normal, split
from donghaeng.tower.register.difference import Change, difference
from donghaeng.tower.register.publishing import FIRST_STAGE, Released, Shown, public_values, published
from donghaeng.tower.register.schema import Schema
from donghaeng.tower.register.stages import SHOWN_FROM, Stage, reached
from donghaeng.trust.masking import mask_value
from donghaeng.trust.tokens import make_id

OWN: Final = "donghaeng"
"""The record of this program itself."""
MOST_NOTE: Final = 500
MOST_CHANGES: Final = 100
MOST_SENTENCES: Final = 20
LEAST_OPINION: Final = 5
MOST_OPINION: Final = 1_000
_ID: Final = re.compile(RECORD_ID)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a list of the register."""

    id: str
    newest: VersionRow
    values: Mapping[str, Any] = field(repr=False)
    stage: Stage
    out: int | None
    """The version that the public may see; None where none is let out."""
    archived: bool
    missing: tuple[Missing, ...]
    """What is not filled and must be at its stage."""

    @property
    def name(self) -> str:
        """How it is called."""
        return str(self.values.get("name_ko") or self.values.get("name") or self.id)


class Register:
    """Every method is one transaction and may be called from any thread.

    Args:
        store: where the records are.
        schema: what a record holds.
        clock: the time now, aware.
        stages: where each system stands, by the record's id; from the process.
    """

    def __init__(
        self,
        store: Store,
        schema: Schema,
        *,
        clock: Callable[[], datetime],
        stages: Callable[[], Mapping[str, Stage]],
    ) -> None:
        self.schema = schema
        self._store = store
        self._clock = clock
        self._stages = stages

    def entries(self) -> list[Entry]:
        """Every record, by id."""
        stages = self._stages()

        def work(tx: Transaction) -> list[Entry]:
            done = rows.history(tx)
            return [self._entry(row, done, stages) for row in rows.current(tx)]

        return self._store.look(work)

    def entry(self, record: str) -> Entry:
        """One record.

        Raises:
            UnknownRecord: there is none of this id.
        """
        stages = self._stages()

        def work(tx: Transaction) -> Entry | None:
            row = rows.get(tx, record)
            return None if row is None else self._entry(row, rows.history(tx, record), stages)

        found = self._store.look(work)
        if found is None:
            raise UnknownRecord(f"no record {record}", remedy="see donghaeng register list")
        return found

    def version(self, record: str, version: int | None = None) -> tuple[VersionRow, dict[str, Any]]:
        """A version, the newest where none is named, and all of its values.

        Raises:
            UnknownRecord: there is none.
        """
        row = self._store.look(lambda tx: rows.get(tx, record, version))
        if row is None:
            remedy = f"see donghaeng register show {record}"
            raise UnknownRecord(f"no version {version or 1} of {record}", remedy=remedy)
        return row, self._values(row)

    def versions(self, record: str) -> tuple[list[VersionRow], list[StepRow]]:
        """Every version of a record and what was done with them, oldest first."""
        return self._store.look(lambda tx: (rows.listed(tx, record), rows.history(tx, record)))

    def difference(self, record: str, before: int, after: int) -> tuple[Change, ...]:
        """What changed from one version to another; version 0 is the empty record.

        Raises:
            UnknownRecord: there is no such version.
        """
        old = self.version(record, before)[1] if before else {}
        return difference(self.schema, old, self.version(record, after)[1])

    def save(
        self, record: str, values: Mapping[str, Any], *, by: str, base: int, note: str = ""
    ) -> VersionRow:
        """Write the next version; where nothing is other than before, the newest stays.

        Args:
            record: its id.
            values: all of them; numbers that are never kept are masked.
            by: who writes.
            base: the version that the writer has read, 0 for a new record.
            note: why.

        Raises:
            RecordRefused: something does not fit, or the id is none.
            RecordChanged: the newest version is not ``base``.
        """
        if not _ID.fullmatch(record):
            fault = "번호: 영어 소문자, 숫자, -, _로 두 글자 이상 적어 주세요."
            raise RecordRefused(
                f"{record!r} is no id of a record", faults=(fault,), remedy=f"it fits {RECORD_ID}"
            )
        checked = normal(self.schema, self._masked(normal(self.schema, values)))
        filled, personal = split(self.schema, checked)
        note = " ".join(note.split())[:MOST_NOTE]
        row = VersionRow(record, base + 1, self._clock(), by, filled, personal, note)

        def work(tx: Transaction) -> VersionRow:
            newest = rows.get(tx, record)
            if newest is not None and newest.version == base and self._values(newest) == checked:
                return newest
            rows.add(tx, row)
            return row

        return self._store.run(work)

    def publish(self, record: str, version: int, *, by: str) -> None:
        """Let a version out: the public sees it once its stage allows.

        Raises:
            UnknownRecord: there is none.
            InputError: it is out already, or ``by`` wrote it.
        """
        row = self.version(record, version)[0]
        if row.by == by and by != MACHINE:
            raise InputError(f"{by} wrote version {version}", remedy="another person lets it out")
        if self.entry(record).out == version:
            raise InputError(f"version {version} of {record} is out already", remedy="nothing is to be done")
        self._do(row, "published", by)

    def retract(self, record: str, *, by: str) -> None:
        """Take it from the public.

        Raises:
            UnknownRecord: there is none.
            InputError: it is not out.
        """
        out = self.entry(record).out
        if out is None:
            raise InputError(f"{record} is not public", remedy="nothing is to be taken back")
        self._do(self.version(record, out)[0], "retracted", by)

    def archive(self, record: str, *, by: str, back: bool = False) -> None:
        """Put a record away, or take it back: it stands in no list of work, its versions stay.

        Raises:
            UnknownRecord: there is none.
            InputError: it is so already.
        """
        found = self.entry(record)
        if found.archived is not back:
            raise InputError(f"{record} is so already", remedy="nothing is to be done")
        self._do(found.newest, "unarchived" if back else "archived", by)

    def published(self, record: str | None = None) -> list[Shown]:
        """What the public sees, by name; of one record alone where it is named."""
        stages = self._stages()

        def work(tx: Transaction) -> list[Released]:
            out = {
                name: step
                for name, (step, _) in _standing(rows.history(tx, record)).items()
                if step is not None
            }
            found = []
            for name, step in out.items():
                row = rows.get(tx, name, step.version)
                assert row is not None, "a step refers to a version"
                found.append(Released(name, row.version, step.at, self._values(row)))
            return found

        return published(self.schema, self._store.look(work), stages)

    def changes(self) -> list[PublicChange]:
        """What happened to what the public sees, the newest first, at most :data:`MOST_CHANGES`."""
        stages = self._stages()

        def work(tx: Transaction) -> list[PublicChange]:
            before: dict[str, dict[str, Any]] = {}
            found: list[PublicChange] = []
            for step in rows.history(tx):
                if step.operation not in ("published", "retracted"):
                    continue
                if not reached(stages.get(step.record, FIRST_STAGE), SHOWN_FROM):
                    continue
                row = rows.get(tx, step.record, step.version)
                assert row is not None, "a step refers to a version"
                values = public_values(self.schema, self._values(row))
                name = str(values.get("name_ko") or values.get("name") or step.record)
                told: tuple[str, ...] = ()
                what: What = "retracted"
                if step.operation == "published":
                    what = "changed" if step.record in before else "published"
                    if step.record in before:
                        changed = difference(self.schema, before[step.record], values)
                        told = tuple(one.sentence for one in changed[:MOST_SENTENCES])
                    before[step.record] = values
                found.append(PublicChange(step.record, name, what, step.version, step.at, told))
            return found[::-1][:MOST_CHANGES]

        return self._store.look(work)

    def withdrawn(self, record: str) -> PublicChange | None:
        """When a record was taken from the public; None where it never was public, or is."""
        if self.published(record):
            return None
        newest = next((one for one in self.changes() if one.record == record), None)
        return newest if newest is not None and newest.what == "retracted" else None

    def say(self, record: Shown, kind: str, text: str) -> None:
        """Keep what somebody without an account says of a public record, for staff to look at.

        Raises:
            InputError: there is nothing said, or it is too long.
        """
        told = " ".join(text.split())
        if not LEAST_OPINION <= len(told) <= MOST_OPINION:
            raise InputError(f"{LEAST_OPINION}글자부터 {MOST_OPINION:,}글자까지 적어 주세요.")
        masked = str(mask_value(told))
        one = Opinion(make_id("op"), record.id, record.version, kind, self._clock(), masked)
        self._store.run(lambda tx: opinions.add(tx, one))

    def opinions(self) -> list[Opinion]:
        """What was said, the open ones first."""
        return self._store.look(opinions.listed)

    def answer(self, name: str, words: str, *, by: str) -> None:
        """Note what was done about an opinion.

        Raises:
            InputError: nothing is noted, or somebody else has dealt with it.
        """
        told = " ".join(words.split())
        if not LEAST_OPINION <= len(told) <= MOST_OPINION:
            raise InputError(f"{LEAST_OPINION}글자부터 {MOST_OPINION:,}글자까지 적어 주세요.")
        answer, at = str(mask_value(told)), self._clock()
        if not self._store.run(lambda tx: opinions.close(tx, name, answer=answer, by=by, at=at)):
            raise InputError("다른 분이 먼저 처리했어요. 화면을 새로 열어 주세요.")

    def _do(self, row: VersionRow, operation: Operation, by: str) -> None:
        step = StepRow(row.record, row.version, operation, row.by, by, self._clock())
        self._store.run(lambda tx: rows.do(tx, step))

    def _entry(self, row: VersionRow, done: Sequence[StepRow], stages: Mapping[str, Stage]) -> Entry:
        step, archived = _standing(done).get(row.record, (None, False))
        stage, values = stages.get(row.record, FIRST_STAGE), self._values(row)
        out = None if step is None else step.version
        return Entry(row.record, row, values, stage, out, archived, missing(self.schema, values, stage))

    def _values(self, row: VersionRow) -> dict[str, Any]:
        return in_order(self.schema, {**row.values, **row.personal})

    def _masked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """With resident, card and account numbers taken out of what somebody typed; a checksum is none."""
        texts = {"text", "long"}
        found = dict(values)
        for spec in self.schema:
            value = found.get(spec.name)
            if value is None:
                continue
            if spec.type in texts:
                found[spec.name] = mask_value(value)
            parts = {part.name for part in spec.fields if part.type in texts}
            if spec.type == "rows":
                found[spec.name] = [_masked_parts(row, parts) for row in value]
            elif spec.type == "group":
                found[spec.name] = _masked_parts(value, parts)
        return found


def _masked_parts(row: Mapping[str, Any], parts: set[str]) -> dict[str, Any]:
    return {name: mask_value(value) if name in parts else value for name, value in row.items()}


def _standing(done: Sequence[StepRow]) -> dict[str, tuple[StepRow | None, bool]]:
    """By record: the step that let out what is out, and whether it is archived."""
    found: dict[str, tuple[StepRow | None, bool]] = {}
    for step in done:
        out, archived = found.get(step.record, (None, False))
        match step.operation:
            case "published":
                out = step
            case "retracted":
                out = None
            case "archived" | "unarchived":
                archived = step.operation == "archived"
        found[step.record] = (out, archived)
    return {name: (None if archived else out, archived) for name, (out, archived) in found.items()}
