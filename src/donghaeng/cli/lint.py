"""`donghaeng lint FILE…`: official Korean by its rules of form and plain words."""

from __future__ import annotations

import json

import click

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.apart import DocumentReader
from donghaeng.office.lint.files import PLAIN, STANDARD_INPUT, chosen, corrected, read_page, write_page
from donghaeng.office.lint.finding import Finding
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_linter, load_rulebook
from donghaeng.office.lint.proving import faults
from donghaeng.settings import load_settings


@click.command()
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option(
    "--letter", is_flag=True, help="The text is a whole letter (기안문 본문): it has to end with 끝."
)
@click.option(
    "--fix", is_flag=True, help="Write the first fix of each finding back; text and Markdown alone."
)
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule; may be given again.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules with their sources.")
@click.option("--prove", is_flag=True, help="Try the examples beside each rule of the catalogue.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, a summary last.")
@click.pass_context
def lint(
    ctx: click.Context,
    files: tuple[str, ...],
    *,
    letter: bool,
    fix: bool,
    rules: tuple[str, ...],
    list_rules: bool,
    prove: bool,
    as_json: bool,
) -> None:
    """Check official Korean: dates, times, amounts, outlines, hard words, translated turns, long sentences.

    Reads text, Markdown, HWPX, HWP, DOCX, PDF; "-" is standard input. In documents a line is a paragraph.
    Leaves with 0 when nothing is found, 1 when something is, 2 when a file cannot be read.

    \b
    Examples:
      donghaeng lint 공문.txt
      donghaeng lint --letter 기안문.hwpx
      donghaeng lint --fix 보도자료.md
      donghaeng lint --rule date.form --rule time.form --json 계획.docx
      echo "익일까지 내십시오." | donghaeng lint -
    """
    catalogue = load_settings().catalogue
    book = load_rulebook(catalogue)
    for rule in rules:
        if rule not in book.rules:
            raise InputError(f"no rule {rule}", remedy="see donghaeng lint --rules")
    if list_rules:
        for name, entry in book.rules.items():
            told = {"rule": name, "title": entry.title, "reason": entry.reason, "source": entry.source}
            click.echo(
                json.dumps(told, ensure_ascii=False)
                if as_json
                else f"{name}  {entry.reason} ({entry.source})"
            )
        return
    linter = load_linter(catalogue)
    if prove:
        wrong = list(faults(linter))
        for fault in wrong:
            click.echo(fault)
        ctx.exit(1 if wrong else 0)
    if not files:
        raise InputError("no file", remedy='name one, or "-" for standard input')
    if fix and (documents := [name for name in files if not _is_plain(name)]):
        raise InputError(
            f"{documents[0]}: only text and Markdown are corrected in place",
            remedy="leave --fix out and correct it in the program that wrote it",
        )
    found, made = _all(linter, files, frozenset(rules), letter=letter, fix=fix, as_json=as_json)
    if as_json:
        click.echo(json.dumps({"files": len(files), "findings": found, "fixed": made}, ensure_ascii=False))
    elif found or made:
        click.echo(f"{found} findings, {made} fixed", err=True)
    ctx.exit(1 if found else 0)


def _all(
    linter: Linter, files: tuple[str, ...], rules: frozenset[str], *, letter: bool, fix: bool, as_json: bool
) -> tuple[int, int]:
    """Judge each file in turn and tell what is found; findings that stay, and fixes that were made."""
    found = made = 0
    with DocumentReader() as reader:
        for name in files:
            page = read_page(name, reader)
            text = page.text
            if fix:
                text, count = corrected(linter, text, whole=letter, rules=rules)
                made += count
                if text != page.text:
                    write_page(page, text)
            for one in chosen(linter.check(text, whole=letter), rules):
                found += 1
                _tell(name, one, as_json=as_json)
    return found, made


def _tell(name: str, one: Finding, *, as_json: bool) -> None:
    if as_json:
        told = {
            "file": name,
            "line": one.line,
            "column": one.column,
            "rule": one.rule,
            "text": one.text,
            "fixes": list(one.fixes),
            "reason": one.reason,
            "source": one.source,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    text = one.text if len(one.text) <= 40 else f"{one.text[:39]}…"
    better = f" → {' / '.join(one.fixes)}" if one.fixes else ""
    click.echo(f"{name}:{one.line}:{one.column}: {one.rule}: {text!r}{better}. {one.reason} ({one.source})")


def _is_plain(name: str) -> bool:
    return name != STANDARD_INPUT and any(name.lower().endswith(suffix) for suffix in PLAIN)
