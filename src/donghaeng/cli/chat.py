"""`donghaeng chat`: a text conversation in the terminal."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

import click

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.errors import InputError
from donghaeng.settings import load_settings


@click.command()
@click.option("--say", "words", multiple=True, help="Take these turns and leave; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON reply object a turn.")
@click.option("--home", "home_district", help="The citizen's district, for example 마포구.")
@click.option("--now", help="A fixed clock (test clock only): 2026-11-23T10:00:00+09:00.")
@click.option("--practice", is_flag=True, help="Practise: nothing reaches the city.")
def chat(
    words: tuple[str, ...], as_json: bool, home_district: str | None, now: str | None, practice: bool
) -> None:
    """Talk to the agent in writing. An empty line or Ctrl+D ends it.

    \b
    Examples:
      donghaeng chat
      donghaeng chat --say "강남역 지하철 언제 와요" --json
      donghaeng chat --home 마포구 --say "문 연 약국 좀 찾아줘요"
    """
    opening = Opening(home_district=home_district, now=_moment(now), practice=practice)
    asyncio.run(_talk(opening, words, as_json))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--now {text!r} is no time", remedy="2026-11-23T10:00:00+09:00") from None


async def _talk(opening: Opening, words: tuple[str, ...], as_json: bool) -> None:
    from donghaeng.app import open_application  # noqa: PLC0415  the engines load only for this

    async with open_application(load_settings()) as application:
        reply = await application.conversations.open(opening)
        if not words:
            _print(reply, as_json)
        await _turns(application.conversations, reply, words, as_json)


async def _turns(conversations: Conversations, reply: Reply, words: tuple[str, ...], as_json: bool) -> None:
    waiting = list(words)
    while not reply.ended:
        if words and not waiting:
            return
        text = waiting.pop(0) if waiting else await asyncio.to_thread(_ask)
        if not text:
            return
        reply = await conversations.turn(reply.conversation, reply.token, Said(text=text))
        _print(reply, as_json)


def _ask() -> str:
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    return sys.stdin.readline().strip()


def _print(reply: Reply, as_json: bool) -> None:
    if as_json:
        click.echo(reply.model_dump_json())
        return
    click.echo(reply.show.text)
    card = reply.show.card
    for row in card.rows if card is not None else ():
        click.echo("  - " + "  ".join(str(row[key]) for key in ("title", "value", "detail") if row.get(key)))
