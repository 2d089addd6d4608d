"""What waits, what is due, and what is sent elsewhere, as `donghaeng doctor` finds it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from donghaeng.app.application import SEOUL_TIME, seoul_now
from donghaeng.app.processors import connected
from donghaeng.app.records import open_store
from donghaeng.app.telling import ways_of
from donghaeng.app.tracing import address_of
from donghaeng.cli.finding import Finding
from donghaeng.errors import DonghaengError, SettingsError
from donghaeng.people.counselling import GRACE_SECONDS
from donghaeng.settings import Settings
from donghaeng.store import notices, standing
from donghaeng.trust.leaks import nearest
from donghaeng.trust.processors import PROCESSORS_FILE, load_processors, unnamed
from donghaeng.trust.virus_scanner import VirusScanner
from donghaeng.web.system import BACKUP_IS_OLD, WRITE_WAITS_LONG

REACH_SECONDS: Final = 2.0
"""How long the doctor waits for a collector of traces, or for the virus scanner."""
OTLP_PORT: Final = 4318


def running(settings: Settings) -> Iterator[Finding]:
    """Requests that wait for the city, the last backup, open incidents; nothing where the database does not
    open, which is told elsewhere."""
    now = seoul_now()
    try:
        with open_store(settings) as store:
            seen = store.look(lambda tx: standing.look(tx, now - timedelta(seconds=GRACE_SECONDS)))
    except (DonghaengError, OSError):
        return
    late = seen.oldest is not None and now - seen.oldest > WRITE_WAITS_LONG
    figures = {"pending": seen.pending}
    if late and seen.oldest is not None:
        since = seen.oldest.astimezone(SEOUL_TIME).isoformat(sep=" ", timespec="minutes")
        detail = f"{seen.pending} confirmed requests wait for the city, the oldest since {since}"
        remedy = "see which provider fails: /console/status, or the log's provider lines"
        yield Finding("waiting writes", "absent", detail, remedy, figures)
    else:
        yield Finding("waiting writes", "ok", f"{seen.pending} wait", figures=figures)
    made = standing.age(seen.backup_at, now)
    if made is None or made > BACKUP_IS_OLD:
        detail = "none is noted" if made is None else f"the last is {made.days} days old"
        remedy = "donghaeng database backup FILE (after pg_dump: donghaeng database backed-up)"
        yield Finding("backup", "absent", detail, remedy)
    else:
        yield Finding("backup", "ok", f"{made.total_seconds() / 3600:.0f} hours old")
    left = nearest(seen.leaks, now)
    if left is None:
        yield Finding("incidents", "ok", "none is open")
    else:
        names = ", ".join(one.id for one in seen.leaks)
        hours = left.total_seconds() / 3600
        detail = f"{names}: {hours:.1f} h left of 72" if hours > 0 else f"{names}: {-hours:.1f} h late"
        yield Finding("incidents", "absent", detail, "donghaeng leak list")


def alerts(settings: Settings) -> Finding:
    """Whether staff are told of alerts outside the console, and what could not be sent."""
    ways = ways_of(settings)
    if not ways:
        remedy = "DONGHAENG_ALERT_WEBHOOK, or DONGHAENG_ALERT_MAIL_HOST with DONGHAENG_ALERT_MAIL_TO"
        return Finding("alerts", "ok", "shown in the console; sent to nobody", remedy)
    try:
        with open_store(settings) as store:
            found = store.look(notices.tally)
    except (DonghaengError, OSError):
        return Finding("alerts", "ok", f"sent by {', '.join(ways)}")
    detail = f"sent by {', '.join(ways)}: {found.get('sent', 0)} sent, {found.get('pending', 0)} wait"
    if found.get("failed"):
        remedy = "see the log's notice.not_sent lines; donghaeng tower tell-test tries each way"
        return Finding("alerts", "absent", f"{detail}, {found['failed']} given up", remedy, found)
    return Finding("alerts", "ok", detail, figures=found)


def processors(settings: Settings) -> Finding:
    """Whether everybody to whom personal data goes is named in what is published."""
    try:
        named = load_processors(settings.catalogue)
    except DonghaengError as error:
        return Finding("processors", "broken", error.message, f"mend {PROCESSORS_FILE} of the catalogue")
    missing = unnamed(named, connected(settings))
    if missing:
        remedy = f"name them in {PROCESSORS_FILE} of the catalogue"
        return Finding("processors", "absent", f"not published: {', '.join(missing)}", remedy)
    return Finding("processors", "ok", f"{len(named)} are published at /privacy")


def virus_scanner(settings: Settings) -> Finding:
    """Whether files that staff hand in are looked through."""
    if settings.virus_scanner is None:
        remedy = "set DONGHAENG_VIRUS_SCANNER where staff upload files (docs/operations.md)"
        return Finding("virus scanner", "ok", "none: files are taken without a look", remedy)
    if asyncio.run(VirusScanner(settings.virus_scanner, REACH_SECONDS).is_there()):
        return Finding("virus scanner", "ok", f"clamd answers at {settings.virus_scanner}")
    detail = f"{settings.virus_scanner}: no answer; no file is taken meanwhile"
    return Finding("virus scanner", "absent", detail, "start clamd, or see that its socket may be opened")


def traces(environment: Mapping[str, str]) -> Finding:
    """Whether a collector takes traces, where one is named. Nothing needs it."""
    try:
        address = address_of(environment)
    except SettingsError as error:
        return Finding("traces", "broken", error.message, error.remedy or "unset it")
    if address is None:
        return Finding("traces", "ok", "not sent")
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or OTLP_PORT
    try:
        with socket.create_connection((host, port), REACH_SECONDS):
            return Finding("traces", "ok", f"sent to {host}:{port}")
    except OSError as error:
        detail = f"{host}:{port}: {error.strerror or type(error).__name__}; turns go on, traces are lost"
        remedy = "start the collector, or unset OTEL_EXPORTER_OTLP_ENDPOINT"
        return Finding("traces", "absent", detail, remedy)
