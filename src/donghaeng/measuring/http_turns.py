"""`donghaeng bench http`: typed turns a second over HTTP, of several server processes on one database."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

import psutil

from donghaeng.measuring.cases import JsonObject, Progress, no_progress
from donghaeng.measuring.figures import milliseconds, quantile
from donghaeng.measuring.own_server import own_server
from donghaeng.measuring.plain_http import Answer, PlainClient
from donghaeng.measuring.turns import HOME, Script, endless


class Client(Protocol):
    """Asks one server (:class:`~donghaeng.measuring.plain_http.PlainClient`)."""

    async def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and wait for the answer."""
        ...


@dataclass(slots=True)
class _Talk:
    """One open conversation."""

    address: str
    script: Iterator[str]
    conversation: str = ""
    token: str = ""
    turns: int = 0


@dataclass(slots=True)
class _Tally:
    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    opened: int = 0


@contextmanager
def servers(
    serve: Sequence[str], environment: Mapping[str, str], *, count: int, patience: float
) -> Iterator[list[str]]:
    """Addresses of so many server processes, which are ready, until the block ends.

    Raises:
        DonghaengError: one ended or was not ready in time.
    """
    with ExitStack() as stack:
        # One after the other: the first makes what the others then read.
        running = (own_server(serve, environment, patience=patience) for _ in range(count))
        yield [stack.enter_context(one).address for one in running]


async def run(
    addresses: Sequence[str],
    scripts: Sequence[Script],
    *,
    open_conversations: int,
    together: int,
    seconds: float,
    rate: float | None = None,
    progress: Progress = no_progress,
) -> JsonObject:
    """Hold so many conversations open and take turns in them in rotation; each stays at its process.

    Args:
        addresses: the servers.
        scripts: what citizens say; a conversation that is through its script is ended, and a new one opened.
        open_conversations: at any moment.
        together: requests under way at once, at most.
        seconds: how long.
        rate: turns offered a second, evenly; as many as are answered when None. A turn's time then begins
            when it was due, so a server that falls behind shows it.
        progress: told the seconds done.
    """
    tally, waiting = _Tally(), endless(scripts)
    with _clients(addresses) as clients:
        talks = [_Talk(addresses[one % len(addresses)], iter(())) for one in range(open_conversations)]
        gate = asyncio.Semaphore(together)

        async def begin(talk: _Talk) -> None:
            async with gate:
                await _open(clients[talk.address], talk, next(waiting), tally)

        await asyncio.gather(*(begin(talk) for talk in talks))
        cpu, own, began = psutil.cpu_times(), _of_servers(), time.perf_counter()
        turn_of = itertools.cycle(talks)
        number = itertools.count()
        under_way: set[int] = set()

        async def citizen() -> None:
            while True:
                due = began + next(number) / rate if rate else time.perf_counter()
                if max(due, time.perf_counter()) >= began + seconds:
                    return
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                talk = next(one for one in turn_of if id(one) not in under_way)
                under_way.add(id(talk))
                try:
                    await _turn(clients[talk.address], talk, tally, waiting, due)
                finally:
                    under_way.discard(id(talk))
                progress(min(int(seconds), int(time.perf_counter() - began)), int(seconds))

        await asyncio.gather(*(citizen() for _ in range(together)))
        elapsed, after = time.perf_counter() - began, psutil.cpu_times()
    busy, spent = _busy(after) - _busy(cpu), _of_servers() - own
    p99 = quantile(tally.seconds, 0.99)
    return {
        "kind": "http",
        "processes": len(addresses),
        "open_conversations": open_conversations,
        "together": together,
        "offered_per_s": rate,
        "turns": len(tally.seconds),
        "conversations": tally.opened,
        "turns_per_s": round(len(tally.seconds) / elapsed, 1),
        **milliseconds(tally.seconds),
        "p99_ms": None if p99 is None else round(p99 * 1000, 2),
        "errors": sum(tally.errors.values()),
        "error_kinds": dict(tally.errors),
        "cores_busy": round(busy / elapsed, 2),
        "servers_cpu_ms_per_turn": round(spent / len(tally.seconds) * 1000, 2) if tally.seconds else None,
    }


def _busy(times: Any) -> float:
    """CPU seconds of everybody on this machine, whatever their priority."""
    return float(times.user + times.system + getattr(times, "nice", 0.0))


def _of_servers() -> float:
    """CPU seconds of the processes that this one started, which other work on the machine hardly changes."""
    return sum(sum(one.cpu_times()[:2]) for one in psutil.Process().children(recursive=True))


@contextmanager
def _clients(addresses: Sequence[str]) -> Iterator[Mapping[str, Client]]:
    made = {one: PlainClient(one) for one in addresses}
    try:
        yield made
    finally:
        for client in made.values():
            client.close()


async def _open(client: Client, talk: _Talk, script: Script, tally: _Tally) -> None:
    body = {"channel": "chat", "home_district": HOME}
    answer = await _ask(client, "POST", "/v1/conversations", tally, body=body)
    if answer is None:
        return
    talk.conversation, talk.token, talk.turns = answer["conversation"], answer["token"], 0
    talk.script = iter(script)
    tally.opened += 1


async def _turn(client: Client, talk: _Talk, tally: _Tally, waiting: Iterator[Script], due: float) -> None:
    text = next(talk.script, None)
    if text is None:
        await _ask(client, "DELETE", f"/v1/conversations/{talk.conversation}", tally, headers=_bearer(talk))
        await _open(client, talk, next(waiting), tally)
        text = next(talk.script, "")
        due = time.perf_counter()
    talk.turns += 1
    headers = _bearer(talk) | {"Idempotency-Key": str(talk.turns)}
    path = f"/v1/conversations/{talk.conversation}/turns"
    answer = await _ask(client, "POST", path, tally, body={"text": text}, headers=headers)
    if answer is not None:
        tally.seconds.append(time.perf_counter() - due)
        if answer["ended"]:
            await _open(client, talk, next(waiting), tally)


def _bearer(talk: _Talk) -> dict[str, str]:
    return {"Authorization": f"Bearer {talk.token}"}


async def _ask(
    client: Client,
    method: str,
    path: str,
    tally: _Tally,
    *,
    body: JsonObject | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    sent = b"" if body is None else json.dumps(body).encode()
    try:
        answer = await client.ask(method, path, body=sent, headers=headers)
    except (OSError, EOFError, ValueError) as error:
        tally.errors[type(error).__name__] += 1
        return None
    if answer.status >= HTTPStatus.BAD_REQUEST:
        # A conversation that its script ended with a goodbye takes no DELETE; that is no error.
        if answer.status != HTTPStatus.CONFLICT or method != "DELETE":
            tally.errors[str(answer.status)] += 1
        return None
    found: dict[str, Any] = json.loads(answer.body)
    return found
