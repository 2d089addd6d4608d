"""`donghaeng library …`: an official's document sets, filled and asked from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from donghaeng.app.application import seoul_now
from donghaeng.app.records import open_store
from donghaeng.errors import InputError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.office.library.boxes import Boxes, Vectorizer
from donghaeng.office.library.desk import LibraryDesk
from donghaeng.office.library.loading import load_words
from donghaeng.settings import load_settings
from donghaeng.store import staff
from donghaeng.understanding.load import load_embedder

_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
_who = click.option("--as", "name", required=True, help="The account whose sets they are.")


@click.group()
def library() -> None:
    """Officials' document sets: what an account reads, and nothing else.

    \b
    Examples:
      donghaeng library make --as lee.gong "경로당 업무"
      donghaeng library add --as lee.gong box_… 지침/*.hwpx
      donghaeng library ask --as lee.gong box_… "25년 난방비 정산은 언제까지예요?"
    """


@library.command(name="sets")
@_who
def list_sets(name: str) -> None:
    """List the sets that an account reads."""
    with _desk(name) as (desk, who):
        for one in asyncio.run(desk.sets(who)):
            click.echo(f"{one.id}  {one.name}  ({one.department or 'its owner alone'})")


@library.command(name="make")
@_who
@click.argument("title")
def make_set(name: str, title: str) -> None:
    """Make a set of an account; prints its id."""
    with _desk(name) as (desk, who):
        click.echo(asyncio.run(desk.make_set(who, title)))


@library.command(name="add")
@_who
@click.argument("set_id", metavar="SET")
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.pass_context
def add_files(ctx: click.Context, name: str, set_id: str, files: tuple[Path, ...]) -> None:
    """Put FILES into a set; one of a known name is its next version. Leaves with 2 where one is refused."""
    refused = 0
    with _desk(name) as (desk, who), Progress(console=Console(stderr=True), transient=True) as bar:
        for file in bar.track(files, description="documents"):
            try:
                row = desk.add(who, set_id, file.name, file.read_bytes())
                click.echo(f"{row.name}: version {row.version}, {len(row.passages)} passages")
            except InputError as error:
                refused += 1
                click.echo(f"refused: {error}", err=True)
    ctx.exit(2 if refused else 0)


@library.command(name="ask")
@_who
@click.argument("set_id", metavar="SET")
@click.argument("question")
@click.pass_context
def ask_set(ctx: click.Context, name: str, set_id: str, question: str) -> None:
    """Answer a question from a set, each sentence with its place; leaves with 1 where nothing answers it."""
    with _desk(name) as (desk, who):
        answer = asyncio.run(desk.ask(who, set_id, question))
    for one in answer.sentences:
        place = " > ".join(part for part in (one.place.title, one.place.heading) if part)
        click.echo(f"{one.text}  [{place}, {one.place.id}]")
    if not answer.sentences:
        click.echo("이 문서들에는 없어요.")
    ctx.exit(0 if answer.sentences else 1)


@contextmanager
def _desk(name: str) -> Iterator[tuple[LibraryDesk, str]]:
    settings = load_settings()
    with open_store(settings) as store, DocumentReader() as reader:
        row = store.look(lambda tx: staff.by_name(tx, name))
        if row is None:
            raise InputError(f"there is no account {name}", remedy="see `donghaeng staff list`")
        vectors = Vectorizer(lambda: load_embedder(settings.embedder))
        boxes = Boxes(vectors, load_words(settings.catalogue))
        yield LibraryDesk(store, reader, vectors, clock=seoul_now, boxes=boxes), row.id
