"""`donghaeng bench cluster`: calls that nodes of a Ray cluster on this machine complete."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import soundfile

from donghaeng.cluster.documents import Document, serve_config
from donghaeng.cluster.shape import AGENT, RECOGNISER, ClusterShape
from donghaeng.settings import Settings
from donghaeng.speech.load import load_synthesiser

WORDS: Final = "따릉이 있어요? 합정역 근처에요."
"""What callers say: two and a half seconds."""
CALLERS_A_NODE: Final = 3
"""At a time: so that no recogniser waits for a caller."""
SETTLING_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 60.0
NODE_CORES: Final = 64
"""Said to Ray, so that everything finds room: the machine's own cores are what limits."""

Call = Callable[[httpx.AsyncClient], Awaitable[int]]


@dataclass(slots=True)
class Done:
    """What callers have come to."""

    completed: int = 0
    refused: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)


def shape_of(nodes: int) -> ClusterShape:
    """One agent and one recogniser for each node."""
    return ClusterShape(
        agents=nodes,
        recognisers=nodes,
        synthesisers=1,
        synthesiser_cores=1.0,
        embedders=1,
        answers=1,
        places=64,
        queue=64,
        agent_cores=0.5,
        drain_s=10.0,
    )


def config_of(nodes: int, port: int) -> Document:
    """The configuration of a shape with no two of a kind on one node."""
    config = serve_config(shape_of(nodes), host="127.0.0.1", port=port)
    for deployment in config["applications"][0]["deployments"]:
        if deployment["name"] in {AGENT, RECOGNISER}:
            deployment["max_replicas_per_node"] = 1
            deployment["max_surge_percent"] = 0
    return config


def utterance(settings: Settings) -> bytes:
    """What callers say, as a WAV file, in our own voice."""
    sound = load_synthesiser(settings).synthesise(WORDS)
    file = io.BytesIO()
    soundfile.write(file, sound.samples, sound.rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def spoken_call(sound: bytes) -> Call:
    """A call of one spoken turn; gives the HTTP status of its answer."""

    async def call(client: httpx.AsyncClient) -> int:
        where, bearer = await _opened(client)
        headers = {**bearer, "Content-Type": "audio/wav"}
        answer = await client.post(f"{where}/turns", content=sound, headers=headers)
        await client.delete(where, headers=bearer)
        return answer.status_code

    return call


async def typed_call(client: httpx.AsyncClient) -> int:
    """A call of two typed turns."""
    where, bearer = await _opened(client)
    for words in ("소파 버리고 싶어요", "취소"):
        answer = await client.post(f"{where}/turns", json={"text": words}, headers=bearer)
        if answer.status_code != httpx.codes.OK:
            return answer.status_code
    return (await client.delete(where, headers=bearer)).status_code


async def _opened(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    reply = (await client.post("/v1/conversations", json={"channel": "chat"})).raise_for_status().json()
    return f"/v1/conversations/{reply['conversation']}", {"Authorization": f"Bearer {reply['token']}"}


async def drive(address: str, call: Call, *, callers: int, seconds: float) -> Done:
    """Have so many callers call again and again; what they complete once all are under way."""
    done = Done()
    begin = time.monotonic() + SETTLING_SECONDS
    end = begin + seconds

    async def caller(client: httpx.AsyncClient) -> None:
        while (started := time.monotonic()) < end:
            try:
                status = await call(client)
            except httpx.HTTPError:
                status = 0
            now = time.monotonic()
            if not begin <= now < end:
                continue
            if status and status < httpx.codes.BAD_REQUEST:
                done.completed += 1
                done.waits.append(now - started)
            elif status == httpx.codes.SERVICE_UNAVAILABLE:
                done.refused += 1
            else:
                done.failed += 1

    limits = httpx.Limits(max_connections=callers)
    async with httpx.AsyncClient(base_url=address, timeout=ANSWER_SECONDS, limits=limits) as client:
        await asyncio.gather(*(caller(client) for _ in range(callers)))
    return done


def measure(
    settings: Settings,
    *,
    nodes: tuple[int, ...],
    seconds: float,
    hold: float | None,
    typed: bool,
    core_each: bool,
    port: int,
    tell: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Completed calls of each number of nodes, the smallest first.

    Args:
        settings: the recogniser and embedder in force; everything else is a fake or empty.
        nodes: how many, rising.
        seconds: that each is measured.
        hold: seconds that a recogniser holds its slot without working; None for the real one.
        typed: calls in writing, so that agents alone are measured.
        core_each: a node has one core of this machine, so that two have twice what one has.
        port: to listen on.
        tell: is told what is under way.
    """
    from donghaeng.cluster.local import LocalCluster  # noqa: PLC0415  Ray loads only for this

    sound = b"" if typed else utterance(settings)
    call: Call = typed_call if typed else spoken_call(sound)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        environment = _environment(Path(folder), hold=hold, city=f"http://127.0.0.1:{port + 1}")
        with LocalCluster(
            nodes[0], cores=NODE_CORES, environment=environment, core_each=core_each
        ) as cluster:
            running = nodes[0]
            for level in nodes:
                for _ in range(level - running):
                    cluster.add_node()
                running = level
                tell(f"{level} nodes: starting")
                cluster.deploy(config_of(level, port))
                load = os.getloadavg()[0]
                address, callers = f"http://127.0.0.1:{port}", CALLERS_A_NODE * level
                tell(f"{level} nodes: measuring")
                done = asyncio.run(drive(address, call, callers=callers, seconds=seconds))
                rows.append(_row(level, done, seconds, load))
                tell(str(rows[-1]))
    for row in rows:
        row["times_one"] = round(row["a_second"] / rows[0]["a_second"], 2) if rows[0]["a_second"] else None
    return rows


def _row(nodes: int, done: Done, seconds: float, load: float) -> dict[str, Any]:
    waits = sorted(done.waits)
    middle = round(1000 * waits[len(waits) // 2]) if waits else None
    return {
        "nodes": nodes,
        "calls": done.completed,
        "a_second": round(done.completed / seconds, 2),
        "p50_ms": middle,
        "refused": done.refused,
        "failed": done.failed,
        "load_before": round(load, 1),
    }


def _environment(folder: Path, *, hold: float | None, city: str) -> dict[str, str]:
    """Settings of a cluster that is measured: records of its own, sound that costs nothing."""
    environment = {
        "DONGHAENG_DATA": str(folder),
        "DONGHAENG_DATABASE": f"sqlite:///{folder / 'donghaeng.db'}",
        "DONGHAENG_SANDBOX_URL": city,
        "DONGHAENG_SYNTHESISER": "fake",
        "DONGHAENG_VOICE_ACTIVITY": "fake",
        "DONGHAENG_REHEARSE": "false",
        "DONGHAENG_ALLOW_TEST_CLOCK": "1",
        "DONGHAENG_RATE_LIMIT": "off",
    }
    if hold is not None:
        environment |= {
            "DONGHAENG_RECOGNISER": "timed",
            # Words that need nobody but the agent.
            "DONGHAENG_RECOGNISER_MODEL": f"{hold} 도와줘요",
        }
    return environment
