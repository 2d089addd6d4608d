"""How everything stands, in words of the console: a row a part, with what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from donghaeng.trust.leaks import Leak
from donghaeng.web.console.desk_words import day_and_clock, span
from donghaeng.web.system import ProviderSeen, State, System

STATES: Final[dict[State, str]] = {"ok": "정상", "watch": "살펴봐요", "down": "멈춤", "off": "쓰지 않음"}
ENGINES: Final = {
    "recogniser": "말을 듣는 엔진",
    "synthesiser": "말하는 엔진",
    "voice_activity": "말소리를 찾는 엔진",
    "embedder": "뜻을 견주는 엔진",
    "language_model": "언어 모델",
}
DUTIES: Final = {"notified": "당사자에게 알리기", "reported": "개인정보보호위원회나 KISA에 신고하기"}
GIGABYTE: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One part."""

    key: str
    name: str
    state: State
    words: str
    runbook: str | None = None
    """File in docs/runbooks that says what to do; None where nothing is wrong."""

    @property
    def state_words(self) -> str:
        """The state in Korean."""
        return STATES[self.state]


def rows_of(system: System) -> list[Row]:
    """Every part, what matters most first."""
    return list(_rows(system))


def _rows(system: System) -> Iterator[Row]:
    yield _machine(system)
    yield from _leaks(system)
    yield _database(system)
    yield _writes(system)
    yield _queue(system)
    yield _live(system)
    for provider in system.providers:
        yield _provider(provider)
    if not system.providers:
        yield Row("providers", "시의 시스템", "ok", "켜진 뒤로 아직 부르지 않았어요.")
    for engine in system.engines:
        yield Row(f"engine-{engine.role}", ENGINES[engine.role], "ok", engine.name)
    yield _backup(system)
    yield _disk(system)
    words = (
        "보내고 있어요." if system.traces else "보내지 않아요. OTEL_EXPORTER_OTLP_ENDPOINT를 정하면 보내요."
    )
    yield Row("traces", "추적(OpenTelemetry)", "ok" if system.traces else "off", words)
    yield Row("version", "판", "ok", f"{system.version}, {day_and_clock(system.began_at)}에 켰어요.")


def _machine(system: System) -> Row:
    name, standing = "자동 안내", system.standing
    if not system.off:
        return Row("machine", name, "ok", "켜져 있어요.")
    switched = standing.switched if standing is not None else None
    words = "꺼져 있어요."
    if switched is not None and switched.off:
        words = f"{day_and_clock(switched.at)}부터 꺼져 있어요. {switched.by}: {switched.reason}"
    return Row("machine", name, "down", words, "turn-it-off.md")


def _leaks(system: System) -> Iterator[Row]:
    for one in system.standing.leaks if system.standing is not None else ():
        yield Row(
            f"incident-{one.id}", f"유출 신고 시계 ({one.id})", "down", _clock(one, system.at), "leak.md"
        )


def _clock(leak: Leak, now: datetime) -> str:
    left = leak.left(now).total_seconds()
    when = f"{day_and_clock(leak.due)}까지"
    told = f"{span(left)} 남았어요" if left > 0 else f"{span(-left)} 지났어요"
    return f"{when}, {told}. 남은 일: {', '.join(DUTIES[one] for one in leak.missing)}"


def _database(system: System) -> Row:
    if system.standing is None:
        return Row(
            "database", "데이터베이스", "down", f"{system.database}가 답하지 않아요.", "database-gone.md"
        )
    return Row("database", "데이터베이스", "ok", f"{system.database}, 답하고 있어요.")


def _writes(system: System) -> Row:
    name, seen = "시에 보낼 신청", system.standing
    if seen is None:
        return Row("writes", name, "watch", "지금은 알 수 없어요.", "database-gone.md")
    if seen.oldest is None:
        return Row("writes", name, "ok", "기다리는 것이 없어요.")
    words = f"{seen.pending}건이 기다려요. 가장 오래된 것은 {day_and_clock(seen.oldest)}에 받았어요."
    runbook = "provider-down.md" if system.writes != "ok" else None
    return Row("writes", name, system.writes, words, runbook)


def _queue(system: System) -> Row:
    name, seen = "상담 대기", system.standing
    if seen is None:
        return Row("queue", name, "watch", "지금은 알 수 없어요.", "database-gone.md")
    words = f"{seen.waiting}분이 기다리고, 상담사 {seen.ready}명이 받을 수 있어요."
    return Row("queue", name, "watch" if seen.waiting and not seen.ready else "ok", words)


def _live(system: System) -> Row:
    words = f"{system.places}자리 가운데 {system.taken}자리를 쓰고, {system.waiting}분이 자리를 기다려요."
    full = system.waiting > 0
    return Row("live", "음성 통화", "watch" if full else "ok", words, "voice-slow.md" if full else None)


def _provider(provider: ProviderSeen) -> Row:
    parts = []
    if provider.answered_at is not None:
        parts.append(f"마지막 답 {day_and_clock(provider.answered_at)}")
    if provider.failed_at is not None:
        parts.append(f"마지막 실패 {day_and_clock(provider.failed_at)} ({provider.failure})")
    if provider.left_alone:
        parts.append(f"잠시 부르지 않는 곳: {', '.join(provider.left_alone)}")
    runbook = "provider-down.md" if provider.state != "ok" else None
    name = f"시의 시스템 ({provider.name})"
    return Row(f"provider-{provider.name}", name, provider.state, ". ".join(parts), runbook)


def _backup(system: System) -> Row:
    made = system.standing.backup_at if system.standing is not None else None
    words = "적힌 백업이 없어요." if made is None else f"{day_and_clock(made)}에 했어요."
    return Row("backup", "마지막 백업", system.backup, words, "restore.md" if system.backup != "ok" else None)


def _disk(system: System) -> Row:
    if system.free_bytes is None:
        return Row("disk", "디스크", "down", "자료 폴더를 볼 수 없어요.", "disk-full.md")
    words = f"{system.free_bytes / GIGABYTE:.1f} GB 남았어요."
    return Row("disk", "디스크", system.disk, words, "disk-full.md" if system.disk != "ok" else None)
