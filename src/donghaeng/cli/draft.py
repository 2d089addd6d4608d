"""`donghaeng draft`: official documents from facts and passages, by templates."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from donghaeng.app.application import seoul_now
from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import InputError
from donghaeng.office.drafts.composing import compose
from donghaeng.office.drafts.files import WRITERS, write
from donghaeng.office.drafts.loading import find_template, load_templates
from donghaeng.office.drafts.model import About, Extract
from donghaeng.office.forms_apart import FormReader
from donghaeng.office.lint.loading import load_linter
from donghaeng.office.measuring import figures
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer

_FILE = click.Path(path_type=Path)


@click.group()
def draft() -> None:
    """Drafts of official documents; nothing is sent, an official reads and signs.

    \b
    Examples:
      donghaeng draft kinds
      donghaeng draft kinds letter
      donghaeng draft write letter --facts facts.yaml --out 기안문.hwpx
      donghaeng draft blanks 서식.hwpx
      donghaeng draft fill 서식.hwpx --facts values.yaml --out 채움.hwpx
      donghaeng draft measured
    """


@draft.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def kinds(name: str | None, as_json: bool) -> None:
    """List the kinds of drafts, or the facts that one of them needs."""
    templates = load_templates(load_settings().catalogue)
    if name is None:
        for one in templates.values():
            told = {"id": one.id, "title": one.title, "source": one.source}
            click.echo(
                json.dumps(told, ensure_ascii=False) if as_json else f"{one.id}  {one.title}  ({one.source})"
            )
        return
    for field in find_template(templates, name).fields:
        if as_json:
            click.echo(json.dumps(field.model_dump(), ensure_ascii=False))
        else:
            click.echo(f"{field.name}  {field.label}  {field.kind}{'' if field.required else '  (optional)'}")


@draft.command(name="write")
@click.argument("kind")
@click.option("--facts", required=True, type=_FILE, help="YAML of facts by field, and a list `passages`.")
@click.option("--out", required=True, type=_FILE, help="The file; .hwpx, .docx or .pdf.")
def write_draft(kind: str, facts: Path, out: Path) -> None:
    """Fill a template and write the file; what the linter finds in it goes to standard error.

    `passages` in the facts are {text, source, place}, chosen word for word from documents.
    """
    settings = load_settings()
    template = find_template(load_templates(settings.catalogue), kind)
    if out.suffix.lower() not in WRITERS:
        raise InputError(f"{out}: no format of a draft", remedy=f"end its name in {', '.join(WRITERS)}")
    given = _mapping(facts)
    passages = [_extract(facts, one) for one in given.pop("passages", None) or []]
    organisation = str(given.get("organisation") or given.get("department") or "")
    made = compose(template, given, passages, About(organisation, seoul_now()))
    _save(out, write(made, out.name))
    text = "\n".join(made.lines[:-1])
    for one in load_linter(settings.catalogue).check(text):
        better = f" → {one.fixes[0]}" if one.fixes else ""
        click.echo(f"{one.rule}: {one.text!r}{better}. {one.reason}", err=True)
    click.echo(str(out))


@draft.command()
@click.argument("form", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def blanks(form: Path, as_json: bool) -> None:
    """List the labels of an HWPX form that want filling."""
    with FormReader() as reader:
        for one in reader.blanks(form.name, _form(form)):
            click.echo(json.dumps({"label": one.label}, ensure_ascii=False) if as_json else one.label)


@draft.command()
@click.argument("form", type=_FILE)
@click.option("--facts", required=True, type=_FILE, help="YAML of values by the label in the form.")
@click.option("--out", required=True, type=_FILE, help="The filled form (.hwpx).")
def fill(form: Path, facts: Path, out: Path) -> None:
    """Fill a supplied HWPX form by its labels; parts that are not filled stay byte for byte.

    Leaves with 1 where a label was not found.
    """
    values = {str(label): str(value) for label, value in _mapping(facts).items()}
    with FormReader() as reader:
        filled = reader.fill(form.name, _form(form), values)
    _save(out, filled.data)
    for label in filled.missing:
        click.echo(f"not found: {label}", err=True)
    click.echo(f"{out}: {len(filled.applied)} filled")
    click.get_current_context().exit(1 if filled.missing else 0)


@draft.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def measured(as_json: bool) -> None:
    """What officials told of their drafts: minutes saved (self-reported), and blind comparisons.

    Every figure with its n and 95 % interval; nothing where nobody has answered.
    """
    settings = load_settings()
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        found = store.look(figures)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    saved = found.saved
    if saved.mean is None:
        click.echo("minutes saved (self-reported): no answers yet")
    else:
        span = "" if saved.low is None else f" (95 % {saved.low:.1f} to {saved.high:.1f})"
        click.echo(f"minutes saved a draft (self-reported): mean {saved.mean:.1f}{span}, n = {saved.n}")
    if not found.compared:
        click.echo("blind comparisons: none yet")
    for one in found.compared:
        told = f"{one.question} {one.criterion}: first {one.first}, second {one.second}, same {one.same}"
        if one.share is not None:
            told += (
                f"; share {one.share:.2f} (95 % {one.low:.2f} to {one.high:.2f}), sign test p = {one.p:.3f}"
            )
        click.echo(told)


def _form(form: Path) -> bytes:
    try:
        return form.read_bytes()
    except OSError as error:
        raise InputError(
            f"{form}: cannot be read: {error.strerror}", remedy="give a form that exists"
        ) from None


def _mapping(file: Path) -> dict[str, Any]:
    given = read_yaml(file).data
    if not isinstance(given, dict):
        raise InputError(f"{file}: no facts by name", remedy="write name: value, one a line")
    return {str(name): value for name, value in given.items()}


def _extract(file: Path, given: Any) -> Extract:
    fits = isinstance(given, dict) and {"text", "source"} <= set(given) <= {"text", "source", "place"}
    if not fits or not all(isinstance(value, str) for value in given.values()):
        raise InputError(f"{file}: a passage is text, source and place", remedy="write {text: …, source: …}")
    return Extract(**given)


def _save(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None
