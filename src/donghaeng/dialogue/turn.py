"""One turn under construction: the state so far, the events emitted, the words collected."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from donghaeng.city.emergencies import Emergencies
from donghaeng.city.guardians import GuardianRules
from donghaeng.city.person_topics import PersonTopics
from donghaeng.city.services import Catalogue, ServiceDefinition
from donghaeng.dialogue.course import Courses
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import DialogueEffect
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import EmergencyNoticed, HandoverChanged, Replied
from donghaeng.dialogue.evolve import evolve
from donghaeng.dialogue.state import Frame, HandoverState, QuestionKind, State
from donghaeng.dialogue.wording import Phrases, speak


class Turn:
    """Collects what one turn does. The policy writes into it; the runtime reads it.

    Attributes:
        state: the conversation's state with this turn's events folded in.
        withheld: ids of services that may not answer citizens now.
        heard: the citizen's words, masked.
        events: the events emitted so far, in order.
        effects: what is wanted next; empty when the turn is complete.
    """

    def __init__(
        self,
        state: State,
        now: datetime,
        *,
        catalogue: Catalogue,
        phrases: Phrases,
        emergencies: Emergencies,
        person_topics: PersonTopics = MappingProxyType({}),
        guardians: GuardianRules | None = None,
        withheld: Container[str] = (),
        courses: Courses = MappingProxyType({}),
    ) -> None:
        self.withheld = withheld
        self.courses = courses
        self.state = state
        self.now = now
        self._written: list[str] = []
        self.catalogue = catalogue
        self.phrases = replace(phrases, note=self._written.append)
        self.emergencies = emergencies
        self.person_topics = person_topics
        self.guardians = guardians or GuardianRules()
        self.heard = ""
        self.events: list[Event] = []
        self.effects: list[DialogueEffect] = []
        self._sentences: list[str] = []
        self._preface: list[str] = []
        self._card: Mapping[str, Any] | None = None
        self._about: tuple[str | None, Mapping[str, Any]] | None = None
        self._repeated: Draft | None = None
        self._left_standing: Draft | None = None
        self._calls = 0
        self._for_helper: Mapping[str, Any] | None = None
        self._spoken_before = state.spoken

    def emit(self, event: Event) -> None:
        """Record a fact and fold it into the state."""
        self.events.append(event)
        self.state = evolve(self.state, event)

    def want(self, effect: DialogueEffect) -> None:
        """Ask the runtime to do something before the turn goes on."""
        self.effects.append(effect)

    def take_effects(self) -> list[DialogueEffect]:
        """The effects wanted since the last time."""
        wanted, self.effects = self.effects, []
        return wanted

    def call_id(self) -> str:
        """A new id for a request, unique within the conversation."""
        self._calls += 1
        return f"{self.state.turn}.{len(self.events)}.{self._calls}"

    def say(self, written: str) -> None:
        """Add written words to the reply."""
        if written:
            self._sentences.append(written)

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said in this turn yet."""
        return not self._sentences

    def preface(self, name: str, /, **values: Any) -> None:
        """Begin the reply with a sentence that "다시" does not repeat: news, a changed pace."""
        self._preface.append(self.phrases(name, **values))

    def phrase(self, name: str, /, **values: Any) -> None:
        """Add one of the agent's own sentences to the reply."""
        self.say(self.phrases(name, **values))

    def show(self, card: Mapping[str, Any] | None) -> None:
        """Set the reply's card; a later one replaces it."""
        if card is not None:
            self._card = card

    def about(self, service: str | None, slots: Mapping[str, Any]) -> None:
        """Say which service the reply is about, None for none of them. The first one named in a turn
        stands: a digression's answer comes before the interrupted question."""
        if self._about is None:
            self._about = (service, dict(slots))

    def tell_helper(self, told: Mapping[str, Any] | None) -> None:
        """Set what a helper beside the citizen is shown with the reply."""
        self._for_helper = told

    def repeat(self, draft: Draft) -> None:
        """Say the last reply again, word for word."""
        self._repeated = draft

    def leave_standing(self, draft: Draft) -> None:
        """Keep the last reply on the screen and for "다시": what is said now only reminds of it."""
        self._left_standing = draft

    def definition(self, frame: Frame) -> ServiceDefinition:
        """The service of a frame."""
        return self.catalogue[frame.service]

    def _public(self, service: str | None, slots: Mapping[str, Any]) -> dict[str, Any]:
        """Slots without those that are only asked for on the way."""
        definition = self.catalogue.get(service or "")
        known = definition.slots if definition is not None else {}
        return {name: value for name, value in slots.items() if name not in known or not known[name].internal}

    def withhold(self) -> None:
        """After :meth:`finish`: the reply is not said, for a counsellor has the conversation now."""
        self.events[-1] = Replied("", "")
        self.state = replace(self.state, spoken=self._spoken_before)
        self.emit(HandoverChanged(HandoverState.JOINED.value))

    def _mark(self) -> list[str]:
        """That it is practice, before every answer but the greeting, which says so itself, and the number to
        call in an emergency, which may be real."""
        practises = self.state.practising or (self.state.practice and bool(self.heard or self.state.spoken))
        alarmed = any(isinstance(event, EmergencyNoticed) for event in self.events)
        return [self.phrases("practice_mark")] if practises and not alarmed and not self.state.ended else []

    def finish(self) -> Draft:
        """Close the turn: what stands open decides what is expected; the words become the last spoken."""
        state = self.state
        question = state.question
        service, slots = self._about or (None, {})
        if self._about is None and question is not None and state.frame is not None:
            service, slots = state.frame.service, state.frame.slots
        slots = self._public(service, slots)
        written = " ".join(self._sentences)
        again, card = {"say": speak(written), "show": written}, self._card
        if self._repeated is not None:
            again, card = {"say": self._repeated.say, "show": self._repeated.show}, self._repeated.card
        lead = " ".join([*self._mark(), *self._preface])
        say, show = (f"{speak(lead)} {again['say']}".strip() if lead else again["say"]), again["show"]
        if self._left_standing is not None:
            show, card = f"{show} {self._left_standing.show}", self._left_standing.card
            again = {"say": self._left_standing.say, "show": self._left_standing.show}
        draft = Draft(
            say=say,
            show=f"{lead} {show}".strip(),
            card=card,
            service=service,
            slots=slots,
            asks=question.slot if question and question.kind is not QuestionKind.OFFER else None,
            expects="none" if state.ended else (question.kind.expects if question else "open"),
            helper=self._for_helper,
        )
        phrases = tuple(dict.fromkeys(self._written))
        self.emit(
            Replied(
                draft.say,
                draft.show,
                draft.card,
                draft.service,
                again if lead or self._left_standing else None,
                phrases,
            )
        )
        return draft
