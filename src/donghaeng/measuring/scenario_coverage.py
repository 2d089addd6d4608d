"""What conversation tests reach of a catalogue: services, slots, acts, repairs, prompts, replies, sentences.

Read from the stored events of each conversation, so it is the same in process and over HTTP.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from donghaeng.city.emergencies import Emergencies
from donghaeng.city.operations import Effect
from donghaeng.city.services import Catalogue, ServiceDefinition
from donghaeng.conversation.scenario_runner import JsonObject, Verdict
from donghaeng.dialogue import events as happened
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import EVENTS, from_record
from donghaeng.dialogue.evolve import evolve
from donghaeng.dialogue.state import QuestionKind, State
from donghaeng.dialogue.wording import Phrases
from donghaeng.understanding.acts import ActKind

REPAIRS = (
    *("again", "back", "cancel", "choice", "correct", "deny", "digression", "emergency", "empty", "failed"),
    *("fill", "follow_up", "guess", "handover", "help", "no_input", "pace", "person_offered", "refused"),
    *("repeat", "replaced", "several_wishes", "start_over", "told_later", "unanswered", "undo", "unclear"),
)
"""Ways in which a conversation leaves the straight road and comes back."""

_REPAIR_ACTS: Mapping[str, str] = {
    ActKind.BACK: "back",
    ActKind.CANCEL: "cancel",
    ActKind.CHOOSE: "choice",
    ActKind.CORRECT: "correct",
    ActKind.DENY: "deny",
    ActKind.DONT_KNOW: "help",
    ActKind.EMERGENCY: "emergency",
    ActKind.FASTER: "pace",
    ActKind.FILL: "fill",
    ActKind.HELP: "help",
    ActKind.LOUDER: "pace",
    ActKind.QUIETER: "pace",
    ActKind.REPEAT: "repeat",
    ActKind.SILENCE: "no_input",
    ActKind.SLOWER: "pace",
    ActKind.START_OVER: "start_over",
    ActKind.UNCLEAR: "unclear",
    ActKind.UNSURE: "guess",
}
_REPAIR_EVENTS: Mapping[type[Event], str] = {
    happened.HandoverChanged: "handover",
    happened.NewsTold: "told_later",
    happened.PersonOffered: "person_offered",
    happened.ServicesGuessed: "guess",
    happened.WishesNoted: "several_wishes",
    happened.WriteTakenBack: "undo",
}
_OUTCOMES = frozenset({"empty", "failed", "refused", "unanswered"})


@dataclass(slots=True)
class Reached:
    """Names of what was reached, by what they name."""

    services: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    """``service.slot``"""
    acts: set[str] = field(default_factory=set)
    repairs: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    """``service.slot.first`` and the like, ``service.confirm``, ``service.reply.ok`` …"""
    phrases: set[str] = field(default_factory=set)
    emergencies: set[str] = field(default_factory=set)

    def take(self, other: Reached) -> None:
        """Add what another one reached."""
        for item in fields(self):
            getattr(self, item.name).update(getattr(other, item.name))


def everything(
    catalogue: Mapping[str, ServiceDefinition], phrases: Phrases, emergencies: Emergencies
) -> Reached:
    """What there is to reach in these services."""
    served = {name: service for name, service in catalogue.items() if service.is_served}
    return Reached(
        services=set(served),
        slots={f"{name}.{slot}" for name, service in served.items() for slot in service.slots},
        acts={str(kind) for kind in ActKind},
        repairs=set(REPAIRS),
        prompts={prompt for service in served.values() for prompt in _prompts(service)},
        phrases=set(phrases.templates),
        emergencies=set(emergencies),
    )


def _prompts(service: ServiceDefinition) -> Iterator[str]:
    for name, spec in service.slots.items():
        if spec.prompts is not None:
            yield f"{service.id}.{name}.first"
            yield f"{service.id}.{name}.again"
            if spec.prompts.help is not None:
                yield f"{service.id}.{name}.help"
        if spec.ambiguous is not None:
            yield f"{service.id}.{name}.ambiguous"
    for number, way in enumerate(service.ways):
        at = _way(service, number)
        if way.confirm is not None:
            yield f"{at}.confirm"
        yield f"{at}.reply.ok"
        if way.reply.empty is not None:
            yield f"{at}.reply.empty"
        yield f"{at}.reply.failed"
        yield from (f"{at}.reply.refused.{reason}" for reason in way.reply.refused)


def _way(service: ServiceDefinition, number: int) -> str:
    return service.id if len(service.ways) == 1 else f"{service.id}.{number}"


def reached(catalogue: Mapping[str, ServiceDefinition], verdict: Verdict) -> Reached:
    """What one run reached; nothing where its transcript could not be read."""
    found = Reached()
    state = State()
    for event in _events(verdict.transcript):
        _note(found, catalogue, state, event)
        state = evolve(state, event)
    for reply in verdict.replies:
        _note_reply(found, catalogue, reply)
    return found


def _events(transcript: JsonObject) -> Iterator[Event]:
    for row in transcript.get("events", ()):
        own = {item.name for item in fields(EVENTS[row["event"]])}
        yield from_record(row["event"], {name: row[name] for name in own if name in row}, {})


def _note_reply(found: Reached, catalogue: Mapping[str, ServiceDefinition], reply: JsonObject) -> None:
    service = str(reply.get("service"))
    if service in catalogue:
        found.services.add(service)
        found.slots.update(f"{service}.{slot}" for slot in reply.get("slots") or ())


def _note(found: Reached, catalogue: Mapping[str, ServiceDefinition], state: State, event: Event) -> None:
    if type(event) in _REPAIR_EVENTS:
        found.repairs.add(_REPAIR_EVENTS[type(event)])
    frame = state.frame
    service = catalogue.get(frame.service) if frame is not None else None
    match event:
        case happened.UtteranceHeard():
            _note_acts(found, state, event)
            if service is not None:
                _note_help(found, service, state, event)
        case happened.FrameOpened():
            if state.frames:
                found.repairs.add("digression")
        case happened.EmergencyNoticed():
            found.emergencies.add(event.kind)
        case happened.Replied():
            found.phrases.update(event.phrases)
        case happened.SlotsFilled() if service is not None:
            found.slots.update(f"{service.id}.{name}" for name in event.slots)
            known = frame.slots if frame is not None else {}
            if any(name in known and known[name] != value for name, value in event.slots.items()):
                found.repairs.add("replaced")
        case happened.Asked() if service is not None:
            _note_question(found, service, state, event)
        case happened.CallFinished() if service is not None and frame is not None:
            _note_outcome(found, service, frame.slots, event)
        case happened.FrameClosed() if service is not None and frame is not None:
            _note_closed(found, service, frame.slots, event)


def _note_acts(found: Reached, state: State, event: happened.UtteranceHeard) -> None:
    for act in event.acts:
        found.acts.add(act["kind"])
        if act["kind"] in _REPAIR_ACTS:
            found.repairs.add(_REPAIR_ACTS[act["kind"]])
        if act.get("detail") == "follow_up":
            found.repairs.add("follow_up")


def _note_help(
    found: Reached, service: ServiceDefinition, state: State, event: happened.UtteranceHeard
) -> None:
    """ "모르겠어요" to a question that was put once is answered with where the value is found."""
    question = state.question
    said = {act["kind"] for act in event.acts[:1]} & {ActKind.DONT_KNOW, ActKind.SKIP}
    if not said or question is None or question.kind is not QuestionKind.SLOT or question.attempt:
        return
    spec = service.slots.get(question.slot or "")
    if spec is not None and spec.prompts is not None and spec.prompts.help is not None:
        found.prompts.add(f"{service.id}.{question.slot}.help")


def _note_question(found: Reached, service: ServiceDefinition, state: State, event: happened.Asked) -> None:
    spec = service.slots.get(event.slot or "")
    if event.kind == QuestionKind.CONFIRM and state.frame is not None:
        number = _number(service, state.frame.slots)
        found.prompts.add(f"{_way(service, number)}.confirm")
    elif event.kind == QuestionKind.CHOICE:
        found.repairs.add("choice")
        if spec is not None and spec.ambiguous is not None:
            found.prompts.add(f"{service.id}.{event.slot}.ambiguous")
    elif event.kind == QuestionKind.SLOT and spec is not None and spec.prompts is not None:
        found.prompts.add(f"{service.id}.{event.slot}.{'again' if event.attempt else 'first'}")
        if event.attempt:
            found.repairs.add("again")


def _note_outcome(
    found: Reached, service: ServiceDefinition, slots: Mapping[str, Any], event: happened.CallFinished
) -> None:
    if event.outcome in _OUTCOMES:
        found.repairs.add(event.outcome)
    at = f"{_way(service, _number(service, slots))}.reply"
    if event.outcome == "refused":
        found.prompts.add(f"{at}.refused.{event.reason}")
    elif event.outcome == "failed":
        found.prompts.add(f"{at}.failed")


def _note_closed(
    found: Reached, service: ServiceDefinition, slots: Mapping[str, Any], event: happened.FrameClosed
) -> None:
    if event.outcome != "completed":
        return
    number = _number(service, slots)
    way = service.ways[number] if service.ways else None
    none = way is not None and way.effect is Effect.READ and way.reply.empty is not None and not event.answer
    found.prompts.add(f"{_way(service, number)}.reply.{'empty' if none else 'ok'}")
    if none:
        found.repairs.add("empty")


def _number(service: ServiceDefinition, slots: Mapping[str, Any]) -> int:
    way = service.way(slots)
    return next(number for number, one in enumerate(service.ways) if one is way)


def cover(
    catalogue: Catalogue,
    phrases: Phrases,
    emergencies: Emergencies,
    verdicts: Iterable[Verdict],
    only: Collection[str] = (),
) -> JsonObject:
    """By kind: how many there are, how many were reached, and the names of what never was.

    Args:
        only: the services that count; all of them when empty.
    """
    counted = {name: service for name, service in catalogue.items() if not only or name in only}
    total, found = everything(counted, phrases, emergencies), Reached()
    for verdict in verdicts:
        found.take(reached(catalogue, verdict))
    told: JsonObject = {}
    for item in fields(Reached):
        there, came = getattr(total, item.name), getattr(found, item.name)
        told[item.name] = {
            "all": len(there),
            "reached": len(there & came),
            "never": sorted(there - came),
        }
    return told


def table(coverage: JsonObject) -> list[str]:
    """The same as lines: a figure for each kind, then what was never reached."""
    lines = [f"{kind:<12} {one['reached']:>4} of {one['all']:>4}" for kind, one in coverage.items()]
    for kind, one in coverage.items():
        if not one["never"]:
            continue
        lines.append(f"never reached, {kind}:")
        if "." not in one["never"][0]:
            lines.append(f"  {', '.join(one['never'])}")
            continue
        by_service: dict[str, list[str]] = {}
        for name in one["never"]:
            service, _, rest = name.partition(".")
            by_service.setdefault(service, []).append(rest)
        lines += [f"  {service}: {', '.join(names)}" for service, names in by_service.items()]
    return lines
