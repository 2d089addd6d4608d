"""The `donghaeng` command: one module a family of commands, loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from donghaeng import __version__
from donghaeng.errors import DonghaengError

_COMMANDS: Final = {
    "serve": ("serve", "the server: page, HTTP, live voice, sandbox city"),
    "cluster": ("cluster", "the application on several machines (Ray Serve)"),
    "chat": ("chat", "a text conversation in the terminal"),
    "call": ("voice", "speak one recorded utterance to the agent"),
    "talk": ("voice", "talk to the agent with this machine's microphone"),
    "services": ("services", "list, show, check and test the catalogue's services"),
    "places": ("places", "import official tables of places"),
    "knowledge": ("knowledge", "the city's documents: add, verify, withdraw, export, check"),
    "review": ("review", "what went wrong: review, propose, measure, publish, roll back"),
    "cases": ("cases", "data cases: list, run again, show, calls to households"),
    "targets": ("targets", "the year's targets, each counted from records"),
    "alliance": ("targets", "tables of the smart-city alliance"),
    "learning": ("learning", "lessons, learning plans, practice calls, the card for the fridge"),
    "mcp": ("mcp", "the catalogue as tools for programs (Model Context Protocol)"),
    "messages": ("messages", "text messages to citizens: waiting, sent, failed"),
    "database": ("database", "the records: copy them to another database, back them up"),
    "privacy": ("privacy", "personal data: destroy what is due, check records, export, erase"),
    "vault": ("vault", "keys of the telephone numbers that are held: status, rotation"),
    "key": ("key", "the key that seals the records: status, a new one, rows sealed anew"),
    "leak": ("leak", "leaks of personal data: the 72-hour clock and what was done"),
    "incidents": ("incidents", "what went wrong with AI systems: report, own, mend, learn, close"),
    "register": ("register", "the register of AI systems: list, show, import, export, Donghaeng itself"),
    "draft": ("draft", "drafts of official documents by templates; forms filled by label"),
    "library": ("library", "officials' document sets: list, make, add files, ask"),
    "minutes": ("minutes", "minutes of a recorded meeting: what was settled, who does what by when"),
    "lint": ("lint", "official Korean: form, hard words, translated turns, long sentences"),
    "staff": ("staff", "accounts of counsellors and other staff"),
    "supply": ("supply", "packages, licences, weaknesses and weights of this installation"),
    "sandbox": ("sandbox", "the sandbox city alone"),
    "eval": ("evaluate", "run the engines on labelled cases"),
    "bench": ("bench", "measure speed on this machine"),
    "tower": ("tower", "the control tower: stages, gates, evidence, reports, feeds of other systems"),
    "off": ("switch", "stop all that the machine answers, in every process, within 5 seconds"),
    "on": ("switch", "let the machine answer again"),
    "doctor": ("doctor", "what is installed, what is missing, how fast it is"),
    "settings": ("settings", "every setting with its value and meaning"),
}
"""Command → (module of this package, one-line help)."""


class _Group(click.Group):
    """Imports a command's module only when it runs, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"donghaeng.cli.{entry[0]}")
        command: click.Command = getattr(module, cmd_name.replace("eval", "evaluate"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="donghaeng")
def cli() -> None:
    """Donghaeng (동행): say it in Korean, the city does it, the agent answers aloud.

    \b
    Examples:
      donghaeng serve --port 8300
      donghaeng chat --say "강남역 지하철 언제 와요"
      donghaeng call question.wav --out answer.wav
      donghaeng services check
    """


def main() -> None:
    """Run the command line; known errors become one line and their exit status."""
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        from donghaeng.trust.logging import set_up_logging  # noqa: PLC0415  `--help` is quick without it

        # Standard output is the command's answer, read by programs too; log lines go beside it.
        set_up_logging("warning")
    try:
        # Without its own handling click gives the status of `ctx.exit` back instead of leaving with it.
        status = cli(standalone_mode=False)
        if isinstance(status, int) and status:
            sys.exit(status)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except DonghaengError as error:
        click.echo(f"donghaeng: {error}", err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.exit(0)
