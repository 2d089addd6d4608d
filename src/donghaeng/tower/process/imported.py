"""The record of reviews that comes with what is shipped: ``process/imported.yaml`` of a catalogue.

It is taken over once, when a service, a knowledge set or an engine is first seen. Pilot is the most that it
can say: operation wants tests with older users, and these nobody ships.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from donghaeng.errors import InputError
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.risk import RiskForm, assess
from donghaeng.tower.process.rules import Kind, Rules
from donghaeng.tower.process.state import (
    SYSTEM,
    Action,
    ActionKind,
    Evidence,
    Subject,
    SubjectState,
    evolve,
    write_evidence,
)
from donghaeng.trust.rule_files import read_rules

IMPORTED_FILE: Final = "process/imported.yaml"


class ImportedEvidence(BaseModel):
    """One piece of evidence of the record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    link: str
    result: str = ""
    fields: Mapping[str, str] = {}


class ImportedGroup(BaseModel):
    """Subjects that were reviewed alike."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    ids: tuple[str, ...]
    stage: Literal["prior_review", "test", "pilot"] = "pilot"
    owner: str = ""
    answers: Mapping[str, str] = {}
    """Instead of those of the record."""


class ImportedRecord(BaseModel):
    """The whole record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    words: str
    answers: Mapping[str, str]
    """Of the risk form, for whatever a group does not answer itself."""
    evidence: Mapping[str, ImportedEvidence]
    groups: tuple[ImportedGroup, ...] = Field(min_length=1)

    def group_of(self, subject: Subject) -> ImportedGroup | None:
        """What the record says of a subject; None where nothing."""
        found = (one for one in self.groups if one.kind is subject.kind and subject.id in one.ids)
        return next(found, None)

    def told(self, rules: Rules, form: RiskForm, subject: Subject, name: str) -> dict[str, Any] | None:
        """What the first action of a subject tells; None where the record says nothing of it.

        Raises:
            InputError: an answer is missing, or the gate of the stage would stay closed.
        """
        group = self.group_of(subject)
        if group is None:
            return None
        answers = {**self.answers, **group.answers}
        risk = assess(form, answers)
        wanted = rules.required(subject.kind, group.stage, risk.level)
        evidence = [
            Evidence(
                id=f"imported_{kind}",
                kind=kind,
                title=one.title,
                on=self.on,
                link=one.link,
                result=one.result,
                fields=one.fields,
            )
            for kind, one in self.evidence.items()
            if kind in wanted
        ]
        told: dict[str, Any] = {
            "name": name,
            "owner": group.owner,
            "words": self.words,
            "stage": group.stage,
            "reviewed_on": self.on.isoformat(),
            "risk": {
                "form": form.version,
                "answers": answers,
                "raw": risk.raw,
                "mitigation": risk.mitigation,
                "total": risk.total,
                "level": risk.level,
            },
            "evidence": [write_evidence(one) for one in evidence],
        }
        begun = evolve(SubjectState(subject), _first(subject, told))
        lacking = missing(rules, begun, group.stage)
        if lacking:
            raise InputError(f"{subject}: the imported record lacks {', '.join(lacking)}")
        return told


def load_imported(catalogue: Path) -> ImportedRecord | None:
    """The record of a catalogue; None where it has none.

    Raises:
        InputError: the file is wrong.
    """
    path = catalogue / IMPORTED_FILE
    return read_rules(path, ImportedRecord) if path.exists() else None


def _first(subject: Subject, told: Mapping[str, Any]) -> Action:
    at = datetime.fromisoformat(f"{told['reviewed_on']}T00:00:00+09:00")
    return Action(subject, 1, at, SYSTEM, ActionKind.IMPORTED, told)
