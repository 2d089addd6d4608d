"""`donghaeng bench …`: how fast the agent is on this machine (CONTRACT 6)."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from donghaeng.city.services.loading import TESTS_FILE, Catalogue, load_catalogue
from donghaeng.cli import bench_chaos, bench_http, bench_tower
from donghaeng.cli.bench_machine import machine, one_core
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.scenarios import Scenario, read_scenarios
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.loading import load_passages
from donghaeng.measuring import answers, starting, turns, understanding, voice
from donghaeng.measuring import sessions as measured_sessions
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.cases import Progress as Told
from donghaeng.measuring.made_passages import made_passages
from donghaeng.settings import load_settings
from donghaeng.understanding.load import load_embedder

if TYPE_CHECKING:
    from donghaeng.app import Application

LEVELS: Final = (1, 2, 4, 8, 16, 32, 64)
LIMIT_MS: Final = 2_000.0
"""Voice: the 95th percentile at which the bench stops."""

_json = click.option("--json", "as_json", is_flag=True, help="Print the JSON line alone.")


@click.group()
def bench() -> None:
    """Measure speed on this machine: a table, and one JSON line last.

    \b
    Examples:
      donghaeng bench turns
      donghaeng bench voice --quick
      donghaeng bench start --json
    """


@bench.command(name="turns")
@click.option("--seconds", default=20.0, show_default=True, type=click.FloatRange(0.1), help="How long.")
@click.option(
    "--together", default=8, show_default=True, type=click.IntRange(1), help="Conversations at once."
)
@_json
def bench_turns(seconds: float, together: int, as_json: bool) -> None:
    """Typed turns a second of one process: mixed conversations, SQLite on disk, the sandbox city."""

    async def work() -> JsonObject:
        async with _fresh() as application:
            scripts = [_words(scenario) for scenario in _scenarios(application.catalogue)]
            ranker = application.understanding_or_fail().ranker
            with _told("turns") as told:
                return await turns.run(
                    application.conversations,
                    scripts,
                    seconds=seconds,
                    together=together,
                    settles=lambda text: ranker.rank(text).settled_by == "cheap",
                    progress=told,
                )

    _report("typed turns, one process", asyncio.run(work()), as_json)


@bench.command(name="http")
@bench_http.options
@_json
def http(database: str | None, as_json: bool, **how: Any) -> None:
    """Typed turns a second over HTTP: several servers on one database, many conversations open."""
    scripts = [_words(scenario) for scenario in _scenarios(load_catalogue(load_settings().catalogue))]
    with _told("seconds") as told:
        figures = bench_http.measure(scripts, database=database, progress=told, **how)
    _report("typed turns over HTTP", figures, as_json)


@bench.command(name="chaos")
@bench_chaos.options
@_json
@click.pass_context
def chaos(ctx: click.Context, /, as_json: bool, **how: Any) -> None:
    """Kill the server at random points while citizens ask, agree and take back: nothing lost, nothing twice.

    Every request has a telephone number of its own, by which it is found again: in what the citizen was told,
    in the city's gateway (a process of its own, which is slow and loses answers) and in the records. Speech
    is off. Leaves with status 1 where the three do not agree.

    \b
    Examples:
      donghaeng bench chaos
      donghaeng bench chaos --kills 1000 --whole 20 --seed 1
      donghaeng bench chaos --database postgresql://user:password@localhost/empty
    """
    with _told("kills") as told:
        figures = bench_chaos.measure(progress=told, **how)
    _report("a server that is killed", figures, as_json)
    ctx.exit(0 if bench_chaos.holds(figures) else 1)


@bench.command(name="understanding")
@click.option("--utterances", default=500, show_default=True, type=click.IntRange(1), help="How many.")
@_json
def bench_understanding(utterances: int, as_json: bool) -> None:
    """Time to understand one utterance: the first stage, and all of it."""

    async def work() -> JsonObject:
        from donghaeng.app import seoul_now  # noqa: PLC0415  the engines load only for this

        async with _fresh() as application:
            said = [text for scenario in _scenarios(application.catalogue) for text in _words(scenario)]
            with _told("understanding") as told:
                return await asyncio.to_thread(
                    understanding.run,
                    application.understanding_or_fail(),
                    understanding.distinct(said, utterances),
                    seoul_now(),
                    told,
                )

    _report("understanding, one thread", asyncio.run(work()), as_json)


@bench.command(name="answers")
@click.option(
    "--many",
    default=10_000,
    show_default=True,
    type=click.IntRange(0, 100_000),
    help="Generated passages of documents beside the city's own; 0 leaves them out.",
)
@_json
def bench_answers(many: int, as_json: bool) -> None:
    """Time to look a free question up: in the city's own passages, with the questions of the catalogue, and
    in many generated ones, on one core; what it costs on all cores to make those searchable."""
    from donghaeng.app import seoul_now  # noqa: PLC0415  the engines load only for this
    from donghaeng.app.served_knowledge import PASSAGES_AT_ONCE  # noqa: PLC0415

    settings = load_settings()
    questions = load_catalogue(settings.catalogue)["ask"].examples
    passages = load_passages(settings.catalogue / "knowledge")
    embedding = Embedding(load_embedder(settings.embedder), cache=settings.cache)
    figures = answers.time_answers(passages, questions, seoul_now().date(), embedding=embedding)
    if many:
        # Nothing is kept: what embedding costs is measured, not what the cache knows.
        fresh = Embedding(load_embedder(settings.embedder), cache=None)
        made = made_passages(many, seed=7)
        with _told("passages") as told:
            figures |= answers.time_many(
                made, fresh, at_once=PASSAGES_AT_ONCE, searching=one_core, progress=told
            )
    _report("answers from the city's passages", figures, as_json)


@bench.command(name="voice")
@click.option("--quick", is_flag=True, help="One and two conversations with two requests each: a minute.")
@click.option("--most", default=LEVELS[-1], show_default=True, type=click.IntRange(1), help="Conversations.")
@click.option("--live", multiple=True, type=click.IntRange(1), help="Only so many conversations; repeatable.")
@click.option("--turns", default=4, show_default=True, type=click.IntRange(1), help="Turns of each caller.")
@click.option(
    "--pace",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0.0),
    help="Seconds from turn to turn of a caller; 0 speaks as soon as the answer has been heard.",
)
@click.option(
    "--cached",
    type=click.FloatRange(0.0, 1.0),
    help="Share of the answers' clauses that the cache may give; as they come if not set.",
)
@_json
def bench_voice(
    *,
    quick: bool,
    most: int,
    live: tuple[int, ...],
    turns: int,
    pace: float,
    cached: float | None,
    as_json: bool,
) -> None:
    """End of speech to first sound at 1, 2, 4, 8 … live conversations until the p95 passes 2 s.

    Our own voice speaks the requests, in real time, to the sessions that serve the live WebSocket. Each
    caller says something else each time.

    \b
    Examples:
      donghaeng bench voice --quick
      donghaeng bench voice --live 8 --turns 10 --pace 12 --cached 0.7
    """
    levels = live or [level for level in LEVELS if level <= (2 if quick else most)]

    async def work() -> JsonObject:
        from donghaeng.app.privacy import private_words  # noqa: PLC0415  the engines load only for this

        async with _fresh(speech=True) as application:
            catalogue = application.catalogue
            texts = [service.examples[0] for service in catalogue.values() if service.effect == "read"]
            return await voice.run(
                application.conversations,
                application.speech_or_fail(),
                texts[:3] if quick else texts,
                levels=levels,
                requests=2 if quick else turns,
                limit_ms=LIMIT_MS,
                pace=pace,
                cached=cached,
                options=LiveOptions(
                    application.phrases, private_of=lambda reply: private_words(reply, catalogue)
                ),
                tell=lambda level: click.echo(json.dumps(level), err=True),
            )

    figures = asyncio.run(work())
    if not as_json:
        table = Table(*figures["levels"][0])
        for level in figures["levels"]:
            table.add_row(*(str(value) for value in level.values()))
        Console().print(table)
    _report("live voice", figures, as_json)


@bench.command(name="listening")
@click.option("--sessions", default=40, show_default=True, type=click.IntRange(2), help="Silent callers.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1.0), help="How long.")
@_json
def bench_listening(sessions: int, seconds: float, as_json: bool) -> None:
    """CPU and memory of callers who say nothing: voice activity runs on the noise of a quiet room."""

    async def work() -> JsonObject:
        async with _fresh(speech=True) as application:
            return await measured_sessions.listening(
                application.conversations,
                application.speech_or_fail(),
                sessions=sessions,
                seconds=seconds,
                options=LiveOptions(application.phrases),
            )

    _report("silent callers", asyncio.run(work()), as_json)


@bench.command(name="calls")
@click.option("--calls", "count", default=200, show_default=True, type=click.IntRange(2), help="How many.")
@_json
def bench_calls(count: int, as_json: bool) -> None:
    """Short calls in a row: what memory grows by, and the tasks, threads and sockets that are left."""

    async def work() -> JsonObject:
        async with _fresh(speech=True) as application:
            with _told("calls") as told:
                return await measured_sessions.calls(
                    application.conversations,
                    application.speech_or_fail(),
                    count=count,
                    options=LiveOptions(application.phrases, private_of=lambda reply: frozenset()),
                    tell=told,
                )

    _report("short calls in a row", asyncio.run(work()), as_json)


@bench.command(name="start")
@click.option("--patience", default=120.0, show_default=True, help="Seconds allowed until ready.")
@click.option("--idle", default=10.0, show_default=True, help="Seconds of rest before memory is measured.")
@_json
def bench_start(patience: float, idle: float, as_json: bool) -> None:
    """Cold start of the server to ready and to its first answer, and its memory at rest."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-") as folder:
        figures = starting.run(
            [sys.executable, "-c", "from donghaeng.cli.main import main; main()", "serve"],
            {"DONGHAENG_DATA": folder},
            answers=_answers,
            patience=patience,
            idle_seconds=idle,
        )
    figures["installed_mb"] = starting.folder_megabytes(Path(sys.prefix))
    cache = load_settings().cache
    figures["cache_mb"] = starting.folder_megabytes(cache) if cache.is_dir() else 0.0
    _report("cold start", figures, as_json)


def _answers(address: str) -> bool:
    with httpx.Client(base_url=address, timeout=30.0, trust_env=False) as client:
        opened = client.post("/v1/conversations", json={"channel": "web"})
        if opened.is_error:
            return False
        reply = opened.json()
        turn = client.post(
            f"/v1/conversations/{reply['conversation']}/turns",
            json={"text": "강남역 지하철 언제 와요"},
            headers={"Authorization": f"Bearer {reply['token']}", "Idempotency-Key": "first"},
        )
        return turn.is_success


@asynccontextmanager
async def _fresh(*, speech: bool = False) -> AsyncIterator[Application]:
    """An application on a data folder of its own, quiet and without limits."""
    from donghaeng.app import open_for_tests  # noqa: PLC0415  the engines load only for this

    async with open_for_tests(speech=speech) as application:
        yield application


def _scenarios(catalogue: Catalogue) -> list[Scenario]:
    """The conversation tests of the services: what citizens say to them."""
    folders = (document.file.parent for document in catalogue.documents.values())
    return read_scenarios([folder / TESTS_FILE for folder in folders if (folder / TESTS_FILE).is_file()])


def _words(scenario: Scenario) -> list[str]:
    return [step.citizen for step in scenario.turns]


@bench.command(name="cluster")
@click.option("--nodes", multiple=True, type=click.IntRange(1, 8), help="So many; repeatable. 1, 2 and 4.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1.0), help="Each.")
@click.option(
    "--hold", type=click.FloatRange(0.0), help="A recogniser that waits so long instead of working."
)
@click.option("--typed", is_flag=True, help="Calls in writing: agents alone.")
@click.option("--core-each", is_flag=True, help="A node is a machine of one core: each keeps to its own.")
@click.option("--port", default=8390, show_default=True, help="Port to listen on.")
@_json
def bench_cluster(*, nodes: tuple[int, ...], as_json: bool, **how: Any) -> None:
    """Calls that a Ray cluster on this machine completes, with one agent and one recogniser on each node.

    \b
    Examples:
      donghaeng bench cluster --hold 0.6
      donghaeng bench cluster --nodes 1 --nodes 2 --core-each
      donghaeng bench cluster --typed
    """
    from donghaeng.cli import bench_cluster as bench_of  # noqa: PLC0415  needs the extra `cluster`

    rows = bench_of.measure(
        load_settings(),
        nodes=tuple(sorted(nodes)) or (1, 2, 4),
        tell=lambda line: click.echo(line, err=True),
        **how,
    )
    if not as_json:
        table = Table(*rows[0], title="calls completed by a cluster")
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        Console().print(table)
    _report("calls completed by a cluster", {"levels": rows}, as_json)


@bench.command(name="tower")
@bench_tower.options
@_json
def tower(count: int, folder: Path | None, as_json: bool) -> None:
    """The control tower's figures over a generated year: events counted a second, seconds of each page."""
    with _told("conversations") as told:
        figures = bench_tower.measure(count, folder, told)
    _report("the control tower's figures, one process", figures, as_json)


def _report(title: str, figures: JsonObject, as_json: bool) -> None:
    figures = {**figures, "machine": machine()}
    if not as_json:
        table = Table("figure", "value", title=title)
        for name, value in figures.items():
            if not isinstance(value, list | dict):
                table.add_row(name, "–" if value is None else str(value))
        Console().print(table)
    click.echo(json.dumps(figures, ensure_ascii=False))


@contextmanager
def _told(what: str) -> Iterator[Told]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
