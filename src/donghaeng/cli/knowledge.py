"""`donghaeng knowledge …`: the city's documents that free questions are answered from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from donghaeng.app.application import seoul_now
from donghaeng.app.served_knowledge import open_knowledge
from donghaeng.cli.knowledge_sources import AddressSource, FileSource, Source, read_addresses, sources_of
from donghaeng.errors import InputError
from donghaeng.knowledge.catalogue_sets import catalogue_sets
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.knowledge.due import DUE_DAYS, Due, due
from donghaeng.knowledge.fetching import Fetcher
from donghaeng.knowledge.library import Added, Library
from donghaeng.knowledge.loading import read_passages
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store
from donghaeng.store.knowledge import STATES, State, VersionRow
from donghaeng.trust.sealing import make_sealer

_PUBLISHED: Final[tuple[State, ...]] = ("published",)
_CURRENT: Final[tuple[State, ...]] = ("published", "draft")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
_version = click.option("--version", "number", type=click.IntRange(1), help="Which version.")


class Day(click.ParamType[date]):
    """A calendar day, ``2027-03-31``."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; wrong usage where it is none."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2027-03-31", param, ctx)


@click.group()
def knowledge() -> None:
    """The city's documents: what free questions are answered from.

    \b
    Examples:
      donghaeng knowledge add 안내/ --department 복지정책과 --owner 복지상담팀
      donghaeng knowledge show 안내/틀니.hwpx
      donghaeng knowledge verify 안내/틀니.hwpx --passage 3
      donghaeng knowledge list --due
    """


@knowledge.command(name="add")
@click.argument("paths", nargs=-1, metavar="PATH|URL…")
@click.option("--urls", type=click.Path(path_type=Path), help="A file with an address a line.")
@click.option("--department", required=True, help="Who answers for what they say: 복지정책과.")
@click.option("--owner", default="", help="Who looks at them again: an office, a role or an account.")
@click.option("--source", help="Address where the document can be read; an address given is its own.")
@click.option("--review-by", type=Day(), help="By when somebody looks at them again.")
@click.option("--valid-from", type=Day(), help="First day on which they hold.")
@click.option("--valid-until", type=Day(), help="Last day on which they hold.")
@click.option("--verified", is_flag=True, help="Somebody has read all of it in its source: it may be spoken.")
@click.option("--draft", is_flag=True, help="Keep them without serving them; `publish` serves them.")
@click.pass_context
def add_documents(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    urls: Path | None,
    department: str,
    owner: str,
    source: str | None,
    review_by: date | None,
    valid_from: date | None,
    valid_until: date | None,
    verified: bool,
    draft: bool,
) -> None:
    """Add documents, or new versions of them: HWPX, HWP, PDF, DOCX, XLSX, HTML, Markdown, CSV.

    A folder stands for the files in it; each is named by its path from that folder on, a file by its own
    name. The same file again adds nothing, another one of the same name replaces the version before.
    Addresses are fetched only where DONGHAENG_ALLOW_FETCH=1 is set, and only public ones.

    \b
    Examples:
      donghaeng knowledge add 안내.hwpx --department 복지정책과 --verified
      donghaeng knowledge add 안내/ 지침.pdf --department 복지정책과 --review-by 2027-03-31
      donghaeng knowledge add --urls 주소.txt --department 복지정책과
    """
    settings = load_settings()
    given = [*paths, *(read_addresses(urls) if urls is not None else ())]
    if not given:
        raise click.UsageError("name files, folders or addresses, or give --urls FILE")
    sources, refused = sources_of(given, allow_fetch=settings.allow_fetch)
    details = Details(
        department=department,
        owner=owner,
        source=source,
        review_by=review_by,
        valid_from=valid_from,
        valid_until=valid_until,
        verified=verified,
    )
    details.check()
    added: list[Added] = []
    with _library(settings) as library, Fetcher() as fetcher, _progress() as progress:
        task = progress.add_task("documents", total=len(sources))
        for one in sources:
            progress.update(task, description=escape(one.name[-40:]))
            try:
                data = _data(one, fetcher)
                own = details if source or isinstance(one, FileSource) else replace(details, source=one.name)
                added.append(library.add(one.name, data, own, publish=not draft))
            except InputError as error:
                refused.append(error)
            progress.advance(task)
    for one_added in added:
        click.echo(_line(one_added))
    for one_refused in refused:
        click.echo(f"refused: {one_refused}", err=True)
    new = [one for one in added if one.outcome != "nothing new"]
    passages, silent = sum(one.version.passages for one in new), sum(one.silent for one in new)
    click.echo(f"{len(new)} added, {len(added) - len(new)} nothing new, {len(refused)} refused")
    click.echo(f"{passages} passages, {silent} of them silent until they are verified")
    ctx.exit(2 if refused else 0)


def _data(source: Source, fetcher: Fetcher) -> bytes:
    match source:
        case FileSource():
            return source.read()
        case AddressSource():
            return fetcher.fetch(source.name)


def _line(added: Added) -> str:
    version = added.version
    if added.outcome == "nothing new":
        return f"{version.name}: nothing new, version {version.version} ({version.state}) is that very file"
    return (
        f"{version.name}: {added.outcome}, version {version.version},"
        f" {version.passages} passages, {added.silent} silent"
    )


@knowledge.command(name="list")
@click.option(
    "--due", "due_only", is_flag=True, help="Only what has to be looked at again or ends to hold soon."
)
@click.option("--days", type=click.IntRange(0, 3650), default=DUE_DAYS, show_default=True, help="How soon.")
@click.option("--all", "every", is_flag=True, help="Replaced and withdrawn versions too.")
@_json
def list_documents(due_only: bool, days: int, every: bool, as_json: bool) -> None:
    """List documents with their state, verified passages and days; those that are due first with --due."""
    with _library(load_settings()) as library:
        soon = library.due_soon(days)
        rows = soon if due_only else library.listed(STATES if every else _CURRENT)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_plain(row), ensure_ascii=False))
        return
    table = Table("document", "state", "version", "verified", "department", "owner", "review by", "until")
    for row in rows:
        counts = f"{row.verified} of {row.passages}"
        days_shown = [day_.isoformat() if day_ else "–" for day_ in (row.review_by, row.valid_until)]
        words = [escape(word) for word in (row.name, row.department, row.owner or "–")]
        table.add_row(words[0], row.state, str(row.version), counts, *words[1:], *days_shown)
    Console().print(table)
    if soon and not due_only:
        click.echo(f"{len(soon)} due within {days} days: `donghaeng knowledge list --due`")


def _plain(row: VersionRow) -> dict[str, object]:
    return {
        "document": row.name,
        "id": row.document_id,
        "state": row.state,
        "version": row.version,
        "passages": row.passages,
        "verified": row.verified,
        "department": row.department,
        "owner": row.owner,
        "source": row.source,
        "review_by": row.review_by.isoformat() if row.review_by else None,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "added_at": row.added_at.isoformat(timespec="seconds"),
    }


@knowledge.command(name="show")
@click.argument("document")
@_version
def show_document(document: str, number: int | None) -> None:
    """Show a document's passages: number, whether it is verified, where it stands, what it says."""
    with _library(load_settings()) as library:
        version = library.version(document, number)
        passages = library.passages(version)
    click.echo(f"{version.name} (version {version.version}, {version.state}, {version.department})")
    for one in passages:
        mark = "verified" if one.verified else "silent" if one.spoken else "too long to be spoken"
        page = f", page {one.page}" if one.page is not None else ""
        click.echo(f"\n{one.number} [{mark}] {' > '.join(one.path) or version.title}{page}")
        click.echo(one.text)


@knowledge.command(name="withdraw")
@click.argument("documents", nargs=-1, required=True)
def withdraw_documents(documents: tuple[str, ...]) -> None:
    """Take documents back: within seconds no answer comes from them. Their versions stay readable."""
    with _library(load_settings()) as library:
        for document in documents:
            withdrawn = library.withdraw(document)
            click.echo(f"{document}: {'withdrawn' if withdrawn else 'was not served'}")


@knowledge.command(name="publish")
@click.argument("document")
@_version
def publish_document(document: str, number: int | None) -> None:
    """Serve a draft, or an older version again, in place of the version before."""
    with _library(load_settings()) as library:
        version = library.publish(document, number)
    click.echo(f"{version.name}: version {version.version} is served")


@knowledge.command(name="verify")
@click.argument("document")
@click.option("--passage", "numbers", multiple=True, type=click.IntRange(1), help="Only these; repeatable.")
@click.option("--not", "undo", is_flag=True, help="Take the mark away.")
@click.option("--review-by", type=Day(), help="By when somebody looks at it again.")
@_version
def verify_document(
    document: str, numbers: tuple[int, ...], undo: bool, review_by: date | None, number: int | None
) -> None:
    """Mark passages as read in their source: only those are spoken.

    \b
    Examples:
      donghaeng knowledge verify 틀니.hwpx --passage 2 --passage 3
      donghaeng knowledge verify 틀니.hwpx --review-by 2027-11-30
      donghaeng knowledge verify 틀니.hwpx --passage 3 --not
    """
    with _library(load_settings()) as library:
        version = library.version(document, number)
        library.verify(version, numbers or None, verified=not undo, review_by=review_by)
        now = library.version(document, version.version)
    click.echo(f"{now.name}: {now.verified} of {now.passages} passages are verified")


@knowledge.command(name="export")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "every", is_flag=True, help="Replaced and withdrawn versions too.")
def export_documents(file: Path | None, every: bool) -> None:
    """Write every passage with its source as JSON Lines, to a file or to standard output."""
    count = 0
    with _library(load_settings()) as library, click.open_file(str(file or "-"), "w", "utf-8") as stream:
        for one in library.exported(STATES if every else _CURRENT):
            stream.write(json.dumps(one, ensure_ascii=False) + "\n")
            count += 1
    if file is not None:
        click.echo(f"{count} passages in {file}")


@knowledge.command(name="check")
@click.pass_context
def check_knowledge(ctx: click.Context) -> None:
    """Look over the catalogue's passages and the documents; leaves with 1 where something is wrong.

    Wrong are files that cannot be read and published documents that no longer hold; warned of are those that
    are due, silent, or say neither where they can be read nor who looks at them again.
    """
    settings = load_settings()
    passages, errors = read_passages(settings.catalogue / "knowledge")
    wrong = [str(error) for error in errors]
    warned: list[str] = []
    with _library(settings) as library:
        today = library.today()
        for row in library.listed(_PUBLISHED):
            standing = due(row, today)
            if standing is Due.EXPIRED:
                wrong.append(f"{row.name}: held until {row.valid_until}; add a new version or withdraw it")
            elif standing is Due.OVERDUE:
                warned.append(f"{row.name}: to be looked at by {row.review_by}; `knowledge verify` it")
            warned += [f"{row.name}: {what}" for what in _missing(row)]
        if not errors:
            warned += _sets_due(settings.catalogue / "knowledge", today)
    for line in wrong:
        click.echo(f"wrong: {line}", err=True)
    for line in warned:
        click.echo(f"warning: {line}")
    verified = sum(passage.verified for passage in passages)
    click.echo(f"{len(passages)} passages of the catalogue, {verified} verified")
    click.echo(f"{len(wrong)} wrong, {len(warned)} warnings")
    ctx.exit(1 if wrong else 0)


def _sets_due(folder: Path, today: date) -> Iterator[str]:
    for one in catalogue_sets(folder, today):
        if one.standing is Due.EXPIRED:
            yield f"knowledge/{one.name}.yaml: a passage held until {one.valid_until}; it is silent"
        elif one.standing is not Due.NOT:
            yield f"knowledge/{one.name}.yaml: to be looked at by {one.review_by or one.valid_until}"
        if one.ownerless:
            what = f"nobody looks at {one.ownerless} passages again (owner, review_by)"
            yield f"knowledge/{one.name}.yaml: {what}"


def _missing(row: VersionRow) -> Iterator[str]:
    if not row.verified:
        yield "no passage is verified, so it is silent"
    if row.source is None:
        yield "no address where it can be read (--source)"
    if not row.owner or row.review_by is None:
        yield "nobody looks at it again (--owner, --review-by)"


@knowledge.command(name="embed")
def embed_documents() -> None:
    """Make the vectors of all served passages now; the server makes them in the background otherwise.

    What was made is kept: broken off, it goes on where it was.
    """
    settings = load_settings()
    with _store(settings) as store, _progress() as progress:
        task = progress.add_task("passages", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        made = asyncio.run(_embed(settings, store, tell))
    click.echo(f"{made} passages are found by meaning")


async def _embed(settings: Settings, store: Store, tell: Callable[[int, int], None]) -> int:
    served = open_knowledge(settings, store)
    await served.refresh()
    total = served.waiting
    while await served.embed():
        tell(total - served.waiting, total)
    return total


@contextmanager
def _library(settings: Settings) -> Iterator[Library]:
    with _store(settings) as store, DocumentReader() as reader:
        yield Library(store, reader, clock=seoul_now)


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        yield store


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)
