"""Ten thousand random steps on the pure core: whatever citizens, city and crashes do, the promises hold.

``citizen_and_city.py`` holds the strategies; each check names the promise that it holds (PRODUCT.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.dialogue.citizen_and_city import KINDS, SOME_TEXT, acts_after, outcome_of, settled_receipt
from tests.dialogue.harness import HAPJEONG, HERE, NOW, Talk, ask, catalogue, policy

from donghaeng.city.operations import Effect
from donghaeng.city.services.templates import evaluate
from donghaeng.dialogue.draft import Draft
from donghaeng.dialogue.effects import (
    CallOutcome,
    CityCall,
    DialogueEffect,
    GuardianOutcome,
    GuardianRequest,
    Guarding,
    HandoverOutcome,
    HandoverRequest,
    MemoryOutcome,
    MemoryRequest,
    Outcome,
    OutcomeKind,
    OutgoingCallOutcome,
    OutgoingCallRequest,
    PageCodeOutcome,
    PageCodeRequest,
    Seeing,
)
from donghaeng.dialogue.event import Event
from donghaeng.dialogue.events import (
    CallFinished,
    CallRequested,
    ConversationOpened,
    WriteSettled,
    from_record,
    to_record,
)
from donghaeng.dialogue.evolve import fold
from donghaeng.dialogue.person_wish import COUNSELLOR
from donghaeng.dialogue.policy import SURE_YES
from donghaeng.dialogue.state import Frame, QuestionKind, State
from donghaeng.dialogue.taking import MAX_FRAMES
from donghaeng.dialogue.turn import Turn
from donghaeng.dialogue.wording import slot_values, write
from donghaeng.understanding.acts import Act, ActKind, SlotFill
from donghaeng.understanding.calibration import FoundBy

STEPS = 10_000
"""Turns and other happenings in one run of the tests."""
STEPS_A_TALK = 50
RECALLED = {"home_district": "노원구", "last_stop": HAPJEONG[0], "speed": 0.75, "volume_db": None}
ROUNDS = 8
"""Rounds of effects in one turn, as in the runtime; more would be a service that asks for itself."""
FAILING_EVERY = 4
"""Steps between two looks at where failing leads: each takes as long as four turns."""
MORNING = "2026-11-24T09:00"
CALL_TIMES = st.sampled_from([MORNING, "2026-11-24T14:30", "2026-11-25T10:00"])
FAILURES_TO_A_PERSON = 4
"""The third failure of a question offers a person, the fourth at the latest where another stood before."""

ANSWERS = frozenset(
    {ActKind.FILL, ActKind.CORRECT, ActKind.CONFIRM, ActKind.DENY, ActKind.CHOOSE, ActKind.UNCLEAR}
    | {ActKind.DONT_KNOW, ActKind.SKIP}
)
"""Acts after which the same words again would be a machine that does not listen."""
PROMPT = re.compile(r"\?|세요\.|세요$|돼요\.|시고요\.")
"""A question, or words that say what to do."""
SENTENCE_END = re.compile(rf"(?:[.?!]['\"’”]?|{SOME_TEXT})$")
"""What the city itself says may end as it likes."""


class City:
    """Answers effects as the data draw; remembers what it was sent."""

    def __init__(self) -> None:
        self.receipts = 0
        self.unanswered: list[str] = []
        """Services of writes that were sent and whose answer never came."""
        self.remembers = False

    def answer(self, effect: DialogueEffect, draw: Callable[[Any], Any]) -> Outcome:
        if isinstance(effect, HandoverRequest):
            state = draw(st.sampled_from(["queued", "callback", "joined", "closed"]))
            offered = tuple(draw(st.lists(CALL_TIMES, max_size=3, unique=True)) if effect.times else ())
            if state != "callback" or effect.agreed:
                return HandoverOutcome(state, 2 if state == "queued" else None)
            unfit = draw(st.sampled_from(["hours", "past", "far", "설날", None]))
            return HandoverOutcome(state, None, f"{MORNING}+09:00", offered=offered, unfit=unfit)
        if isinstance(effect, MemoryRequest):
            erased = self.remembers and effect.agreement is None
            self.remembers = effect.agreement is not None
            return MemoryOutcome(self.remembers, erased)
        if isinstance(effect, PageCodeRequest):
            return PageCodeOutcome(draw(st.sampled_from(["012345", None])))
        if isinstance(effect, OutgoingCallRequest):
            when = draw(st.sampled_from(["soon", "morning", None]))
            return OutgoingCallOutcome(when, stopped=effect.service is None)
        if isinstance(effect, GuardianRequest):
            return self._guarded(effect, draw)
        self.receipts += effect.effect is Effect.WRITE
        outcome = outcome_of(effect, self.receipts, draw)
        if outcome.kind is OutcomeKind.UNANSWERED:
            self.unanswered.append(effect.service)
        return outcome

    @staticmethod
    def _guarded(effect: GuardianRequest, draw: Callable[[Any], Any]) -> Outcome:
        seeing = draw(st.lists(st.just(Seeing("따님", "2027-11-23")), max_size=2))
        code = draw(st.sampled_from(["012345", None])) if effect.wish is Guarding.ALLOW else None
        stopped = draw(st.sampled_from([(), ("따님",)])) if effect.wish is Guarding.STOP else ()
        known = draw(st.booleans())
        return GuardianOutcome(
            effect.wish, effect.who, code=code, stopped=stopped, seeing=tuple(seeing), known=known
        )


class Machine(RuleBasedStateMachine):
    """Acts, outcomes, crashes and late answers at random on one conversation after another."""

    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._begin()

    def _begin(self) -> None:
        self.state = State()
        self.refolded = State()
        self.draft = Draft("", "")
        self.city = City()
        self.confirmed: tuple[str, dict[str, Any]] | None = None
        """Service and values that were last read back aloud."""

    @initialize(
        home=st.sampled_from([None, "마포구"]),
        here=st.sampled_from([None, HERE]),
        known_again=st.sampled_from([True, True, False]),
        recalled=st.sampled_from([None, {}, RECALLED]),
    )
    def open(self, home: str | None, here: Any, known_again: bool, recalled: Any) -> None:
        turn = policy().begin(self.state, NOW)
        recalled = recalled if known_again else None
        self.city.remembers = recalled is not None
        opened = ConversationOpened("chat", home, here, known_again=known_again, recalled=recalled)
        turn.emit(opened)
        policy().greet(turn)
        self._finish(turn)

    @rule(kind=st.sampled_from(KINDS), data=st.data())
    def turn(self, kind: ActKind, data: st.DataObject) -> None:
        Machine.steps += 1
        if self.state.ended:
            self._begin()
            self.open("마포구", None, known_again=True, recalled=None)
        before, said, confirmed = self.state, self.draft, self.confirmed
        acts = acts_after(before, kind, data.draw)
        note(f"citizen: {acts}")
        turn = policy().begin(before, NOW)
        policy().hear(turn, "말", acts)
        turn, effects, outcomes, events = self._do(turn, data.draw)
        events += self._finish(turn)

        self._writes_were_confirmed(before, acts[0], effects, confirmed)
        self._confirmed_writes_go_out(before, acts[0], effects, events)
        self._what_came_of_writes_is_told(before, outcomes)
        self._news_is_told(before, acts[0])
        self._question_changes_its_form(acts[0], said)
        self._nothing_is_kept_without_consent(before, acts[0], effects)

    @rule(data=st.data())
    @precondition(lambda self: self.city.unanswered)
    def a_write_is_settled_later(self, data: st.DataObject) -> None:
        Machine.steps += 1
        if self.state.ended:
            return
        service = self.city.unanswered.pop(0)
        turn = policy().begin(self.state, NOW)
        policy().settle_later(turn, service, data.draw(settled_receipt))
        self._take_over(turn)

    def _do(
        self, turn: Turn, draw: Callable[[Any], Any]
    ) -> tuple[Turn, list[DialogueEffect], list[Outcome], list[Event]]:
        """Carry the turn's effects out; at a write the process may die and another turn go on with it."""
        effects: list[DialogueEffect] = []
        outcomes: list[Outcome] = []
        events: list[Event] = []
        for _ in range(ROUNDS):
            wanted = turn.take_effects()
            effects += wanted
            if any(isinstance(one, CityCall) and one.effect is Effect.WRITE for one in wanted):
                pending = [frame.pending for frame in turn.state.frames if frame.pending is not None]
                assert pending == [one.id for one in wanted if isinstance(one, CityCall)]
                if draw(st.booleans()):
                    events += self._take_over(turn)
                    turn = policy().begin(self.state, NOW)
            if not wanted:
                return turn, effects, outcomes, events
            came = [self.city.answer(effect, draw) for effect in wanted]
            outcomes += came
            policy().proceed(turn, came)
        raise AssertionError("a turn wants effects for ever")

    def _finish(self, turn: Turn) -> list[Event]:
        self.draft = turn.finish()
        note(f"agent:   {self.draft.show} [{self.draft.expects} {self.draft.asks}]")
        events = self._take_over(turn)
        frame, question = self.state.frame, self.state.question
        asks = frame is not None and question is not None and question.kind is QuestionKind.CONFIRM
        if asks and frame is not None and _read_back(frame) in self.draft.show:
            self.confirmed = (frame.service, dict(frame.slots))
        return events

    def _take_over(self, turn: Turn) -> list[Event]:
        """Keep the state, and fold the same from what would be stored."""
        events = list(turn.events)
        stored = json.loads(json.dumps([to_record(event) for event in events], ensure_ascii=False))
        self.refolded = fold((from_record(*record) for record in stored), self.refolded)
        self.state = turn.state
        return events

    # Promise 4: writes happen once, confirmed aloud.

    def _writes_were_confirmed(
        self,
        before: State,
        act: Act,
        effects: Sequence[DialogueEffect],
        confirmed: tuple[str, dict[str, Any]] | None,
    ) -> None:
        for call in effects:
            if not isinstance(call, CityCall) or call.effect is not Effect.WRITE:
                continue
            question, frame = before.question, before.frame
            assert question is not None
            assert question.kind is QuestionKind.CONFIRM
            assert frame is not None
            assert _is_sure_yes(act)
            assert confirmed == (call.service, dict(frame.slots)), "not what was read back"
            way = catalogue()[call.service].way(frame.slots)
            assert way.call is not None
            assert call.operation == way.call.operation
            assert {name: value for name, value in call.arguments.items() if name in frame.slots} == {
                name: value
                for name, expression in way.call.arguments.items()
                if name in frame.slots and (value := _value(expression, frame)) is not None
            }

    def _confirmed_writes_go_out(
        self, before: State, act: Act, effects: Sequence[DialogueEffect], events: Sequence[Event]
    ) -> None:
        requested = [one for one in events if isinstance(one, CallRequested) and one.effect == Effect.WRITE]
        finished = [one.call for one in events if isinstance(one, CallFinished)]
        assert len(requested) <= 1
        assert [finished.count(one.call) for one in requested] == [1] * len(requested)
        question = before.question
        if question is None or question.kind is not QuestionKind.CONFIRM or not _is_sure_yes(act):
            return
        assert before.frame is not None
        service = catalogue()[before.frame.service]
        if service.way(before.frame.slots).call is None:
            assert any(isinstance(one, HandoverRequest) for one in effects)
        else:
            assert [one.service for one in requested] == [service.id]

    def _what_came_of_writes_is_told(self, before: State, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if not isinstance(outcome, CallOutcome) or outcome.call.effect is not Effect.WRITE:
                continue
            if outcome.kind is OutcomeKind.OK and outcome.answer is not None:
                assert before.frame is not None
                way = catalogue()[outcome.call.service].way(before.frame.slots)
                # What is cancelled was named by its receipt in the question.
                named = way.reply.ok if "receipt" in way.reply.ok else way.confirm or ""
                assert "receipt" in named
                assert named is way.confirm or str(outcome.answer.receipt) in self.draft.show
            elif outcome.kind is OutcomeKind.UNANSWERED:
                assert "답을 아직 못 받았어요" in self.draft.show

    def _news_is_told(self, before: State, act: Act) -> None:
        if act.kind is ActKind.EMERGENCY:
            assert self.state.news[: len(before.news)] == before.news
            return
        assert not self.state.news
        for news in before.news:
            failed = ["접수되지 않았어요", "취소는 되지 않았어요"]
            told = [news.receipt, "취소가 접수됐어요"] if news.receipt else failed
            assert any(words in self.draft.show for words in told)

    def _nothing_is_kept_without_consent(
        self, before: State, act: Act, effects: Sequence[DialogueEffect]
    ) -> None:
        for wish in effects:
            if isinstance(wish, GuardianRequest) and wish.wish is Guarding.ALLOW:
                assert before.question is not None
                assert before.question.kind is QuestionKind.GUARDIAN
                assert act.kind is ActKind.LET_SEE or _is_sure_yes(act)
                assert wish.who == before.guardian_asked
            if not isinstance(wish, MemoryRequest):
                continue
            assert before.known_again
            if wish.agreement is None:
                assert act.kind is ActKind.FORGET
            else:
                assert before.question is not None
                assert before.question.kind is QuestionKind.MEMORY
                assert act.kind is ActKind.REMEMBER or _is_sure_yes(act)

    @invariant()
    def what_is_said_to_be_remembered_is(self) -> None:
        assert self.state.ended or self.state.remembers == self.city.remembers

    # The next prompt.

    def _question_changes_its_form(self, act: Act, said: Draft) -> None:
        now = self.draft
        same = (now.service, now.asks) == (said.service, said.asks)
        if act.kind in ANSWERS and same and now.asks is not None:
            assert now.say != said.say, act

    @invariant()
    def there_is_a_next_prompt(self) -> None:
        draft = self.draft
        assert draft.say.strip()
        assert SENTENCE_END.search(draft.show), draft.show
        if draft.expects in ("slot", "choice", "confirm"):
            assert PROMPT.search(draft.show), draft.show

    @invariant()
    def expectation_and_question_agree(self) -> None:
        draft, state = self.draft, self.state
        question = state.question
        if state.ended:
            assert draft.expects == "none"
            return
        assert draft.expects == (question.kind.expects if question is not None else "open")
        assert (draft.asks is not None) >= (draft.expects == "slot")
        assert draft.asks is None or draft.expects in ("slot", "choice")

    @invariant()
    def what_was_said_is_not_asked_again(self) -> None:
        frame, question = self.state.frame, self.state.question
        if frame is None or question is None or question.slot is None:
            return
        assert question.slot in catalogue()[frame.service].slots
        assert question.slot not in frame.slots

    @invariant()
    def what_is_to_be_confirmed_was_read_back(self) -> None:
        frame, question = self.state.frame, self.state.question
        if frame is not None and question is not None and question.kind is QuestionKind.CONFIRM:
            assert self.confirmed == (frame.service, dict(frame.slots))

    # Promise 5: a person is always one word away.

    @invariant()
    def a_person_is_one_word_away(self) -> None:
        if self.state.ended:
            return
        turn = policy().begin(self.state, NOW)
        policy().hear(turn, "상담사", [Act(ActKind.ASK, service=COUNSELLOR)])
        wanted = turn.take_effects()
        assert any(isinstance(one, HandoverRequest) for one in wanted)
        policy().proceed(turn, [HandoverOutcome("queued", 1)])
        assert turn.finish().service == COUNSELLOR
        assert _in_hand(turn.state) == _in_hand(self.state), "what was in hand waits"

    @invariant()
    def failing_leads_to_a_person(self) -> None:
        if Machine.steps % FAILING_EVERY:
            return
        state = self.state
        for _ in range(FAILURES_TO_A_PERSON):
            if state.ended or _is_offered(state):
                break
            turn = policy().begin(state, NOW)
            policy().hear(turn, "음", [Act(ActKind.UNCLEAR)])
            if turn.take_effects():
                return
            turn.finish()
            state = turn.state
        assert state.ended or _is_offered(state)
        if _is_offered(state):
            turn = policy().begin(state, NOW)
            policy().hear(turn, "네", [Act(ActKind.CONFIRM)])
            assert any(isinstance(one, HandoverRequest) for one in turn.take_effects())

    # State is a fold; what is in hand is bounded.

    @invariant()
    def the_events_tell_the_state(self) -> None:
        assert self.refolded == self.state

    @invariant()
    def what_is_in_hand_is_bounded(self) -> None:
        services = [frame.service for frame in self.state.frames]
        assert len(services) <= MAX_FRAMES
        assert len(services) == len(set(services))
        assert all(frame.pending is None for frame in self.state.frames)


def _is_offered(state: State) -> bool:
    """Whether a person is what is asked about now: the wish to be remembered may lie over the offer."""
    return state.question is not None and state.question.kind is QuestionKind.OFFER


def _in_hand(state: State) -> list[str]:
    return [frame.service for frame in state.frames if frame.service != COUNSELLOR]


def _read_back(frame: Frame) -> str:
    service = catalogue()[frame.service]
    values = {**slot_values(service, frame.slots), **frame.lookups}
    return write(service.way(frame.slots).confirm or "", values)


def _is_sure_yes(act: Act) -> bool:
    return act.kind is ActKind.CONFIRM and act.score >= SURE_YES and act.found_by != FoundBy.LEARNT


def _value(expression: str, frame: Frame) -> Any:
    names = dict.fromkeys(catalogue()[frame.service].slots) | {"home_district": None, "here": None}
    return evaluate(expression, {**names, **frame.slots, "now": NOW.strftime("%Y-%m-%dT%H:%M")})


FOREIGN = {"no_such_slot": SlotFill("x")}


def test_a_second_wish_takes_no_slot_of_another_service() -> None:
    talk = Talk()
    talk.does(ask("weather"), Act(ActKind.ASK, service="meter_freeze", slots=FOREIGN))
    assert "no_such_slot" not in (talk.state.frames[-1].slots if talk.state.frames else {})


def test_a_slot_without_prompts_is_asked_again_in_other_words() -> None:
    talk = Talk()
    talk.asks("water_bill")
    first = talk.does(Act(ActKind.CORRECT, detail="month"))
    assert talk.says(ActKind.CONFIRM).say != first.say


def test_the_slot_asked_for_may_be_called_wrong_before_it_is_filled() -> None:
    talk = Talk()
    first = talk.asks("bulky_waste")
    assert talk.does(Act(ActKind.CORRECT, detail="item")).say != first.say


@pytest.mark.parametrize("slot", ["topic", "callback_phone"])
def test_a_person_is_called_whatever_stands_open_for_the_call(slot: str) -> None:
    talk = Talk()
    talk.does(Act(ActKind.ASK, service=COUNSELLOR, slots={slot: SlotFill(None, candidates=("가", "나"))}))
    talk.asks(COUNSELLOR)
    assert talk.handovers


@pytest.mark.timeout(900)
def test_the_promises_hold_for_ten_thousand_steps() -> None:
    soak = settings().max_examples > 1000
    talks = max(STEPS // STEPS_A_TALK, settings().max_examples // 10 if soak else 0)
    Machine.steps = 0
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=talks + talks // 3,
            stateful_step_count=STEPS_A_TALK,
            derandomize=not soak,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Machine.steps >= STEPS


def test_a_late_answer_is_kept_until_it_is_told() -> None:
    turn = policy().begin(State(), NOW)
    policy().settle_later(turn, "bulky_waste", "SEL-7")
    assert WriteSettled in [type(event) for event in turn.events]
    policy().hear(turn, "불이야", [Act(ActKind.EMERGENCY, detail="fire")])
    assert "SEL-7" not in turn.finish().show
    later = policy().begin(turn.state, NOW)
    policy().hear(later, "안녕", [Act(ActKind.GREETING)])
    assert "SEL-7" in later.finish().show
