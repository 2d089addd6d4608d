"""Whatever people try, in whatever order: nothing is in operation with an open gate, nothing serves by the
word of who asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.tower.process.office import FORM, NOW, RULES, TODAY, answers, begun, moved, piece

from donghaeng.errors import InputError
from donghaeng.tower.process import deciding
from donghaeng.tower.process.deciding import Deeds
from donghaeng.tower.process.gates import level_of, missing
from donghaeng.tower.process.state import SYSTEM, ActionKind, fold

PEOPLE = st.sampled_from(["lee", "park", "choi", "kim"])
KINDS = st.sampled_from([name for name, one in RULES.evidence.items() if not one.made_here])
STAGES = st.sampled_from(list(RULES.stages))


class Office(RuleBasedStateMachine):
    """Four people, one service, some years."""

    def __init__(self) -> None:
        super().__init__()
        self.state = begun()
        self.today = TODAY
        self.count = 0

    @initialize(stages=st.integers(0, 4))
    def begin(self, stages: int) -> None:
        way = ("prior_review", "test", "pilot", "operation")
        self.state = moved(begun(), *way[:stages])

    def attempt(self, by: str, deeds: Deeds) -> None:
        at = NOW + (self.today - TODAY)
        self.state = deciding.after(self.state, deeds, by, at)

    @rule(by=PEOPLE, others=st.lists(PEOPLE, max_size=3), to=st.sampled_from(["test", "pilot", "operation"]))
    def review(self, by: str, others: list[str], to: str) -> None:
        """A whole review, whoever approves it."""
        self.prepare(by, to)
        self.submit(by, to)
        for other in others:
            self.approve(other)

    @rule(by=PEOPLE, to=st.sampled_from(["prior_review", "test", "pilot", "operation"]))
    def prepare(self, by: str, to: str) -> None:
        """Everything that a stage wants is brought, so that late stages are reached too."""
        for kind in missing(RULES, self.state, to):
            if not RULES.evidence[kind].made_here:
                self.bring(by, kind, "ok")
        if self.state.level is None:
            self.assess(by, 0)

    @rule(by=PEOPLE, kind=KINDS, result=st.sampled_from(["ok", "high", "manual"]))
    def bring(self, by: str, kind: str, result: str) -> None:
        self.count += 1
        one = piece(kind, self.count, on=self.today)
        one = replace(one, result=result) if result in RULES.evidence[kind].results else one
        try:
            self.attempt(by, deciding.add_evidence(RULES, self.state, one, self.today))
        except InputError:
            return

    @rule(by=PEOPLE, which=st.integers(0, 30))
    def withdraw(self, by: str, which: int) -> None:
        standing = list(self.state.evidence)
        if standing:
            name = standing[which % len(standing)]
            self.attempt(by, deciding.withdraw_evidence(RULES, self.state, name, "거둬요"))

    @rule(by=PEOPLE, which=st.integers(-1, 0))
    def assess(self, by: str, which: int) -> None:
        try:
            self.attempt(by, deciding.fill_risk(RULES, self.state, FORM, answers(which)))
        except InputError:
            return

    @rule(by=PEOPLE, to=STAGES)
    def submit(self, by: str, to: str) -> None:
        try:
            self.attempt(by, deciding.submit(RULES, self.state, to, "올려요"))
        except InputError:
            return

    @rule(by=PEOPLE)
    def approve(self, by: str) -> None:
        try:
            self.attempt(by, deciding.approve(RULES, self.state, by))
        except InputError:
            return

    @rule(by=PEOPLE)
    def reject(self, by: str) -> None:
        try:
            self.attempt(by, deciding.reject(self.state, by, "모자라요"))
        except InputError:
            return

    @rule(days=st.integers(1, 200))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.attempt(SYSTEM, deciding.sweep(RULES, self.state, self.today))

    @invariant()
    def nothing_serves_with_an_open_gate(self) -> None:
        if RULES.serves(self.state.stage):
            assert missing(RULES, self.state, self.state.stage) == ()

    @invariant()
    def older_users_tried_what_is_in_operation(self) -> None:
        if self.state.stage == "operation":
            assert any(one.kind == "older_user_test" for one in self.state.evidence.values())

    @invariant()
    def nobody_approved_what_they_asked_for(self) -> None:
        asked = None
        approved: set[str] = set()
        for action in self.state.history:
            match action.kind:
                case ActionKind.SUBMITTED:
                    asked, approved = action.by, set()
                case ActionKind.APPROVED:
                    assert asked is not None
                    assert action.by not in approved | {asked}
                    approved.add(action.by)
                case ActionKind.MOVED if action.told.get("reviewed"):
                    assert approved
                    asked = None
                case ActionKind.MOVED:
                    assert not RULES.serves(str(action.told["to"])), "only a review lets something serve"

    @invariant()
    def the_history_is_the_state(self) -> None:
        assert fold(self.state.history) == {self.state.subject: self.state}
        assert 1 <= level_of(RULES, self.state) <= 4
        assert self.state.since <= self.today or self.state.since == date.min


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
