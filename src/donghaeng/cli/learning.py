"""`donghaeng learning …`: lessons, plans, simulated citizens, the card for the fridge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from pydantic import Field
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from ruamel.yaml import YAML

from donghaeng.city.services.positions import read_model
from donghaeng.cli.learning_records import erase, export
from donghaeng.errors import CatalogueError, InputError
from donghaeng.learning.call_practice import answer, begin
from donghaeng.learning.call_score import CallScore, score_call
from donghaeng.learning.card_pdf import LARGE, card_pdf
from donghaeng.learning.checking import check_learning
from donghaeng.learning.curriculum import Part, Reached
from donghaeng.learning.elder import Elder
from donghaeng.learning.intake import Intake
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import Learning, load_learning
from donghaeng.learning.planning import make_plan, reason
from donghaeng.office.drafts.files.fonts import font_file
from donghaeng.settings import load_settings

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


class IntakeFile(Part):
    """Answers and evidence, as `learning plan` reads them."""

    intake: Intake
    evidenced: dict[str, Reached] = Field(default_factory=dict)


@click.group()
def learning() -> None:
    """Learning for officials and citizens: lessons, plans, practice calls, the card for the fridge.

    \b
    Examples:
      donghaeng learning check
      donghaeng learning lessons --audience citizen
      donghaeng learning plan answers.yaml
      donghaeng learning practise freeze_angry
      donghaeng learning card --out card.pdf
      donghaeng learning export --xapi --home https://desk.city.example
    """


learning.add_command(export)
learning.add_command(erase)


@learning.command()
def check() -> None:
    """Check every file of catalogue/learning; status 1 where something is wrong."""
    found, root = _learning()
    wrong = check_learning(found, lambda name: (root / name).is_file())
    for one in wrong:
        click.echo(f"{one.where}: {one.message}")
    click.echo(f"{len(found.lessons)} lessons, {len(found.elders)} simulated citizens: {len(wrong)} findings")
    if wrong:
        raise click.exceptions.Exit(1)


@learning.command()
@click.option("--audience", type=click.Choice(["official", "citizen"]), help="Only those for them.")
@_json
def lessons(audience: str | None, as_json: bool) -> None:
    """List the lessons with the minutes that each takes."""
    found, _ = _learning()
    chosen = [one for one in found.lessons.values() if audience in (None, one.audience)]
    if as_json:
        for one in chosen:
            told = {"id": one.id, "title": one.title, "audience": one.audience, "step": one.step}
            click.echo(json.dumps(told | {"minutes": round(one.minutes, 1)}, ensure_ascii=False))
        return
    table = Table("lesson", "for", "step", "title", "minutes")
    for one in chosen:
        table.add_row(one.id, one.audience, one.step or "", escape(one.title), f"{one.minutes:.1f}")
    Console().print(table)


@learning.command()
@click.argument("answers", type=click.Path(path_type=Path))
@_json
def plan(answers: Path, as_json: bool) -> None:
    """Make the plan that follows from the answers of an intake (YAML: intake, evidenced)."""
    found, _ = _learning()
    given = read_model(answers, IntakeFile)
    made = make_plan(found.curriculum, given.intake, given.evidenced)
    competences = found.curriculum.competences
    for item in made.items:
        titles = [one.title for one in found.lesson_of(str(item.step))]
        why = reason(competences, item, given.evidenced, made.targets)
        if as_json:
            told: dict[str, Any] = {"week": item.week, "step": str(item.step), "score": item.score}
            click.echo(json.dumps(told | {"lessons": titles, "reason": why}, ensure_ascii=False))
        else:
            click.echo(f"{item.week}주  {item.step}  {competences.name(item.step)}: {', '.join(titles)}")
            click.echo(f"      {why}")


@learning.command()
@click.argument("elder")
@click.option("--replies", type=click.Path(path_type=Path), help="A YAML list of replies instead of typing.")
def practise(elder: str, replies: Path | None) -> None:
    """Practise a hand-over call with a simulated citizen; nothing of it is kept."""
    found, _ = _learning()
    person = found.elders.get(elder)
    if person is None:
        raise InputError(f"no simulated citizen {elder!r}", remedy=f"one of {', '.join(found.elders)}")
    given = None if replies is None else _replies(replies)
    click.echo(f"{person.title}\n넘겨받은 것: {person.handed_over}\n")
    call, said = begin(person)
    click.echo(f"  시민  {said}")
    while not call.ended:
        if given is None:
            typed = click.prompt("  나  ", prompt_suffix="")
        elif given:
            typed = given.pop(0)
            click.echo(f"  나    {typed}")
        else:
            break
        call = answer(person, call, typed, found.hard_words)
        click.echo(f"  시민  {call.turns[-1].citizen}")
    _tell(score_call(person, call))


@learning.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("card.pdf"), show_default=True)
@click.option("--number", help="Where to call, where it is not the number of the file.")
@click.option("--large", is_flag=True, help="Letters for weak eyes, on several sheets.")
def card(out: Path, number: str | None, *, large: bool) -> None:
    """Write the card for the fridge as PDF (one page of A4)."""
    found, _ = _learning()
    if number is not None and not set(number) <= set("0123456789-"):
        raise InputError(f"{number!r} is no number to call", remedy="digits and hyphens")
    made = card_pdf(
        found.card,
        font_file(),
        font_file("NanumGothicBold.ttf"),
        number=number,
        scale=LARGE if large else 1.0,
    )
    try:
        out.write_bytes(made)
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from None
    click.echo(f"wrote {out}")


@learning.command()
@click.argument("kind", type=click.Choice(["lesson", "elder"]))
def schema(kind: str) -> None:
    """Print the JSON Schema of a lesson's or a simulated citizen's file."""
    made = Lesson.model_json_schema() if kind == "lesson" else Elder.model_json_schema()
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))


def _tell(score: CallScore) -> None:
    click.echo("")
    for part in score.parts:
        click.echo(f"  {part.name}: {part.points:g}/{part.most}  {part.why}")
    for why in score.barred:
        click.echo(f"  ! {why}")
    click.echo(
        f"  {score.score:.0%}, {'통과했어요' if score.passed else '다시 해 봐요. 몇 번을 해도 괜찮아요'}"
    )


def _replies(file: Path) -> list[str]:
    try:
        read = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from None
    if not isinstance(read, list) or not all(isinstance(one, str) for one in read):
        raise CatalogueError(file, 1, "is no list of replies")
    return read


def _learning() -> tuple[Learning, Path]:
    catalogue = load_settings().catalogue
    return load_learning(catalogue), catalogue.parent
