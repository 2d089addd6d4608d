"""`donghaeng doctor`: what is installed, which engines run, how fast, what is missing and what mends it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from typing import Any, Final, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from donghaeng import __version__
from donghaeng.app.application import seoul_now
from donghaeng.city.connect import addresses_of, daily_limits, key_of
from donghaeng.city.imported import declared, read_imported
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.loading import load_catalogue, read_catalogue
from donghaeng.errors import DonghaengError, LanguageModelFailed
from donghaeng.language_models.load import load_language_model
from donghaeng.measuring import capacity_kept, engines
from donghaeng.measuring.capacity import LIMIT_SECONDS, TURN_SECONDS, Costs, carries
from donghaeng.measuring.figures import MEGABYTE
from donghaeng.measuring.language_model import Tried, try_model
from donghaeng.settings import CHECKOUT, Settings, load_settings
from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.load import (
    RECOGNISERS,
    SYNTHESISERS,
    VOICE_ACTIVITY,
    installed,
    load_recogniser,
    load_synthesiser,
    load_voice_activity,
)
from donghaeng.store import Store, quotas
from donghaeng.trust.sealing import make_sealer
from donghaeng.understanding.load import EMBEDDERS, load_embedder

State = Literal["ok", "absent", "broken"]
"""``absent``: not there, and only a side road needs it; ``broken``: needed."""

MODEL_PATIENCE_S: Final = 60.0
"""How long the doctor waits for a language model: longer than any citizen, since it may be loading."""
LEAST_FREE_BYTES: Final = 500 * MEGABYTE
SYSTEM_PACKAGES: Final = {
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "page tests"),
    "espeak-ng": (("espeak-ng",), "the last fallback voice"),
    "sox": (("sox",), "tests on sound of other rates and codecs"),
}
"""Debian package → commands that show it, and what it is for."""
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found of one part."""

    part: str
    state: State
    detail: str
    remedy: str | None = None
    """The command that mends it."""
    figures: dict[str, Any] = field(default_factory=dict)


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
        click.echo(json.dumps({"healthy": healthy, "findings": [asdict(one) for one in findings]}))
    else:
        _show(findings)
    ctx.exit(0 if healthy else 1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every part, one after the other; each may take seconds."""
    yield Finding("donghaeng", "ok", f"{__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    yield packages()
    yield from speech(settings)
    yield embedder(settings)
    if settings.language_model_url is not None:
        yield language_model(settings)
    yield data_folder(settings)
    yield database(settings)
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


def speech(settings: Settings) -> Iterator[Finding]:
    """The engines that speak, find speech and hear, each run on the sound of the one before."""
    sound: Audio | None = None
    infos: list[EngineInfo] = []

    def speaks() -> tuple[str, engines.Measured]:
        engine = load_synthesiser(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.speak(engine)

    def finds() -> tuple[str, engines.Measured]:
        engine = load_voice_activity(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.find_speech(engine, sound or _silence())

    def hears() -> tuple[str, engines.Measured]:
        engine = load_recogniser(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.hear(engine, sound or _silence())

    speaking, sound = _engine("synthesiser", SYNTHESISERS, speaks)
    yield speaking
    for name in dict.fromkeys(settings.synthesiser_fallbacks):
        if name != settings.synthesiser:
            yield _fallback(settings, name)
    finding = _engine("voice activity", VOICE_ACTIVITY, finds)[0]
    yield finding
    hearing = _engine("recogniser", RECOGNISERS, hears)[0]
    yield hearing
    if all(one.state == "ok" for one in (speaking, finding, hearing)):
        spoken, found, heard = (one.figures[engines.COST] for one in (speaking, finding, hearing))
        yield live_places(settings, infos, Costs(hear=heard, speak=spoken, listen=found))


def live_places(settings: Settings, infos: Sequence[EngineInfo], costs: Costs) -> Finding:
    """How many live conversations this machine carries; kept for the next start."""
    capacity_kept.keep(settings.cache, infos, costs)
    cores = capacity_kept.usable_cores()
    usual, cold = carries(costs, cores), carries(costs, cores, cached=0.0)
    figures = {
        "cores": cores,
        "live_70_cached": usual.live,
        "live_none_cached": cold.live,
        "p95_s": round(usual.p95_seconds, 2),
        "utilisation": round(usual.utilisation, 2),
    }
    detail = (
        f"{usual.live} with 70 % of the sound cached, {cold.live} with none, one turn each in "
        f"{TURN_SECONDS:g} s, 95 % of the answers within {LIMIT_SECONDS:g} s (simulated from these costs, "
        f"{cores} cores, {usual.utilisation:.0%} used)"
    )
    if settings.max_live is not None:
        detail += f"; DONGHAENG_MAX_LIVE sets {settings.max_live}"
    if usual.live == 0:
        remedy = "more or faster cores; until then one conversation at a time is let in"
        return Finding("live conversations", "absent", detail, remedy, figures)
    return Finding("live conversations", "ok", detail, figures=figures)


def _fallback(settings: Settings, name: str) -> Finding:
    """An engine that speaks where the chosen one cannot; never needed while that works."""

    def speaks() -> tuple[str, engines.Measured]:
        engine = load_synthesiser(settings, name)
        return engines.describe(engine.info), engines.speak(engine)

    finding, _ = _engine(f"voice in reserve, {name}", SYNTHESISERS, speaks)
    return finding if finding.state == "ok" else replace(finding, state="absent")


def embedder(settings: Settings) -> Finding:
    """The engine that embeds sentences."""

    def embeds() -> tuple[str, engines.Measured]:
        engine = load_embedder(settings.embedder)
        return engine.name, engines.embed(engine)

    return _engine("embedder", EMBEDDERS, embeds)[0]


def language_model(settings: Settings) -> Finding:
    """The model that proposes where nothing was understood; never needed, so at worst ``absent``, except
    that a wrong setting keeps the server from starting."""
    part = "language model"
    try:
        tried, name = asyncio.run(_ask_model(settings))
    except LanguageModelFailed as error:
        remedy = "start the model's server, or unset DONGHAENG_LANGUAGE_MODEL_URL (docs/language-model.md)"
        return Finding(part, "absent", f"{error.message}; everything works without it", remedy)
    except DonghaengError as error:
        return Finding(part, "broken", error.message, error.remedy or "see docs/language-model.md")
    figures = {"ms": round(tried.seconds * 1000), "well_formed": tried.well_formed, "right": tried.right}
    detail = f"{name} answered in {figures['ms']} ms"
    if not tried.well_formed:
        remedy = "try another DONGHAENG_LANGUAGE_MODEL_FORMAT or model"
        return Finding(part, "absent", f"{detail}, in no form that is used", remedy, figures)
    if tried.seconds > settings.language_model_deadline_s:
        remedy = "a smaller model, or a longer DONGHAENG_LANGUAGE_MODEL_DEADLINE_S"
        late = f"{detail}, later than the deadline of {settings.language_model_deadline_s:g} s"
        return Finding(part, "absent", late, remedy, figures)
    return Finding(part, "ok", f"{detail}, {'rightly' if tried.right else 'wrongly'}", figures=figures)


async def _ask_model(settings: Settings) -> tuple[Tried, str]:
    model = load_language_model(settings, deadline_s=MODEL_PATIENCE_S)
    assert model is not None
    try:
        # The first answer pays for loading the model and reading the prompt's fixed part.
        catalogue = load_catalogue(settings.catalogue)
        await try_model(model, catalogue, seoul_now())
        return await try_model(model, catalogue, seoul_now()), model.name
    finally:
        await model.aclose()


def _engine(
    part: str, group: str, run: Callable[[], tuple[str, engines.Measured]]
) -> tuple[Finding, Audio | None]:
    choices = ", ".join(installed(group)) or "none"
    try:
        what, measured = run()
    except DonghaengError as error:
        remedy = error.remedy or _reinstall()
        return Finding(part, "broken", f"{error.message} (installed: {choices})", remedy), None
    except Exception as error:  # an engine may fail in any way; the doctor names it and goes on
        detail = f"fails: {type(error).__name__}: {error} (installed: {choices})"
        return Finding(part, "broken", detail, _reinstall()), None
    shown = ", ".join(f"{name} {value}" for name, value in measured.figures.items())
    detail = f"{what}; {shown}; installed: {choices}"
    return Finding(part, "ok", detail, figures=measured.figures), measured.sound


def _silence() -> Audio:
    import numpy as np  # noqa: PLC0415  only where no voice runs

    return Audio(np.zeros(32_000, np.float32), 16_000)


def _reinstall() -> str:
    if (CHECKOUT / "Makefile").is_file():
        return f"make -C {CHECKOUT} run"
    return f"{sys.executable} -m pip install --force-reinstall donghaeng"


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


def database(settings: Settings) -> Finding:
    """Whether the database opens, is of this version and holds what our key sealed."""
    where = re.sub(r"//[^@/]*@", "//", settings.database_url)
    try:
        key = settings.key.get_secret_value() if settings.key else None
        with Store.open(settings.database_url, make_sealer(key, settings.data)) as store:
            store.ping()
    except DonghaengError as error:
        return Finding("database", "broken", error.message, error.remedy or "see docs/operations.md")
    except OSError as error:
        remedy = "set DONGHAENG_DATA to a folder that can be written"
        return Finding("database", "broken", str(error), remedy)
    return Finding("database", "ok", f"{where} answers")


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
        key = settings.key.get_secret_value() if settings.key else None
        with Store.open(settings.database_url, make_sealer(key, settings.data)) as store:
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
        table.add_row(sign, one.part, Text(one.detail), Text(one.remedy or ""))
    Console().print(table)
