"""Random conversations: whatever citizens and the city do, the promises hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.dialogue.harness import (
    HAPJEONG,
    HERE,
    NOW,
    ROWS,
    Talk,
    answers,
    catalogue,
    emergencies,
    policy,
    value_of,
)

from donghaeng.city.operations import Answer, Effect
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import (
    CallOutcome,
    DialogueEffect,
    HandoverOutcome,
    HandoverRequest,
    Outcome,
    OutcomeKind,
    Purpose,
)
from donghaeng.dialogue.taking import MAX_FRAMES
from donghaeng.understanding.acts import Act, ActKind, Alternative, SlotFill

SERVICES = tuple(catalogue())
PROBLEMS = ("incomplete", "impossible", "past", "vague", "here_unknown", "unknown")
READ_KINDS = (OutcomeKind.OK, OutcomeKind.EMPTY, OutcomeKind.FAILED)
WRITE_KINDS = (OutcomeKind.OK, OutcomeKind.REFUSED, OutcomeKind.FAILED, OutcomeKind.UNANSWERED)
ANSWERS = frozenset(
    {ActKind.FILL, ActKind.CORRECT, ActKind.CONFIRM, ActKind.DENY, ActKind.CHOOSE, ActKind.UNCLEAR}
)
"""Acts after which the same words again would be a machine that does not listen."""


def _question(draft: Draft) -> tuple[str | None, str | None, str]:
    return draft.service, draft.asks, draft.expects


@st.composite
def slot_fills(draw: st.DrawFn, service: str) -> dict[str, SlotFill]:
    """Values, candidates and problems for some slots of a service, and sometimes for a foreign one."""
    names = [*catalogue()[service].slots, "no_such_slot"]
    found: dict[str, SlotFill] = {}
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names))):
        spec = catalogue()[service].slots.get(name)
        value = value_of(service, name) if spec is not None else "x"
        several: tuple[Any, ...] = (value,)
        if spec is not None and spec.type == "stop":
            several = tuple(HAPJEONG)
        elif spec is not None and spec.values is not None:
            several = tuple(spec.values)
        found[name] = draw(
            st.sampled_from(
                [SlotFill(value), SlotFill(value), SlotFill(None, candidates=several)]
                + [SlotFill(None, problem=problem) for problem in PROBLEMS]
            )
        )
    return found


@st.composite
def some_act(draw: st.DrawFn, in_hand: str | None) -> Act:
    kind = draw(st.sampled_from([*ActKind, ActKind.FILL, ActKind.FILL, ActKind.CONFIRM, ActKind.ASK]))
    if kind is ActKind.ASK:
        service = draw(st.sampled_from([*SERVICES, "no_such_service"]))
        fills = draw(slot_fills(service)) if service in catalogue() else {}
        return Act(kind, service=service, slots=fills, detail=draw(st.sampled_from([None, "follow_up"])))
    if kind in (ActKind.FILL, ActKind.CORRECT):
        return Act(kind, service=in_hand, slots=draw(slot_fills(in_hand or draw(st.sampled_from(SERVICES)))))
    if kind is ActKind.CHOOSE:
        return Act(kind, detail=draw(st.sampled_from(["0", "1", "2", "9", "x", None])))
    if kind is ActKind.UNSURE:
        services = draw(st.lists(st.sampled_from([*SERVICES, "no_such_service"]), unique=True, max_size=3))
        found = [(one, draw(slot_fills(one)) if one in catalogue() else {}) for one in services]
        return Act(kind, alternatives=tuple(Alternative(one, 0.3, said) for one, said in found))
    if kind is ActKind.EMERGENCY:
        return Act(kind, detail=draw(st.sampled_from(sorted(emergencies()))))
    return Act(kind)


class Conversations(RuleBasedStateMachine):
    """Acts and outcomes at random on one conversation."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.receipts = 0

    @initialize(home=st.sampled_from([None, "마포구"]), here=st.sampled_from([None, HERE]))
    def begin(self, home: str | None, here: Any) -> None:
        self.talk = Talk(home_district=home, here=here)

    def _city(self, data: st.DataObject) -> Any:
        def answer(effect: DialogueEffect) -> Outcome:
            if isinstance(effect, HandoverRequest):
                state = data.draw(st.sampled_from(["queued", "callback", "joined", "closed"]))
                return HandoverOutcome(state, 2 if state == "queued" else None)
            if effect.effect is Effect.WRITE:
                kind = data.draw(st.sampled_from(WRITE_KINDS))
            else:
                kind = data.draw(st.sampled_from(READ_KINDS))
            if kind is not OutcomeKind.OK:
                reason = data.draw(st.sampled_from(["full", "closed", None]))
                return CallOutcome(effect, kind, Answer(()) if kind is OutcomeKind.EMPTY else None, reason)
            if effect.purpose is Purpose.PROBE:
                row = {**ROWS[effect.operation], "next_stop": data.draw(st.sampled_from(["가", "나"]))}
                return CallOutcome(effect, kind, Answer((row,)))
            return answers(effect)

        return answer

    @rule(data=st.data())
    def turn(self, data: st.DataObject) -> None:
        talk = self.talk
        if talk.state.ended:
            return
        before, said, asked = talk.state, talk.draft.say, talk.draft
        frame = before.frame if not before.paused else None
        act = data.draw(some_act(frame.service if frame is not None else None))
        talk.answering = self._city(data)
        draft = talk.does(act)

        assert draft.say.strip()
        assert draft.show.strip()
        if talk.writes:
            question = before.question
            assert act.kind is ActKind.CONFIRM
            assert question is not None
            assert question.kind.value == "confirm"
            assert asked.expects == "confirm"
            assert len(talk.writes) == 1
        same_question = _question(draft) == _question(asked)
        if act.kind in ANSWERS and same_question and draft.expects == "slot":
            assert draft.say != said, act

    @rule()
    def asks_for_a_person(self) -> None:
        if self.talk.state.ended:
            return
        self.talk.answering = answers
        waiting = [frame.service for frame in self.talk.state.frames]
        draft = self.talk.asks("counsellor")
        assert len(self.talk.handovers) == 1
        assert draft.service == "counsellor"
        assert [frame.service for frame in self.talk.state.frames] == waiting

    @rule(receipt=st.sampled_from([None, "SEL-9"]), service=st.sampled_from(SERVICES))
    def a_write_is_settled_later(self, receipt: str | None, service: str) -> None:
        if self.talk.state.ended:
            return
        turn = policy().begin(self.talk.state, NOW)
        policy().settle_later(turn, service, receipt)
        self.talk.state = turn.state
        self.talk.events += turn.events

    @invariant()
    def the_events_tell_the_state(self) -> None:
        assert self.talk.refolded() == self.talk.state

    @invariant()
    def expectation_and_question_agree(self) -> None:
        draft, state = self.talk.draft, self.talk.state
        question = state.question
        if state.ended:
            assert draft.expects == "none"
            return
        assert draft.expects == (question.kind.expects if question is not None else "open")
        if draft.expects == "slot":
            assert draft.asks is not None
        if draft.expects in ("open", "confirm", "none"):
            assert draft.asks is None
        if draft.asks is not None:
            assert state.frame is not None
            assert draft.asks in catalogue()[state.frame.service].slots

    @invariant()
    def frames_are_bounded_and_differ(self) -> None:
        services = [frame.service for frame in self.talk.state.frames]
        assert len(services) <= MAX_FRAMES
        assert len(services) == len(set(services))

    @invariant()
    def no_write_is_left_hanging_between_turns(self) -> None:
        assert all(frame.pending is None for frame in self.talk.state.frames)


Conversations.TestCase.settings = settings(
    max_examples=max(60, settings().max_examples // 10), stateful_step_count=30
)
TestConversations = Conversations.TestCase
TestConversations.pytestmark = [pytest.mark.timeout(600)]
