"""Records, documents, the city and the catalogue as `donghaeng doctor` finds them."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

from donghaeng.app.application import SEOUL_TIME, seoul_now
from donghaeng.app.memory import FULL, readings
from donghaeng.app.records import open_store, vault_keys_of
from donghaeng.city.connect import addresses_of, daily_limits, key_of
from donghaeng.city.imported import declared, read_imported
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.loading import read_catalogue
from donghaeng.cli.finding import Finding
from donghaeng.errors import DonghaengError
from donghaeng.knowledge.due import DUE_DAYS, Due, tally
from donghaeng.measuring.figures import MEGABYTE
from donghaeng.settings import Settings
from donghaeng.store import accesses, destructions, knowledge, machine_switch, quotas, vault
from donghaeng.store.knowledge import State
from donghaeng.store.retaining import destroy_due
from donghaeng.trust.retention import load_retention

LEAST_FREE_BYTES: Final = 500 * MEGABYTE
PUBLISHED: Final[tuple[State, ...]] = ("published",)


def data_folder(settings: Settings) -> Finding:
    """Whether records can be kept, and for how long."""
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        remedy = "set DONGHAENG_DATA to a folder that can be written"
        return Finding("data folder", "broken", f"{folder}: {error.strerror}", remedy)
    figures = {"free_mb": round(free / MEGABYTE)}
    if free < LEAST_FREE_BYTES:
        detail = f"{folder}: only {figures['free_mb']} MB are free"
        return Finding("data folder", "broken", detail, "make room or set DONGHAENG_DATA", figures)
    return Finding("data folder", "ok", f"{folder}, {figures['free_mb']} MB free", figures=figures)


def memory(settings: Settings) -> Finding:
    """Whether there is room for new conversations."""
    found = readings(settings.max_memory_mb)
    told = ", ".join(f"{one.what} {one.share:.0%} of {round(one.limit / MEGABYTE)} MB" for one in found)
    figures = {one.what: round(one.share, 3) for one in found}
    if max(one.share for one in found) >= FULL:
        remedy = "end what else runs here, give it more memory, or see docs/operations.md"
        return Finding("memory", "broken", f"{told}: new conversations are refused", remedy, figures)
    return Finding("memory", "ok", told, figures=figures)


def database(settings: Settings) -> Finding:
    """Whether the database opens, is of this version and holds what our key sealed."""
    where = re.sub(r"//[^@/]*@", "//", settings.database_url)
    try:
        with open_store(settings) as store:
            store.ping()
    except DonghaengError as error:
        return Finding("database", "broken", error.message, error.remedy or "see docs/operations.md")
    except OSError as error:
        remedy = "set DONGHAENG_DATA to a folder that can be written"
        return Finding("database", "broken", str(error), remedy)
    return Finding("database", "ok", f"{where} answers")


def documents(settings: Settings) -> Finding:
    """How many documents answer, and which of them somebody has to look at. None is needed."""
    try:
        with open_store(settings) as store:
            today = seoul_now().date()
            rows = store.look(lambda tx: knowledge.listed(tx, PUBLISHED))
    except (DonghaengError, OSError):
        return Finding("documents", "absent", "the database does not open", "mend the database first")
    counts = tally(rows, today)
    figures = {
        "published": len(rows),
        "expired": counts[Due.EXPIRED],
        "overdue": counts[Due.OVERDUE],
        "due_soon": counts[Due.SOON],
    }
    detail = f"{len(rows)} answer"
    if len(rows) == counts[Due.NOT]:
        return Finding("documents", "ok", f"{detail}, none is due within {DUE_DAYS} days", figures=figures)
    detail = f"{len(rows) - counts[Due.EXPIRED]} answer"
    due = (
        (counts[Due.EXPIRED], "no longer hold and are silent"),
        (counts[Due.OVERDUE], "were to be looked at again"),
        (counts[Due.SOON], f"are due within {DUE_DAYS} days"),
    )
    detail = "; ".join([detail, *(f"{count} {words}" for count, words in due if count)])
    return Finding("documents", "absent", detail, "donghaeng knowledge list --due", figures)


def machine(settings: Settings) -> Iterator[Finding]:
    """Whether the machine answers; nothing where the database does not open, which is told elsewhere."""
    try:
        with open_store(settings) as store:
            last = store.look(lambda tx: machine_switch.newest(tx, limit=1))
    except (DonghaengError, OSError):
        return
    if last and last[0].off:
        since = last[0].at.astimezone(SEOUL_TIME).isoformat(sep=" ", timespec="minutes")
        detail = f"switched off since {since} by {last[0].by}: {last[0].reason}"
        yield Finding("machine", "absent", detail, "donghaeng on, when what was wrong is mended")
    else:
        yield Finding("machine", "ok", "answers")


def privacy_records(settings: Settings) -> Finding:
    """Whether the rules of retention are in order, nothing is overdue and the records hold."""
    try:
        rules = load_retention(settings.catalogue)
        with open_store(settings) as store:
            due = destroy_due(store, rules, seoul_now(), settings.data, dry_run=True)
            verdicts = {"accesses": store.look(accesses.verify), "ledger": store.look(destructions.verify)}
    except DonghaengError as error:
        return Finding("privacy", "broken", error.message, error.remedy or "donghaeng privacy verify")
    figures = {one.kind: one.count for one in due if one.count}
    for name, verdict in verdicts.items():
        if verdict.broken is not None:
            detail = f"{name}, line {verdict.broken}: {verdict.why}"
            return Finding("privacy", "broken", detail, "donghaeng privacy verify; docs/privacy.md", figures)
    if figures:
        detail = f"due to be destroyed: {', '.join(f'{kind} {count}' for kind, count in figures.items())}"
        return Finding("privacy", "absent", detail, "donghaeng privacy retain", figures)
    rows = sum(verdict.rows for verdict in verdicts.values())
    return Finding("privacy", "ok", f"{len(rules)} rules, nothing is due, {rows} lines of records hold")


def vault_of_numbers(settings: Settings) -> Finding:
    """Whether the vault's keys are there, theirs alone, and open what is in it."""
    remedy = "see docs/operations.md, Keys"
    try:
        keys = vault_keys_of(settings)
        known = keys.ids
        with open_store(settings) as store:
            counts = store.look(vault.counts)
    except DonghaengError as error:
        return Finding("vault", "broken", error.message, error.remedy or remedy)
    figures = {"values": sum(counts.values()), "keys": len(known)}
    lost = {key: count for key, count in counts.items() if key not in known}
    if lost:
        told = ", ".join(f"{count} under {key}" for key, count in sorted(lost.items()))
        detail = f"values whose key is not here: {told}"
        return Finding("vault", "broken", detail, f"give the key back behind the others; {remedy}", figures)
    older = sum(count for key, count in counts.items() if key != keys.current)
    if older:
        detail = f"{older} of {figures['values']} values are under an older key"
        return Finding("vault", "absent", detail, "donghaeng vault rotate", figures)
    return Finding(
        "vault", "ok", f"{figures['values']} values, all under key {keys.current}", figures=figures
    )


def city(settings: Settings) -> Finding:
    """Which city answers; of the live one, who is connected and how many of today's calls are spent."""
    if settings.city == "sandbox":
        where = settings.sandbox_url or "inside the server"
        return Finding("city", "ok", f"the sandbox city, {where}")
    addresses = addresses_of(settings)
    missing = {name: one.remedy for name, one in addresses.items() if not (one.base and one.key)}
    spent = _spent_calls(settings)
    figures = {
        counter: f"{spent.get(counter, 0)}/{limit}" for counter, limit in daily_limits(settings).items()
    }
    detail = f"live; calls today: {', '.join(f'{counter} {used}' for counter, used in figures.items())}"
    if not missing:
        return Finding("city", "ok", detail, figures=figures)
    people = "; people carry out what the gateway would" if "gateway" in missing else ""
    detail = f"{detail}; not connected: {', '.join(missing)}{people}"
    return Finding("city", "absent", detail, "; ".join(dict.fromkeys(missing.values())), figures)


def _spent_calls(settings: Settings) -> dict[str, int]:
    """Today's calls by counter; none where the database does not open, which is told elsewhere."""
    today = seoul_now().date()
    limits = daily_limits(settings)
    keys = {counter: quotas.key_id(counter, key_of(settings, counter)) for counter in limits}
    try:
        with open_store(settings) as store:
            return store.look(lambda tx: {one: quotas.used(tx, keys[one], today) for one in limits})
    except (DonghaengError, OSError):
        return {}


def catalogue(settings: Settings) -> Finding:
    """Whether the service files are in order."""
    try:
        found, findings = read_catalogue(settings.catalogue)
        imported, wrong = read_imported(found.folder)
        known = {**OPERATIONS, **declared(imported)}
        findings = [*findings, *wrong, *check_catalogue(found, known)]
    except DonghaengError as error:
        return Finding("catalogue", "broken", str(error), "donghaeng services check")
    if findings or not found:
        detail = f"{len(findings)} findings" if findings else "has no service"
        return Finding("catalogue", "broken", f"{settings.catalogue}: {detail}", "donghaeng services check")
    return Finding("catalogue", "ok", f"{len(found)} services are in order")
