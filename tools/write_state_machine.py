"""Writes ``docs/state-machine.md``: the dialogue's state machine as it is, found by running the core.

``.venv/bin/python -m tools.write_state_machine [--check]``; with ``--check`` nothing is written and the exit
status is 1 where the page is not what the code does.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from donghaeng.dialogue import events as happened
from donghaeng.dialogue.effects import OutcomeKind
from donghaeng.dialogue.policy import Policy, handler_of
from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.understanding.acts import ActKind
from tools.state_machine import (
    ENDED,
    NOTHING,
    SERVICE,
    WAITS,
    Step,
    acts,
    changes,
    ladder,
    policy,
    states,
    take,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "state-machine.md"

HEAD = """# 대화의 상태 기계 · The dialogue's state machine

Written by `python -m tools.write_state_machine` from the code: every table below is what the core did when
it was run from each state with each act on the checkout's catalogue (shown on `{service}`; no service has
code of its own). A test holds the page to the code.

A conversation is a list of events; its state is a fold over them (`dialogue/evolve.py`). An utterance gives
acts (`understanding/acts.py`); the policy (`dialogue/policy.py`) answers the first of them with one handler,
which emits events, says words and may want something of the outside (a call, a hand-over). When the outcomes
are in, the turn goes on; when nothing is wanted any more, what stands open decides what the reply expects.
"""

KINDS = """## What may stand open

| open | reply expects | what it asks |
|---|---|---|
{rows}

The first of these that holds is open: a consent, an offer of a person, a guess, else the question of the
service in hand. What waits after an emergency or a hand-over has no open question until the citizen goes on.
"""

_SAYS: Mapping[QuestionKind, str] = {
    QuestionKind.SLOT: "a value of the service in hand",
    QuestionKind.CONFIRM: "a yes to exactly what was read back; nothing is written without it",
    QuestionKind.CHOICE: "one of at most three candidates of a slot",
    QuestionKind.REPAIR: "what is wrong with what was read back; a yes to it confirms nothing",
    QuestionKind.OFFER: "whether a person shall be called",
    QuestionKind.GUESS: "which of one or two services is meant",
    QuestionKind.MEMORY: "whether the citizen is to be remembered",
    QuestionKind.HELPER: "whether somebody beside the citizen may help",
    QuestionKind.COURSE: "which course to read, or which answer to its question is right",
    QuestionKind.EMERGENCY: "in practice, whether the emergency that was told of is real",
    QuestionKind.GUARDIAN: "whether somebody may see receipt and status of the citizen's requests",
}


def main(arguments: Sequence[str], page: Path = PAGE) -> int:
    """Exit status 0 when the page is (now) right, 1 when it is not, 2 on wrong usage."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tools.write_state_machine [--check]\n")
        return 2
    text = write_page()
    if not arguments:
        page.write_text(text, encoding="utf-8")
    elif not page.is_file() or page.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{page}:1: is not what the code does; run python -m tools.write_state_machine\n")
        return 1
    return 0


def write_page() -> str:
    """The whole page."""
    rules, from_state = policy(), states()
    steps = {
        (name, kind): take(rules, state, act)
        for name, state in from_state.items()
        for kind, act in acts().items()
    }
    parts = [
        HEAD.format(service=SERVICE),
        KINDS.format(rows="\n".join(_kinds())),
        "## From question to question\n\n" + _diagram(steps),
        "## Acts and what answers them\n\n" + "\n".join(_handlers()),
        "## Where every act leads from every state\n\n" + "\n".join(_table(from_state, steps)),
        "## The error ladder\n\n" + "\n".join(_ladders(rules, from_state)),
        "## A write, and what comes of it\n\n" + "\n".join(_outcomes(rules, from_state["confirm"])),
        "## Events and what they change\n\n" + "\n".join(_events()),
        "## Services with several procedures\n\n" + "\n".join(_procedures(rules)),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _kinds() -> Iterator[str]:
    for kind in QuestionKind:
        yield f"| {kind} | `{kind.expects}` | {_SAYS.get(kind, '')} |"
    yield f"| {NOTHING} | `open` | anything |"
    yield f'| {WAITS} | `open` | anything; "계속" takes up what waits |'
    yield f"| {ENDED} | `none` | nothing |"


def _diagram(steps: Mapping[tuple[str, ActKind], Step]) -> str:
    """Edges by pair of states, the acts that lead along them as labels."""
    edges: dict[tuple[str, str], list[str]] = {}
    for (name, kind), step in steps.items():
        if step.leads_to != name:
            mark = " ⚡" if any(one.startswith("write (carry_out)") for one in step.wants) else ""
            edges.setdefault((name, step.leads_to), []).append(f"{kind}{mark}")
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [
        f'    state "{name}" as {_id(name)}' for name in dict.fromkeys([*(pair[0] for pair in edges), ENDED])
    ]
    lines.append(f"    [*] --> {_id(NOTHING)}")
    lines += [f"    {_id(one)} --> {_id(other)}: {_label(names)}" for (one, other), names in edges.items()]
    lines += [
        f"    {_id(ENDED)} --> [*]",
        "```",
        "",
        "⚡ a write goes out. Acts that lead back to where they began are in the table below.",
    ]
    return "\n".join(lines)


def _label(names: Sequence[str], width: int = 4) -> str:
    rows = [", ".join(names[start : start + width]) for start in range(0, len(names), width)]
    return "\\n".join(rows)


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _handlers() -> Iterator[str]:
    yield "| act | what the citizen did | handler |"
    yield "|---|---|---|"
    said = _member_docs(ActKind)
    for kind in ActKind:
        handler = handler_of(kind)
        where = f"{handler.__module__.removeprefix('donghaeng.')}.{handler.__name__}"
        yield f"| `{kind}` | {said.get(kind.name, '')} | `{where}`{_doc(handler)} |"


def _doc(handler: Callable[..., object]) -> str:
    text = inspect.getdoc(handler)
    return f": {_first_sentence(text)}" if text else ""


def _first_sentence(text: str) -> str:
    line = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return line.replace("|", "\\|")


def _member_docs(kind: type[ActKind]) -> dict[str, str]:
    """What stands in the source below each member of an enumeration."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    name = ""
    for part in body.body:
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            name = part.targets[0].id
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and name:
            found[name] = _first_sentence(str(part.value.value))
    return found


def _table(from_state: Mapping[str, State], steps: Mapping[tuple[str, ActKind], Step]) -> Iterator[str]:
    yield "Where the state stays, the cell says `·`; `+1` is a step up the error ladder; what is wanted of"
    yield "the outside stands in brackets."
    yield ""
    yield f"| act | {' | '.join(from_state)} |"
    yield "|---|" + "---|" * len(from_state)
    for kind in ActKind:
        cells = [_cell(name, from_state[name], steps[name, kind]) for name in from_state]
        yield f"| `{kind}` | {' | '.join(cells)} |"


def _cell(name: str, before: State, step: Step) -> str:
    where = "·" if step.leads_to == name else step.leads_to
    asked = before.frame.question.attempt if before.frame is not None and before.frame.question else 0
    climbed = step.state.frame is not None and step.attempt > asked
    wants = f" [{', '.join(dict.fromkeys(step.wants))}]" if step.wants else ""
    return f"{where}{' +1' if climbed else ''}{wants}"


def _ladders(rules: Policy, from_state: Mapping[str, State]) -> Iterator[str]:
    yield "The same failure again and again, with the agent's own sentences (`lexicon/phrases.yaml`) said:"
    yield ""
    yield "| from | 1st | 2nd | 3rd | 4th |"
    yield "|---|---|---|---|---|"
    for kind in (ActKind.UNCLEAR, ActKind.SILENCE):
        for name, state in from_state.items():
            steps = ladder(rules, state, kind)
            cells = [f"{step.leads_to}: {', '.join(step.phrases) or 'the question'}" for step in steps]
            cells += [""] * (4 - len(cells))
            yield f"| {name}, `{kind}` | {' | '.join(cells)} |"


def _outcomes(rules: Policy, confirm: State) -> Iterator[str]:
    yield "After a sure yes to what was read back, by what the city answers:"
    yield ""
    yield "| outcome | then open | the agent's own sentences |"
    yield "|---|---|---|"
    for kind in OutcomeKind:
        if kind is OutcomeKind.EMPTY:
            continue
        step = take(rules, confirm, acts()[ActKind.CONFIRM], kind)
        yield f"| `{kind}` | {step.leads_to} | {', '.join(step.phrases) or 'the words of the service'} |"


def _events() -> Iterator[str]:
    yield "Fields in *italics* may identify a citizen and are sealed. What an event changes was found by"
    yield "folding it into a new state and into a full one; `frame.` is the service in hand."
    yield ""
    yield "| event | what happened | fields | changes |"
    yield "|---|---|---|---|"
    changed = changes()
    for name, kind in happened.EVENTS.items():
        names = [item.name for item in fields(kind)]
        shown = [f"*{item}*" if item in kind.PRIVATE else item for item in names]
        doc = _first_sentence(inspect.getdoc(kind) or "")
        yield f"| `{name}` | {doc} | {', '.join(shown)} | {', '.join(changed[name])} |"


def _procedures(rules: Policy) -> Iterator[str]:
    yield "The first procedure whose condition holds is taken; what it needs is asked for besides the"
    yield "required slots."
    yield ""
    yield "| service | when | effect | operation | needs |"
    yield "|---|---|---|---|---|"
    for name, service in rules.catalogue.items():
        for way in service.procedures:
            operation = way.call.operation if way.call is not None else "people"
            condition = f"`{way.when}`".replace("|", "\\|") if way.when is not None else "else"
            yield f"| {name} | {condition} | {way.effect} | `{operation}` | {', '.join(way.needs)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
