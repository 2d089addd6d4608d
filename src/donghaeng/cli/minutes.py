"""`donghaeng minutes`: minutes of a recorded meeting, as a document."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from donghaeng.app.application import seoul_now
from donghaeng.errors import InputError
from donghaeng.office.drafts.files import WRITERS, write
from donghaeng.office.drafts.model import About
from donghaeng.office.minutes.document import minutes_draft, moment
from donghaeng.office.minutes.loading import find_kind, load_clerk, load_kinds
from donghaeng.office.minutes.model import Meeting, Person, Turn
from donghaeng.office.minutes.sound.decoding import check_recording
from donghaeng.office.minutes.sound.kept_file import KeptFile, fingerprint
from donghaeng.office.minutes.sound.transcribing import Ears, transcribe
from donghaeng.settings import load_settings
from donghaeng.speech.engines import Hints
from donghaeng.speech.load import load_recogniser, load_voice_activity
from donghaeng.trust.sealing import make_sealer

_FILE = click.Path(path_type=Path)
WHEN = "%Y-%m-%dT%H:%M"


@click.command()
@click.argument("recording", type=_FILE, required=False)
@click.option("--kind", default="weekly", show_default=True, help="Kind of meeting; see --kinds.")
@click.option("--kinds", "list_kinds", is_flag=True, help="List the kinds of meetings.")
@click.option("--out", type=_FILE, help="The document; .hwpx, .docx or .pdf.")
@click.option("--title", default="", help="What the meeting was about; the file's name where it is left out.")
@click.option("--started", type=click.DateTime([WHEN]), help="When it began; relative days count from it.")
@click.option("--person", "people", multiple=True, metavar="NAME:ROLE", help="Who was there; again for each.")
@click.option("--word", "phrases", multiple=True, help="A name or word that the recogniser should expect.")
@click.option("--json", "as_json", is_flag=True, help="Print the transcript and the minutes as JSON.")
def minutes(
    recording: Path | None,
    *,
    kind: str,
    list_kinds: bool,
    out: Path | None,
    title: str,
    started: datetime | None,
    people: tuple[str, ...],
    phrases: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hear a recording of any format and write its minutes: agenda, decisions, actions with owner and date.

    Stopped (Ctrl-C, a power cut), the same command carries on where it was. Nobody is told apart by voice;
    names are put in on the page /office/minutes, or in the document.

    \b
    Examples:
      donghaeng minutes --kinds
      donghaeng minutes 회의.m4a --kind weekly --out 회의록.hwpx
      donghaeng minutes 회의.mp3 --kind committee --started 2026-11-24T14:00 \\
          --person 한서진:위원장 --person 임가온:간사 --out 회의록.docx
    """
    settings = load_settings()
    kinds = load_kinds(settings.catalogue)
    if list_kinds:
        for name, one in kinds.items():
            click.echo(f"{name}  {one.title}  ({one.source})")
        return
    if recording is None or (out is None and not as_json):
        raise InputError("no recording or no document", remedy="donghaeng minutes 회의.m4a --out 회의록.hwpx")
    chosen = find_kind(kinds, kind)
    if out is not None and out.suffix.lower() not in WRITERS:
        raise InputError(f"{out}: no format of minutes", remedy=f"end its name in {', '.join(WRITERS)}")
    present = tuple(_person(one) for one in people)
    check_recording(recording)
    began = started.replace(tzinfo=seoul_now().tzinfo) if started else seoul_now()
    recogniser = load_recogniser(settings)
    hints = Hints(phrases=(*phrases, *(one.name for one in present)))
    ears = Ears(recogniser, load_voice_activity(settings), hints)
    name = fingerprint(recording, f"{recogniser.info.name} {recogniser.info.model} {','.join(hints.phrases)}")
    keeper = KeptFile(
        settings.data,
        name,
        make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data),
    )
    with _bar() as bar:
        task = bar.add_task(f"{len(keeper.kept())} turns kept" if keeper.kept() else "listening", total=None)
        transcribe(
            recording, ears, keeper, progress=lambda at: bar.update(task, description=f"heard {moment(at)}")
        )
    turns = tuple(Turn(said.start, "", said.text) for said in keeper.kept() if said.text)
    meeting = Meeting(title or recording.stem, began, present, turns)
    found = load_clerk(settings.catalogue).read(meeting)
    if out is not None:
        draft = minutes_draft(kind, chosen, meeting, found, About("", seoul_now()))
        try:
            out.write_bytes(write(draft, out.name))
        except OSError as error:
            raise InputError(f"{out}: cannot be written: {error.strerror}") from None
        click.echo(str(out))
    if as_json:
        told = {
            "turns": [{"at": moment(turn.at), "says": turn.says} for turn in turns],
            "agenda": [{"title": one.title, "at": moment(one.at)} for one in found.topics],
            "decisions": [{"what": one.what, "at": moment(one.at)} for one in found.decisions],
            "actions": [
                {"what": one.what, "owner": one.owner, "due": str(one.due or ""), "at": moment(one.at)}
                for one in found.actions
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    keeper.forget()


def _person(text: str) -> Person:
    name, _, role = text.partition(":")
    if not name.strip():
        raise InputError(f"{text!r} is no person", remedy="write NAME:ROLE, as 한서진:위원장")
    return Person(name.strip(), role.strip())


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
