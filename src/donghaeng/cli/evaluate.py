"""`donghaeng eval …`: the engines that serve citizens on labelled cases (CONTRACT 5)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from donghaeng.city.services import load_catalogue
from donghaeng.city.services.loading import SERVICE_FILE
from donghaeng.cli.evaluate_minutes import eval_minutes
from donghaeng.cli.http_agent import TURN_SECONDS, HttpAgent, must_answer
from donghaeng.cli.scenario_output import coverage_option, junit_option, paint, write_reports
from donghaeng.conversation.scenario_report import Line
from donghaeng.conversation.scenario_runner import Agent, InProcessAgent
from donghaeng.conversation.scenarios import read_written
from donghaeng.errors import InputError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.knowledge.embedding import Embedding
from donghaeng.measuring import (
    answers,
    expressions,
    hearing,
    intents,
    library,
    reading,
    routing,
    scenarios,
    speaking,
)
from donghaeng.measuring.cases import JsonObject, predictions_file, read_lines
from donghaeng.measuring.cases import Progress as Told
from donghaeng.measuring.confusion_report import NO_SERVICE, write_report
from donghaeng.measuring.confusions import cheap_odds, confusions, judge
from donghaeng.measuring.junit import Run
from donghaeng.office.library.boxes import Vectorizer
from donghaeng.office.library.loading import load_words
from donghaeng.settings import load_settings
from donghaeng.speech.hearing_eval import read_manifest
from donghaeng.speech.load import load_recogniser, load_synthesiser
from donghaeng.understanding.load import load_embedder

_FILE = click.Path(path_type=Path)
_predictions = click.option(
    "--predictions", required=True, type=_FILE, help="Where the predictions go, one JSON object a line."
)
_report = click.option(
    "--report",
    type=_FILE,
    help="Where a report goes on what is mistaken for what, and by which words: Markdown, or JSON (.json).",
)
_cases = click.option("--cases", required=True, type=_FILE, help="Cases, one JSON object a line.")


@click.group()
def evaluate() -> None:
    """Run the engines on labelled cases; the last line on standard output is a JSON summary.

    \b
    Examples:
      donghaeng eval reading --cases cases.jsonl --predictions out.jsonl
      donghaeng eval routing --cases utterances.jsonl --predictions out.jsonl
      donghaeng eval scenarios catalogue/services --repeat 4 --predictions out.jsonl
    """


evaluate.add_command(eval_minutes)


@evaluate.command(name="intents")
@click.option("--train", "train_file", required=True, type=_FILE, help='Lines of {"text", "intent"}.')
@click.option("--test", "test_file", required=True, type=_FILE, help='Lines of {"text", "intent"?}.')
@_predictions
@_report
def eval_intents(train_file: Path, test_file: Path, predictions: Path, report: Path | None) -> None:
    """Train the ranking of the understanding engine on T alone and classify X."""
    learned = intents.read_labelled(train_file, with_intent=True)
    cases = intents.read_labelled(test_file, with_intent=False)
    _must_be_labelled(report, test_file, "intent", [case.intent for case in cases])
    embedder = load_embedder(load_settings().embedder)
    with predictions_file(predictions) as stream:
        with _told("training") as told:
            trained = intents.train(learned, embedder, told)
        with _told("intents") as told:
            figures = intents.run(trained, cases, stream, told) | {"embedder": embedder.name}
    if report is not None:
        gold = [(case.text, str(case.intent)) for case in cases]
        judged = judge(gold, predictions, "intent")
        write_report(report, confusions(judged, cheap_odds(trained.ranker)), f"intents {test_file.name}", {})
    _summary(figures)


@evaluate.command(name="expressions")
@_cases
@_predictions
def eval_expressions(cases: Path, predictions: Path) -> None:
    """Times, durations, numbers, ranks, money and telephone numbers in sentences."""
    rows = expressions.read(cases)
    with predictions_file(predictions) as stream, _told("expressions") as told:
        _summary(expressions.run(rows, stream, told))


@evaluate.command(name="reading")
@_cases
@_predictions
def eval_reading(cases: Path, predictions: Path) -> None:
    """Written Korean as it is spoken."""
    rows = reading.read(cases)
    with predictions_file(predictions) as stream, _told("reading") as told:
        _summary(reading.run(rows, stream, told))


@evaluate.command(name="answers")
@click.option("--passages", required=True, type=_FILE, help='Lines of {"id", "title", "text"}.')
@click.option("--questions", required=True, type=_FILE, help='Lines of {"id", "question"}.')
@click.option(
    "--support", is_flag=True, help="Also tell of every statement whether the cited passage supports it."
)
@_predictions
def eval_answers(passages: Path, questions: Path, predictions: Path, *, support: bool) -> None:
    """Questions over passages: the best five, an answer of two sentences at most, or none."""
    known, cases = answers.read_passages(passages), answers.read_questions(questions)
    settings = load_settings()
    embedder = load_embedder(settings.embedder)
    with predictions_file(predictions) as stream:
        with _told("embedding") as told:
            answerer, build_s = answers.build(known, Embedding(embedder, cache=settings.cache, progress=told))
        with _told("answers") as told:
            check = answers.supporting(known) if support else None
            _summary(answers.run(answerer, cases, stream, told, support=check) | {"build_s": build_s})


@evaluate.command(name="library")
@click.option("--documents", required=True, type=_FILE, help="Folder of HWPX, HWP, PDF, DOCX and XLSX files.")
@click.option("--questions", required=True, type=_FILE, help='Lines of {"question", "document"?, "text"?}.')
@_predictions
def eval_library(documents: Path, questions: Path, predictions: Path) -> None:
    """Officials' questions over their documents: the right passage first, and none where there is none.

    \b
    Example:
      python -m tools.office_library made && donghaeng eval library --documents made/documents \\
        --questions made/test.jsonl --predictions out.jsonl
    """
    rows = library.read_questions(questions)
    settings = load_settings()
    embedder, words = load_embedder(settings.embedder), load_words(settings.catalogue)
    vectors = Vectorizer(lambda: embedder)
    with DocumentReader() as reader, _told("documents") as told:
        found = list(library.documents(documents, reader, vectors, told))
    with predictions_file(predictions) as stream, _told("questions") as told:
        _summary(library.run(rows, found, stream, told, embedder=embedder, words=words))


@evaluate.command(name="hearing")
@click.option("--manifest", required=True, type=_FILE, help='Lines of {"audio", "text"?}.')
@_predictions
def eval_hearing(manifest: Path, predictions: Path) -> None:
    """The recogniser that serves citizens on recorded clips."""
    cases = read_manifest(manifest)
    if not cases:
        raise InputError(f"{manifest}: has no case", remedy='write {"audio": "clip.wav", "text": "…"}')
    with predictions_file(predictions) as stream:
        recogniser = load_recogniser(load_settings())
        with _told("hearing") as told:
            _summary(hearing.run(recogniser, cases, stream, told))


@evaluate.command(name="speaking")
@click.option("--texts", required=True, type=_FILE, help="One sentence a line.")
@click.option("--out", required=True, type=_FILE, help="Folder for one WAV file a line.")
@_predictions
def eval_speaking(texts: Path, out: Path, predictions: Path) -> None:
    """The voice that serves citizens, without its cache."""
    lines = read_lines(texts)
    folder = speaking.prepare(out)
    with predictions_file(predictions) as stream:
        synthesiser = load_synthesiser(load_settings())
        with _told("speaking") as told:
            _summary(speaking.run(synthesiser, lines, folder, stream, told))


@evaluate.command(name="routing")
@_cases
@_predictions
@_report
def eval_routing(cases: Path, predictions: Path, report: Path | None) -> None:
    """Which service a first utterance reaches: the served catalogue, a fresh conversation each."""
    rows = routing.read(cases)
    _must_be_labelled(report, cases, "service", [row.service for row in rows])
    with predictions_file(predictions) as stream, _told("routing") as told:

        async def work() -> JsonObject:
            from donghaeng.app import open_for_tests  # noqa: PLC0415  the engines load only for this

            async with open_for_tests() as application:
                figures = await routing.run(
                    application.conversations, list(application.catalogue), rows, stream, told
                )
                if report is not None:
                    judged = judge([(row.text, str(row.service)) for row in rows], predictions, "service")
                    names = {name: service.name for name, service in application.catalogue.items()}
                    found = confusions(judged, cheap_odds(application.understanding_or_fail().ranker))
                    write_report(report, found, f"routing {cases.name}", {routing.NONE: NO_SERVICE, **names})
                return figures

        _summary(asyncio.run(work()))


@evaluate.command(name="scenarios")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1, 64), help="Runs of each.")
@click.option("--url", help="Play against the server at this address instead of in this process.")
@junit_option
@coverage_option
@_predictions
def eval_scenarios(
    paths: tuple[Path, ...],
    *,
    repeat: int,
    url: str | None,
    junit: Path | None,
    coverage: str | None,
    predictions: Path,
) -> None:
    """Play conversation tests. Runs after the first hear the citizen as a recogniser would.

    Coverage is counted against the catalogue of this installation, also where the agent is behind --url.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: does not exist", remedy="give YAML files or folders of them")
    found = read_written([file for path in paths for file in _scenario_files(path)])
    if not found:
        raise InputError(f"{paths[0]}: has no conversation test", remedy="give YAML files or folders")
    runs: list[Run] = []
    with predictions_file(predictions) as stream, _told("scenarios") as told:

        async def work() -> JsonObject:
            async with _agent(url) as agent:
                return await scenarios.run(
                    agent, found, repeat, stream, progress=told, tell=_tell, keep=runs.append
                )

        figures = asyncio.run(work())
    write_reports(runs, load_catalogue(load_settings().catalogue), junit=junit, coverage=coverage)
    _summary(figures)


def _must_be_labelled(report: Path | None, file: Path, key: str, labels: Sequence[str | None]) -> None:
    if report is not None and None in labels:
        remedy = "add it, or leave out --report"
        raise InputError(f"{file}: not every case says which {key!r} is right", remedy=remedy)


def _scenario_files(path: Path) -> list[Path]:
    """A file itself; of a folder the YAML files below it, services' own files aside."""
    if not path.is_dir():
        return [path]
    found = [file for file in path.rglob("*") if file.suffix in (".yaml", ".yml") and file.is_file()]
    return sorted(file for file in found if file.name != SERVICE_FILE)


@asynccontextmanager
async def _agent(url: str | None) -> AsyncIterator[Agent]:
    """The agent at ``url``, or one of this process."""
    if url is not None:
        async with httpx.AsyncClient(base_url=url, timeout=TURN_SECONDS, trust_env=False) as client:
            await must_answer(client)
            yield HttpAgent(client)
        return
    from donghaeng.app import open_for_tests  # noqa: PLC0415  the engines load only for this

    async with open_for_tests() as application:
        yield InProcessAgent(application.conversations)


def _tell(lines: Sequence[Line]) -> None:
    paint(lines, err=True)


def _summary(figures: JsonObject) -> None:
    click.echo(json.dumps(figures, ensure_ascii=False))


@contextmanager
def _told(what: str) -> Iterator[Told]:
    """A progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
