"""What an alert of the figures begins: notices to staff, a new review of the system, an incident.

All in the transaction in which the alert begins, so that each is begun once. Another system that reports is
held to the agent's rules: where the process does not know it, it enters as a draft, for what reports runs and
was reviewed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from donghaeng.store import Transaction, notices
from donghaeng.store.notices import Notice, Way
from donghaeng.tower.figures import feeds
from donghaeng.tower.figures.alerting import Alert
from donghaeng.tower.figures.definitions import Definitions, Opens, Rule
from donghaeng.tower.figures.values import written
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.refusals import UnknownSubject
from donghaeng.tower.process.state import Subject, subject_of

CAUSE: Final = "kpi_breach"
PLACE: Final = "/console/tower/figures"
UNREVIEWED: Final = "소식을 보내며 돌고 있지만 검토를 거치지 않았어요. 경보가 나서 등록했어요"


class Consequences:
    """Called with the alerts that began.

    Args:
        definitions: the rules, and what each opens.
        process: where a review is called for.
        incidents: where an incident begins.
        ways: by which staff are told outside the console.
    """

    def __init__(
        self,
        definitions: Definitions,
        process: ProcessDesk,
        incidents: IncidentDesk,
        *,
        ways: Iterable[Way] = (),
    ) -> None:
        self._definitions = definitions
        self._rules = {rule.id: rule for rule in definitions.alerts.rules}
        self._process = process
        self._incidents = incidents
        self._ways = tuple(ways)

    def __call__(self, tx: Transaction, alerts: Sequence[Alert], now: datetime) -> None:
        """Begin what the alerts open."""
        names = {one.system: one.name for one in feeds.every(tx)} if alerts else {}
        for alert in alerts:
            rule = self._rules[alert.rule]
            name = names.get(alert.system, "동행")
            words = f"{name}: {rule.says}{self._value(rule, alert)}"
            notice = Notice(f"alert/{alert.id}", rule.says, words, PLACE)
            notices.add(tx, notice, self._ways, now, at=alert.told_at or now)
            opens = self._definitions.alerts.opens.get(alert.rule)
            subject = _subject(alert.system)
            if opens is not None and subject is not None:
                if alert.system in names:
                    self._process.enter_within(tx, subject, name=name, words=UNREVIEWED)
                self._open(tx, opens, subject, rule, words)

    def _open(self, tx: Transaction, opens: Opens, subject: Subject, rule: Rule, words: str) -> None:
        if opens.review:
            self._process.call_within(tx, subject, CAUSE, words)
        if opens.incident is not None:
            self._incidents.from_alert(
                tx, subject, rule.id, title=rule.says, severity=opens.incident, words=words
            )

    def _value(self, rule: Rule, alert: Alert) -> str:
        if rule.metric is None or alert.value is None:
            return ""
        metric = self._definitions.metric(rule.metric)
        limit = rule.above if rule.above is not None else rule.below
        return f" ({metric.name} {written(metric, alert.value)}, 기준 {written(metric, limit)})"


def _subject(system: str) -> Subject | None:
    try:
        return subject_of("system", system)
    except UnknownSubject:
        return None
