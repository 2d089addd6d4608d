"""`donghaeng doctor`: what is installed, which engines run, how fast, what is missing and what mends it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from donghaeng import __version__
from donghaeng.cli.doctor_engines import embedder, language_model, speech, weights
from donghaeng.cli.doctor_records import (
    catalogue,
    city,
    data_folder,
    database,
    documents,
    machine,
    memory,
    privacy_records,
    vault_of_numbers,
)
from donghaeng.cli.doctor_running import alerts, processors, running, traces, virus_scanner
from donghaeng.cli.finding import Finding
from donghaeng.settings import Settings, load_settings

SYSTEM_PACKAGES: Final = {
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "page tests"),
    "espeak-ng": (("espeak-ng",), "the last fallback voice"),
    "sox": (("sox",), "tests on sound of other rates and codecs"),
}
"""Debian package → commands that show it, and what it is for."""
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at everything that Donghaeng needs, run each engine once and say how fast it is.

    Leaves with status 1 if something needed is missing.
    """
    settings = load_settings()
    findings = []
    for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            click.echo(f"{_SIGNS[finding.state]} {finding.part}: {finding.detail}", err=True)
    healthy = all(finding.state != "broken" for finding in findings)
    if as_json:
        told = [{**asdict(one), "guide": one.guide} for one in findings]
        click.echo(json.dumps({"healthy": healthy, "findings": told}))
    else:
        _show(findings)
    ctx.exit(0 if healthy else 1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every part, one after the other; each may take seconds."""
    yield Finding("donghaeng", "ok", f"{__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    yield packages()
    yield weights(settings)
    yield from speech(settings)
    yield embedder(settings)
    if settings.language_model_url is not None:
        yield language_model(settings)
    yield data_folder(settings)
    yield memory(settings)
    yield database(settings)
    yield documents(settings)
    yield from machine(settings)
    yield privacy_records(settings)
    yield vault_of_numbers(settings)
    yield processors(settings)
    yield from running(settings)
    yield alerts(settings)
    yield virus_scanner(settings)
    yield traces(os.environ)
    yield city(settings)
    yield catalogue(settings)
    yield from system_packages()
    yield sound_devices()


def packages() -> Finding:
    """The packages that Donghaeng was built on."""
    wanted = [one for one in requires("donghaeng") or () if "extra ==" not in one]
    names = [match.group() for one in wanted if (match := _NAME.match(one))]
    versions, missing = {}, []
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        remedy = f"{sys.executable} -m pip install {' '.join(missing)}"
        return Finding("packages", "broken", f"absent: {', '.join(missing)}", remedy, versions)
    return Finding("packages", "ok", f"{len(versions)} installed", figures=versions)


def system_packages() -> Iterator[Finding]:
    """Programs of the system that side roads need."""
    for name, (commands, purpose) in SYSTEM_PACKAGES.items():
        found = next((path for command in commands if (path := shutil.which(command))), None)
        if found is None:
            yield Finding(name, "absent", f"needed for {purpose}", _apt(name))
        else:
            yield Finding(name, "ok", f"{found}, for {purpose}")


def sound_devices() -> Finding:
    """The microphone and loudspeaker of `donghaeng talk`."""
    part = "microphone and loudspeaker"
    if find_spec("sounddevice") is None:
        remedy = f"{sys.executable} -m pip install 'sounddevice>=0.5' && {_apt('libportaudio2')}"
        return Finding(part, "absent", "needed for `donghaeng talk`: sounddevice is not installed", remedy)
    try:
        import sounddevice  # noqa: PLC0415  loads PortAudio, which may be absent

        devices = list(sounddevice.query_devices())
    except OSError as error:
        return Finding(part, "absent", f"needed for `donghaeng talk`: {error}", _apt("libportaudio2"))
    ears = sum(device["max_input_channels"] > 0 for device in devices)
    mouths = sum(device["max_output_channels"] > 0 for device in devices)
    if not ears or not mouths:
        detail = f"{ears} microphones, {mouths} loudspeakers"
        return Finding(part, "absent", detail, "connect both, then `donghaeng doctor` again")
    return Finding(part, "ok", f"{ears} microphones, {mouths} loudspeakers")


def _apt(package: str) -> str:
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y {package}"


_SIGNS: Final = {"ok": "✓", "absent": "–", "broken": "✗"}


def _show(findings: list[Finding]) -> None:
    table = Table("", "part", "what was found", "what mends it")
    for one in findings:
        colour = {"ok": "green", "absent": "yellow", "broken": "red"}[one.state]
        sign = Text(_SIGNS[one.state], style=colour)
        mends = f"{one.remedy} ({one.guide})" if one.remedy else ""
        table.add_row(sign, one.part, Text(one.detail), Text(mends))
    Console().print(table)
