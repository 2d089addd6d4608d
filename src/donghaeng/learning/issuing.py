"""Certificates: what each learner is offered, what is missing, and issuing one when nothing is.

A certificate is issued in the transaction of the last thing that it wanted, and counted once for the year's
targets under a keyed fingerprint. While one holds, no second is issued; afterwards only what was passed since
counts, because law and forms have changed meanwhile.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from donghaeng.learning.certificates import CertificateRule, Passed, Standing, standing
from donghaeng.learning.intake import Intake
from donghaeng.learning.loading import Learning
from donghaeng.learning.own_plan import OwnPlan, highest_level, wanted_lessons
from donghaeng.store import Transaction, learners, learning_records
from donghaeng.store.learners import Entry
from donghaeng.store.learning_records import Completed
from donghaeng.trust.tokens import in_letters

SEOUL: Final = ZoneInfo("Asia/Seoul")
SOURCE: Final = "동행 배움터"
"""What the targets board names as the origin of these completions."""
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate."""

    rule: str
    number: str
    """Printed on it; says nothing of the person."""
    name: str
    earned_on: date
    expires_on: date

    @classmethod
    def of(cls, entry: Entry) -> Issued:
        """As it was kept."""
        told = entry.told
        days = (date.fromisoformat(told["earned_on"]), date.fromisoformat(told["expires_on"]))
        return cls(entry.what, told["number"], told["name"], *days)

    def holds(self, today: date) -> bool:
        """Whether it is in force."""
        return today < self.expires_on


def passed_of(entries: Iterable[Entry]) -> tuple[Passed, ...]:
    """What was passed, as rules of certificates read it."""
    return tuple(
        Passed(one.kind, one.what, one.version, one.at.astimezone(SEOUL).date())
        for one in entries
        if one.kind in ("quiz", "simulation", "project")
    )


def standings(
    learning: Learning, intake: Intake, passed: Sequence[Passed], issued: Sequence[Issued]
) -> tuple[Standing, ...]:
    """How far somebody is with each certificate that they are offered.

    Args:
        learning: the lessons in force.
        intake: the answers that the learner's steps follow from.
        passed: all that was passed.
        issued: certificates that hold no more: what was passed before they ended counts no more either.
    """
    highest = highest_level(learning, intake)
    found = []
    for rule in learning.certificates.certificates:
        if rule.audience != "official" or rule.level is None or rule.level > highest:
            continue
        since = max((one.expires_on for one in issued if one.rule == rule.id), default=date.min)
        counted = [one for one in passed if one.on >= since] if since > date.min else list(passed)
        wanted = wanted_lessons(learning, intake, rule.level)
        found.append(standing(rule, learning.lessons, wanted, counted))
    return tuple(found)


def issue(tx: Transaction, learning: Learning, staff: str, now: datetime) -> tuple[Issued, ...]:
    """Issue every certificate that was earned and is not held, and count it; those that are new."""
    plan = learners.plan_of(tx, staff)
    if plan is None:
        return ()
    intake = OwnPlan.model_validate(plan.told).intake
    today = now.astimezone(SEOUL).date()
    entries = learners.of_kinds(tx, staff, "quiz", "simulation", "project", "certificate")
    held = [Issued.of(one) for one in entries if one.kind == "certificate"]
    current = [one for one in held if one.holds(today)]
    expired = [one for one in held if not one.holds(today)]
    new = []
    for one in standings(learning, intake, passed_of(entries), expired):
        if one.earned_on is None or any(have.rule == one.rule.id for have in current):
            continue
        version = 1 + sum(have.rule == one.rule.id for have in held)
        made = _make(tx, staff, one.rule, one.earned_on, version)
        told = {
            "number": made.number,
            "name": made.name,
            "earned_on": made.earned_on.isoformat(),
            "expires_on": made.expires_on.isoformat(),
        }
        if not learners.add(tx, staff, Entry("certificate", one.rule.id, version, now, None, told)):
            continue
        mark = learning_records.learner_mark(tx.sealer, one.rule.programme, staff)
        course = f"{one.rule.name} ({one.earned_on.year})"
        done = Completed(one.rule.programme, mark, course, one.earned_on)
        learning_records.add_completed(tx, [done], SOURCE, now)
        new.append(made)
    return tuple(new)


def _make(tx: Transaction, staff: str, rule: CertificateRule, earned: date, version: int) -> Issued:
    # The same certificate has the same number, and nobody's id can be read from it.
    mark = tx.sealer.fingerprint(f"{staff}/{rule.id}/{version}", "certificates")
    letters = in_letters(bytes.fromhex(mark[:12])).upper()
    number = f"DH-{earned.year}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    return Issued(rule.id, number, rule.name, earned, after_months(earned, rule.months))


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has none such."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
