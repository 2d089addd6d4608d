"""The console with the control tower's process over a small database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from donghaeng.store import Store
from donghaeng.tower.incidents.desk import IncidentDesk
from donghaeng.tower.process.desk import ProcessDesk
from donghaeng.tower.process.loading import load_risk_form, load_rules
from donghaeng.trust.sealing import Sealer
from donghaeng.web.services import WebServices

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Tower:
    """The process, its database and its clock."""

    desk: ProcessDesk
    incidents: IncidentDesk
    store: Store
    now: datetime = NOW


@contextmanager
def with_tower(services: WebServices, folder: Path) -> Iterator[tuple[WebServices, Tower]]:
    """The same services with the process."""
    with Store.open(f"sqlite:///{folder}/tower.db", Sealer([b"k" * 32])) as store:
        inside: list[Tower] = []
        desk = ProcessDesk(store, load_rules(), load_risk_form(), lambda: inside[0].now)
        incidents = IncidentDesk(store, desk, lambda: inside[0].now)
        inside.append(Tower(desk, incidents, store))
        yield replace(services, process=desk, incidents=incidents), inside[0]
